// The digit that draws itself when the page is opened.

import { nextFrame } from "./latest.js";

/** Its duration in milliseconds. */
const DURATION = 1200;

const arc = ({ x, y, across, down }, from, to) =>
  Array.from({ length: 30 }, (_, i) => from + ((to - from) * i) / 29).map((angle) => [x + across * Math.cos(angle), y + down * Math.sin(angle)]);

/** A three, in one stroke, on a pad of 280 units. */
const THREE = [...arc({ x: 132, y: 96, across: 46, down: 42 }, -2.7, 1.5), ...arc({ x: 130, y: 186, across: 58, down: 49 }, -1.5, 2.7)];

/** Draws the example on `pad`, at once where motion is not wanted, until it is whole or something else is on the pad. */
export async function playExample(pad) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const stroke = THREE.slice(0, still ? THREE.length : 1);
  pad.reset([stroke], { example: stroke });
  const start = performance.now();
  while (pad.example === stroke && stroke.length < THREE.length) {
    await nextFrame();
    const length = Math.ceil(((performance.now() - start) / DURATION) * THREE.length);
    stroke.push(...THREE.slice(stroke.length, length));
    pad.update();
  }
}
