// The page of `lenet5 demo`. It talks to the server that it came from and to nobody else.

import { $, Latest, Refusal, add, ask, clamp, explain, percent, sameList, say, status } from "./common.js";
import { playExample } from "./example.js";
import { drawCurve, followRun, listenRun } from "./run.js";

// ---------------------------------------------------------------- colours

/** The style sheet's colours, as red, green, blue, in the theme of now. */
let colours = {};
/** 256 colours each, as they lie in an image: `signed` from minus over zero to plus, `ink` from paper to ink. */
let ramps = {};

function resolve(name) {
  const probe = $("theme");
  probe.style.outlineColor = `var(--${name})`;
  const parts = getComputedStyle(probe).outlineColor.match(/[\d.]+/g).slice(0, 3).map(Number);
  probe.style.outlineColor = "";
  return parts;
}

function ramp(stops) {
  const bytes = new Uint8ClampedArray(4 * 256).fill(255);
  for (let i = 0; i < 256; i++) {
    const place = (i / 255) * (stops.length - 1);
    const from = Math.min(Math.floor(place), stops.length - 2);
    for (let c = 0; c < 3; c++) bytes[4 * i + c] = stops[from][c] + (place - from) * (stops[from + 1][c] - stops[from][c]);
  }
  return new Uint32Array(bytes.buffer);
}

const css = (name) => `rgb(${colours[name].join(" ")})`;

function readColours() {
  for (const name of ["paper", "ink", "quiet", "card", "minus", "zero", "plus", "mark", "accent"]) colours[name] = resolve(name);
  ramps = { signed: ramp([colours.minus, colours.zero, colours.plus]), ink: ramp([colours.paper, colours.ink]) };
}

const THEMES = ["auto", "light", "dark"];

function setTheme(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  $("theme").textContent = `Theme: ${theme}`;
  repaint();
}

