// The answers: of the network that was chosen, and of those that it is compared with.

import { $, add, addName, percent, say, short } from "./common.js";
import { tellNudged } from "./inside-weights.js";

/** The length of a bar, for every network: 1 for the class that wins, 0 for the last one, in proportion between. */
function nearness(distances) {
  const [near, far] = [Math.min(...distances), Math.max(...distances)];
  return distances.map((distance) => (far > near ? (far - distance) / (far - near) : 1));
}

/** A row for each class: name, bar, number. */
class Bars {
  constructor(list, classes) {
    list.replaceChildren();
    this.rows = classes.map((name) => {
      const item = add(list, "li");
      addName(item, "b", name);
      return { item, bar: add(add(item, "span", "track"), "span", "bar"), number: add(item, "span", "number", "–") };
    });
  }

  show(result) {
    const numbers = result && (result.scores ?? result.distances);
    // Of scores, the largest wins.
    const near = result && nearness(result.scores ? numbers.map((score) => -score) : numbers);
    this.rows.forEach(({ item, bar, number }, i) => {
      item.className = result?.answer === i ? "best" : "";
      bar.style.width = result ? `${100 * near[i]}%` : "0";
      say(number, result ? short(numbers[i], Math.abs(numbers[i]) < 9.995 ? 2 : 1) : "–");
    });
  }
}

function tellRubbish({ rubbish, probabilities, answer }, classes) {
  const all = `the ${classes.length === 10 ? "ten" : classes.length}`;
  if (rubbish === null) return `${probabilities ? `Probability ${percent(probabilities[answer])} by softmax. ` : ""}This network has no class for other drawings.`;
  if (rubbish < 0.1) return `Almost surely one of ${all}.`;
  if (rubbish < 0.5) return `More probably one of ${all}.`;
  return `No class is near enough: more probably none of ${all}.`;
}

/** Equation 9 in words, and of this answer, the nearest distance and the share. */
function tellEquation9(result) {
  const rule = "The share is exp(−j), divided by the sum of exp(−j) and, for each class, exp(−its distance); j is the distance of rubbish.";
  if (!result || result.rubbish === null) return rule;
  return `${rule} Here j is ${short(result.j, 2)}, the nearest class has the distance ${short(Math.min(...result.distances), 2)}, and the share is ${percent(result.rubbish)}.`;
}

/** The answer of the chosen network. */
export class Answer {
  constructor(network) {
    Object.assign(this, { network, bars: new Bars($("bars"), network.classes) });
  }

  /** Without a result, `why` is the reason. */
  show(result, { milliseconds, why = "" }) {
    const { classes, codes } = this.network;
    say($("answer"), result ? classes[result.answer] : "–");
    $("answer").classList.toggle("none", !result);
    say($("rubbish"), result && result.rubbish !== null ? percent(result.rubbish) : "–");
    say($("rubbish-words"), result ? tellRubbish(result, classes) : why);
    say($("rubbish-formula"), tellEquation9(result));
    const nudged = tellNudged(this.network);
    say($("answer-changed"), nudged && `The network answers ${nudged}.`);
    // Without a server, the network has no clock.
    const inNetwork = result?.microseconds ? `${(result.microseconds / 1000).toFixed(2)} ms in the network, ` : "";
    say($("speed"), result ? `${inNetwork}${milliseconds.toFixed(0)} ms in all` : "");
    // Before the first answer, the numbers are taken to be distances.
    const from = codes ? "distance of F6 from the class's code" : "distance of the outputs from the class's targets";
    say($("bars-words"), result?.scores ? "The number is the score; the largest is the answer." : `The number is the ${from}; the smallest is the answer.`);
    this.bars.show(result);
  }
}

/** The answer of another network, on a card. */
export class OtherAnswer {
  constructor(network, parent) {
    const card = add(parent, "section", "other");
    add(card, "h3", "", network.title);
    const [answer, words] = [add(card, "p", "small-answer", "–"), add(card, "p", "hint", "–")];
    Object.assign(this, { network, answer, words, bars: new Bars(add(card, "ol", "bars"), network.classes) });
  }

  /** `digit` is the test digit of the answer, if it is one. */
  show(result, { digit }) {
    say(this.answer, result ? this.network.classes[result.answer] : "–");
    say(this.words, result ? this.tell(result, digit) : "–");
    this.bars.show(result);
  }

  tell({ answer, rubbish, probabilities, scores }, digit) {
    const judged = digit ? [answer === digit.label ? "right" : "wrong"] : [];
    const share = probabilities ? [`probability ${percent(probabilities[answer])}`] : rubbish === null ? [] : [`rubbish ${percent(rubbish)}`];
    const nudged = tellNudged(this.network);
    return [...judged, scores ? "scores" : "distances", ...share, ...(nudged ? [nudged] : [])].join(", ");
  }
}
