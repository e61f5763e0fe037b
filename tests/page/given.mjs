// What tests in every browser are given.

/** The program. */
export const program = process.env.LENET5 ?? "../../target/release/lenet5";

/** A seven in two lines. */
export const seven = [[[0.28, 0.25], [0.7, 0.25], [0.45, 0.82]]];
