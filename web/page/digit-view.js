// The view of one digit: the drawing, the network and its answer.

import { Answer, OtherAnswer } from "./answer.js";
import { $, add, label, say, status } from "./common.js";
import { joinDigit } from "./digit-link.js";
import { distortion, listenDistortion } from "./distortion.js";
import { playExample } from "./example.js";
import { askInside, openInside, paintInside, showInside, startInside } from "./inside-view.js";
import { forget } from "./inside-weights.js";
import { Latest } from "./latest.js";
import { buildLayers, layOutLayers, listenSelection, middleOf, paintLayers, select, showLayers } from "./layers.js";
import { openLink } from "./link.js";
import { listenPictures } from "./opening.js";
import * as server from "./server.js";
import { Sketch } from "./sketch.js";
import { fetchTestDigits, listenTestDigits, tellSource } from "./test-digits.js";

const looking = new Latest(look);

/** The picture that is being opened, until something else is done on the pad. */
let opened = null;

const pad = new Sketch($("draw"), $("draw-state"), {
  units: 280,
  pen: 22,
  changed: () => {
    if (!pad.example) opened = null;
    tellSource(pad);
    $("tour").classList.toggle("first", Boolean(pad.example)); // as long as nobody has drawn
    looking.ask();
  },
});

let networks = [];
/** What the first network reads, in a word, and the size of its images. */
let reads = { one: "digit", size: {} };
/** The answers of the chosen network, and of those that it is compared with. */
let answer = null;
let others = [];

/** Asks the networks for their answers, and shows them. */
async function look() {
  const [asked, compared, { digit }, drawing, start] = [answer, others, pad, pad.bytes(140, 140), performance.now()];
  if (!asked) return;
  const seen = { drawing, distortion: distortion() };
  const show = ([result = null, ...rest], about) => {
    showLayers(result);
    showInside(result && seen);
    asked.show(result, about);
    compared.forEach((other, i) => other.show(rest[i] ?? null, about));
    tellSource(pad, about.digit && { name: asked.network.classes[result.answer], right: result.answer === about.digit.label });
  };
  if (pad.empty || drawing.slight) {
    status("");
    show([], { why: pad.empty ? "Nothing is drawn yet." : `Too little ink for a ${reads.one}: draw on.` });
    return;
  }
  const answers = [asked, ...compared].map(({ network }) => server.see(network.name, drawing, seen.distortion));
  const results = await Promise.all(answers).catch((error) => {
    if (error instanceof server.Refusal && asked === answer) show([], {});
    throw error;
  });
  status("");
  if (asked !== answer || pad.empty) return;
  show(results, { milliseconds: performance.now() - start, digit: digit === pad.digit && digit?.label !== undefined ? digit : null });
}

const preparing = new Latest(async () => {
  const picture = opened;
  if (!picture) return;
  try {
    const { pixels, steps } = await server.pictureDigit(await picture.bytes);
    if (picture !== opened) return;
    pad.reset([], { digit: { ...reads.size, pixels, name: picture.name, steps } });
    status("");
  } catch (error) {
    if (picture !== opened) return;
    if (!(error instanceof server.Silence)) opened = null;
    throw error;
  }
});

function openPicture(picture) {
  opened = picture;
  preparing.ask();
}

function choose(network) {
  answer = new Answer(network);
  say($("network-about"), network.about);
  buildLayers(network);
  openInside(network);
  layOut();
  paintLayers();
  compare();
}

/** The cards of the other networks, if they are compared. */
function compare() {
  $("others").replaceChildren();
  const compared = $("compare").checked ? networks.filter((network) => network !== answer.network) : [];
  others = compared.map((network) => new OtherAnswer(network, $("others")));
  looking.ask();
}

/** Makes the view that of a network for a user's own classes: no digits stand on it, and no other network is compared. */
function showOwnClasses({ height, width, classes }) {
  reads = { one: "picture", size: { height, width } };
  for (const part of document.querySelectorAll("#panel-digit .digits-only")) part.hidden = true;
  say($("tab-digit"), "Picture");
  say($("draw-title"), "Draw, or open a picture");
  label($("draw"), "Drawing area");
  say($("about-rubbish"), `Equation 9 of the paper adds a class to the ${classes.length}, “rubbish”, at one fixed distance from whatever is drawn. Its share is the probability that the drawing is none of them.`);
}

/** Lists the networks anew, and reads the drawing with the one of this name, or with the first. */
export async function chooseNetwork(wanted) {
  networks = await server.networks();
  if (wanted) forget(wanted);
  $("network").replaceChildren();
  for (const { name, title } of networks) add($("network"), "option", "", title).value = name;
  const chosen = networks.find(({ name }) => name === wanted) ?? networks[0];
  $("network").value = chosen.name;
  choose(chosen);
}

/** Chooses the network of this place in the list. Throws if there is none. */
function chooseAt(index) {
  if (!networks[index]) throw new RangeError("no such network");
  $("network").selectedIndex = index;
  if (networks[index] !== answer.network) choose(networks[index]);
}

/** True if the page was opened by a link; null before that is known. */
let linked = null;

const opening = new Latest(async () => {
  await chooseNetwork();
  // A server still has what was nudged before the page was loaded anew.
  if (!server.isSite) await Promise.all(networks.map(({ name }) => server.restoreWeights(name)));
  if (networks[0].whole) showOwnClasses(networks[0]);
  Object.assign($("tour"), { disabled: false, hidden: !networks.some(({ name }) => name === "lenet5") });
  linked ??= await openLink();
  if (networks[0].whole) return;
  if (!linked && pad.empty) playExample(pad);
  await fetchTestDigits();
});

/** Prepares the view for a step of the tour: LeNet-5 with something on the pad. */
export function beginTour() {
  chooseAt(networks.findIndex(({ name }) => name === "lenet5"));
  if (pad.empty) playExample(pad);
}

/** Lights the receptive field of a unit of this `layer`, in the middle or `across` units beside it; without a layer, of none. */
export function light(unit) {
  if (!unit) return select(null);
  const middle = middleOf(unit.layer);
  select({ ...middle, column: middle.column + (unit.across ?? 0) });
}

export function start() {
  $("clear").addEventListener("click", () => pad.clear());
  $("undo").addEventListener("click", () => pad.undo());
  $("network").addEventListener("change", () => choose(networks[$("network").selectedIndex]));
  $("compare").addEventListener("change", () => answer && compare());
  startInside(() => looking.ask());
  listenSelection(askInside);
  listenDistortion(() => looking.ask());
  listenTestDigits(pad);
  listenPictures("digit", openPicture);
  joinDigit(pad, { networks: () => networks, network: () => answer?.network, choose: chooseAt });
  opening.ask();
}

export const layOut = layOutLayers;

export function paint() {
  pad.paint();
  paintLayers();
  paintInside();
}
