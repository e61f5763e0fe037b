// The curve of a run: error against the pass.

import { $, say } from "./common.js";

export const inPercent = (value) => (value === null ? "–" : `${value.toFixed(2)} %`);

/** The name of the error on patterns outside the training set. */
export const testedName = (run) => (run?.tested === "held_out" ? "Held-out error" : "Test error");

function addSvg(parent, tag, attributes, text = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  parent.append(element);
  if (text) say(element, text);
  return element;
}

/** The distance of ticks: 1, 2 or 5 times a power of ten, for about `wanted` ticks up to `most`. */
function tickStep(most, wanted) {
  const rough = most / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].find((factor) => factor * power >= rough) * power;
}

/** The position of a value on the axis, 0 to 1, and the values with a grid line. */
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

/** Draws the curve of a run, or without one an empty plot. */
export function drawCurve(run) {
  const svg = $("run-curve");
  const [width, height] = [svg.clientWidth, svg.clientHeight];
  if (!width) return;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const group = svg.querySelector("g");
  group.replaceChildren();
  const rows = run?.rows ?? [];
  const curves = [["training_error_percent", "Training error", "training"], ["test_error_percent", testedName(run), "test"]];
  const last = rows.at(-1);
  say($("run-curve-text"), last ? `After pass ${last.pass}: training error ${inPercent(last.training_error_percent)}, ${testedName(run).toLowerCase()} ${inPercent(last.test_error_percent)}` : "No passes yet");
  const box = { left: 52, right: width - 12, top: 30, bottom: height - 40 };
  const passes = Math.max(run?.passes ?? 0, last?.pass ?? 0, 1);
  const axis = verticalAxis(rows.flatMap((row) => curves.map(([key]) => row[key])).filter(Number.isFinite));
  const x = (pass) => box.left + ((box.right - box.left) * pass) / passes;
  const y = (value) => box.bottom - (box.bottom - box.top) * axis.place(value);
  drawAxes(group, box, { x, y, passes, ticks: axis.ticks });
  curves.forEach(([key, label, name], i) => {
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
