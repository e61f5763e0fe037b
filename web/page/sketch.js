// A drawing pad.

import { clamp, say } from "./common.js";
import { css, picture, prepare, ramps } from "./painting.js";

/** An area to draw on, by pointer or by keys. Its strokes are in units of which its height has `units`; so is the `pen`'s width. */
export class Sketch {
  constructor(canvas, speaker, { units, pen, changed, settled }) {
    Object.assign(this, { canvas, speaker, units, pen, changed, settled });
    this.strokes = [];
    this.digit = null; // a test digit or what was prepared of a picture, with `height` x `width` pixels (28 x 28), in place of strokes
    this.example = null; // the stroke of the example, as long as nothing else has been drawn
    this.boxes = []; // around what was read in the drawing as it is
    this.cursor = { x: units / 2, y: units / 2, down: false };
    this.stroke = null;
    canvas.addEventListener("pointerdown", (event) => this.press(event));
    canvas.addEventListener("pointermove", (event) => this.drag(event));
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, (event) => event.pointerId === this.pointer && this.end());
    canvas.addEventListener("keydown", (event) => this.key(event));
    for (const name of ["focus", "blur"]) canvas.addEventListener(name, () => this.paint());
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
    this.boxes = [];
    this.waiting ??= requestAnimationFrame(() => this.paint());
    this.changed();
  }

  point(event) {
    const box = this.canvas.getBoundingClientRect();
    return [(event.clientX - box.left - this.canvas.clientLeft) / this.unit, (event.clientY - box.top - this.canvas.clientTop) / this.unit];
  }

  press(event) {
    if (event.button !== 0 || this.pointer !== undefined) return;
    this.pointer = event.pointerId;
    this.canvas.setPointerCapture(event.pointerId);
    this.begin(this.point(event));
  }

  drag(event) {
    if (event.pointerId !== this.pointer) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) this.stroke?.push(this.point(each));
    this.update();
  }

  /** Lifts the pen. */
  end() {
    Object.assign(this, { stroke: null, pointer: undefined });
    this.cursor.down = false;
    this.paint();
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
    } else this.paint();
    this.speak(cursor.down ? "drawing" : "moving");
  }

  toggle() {
    const { cursor } = this;
    if (cursor.down) this.end();
    else {
      cursor.down = true;
      this.begin([cursor.x, cursor.y]);
    }
    this.speak(cursor.down ? "pen down" : "pen up");
  }

  speak(what) {
    const across = Math.round((100 * this.cursor.x) / this.width);
    say(this.speaker, `${what}, ${across} % across, ${Math.round((100 * this.cursor.y) / this.units)} % down`);
  }

  /** Shows these strokes, or a test digit, with the pen lifted. */
  reset(strokes, { digit = null, example = null } = {}) {
    Object.assign(this, { strokes, digit, example });
    this.update();
    this.end();
  }

  /** Frames what was read: boxes in units, each with its `name`, until the drawing changes. */
  frame(boxes) {
    this.boxes = boxes;
    this.paint();
  }

  /** Takes the strokes away for what is shown in their place, of which nobody has to be told. */
  withdraw() {
    this.strokes = [];
    this.frame([]);
  }

  undo() {
    this.reset(this.strokes.slice(0, -1));
    say(this.speaker, "stroke undone");
  }

  clear() {
    this.reset([]);
    say(this.speaker, "cleared");
  }

  /** The strokes' paths; `scale` pixels of the context make a unit. */
  draw(context, scale) {
    Object.assign(context, { lineWidth: this.pen * scale, lineCap: "round", lineJoin: "round" });
    for (const stroke of this.strokes) {
      context.beginPath();
      context.moveTo(stroke[0][0] * scale, stroke[0][1] * scale);
      for (const [x, y] of stroke) context.lineTo(x * scale + 0.01, y * scale);
      context.stroke();
    }
  }

  paint() {
    const { canvas, cursor, unit } = this;
    this.waiting = undefined;
    if (!canvas.clientWidth) return;
    const context = prepare(canvas, canvas.clientWidth, canvas.clientHeight);
    if (this.digit) {
      const { height = 28, width = 28, pixels } = this.digit;
      const scale = Math.min(canvas.clientWidth / width, canvas.clientHeight / height);
      const digit = picture(width, height, ramps.ink, (i) => pixels[i] / 255);
      context.drawImage(digit, (canvas.clientWidth - scale * width) / 2, (canvas.clientHeight - scale * height) / 2, scale * width, scale * height);
    }
    context.strokeStyle = css("ink");
    this.draw(context, unit);
    this.paintBoxes(context);
    if (!canvas.matches(":focus-visible")) return;
    context.beginPath();
    context.arc(cursor.x * unit, cursor.y * unit, (this.pen / 2) * unit, 0, 7);
    Object.assign(context, { lineWidth: 2, strokeStyle: css("mark"), fillStyle: css("mark") });
    if (cursor.down) context.fill();
    context.stroke();
  }

  paintBoxes(context) {
    const { unit } = this;
    context.save();
    Object.assign(context, { lineWidth: 1.5, textAlign: "center", textBaseline: "middle", font: "600 13px system-ui, sans-serif" });
    for (const { name, trusted, left, right, top, bottom } of this.boxes) {
      context.strokeStyle = context.fillStyle = css(trusted ? "accent" : "mark");
      context.setLineDash(trusted ? [] : [4, 3]);
      context.strokeRect(left * unit - 2, top * unit - 2, (right - left) * unit + 4, (bottom - top) * unit + 4);
      // Above its box, or below it where there is no room.
      context.fillText(name, ((left + right) / 2) * unit, top * unit > 22 ? top * unit - 11 : bottom * unit + 12);
    }
    context.restore();
  }

  /**
   * The drawing in bytes, 255 for ink: `height` rows, or fewer where it would be wider than `limit`. It is `prepared` if it is a digit
   * that was prepared before, and `slight` if it has less ink than three dots.
   */
  bytes(height, limit) {
    if (this.digit) {
      const { width = 28, height: side = 28, pixels } = this.digit;
      return { width, height: side, prepared: true, pixels: Uint8Array.from(pixels), slight: false };
    }
    const scale = Math.min(height / this.units, limit / this.width);
    const [width, rows] = [Math.round(this.width * scale), Math.round(this.units * scale)];
    const context = new OffscreenCanvas(width, rows).getContext("2d", { willReadFrequently: true });
    this.draw(context, scale);
    const { data } = context.getImageData(0, 0, width, rows);
    const pixels = Uint8Array.from({ length: width * rows }, (_, i) => data[4 * i + 3]);
    const [ink, dot] = [pixels.reduce((sum, level) => sum + level / 255, 0), Math.PI * ((this.pen * scale) / 2) ** 2];
    return { width, height: rows, prepared: false, pixels, slight: ink < 3 * dot };
  }
}
