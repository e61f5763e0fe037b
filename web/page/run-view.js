// The view of training runs.

import { $, add, addName, sameList, say, status } from "./common.js";
import { drawCurves, inPercent, pointsOf } from "./curve.js";
import { Latest } from "./latest.js";
import * as server from "./server.js";
import { english } from "./words.js";

let run = null;

/** The name of the error on patterns outside the training set. */
const testedName = (run) => (run?.tested === "held_out" ? "Held-out error" : "Test error");

/** Asks for the run, if it is visible. */
const reading = new Latest(async () => {
  if ($("panel-run").hidden || document.visibilityState !== "visible") return;
  const { runs, folder } = await server.runs();
  say($("run-folder"), folder);
  $("run-none").hidden = runs.length > 0;
  for (const part of document.querySelectorAll(".with-run")) part.hidden = runs.length === 0;
  listRuns(runs);
  if (runs.length) {
    run = await server.run($("runs").value);
    showRun();
  }
  status("");
});

function listRuns(runs) {
  const select = $("runs");
  const labels = runs.map(({ name, training }) => (training ? `${name} (training)` : name));
  if (sameList(labels, [...select.options].map(english))) return;
  const chosen = select.value;
  select.replaceChildren();
  runs.forEach(({ name, training }, i) => {
    const option = training ? add(select, "option", "", labels[i]) : addName(select, "option", name);
    option.value = name;
  });
  if (runs.some(({ name }) => name === chosen)) select.value = chosen;
}

function tellTime(seconds) {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A remaining time, to the nearest ten seconds. */
function tellTimeLeft(seconds) {
  return seconds < 10 ? "a few seconds" : `about ${tellTime(10 * Math.round(seconds / 10))}`;
}

function tellPass(pass, since, patterns) {
  const size = patterns ? ` It has ${patterns.toLocaleString("en")} patterns.` : "";
  return `Pass ${pass} is being trained${since === null ? "" : `, for ${tellTime(since)} now`}.${size}`;
}

/** The facts of the run, of which `done` passes are complete, by the names of their elements. */
function facts({ training, passes, patterns, rows, samples_per_second: speed, seconds_left: left, seconds_in_pass: since, verdict }, done) {
  const samples = speed ? Math.round(speed).toLocaleString("en") : training ? "after pass 1" : "–";
  if (training) {
    const now = done < passes ? tellPass(done + 1, since, patterns) : "";
    const time = left === null ? "after pass 1" : tellTimeLeft(left);
    return { "run-state": "training", "run-pass": `${Math.min(done + 1, passes)} of ${passes}`, samples, "time-title": "Time left", "time-left": time, "run-now": now };
  }
  const state = done >= passes ? "finished" : `stopped with ${done} of ${passes} passes`;
  const time = done ? tellTime(rows.reduce((sum, row) => sum + row.seconds, 0)) : "–";
  const now = verdict ? `This run ${verdict}.` : "";
  return { "run-state": state, "run-pass": `${done} of ${passes}`, samples, "time-title": "Time taken", "time-left": time, "run-now": now };
}

function showRun() {
  const done = run.rows.at(-1)?.pass ?? 0;
  const words = { ...facts(run, done), "run-settings": `Settings: ${run.settings}.`, tested: testedName(run) };
  for (const [id, text] of Object.entries(words)) say($(id), text);
  $("run-progress").value = done / run.passes;
  showRows(run.rows.slice(-10).reverse());
  paint();
}

function showRows(rows) {
  const body = $("run-rows");
  body.replaceChildren();
  for (const row of rows) {
    const line = add(body, "tr");
    add(line, "th", "", String(row.pass)).scope = "row";
    for (const text of [inPercent(row.training_error_percent), inPercent(row.test_error_percent), `${row.seconds.toFixed(1)} s`]) add(line, "td", "", text);
  }
  if (!rows.length) add(add(body, "tr"), "td", "hint", run.training ? "Pass 1 is being trained." : "No pass is complete.").colSpan = 4;
}

export const open = () => reading.ask();

export function start() {
  $("runs").addEventListener("change", open);
  $("run-log").addEventListener("change", paint);
  document.addEventListener("visibilitychange", open);
  setInterval(open, 2000);
}

export function paint() {
  const [rows, tested] = [run?.rows ?? [], testedName(run)];
  const last = rows.at(-1);
  const words = last ? `After pass ${last.pass}: training error ${inPercent(last.training_error_percent)}, ${tested.toLowerCase()} ${inPercent(last.test_error_percent)}` : "No passes yet";
  const curves = [
    { label: "Training error", kind: "training", points: pointsOf(rows, "training_error_percent") },
    { label: tested, kind: "test", points: pointsOf(rows, "test_error_percent") },
  ];
  drawCurves($("run-curve"), { curves, passes: run?.passes ?? 0, words, logarithmic: $("run-log").checked });
}
