// One network in training: what it answers, what it has learned, and what it makes of a test digit.

import { add, say, short } from "./common.js";
import { inPercent } from "./curve.js";
import { Kernels } from "./kernels.js";
import { Coefficients } from "./train-coefficients.js";
import { DigitMaps } from "./train-maps.js";
import { TrainedModel } from "./train-model.js";
import { Rates } from "./train-rates.js";

export class Side {
  /** `model` is what a TrainedModel takes. */
  constructor(parent, { title, network }, model) {
    this.network = network;
    const card = add(parent, "section", "card side");
    const heading = add(card, "h2", "", title);
    heading.id = `train-side-${model.side}`;
    card.setAttribute("aria-labelledby", heading.id);
    this.now = add(card, "p", "now", "–");
    this.errors = add(card, "p", "hint errors", "No pass is complete.");
    this.problem = add(card, "p", "wrong problem");
    const inside = add(card, "div", "inside");
    const [learned, seen] = [add(inside, "div", "learned"), add(inside, "div", "seen")];
    Object.assign(this, { kernels: new Kernels(learned), coefficients: new Coefficients(learned), rates: new Rates(learned) });
    this.digitTitle = add(seen, "h3", "", "The test digit");
    const info = add(seen, "p", "hint unit");
    this.maps = new DigitMaps(network, seen, info);
    this.model = new TrainedModel(add(inside, "div", "model"), model);
  }

  /** Shows the state after a step, of which `last` is the pattern; there is no answer before the first. */
  showState({ answer, running_error_percent: running, running_loss: loss, rows, problem }, last) {
    const { classes } = this.network;
    if (Number.isInteger(answer)) {
      const error = Number.isFinite(loss) ? `Running error ${inPercent(running)}, loss ${short(loss, 2)}.` : `Running error ${inPercent(running)}.`;
      say(this.now, `Its answer ${classes[answer]} is ${answer === last.label ? "right" : "wrong"}. ${error}`);
    }
    const row = rows.at(-1);
    if (row) say(this.errors, `After pass ${row.pass}: training error ${inPercent(row.training_error_percent)}, test error ${inPercent(row.test_error_percent)}, η = ${row.global_rate}`);
    say(this.problem, problem ?? "");
  }

  /** Shows the pictures; `label` is the test digit's class, and `range` that of all rates. */
  showView({ kernels, coefficients, rates, sight }, { label, range }) {
    this.kernels.show(kernels);
    this.coefficients.show(coefficients);
    this.rates.show(rates, range);
    const { classes } = this.network;
    say(this.digitTitle, `The test digit is ${article(classes[label])}. The answer ${classes[sight.answer]} is ${sight.answer === label ? "right" : "wrong"}.`);
    this.digitTitle.classList.toggle("wrong", sight.answer !== label);
    this.maps.show(sight);
  }

  layOut() {
    this.maps.layOut();
  }

  paint() {
    for (const part of [this.kernels, this.coefficients, this.rates, this.maps]) part.paint();
  }
}

const article = (name) => `${name === "8" ? "an" : "a"} ${name}`;
