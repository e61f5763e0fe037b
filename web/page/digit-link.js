// What a link has of the view of one digit: its network, sliders, drawing and selected unit.

import { $ } from "./common.js";
import { distortion } from "./distortion.js";
import { select, selected } from "./layers.js";
import { joinLink } from "./link.js";
import { packPicture, packStrokes, unpackPicture, unpackStrokes } from "./packing.js";

/** A picture on the pad as a text; of a test digit, with its number, its label, and what the paper's network answered. */
function packDigit({ width = 28, height = 28, pixels, index, label, paper_answer: paper = null }) {
  const facts = label === undefined ? [] : [index, label, ...(paper === null ? [] : [paper])];
  return packPicture({ width, height, pixels }, facts);
}

function unpackDigit(text) {
  const { facts, ...picture } = unpackPicture(text);
  if (facts.length === 0) return picture;
  const [index, label, paper = null] = facts;
  return { ...picture, index, label, paper_answer: paper };
}

/** The drawing on a pad as a text of at most `room` letters, or null; the first letter tells strokes from a picture. */
function packPad(pad, room) {
  if (pad.empty) return "";
  const text = pad.digit ? packDigit(pad.digit) : packStrokes(pad.strokes, room - 1);
  return text === null || text.length >= room ? null : (pad.digit ? "p" : "s") + text;
}

function unpackPad(pad, text) {
  if (text[0] === "p") pad.reset([], { digit: unpackDigit(text.slice(1)) });
  else pad.reset(unpackStrokes(text.slice(1)));
}

/** The values of the sliders, or "" where they are at rest. */
function packSliders() {
  const values = Object.entries(distortion());
  return values.every(([name, value]) => value === $(name).defaultValue) ? "" : values.map(([, value]) => value).join("_");
}

function unpackSliders(text) {
  const [names, values] = [Object.keys(distortion()), text.split("_")];
  if (text && (values.length !== names.length || !values.every((value) => value && Number.isFinite(Number(value))))) throw new RangeError("other sliders");
  names.forEach((name, i) => {
    $(name).value = text ? values[i] : $(name).defaultValue; // the slider keeps it in its range
  });
  $(names[0]).dispatchEvent(new Event("input"));
}

function unpackUnit(text) {
  const [level, map, row, column] = text.split(".").map(Number);
  select(text ? { level, map, row, column } : null);
}

/** `networks()` are those to choose from, `network()` is the chosen one, and `choose` chooses another. */
export function joinDigit(pad, { networks, network, choose }) {
  joinLink("network", {
    get: () => (network() === networks()[0] ? "" : network().name),
    set: (name) => choose(name ? networks().findIndex((each) => each.name === name) : 0),
  });
  joinLink("distortion", { get: packSliders, set: unpackSliders });
  joinLink("drawing", { get: (room) => packPad(pad, room), set: (text) => unpackPad(pad, text) });
  joinLink("unit", {
    get: () => (selected() ? ["level", "map", "row", "column"].map((part) => selected()[part]).join(".") : ""),
    set: unpackUnit,
  });
}
