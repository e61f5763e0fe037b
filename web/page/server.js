// The networks, the test digits, the runs and the training: asked of the page's server, or, on a site without one, of workers with the
// network in WebAssembly. Only this module asks.

import { keepBuild, keepFiles } from "./keeping.js";

/** An answer with a reason for its refusal. */
export class Refusal extends Error {}
/** No answer, yet: it is worth asking again. */
export class Silence extends Error {}

/** True on a site that has no server of its own. */
export const isSite = "site" in document.documentElement.dataset;

/** On a site: settled when what is loaded from now on is kept. */
const keeping = isSite && keepFiles();

/** An answer of the server: JSON, or bytes. */
async function askServer(path, query, body) {
  const options = body ? { method: "POST", body, headers: { "Content-Type": "application/octet-stream" } } : {};
  const response = await fetch(`api/${path}${query && "?"}${query}`, options).catch(() => {
    throw new Silence("The server does not answer: has lenet5 demo been stopped?");
  });
  if (response.ok && response.headers.get("Content-Type")?.startsWith("application/octet-stream")) return new Uint8Array(await response.arrayBuffer());
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(answer.error ?? `the server answers ${response.status}`);
  return answer;
}

/** A worker, which is started when it is asked, and anew after it has ended. */
class Helper {
  constructor() {
    Object.assign(this, { worker: null, asked: 0, waiting: new Map() });
  }

  ask(path, query, body, transfer) {
    this.worker ??= this.start();
    const id = ++this.asked;
    return new Promise((answered, refused) => {
      this.waiting.set(id, { answered, refused });
      this.worker.postMessage({ id, path, query, body }, transfer);
    });
  }

  start() {
    const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }) => (data.build ? keepBuild(data.build) : this.settle(data)));
    worker.addEventListener("error", () => this.end(new Silence("The page's worker has not been loaded: is there a connection?")));
    return worker;
  }

  /** The end of a question. A worker that is `over` can answer nothing more. */
  settle({ id, json, bytes, error, over }) {
    const { answered, refused } = this.waiting.get(id);
    this.waiting.delete(id);
    if (!error) return answered(bytes ?? JSON.parse(json));
    const Kind = error.status === 503 ? Silence : Refusal;
    refused(new Kind(error.reason));
    if (over) this.end(new Kind(error.reason));
  }

  end(error) {
    this.worker.terminate();
    for (const { refused } of this.waiting.values()) refused(error);
    Object.assign(this, { worker: null, waiting: new Map() });
  }
}

// Two, so that a drawing is read while a network is trained.
const [looking, training] = [new Helper(), new Helper()];

/** JSON or bytes; `body` makes it a POST, and what is in `transfer` is given away. */
async function ask(path, parameters = {}, body = undefined, transfer = []) {
  const query = String(new URLSearchParams(parameters));
  if (!isSite) return askServer(path, query, body);
  await keeping;
  return (path.startsWith("train/") ? training : looking).ask(path, query, body, transfer);
}

/** The networks to choose from: their layers, and the input maps of each map. */
export const networks = async () => (await ask("networks")).networks;

/** Numbers of 32 bits in base64. */
function unpacked(text) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
  return new Float32Array(bytes.buffer);
}

/** What a network has seen, whose layers have the states as `values`. */
const withValues = ({ input, layers, ...sight }) => {
  const valued = ({ states, ...layer }) => ({ ...layer, values: unpacked(states) });
  return { ...sight, input: valued(input), layers: layers.map(valued) };
};

/** The states and the answer of a network; the drawing's `pixels` are bytes, 255 for ink. */
export const see = async (network, { width, height, prepared, pixels }, distortion) =>
  withValues(await ask("see", { network, width, height, prepared, ...distortion }, pixels));

/** The sum behind a `unit`, {level, map, row, column}, of a network that sees this drawing. */
export const insideUnit = (network, unit, { width, height, prepared, pixels }, distortion) =>
  ask("inside/unit", { network, ...unit, width, height, prepared, ...distortion }, pixels);

/** The kernels of a layer, given by its name. */
export const kernels = (network, layer) => ask("inside/kernels", { network, layer });

/** Adds `by` to the number at `index` of a tensor; its new `value`, and how many such changes there have been. */
export const nudgeWeight = (network, { tensor, index }, by) => ask("inside/nudge", { network, tensor, index, by }, new Uint8Array());

/** Gives back a network's weights as they were before they were nudged. */
export const restoreWeights = (network) => ask("inside/restore", { network }, new Uint8Array());

/** The digit in a picture file, given as its `bytes`: a prepared drawing's `pixels`, and the `steps` to them. */
export const pictureDigit = (bytes) => ask("picture/digit", {}, new Uint8Array(bytes));

/** As `scan`, of a picture file, with the `original`. */
export const pictureLine = (bytes) => ask("picture/line", {}, new Uint8Array(bytes));

/** What is read in a line, by `segmentation` and by the `replicated` network; where one of them refuses, it has an `error`. */
export const scan = ({ width, height, pixels }) => ask("scan", { width, height }, pixels);

/** The name and number of the test digits, and those that the paper's network got wrong. */
export const testDigits = () => ask("digits");
export const testDigit = (index) => ask(`digits/${index}`);

/** The names of the training runs, and their folder. */
export const runs = () => ask("runs");
export const run = (name) => ask(`runs/${encodeURIComponent(name)}`);

/** Begins a training, and ends the one before: `data`, and `sides`, one or two, each a `preset` and `settings` that it changes. */
export const startTraining = (wanted) => ask("train/start", {}, new TextEncoder().encode(JSON.stringify(wanted)));

/** Presents so many patterns more, at most those that are left of the pass. */
export const advance = (id, patterns) => ask("train/advance", { id, patterns }, new Uint8Array());

/** What can be seen of the networks in training, and what they say to a test digit. */
export const viewTraining = async (id, digit) => {
  const { sides, ...view } = await ask("train/view", { id, digit });
  return { ...view, sides: sides.map((side) => ({ ...side, sight: withValues(side.sight) })) };
};

/** The model as it would be saved now: the SHA-256 of its bytes, and they themselves. */
export const modelHash = (id, side) => ask("train/hash", { id, side });
export const modelBytes = (id, side) => ask("train/model", { id, side });

/** Which files of MNIST there are, and one more of them. */
export const dataFiles = () => ask("train/data");
export const giveDataFile = (name, bytes) => ask("train/data", { name }, bytes, [bytes.buffer]);

/** Makes a model one of the networks, as `trained`. */
export const giveTrained = (bytes) => ask("networks/trained", {}, bytes);
