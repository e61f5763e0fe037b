// The page's modules in Node: training in WebAssembly ends in the bytes of the models that `lenet5 train` writes, in either build. SITE
// names the folder of the page.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";

const site = process.env.SITE && resolve(process.env.SITE);
const program = process.env.LENET5 ?? "../../target/release/lenet5";
const folder = mkdtempSync(join(tmpdir(), "lenet5-bits-"));
const skip = !site && "there is no SITE";
const modules = ["lenet5-relaxed", "lenet5-simd128"].filter((name) => site && existsSync(join(site, `${name}.js`)));
// What newer versions of Node have without a flag.
const relaxed = "--experimental-wasm-relaxed-simd";
const cases = [["paper", "passes=2"], ["paper", "training_patterns=1000", "passes=1"], ["paper-2.4", "training_patterns=1000", "passes=1"]];

/** Trains in the module of this name, as the page does, part by part; prints the level, and of each of the cases the SHA-256 of its model. */
const trainer = `
  import { readFileSync } from "node:fs";
  const [site, name, cases] = process.argv.slice(2);
  const module = await import("./" + name + ".js");
  module.initSync({ module: readFileSync(site + "/" + name + "_bg.wasm") });
  const told = [];
  try {
    told.push(module.level());
    const page = new module.Page();
    const ask = (path, query, body = "") => JSON.parse(page.ask(path, query, new TextEncoder().encode(body)).json);
    for (const [preset, ...settings] of JSON.parse(cases)) {
      const { id } = ask("train/start", "", JSON.stringify({ data: "digits", sides: [{ preset, settings }] }));
      for (let part = 1; !ask("train/advance", "id=" + id + "&patterns=" + part).finished; part = (part * 7) % 997);
      told.push(ask("train/hash", "id=" + id).sha256);
    }
  } catch (error) {
    told.push(String(error?.reason ?? error));
  }
  console.log(JSON.stringify(told));
`;

function trained(name, flags = []) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [relaxed, ...flags, join(folder, "train.mjs"), site, name, JSON.stringify(cases)], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

let expected;
before(() => {
  if (!site) return;
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "train.mjs"), trainer);
  for (const name of modules) copyFileSync(join(site, `${name}.js`), join(folder, `${name}.js`));
  expected = cases.map(([preset, ...settings], i) => {
    const out = join(folder, `run-${i}`);
    const set = settings.flatMap((setting) => ["--set", setting]);
    const { status, stderr } = spawnSync(program, ["train", "--dataset", "digits", "--preset", preset, ...set, "--out", out], { encoding: "utf8" });
    assert.equal(status, 0, stderr);
    return createHash("sha256").update(readFileSync(join(out, "model.safetensors"))).digest("hex");
  });
});
after(() => rmSync(folder, { recursive: true }));

test("with the emulated multiply-add, the bytes of the models are those of the program", { skip: skip || (!modules[1] && "SITE has not this module") }, () => {
  assert.deepEqual(trained("lenet5-simd128"), ["simd128", ...expected]);
});

test("with the relaxed multiply-add too, where it rounds once", { skip }, () => {
  const told = trained("lenet5-relaxed");
  if (/\bfma\b/.test(readFileSync("/proc/cpuinfo", "utf8"))) assert.deepEqual(told, ["relaxed", ...expected]);
  else assert.match(told[0], /rounds twice/);
});

test("where the relaxed multiply-add rounds twice, the module says so and computes nothing", { skip: skip || process.arch !== "x64" }, () => {
  const [told, ...rest] = trained("lenet5-relaxed", ["--no-enable-fma3"]);
  assert.match(told, /the relaxed multiply-add rounds twice/);
  assert.deepEqual(rest, []);
});
