// The view of a line of digits and its reading.

import { $, add, clamp, say, status } from "./common.js";
import { Latest } from "./latest.js";
import { css, picture, prepareSized, ramps } from "./painting.js";
import { listenPictures } from "./opening.js";
import * as server from "./server.js";
import { Sketch } from "./sketch.js";
import { showSteps } from "./steps.js";

const line = new Sketch($("line"), $("line-state"), { units: 200, pen: 14, changed: () => (opened = null), settled: () => scanning.ask() });
/** The picture that is read in place of a drawing. */
let opened = null;
let scanned = null;

const scanning = new Latest(async () => {
  if (opened) {
    await readPicture(opened);
    return;
  }
  const drawing = line.bytes(200, 1000);
  const result = drawing.slight ? null : await server.scan(drawing);
  status(drawing.slight && !line.empty ? "Too little ink for a digit: draw on." : "");
  if (!opened) show(line.empty ? null : result);
});

async function readPicture(picture) {
  const { steps, ...result } = await server.pictureLine(picture.bytes);
  if (picture !== opened) return;
  status("");
  show(result, steps);
}

function openPicture(picture) {
  line.reset([]);
  show(null);
  opened = picture;
  scanning.ask();
}

function show(result, steps = null) {
  scanned = result;
  showSteps($("line-steps"), steps);
  say($("line-answer"), result?.text || "–");
  $("line-answer").classList.toggle("none", !result?.text);
  $("characters").replaceChildren();
  for (const { name, ink_left: left, ink_right: right } of result?.characters ?? []) {
    const item = add($("characters"), "li");
    add(item, "b", "", name);
    add(item, "span", "hint", `columns ${left} to ${right - 1}`);
  }
  const label = result ? `The line as the network sees it, ${result.width} columns; it reads ${result.text || "nothing"}` : "Nothing has been scanned yet";
  $("strip").setAttribute("aria-label", label);
  paintStrip();
}

export function start() {
  $("line-clear").addEventListener("click", () => line.clear());
  $("line-undo").addEventListener("click", () => line.undo());
  $("scan").addEventListener("click", () => scanning.ask());
  listenPictures("line", openPicture);
}

export function paint() {
  line.paint();
  paintStrip();
}

/** The line, brackets under the ink of its characters, and the distances as a map of classes by positions. */
function paintStrip() {
  const canvas = $("strip");
  const room = $("strip-box").clientWidth;
  canvas.hidden = !scanned;
  if (!scanned || !room) return;
  const margin = 44;
  const zoom = clamp((room - margin - 2) / scanned.width, 1, 8);
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
  classes.forEach((name, row) => context.fillText(name, margin - 6, top + cell * (row + 0.5)));
}
