// The maps of a layer, and the table of their input maps.

import { add, clamp, label } from "./common.js";
import { crisp, css, picture, prepareSized, ramps } from "./painting.js";

/** One layer's maps side by side on a canvas. `columns` is the number in a row; without it, the width decides. */
export class Maps {
  constructor(level, layer, parent, { about, grey, columns, selection }) {
    Object.assign(this, { level, layer, about, grey, fixed: columns, selection, result: null, states: null });
    this.unit = layer.height * layer.width === 1;
    this.row = add(parent, "div", "layer");
    this.row.dataset.layer = layer.name;
    this.label = add(this.row, "div", "label");
    add(this.label, "h3", "", layer.name);
    add(this.label, "span", "shape", this.unit ? `${layer.maps} units` : `${layer.maps > 1 ? `${layer.maps} maps ` : ""}${layer.height} × ${layer.width}`);
    this.hint = add(this.label, "p", "hint", about);
    this.box = add(this.row, "div", "maps");
    this.canvas = add(this.box, "canvas", "grid");
    this.canvas.role = "img";
    const keys = level > 0 ? " Arrow keys choose a unit, Page Up and Page Down another map, Escape none." : "";
    label(this.canvas, `${layer.name}: ${layer.maps} ${this.unit ? "units" : `maps of ${layer.height} by ${layer.width}`}.${keys}`);
    if (level > 0) this.listen();
  }

  listen() {
    const { canvas } = this;
    Object.assign(canvas, { tabIndex: 0, role: "application" });
    canvas.addEventListener("click", (event) => this.selection.pick(this.hit(event)));
    canvas.addEventListener("keydown", (event) => this.key(event));
  }

  /** The unit under the pointer. */
  hit(event) {
    const box = this.canvas.getBoundingClientRect();
    const { layer, pitch } = this;
    const [x, y] = [clamp(event.clientX - box.left, 0, box.width - 1), clamp(event.clientY - box.top, 0, box.height - 1)];
    const [column, row] = [Math.floor(x / pitch.x), Math.floor(y / pitch.y)];
    const within = (place, size, cells) => clamp(Math.floor((place / size) * cells), 0, cells - 1);
    return {
      level: this.level,
      map: Math.min(row * this.columns + column, layer.maps - 1),
      row: within(y - row * pitch.y, this.size.y, layer.height),
      column: within(x - column * pitch.x, this.size.x, layer.width),
    };
  }

  key(event) {
    const { layer, level, columns, selection } = this;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    // The part of the place that changes, its end, the step, and how many maps further it goes on beyond an end.
    const steps = {
      ArrowLeft: ["column", layer.width, -1, -1],
      ArrowRight: ["column", layer.width, 1, 1],
      ArrowUp: ["row", layer.height, -1, -columns],
      ArrowDown: ["row", layer.height, 1, columns],
      PageUp: ["map", layer.maps, -1, 0],
      PageDown: ["map", layer.maps, 1, 0],
    };
    if (!steps[event.key] && event.key !== "Escape") return;
    event.preventDefault();
    if (event.key === "Escape") return selection.pick(null);
    if (selection.unit?.level !== level) return selection.pick({ level, map: 0, row: 0, column: 0 });
    const [part, size, by, maps] = steps[event.key];
    const next = { ...selection.unit, [part]: selection.unit[part] + by };
    if (next[part] < 0 || next[part] >= size) {
      next[part] = by < 0 ? size - 1 : 0;
      next.map = (next.map + maps + layer.maps) % layer.maps;
    }
    selection.pick(next);
  }

