// How fast patterns are presented: from a few a second to as fast as it goes.

import { $, clamp, say } from "./common.js";
import { write } from "./words.js";

/** Patterns a second; beyond the last, as fast as it goes. */
const SPEEDS = [2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];

/** The time between two requests at a given speed, and that for which one works at the highest, in milliseconds. */
const [TICK, SLICE] = [100, 40];

/** The most patterns of a request. */
const MOST = 10_000;

export function listenPace() {
  const slider = $("train-speed");
  slider.max = SPEEDS.length;
  slider.value = SPEEDS.length;
  const tell = () => {
    const speed = SPEEDS[slider.value];
    const words = speed ? `${speed.toLocaleString("en")} patterns a second` : "as fast as it goes";
    say($("train-speed-value"), words);
    write(slider, words, "aria-valuetext");
  };
  slider.addEventListener("input", tell);
  tell();
}

/** The number of patterns of each request, so that the speed is that of the slider, or that a request takes about as long as a slice. */
export class Pace {
  constructor() {
    this.slice = 1;
  }

  /** The patterns to ask for, and the milliseconds until the next request. */
  next() {
    const speed = SPEEDS[$("train-speed").value];
    if (!speed) return { patterns: this.slice, time: 0 };
    const patterns = Math.max(1, Math.round((speed * TICK) / 1000));
    return { patterns, time: (1000 * patterns) / speed };
  }

  /** Learns how long a request of so many patterns took. The curvature and the errors of a pass may have been part of it. */
  took(patterns, milliseconds) {
    const fitting = Math.round((patterns * SLICE) / Math.max(milliseconds, 1));
    this.slice = clamp(fitting, Math.ceil(this.slice / 2), Math.min(2 * this.slice, MOST));
  }
}
