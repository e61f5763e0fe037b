// The view of training runs.

import { $, add, ask, explain, sameList, say, sleep, status } from "./common.js";

let run = null;
let following = false;

const runVisible = () => !$("panel-run").hidden && document.visibilityState === "visible";

/** Asks for the run every two seconds, as long as somebody can see it. */
export async function followRun() {
  if (following) return;
  following = true;
  let pause = 2000;
  while (runVisible()) {
    try {
      await readRun();
      status("");
      pause = 2000;
    } catch (error) {
      explain(error);
      pause = Math.min(2 * pause, 16000);
    }
    await sleep(pause);
  }
  following = false;
}

async function readRun() {
  const { runs, folder } = await ask("api/runs");
  say($("run-folder"), folder ?? "runs");
  $("run-none").hidden = runs.length > 0;
  for (const part of document.querySelectorAll(".with-run")) part.hidden = runs.length === 0;
  listRuns(runs);
  run = runs.length ? await ask(`api/runs/${encodeURIComponent($("runs").value)}`) : null;
  showRun();
}

function listRuns(runs) {
  const select = $("runs");
  const labels = runs.map(({ name, training }) => (training ? `${name} (training)` : name));
  if (sameList(labels, [...select.options].map((option) => option.text))) return;
  const chosen = select.value;
  select.replaceChildren();
  runs.forEach(({ name }, i) => (add(select, "option", "", labels[i]).value = name));
  if (runs.some(({ name }) => name === chosen)) select.value = chosen;
}

function tellTime(seconds) {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A time that is still to come, to the nearest ten seconds. */
function tellTimeLeft(seconds) {
  return seconds < 10 ? "a few seconds" : `about ${tellTime(10 * Math.round(seconds / 10))}`;
}

function tellPass(pass, since, patterns) {
  const size = patterns ? ` It has ${patterns.toLocaleString("en")} patterns.` : "";
  return `Pass ${pass} is being trained${typeof since === "number" ? `, for ${tellTime(since)} now` : ""}.${size}`;
}

/** The facts of a run of which `done` passes are complete. */
function facts({ training, passes, patterns, rows, samples_per_second: speed, seconds_left: left, seconds_in_pass: since, verdict }, done) {
  const taken = rows.reduce((sum, row) => sum + (row.seconds ?? 0), 0);
  const samples = speed ? Math.round(speed).toLocaleString("en") : training ? "after pass 1" : "–";
  if (!training) {
    const state = done >= passes ? "finished" : `stopped with ${done} of ${passes} passes`;
    return { state, pass: `${done} of ${passes}`, samples, timeTitle: "Time taken", time: done ? tellTime(taken) : "–", now: verdict ? `This run ${verdict}.` : "" };
  }
  const now = done < passes ? tellPass(done + 1, since, patterns) : "";
  const time = typeof left === "number" ? tellTimeLeft(left) : "after pass 1";
  return { state: "training", pass: `${Math.min(done + 1, passes)} of ${passes}`, samples, timeTitle: "Time left", time, now };
}

/** The name of the error on patterns that were not trained on. */
const testedName = () => (run?.tested === "held_out" ? "Held-out error" : "Test error");

function showRun() {
  const rows = run?.rows ?? [];
  const done = rows.at(-1)?.pass ?? 0;
  const told = run ? facts(run, done) : { state: "–", pass: "–", samples: "–", timeTitle: "Time left", time: "–", now: "" };
  say($("run-state"), told.state);
  say($("run-settings"), run ? `Settings: ${run.settings}.` : "");
  say($("run-pass"), told.pass);
  say($("run-now"), told.now);
  say($("samples"), told.samples);
  say($("time-title"), told.timeTitle);
  say($("time-left"), told.time);
  say($("tested"), testedName());
  $("run-progress").value = run?.passes ? done / run.passes : 0;
  showRows(rows.slice(-10).reverse());
  drawCurve();
}

const inPercent = (value) => (value === null || value === undefined ? "–" : `${value.toFixed(2)} %`);

function showRows(rows) {
  const body = $("run-rows");
  body.replaceChildren();
  for (const row of rows) {
    const line = add(body, "tr");
    add(line, "th", "", String(row.pass)).scope = "row";
    for (const text of [inPercent(row.training_error_percent), inPercent(row.test_error_percent), `${(row.seconds ?? 0).toFixed(1)} s`]) add(line, "td", "", text);
  }
  if (!rows.length) add(add(body, "tr"), "td", "hint", run?.training ? "Pass 1 is being trained." : "No pass is complete.").colSpan = 4;
}

// ---------------------------------------------------------------- its curve

const curves = () => [["training_error_percent", "Training error", "training"], ["test_error_percent", testedName(), "test"]];

function addSvg(parent, tag, attributes, text = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  parent.append(element);
  return element;
}

/** 1, 2 or 5 times a power of ten, about `wanted` of them up to `most`. */
function tickStep(most, wanted) {
  const rough = most / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].find((factor) => factor * power >= rough) * power;
}

