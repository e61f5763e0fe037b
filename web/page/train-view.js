// The view in which a network is trained, or two side by side on the same patterns.

import { $, say, status } from "./common.js";
import { explain, Latest, sleep } from "./latest.js";
import { listenDataFiles, isComplete, showDataFiles } from "./mnist-files.js";
import * as server from "./server.js";
import { Controls } from "./train-controls.js";
import { paintErrors } from "./train-curve.js";
import { showLast } from "./train-last.js";
import { joinTraining } from "./train-link.js";
import { listenPace, Pace } from "./train-pace.js";
import { rateRange } from "./train-rates.js";
import { Side } from "./train-side.js";

/** Milliseconds between two pictures of the networks, at least. */
const VIEW_EVERY = 100;

/** The training: its answer to `startTraining`, the `sides` on the page, and the `state` after the last step. */
let training = null;
/** True while it is to go on, and while it does; what is done one after the other; and what ends a wait between two steps. */
let [going, running] = [false, false];
let queue = Promise.resolve();
let wake = () => {};
let controls = null;

/** Begins anew, as the controls say. What is refused changes nothing. */
async function begin() {
  const wanted = controls.wanted();
  const begun = await server.startTraining(wanted);
  $("train-sides").replaceChildren();
  const sides = begun.sides.map((side, i) => new Side($("train-sides"), side, { id: begun.id, side: i, data: wanted.data, wanted: wanted.sides[i], passes: begun.passes }));
  training = { ...begun, wanted: JSON.stringify(wanted), presets: wanted.sides.map(({ preset }) => preset), sides, pace: new Pace(), state: null, viewed: 0, speed: null };
  $("train-digit").max = begun.test_patterns - 1;
  $("train-digit").value = Math.min($("train-digit").valueAsNumber || 0, begun.test_patterns - 1);
  status("");
  showControls();
  layOut();
  await look();
}

/** Asks for what can be seen of the networks, if anybody looks. */
async function look() {
  const asked = training;
  if (!asked) return;
  asked.viewed = performance.now();
  if ($("panel-train").hidden || document.visibilityState !== "visible") return;
  const view = await server.viewTraining(asked.id, $("train-digit").valueAsNumber || 0);
  if (asked === training) show(asked, view);
}

/** Shows each network in a task of its own, so that a click waits for no more than one of them; the next patterns are presented meanwhile. */
async function show(shown, { digit, last, sides }) {
  showLast(last);
  const range = rateRange(sides);
  for (const [i, side] of sides.entries()) {
    await sleep(0);
    shown.sides[i].showView(side, { label: digit.label, range });
  }
  paintCurve();
  shown.viewed = performance.now();
}

const looking = new Latest(look);

/** Trains on by so much, and shows it. */
async function step(patterns) {
  const asked = training;
  const start = performance.now();
  const state = await server.advance(asked.id, patterns);
  asked.pace.took(patterns, performance.now() - start);
  if (asked !== training) return;
  asked.speed = speedOf(asked, state);
  asked.state = state;
  if (state.finished) going = false;
  const ended = state.presented === 0;
  if (going && !ended && performance.now() - asked.viewed < VIEW_EVERY) return;
  state.sides.forEach((side, i) => asked.sides[i].showState(side, state.last));
  showFacts();
  await look();
  // Before the next pattern changes them.
  if (ended) for (const { model } of asked.sides) await model.showHash();
}

/** How many patterns have been presented in all passes. */
const inAll = ({ pass, presented }, { patterns }) => (pass - 1) * patterns + presented;

/** Patterns a second since the mark that was set last, some half a second ago. */
function speedOf({ speed, patterns }, state) {
  const [now, count] = [performance.now(), inAll(state, { patterns })];
  const last = speed ?? { mark: { now, count }, value: null };
  const seconds = (now - last.mark.now) / 1000;
  return seconds < 0.5 ? last : { mark: { now, count }, value: (count - last.mark.count) / seconds };
}

/** Trains until it is paused, finished or refused. */
async function train() {
  running = going;
  training.speed = null;
  while (going) {
    const start = performance.now();
    const { patterns, time } = training.pace.next();
    try {
      await step(patterns);
    } catch (error) {
      going = false;
      explain(error);
    }
    if (going && time) await wait(time - (performance.now() - start));
  }
  running = false;
  showFacts();
}

const wait = (milliseconds) => new Promise((done) => {
  wake = done;
  setTimeout(done, milliseconds);
});

/** Lets the training go on, or stops it. */
function go(on) {
  going = on;
  wake();
  if (on) queue = queue.then(train);
  showFacts();
}

/** Does `work` when nothing is being trained. */
function between(work) {
  go(false);
  queue = queue.then(work).catch(explain).then(showFacts);
}

const restart = () => between(async () => {
  await begin();
  go(true);
});

const one = () => between(async () => {
  if (!training) await begin();
  if (!training.state?.finished) await step(1);
});

/** A word on the training as a whole, and the buttons. */
function showFacts() {
  const state = training?.state;
  const { pass = 0, finished = false } = state ?? {};
  say($("train-go"), going ? "Pause" : training ? "Go on" : "Start");
  $("train-go").disabled = $("train-one").disabled = training ? finished : !hasData();
  $("train-again").hidden = !training;
  $("train-again").disabled = !hasData();
  say($("train-state"), !training ? "not begun" : finished ? "finished" : going || running ? "training" : "paused");
  say($("train-pass"), training ? `${pass} of ${training.passes}` : "–");
  say($("train-pattern"), state && !finished ? `${state.presented.toLocaleString("en")} of ${training.patterns.toLocaleString("en")}` : "–");
  say($("train-rate"), going && training?.speed?.value ? Math.round(training.speed.value).toLocaleString("en") : "–");
  $("train-progress").value = finished ? 1 : state ? inAll(state, training) / (training.passes * training.patterns) : 0;
}

/** True if the chosen data are there. */
const hasData = () => $("train-data").value !== "mnist" || isComplete();

/** Says what follows from the controls: whether they are those of this training, and whether one can begin. */
function showControls() {
  $("mnist").hidden = $("train-data").value !== "mnist";
  const changed = training && JSON.stringify(controls.wanted()) !== training.wanted;
  say($("train-changed"), changed ? "What was changed above holds from “Start again” on." : "");
  showFacts();
}

const paintCurve = () => paintErrors(training);

export function start() {
  controls = new Controls(() => showControls());
  listenDataFiles(showControls);
  showLast(null);
  listenPace();
  joinTraining();
  $("train-go").addEventListener("click", () => (training ? go(!going) : restart()));
  $("train-one").addEventListener("click", one);
  $("train-again").addEventListener("click", restart);
  $("train-log").addEventListener("change", paintCurve);
  $("train-data").addEventListener("change", showControls);
  $("train-digit").addEventListener("change", () => looking.ask());
  $("train-another").addEventListener("click", () => {
    $("train-digit").value = Math.floor(Math.random() * (training?.test_patterns ?? 360));
    looking.ask();
  });
  document.addEventListener("visibilitychange", () => looking.ask());
  showControls();
}

const asking = new Latest(async () => {
  await showDataFiles();
  showControls();
});

export function open() {
  asking.ask();
  looking.ask();
}

export function layOut() {
  for (const side of training?.sides ?? []) side.layOut();
}

export function paint() {
  paintCurve();
  for (const side of training?.sides ?? []) side.paint();
}
