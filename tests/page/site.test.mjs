// The page without a server, as `lenet5-site` writes it: what it fetches, and that both modules give the same answers. SITE names its folder.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { test as run } from "node:test";
import { draw, open, pgm, says, seven, strokesOf } from "./browser.mjs";

const still = { viewport: { width: 1600, height: 900 }, reducedMotion: "reduce" };
const skip = !process.env.SITE && "there is no SITE";
const test = (name, work) => run(name, { skip }, work);
const hasBoth = process.env.SITE && existsSync(`${process.env.SITE}/lenet5-simd128.js`);

/** The names of the files with this ending that are fetched from now on, by the page or its workers. */
function fetched(page, ending) {
  const names = [];
  page.context().on("request", (request) => {
    const name = new URL(request.url()).pathname.split("/").at(-1);
    if (name.endsWith(ending)) names.push(name);
  });
  return names;
}

test("weights are fetched when they are needed, each once", () => open(still, async (page) => {
  const weights = fetched(page, ".safetensors");
  await page.reload();
  await says(page, "#answer", "3");
  assert.deepEqual(weights, ["lenet5.safetensors"]);
  await draw(page, "#draw", seven);
  await says(page, "#answer", "7");
  await page.selectOption("#network", "modern");
  await page.waitForFunction(() => document.querySelector("#bars-words").textContent.includes("score"));
  await says(page, "#answer", "7");
  assert.deepEqual(weights, ["lenet5.safetensors", "modern.safetensors"]);
  await page.click("#tab-line");
  await draw(page, "#line", [0.3, 0.6].map((x) => [[x, 0.2], [x, 0.8]]));
  await says(page, "#line-answer", "11");
  await says(page, "#replicated-answer", "11");
  assert.deepEqual(weights, ["lenet5.safetensors", "modern.safetensors", "strings.safetensors"]);
}));

run("both modules give the same answers", { skip: skip || (!hasBoth && "SITE has one of them") }, () => open(still, async (page) => {
  const modules = fetched(page, ".wasm");
  const answers = async () => {
    await page.reload();
    await says(page, "#answer", "3");
    await page.fill("#digit-index", "5");
    await page.click("#digit-form button");
    await page.waitForFunction(() => /^Number 5 is .* (right|wrong)\.$/.test(document.querySelector("#digit-info").textContent));
    return page.locator("#bars, #answer, #rubbish").allTextContents();
  };
  const one = await answers();
  await page.context().route("**/simd.js", async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace("Object.keys(BUILDS)", '["simd128"]');
    await route.fulfill({ response, body });
  });
  assert.deepEqual(await answers(), one);
  assert.ok(modules.includes("lenet5-simd128_bg.wasm"), modules.join());
}));

const gray = (name) => ({ name, mimeType: "image/x-portable-graymap", buffer: pgm(300, 300, strokesOf(seven, 300, 300)) });

/** What the browser keeps in its only store, or in the newest of them: the names of files. */
const kept = (page) => page.evaluate(async () => (await (await caches.open((await caches.keys()).at(-1))).keys()).map(({ url }) => url.split("/").at(-1).split("?")[0]));

/** Waits until the browser keeps all that the page may need. */
async function keepsAll(page) {
  const all = ["lenet5.safetensors", "modern.safetensors", "strings.safetensors", "lenet5-relaxed.js", "lenet5-relaxed_bg.wasm", "lenet5-pictures.js", "lenet5-pictures_bg.wasm"];
  for (let found = []; !all.every((name) => found.includes(name)); found = await kept(page)) await page.waitForTimeout(50);
}

/** Uses all that is loaded late. */
async function useAll(page) {
  await draw(page, "#draw", seven);
  await says(page, "#answer", "7");
  await page.selectOption("#network", "modern");
  await page.waitForFunction(() => document.querySelector("#bars-words").textContent.includes("score"));
  await page.setInputFiles("#digit-file", gray("seven.pgm"));
  await says(page, "#digit-info", "The digit in seven.pgm.");
  await says(page, "#answer", "7");
  await page.click("#tab-line");
  await draw(page, "#line", [0.3, 0.6].map((x) => [[x, 0.2], [x, 0.8]]));
  await says(page, "#replicated-answer", "11");
}

const withKeeping = { ...still, serviceWorkers: "allow" };

test("after the first time, no connection is needed", () => open(withKeeping, async (page) => {
  await says(page, "#answer", "3");
  await keepsAll(page);
  await page.context().setOffline(true);
  await page.reload();
  await useAll(page);
}));

