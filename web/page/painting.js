// Functions for all painting: the style sheet's colours, canvases, and pictures of numbers.

import { $, clamp, sameList } from "./common.js";

/** The colours by name, as red, green, blue. */
const colours = {};
/** 256 colours each, in the byte order of an image: `signed` from minus over zero to plus, `ink` from paper to ink. */
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

/** Takes the colours of the current theme from the style sheet. */
export function readColours() {
  for (const name of ["paper", "ink", "quiet", "card", "minus", "zero", "plus", "mark", "accent", "edge"]) colours[name] = resolve(name);
  Object.assign(ramps, { signed: ramp([colours.minus, colours.zero, colours.plus]), ink: ramp([colours.paper, colours.ink]) });
}

/** The empty canvas's context, in CSS pixels, of which it has `width` by `height`, sharp. */
export function prepare(canvas, width, height) {
  const ratio = devicePixelRatio || 1;
  const size = [Math.round(width * ratio), Math.round(height * ratio)];
  if (!sameList(size, [canvas.width, canvas.height])) [canvas.width, canvas.height] = size;
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.imageSmoothingEnabled = false;
  return context;
}

/** Prepares a canvas of this size, whatever the style sheet says. */
export function prepareSized(canvas, width, height) {
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  return prepare(canvas, width, height);
}

/** A picture of `width` times `height` pixels, coloured by `ramp` at `place(i)`, 0 to 1. */
export function picture(width, height, colourRamp, place) {
  const canvas = new OffscreenCanvas(width, height);
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < pixels.length; i++) pixels[i] = colourRamp[Math.round(255 * clamp(place(i), 0, 1))];
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

/** The largest size up to `wanted` at which `cells` cells are whole device pixels, or where those are few, halves of them. */
export function crisp(wanted, cells) {
  const ratio = devicePixelRatio || 1;
  const zoom = (wanted * ratio) / cells;
  return (Math.max(1, zoom < 4 ? Math.floor(2 * zoom) / 2 : Math.floor(zoom)) * cells) / ratio;
}