  /** As many columns as leave each map large enough. */
  layOut() {
    const { layer } = this;
    const room = Math.max(this.box.clientWidth, 64);
    const gap = this.unit ? 1 : 6;
    const smallest = this.unit ? 10 : layer.height > 6 ? 40 : 29;
    const largest = this.unit ? (this.fixed ? 12 : 11) : this.level ? 4 * layer.height + 36 : 128;
    const parts = [1, 2, 3, 4, 5, 6, 8, 10, 12].map((rows) => layer.maps / rows).filter(Number.isInteger);
    this.columns = this.fixed ?? parts.find((columns) => room / columns - gap >= smallest) ?? parts.at(-1);
    const width = clamp(Math.floor((room + gap) / this.columns - gap), 4, Math.min(largest, 116 + 12 * !this.level));
    this.size = { x: crisp(width, layer.width), y: crisp(width, layer.width) * (layer.height / layer.width) };
    this.pitch = { x: this.size.x + gap, y: this.size.y + gap };
    this.gap = gap;
  }

  /** The layer's states in an answer of the network, or none. */
  show(result) {
    this.result = result;
    this.states = result && (this.level ? result.layers[this.level - 1] : result.input);
  }

  /** The state of a unit, if there is one. */
  value({ map, row, column }) {
    return this.states?.values[(map * this.layer.height + row) * this.layer.width + column];
  }

  place(map) {
    return [(map % this.columns) * this.pitch.x, Math.floor(map / this.columns) * this.pitch.y];
  }

  paint() {
    if (!this.size) return;
    const { layer, size, pitch, gap } = this;
    const context = prepareSized(this.canvas, this.columns * pitch.x - gap, Math.ceil(layer.maps / this.columns) * pitch.y - gap);
    const area = layer.width * layer.height;
    const image = picture(layer.width, layer.height * layer.maps, this.grey ? ramps.ink : ramps.signed, this.shade());
    const light = this.selection.lit[this.level];
    for (let map = 0; map < layer.maps; map++) {
      const [x, y] = this.place(map);
      context.globalAlpha = light && !light.own && !light.maps.has(map) ? 0.18 : 1;
      context.drawImage(image, 0, (map * area) / layer.width, layer.width, layer.height, x, y, size.x, size.y);
    }
    context.globalAlpha = 1;
    if (light) for (const map of light.maps) this.frame(context, map, light);
  }

  /** The position of each value in the colours, 0 to 1. */
  shade() {
    if (!this.states) return this.level === 0 ? () => 0 : () => (this.grey ? 0 : 0.5);
    const { low, high, values } = this.states;
    if (this.level === 0) return (i) => (values[i] - low) / (high - low || 1);
    const most = this.grey ? 1 : Math.max(-low, high, 1e-6); // a code's bits are +1 and -1
    return (i) => 0.5 + (0.5 * values[i]) / most;
  }

  /** A frame round the lit window of a map. */
  frame(context, map, { rows, columns }) {
    const [x, y] = this.place(map);
    const [cell, line] = [this.size.x / this.layer.width, this.unit ? 1.5 : 2];
    const box = [x + columns[0] * cell, y + rows[0] * cell, (columns[1] - columns[0]) * cell, (rows[1] - rows[0]) * cell];
    for (const [colour, lineWidth] of [["card", line + 2], ["mark", line]]) {
      Object.assign(context, { strokeStyle: css(colour), lineWidth });
      context.strokeRect(...box);
    }
  }
}

/** The table, small, under the layer's name: columns are its maps, rows those of the layer before. */
export class Table {
  constructor(maps, before) {
    const { level, layer, selection } = maps;
    Object.assign(this, { level, layer, selection, before, canvas: add(maps.label, "canvas", "table") });
    this.canvas.role = "img";
    label(this.canvas, `Table: which maps of ${before.name} feed each of ${layer.name}`);
  }

  paint() {
    const { layer, before } = this;
    const cell = 9;
    const context = prepareSized(this.canvas, cell * layer.maps, cell * before.maps);
    const map = this.selection.unit?.level === this.level ? this.selection.unit.map : -1;
    layer.inputs.forEach((inputs, column) => {
      for (let row = 0; row < before.maps; row++) {
        context.fillStyle = inputs.includes(row) ? css(column === map ? "mark" : "quiet") : css("zero");
        context.fillRect(column * cell, row * cell, cell - 1, cell - 1);
      }
    });
  }
}
