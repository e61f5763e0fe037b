// The codes beside the units of F6, which draw one.

import { add, addName, clamp, label, say, short } from "./common.js";
import { css, picture, prepareSized, ramps } from "./painting.js";

/** The code of each class, 7 by 12 bits, with the distance of the units of `maps` from it. */
export class Codes {
  constructor(maps, { codes, classes }) {
    this.maps = maps;
    maps.row.classList.add("drawn");
    const list = add(maps.row, "ol", "codes");
    label(list, "The ten codes, with the distance of F6 from each");
    this.codes = codes.map((code, i) => {
      const item = add(list, "li");
      const canvas = add(item, "canvas");
      addName(item, "b", classes[i]);
      return { code, item, canvas, distance: add(item, "span", "", "–") };
    });
  }

  paint() {
    const { maps: { result, states }, codes } = this;
    const cell = clamp(Math.floor((codes[0].item.clientWidth - 4) / 7), 3, 6);
    codes.forEach(({ code, item, canvas, distance }, i) => {
      const context = prepareSized(canvas, 7 * cell, 12 * cell);
      context.drawImage(picture(7, 12, ramps.ink, (at) => (code[at] > 0 ? 0.9 : 0.05)), 0, 0, 7 * cell, 12 * cell);
      context.fillStyle = css("mark");
      code.forEach((bit, at) => {
        if (states && bit * states.values[at] < 0) context.fillRect((at % 7) * cell + 1.5, Math.floor(at / 7) * cell + 1.5, 2, 2);
      });
      item.className = result?.answer === i ? "best" : "";
      say(distance, result ? short(result.distances[i], 1) : "–");
    });
  }
}
