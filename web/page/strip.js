// What the replicated network reads: the line as it sees it, the characters, and the distances at each position.

import { $, add, addName, label, say } from "./common.js";
import { css, picture, prepareSized, ramps } from "./painting.js";
import { translate } from "./words.js";

let scanned = null;

function tell({ error, polarity, ink }) {
  if (error) return `The replicated network refuses it: ${error}.`;
  return `It sees the ink, ${polarity}: ${ink.width} × ${ink.height} at (${ink.left}, ${ink.top}).`;
}

/** Shows a reading, or why there is none. */
export function showStrip(reading) {
  scanned = reading?.error ? null : reading;
  const text = scanned?.text;
  say($("replicated-answer"), text || "–");
  $("replicated-answer").classList.toggle("none", !text);
  say($("replicated-words"), reading ? tell(reading) : "");
  $("characters").replaceChildren();
  for (const { name, ink_left: left, ink_right: right } of scanned?.characters ?? []) {
    const item = add($("characters"), "li");
    addName(item, "b", name);
    add(item, "span", "hint", `columns ${left} to ${right - 1}`);
  }
  const line = scanned ? `The line as the network sees it, ${scanned.width} columns; it reads ${text || "nothing"}` : "Nothing has been scanned yet";
  label($("strip"), line);
  paintStrip();
}

/** The line, brackets under the ink of its characters, and the distances as a map of classes by positions. */
export function paintStrip() {
  const canvas = $("strip");
  const room = $("strip-box").clientWidth;
  canvas.hidden = !scanned;
  if (!scanned || !room) return;
  const margin = 44;
  const zoom = Math.min(8, (room - margin - 2) / scanned.width);
  const [below, cell] = [32 * zoom + 8, 16];
  const context = prepareSized(canvas, margin + scanned.width * zoom + 2, below + 34 + cell * scanned.classes.length);
  const image = picture(scanned.width, 32, ramps.ink, (i) => scanned.pixels[i] / 255);
  context.drawImage(image, margin, 0, scanned.width * zoom, 32 * zoom);
  Object.assign(context, { textAlign: "center", textBaseline: "middle", lineWidth: 1.5, font: "600 15px system-ui, sans-serif" });
  for (const { name, ink_left: left, ink_right: right } of scanned.characters) bracket(context, name, margin + left * zoom, margin + right * zoom, below);
  paintDistances(context, { margin, top: below + 32, cell, zoom });
}

function bracket(context, name, left, right, top) {
  context.strokeStyle = context.fillStyle = css("accent");
  context.stroke(new Path2D(`M${left} ${top}v6H${right}v-6`));
  context.fillText(name, (left + right) / 2, top + 18);
}

function paintDistances(context, { margin, top, cell, zoom }) {
  const { positions, classes } = scanned;
  const step = positions.length > 1 ? positions[1].left - positions[0].left : 4;
  const all = positions.flatMap(({ distances }) => distances).map((value) => Math.log1p(Math.max(value, 0)));
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const image = picture(positions.length, classes.length, ramps.ink, (i) => {
    const value = positions[i % positions.length].distances[Math.floor(i / positions.length)];
    return value === undefined ? 0 : (high - Math.log1p(Math.max(value, 0))) / (high - low || 1);
  });
  const left = margin + (positions[0].left + 16 - step / 2) * zoom;
  context.drawImage(image, left, top, positions.length * step * zoom, cell * classes.length);
  Object.assign(context, { textAlign: "right", font: "12px system-ui, sans-serif", fillStyle: css("quiet") });
  classes.forEach((name, row) => context.fillText(translate(name), margin - 6, top + cell * (row + 0.5)));
}
