// The steps from a picture file to what the network sees, as pictures.

import { add } from "./common.js";

/** Smaller pictures are shown enlarged up to so many pixels a side. */
const SIDE = 140;

/** The steps that an element shows. */
const shown = new WeakMap();

/** Shows the `steps` of a picture in `parent`, and hides it without any. */
export function showSteps(parent, steps) {
  if (shown.get(parent) === steps) return;
  shown.set(parent, steps);
  parent.hidden = !steps;
  parent.replaceChildren();
  if (!steps) return;
  const { original, width, height, polarity, ink, mask, prepared } = steps;
  const zoom = Math.floor(SIDE / Math.max(width, height));
  const shownWidth = zoom > 1 ? zoom * width : null;
  const words = `Its ink, ${polarity}: ${ink.width} × ${ink.height} at (${ink.left}, ${ink.top})`;
  const size = `The picture: ${width} × ${height} pixels`;
  mark(step(parent, original, mask ? size : `${size}. ${words}`, shownWidth), steps);
  if (mask) step(parent, mask, words, shownWidth);
  step(parent, prepared, "What the network sees", mask ? SIDE : null);
}

/** A picture with a caption, `width` pixels wide, or as wide as it is; the frame around the picture. */
function step(parent, address, caption, width) {
  const figure = add(parent, "figure");
  const frame = add(figure, "div", "frame");
  const image = add(frame, "img");
  Object.assign(image, { src: address, alt: "" }); // the caption says what it is
  if (width) Object.assign(image, { width, className: "enlarged" });
  add(figure, "figcaption", "hint", caption);
  return frame;
}

/** Draws the rectangle of the ink over the picture. */
function mark(frame, { width, height, ink }) {
  const percent = (part, whole) => `${(100 * part) / whole}%`;
  Object.assign(add(frame, "span", "ink-box").style, {
    left: percent(ink.left, width),
    top: percent(ink.top, height),
    width: percent(ink.width, width),
    height: percent(ink.height, height),
  });
}
