// What is painted on canvases: their size, and pictures of numbers.

import { clamp, sameList } from "./common.js";

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

/** The same for a canvas whose size is not the style sheet's. */
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
