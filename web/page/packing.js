// Drawings and pictures as short texts for a link: bytes in base64url.

/** The most points, and the largest coordinate, of a drawing that is unpacked. */
const MOST_POINTS = 5000;
const FARTHEST = 20000;
/** The most pixels of a picture that is unpacked. */
const MOST_PIXELS = 65536;
/** How far a simplified stroke may be from the drawn one, in units of the pad: the first of these that is short enough. */
const TOLERANCES = [0, 0.5, 1, 1.5, 2, 3, 4, 6, 8];

/** Numbers are written in groups of seven bits, the lowest first; signed ones alternate: 0, -1, 1, -2 ... */
class Writer {
  constructor() {
    this.bytes = [];
  }

  put(number) {
    for (; number > 127; number = Math.floor(number / 128)) this.bytes.push((number % 128) + 128);
    this.bytes.push(number);
  }

  putSigned(number) {
    this.put(number < 0 ? -2 * number - 1 : 2 * number);
  }

  get text() {
    const letters = this.bytes.map((byte) => String.fromCharCode(byte)).join("");
    return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  }
}

class Reader {
  constructor(text) {
    this.bytes = Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
    this.place = 0;
  }

  get ended() {
    return this.place >= this.bytes.length;
  }

  take() {
    let [number, factor] = [0, 1];
    for (; ; factor *= 128) {
      if (this.ended || factor > 2 ** 28) throw new RangeError("a number that does not end");
      const byte = this.bytes[this.place++];
      number += (byte % 128) * factor;
      if (byte < 128) return number;
    }
  }

  /** A number up to `most`. */
  takeUpTo(most) {
    const number = this.take();
    if (number > most) throw new RangeError(`${number}, at most ${most}`);
    return number;
  }

  takeSigned() {
    const number = this.takeUpTo(2 * FARTHEST);
    return number % 2 ? -(number + 1) / 2 : number / 2;
  }
}

/** The distance of a point from the line between two others. */
function distance([x, y], [fromX, fromY], [toX, toY]) {
  const [across, down] = [toX - fromX, toY - fromY];
  const length = across ** 2 + down ** 2;
  const along = length ? Math.min(1, Math.max(0, ((x - fromX) * across + (y - fromY) * down) / length)) : 0;
  return Math.hypot(fromX + along * across - x, fromY + along * down - y);
}

/** The stroke with as few points as stay within `tolerance` of it (Douglas and Peucker). */
function simplified(points, tolerance) {
  const [first, last] = [points[0], points.at(-1)];
  const far = points.map((point) => distance(point, first, last));
  const farthest = far.indexOf(Math.max(...far));
  if (points.length < 3 || far[farthest] <= tolerance) return points.length > 1 ? [first, last] : [first];
  return [...simplified(points.slice(0, farthest + 1), tolerance).slice(0, -1), ...simplified(points.slice(farthest), tolerance)];
}

/** Strokes in whole units as a text of at most `room` letters, as exactly as that allows; null if they need more. */
export function packStrokes(strokes, room) {
  const whole = strokes.map((stroke) => stroke.map((point) => point.map(Math.round)));
  for (const tolerance of TOLERANCES) {
    const writer = new Writer();
    let before = [0, 0];
    for (const stroke of whole) {
      const points = simplified(stroke, tolerance);
      writer.put(points.length);
      for (const point of points) {
        point.forEach((part, i) => writer.putSigned(part - before[i]));
        before = point;
      }
    }
    if (writer.text.length <= room) return writer.text;
  }
  return null;
}

/** Strokes from a text of `packStrokes`. Throws if it is none. */
export function unpackStrokes(text) {
  const [reader, strokes, place] = [new Reader(text), [], [0, 0]];
  for (let left = MOST_POINTS; !reader.ended; ) {
    const length = reader.takeUpTo(left);
    if (length === 0) throw new RangeError("a stroke without points");
    left -= length;
    strokes.push(Array.from({ length }, () => place.map((_, i) => (place[i] += reader.takeSigned()))));
  }
  if (strokes.flat(2).some((part) => Math.abs(part) > FARTHEST)) throw new RangeError("a point far from the pad");
  return strokes;
}

/** A picture as a text, its numbers `facts` before it: runs of empty pixels are written as their length. */
export function packPicture({ width, height, pixels }, facts) {
  const writer = new Writer();
  for (const number of [facts.length, ...facts, width, height]) writer.put(number);
  for (let i = 0; i < pixels.length; ) {
    let empty = 0;
    while (i + empty < pixels.length && pixels[i + empty] === 0) empty += 1;
    writer.bytes.push(empty ? 0 : pixels[i]);
    if (empty) writer.put(empty);
    i += empty || 1;
  }
  return writer.text;
}

/** The picture and its facts from a text of `packPicture`. Throws if it is none. */
export function unpackPicture(text) {
  const reader = new Reader(text);
  const facts = Array.from({ length: reader.takeUpTo(8) }, () => reader.take());
  const [width, height] = [reader.takeUpTo(1024), reader.takeUpTo(1024)];
  if (!(width * height > 0 && width * height <= MOST_PIXELS)) throw new RangeError("a picture of no size");
  const pixels = [];
  while (pixels.length < width * height && !reader.ended) {
    const level = reader.bytes[reader.place++];
    if (level) pixels.push(level);
    else for (let empty = reader.takeUpTo(width * height - pixels.length); empty > 0; empty--) pixels.push(0);
  }
  if (pixels.length !== width * height || !reader.ended) throw new RangeError("a picture with other pixels than its size");
  return { width, height, pixels, facts };
}
