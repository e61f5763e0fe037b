// The maps of one test digit in a network that is being trained.

import { Codes } from "./codes.js";
import { say } from "./common.js";
import { Selection, tellUnit } from "./connections.js";
import { Maps } from "./maps.js";

export class DigitMaps {
  /** `info` is the element that tells of the unit that was selected. */
  constructor(network, parent, info) {
    Object.assign(this, { network, info });
    this.selection = new Selection(network.layers, () => this.changed());
    const [first] = network.layers;
    const side = (first.height - 1) * first.stride + (first.kernel ?? 1);
    const input = { name: "Input", maps: 1, height: side, width: side };
    this.maps = [new Maps(0, input, parent, { about: "", grey: true, selection: this.selection })];
    this.codes = null;
    network.layers.forEach((layer, i) => this.addLayer(i + 1, layer, parent));
  }

  addLayer(level, layer, parent) {
    const { network, selection } = this;
    const drawn = Boolean(network.codes) && layer.maps === network.codes[0].length;
    const maps = new Maps(level, layer, parent, { about: "", grey: drawn, columns: drawn ? 7 : undefined, selection });
    this.maps.push(maps);
    if (drawn) this.codes = new Codes(maps, network);
  }

  show(sight) {
    for (const maps of this.maps) maps.show(sight);
    this.changed();
  }

  changed() {
    const { unit } = this.selection;
    say(this.info, unit ? tellUnit(this.network, unit, this.maps[unit.level].value(unit)) : "");
    this.paint();
  }

  layOut() {
    for (const maps of this.maps) maps.layOut();
  }

  paint() {
    for (const maps of this.maps) maps.paint();
    this.codes?.paint();
  }
}
