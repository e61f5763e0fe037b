// The view on which networks are trained, in `lenet5 demo` or on the site.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { PRESETS } from "../../web/page/train-settings.js";
import { draw, onServer, open, program, says, seven } from "./browser.mjs";

const still = { viewport: { width: 1600, height: 900 }, reducedMotion: "reduce" };

/** Opens the view with these values in its fields, by their ids without "train-". */
async function prepare(page, fields) {
  await page.click("#tab-train");
  for (const [field, value] of Object.entries(fields)) {
    const element = page.locator(`#train-${field}`);
    if (await element.evaluate((element) => element.localName === "select")) await element.selectOption(value);
    else await element.fill(value);
  }
}

const finish = (page) => page.waitForFunction(() => document.querySelector("#train-state").textContent === "finished", null, { timeout: 60_000 });
const contains = (page, selector, part) => page.waitForFunction(([selector, part]) => document.querySelector(selector)?.textContent.includes(part), [selector, part], { timeout: 20_000 });

/** The patterns presented so far in the pass. */
const pattern = async (page) => Number((await page.textContent("#train-pattern")).split(" of ")[0].replaceAll(",", ""));

/** A pause at a place within a pass, where patterns go by slowly. */
async function startSlowly(page) {
  await page.locator("#train-speed").fill("3");
  await page.click("#train-go");
  await page.waitForFunction(() => /^[2-9] of/.test(document.querySelector("#train-pattern").textContent));
  await page.click("#train-go");
  await says(page, "#train-state", "paused");
}

const image = (page, selector) => page.locator(selector).first().evaluate((canvas) => canvas.toDataURL());

test("two passes on the small digits end in the bytes of the command that is shown", () => open(still, async (page) => {
  await prepare(page, { passes: "2", patterns: "300" });
  await page.click("#train-one");
  await says(page, "#train-pattern", "1 of 300");
  const before = await Promise.all([image(page, "#panel-train .kernels"), image(page, ".seen .grid >> nth=3")]);
  await page.click("#train-go");
  await finish(page);
  await contains(page, ".model", "This command ends in");
  const [, error] = /^After pass 2: training error (\d+\.\d\d %), test error \d+\.\d\d %, η = 0\.0005$/.exec(await page.textContent(".errors"));
  assert.ok((await page.textContent(".now")).includes(`Running error ${error},`), "of the pass that has ended");
  assert.equal(await page.locator("#train-curve .dot").count(), 4);
  const after = await Promise.all([image(page, "#panel-train .kernels"), image(page, ".seen .grid >> nth=3")]);
  assert.ok(before.every((each, i) => each !== after[i]), "kernels and maps change");
  const shown = (await page.textContent(".hash")).replace("SHA-256 ", "");
  const words = (await page.textContent(".command")).split(" ");
  assert.deepEqual(words, "lenet5 train --dataset digits --preset paper --set passes=2 --set training_patterns=300".split(" "));
  const folder = mkdtempSync(join(tmpdir(), "lenet5-train-"));
  assert.equal(spawnSync(program, [...words.slice(1), "--out", join(folder, "run")]).status, 0);
  const model = readFileSync(join(folder, "run", "model.safetensors"));
  assert.equal(createHash("sha256").update(model).digest("hex"), shown);
  rmSync(folder, { recursive: true });
}));

test("a pause stops, and one pattern is one", () => open(still, async (page) => {
  await prepare(page, { passes: "2" });
  await startSlowly(page);
  const stopped = await pattern(page);
  await page.waitForTimeout(400);
  assert.equal(await pattern(page), stopped);
  for (const next of [1, 2]) {
    await page.click("#train-one");
    await says(page, "#train-pattern", `${stopped + next} of 1,437`);
  }
  assert.match(await page.textContent("#train-last"), /^Last pattern: number \d+ of the training set, the digit \d\.$/);
  const shown = await image(page, "#train-last-digit");
  await page.click("#train-one");
  await says(page, "#train-pattern", `${stopped + 3} of 1,437`);
  assert.notEqual(await image(page, "#train-last-digit"), shown, "another pattern");
  assert.match(await page.textContent(".now"), /^Its answer \d is (right|wrong)\. Running error \d+\.\d\d %/);
  await page.click("#train-go");
  await page.waitForFunction((before) => Number(document.querySelector("#train-pattern").textContent.split(" of ")[0]) > before, stopped + 3);
}));

