// The sliders that distort the drawing.

import { $, say, withMinus } from "./common.js";

/** Each slider's value in words. */
const SLIDERS = {
  scale: (value) => `${Number(value).toFixed(2)} ×`,
  rotation: (value) => `${withMinus(value)}°`,
  noise: (value) => `${Math.round(100 * value)} %`,
};
const NAMES = Object.keys(SLIDERS);

/** The values by name. */
export const distortion = () => Object.fromEntries(NAMES.map((name) => [name, $(name).value]));

export function listenDistortion(changed) {
  const tell = () => NAMES.forEach((name) => say($(`${name}-value`), SLIDERS[name]($(name).value)));
  const change = () => {
    tell();
    changed();
  };
  for (const name of NAMES) $(name).addEventListener("input", change);
  $("reset").addEventListener("click", () => {
    for (const name of NAMES) $(name).value = $(name).defaultValue;
    change();
  });
  tell();
}
