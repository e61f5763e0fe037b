// The theme, and the style sheet's colours in it.

import { $, say } from "./common.js";

const THEMES = ["auto", "light", "dark"];

/** The colours by name, as red, green, blue. */
const colours = {};
/** 256 colours each, as they lie in an image: `signed` from minus over zero to plus, `ink` from paper to ink. */
export const ramps = {};

export const css = (name) => `rgb(${colours[name].join(" ")})`;

function resolve(name) {
  const probe = $("theme");
  probe.style.outlineColor = `var(--${name})`;
  const parts = getComputedStyle(probe).outlineColor.match(/[\d.]+/g).slice(0, 3).map(Number);
  probe.style.outlineColor = "";
  return parts;
}

function ramp(stops) {
  const bytes = new Uint8ClampedArray(4 * 256).fill(255);
  for (let i = 0; i < 256; i++) {
    const place = (i / 255) * (stops.length - 1);
    const from = Math.min(Math.floor(place), stops.length - 2);
    for (let c = 0; c < 3; c++) bytes[4 * i + c] = stops[from][c] + (place - from) * (stops[from + 1][c] - stops[from][c]);
  }
  return new Uint32Array(bytes.buffer);
}

function readColours() {
  for (const name of ["paper", "ink", "quiet", "card", "minus", "zero", "plus", "mark", "accent"]) colours[name] = resolve(name);
  Object.assign(ramps, { signed: ramp([colours.minus, colours.zero, colours.plus]), ink: ramp([colours.paper, colours.ink]) });
}

/** Listens to the button and to the system; `paint` paints everything in the new colours. */
export function startTheme(paint) {
  let theme = THEMES[0];
  const change = () => {
    readColours();
    paint();
  };
  $("theme").addEventListener("click", () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    say($("theme"), `Theme: ${theme}`);
    change();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", change);
  readColours();
}
