// The sum behind a unit: of each input map the states, the kernel and their products as pictures, and the formula.

import { $, add, clamp, label, say } from "./common.js";
import { formulas, number, tellSum } from "./inside-formula.js";
import { tellMap } from "./inside-weights.js";
import { frameCell, stepOf } from "./kernels.js";
import { crisp, css, picture, prepareSized, ramps } from "./painting.js";

/** So many input maps are shown in their order; of more, those that contribute most come first, up to so many. */
const [FEW, MOST] = [6, 16];
/** The room for a sign between two pictures. */
const SIGN = 14;

/** The terms of each input map, with their sum and the place of the first among all. */
function groups({ terms }, area) {
  const all = Array.from({ length: terms.length / area }, (_, i) => {
    const own = terms.slice(i * area, (i + 1) * area);
    return { map: own[0].map, first: i * area, terms: own, sum: own.reduce((sum, { value, weight }) => sum + value * weight, 0) };
  });
  return all.length > FEW ? all.sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum)) : all;
}

export class UnitSum {
  /** `pick` is called with a weight {tensor, index, value} that is chosen, or with null. */
  constructor(pick) {
    Object.assign(this, { pick, unit: null, chosen: null, items: [] });
    this.own = ["coefficient", "bias"].map((kind) => {
      const button = add($("inside-own"), "button");
      button.type = "button";
      button.addEventListener("click", () => {
        const [tensor, index, value] = this.unit[kind];
        this.pick({ tensor, index, value });
      });
      return { kind, button };
    });
  }

  /** Shows the sum of a unit of this layer; `before` is the layer before, if there is one. */
  show(unit, layer, before) {
    const size = layer.kernel ?? 1;
    const all = groups(unit, size ** 2);
    Object.assign(this, { unit, size, before, groups: all.slice(0, MOST) });
    const rest = all.slice(MOST);
    say($("inside-rest"), rest.length ? `The other ${rest.length} inputs add up to ${number(rest.reduce((sum, each) => sum + each.sum, 0))}.` : "");
    formulas(unit).forEach((text, i) => ($("inside-formula").children[i].textContent = text));
    say($("inside-words"), tellSum(unit));
    for (const { kind, button } of this.own) {
      button.hidden = !unit[kind];
      if (unit[kind]) say(button, `${kind === "bias" ? "Bias" : "Coefficient"} ${number(unit[kind][2])}`);
    }
    while (this.items.length < this.groups.length) this.items.push(this.addItem());
    for (const { item } of this.items.splice(this.groups.length)) item.remove();
    this.groups.forEach((group, i) => this.tell(group, this.items[i]));
    $("inside-terms").classList.toggle("units", size === 1);
    this.paint();
  }

  addItem() {
    const item = add($("inside-terms"), "li");
    const [canvas, words] = [add(item, "canvas"), add(item, "span")];
    const place = this.items.length;
    canvas.addEventListener("click", (event) => this.click(event, place));
    canvas.addEventListener("keydown", (event) => this.key(event, place));
    return { item, canvas, words };
  }

  tell({ map, sum, terms: [{ value, weight }] }, { canvas, words }) {
    const name = this.before ? tellMap(this.before, map) : "The input";
    say(words, this.size > 1 ? `${name}: ${number(sum)}` : `${name}: ${number(value)} × ${number(weight)} = ${number(sum)}`);
    const { weights } = this.unit;
    label(canvas, weights ? `${name}: states, weights and products. Arrow keys choose a weight, Escape none.` : `${name}: states.`);
    canvas.role = weights ? "application" : "img";
  }

  /** Frames this weight {tensor, index}, or none. */
  choose(weight) {
    this.chosen = weight;
    if (!this.unit) return;
    const focused = $("inside-terms").contains(document.activeElement);
    this.paint();
    const place = this.place();
    if (focused && place) this.items[place.group].canvas.focus();
  }

  /** Where the chosen weight is among the pictures: its group, and its number there. Null if it is not there. */
  place() {
    const { unit: { weights }, chosen, size } = this;
    if (!chosen || !weights || chosen.tensor !== weights[0]) return null;
    const at = chosen.index - weights[1];
    const group = this.groups.findIndex(({ first }) => at >= first && at < first + size ** 2);
    return group < 0 ? null : { group, at: at - this.groups[group].first };
  }

  /** Chooses weight `at` of a group. */
  pickAt(group, at) {
    const { first, terms } = this.groups[group];
    const [tensor, start] = this.unit.weights;
    this.pick({ tensor, index: start + first + at, value: terms[at].weight });
  }

  click(event, group) {
    if (!this.unit.weights) return;
    const box = event.currentTarget.getBoundingClientRect();
    const within = (place) => clamp(Math.floor((place / this.side) * this.size), 0, this.size - 1);
    // The kernel is the picture in the middle.
    const [column, row] = [event.clientX - box.left - this.side - SIGN, event.clientY - box.top].map(within);
    this.pickAt(group, row * this.size + column);
  }

  /** Left and right lead on into the next kernel, up and down stay in a column. */
  key(event, group) {
    const step = stepOf(event);
    if (!this.unit.weights || (!step && event.key !== "Escape")) return;
    event.preventDefault();
    if (!step) return this.pick(null);
    const place = this.place();
    if (!place) return this.pickAt(group, 0);
    const { size, groups: { length } } = this;
    const [across, down] = step;
    const column = (place.at % size) + across;
    const row = (Math.floor(place.at / size) + down + size) % size;
    this.pickAt((place.group + Math.floor(column / size) + length) % length, row * size + ((column + size) % size));
  }

  paint() {
    if (!this.unit) return;
    const { unit, size, groups: shown, chosen, items } = this;
    const wanted = size === 1 ? 20 : shown.length > 1 ? 40 : size > 2 ? 76 : 56;
    this.side = crisp(wanted, size);
    const most = (of) => Math.max(...unit.terms.map((term) => Math.abs(of(term))), 1e-6);
    const kinds = [({ value }) => value, ({ weight }) => weight, ({ value, weight }) => value * weight];
    const pictures = (unit.weights ? kinds : kinds.slice(0, 1)).map((of) => ({ of, most: most(of) }));
    const place = this.place();
    shown.forEach((group, i) => {
      const { canvas } = items[i];
      canvas.tabIndex = unit.weights && i === (place?.group ?? 0) ? 0 : -1;
      this.paintGroup(canvas, pictures, group, place?.group === i ? place.at : null);
    });
    for (const { kind, button } of this.own) {
      const [tensor, index] = unit[kind] ?? [];
      button.ariaPressed = String(chosen !== null && chosen.tensor === tensor && chosen.index === index);
    }
  }

  paintGroup(canvas, pictures, { terms }, at) {
    const { side, size } = this;
    const pitch = side + SIGN;
    const context = prepareSized(canvas, pictures.length * pitch - SIGN, side);
    Object.assign(context, { fillStyle: css("quiet"), font: "13px system-ui, sans-serif", textAlign: "center", textBaseline: "middle" });
    pictures.forEach(({ of, most }, i) => {
      context.drawImage(picture(size, size, ramps.signed, (cell) => 0.5 + (0.5 * of(terms[cell])) / most), i * pitch, 0, side, side);
      if (i > 0) context.fillText("×="[i - 1], i * pitch - SIGN / 2, side / 2);
    });
    if (at !== null) frameCell(context, pitch + (at % size) * (side / size), Math.floor(at / size) * (side / size), side / size);
  }
}