test("two networks side by side learn from the same patterns", () => open(still, async (page) => {
  await prepare(page, { passes: "2", patterns: "320", right: "modern" });
  await page.click("#train-go");
  await finish(page);
  assert.equal(await page.locator(".side").count(), 2);
  for (const text of await page.locator(".errors").allTextContents()) assert.match(text, /^After pass 2: /);
  assert.deepEqual(await page.locator("#train-curve text").evaluateAll((texts) => texts.map(({ textContent }) => textContent).filter((text) => text.includes("error"))),
    ["paper: training error", "paper: test error", "modern: training error", "modern: test error"]);
  assert.match(await page.locator(".command").nth(1).textContent(), / --preset modern .*--set order=fixed/);
  assert.equal(await page.locator(".side").nth(1).getByText("Max-pooling has none.").count(), 1);
  // A unit that is selected lights its receptive field, in its own network.
  await page.locator(".side").first().locator(".grid").nth(3).click({ position: { x: 20, y: 20 } });
  assert.match(await page.locator(".unit").first().textContent(), /^C3 map 0, unit \(\d, \d\) = .*S2 maps 0, 1, 2/);
  assert.equal(await page.locator(".unit").nth(1).textContent(), "");
}));

test("settings reach the command, and what has no effect is not to be set", () => open(still, async (page) => {
  await prepare(page, { passes: "2", patterns: "100", seed: "7", "left-j": "2", "left-eta_factor": "0.5", "left-weight_range": "1.2", "left-coefficient": "0.4", "left-activation": "relu" });
  await page.click("#train-go");
  await finish(page);
  const start = "lenet5 train --dataset digits --preset paper --set activation=relu";
  const common = "--set eta_factor=0.5 --set weight_range=1.2";
  const last = "--set passes=2 --set seed=7 --set training_patterns=100";
  await says(page, ".command", `${start} --set j=2 ${common} --set coefficient=0.4 ${last}`);
  assert.equal(await page.textContent("#train-changed"), "");
  await page.selectOption("#train-left-pooling", "max");
  await page.selectOption("#train-left-output", "scores");
  assert.match(await page.textContent("#train-changed"), /Start again/);
  for (const key of ["j", "coefficient"]) assert.ok(await page.locator(`#train-left-${key}`).isHidden(), key);
  await page.click("#train-again");
  await says(page, ".command", `${start} --set pooling=max --set output=scores ${common} ${last} --set loss=cross_entropy`);
  await says(page, "#train-changed", "");
  await finish(page);
  await page.selectOption("#train-left", "lenet1");
  assert.ok(await page.locator("#train-left-activation").isHidden());
  assert.equal(await page.inputValue("#train-left-eta_factor"), "3");
}));

