// The kernels of C1 as pictures, and the coefficients of the subsampling layers as bars.

import { add, clamp, label, say, withMinus } from "./common.js";
import { crisp, css, picture, prepareSized, ramps } from "./painting.js";

/** The kernels of the first layer: minus to plus in the colours of the maps, at the scale of the largest weight. */
export class Kernels {
  constructor(parent) {
    this.title = add(parent, "h3");
    this.canvas = add(parent, "canvas", "kernels");
    this.canvas.role = "img";
  }

  /** Shows a number of `kernels` of a layer, one after the other in `values`. */
  show(kernels) {
    this.kernels = kernels;
    say(this.title, `Kernels of ${kernels.layer}`);
    const most = Math.max(...kernels.values.map(Math.abs));
    label(this.canvas, `The ${kernels.kernels} kernels of ${kernels.layer}, the largest weight ${most.toFixed(2)}`);
    this.paint();
  }

  paint() {
    const room = this.canvas.parentElement.clientWidth;
    if (!this.kernels || !room) return;
    const { kernels: count, size, values } = this.kernels;
    const gap = 6;
    const side = crisp(clamp((room + gap) / count - gap, 24, 60), size);
    const columns = clamp(Math.floor((room + gap) / (side + gap)), 1, count);
    const context = prepareSized(this.canvas, columns * (side + gap) - gap, Math.ceil(count / columns) * (side + gap) - gap);
    const most = Math.max(...values.map(Math.abs), 1e-6);
    const image = picture(size, size * count, ramps.signed, (i) => 0.5 + (0.5 * values[i]) / most);
    for (let i = 0; i < count; i++) {
      context.drawImage(image, 0, i * size, size, size, (i % columns) * (side + gap), Math.floor(i / columns) * (side + gap), side, side);
    }
  }
}

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