function startTheme() {
  let theme = THEMES[0];
  $("theme").addEventListener("click", () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    setTheme(theme);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  setTheme(theme);
}

/** Everything that is painted, anew: after a change of theme, size or tab. */
function repaint() {
  readColours();
  pad.show();
  line.show();
  for (const panel of view.panels) panel.paint();
  paintCodes();
  paintStrip();
  drawCurve();
}

// ---------------------------------------------------------------- canvases

/** The empty canvas's context, in CSS pixels, of which it has `width` by `height`, sharp. */
function prepare(canvas, width, height) {
  const ratio = devicePixelRatio || 1;
  const size = [Math.round(width * ratio), Math.round(height * ratio)];
  if (!sameList(size, [canvas.width, canvas.height])) [canvas.width, canvas.height] = size;
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.imageSmoothingEnabled = false;
  return context;
}

/** The same for a canvas whose size is not the style sheet's. */
function prepareSized(canvas, width, height) {
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  return prepare(canvas, width, height);
}

/** A picture of `width` times `height` pixels, coloured by `ramp` at `place(i)`, 0 to 1. */
function picture(width, height, colourRamp, place) {
  const canvas = new OffscreenCanvas(width, height);
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < pixels.length; i++) pixels[i] = colourRamp[Math.round(255 * clamp(place(i), 0, 1))];
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

/** The largest size up to `wanted` at which `cells` cells are whole device pixels, or where those are few, halves of them. */
function crisp(wanted, cells) {
  const ratio = devicePixelRatio || 1;
  const zoom = (wanted * ratio) / cells;
  return (Math.max(1, zoom < 4 ? Math.floor(2 * zoom) / 2 : Math.floor(zoom)) * cells) / ratio;
}

/** An area to draw on, by pointer or by keys. Its strokes are in units of which its height has `units`. */
class Sketch {
  constructor(canvas, speaker, { units, pen, changed, settled }) {
    Object.assign(this, { canvas, speaker, units, pen, changed, settled });
    this.strokes = [];
    this.digit = null; // a test digit's 784 pixels
    this.example = null; // the stroke of the example, as long as nothing else has been drawn
    this.cursor = { x: units / 2, y: units / 2, down: false };
    this.stroke = null;
    canvas.addEventListener("pointerdown", (event) => this.press(event));
    canvas.addEventListener("pointermove", (event) => this.drag(event));
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, (event) => this.lift(event));
    canvas.addEventListener("keydown", (event) => this.key(event));
    for (const name of ["focus", "blur"]) canvas.addEventListener(name, () => this.show());
  }

  get empty() {
    return !this.digit && this.strokes.length === 0;
  }

  get unit() {
    return this.canvas.clientHeight / this.units || 1;
  }

  get width() {
    return this.canvas.clientWidth / this.unit || this.units;
  }

  begin(point) {
    if (this.example) this.strokes = [];
    Object.assign(this, { digit: null, example: null });
    this.stroke = [point];
    this.strokes.push(this.stroke);
    this.update();
  }

  update() {
    this.frame ??= requestAnimationFrame(() => this.show());
    this.changed();
  }

  point(event) {
    const box = this.canvas.getBoundingClientRect();
    return [(event.clientX - box.left - this.canvas.clientLeft) / this.unit, (event.clientY - box.top - this.canvas.clientTop) / this.unit];
  }

  press(event) {
    if (event.button !== 0 || this.pointer !== undefined) return;
    this.pointer = event.pointerId;
    try {
      this.canvas.setPointerCapture(event.pointerId);
    } catch {
      // a pointer that is gone already, or a test's
    }
    this.begin(this.point(event));
  }

  drag(event) {
    if (event.pointerId !== this.pointer) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) this.stroke?.push(this.point(each));
    this.update();
  }

  lift(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = undefined;
    this.stroke = null;
    this.settled?.();
  }

  key(event) {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.ctrlKey ? event.key !== "z" : event.altKey || event.metaKey) return;
    if (moves[event.key]) this.move(moves[event.key], event.shiftKey ? 24 : 8);
    else if (event.key === " ") this.toggle();
    else if (event.key === "Escape" || event.key === "Delete") this.clear();
    else if (event.key === "u" || event.key === "z") this.undo();
    else return;
    event.preventDefault();
  }

  move([x, y], step) {
    const { cursor } = this;
    cursor.x = clamp(cursor.x + x * step, 0, this.width);
    cursor.y = clamp(cursor.y + y * step, 0, this.units);
    if (cursor.down) {
      this.stroke?.push([cursor.x, cursor.y]);
      this.update();
    } else this.show();
    this.speak(cursor.down ? "drawing" : "moving");
  }

  toggle() {
    const { cursor } = this;
    cursor.down = !cursor.down;
    if (cursor.down) this.begin([cursor.x, cursor.y]);
    else {
      this.stroke = null;
      this.show();
      this.settled?.();
    }
    this.speak(cursor.down ? "pen down" : "pen up");
  }

  speak(what) {
    const across = Math.round((100 * this.cursor.x) / this.width);
    say(this.speaker, `${what}, ${across} % across, ${Math.round((100 * this.cursor.y) / this.units)} % down`);
  }

  /** Back to `strokes`, with the pen lifted. */
  reset(strokes, { digit = null, example = null } = {}) {
    Object.assign(this, { strokes, digit, example, stroke: null, pointer: undefined });
    this.cursor.down = false;
    this.update();
    this.settled?.();
  }

  undo() {
    this.reset(this.strokes.slice(0, -1));
    say(this.speaker, "stroke undone");
  }

  clear() {
    this.reset([]);
    say(this.speaker, "cleared");
  }

  load(digit) {
    this.reset([], { digit });
  }

  showExample(example) {
    this.reset([example], { example });
  }

  /** The strokes' paths; `scale` pixels of the context make a unit. */
  paint(context, scale) {
    Object.assign(context, { lineWidth: this.pen * scale, lineCap: "round", lineJoin: "round" });
    for (const stroke of this.strokes) {
      context.beginPath();
      context.moveTo(stroke[0][0] * scale, stroke[0][1] * scale);
      for (const [x, y] of stroke) context.lineTo(x * scale + 0.01, y * scale);
      context.stroke();
    }
  }

  show() {
    const { canvas, cursor, unit } = this;
    this.frame = undefined;
    if (!canvas.clientWidth) return;
    const context = prepare(canvas, canvas.clientWidth, canvas.clientHeight);
    if (this.digit) {
      const digit = picture(28, 28, ramps.ink, (i) => this.digit[i] / 255);
      context.drawImage(digit, 0, 0, canvas.clientWidth, canvas.clientHeight);
    }
    context.strokeStyle = css("ink");
    this.paint(context, unit);
    if (!canvas.matches(":focus-visible")) return;
    context.beginPath();
    context.arc(cursor.x * unit, cursor.y * unit, (this.pen / 2) * unit, 0, 7);
    Object.assign(context, { lineWidth: 2, strokeStyle: css("mark"), fillStyle: css("mark") });
    if (cursor.down) context.fill();
    context.stroke();
  }

  /**
   * What is drawn, in bytes, 255 for ink: `height` rows, or fewer where it would be wider than `limit`. `slight` is a drawing of
   * less ink than three dots have.
   */
  bytes(height, limit) {
    if (this.digit) return { query: "width=28&height=28&prepared=true", body: Uint8Array.from(this.digit), slight: false };
    const scale = Math.min(height / this.units, limit / this.width);
    const [width, rows] = [Math.round(this.width * scale), Math.round(this.units * scale)];
    const context = new OffscreenCanvas(width, rows).getContext("2d", { willReadFrequently: true });
    this.paint(context, scale);
    const { data } = context.getImageData(0, 0, width, rows);
    const body = new Uint8Array(width * rows);
    for (let i = 0; i < body.length; i++) body[i] = data[4 * i + 3];
    const [ink, dot] = [body.reduce((sum, level) => sum + level / 255, 0), Math.PI * ((this.pen * scale) / 2) ** 2];
    return { query: `width=${width}&height=${rows}`, body, slight: ink < 3 * dot };
  }
}

