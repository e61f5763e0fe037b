// The view of a line of digits and its readings.

import { $, status } from "./common.js";
import { Latest } from "./latest.js";
import { joinLink } from "./link.js";
import { listenPictures } from "./opening.js";
import { packStrokes, unpackStrokes } from "./packing.js";
import { showRows, sign } from "./rows.js";
import * as server from "./server.js";
import { Sketch } from "./sketch.js";
import { showLineSteps } from "./steps.js";
import { paintStrip, showStrip } from "./strip.js";

/** The drawing that was asked for last, as long as nothing is added to it. */
let asked = null;
/** The picture that is to be read in place of the drawing, and the one that has been. */
let [opened, read] = [null, null];
/** The strokes of a link that was opened while the view was not. */
let waiting = null;

/** The height of the pad in its units; a longer drawing of a link has more. */
const UNITS = 200;

const line = new Sketch($("line"), $("line-state"), {
  units: UNITS,
  pen: 14,
  changed: () => {
    asked = opened = read = null;
    if (line.empty) line.units = UNITS;
  },
  settled: () => scanning.ask(),
});

const scanning = new Latest(() => (opened ? readPicture(opened) : readDrawing()));

async function readDrawing() {
  const drawing = line.bytes(200, 1000);
  asked = drawing;
  const result = drawing.slight ? null : await server.scan(drawing).catch((error) => {
    if (error instanceof server.Refusal && !opened) show(null);
    throw error;
  });
  status(drawing.slight && !line.empty ? "Too little ink for a digit: draw on." : "");
  if (opened) return;
  show(line.empty ? null : result);
  if (asked === drawing) line.frame(boxes(result, line.units / drawing.height));
}

/** The boxes of the characters that were read, in units of which a pixel has `scale`. */
function boxes(result, scale) {
  const box = (each) => ({ ...each, name: sign(each), ...Object.fromEntries(["left", "right", "top", "bottom"].map((side) => [side, each[side] * scale])) });
  return result?.segmentation.characters?.map(box) ?? [];
}

/** Reads a picture. Where it is refused, what was there before stays. */
async function readPicture(picture) {
  try {
    const result = await server.pictureLine(await picture.bytes);
    if (picture !== opened) return;
    line.withdraw();
    line.units = UNITS;
    read = picture;
    status("");
    show(result);
  } catch (error) {
    if (picture !== opened) return;
    if (!(error instanceof server.Silence)) opened = read;
    throw error;
  }
}

function openPicture(picture) {
  opened = picture;
  scanning.ask();
}

function show(result) {
  showLineSteps($("line-steps"), result?.original ? result : null);
  showRows(result?.segmentation);
  showStrip(result?.replicated);
}

/** Shows the strokes of a link, as wide as they are. */
function showStrokes(strokes) {
  waiting = null;
  line.units = UNITS;
  const farthest = Math.max(0, ...strokes.flat().map(([x]) => x)) + line.pen;
  line.units = Math.max(UNITS, (UNITS * farthest) / line.width);
  line.reset(strokes);
}

/** Shows what a link had for this view. */
export function open() {
  if (waiting) showStrokes(waiting);
}

function joinLine() {
  joinLink("line", {
    get: (room) => (read ? null : packStrokes(waiting ?? line.strokes, room)),
    set: (text) => {
      waiting = unpackStrokes(text);
      if (!$("panel-line").hidden) open();
    },
  });
}

export function start() {
  $("line-clear").addEventListener("click", () => line.clear());
  $("line-undo").addEventListener("click", () => line.undo());
  $("scan").addEventListener("click", () => scanning.ask());
  listenPictures("line", openPicture);
  joinLine();
}

export function paint() {
  line.paint();
  paintStrip();
}
