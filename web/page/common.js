// Functions that every part of the page uses: elements found, made and filled with text, and numbers in words.

import { write } from "./words.js";

export const $ = (id) => document.getElementById(id);

/** A new element with an English text and classes, at the end of `parent`. */
export function add(parent, tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  parent.append(element);
  if (text) write(element, text);
  return element;
}

/** A new element with a name that is the same in every language. */
export function addName(parent, tag, name) {
  const element = add(parent, tag);
  Object.assign(element, { translate: false, textContent: name });
  return element;
}

/** Sets the text of an element, given in English. */
export const say = (element, text) => write(element, text);

/** Sets the accessible name of an element, given in English. */
export const label = (element, text) => write(element, text, "aria-label");

/** Sets what is shown beside the pointer over an element, given in English. */
export const tip = (element, text) => write(element, text, "title");

export const status = (text) => say($("status"), text);

export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
export const sameList = (a, b) => a.length === b.length && a.every((each, i) => each === b[i]);

/** A number's text with a typographic minus, and none before a zero. */
export const withMinus = (text) => text.replace("-", /[1-9]/.test(text) ? "−" : "");

/** A number with `digits` decimals, without them from 100 on. */
export const short = (value, digits) => withMinus(value.toFixed(Math.abs(value) < 99.95 ? digits : 0));

/** A probability in percent, never rounded to 0 or 100. */
export function percent(share) {
  if (share > 0.9995) return "over 99.9 %";
  return share < 0.0005 ? "under 0.1 %" : `${(100 * share).toFixed(share < 0.0995 || share > 0.9005 ? 1 : 0)} %`;
}
