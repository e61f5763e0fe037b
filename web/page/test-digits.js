// Test digits on the pad.

import { $, say, status } from "./common.js";
import { explain } from "./latest.js";
import * as server from "./server.js";
import { showSteps } from "./steps.js";

/** Their number, those that the paper's network got wrong, and the next one of these. */
const digits = { count: 0, errors: [], next: 0 };

export async function fetchTestDigits() {
  const { name, count, paper_errors: errors } = await server.testDigits();
  Object.assign(digits, { count, errors });
  say($("digits-title"), name);
  $("digit-index").max = count - 1;
  $("test-digit").disabled = false;
  $("paper-error").disabled = errors.length === 0;
  const why = errors.length ? `One after the other of the ${errors.length} test patterns of the paper's Fig. 8.` : "Only for MNIST's test set, which was not found.";
  say($("paper-error-why"), why);
}

async function load(pad, index) {
  // An empty field is not a number.
  if (!(Number.isInteger(index) && index >= 0 && index < digits.count)) {
    status(`The test digits have the numbers 0 to ${digits.count - 1}.`);
    return;
  }
  try {
    const digit = await server.testDigit(index);
    $("digit-index").value = index;
    pad.reset([], { digit });
    status("");
  } catch (error) {
    explain(error);
  }
}

export function listenTestDigits(pad) {
  $("test-digit").addEventListener("click", () => load(pad, Math.floor(Math.random() * digits.count)));
  $("paper-error").addEventListener("click", () => load(pad, digits.errors[digits.next++ % digits.errors.length]));
  $("digit-form").addEventListener("submit", (event) => {
    event.preventDefault();
    load(pad, $("digit-index").valueAsNumber);
  });
}

/** Says where the drawing comes from and, of a test digit that has been answered, whether the `answer`, {name, right}, is right. */
export function tellSource({ digit, example }, answer = null) {
  showSteps($("digit-steps"), digit?.steps ?? null);
  say($("digit-info"), example ? "An example: your first stroke clears it." : digit ? tellDigit(digit, answer) : "");
  $("digit-info").classList.toggle("wrong", answer?.right === false);
}

function tellDigit({ index, label, paper_answer: paper, name, steps }, answer) {
  if (label === undefined && !steps) return "A picture from a link.";
  if (label === undefined) return steps.ink ? `The digit in ${name}.` : `The picture ${name}.`;
  const article = label === 8 ? "an" : "a";
  const ours = answer ? ` The answer ${answer.name} is ${answer.right ? "right" : "wrong"}.` : "";
  const theirs = paper === null ? "" : ` The paper's network answered ${paper}.`;
  return `Number ${index} is ${article} ${label}.${ours}${theirs}`;
}