/** Where values stand on the axis, 0 to 1, and which have a line. */
function verticalAxis(values) {
  if (!$("run-log").checked) {
    const most = values.length ? Math.max(...values, 0.5) : 5;
    const step = tickStep(most, 5);
    const count = Math.ceil(most / step);
    return { place: (value) => value / (step * count), ticks: Array.from({ length: count + 1 }, (_, i) => i * step) };
  }
  const positive = values.filter((value) => value > 0);
  const [low, high] = [Math.min(...positive, 1), Math.max(...positive, 1)].map(Math.log10);
  const [from, to] = [Math.floor(low), Math.max(Math.ceil(high), Math.floor(low) + 1)];
  const place = (value) => (Math.log10(Math.max(value, 10 ** from)) - from) / (to - from);
  const ticks = Array.from({ length: to - from + 1 }, (_, i) => [1, 2, 5].map((factor) => factor * 10 ** (from + i)));
  return { place, ticks: ticks.flat().filter((tick) => tick <= 10 ** to * 1.001) };
}

export function drawCurve() {
  const svg = $("run-curve");
  const [width, height] = [svg.clientWidth, svg.clientHeight];
  if (!width) return;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const group = svg.querySelector("g");
  group.replaceChildren();
  const rows = run?.rows ?? [];
  const last = rows.at(-1);
  say($("run-curve-text"), last ? `After pass ${last.pass}: training error ${inPercent(last.training_error_percent)}, ${testedName().toLowerCase()} ${inPercent(last.test_error_percent)}` : "No passes yet");
  const box = { left: 52, right: width - 12, top: 30, bottom: height - 40 };
  const passes = Math.max(run?.passes ?? 0, last?.pass ?? 0, 1);
  const axis = verticalAxis(rows.flatMap((row) => curves().map(([key]) => row[key])).filter(Number.isFinite));
  const x = (pass) => box.left + ((box.right - box.left) * pass) / passes;
  const y = (value) => box.bottom - (box.bottom - box.top) * axis.place(value);
  drawAxes(group, box, { x, y, passes, ticks: axis.ticks });
  curves().forEach(([key, label, name], i) => {
    const points = rows.filter((row) => Number.isFinite(row[key])).map((row) => [x(row.pass), y(row[key])]);
    addSvg(group, "polyline", { class: `curve-line ${name}`, points: points.map((point) => point.join(",")).join(" ") });
    for (const [cx, cy] of points) addSvg(group, name === "test" ? "circle" : "rect", name === "test" ? { class: `dot ${name}`, cx, cy, r: 3.5 } : { class: `dot ${name}`, x: cx - 3, y: cy - 3, width: 6, height: 6 });
    addSvg(group, "line", { class: `curve-line ${name}`, x1: box.left + 130 * i, x2: box.left + 130 * i + 22, y1: 12, y2: 12 });
    addSvg(group, "text", { x: box.left + 130 * i + 28, y: 16 }, label);
  });
}

function drawAxes(group, box, { x, y, passes, ticks }) {
  for (const tick of ticks) {
    addSvg(group, "line", { class: "rule", x1: box.left, x2: box.right, y1: y(tick), y2: y(tick) });
    addSvg(group, "text", { x: box.left - 6, y: y(tick) + 4, "text-anchor": "end" }, `${Number(tick.toPrecision(3))} %`);
  }
  const step = Math.max(1, tickStep(passes, Math.max(2, (box.right - box.left) / 60)));
  for (let pass = 0; pass <= passes; pass += step) addSvg(group, "text", { x: x(pass), y: box.bottom + 18, "text-anchor": "middle" }, String(pass));
  addSvg(group, "text", { class: "axis", x: (box.left + box.right) / 2, y: box.bottom + 35, "text-anchor": "middle" }, "pass");
}

/** The view's own controls. */
export function listenRun() {
  $("runs").addEventListener("change", () => readRun().catch(explain));
  $("run-log").addEventListener("change", drawCurve);
  document.addEventListener("visibilitychange", () => runVisible() && followRun());
}
