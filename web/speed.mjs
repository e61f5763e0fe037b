// The time of a training step and of an answer with all states, natively at every level and in WebAssembly in Node, in one run, as a table:
// taskset -c 1 node --experimental-wasm-relaxed-simd web/speed.mjs SITE LENET5

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** Every time is the median of so many measurements. */
const REPEATS = 15;

const [site, program] = process.argv.slice(2).map((path) => resolve(path));
const folder = mkdtempSync(join(tmpdir(), "lenet5-speed-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, "package.json"), '{ "type": "module" }'); // the glue is a module

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** The median time of `work`, which does something `count` times, in microseconds. */
function measure(count, work) {
  work();
  return median(Array.from({ length: REPEATS }, () => {
    const start = performance.now();
    work();
    return (1000 * (performance.now() - start)) / count;
  }));
}

async function inModule(name) {
  copyFileSync(join(site, `${name}.js`), join(folder, `${name}.js`));
  const module = await import(pathToFileURL(join(folder, `${name}.js`)));
  module.initSync({ module: readFileSync(join(site, `${name}_bg.wasm`)) });
  const page = new module.Page();
  const ask = (path, query, body = new Uint8Array()) => JSON.parse(page.ask(path, query, body).json);
  page.give("lenet5", readFileSync(join(site, "weights/lenet5.safetensors")));
  const plan = { data: "digits", sides: [{ preset: "paper", settings: ["passes=100000"] }] };
  const { id } = ask("train/start", "", new TextEncoder().encode(JSON.stringify(plan)));
  const level = module.level();
  const count = level === "relaxed" ? 1000 : 100;
  // The first of a pass, which takes the curvature, and the last, which measures the errors, are steps apart.
  const steps = () => {
    const { presented, patterns } = ask("train/advance", `id=${id}&patterns=1`);
    if (patterns - presented <= count) {
      ask("train/advance", `id=${id}&patterns=${patterns}`);
      ask("train/advance", `id=${id}&patterns=1`);
    }
    const start = performance.now();
    page.ask("train/advance", `id=${id}&patterns=${count}`, new Uint8Array()).free();
    return (1000 * (performance.now() - start)) / count;
  };
  steps();
  const step = median(Array.from({ length: REPEATS }, steps));
  const { pixels } = ask("digits/7", "");
  const drawing = Uint8Array.from(pixels);
  const answer = measure(20, () => {
    for (let i = 0; i < 20; i++) page.ask("see", "width=28&height=28&prepared=true", drawing).free();
  });
  return { level: `WebAssembly, ${level}`, step, answer };
}

const { stdout, stderr, status } = spawnSync(program, ["bench", "--json", "--repeats", String(REPEATS)], { encoding: "utf8" });
if (status !== 0) throw new Error(stderr);
const native = Object.entries(JSON.parse(stdout).levels).map(([level, { step_us: step }]) => ({ level: `native, ${level}`, step }));
const rows = [...native, await inModule("lenet5-relaxed"), await inModule("lenet5-simd128")];
console.log("| level | training step, us | steps a second | pixels to all states as JSON, ms |\n|---|---|---|---|");
for (const { level, step, answer } of rows.sort((a, b) => a.step - b.step)) {
  console.log(`| ${level} | ${step.toFixed(1)} | ${Math.round(1e6 / step).toLocaleString("en")} | ${answer ? (answer / 1000).toFixed(2) : "-"} |`);
}
