// The training pattern that was presented last.

import { $, say } from "./common.js";
import { picture, prepareSized, ramps } from "./painting.js";

/** CSS pixels for each of the pattern. */
const ENLARGED = 2;

/** Says which pattern it is, and paints it as the training set has it, before any distortion. */
export function showLast(last) {
  say($("train-last"), last ? `Last pattern: number ${last.index} of the training set, the digit ${last.label}.` : "No pattern has been presented.");
  const canvas = $("train-last-digit");
  canvas.hidden = !last;
  if (!last) return;
  const side = Math.sqrt(last.pixels.length);
  const context = prepareSized(canvas, ENLARGED * side, ENLARGED * side);
  context.drawImage(picture(side, side, ramps.ink, (i) => last.pixels[i] / 255), 0, 0, ENLARGED * side, ENLARGED * side);
}
