// The kernels of a layer as pictures, of which a weight may be chosen.

import { add, clamp, label, say } from "./common.js";
import { crisp, css, picture, prepareSized, ramps } from "./painting.js";

/** The room for the numbers of a table's rows and columns. */
const MARGIN = 18;
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** The step of an arrow key across and down; undefined for all other keys. */
export const stepOf = ({ key, ctrlKey, altKey, metaKey }) => (ctrlKey || altKey || metaKey ? undefined : STEPS[key]);

/** A frame round a cell of a picture. */
export function frameCell(context, x, y, side) {
  for (const [colour, lineWidth] of [["card", 4], ["mark", 2]]) {
    Object.assign(context, { strokeStyle: css(colour), lineWidth });
    context.strokeRect(x, y, side, side);
  }
}

/** Kernels: minus to plus in the colours of the maps, at the scale of the largest weight. */
export class Kernels {
  /** `pick` is called with a weight that is chosen, counted over all kernels, or with null; without it, none can be. */
  constructor(parent, pick = null) {
    this.title = add(parent, "h3");
    this.canvas = add(parent, "canvas", "kernels");
    this.canvas.role = "img";
    Object.assign(this, { pick, chosen: null, kernels: null, grid: null });
    if (pick) this.listen();
  }

  listen() {
    Object.assign(this.canvas, { tabIndex: 0, role: "application" });
    this.canvas.addEventListener("click", (event) => {
      const box = this.canvas.getBoundingClientRect();
      const at = this.grid ? this.hit(event.clientX - box.left, event.clientY - box.top) : null;
      if (at !== null) this.pick(at);
    });
    this.canvas.addEventListener("keydown", (event) => {
      const step = stepOf(event);
      if (!this.grid || (!step && event.key !== "Escape")) return;
      event.preventDefault();
      this.pick(step ? this.next(step) : null);
    });
  }

  /**
   * Shows the kernels of a layer, of `size` by `size` weights, one after the other in `values`. With `places`, each has its `row` and
   * `column` in a table; without, they stand one after the other.
   */
  show(kernels) {
    const { layer, size, values } = kernels;
    this.kernels = { ...kernels, count: values.length / size ** 2 };
    say(this.title, `Kernels of ${layer}`);
    const most = Math.max(...values.map(Math.abs));
    const keys = this.pick ? " Arrow keys choose a weight, Escape none." : "";
    label(this.canvas, `The ${this.kernels.count} kernels of ${layer}, the largest weight ${most.toFixed(2)}.${keys}`);
    this.paint();
  }

  /** Frames this weight, or none. */
  choose(chosen) {
    this.chosen = chosen;
    this.paint();
  }

  /** The weight at a place of the canvas, or null between the kernels. */
  hit(x, y) {
    const { places, margin, side, pitch } = this.grid;
    const { size } = this.kernels;
    const [column, row] = [x, y].map((place) => Math.floor((place - margin) / pitch));
    const kernel = places.findIndex((place) => place.row === row && place.column === column);
    const [across, down] = [x - margin - column * pitch, y - margin - row * pitch].map((place) => Math.min(Math.floor((place / side) * size), size - 1));
    return kernel < 0 ? null : (kernel * size + down) * size + across;
  }

  /** The weight one step on from the chosen one, over the gaps of the table and its ends; at first, the first. */
  next([across, down]) {
    const { chosen, kernels: { size }, grid: { places, columns, rows } } = this;
    if (chosen === null) return 0;
    const { row, column } = places[Math.floor(chosen / size ** 2)];
    let [x, y] = [column * size + (chosen % size), row * size + (Math.floor(chosen / size) % size)];
    for (;;) {
      [x, y] = [(x + across + columns * size) % (columns * size), (y + down + rows * size) % (rows * size)];
      const kernel = places.findIndex((place) => place.row === Math.floor(y / size) && place.column === Math.floor(x / size));
      if (kernel >= 0) return (kernel * size + (y % size)) * size + (x % size);
    }
  }

  /** The places of the kernels and the sizes of their pictures, in so much room. */
  layOut(room) {
    const { count, size, places } = this.kernels;
    if (places) {
      const [rows, columns] = ["row", "column"].map((part) => Math.max(...places.map((place) => place[part])) + 1);
      const side = crisp(clamp(Math.floor((room - MARGIN) / columns) - 3, 10, 40), size);
      return { places, rows, columns, side, pitch: side + 3, gap: 3, margin: MARGIN };
    }
    const gap = 6;
    const side = crisp(clamp((room + gap) / count - gap, 24, 60), size);
    const columns = clamp(Math.floor((room + gap) / (side + gap)), 1, count);
    const inTurn = Array.from({ length: count }, (_, i) => ({ row: Math.floor(i / columns), column: i % columns }));
    return { places: inTurn, rows: Math.ceil(count / columns), columns, side, pitch: side + gap, gap, margin: 0 };
  }

  paint() {
    const room = this.canvas.parentElement.clientWidth;
    if (!this.kernels || !room) return;
    const { count, size, values } = this.kernels;
    this.grid = this.layOut(room);
    const { places, rows, columns, side, pitch, gap, margin } = this.grid;
    const context = prepareSized(this.canvas, margin + columns * pitch - gap, margin + rows * pitch - gap);
    const most = Math.max(...values.map(Math.abs), 1e-6);
    const image = picture(size, size * count, ramps.signed, (i) => 0.5 + (0.5 * values[i]) / most);
    const corner = (kernel) => [margin + places[kernel].column * pitch, margin + places[kernel].row * pitch];
    for (let i = 0; i < count; i++) context.drawImage(image, 0, i * size, size, size, ...corner(i), side, side);
    if (margin) this.paintNumbers(context);
    if (this.chosen === null) return;
    const [[x, y], cell] = [corner(Math.floor(this.chosen / size ** 2)), side / size];
    frameCell(context, x + (this.chosen % size) * cell, y + (Math.floor(this.chosen / size) % size) * cell, cell);
  }

  /** The numbers of the table's rows and columns. */
  paintNumbers(context) {
    const { rows, columns, side, pitch, margin } = this.grid;
    Object.assign(context, { fillStyle: css("quiet"), font: "11px system-ui, sans-serif", textAlign: "center", textBaseline: "middle" });
    for (let column = 0; column < columns; column++) context.fillText(column, margin + column * pitch + side / 2, margin / 2);
    for (let row = 0; row < rows; row++) context.fillText(row, margin / 2 - 2, margin + row * pitch + side / 2);
  }
}
