// How fast patterns are presented: from a few a second to as fast as it goes.

import { $, say } from "./common.js";

/** Patterns a second; beyond the last, as fast as it goes. */
const SPEEDS = [2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];

/** The work of one request, and the time that one request of few patterns takes, in milliseconds. */
const [SLICE, TICK] = [40, 100];

export function listenPace() {
  const slider = $("train-speed");
  slider.max = SPEEDS.length;
  slider.value = SPEEDS.length;
  const tell = () => {
    const speed = SPEEDS[slider.value];
    const words = speed ? `${speed.toLocaleString("en")} patterns a second` : "as fast as it goes";
    say($("train-speed-value"), words);
    slider.setAttribute("aria-valuetext", $("train-speed-value").textContent);
  };
  slider.addEventListener("input", tell);
  tell();
}

/** What the next request asks for, and the milliseconds until the one after it. */
export function pace() {
  const speed = SPEEDS[$("train-speed").value];
  if (!speed) return { amount: { milliseconds: SLICE }, time: 0 };
  const patterns = Math.max(1, Math.round((speed * TICK) / 1000));
  return { amount: { patterns }, time: (1000 * patterns) / speed };
}
