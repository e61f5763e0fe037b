// Weights, biases and coefficients by their place in the network, and those that have been nudged.

import { nudgeWeight, restoreWeights } from "./server.js";

/** By the network's name: the nudged weights, and what they were before. */
const nudged = new Map();

/** A part of the network's parameters, by the name of a tensor such as `c3.weight`: its layer with its level, and its kind. */
function partOf(network, tensor) {
  const [name, kind] = tensor.split(".");
  const level = network.layers.findIndex((layer) => layer.name.toLowerCase() === name) + 1;
  return { level, layer: network.layers[level - 1], kind };
}

/** A map of a layer in words, or its unit where it has one. */
export function tellMap({ name, height, width }, map) {
  return `${name} ${height * width > 1 ? "map" : "unit"} ${map}`;
}

/** What a weight, bias or coefficient is, in words. */
export function tellWeight(network, { tensor, index }) {
  const { level, layer, kind } = partOf(network, tensor);
  if (kind === "bias") return `Bias of ${tellMap(layer, index)}`;
  if (kind === "coefficient") return `Coefficient of ${tellMap(layer, index)}`;
  const { kernel } = layer;
  const pairs = layer.inputs.flatMap((inputs, map) => inputs.map((input) => ({ map, input })));
  const { map, input } = pairs[Math.floor(index / kernel ** 2)];
  const before = network.layers[level - 2];
  const from = before ? tellMap(before, input) : "the input";
  const place = kernel > 1 ? `, row ${Math.floor(index / kernel) % kernel}, column ${index % kernel}` : "";
  return `Weight from ${from} to ${tellMap(layer, map)}${place}`;
}

/** The number of the network's weights that have been nudged. */
export const countNudged = ({ name }) => nudged.get(name)?.size ?? 0;

/** That number in words; none is "". */
export function tellNudged(network) {
  const count = countNudged(network);
  return count ? (count === 1 ? "with 1 changed weight" : `with ${count} changed weights`) : "";
}

const key = ({ tensor, index }) => `${tensor} ${index}`;

/** Adds `by` to a weight, and gives it back with its new value. */
export async function nudge({ name }, weight, by) {
  const answer = await nudgeWeight(name, weight, by);
  // It is the first one: all others have been restored by another window.
  if (answer.nudged === 1 || !nudged.has(name)) nudged.set(name, new Map());
  const all = nudged.get(name);
  if (!all.has(key(weight))) all.set(key(weight), weight.value);
  return { ...weight, value: answer.value };
}

/** Takes back all nudges of the network; gives back the weight as it is then. */
export async function restore({ name }, weight) {
  await restoreWeights(name);
  const before = nudged.get(name)?.get(weight && key(weight));
  nudged.delete(name);
  return before === undefined ? weight : { ...weight, value: before };
}

/** Forgets the nudges of a network of this name, which is another one now. */
export const forget = (name) => nudged.delete(name);