// ---------------------------------------------------------------- tabs

const TABS = ["digit", "line", "run"];

function openTab(name) {
  for (const each of TABS) {
    const open = each === name;
    $(`tab-${each}`).setAttribute("aria-selected", String(open));
    $(`tab-${each}`).tabIndex = open ? 0 : -1;
    $(`panel-${each}`).hidden = !open;
  }
  status("");
  layOut();
  if (name === "run") followRun();
}

function startTabs() {
  for (const [index, name] of TABS.entries()) {
    $(`tab-${name}`).addEventListener("click", () => openTab(name));
    $(`tab-${name}`).addEventListener("keydown", (event) => {
      const to = { ArrowLeft: index + TABS.length - 1, ArrowRight: index + 1, Home: 0, End: TABS.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      openTab(TABS[to % TABS.length]);
      $(`tab-${TABS[to % TABS.length]}`).focus();
    });
  }
}

// ---------------------------------------------------------------- the layers

/** What is looked at. Level 0 of `panels` is the input, level i the layer i - 1; `picked` is {level, map, row, column}. */
const view = { networks: [], network: null, result: null, panels: [], picked: null, codes: [] };

const ABOUT = {
  lenet5: {
    C1: "Each map looks for one small feature, everywhere.",
    S2: "Sums of four, times a coefficient, plus a bias.",
    C3: "Each map combines some of S2's, by Table\u00a0I.",
    S4: "As S2, on C3's maps.",
    C5: "120 units, each over all of S4.",
    F6: "They draw the digit's code. Beside it the ten codes; dots where it differs.",
  },
  modern: {
    C1: "Each map looks for one small feature, everywhere.",
    S2: "The largest of four, then ReLU.",
    C3: "Each map combines all of S2's.",
    S4: "As S2, on C3's maps.",
    C5: "120 units, each over all of S4.",
    F6: "84 units without a code to draw.",
  },
  lenet1: {
    input: "The digit reduced to 16\u00a0×\u00a016, within 28\u00a0×\u00a028.",
    H1: "Four features, each looked for everywhere.",
    H2: "Averages of four, weighted.",
    H3: "Each map combines one or two of H2's.",
    H4: "As H2, on H3's maps.",
  },
};

/** One layer's maps side by side on a canvas. */
class Panel {
  constructor(level, layer, parent, { about, grey, columns }) {
    Object.assign(this, { level, layer, grey, fixed: columns });
    this.unit = layer.height * layer.width === 1;
    this.values = null;
    this.row = add(parent, "div", "layer");
    const label = add(this.row, "div", "label");
    add(label, "h3", "", layer.title ?? layer.name);
    add(label, "span", "shape", this.unit ? `${layer.maps} units` : `${layer.maps > 1 ? `${layer.maps} maps ` : ""}${layer.height} × ${layer.width}`);
    Object.assign(this, { label, about, hint: add(label, "p", "hint", about) });
    this.box = add(this.row, "div", "maps");
    this.canvas = add(this.box, "canvas", "grid");
    if (level > 0) this.listen();
    else this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", this.describe());
  }

  describe() {
    const { layer, level } = this;
    const what = `${layer.title ?? layer.name}: ${layer.maps} ${this.unit ? "units" : `maps of ${layer.height} by ${layer.width}`}`;
    return level ? `${what}. Arrow keys choose a unit, Page Up and Page Down another map, Escape none.` : what;
  }

  listen() {
    const { canvas } = this;
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    canvas.addEventListener("click", (event) => pick(this.hit(event)));
    canvas.addEventListener("keydown", (event) => this.key(event));
  }

  /** The unit under the pointer. */
  hit(event) {
    const box = this.canvas.getBoundingClientRect();
    const { layer, pitch } = this;
    const [x, y] = [clamp(event.clientX - box.left, 0, box.width - 1), clamp(event.clientY - box.top, 0, box.height - 1)];
    const [column, row] = [Math.floor(x / pitch.x), Math.floor(y / pitch.y)];
    const within = (place, size, cells) => clamp(Math.floor((place / size) * cells), 0, cells - 1);
    return {
      level: this.level,
      map: Math.min(row * this.columns + column, layer.maps - 1),
      row: within(y - row * pitch.y, this.size.y, layer.height),
      column: within(x - column * pitch.x, this.size.x, layer.width),
    };
  }

  key(event) {
    const { layer, level, columns } = this;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const at = view.picked?.level === level ? { ...view.picked } : null;
    const go = (place, size, by, maps) => {
      at[place] += by;
      if (at[place] >= 0 && at[place] < size) return;
      at[place] = by < 0 ? size - 1 : 0;
      at.map = (at.map + maps + layer.maps) % layer.maps;
    };
    const keys = {
      ArrowLeft: () => go("column", layer.width, -1, -1),
      ArrowRight: () => go("column", layer.width, 1, 1),
      ArrowUp: () => go("row", layer.height, -1, -columns),
      ArrowDown: () => go("row", layer.height, 1, columns),
      PageUp: () => go("map", layer.maps, -1, 0),
      PageDown: () => go("map", layer.maps, 1, 0),
      Escape: () => {},
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    if (at) keys[event.key]();
    if (event.key === "Escape") pick(null);
    else pick(at ?? { level, map: 0, row: 0, column: 0 });
  }

  /** As many columns as leave each map large enough. */
  layOut() {
    const { layer } = this;
    const room = Math.max(this.box.clientWidth, 64);
    const gap = this.unit ? 1 : 6;
    const smallest = this.unit ? 10 : layer.height > 6 ? 40 : 29;
    const largest = this.unit ? (this.fixed ? 12 : 11) : this.level ? 4 * layer.height + 36 : 128;
    const parts = [1, 2, 3, 4, 5, 6, 8, 10, 12].map((rows) => layer.maps / rows).filter(Number.isInteger);
    this.columns = this.fixed ?? parts.find((columns) => room / columns - gap >= smallest) ?? parts.at(-1);
    const width = clamp(Math.floor((room + gap) / this.columns - gap), 4, Math.min(largest, 116 + 12 * !this.level));
    this.size = { x: crisp(width, layer.width), y: crisp(width, layer.width) * (layer.height / layer.width) };
    this.pitch = { x: this.size.x + gap, y: this.size.y + gap };
    this.gap = gap;
    this.paint();
  }

  place(map) {
    return [(map % this.columns) * this.pitch.x, Math.floor(map / this.columns) * this.pitch.y];
  }

  paint() {
    if (!this.size) return;
    const { layer, size, pitch, gap } = this;
    const context = prepareSized(this.canvas, this.columns * pitch.x - gap, Math.ceil(layer.maps / this.columns) * pitch.y - gap);
    const area = layer.width * layer.height;
    const image = picture(layer.width, layer.height * layer.maps, this.grey ? ramps.ink : ramps.signed, this.shade());
    const light = trace()[this.level];
    for (let map = 0; map < layer.maps; map++) {
      const [x, y] = this.place(map);
      context.globalAlpha = light && !light.own && !light.maps.has(map) ? 0.18 : 1;
      context.drawImage(image, 0, (map * area) / layer.width, layer.width, layer.height, x, y, size.x, size.y);
    }
    context.globalAlpha = 1;
    if (light) for (const map of light.maps) this.frame(context, map, light);
  }

  /** The colour's place, 0 to 1, of each value. */
  shade() {
    if (!this.values) return this.level === 0 ? () => 0 : () => (this.grey ? 0 : 0.5);
    const { low, high, values } = this.values;
    if (this.level === 0) return (i) => (values[i] - low) / (high - low || 1);
    const most = this.grey ? 1 : Math.max(-low, high, 1e-6); // a code's bits are +1 and -1
    return (i) => 0.5 + (0.5 * values[i]) / most;
  }

  /** A frame round the lit window of a map. */
  frame(context, map, { rows, columns }) {
    const [x, y] = this.place(map);
    const [cell, line] = [this.size.x / this.layer.width, this.unit ? 1.5 : 2];
    const box = [x + columns[0] * cell, y + rows[0] * cell, (columns[1] - columns[0]) * cell, (rows[1] - rows[0]) * cell];
    context.strokeStyle = css("card");
    context.lineWidth = line + 2;
    context.strokeRect(...box);
    context.strokeStyle = css("mark");
    context.lineWidth = line;
    context.strokeRect(...box);
  }
}

/** Whether the maps of a layer are fed by different ones of the layer before, several at a time. */
function sparse(layer) {
  return layer.inputs.some((each) => each.length > 1) && layer.inputs.some((each) => !sameList(each, layer.inputs[0]));
}

/** The table of a sparse layer, small, under its name: columns are its maps, rows those of the layer before. */
class Table {
  constructor(panel, before) {
    Object.assign(this, { level: panel.level, layer: panel.layer, before, canvas: add(panel.label, "canvas", "table") });
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", `Table: which maps of ${before.name} feed each of ${panel.layer.name}`);
  }

  layOut() {
    this.paint();
  }

  paint() {
    const { layer, before } = this;
    const cell = 9;
    const context = prepareSized(this.canvas, cell * layer.maps, cell * before.maps);
    const map = view.picked?.level === this.level ? view.picked.map : -1;
    layer.inputs.forEach((inputs, column) => {
      for (let row = 0; row < before.maps; row++) {
        context.fillStyle = inputs.includes(row) ? css(column === map ? "mark" : "quiet") : css("zero");
        context.fillRect(column * cell, row * cell, cell - 1, cell - 1);
      }
    });
  }
}

/** For each level what the picked unit sees of it: maps, rows and columns (first, and one after the last); nothing above it. */
function trace() {
  const lit = [];
  if (!view.picked) return lit;
  const { level, map, row, column } = view.picked;
  let light = { maps: new Set([map]), rows: [row, row + 1], columns: [column, column + 1] };
  // The frame is one unit, and no other map of its own layer is dimmed.
  lit[level] = { ...light, own: true };
  for (let i = level; i > 0; i--) {
    const { inputs, kernel, stride } = view.network.layers[i - 1];
    const reach = ([from, to]) => [from * (stride ?? 1), (to - 1) * (stride ?? 1) + (kernel ?? 1)];
    light = { maps: new Set([...light.maps].flatMap((each) => inputs[each])), rows: reach(light.rows), columns: reach(light.columns) };
    lit[i - 1] = light;
  }
  return lit;
}

/** Lights what a unit looks at; the same once more, or none, puts it out. */
function pick(unit) {
  view.picked = JSON.stringify(unit) === JSON.stringify(view.picked) ? null : unit;
  for (const panel of view.panels) panel.paint();
  tellPicked();
}

function tellPicked() {
  const told = view.picked && tellUnit(view.picked);
  say($("unit-info"), told || "Click a unit in any map to light what it looks at.");
  $("unit-info").classList.toggle("lit", Boolean(told));
  // The units that are drawn with the codes are on another card, which may be far from that line.
  const drawn = view.panels.find((panel) => panel.fixed);
  const own = told && drawn?.level === view.picked.level;
  if (drawn) say(drawn.hint, own ? told : drawn.about);
  drawn?.hint.classList.toggle("lit", Boolean(own));
}

function tellUnit({ level, map, row, column }) {
  const layer = view.network.layers[level - 1];
  const before = view.network.layers[level - 2]?.name ?? "the input";
  const place = layer.height * layer.width > 1 ? ` map ${map}, unit (${row}, ${column})` : ` unit ${map}`;
  const value = panelOf(level)?.values?.values[(map * layer.height + row) * layer.width + column];
  const number = value === undefined ? "" : ` = ${value.toFixed(2).replace("-", "−")}`;
  const inputs = layer.inputs[map];
  const all = level > 1 && inputs.length === view.network.layers[level - 2].maps && !sparse(layer);
  const table = view.network.name === "lenet5" && layer.name === "C3" ? " (Table I)" : "";
  const fed = level === 1 ? before : all ? `all of ${before}` : `${before} ${inputs.length > 1 ? "maps" : "map"} ${inputs.join(", ")}`;
  return `${layer.name}${place}${number}: ${fed}${table}`;
}

const panelOf = (level) => view.panels.find((panel) => panel.level === level && panel instanceof Panel);

/** The panels of a network's layers, empty. */
function buildLayers(network) {
  const parent = $("layers");
  for (const part of [parent, $("drawn")]) part.replaceChildren();
  Object.assign(view, { panels: [], codes: [], picked: null });
  const first = network.layers[0];
  const side = (first.height - 1) * first.stride + (first.kernel ?? 1);
  const input = { name: "input", title: "Input", maps: 1, height: side, width: side };
  const about = ABOUT[network.name]?.input ?? "The digit's 28\u00a0×\u00a028 pixels and a margin.";
  view.panels.push(new Panel(0, input, parent, { about, grey: true }));
  network.layers.forEach((layer, i) => {
    const drawn = network.codes && layer.maps === network.codes[0].length;
    const about = ABOUT[network.name]?.[layer.name] ?? "";
    const panel = new Panel(i + 1, layer, drawn ? $("drawn") : parent, { about, grey: drawn, columns: drawn ? 7 : undefined });
    view.panels.push(panel);
    if (i > 0 && sparse(layer)) view.panels.push(new Table(panel, network.layers[i - 1]));
    if (drawn) buildCodes(network, panel);
  });
  tellPicked();
}

// ---------------------------------------------------------------- the codes beside F6

function buildCodes(network, panel) {
  panel.row.classList.add("drawn");
  const list = add(panel.row, "ol", "codes");
  list.setAttribute("aria-label", "The ten codes, with the distance of F6 from each");
  view.codes = network.codes.map((code, i) => {
    const item = add(list, "li");
    const canvas = add(item, "canvas");
    add(item, "b", "", network.classes[i]);
    return { code, item, canvas, distance: add(item, "span", "", "–") };
  });
}

function paintCodes() {
  const values = view.panels.find((panel) => panel.fixed)?.values?.values;
  const room = (view.codes[0]?.item.clientWidth ?? 0) - 4;
  const cell = clamp(Math.floor(room / 7), 3, 6);
  view.codes.forEach(({ code, item, canvas, distance }, i) => {
    const context = prepareSized(canvas, 7 * cell, 12 * cell);
    context.drawImage(picture(7, 12, ramps.ink, (at) => (code[at] > 0 ? 0.9 : 0.05)), 0, 0, 7 * cell, 12 * cell);
    context.fillStyle = css("mark");
    code.forEach((bit, at) => {
      if (values && bit * values[at] < 0) context.fillRect((at % 7) * cell + 1.5, Math.floor(at / 7) * cell + 1.5, 2, 2);
    });
    item.className = view.result?.answer === i ? "best" : "";
    say(distance, view.result ? short(view.result.distances[i], 1) : "–");
  });
}

// ---------------------------------------------------------------- the answer

/** Ten rows: name, bar, number. */
function buildBars(list, classes) {
  list.replaceChildren();
  return classes.map((name) => {
    const item = add(list, "li");
    add(item, "b", "", name);
    return { item, bar: add(add(item, "span", "track"), "span", "bar"), number: add(item, "span", "number", "–") };
  });
}

/** A number with `digits` decimals, without them from 100 on. */
const short = (value, digits) => value.toFixed(Math.abs(value) < 99.95 ? digits : 0).replace("-", "−");

/** For every network alike: 1 for the class that wins, 0 for the one that is farthest from winning, in proportion between. */
function nearness(distances) {
  const [near, far] = [Math.min(...distances), Math.max(...distances)];
  return distances.map((distance) => (far > near ? (far - distance) / (far - near) : 1));
}

function showBars(bars, result) {
  const numbers = result && (result.scores ?? result.distances);
  // Of scores, the largest wins.
  const near = result && nearness(result.scores ? numbers.map((score) => -score) : numbers);
  bars.forEach(({ item, bar, number }, i) => {
    item.className = result?.answer === i ? "best" : "";
    bar.style.width = result ? `${100 * near[i]}%` : "0";
    say(number, result ? short(numbers[i], Math.abs(numbers[i]) < 9.995 ? 2 : 1) : "–");
  });
}

function tellRubbish({ rubbish, probabilities, answer }) {
  if (rubbish === null) return `${probabilities ? `Probability ${percent(probabilities[answer])} by softmax. ` : ""}This network has no class for what is no digit.`;
  if (rubbish < 0.1) return "Almost surely one of the ten.";
  if (rubbish < 0.5) return "More probably one of the ten.";
  return "No class is near enough: more probably none of the ten.";
}

/** Says what the numbers are. Before the first answer, for all that is known, distances. */
function tellBars(result) {
  const from = view.network.codes ? "distance of F6 from the class's code" : "distance of the outputs from the class's targets";
  say($("bars-words"), result?.scores ? "The number is the score; the largest is the answer." : `The number is the ${from}; the smallest is the answer.`);
}

/** Without a result `why` says why there is none. */
function showAnswer(result, milliseconds, why) {
  say($("answer"), result ? view.network.classes[result.answer] : "–");
  $("answer").classList.toggle("none", !result);
  say($("rubbish"), result && result.rubbish !== null ? percent(result.rubbish) : "–");
  say($("rubbish-words"), result ? tellRubbish(result) : why);
  say($("speed"), result ? `${(result.microseconds / 1000).toFixed(2)} ms in the network, ${milliseconds.toFixed(0)} ms in all` : "");
  tellBars(result);
  showBars(view.bars, result);
  tellSource();
}

function showResult(result, milliseconds, why = "") {
  view.result = result;
  for (const panel of view.panels) {
    if (panel instanceof Panel) panel.values = result && (panel.level ? result.layers[panel.level - 1] : result.input);
    panel.paint();
  }
  paintCodes();
  showAnswer(result, milliseconds, why);
  tellPicked();
}

/** The cards of the other networks, when they are compared. */
function buildOthers() {
  const parent = $("others");
  parent.replaceChildren();
  const others = $("compare").checked ? view.networks.filter((network) => network !== view.network) : [];
  view.others = others.map((network) => {
    const card = add(parent, "section", "other");
    add(card, "h3", "", network.title);
    const answer = add(card, "p", "small-answer", "–");
    const what = add(card, "p", "hint", "–");
    return { network, answer, what, bars: buildBars(add(card, "ol", "bars"), network.classes) };
  });
}

function tellOther({ answer, rubbish, probabilities, scores }) {
  const judged = digits.answer === null ? [] : [answer === digits.loaded.label ? "right" : "wrong"];
  const share = probabilities ? [`probability ${percent(probabilities[answer])}`] : rubbish === null ? [] : [`rubbish ${percent(rubbish)}`];
  return [...judged, scores ? "scores" : "distances", ...share].join(", ");
}

function showOther({ network, answer, what, bars }, result) {
  say(answer, result ? network.classes[result.answer] : "–");
  say(what, result ? tellOther(result) : "–");
  showBars(bars, result);
}

// ---------------------------------------------------------------- asking the networks

async function see(network, { query, body }) {
  const sliders = ["scale", "rotation", "noise"].map((name) => `${name}=${$(name).value}`).join("&");
  return ask(`api/see?network=${network.name}&${query}&${sliders}`, body);
}

function showNothing(others, why) {
  digits.answer = null;
  showResult(null, 0, why);
  others.forEach((other) => showOther(other, null));
}

const looking = new Latest(async () => {
  const others = view.others ?? [];
  if (!view.network) return;
  const [network, digit, drawing, start] = [view.network, pad.digit, pad.bytes(140, 140), performance.now()];
  if (pad.empty || drawing.slight) {
    status("");
    showNothing(others, pad.empty ? "Nothing is drawn yet." : "Too little ink for a digit: draw on.");
    return;
  }
  const asked = [network, ...others.map((other) => other.network)].map((each) => see(each, drawing));
  const results = await Promise.all(asked).catch((error) => {
    if (error instanceof Refusal) showNothing(others);
    throw error;
  });
  status("");
  if (network !== view.network || pad.empty) return;
  digits.answer = digit && digit === pad.digit ? results[0].answer : null;
  showResult(results[0], performance.now() - start);
  others.forEach((other, i) => showOther(other, results[i + 1]));
});

function chooseNetwork(name) {
  const network = view.networks.find((each) => each.name === name) ?? view.networks[0];
  Object.assign(view, { network, result: null, bars: buildBars($("bars"), network.classes) });
  say($("network-about"), network.about);
  buildLayers(network);
  buildOthers();
  layOut();
  looking.ask();
}

function showSliders() {
  say($("scale-value"), `${Number($("scale").value).toFixed(2)} ×`);
  say($("rotation-value"), `${$("rotation").value.replace("-", "−")}°`);
  say($("noise-value"), `${Math.round(100 * $("noise").value)} %`);
}

async function startDigit() {
  const { networks } = await ask("api/networks");
  view.networks = networks;
  $("network").replaceChildren();
  for (const { name, title } of networks) add($("network"), "option", "", title).value = name;
  chooseNetwork(networks[0].name);
  if (pad.empty) playExample(pad);
  await startDigits();
}

function listenDigit() {
  $("clear").addEventListener("click", () => pad.clear());
  $("undo").addEventListener("click", () => pad.undo());
  $("network").addEventListener("change", () => chooseNetwork($("network").value));
  $("compare").addEventListener("change", () => {
    buildOthers();
    looking.ask();
  });
  for (const name of ["scale", "rotation", "noise"]) $(name).addEventListener("input", () => (showSliders(), looking.ask()));
  $("reset").addEventListener("click", () => {
    for (const name of ["scale", "rotation", "noise"]) $(name).value = $(name).defaultValue;
    showSliders();
    looking.ask();
  });
  $("test-digit").addEventListener("click", () => loadDigit(Math.floor(Math.random() * digits.count)));
  $("paper-error").addEventListener("click", () => loadDigit(digits.errors[digits.next++ % digits.errors.length]));
  $("digit-form").addEventListener("submit", (event) => {
    event.preventDefault();
    loadDigit($("digit-index").valueAsNumber);
  });
  showSliders();
}

// ---------------------------------------------------------------- test digits

/** `loaded` is the digit on the pad, `answer` what the chosen network answers to it, as soon as it has. */
const digits = { count: 0, errors: [], next: 0, loaded: null, answer: null };

async function startDigits() {
  const { name, count, paper_errors: errors } = await ask("api/digits");
  Object.assign(digits, { count, errors });
  say($("digits-title"), name);
  $("digit-index").max = count - 1;
  $("paper-error").disabled = errors.length === 0;
  const why = errors.length ? `One after the other of the ${errors.length} test patterns of the paper's Fig. 8.` : "Known for MNIST's test set only, which is not here.";
  say($("paper-error-why"), why);
}

async function loadDigit(index) {
  // An empty field is no number.
  if (!(Number.isInteger(index) && index >= 0 && index < digits.count)) {
    status(`The test digits have the numbers 0 to ${digits.count - 1}.`);
    return;
  }
  try {
    const { label, pixels, paper_answer: paper } = await ask(`api/digits/${index}`);
    $("digit-index").value = index;
    digits.loaded = { index, label, paper };
    pad.load(pixels);
    status("");
  } catch (error) {
    explain(error);
  }
}

/** Says where the drawing comes from and, of a test digit, whether the answer is right. */
function tellSource() {
  const wrong = digits.answer !== null && digits.answer !== digits.loaded.label;
  say($("digit-info"), pad.example ? "An example: your first stroke clears it." : pad.digit ? tellDigit(digits.loaded, wrong) : "");
  $("digit-info").classList.toggle("wrong", wrong);
}

function tellDigit({ index, label, paper }, wrong) {
  const article = label === 8 ? "an" : "a";
  const ours = digits.answer === null ? "" : ` The answer ${view.network.classes[digits.answer]} is ${wrong ? "wrong" : "right"}.`;
  const theirs = paper === null ? "" : ` The paper's network answered ${paper}.`;
  return `Number ${index} is ${article} ${label}.${ours}${theirs}`;
}

// ---------------------------------------------------------------- a line

let scanned = null;

const scanning = new Latest(async () => {
  const { query, body, slight } = line.bytes(200, 1000);
  const result = slight ? null : await ask(`api/scan?${query}`, body);
  status(slight && !line.empty ? "Too little ink for a digit: draw on." : "");
  showScan(line.empty ? null : result);
});

function showScan(result) {
  scanned = result;
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
  paintHeat(context, margin, below + 32, cell, zoom);
}

function bracket(context, name, left, right, top) {
  context.strokeStyle = context.fillStyle = css("accent");
  context.beginPath();
  context.moveTo(left, top);
  context.lineTo(left, top + 6);
  context.lineTo(right, top + 6);
  context.lineTo(right, top);
  context.stroke();
  context.fillText(name, (left + right) / 2, top + 18);
}

function paintHeat(context, margin, top, cell, zoom) {
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

// ---------------------------------------------------------------- start

const pad = new Sketch($("draw"), $("draw-state"), {
  units: 280,
  pen: 22,
  changed: () => {
    digits.answer = null;
    tellSource();
    looking.ask();
  },
});
const line = new Sketch($("line"), $("line-state"), { units: 200, pen: 14, changed: () => {}, settled: () => scanning.ask() });

function layOut() {
  for (const panel of view.panels) panel.layOut();
  repaint();
}

function listenRest() {
  $("line-clear").addEventListener("click", () => line.clear());
  $("line-undo").addEventListener("click", () => line.undo());
  $("scan").addEventListener("click", () => scanning.ask());
  let width = 0;
  new ResizeObserver(() => {
    if (document.body.clientWidth === width) return;
    width = document.body.clientWidth;
    layOut();
  }).observe(document.body);
}

startTheme();
startTabs();
listenDigit();
listenRest();
listenRun();
new Latest(startDigit).ask();
