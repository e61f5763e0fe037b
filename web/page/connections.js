// The connections of a unit. Level 0 is the input, level i the layer i - 1.

import { sameList, withMinus } from "./common.js";

/** True if the maps of a layer have different sets of input maps, some of several maps. */
export function sparse(layer) {
  return layer.inputs.some((each) => each.length > 1) && layer.inputs.some((each) => !sameList(each, layer.inputs[0]));
}

/** The receptive field of a unit at each level up to its own: maps, rows and columns (first, and one after the last). */
function trace(layers, { level, map, row, column }) {
  let light = { maps: new Set([map]), rows: [row, row + 1], columns: [column, column + 1] };
  const lit = [];
  // The frame is one unit, and no other map of its own layer is dimmed.
  lit[level] = { ...light, own: true };
  for (let i = level; i > 0; i--) {
    const { inputs, kernel, stride } = layers[i - 1];
    const reach = ([from, to]) => [from * stride, (to - 1) * stride + (kernel ?? 1)];
    light = { maps: new Set([...light.maps].flatMap((each) => inputs[each])), rows: reach(light.rows), columns: reach(light.columns) };
    lit[i - 1] = light;
  }
  return lit;
}

/** The selected unit {level, map, row, column} and its receptive field at each level. */
export class Selection {
  constructor(layers, changed) {
    Object.assign(this, { layers, changed, unit: null, lit: [] });
  }

  /** Lights the receptive field of a unit; selecting it again, or none, puts the light out. */
  pick(unit) {
    this.unit = JSON.stringify(unit) === JSON.stringify(this.unit) ? null : unit;
    this.lit = this.unit ? trace(this.layers, this.unit) : [];
    this.changed();
  }
}

/** A unit, its value if there is one, and its inputs, in words. */
export function tellUnit(network, { level, map, row, column }, value) {
  const [layer, before] = [network.layers[level - 1], network.layers[level - 2]];
  const place = layer.height * layer.width > 1 ? ` map ${map}, unit (${row}, ${column})` : ` unit ${map}`;
  const number = value === undefined ? "" : ` = ${withMinus(value.toFixed(2))}`;
  const inputs = layer.inputs[map];
  const all = inputs.length === before?.maps && !sparse(layer);
  const table = network.name === "lenet5" && layer.name === "C3" ? " (Table I)" : "";
  const some = `${inputs.length > 1 ? "maps" : "map"} ${inputs.join(", ")}`;
  const fed = before ? (all ? `all of ${before.name}` : `${before.name} ${some}`) : "the input";
  return `${layer.name}${place}${number}: ${fed}${table}`;
}
