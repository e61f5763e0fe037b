// The input, each layer's maps, and the connections of a selected unit.

import { Codes } from "./codes.js";
import { $, say } from "./common.js";
import { Selection, sparse, tellUnit } from "./connections.js";
import { Maps, Table } from "./maps.js";

const ABOUT = {
  lenet5: {
    C1: "Each map looks for one small feature, everywhere.",
    S2: "Sums of four, times a coefficient, plus a bias.",
    C3: "Each map combines some of S2's, by Table\u00a0I.",
    S4: "As S2, on C3's maps.",
    C5: "120 units, each over all of S4.",
    F6: "They draw the digit's code. Beside it the ten codes; dots where it differs.",
  },
  modern: {
    C1: "Each map looks for one small feature, everywhere.",
    S2: "The largest of four, then ReLU.",
    C3: "Each map combines all of S2's.",
    S4: "As S2, on C3's maps.",
    C5: "120 units, each over all of S4.",
    F6: "84 units without a code to draw.",
  },
  lenet1: {
    input: "The digit reduced to 16\u00a0×\u00a016, within 28\u00a0×\u00a028.",
    H1: "Four features, each looked for everywhere.",
    H2: "Averages of four, weighted.",
    H3: "Each map combines one or two of H2's.",
    H4: "As H2, on H3's maps.",
  },
};

/** The network on the page; `layers` are the maps of its input and of each layer, `beside` a table or the codes beside some. */
let network = null;
let selection = null;
let [layers, beside] = [[], []];
/** Called when another unit, or none, has been selected. */
let whenSelected = () => {};

/** The layers of a network, empty. */
export function buildLayers(chosen) {
  network = chosen;
  selection = new Selection(network.layers, () => {
    paintSelection();
    whenSelected();
  });
  for (const parent of [$("layers"), $("drawn")]) parent.replaceChildren();
  const [first, about] = [network.layers[0], ABOUT[network.name] ?? {}];
  const side = (first.height - 1) * first.stride + (first.kernel ?? 1);
  const input = { name: "Input", maps: 1, height: side, width: side };
  const aboutInput = about.input ?? `The ${network.whole ? "picture" : "digit"}'s ${network.width}\u00a0×\u00a0${network.height} pixels and a margin.`;
  layers = [new Maps(0, input, $("layers"), { about: aboutInput, grey: true, selection })];
  beside = [];
  network.layers.forEach((layer, i) => {
    const drawn = network.codes && layer.maps === network.codes[0].length;
    const options = { about: about[layer.name] ?? "", grey: drawn, columns: drawn ? 7 : undefined, selection };
    const maps = new Maps(i + 1, layer, drawn ? $("drawn") : $("layers"), options);
    layers.push(maps);
    if (i > 0 && sparse(layer)) beside.push(new Table(maps, network.layers[i - 1]));
    if (drawn) beside.push(new Codes(maps, network));
  });
  tellSelection();
}

/** Shows the states in an answer of the network, or none. */
export function showLayers(result) {
  for (const maps of layers) maps.show(result);
  paintSelection();
}

/** The selected unit {level, map, row, column}, or null. */
export const selected = () => selection?.unit ?? null;

/** Selects a unit, or none. Throws if there is no such unit. */
export function select(unit) {
  const layer = unit && network.layers[unit.level - 1];
  const within = (place, size) => Number.isInteger(place) && place >= 0 && place < size;
  if (unit && !(layer && within(unit.map, layer.maps) && within(unit.row, layer.height) && within(unit.column, layer.width))) throw new RangeError("no such unit");
  if (JSON.stringify(unit) !== JSON.stringify(selection.unit)) selection.pick(unit);
}

/** The unit in the middle of the first map of a layer, given by its name. */
export function middleOf(name) {
  const level = network.layers.findIndex((layer) => layer.name === name) + 1;
  const { height, width } = network.layers[level - 1];
  return { level, map: 0, row: Math.floor(height / 2), column: Math.floor(width / 2) };
}

export function layOutLayers() {
  for (const maps of layers) maps.layOut();
}

export function paintLayers() {
  for (const part of [...layers, ...beside]) part.paint();
}

export function listenSelection(changed) {
  whenSelected = changed;
}

/** The selected unit, its state and its inputs in words; "" if there is none. */
export function tellSelected() {
  const { unit } = selection;
  return unit ? tellUnit(network, unit, layers[unit.level].value(unit)) : "";
}

function paintSelection() {
  paintLayers();
  tellSelection();
}

function tellSelection() {
  const { unit } = selection;
  const told = tellSelected();
  say($("unit-info"), told || "Click a unit in any map to light its receptive field.");
  $("unit-info").classList.toggle("lit", Boolean(told));
  // The units that are drawn with the codes are on another card, which may be far from that line.
  const drawn = layers.find((maps) => maps.fixed);
  const own = Boolean(told) && drawn?.level === unit.level;
  if (drawn) say(drawn.hint, own ? told : drawn.about);
  drawn?.hint.classList.toggle("lit", own);
}
