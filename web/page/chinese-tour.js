// The tour in Chinese.

export const TOUR = [];
