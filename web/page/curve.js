// Curves of errors against the pass.

import { say } from "./common.js";

export const inPercent = (value) => (value === null ? "–" : `${value.toFixed(2)} %`);

/** A curve with more points has no marks on them. */
const MOST_MARKS = 60;

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
function verticalAxis(values, logarithmic) {
  if (!logarithmic) {
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

/** The points of a curve: its `errors`, in percent after each pass of `rows`. */
export const pointsOf = (rows, errors) => rows.filter((row) => Number.isFinite(row[errors])).map((row) => [row.pass, row[errors]]);

/**
 * Draws `curves` up to `passes`, or none on empty axes. Each has a `label`, `points` of pass and percent, and a `kind`: "test" or
 * "training", and perhaps "left" or "right" for that of two networks. `words` tell what is drawn.
 */
export function drawCurves(svg, { curves, passes, words, logarithmic }) {
  const [width, height] = [svg.clientWidth, svg.clientHeight];
  if (!width) return;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const group = svg.querySelector("g");
  group.replaceChildren();
  say(svg.querySelector("desc"), words);
  const room = 36 + 7 * Math.max(...curves.map(({ label }) => label.length));
  const rows = Math.ceil(curves.length / Math.max(1, Math.floor((width - 52) / room)));
  const columns = Math.ceil(curves.length / rows);
  const box = { left: 52, right: width - 12, top: 12 + 18 * rows, bottom: height - 40 };
  const axis = verticalAxis(curves.flatMap(({ points }) => points.map(([, value]) => value)), logarithmic);
  const most = Math.max(passes, ...curves.flatMap(({ points }) => points.slice(-1).map(([pass]) => pass)), 1);
  const x = (pass) => box.left + ((box.right - box.left) * pass) / most;
  const y = (value) => box.bottom - (box.bottom - box.top) * axis.place(value);
  drawAxes(group, box, { x, y, passes: most, ticks: axis.ticks });
  curves.forEach(({ label, kind, points }, i) => {
    drawPoints(group, kind, points.map(([pass, value]) => [x(pass), y(value)]));
    const [left, middle] = [box.left + room * (i % columns), 12 + 18 * Math.floor(i / columns)];
    addSvg(group, "line", { class: `curve-line ${kind}`, x1: left, x2: left + 22, y1: middle, y2: middle });
    addSvg(group, "text", { x: left + 28, y: middle + 4 }, label);
  });
}

function drawPoints(group, kind, points) {
  addSvg(group, "polyline", { class: `curve-line ${kind}`, points: points.map((point) => point.join(",")).join(" ") });
  if (points.length > MOST_MARKS) return;
  for (const [x, y] of points) {
    if (kind.startsWith("test")) addSvg(group, "circle", { class: `dot ${kind}`, cx: x, cy: y, r: 3.5 });
    else addSvg(group, "rect", { class: `dot ${kind}`, x: x - 3, y: y - 3, width: 6, height: 6 });
  }
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
