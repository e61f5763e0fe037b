// A worker that answers the page's questions by the network in WebAssembly, on a site without a server.

import { decoded } from "./decoding.js";
import { Failure } from "./failure.js";
import { builds, NO_SIMD } from "./simd.js";

/** The networks whose weights are files beside the page, and what reads a line. */
const FILES = ["lenet5", "modern", "lenet1"];
const READERS = ["lenet5", "strings"];

const beside = (name) => new URL(name, import.meta.url);

/** The first build that this browser can run: its name, and the page in it. */
async function load() {
  for (const name of builds()) {
    const build = await import(`./lenet5-${name}.js`);
    await build.default({ module_or_path: beside(`lenet5-${name}_bg.wasm`) });
    if (isExact(build)) return { name, module: new build.Page() };
  }
  throw new Failure(501, NO_SIMD);
}

/** True if the build computes on this machine as everywhere: a relaxed multiply-add may round twice. */
function isExact(build) {
  try {
    build.level();
    return true;
  } catch {
    return false;
  }
}

let loading = null;

/** The module. A worker in which it has not been loaded is over: browsers remember that a module failed. */
async function page() {
  loading ??= load();
  try {
    return await loading;
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(503, `The network has not been loaded (${error.message ?? error}): is there a connection?`, true);
  }
}

/** The weights that are there, or on their way, by the network's name. */
const weights = new Map();

async function giveWeights(name) {
  try {
    const response = await fetch(beside(`weights/${name}.safetensors`));
    if (!response.ok) throw new Error(`status ${response.status}`);
    const { name: build, module } = await page();
    module.give(name, new Uint8Array(await response.arrayBuffer()));
    if (weights.size === 1) postMessage({ build }); // the network can answer: what it did not need may follow
  } catch (error) {
    weights.delete(name);
    if (error instanceof Failure) throw error;
    throw new Failure(503, `The weights of ${name} have not been loaded (${error.reason ?? error.message ?? error}): is there a connection?`);
  }
}

/** The networks whose weights a question needs. */
function needed(path, query) {
  if (path === "scan" || path === "picture/line") return READERS;
  const name = new URLSearchParams(query).get("network");
  return FILES.filter((file) => file === name);
}

async function answer(question) {
  const { module } = await page();
  const { path, query, body } = question.path.startsWith("picture/") ? await decoded(question) : question;
  const names = needed(path, query);
  for (const name of names) if (!weights.has(name)) weights.set(name, giveWeights(name));
  await Promise.all(names.map((name) => weights.get(name)));
  try {
    const told = module.ask(path, query, body ?? new Uint8Array());
    const { json, bytes } = told;
    told.free(); // its own memory, which the browser does not count
    return { json, bytes };
  } catch (error) {
    if (error?.status) throw new Failure(error.status, error.reason);
    throw new Failure(500, `The network's program has failed (${error?.message ?? error}): what it was doing is lost, and can be begun again.`, true);
  }
}

addEventListener("message", async ({ data }) => {
  const { id } = data;
  try {
    const { json, bytes } = await answer(data);
    postMessage({ id, json, bytes }, bytes ? [bytes.buffer] : []);
  } catch ({ status, message, over }) {
    postMessage({ id, error: { status, reason: message }, over });
  }
});
