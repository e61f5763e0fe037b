// The controls of a training: what it trains on, and the preset and settings of one network or of two.

import { $, add, addName, say } from "./common.js";
import { ABOUT, changes, COMMON, matters, PRESETS, SETTINGS, shown } from "./train-settings.js";

/** The fields of the settings that both networks have in common. */
const FIELDS = { passes: "train-passes", seed: "train-seed", training_patterns: "train-patterns" };

/** The preset and the settings of one network; `side` is "left" or "right", and no preset is "" for the right one. */
class Network {
  constructor(side, changed) {
    this.select = $(`train-${side}`);
    this.about = $(`train-${side}-about`);
    this.details = $(`train-${side}-settings`);
    for (const preset of Object.keys(PRESETS)) addName(this.select, "option", preset).value = preset;
    this.fields = Object.fromEntries(Object.entries(SETTINGS).map(([key, setting]) => [key, this.field(side, key, setting)]));
    this.select.addEventListener("change", () => this.choose());
    for (const event of ["change", "input"]) this.details.addEventListener(event, () => this.showFields());
    this.changed = changed;
  }

  /** A label, a field, and the meaning of a setting. */
  field(side, key, { title, values, step, about }) {
    const row = add(this.details, "div", "setting");
    const label = add(row, "label", "", title);
    const field = add(row, values ? "select" : "input");
    const hint = add(row, "p", "hint", about);
    field.id = label.htmlFor = `train-${side}-${key}`;
    hint.id = `${field.id}-about`;
    field.setAttribute("aria-describedby", hint.id);
    for (const [value, words] of Object.entries(values ?? {})) add(field, "option", "", words).value = value;
    if (!values) Object.assign(field, { type: "number", min: 0, step: "any", inputMode: "decimal" });
    if (step) field.addEventListener("keydown", (event) => stepBy(event, field, step));
    return { row, field };
  }

  /** The chosen preset's settings in the fields. */
  choose() {
    const preset = PRESETS[this.select.value];
    say(this.about, ABOUT[this.select.value] ?? "");
    this.details.hidden = !preset;
    if (preset) for (const [key, { field }] of Object.entries(this.fields)) field.value = shown(preset[key]);
    this.showFields();
  }

  showFields() {
    for (const [key, { row }] of Object.entries(this.fields)) row.hidden = !this.preset || !matters(key, this.values());
    this.changed(this);
  }

  get preset() {
    return this.select.value;
  }

  values() {
    const fields = Object.entries(this.fields).map(([key, { field }]) => [key, field.value]);
    return { ...PRESETS[this.preset], ...Object.fromEntries(fields) };
  }
}

/** The arrow keys change a number by its step, whatever it is. */
function stepBy(event, field, step) {
  const by = { ArrowUp: step, ArrowDown: -step }[event.key];
  if (!by) return;
  event.preventDefault();
  const next = Number(((field.valueAsNumber || 0) + by).toFixed(4));
  if (next <= 0) return;
  field.value = String(next);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** The controls of the view; `changed` is called when one of them is. */
export class Controls {
  constructor(changed) {
    const [left, right] = ["left", "right"].map((side) => new Network(side, () => changed()));
    Object.assign(this, { left, right });
    left.select.addEventListener("change", () => this.showPasses());
    for (const id of [...Object.values(FIELDS), "train-data"]) $(id).addEventListener("input", changed);
    for (const network of [left, right]) network.choose();
    this.showPasses();
    for (const network of [left, right]) network.details.open = matchMedia("(min-width: 1240px)").matches;
  }

  /** The number of passes of the left network's preset. */
  showPasses() {
    $("train-passes").value = PRESETS[this.left.preset].passes;
  }

  /** What is asked of `startTraining`. */
  wanted() {
    const own = PRESETS[this.left.preset];
    const common = Object.fromEntries(COMMON.map((key) => [key, key in FIELDS ? $(FIELDS[key]).value : own[key]]));
    const chosen = [this.left, this.right].filter(({ preset }) => preset);
    const sides = chosen.map((network) => ({ preset: network.preset, settings: changes(network.preset, { ...network.values(), ...common }) }));
    return { data: $("train-data").value, sides };
  }
}