test("the presets are the program's", () => {
  for (const [preset, settings] of Object.entries(PRESETS)) {
    const { stdout, status } = spawnSync(program, ["settings", "--preset", preset], { encoding: "utf8" });
    assert.equal(status, 0, preset);
    const printed = Object.fromEntries([...stdout.matchAll(/^(\w+) = (.+)$/gm)].map(([, key, value]) => [key, /^["\d]/.test(value) ? JSON.parse(value) : value]));
    for (const [key, value] of Object.entries(settings)) assert.equal(printed[key], value, `${preset}: ${key}`);
  }
});

test("a setting that is refused is said, and the training that there is stays", () => open(still, async (page) => {
  await prepare(page, { passes: "2" });
  await startSlowly(page);
  const stopped = await pattern(page);
  await page.fill("#train-left-weight_range", "-1");
  await page.click("#train-again");
  await contains(page, "#status", "weight_range");
  await page.click("#train-one");
  await says(page, "#train-pattern", `${stopped + 1} of 1,437`);
}, 400));

test("a training that another page has ended says so, and can be begun again", onServer, () => open(still, async (page) => {
  await prepare(page, { passes: "2", patterns: "100" });
  await startSlowly(page);
  const other = await page.context().newPage();
  await other.goto(page.url());
  await prepare(other, { passes: "1", patterns: "50" });
  await other.click("#train-go");
  await finish(other);
  await page.click("#train-one");
  await contains(page, "#status", "this training has ended");
  await page.locator("#train-speed").fill("10");
  await page.click("#train-again");
  await finish(page);
}, 410));

test("a file that is not MNIST's is refused with the reason, and nothing is lost", () => open(still, async (page) => {
  await prepare(page, { passes: "2" });
  await startSlowly(page);
  const stopped = await pattern(page);
  await page.setInputFiles("#train-file", [{ name: "t10k-labels-idx1-ubyte", mimeType: "application/octet-stream", buffer: Buffer.from("not a label") }]);
  await contains(page, "#mnist-problem", "t10k-labels-idx1-ubyte: ");
  await says(page, "#mnist-state", "0 of 4 files are here.");
  assert.equal(await page.inputValue("#train-data"), "mnist");
  assert.ok(await page.locator("#train-again").isDisabled(), "MNIST is not complete");
  await page.click("#train-one");
  await says(page, "#train-pattern", `${stopped + 1} of 1,437`);
}));

test("MNIST's four files are verified, and trained on", { skip: !process.env.LENET5_DATA && "LENET5_DATA names no folder with MNIST" }, () => open(still, async (page) => {
  await prepare(page, { data: "mnist", passes: "1", patterns: "1000" });
  assert.ok(await page.locator("#train-go").isDisabled());
  const names = readdirSync(process.env.LENET5_DATA).filter((name) => /^(train|t10k)-(images|labels)-idx\d-ubyte(\.gz)?$/.test(name));
  const files = names.filter((name) => !names.includes(`${name}.gz`)).map((name) => join(process.env.LENET5_DATA, name));
  await page.setInputFiles("#train-file", files);
  await says(page, "#mnist-state", "All four files are here.");
  await page.click("#train-go");
  await finish(page);
  await contains(page, ".model", "This command ends in");
  assert.match(await page.textContent(".command"), /^lenet5 train --dataset mnist --preset paper --set passes=1 --set training_patterns=1000$/);
}));

test("the trained network is saved as a file, and reads the drawing", () => open(still, async (page) => {
  await says(page, "#answer", "3");
  await draw(page, "#draw", seven);
  await says(page, "#answer", "7");
  await prepare(page, { passes: "4" });
  await page.click("#train-go");
  await finish(page);
  await contains(page, ".model", "This command ends in");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(".save-model")]);
  assert.equal(download.suggestedFilename(), "model.safetensors");
  const bytes = readFileSync(await download.path());
  assert.equal(bytes[8], "{".charCodeAt(0));
  assert.ok(JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))))["c1.weight"], "a safetensors file");
  assert.equal(await page.textContent(".hash"), `SHA-256 ${createHash("sha256").update(bytes).digest("hex")}`);
  await page.click(".read-drawing");
  await page.waitForFunction(() => document.querySelector("#network").value === "trained");
  assert.ok(await page.locator("#panel-digit").isVisible());
  await page.waitForFunction(() => /^\d$/.test(document.querySelector("#answer").textContent));
}));

/** The tasks of the page's own thread during `work`, each with the milliseconds that it took of that thread, whatever else runs here. */
async function tasksDuring(page, work) {
  const browser = page.context().browser();
  await browser.startTracing(page, { categories: ["toplevel"] });
  await work();
  const { traceEvents } = JSON.parse(await browser.stopTracing());
  const own = traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(({ pid, tid }) => `${pid} ${tid}`);
  const tasks = traceEvents.filter(({ name, ph, pid, tid }) => name.endsWith("RunTask") && ph === "X" && own.includes(`${pid} ${tid}`));
  return tasks.map(({ tdur = 0 }) => tdur / 1000);
}

test("while two networks are trained, no task of the page takes 50 ms", () => open(still, async (page) => {
  await prepare(page, { passes: "3", right: "modern" });
  const tasks = await tasksDuring(page, async () => {
    await page.click("#train-go");
    await finish(page);
  });
  assert.ok(tasks.length > 100, `${tasks.length} tasks`);
  assert.ok(Math.max(...tasks) < 50, `${Math.max(...tasks)} ms`);
}));
