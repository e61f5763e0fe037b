// What is read by over-segmentation: its text, the probabilities, and the characters.

import { $, add, addName, percent, say } from "./common.js";

/** What stands for a character: itself, or ? if it is not trusted. */
export const sign = ({ character, trusted }) => (trusted ? character : "?");

/** A character in words: what it may be, and the probability that it is right. */
export function tellSign({ character, kind, trusted, probability }) {
  const what = trusted ? (kind === "mark" ? ["mark"] : []) : [`perhaps ${character}`];
  return [...what, percent(probability)].join(", ");
}

function tell({ text, guess, lines, error }) {
  if (error) return `Over-segmentation refuses it: ${error}.`;
  const best = guess === text ? "" : ` Best guess: ${guess.split("\n").join(" / ")}.`;
  const shares = lines.map(({ probability }) => percent(probability));
  const right = shares.length > 1 ? `The ${shares.length} lines are right with probability ${shares.join(", ")}.` : `The line is right with probability ${shares[0]}.`;
  return (text.trim() ? right : "It reads no character.") + best;
}

/** Shows a reading, or why there is none. */
export function showRows(reading) {
  const text = reading?.text?.trim(); // there may be lines in which nothing is read
  say($("line-answer"), text || "–");
  $("line-answer").classList.toggle("none", !text);
  say($("line-words"), reading ? tell(reading) : "");
  $("line-characters").replaceChildren();
  for (const each of reading?.characters ?? []) {
    const item = add($("line-characters"), "li", each.trusted ? "" : "doubtful");
    addName(item, "b", sign(each));
    add(item, "span", "hint", tellSign(each));
  }
}
