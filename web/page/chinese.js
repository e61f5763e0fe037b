// The dictionary from English into Chinese: pairs of texts, a file for each part of the page. words.js says what {} and {n} stand for.
// A view adds its texts as a file of such pairs, and the file to this list.

import { DIGIT } from "./chinese-digit.js";
import { FRAME } from "./chinese-frame.js";
import { INSIDE } from "./chinese-inside.js";
import { LINE } from "./chinese-line.js";
import { REFUSALS } from "./chinese-refusals.js";
import { RUN } from "./chinese-run.js";
import { TOUR } from "./chinese-tour.js";
import { TRAIN } from "./chinese-train.js";

export const CHINESE = [...FRAME, ...DIGIT, ...INSIDE, ...LINE, ...RUN, ...REFUSALS, ...TOUR, ...TRAIN];
