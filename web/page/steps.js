// The steps from a picture file to what is read, as pictures.

import { add, tip } from "./common.js";
import { tellSign } from "./rows.js";

/** Smaller pictures are shown enlarged up to so many pixels a side. */
const SIDE = 140;

/** The steps that an element shows. */
const shown = new WeakMap();

/** True if `steps` are new in `parent`, which is emptied for them, and hidden if there are none. */
function begin(parent, steps) {
  if (shown.get(parent) === steps) return false;
  shown.set(parent, steps);
  parent.hidden = !steps;
  parent.replaceChildren();
  return Boolean(steps);
}

/** Shows the `steps` from a picture to what the network sees: by the ink of its digit, or of the picture as a whole. */
export function showSteps(parent, steps) {
  if (!begin(parent, steps)) return;
  const { original, width, height, polarity, ink, mask, strokes, characters, inverted, prepared } = steps;
  const shownWidth = enlarged(steps);
  const whole = step(parent, original, `The picture: ${width} × ${height} pixels`, shownWidth);
  if (!ink) {
    step(parent, prepared, `What the network sees: all of it, its longer side fills the image${inverted ? ", inverted since its border is light" : ""}`, SIDE);
    return;
  }
  mark(whole, steps, { ...ink, className: "ink-box" });
  step(parent, mask, `Its ink, ${polarity}: ${ink.width} × ${ink.height} at (${ink.left}, ${ink.top})`, shownWidth);
  step(parent, prepared, `What the network sees: ${strokes}`, SIDE);
  if (characters > 1) add(parent, "p", "hint several", `One of ${characters} characters that are seen: the tab “Line” reads a line of them.`);
}

/** Shows a picture of a line with a box around each character that was read by over-segmentation. */
export function showLineSteps(parent, steps) {
  if (!begin(parent, steps)) return;
  const { original, width, height, segmentation } = steps;
  const characters = segmentation.characters ?? [];
  const frame = step(parent, original, `The picture: ${width} × ${height} pixels. Boxes: what over-segmentation reads, dashed where it is not trusted`, enlarged(steps));
  for (const each of characters) {
    const { left, right, top, bottom, trusted, character } = each;
    const box = mark(frame, steps, { left, top, width: right - left, height: bottom - top, className: trusted ? "sign-box" : "sign-box doubtful" });
    tip(box, `${character}: ${tellSign(each)}`);
  }
}

/** The width at which a small picture is shown. */
function enlarged({ width, height }) {
  const zoom = Math.floor(SIDE / Math.max(width, height));
  return zoom > 1 ? zoom * width : null;
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

/** Draws a rectangle of the picture, which has `width` by `height` pixels, over it. */
function mark(frame, { width, height }, box) {
  const percent = (part, whole) => `${(100 * part) / whole}%`;
  const element = add(frame, "span", box.className);
  Object.assign(element.style, {
    left: percent(box.left, width),
    top: percent(box.top, height),
    width: percent(box.width, width),
    height: percent(box.height, height),
  });
  return element;
}