/** A server of the site whose files can be changed, which says that they may be kept for ten minutes, after a `delay`. */
async function serveSite(use, delay) {
  const changed = new Map();
  const types = { html: "text/html", css: "text/css", js: "text/javascript", wasm: "application/wasm" };
  const server = createServer(async ({ url }, response) => {
    const name = url === "/" ? "index.html" : url.slice(1).split("?")[0];
    await new Promise((done) => setTimeout(done, delay));
    if (!existsSync(join(process.env.SITE, name))) return response.writeHead(404).end();
    response.writeHead(200, { "Content-Type": types[name.split(".").at(-1)] ?? "application/octet-stream", "Cache-Control": "max-age=600" });
    const text = changed.get(name);
    response.end(text ?? readFileSync(join(process.env.SITE, name)));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  try {
    await use(`http://127.0.0.1:${server.address().port}/`, changed);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

test("what was loaded past the keeper, on a slow connection, is kept too", () => serveSite((at) => open({ ...withKeeping, at }, async (page) => {
  await page.waitForFunction(() => document.querySelector("#answer").textContent.trim() === "3", null, { timeout: 30_000 });
  await keepsAll(page);
  await page.context().setOffline(true);
  await page.reload();
  await useAll(page);
}), 150));

test("a new version has its own files, and needs no connection either", () => serveSite((at, changed) => open({ ...withKeeping, at }, async (page) => {
  await says(page, "#answer", "3");
  await keepsAll(page);
  const read = (name) => readFileSync(join(process.env.SITE, name)).toString();
  changed.set("offline.js", read("offline.js").replace(/const VERSION = "lenet5 \w+"/, 'const VERSION = "lenet5 next"'));
  changed.set("digit-view.js", `${read("digit-view.js")}\n// the next version\n`);
  const versions = () => page.evaluate(() => caches.keys());
  await page.reload();
  while (!(await versions()).includes("lenet5 next")) await page.waitForTimeout(50);
  await keepsAll(page);
  await page.goto("about:blank"); // the earlier version ends with its last page
  await page.goto(at);
  while ((await versions()).length > 1) await page.waitForTimeout(50);
  await page.context().setOffline(true);
  await page.reload();
  assert.match(await page.evaluate(async () => (await fetch("digit-view.js")).text()), /the next version/);
  await useAll(page);
}), 0));

test("the decoders of pictures are fetched with the first picture; where they fail, that is said, and nothing else is lost", () => open(still, async (page) => {
  await says(page, "#answer", "3");
  await page.locator("#inside .kernels").press("ArrowRight");
  await page.click("#inside-nudges button:last-child");
  await page.waitForFunction(() => document.querySelector("#inside-changed").textContent);
  const changed = await page.textContent("#inside-changed");
  const modules = fetched(page, "pictures_bg.wasm");
  const give = (name) => page.setInputFiles("#digit-file", gray(name));
  const told = (start) => page.waitForFunction((start) => document.querySelector("#status").textContent.startsWith(start), start);
  await page.context().route("**/lenet5-pictures_bg.wasm", (route) => route.fulfill({ status: 503, body: "" }));
  await give("first.pgm");
  await told("The decoders of pictures have not been loaded");
  await page.context().unroute("**/lenet5-pictures_bg.wasm");
  const broken = "export default async function () {}\nexport const decode = () => { throw new WebAssembly.RuntimeError('unreachable'); };";
  await page.context().route("**/lenet5-pictures.js*", (route) => route.fulfill({ body: broken, contentType: "text/javascript" }));
  await give("second.pgm");
  await told("The decoders of pictures have failed");
  await page.context().unroute("**/lenet5-pictures.js*");
  await give("third.pgm");
  await says(page, "#digit-info", "The digit in third.pgm.");
  await says(page, "#answer", "7");
  assert.equal(modules.length, 2, "the module, when it failed and when it loaded");
  assert.equal(await page.textContent("#inside-changed"), changed, "the weight that was changed");
}, 503));

test("a network learns in a worker of its own while another reads", () => open(still, async (page) => {
  await says(page, "#answer", "3");
  await page.click("#tab-train");
  await page.fill("#train-passes", "50");
  await page.click("#train-go");
  await page.waitForFunction(() => /^[2-9] of/.test(document.querySelector("#train-pass").textContent), null, { timeout: 60_000 });
  assert.equal(page.workers().length, 2);
  await page.click("#tab-digit");
  await draw(page, "#draw", seven);
  await says(page, "#answer", "7");
  await page.click("#tab-train");
  assert.equal(await page.textContent("#train-state"), "training");
  assert.ok(await page.locator("#tab-run").isHidden(), "a site has no runs");
}));
