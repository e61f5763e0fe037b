// The effective rates of each layer's parameters: smallest, median and largest, on a logarithmic axis.

import { add, label, say } from "./common.js";
import { css, prepareSized } from "./painting.js";

const [MARGIN, ROW, RIGHT] = [58, 22, 14];

/** The powers of ten around all rates that are shown, at least two. */
export function rateRange(sides) {
  const rates = sides.flatMap(({ rates }) => rates).flatMap(({ smallest, largest }) => [smallest, largest]).filter((rate) => rate > 0);
  if (!rates.length) return [-5, -1];
  const [from, to] = [Math.floor(Math.log10(Math.min(...rates))), Math.ceil(Math.log10(Math.max(...rates)))];
  return [from, Math.max(to, from + 1)];
}

export class Rates {
  constructor(parent) {
    add(parent, "h3", "", "Effective rates by layer");
    this.canvas = add(parent, "canvas");
    this.canvas.role = "img";
    this.hint = add(parent, "p", "hint");
  }

  /** Shows the rates of the current pass, on an axis of this range in powers of ten. */
  show(rates, range) {
    Object.assign(this, { rates, range });
    this.canvas.hidden = rates.length === 0;
    say(this.hint, tell(rates));
    const words = rates.map(({ layer, smallest, median, largest }) => `${layer} ${[smallest, median, largest].map((rate) => rate.toPrecision(2)).join(", ")}`);
    label(this.canvas, `Smallest, median and largest rate: ${words.join("; ")}`);
    this.paint();
  }

  paint() {
    const room = this.canvas.parentElement.clientWidth;
    if (!this.rates?.length || !room) return;
    const [width, height] = [Math.min(room, 560), ROW * this.rates.length + 26];
    const [from, to] = this.range;
    const context = prepareSized(this.canvas, width, height);
    const x = (rate) => MARGIN + ((width - MARGIN - RIGHT) * (Math.log10(Math.max(rate, 10 ** from)) - from)) / (to - from);
    Object.assign(context, { font: "12px system-ui, sans-serif", textBaseline: "middle", lineWidth: 1, strokeStyle: css("edge"), fillStyle: css("quiet"), textAlign: "center" });
    for (let power = from; power <= to; power++) {
      context.globalAlpha = 0.4;
      context.stroke(new Path2D(`M${Math.round(x(10 ** power)) + 0.5} 0V${height - 24}`));
      context.globalAlpha = 1;
      context.fillText(power < -3 ? `10${superscript(power)}` : String(10 ** power), x(10 ** power), height - 10);
    }
    this.rates.forEach((rate, i) => paintRow(context, rate, x, ROW * (i + 0.5)));
  }
}

function tell(rates) {
  if (!rates.length) return "Not known before the first pattern.";
  if (rates.every(({ smallest, largest }) => smallest === largest)) return "This optimizer has one rate for all parameters.";
  return "The line is from the smallest to the largest of a layer, the dot the median: η/(μ + h), with h the curvature (eq. 21).";
}

function paintRow(context, { layer, smallest, median, largest }, x, y) {
  Object.assign(context, { textAlign: "right", fillStyle: css("quiet"), strokeStyle: css("accent"), lineWidth: 3 });
  context.fillText(/\d$/.test(layer) ? layer : layer.toLowerCase(), MARGIN - 10, y); // C1, and output
  context.stroke(new Path2D(`M${x(smallest)} ${y}H${Math.max(x(largest), x(smallest) + 1)}`));
  context.fillStyle = css("accent");
  context.beginPath();
  context.arc(x(median), y, 5, 0, 7);
  context.fill();
}

const superscript = (power) => [...String(power)].map((sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign])).join("");
