// What a link has of the view on which networks are trained: each setting that is not the usual one.

import { $ } from "./common.js";
import { joinLink } from "./link.js";
import { PRESETS, SETTINGS, shown } from "./train-settings.js";

/** The fields that decide about the others. */
const FIRST = [["data", "digits"], ["left", "paper"], ["right", ""]];

/** The other fields by name, each with its usual value for the presets that are chosen. */
function others() {
  const own = (side) => {
    const preset = PRESETS[$(`train-${side}`).value];
    return preset ? Object.keys(SETTINGS).map((key) => [`${side}-${key}`, shown(preset[key])]) : [];
  };
  return [["passes", String(PRESETS[$("train-left").value].passes)], ["seed", "1"], ["patterns", "0"], ...own("left"), ...own("right")];
}

/** Puts a value into a field as if it were typed or chosen there. */
function put(name, value) {
  const field = $(`train-${name}`);
  field.value = value;
  if (field.value !== value) throw new RangeError(`no such value of ${name}`);
  for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
}

/** Names and values in turn, with a star between them. */
const get = () => [...FIRST, ...others()].map(([name, usual]) => [name, $(`train-${name}`).value, usual])
  .filter(([, value, usual]) => value !== usual).flatMap(([name, value]) => [name, value]).join("*");

function set(text) {
  const words = text ? text.split("*") : [];
  const wanted = new Map(words.filter((_, i) => i % 2 === 0).map((name, i) => [name, words[2 * i + 1] ?? ""]));
  for (const list of [() => FIRST, others]) {
    for (const [name, usual] of list()) {
      put(name, wanted.get(name) ?? usual);
      wanted.delete(name);
    }
  }
  if (wanted.size) throw new RangeError("other settings");
}

export function joinTraining() {
  joinLink("train", { get, set });
}
