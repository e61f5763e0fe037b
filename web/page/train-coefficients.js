// The coefficients of the subsampling layers as bars.

import { add, clamp, label, say, withMinus } from "./common.js";
import { css, prepareSized } from "./painting.js";

/** The coefficients of each subsampling layer, side by side. */
export class Coefficients {
  constructor(parent) {
    this.title = add(parent, "h3");
    this.canvas = add(parent, "canvas");
    this.canvas.role = "img";
    this.none = add(parent, "p", "hint", "Max-pooling has none.");
  }

  show(layers) {
    this.layers = layers;
    this.canvas.hidden = layers.length === 0;
    this.none.hidden = layers.length > 0;
    const names = layers.map(({ layer }) => layer);
    say(this.title, layers.length ? `Coefficients of ${names.join(", ")}` : "Coefficients of subsampling");
    const numbers = layers.map(({ layer, values }) => `${layer} ${values.map((value) => withMinus(value.toFixed(2))).join(", ")}`);
    label(this.canvas, `Coefficients: ${numbers.join("; ")}`);
    this.paint();
  }

  paint() {
    const room = this.canvas.parentElement.clientWidth;
    if (!this.layers?.length || !room) return;
    const all = this.layers.flatMap(({ values }) => values);
    const [top, bottom] = [Math.max(...all, 0.5), Math.min(...all, 0)];
    const [margin, gap, height] = [34, 22, 70];
    const pitch = clamp(Math.floor((room - margin - gap * (this.layers.length - 1)) / all.length), 4, 18);
    const context = prepareSized(this.canvas, margin + pitch * all.length + gap * (this.layers.length - 1), height + 26);
    const y = (value) => 6 + (height * (top - value)) / (top - bottom);
    Object.assign(context, { font: "12px system-ui, sans-serif", textBaseline: "middle" });
    this.paintScale(context, [0, top], { margin, y });
    let left = margin;
    for (const { layer, values } of this.layers) {
      values.forEach((value, i) => {
        context.fillStyle = css(value < 0 ? "minus" : "plus");
        context.fillRect(left + i * pitch + 1, Math.min(y(0), y(value)), pitch - 2, Math.max(Math.abs(y(value) - y(0)), 1));
      });
      Object.assign(context, { fillStyle: css("quiet"), textAlign: "center" });
      context.fillText(layer, left + (values.length * pitch) / 2, height + 18);
      left += values.length * pitch + gap;
    }
  }

  paintScale(context, ticks, { margin, y }) {
    Object.assign(context, { fillStyle: css("quiet"), strokeStyle: css("edge"), textAlign: "right", lineWidth: 1 });
    for (const tick of ticks) {
      context.fillText(tick.toFixed(tick ? 1 : 0), margin - 6, y(tick));
      context.globalAlpha = tick ? 0.4 : 1;
      context.stroke(new Path2D(`M${margin} ${Math.round(y(tick)) + 0.5}H9999`));
    }
    context.globalAlpha = 1;
  }
}
