// The page without a server, as `lenet5-site` writes it: what it fetches, and that both modules give the same answers. SITE names its folder.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
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

test("after the first time, no connection is needed", () => open({ ...still, serviceWorkers: "allow" }, async (page) => {
  await says(page, "#answer", "3");
  const kept = () => page.evaluate(async () => (await (await caches.open((await caches.keys())[0])).keys()).map(({ url }) => url.split("/").at(-1)));
  for (const name of ["modern.safetensors", "strings.safetensors", "lenet5-pictures.js", "lenet5-pictures_bg.wasm"]) {
    while (!(await kept()).includes(name)) await page.waitForTimeout(50);
  }
  await page.context().setOffline(true);
  await page.reload();
  await draw(page, "#draw", seven);
  await says(page, "#answer", "7");
  await page.selectOption("#network", "modern");
  await page.waitForFunction(() => document.querySelector("#bars-words").textContent.includes("score"));
  await page.setInputFiles("#digit-file", { name: "seven.pgm", mimeType: "image/x-portable-graymap", buffer: pgm(300, 300, strokesOf(seven, 300, 300)) });
  await says(page, "#digit-info", "The digit in seven.pgm.");
  await says(page, "#answer", "7");
  await page.click("#tab-line");
  await draw(page, "#line", [0.3, 0.6].map((x) => [[x, 0.2], [x, 0.8]]));
  await says(page, "#replicated-answer", "11");
}));

test("the decoders of pictures are fetched with the first picture; where they fail, that is said, and nothing else is lost", () => open(still, async (page) => {
  await says(page, "#answer", "3");
  await page.locator("#inside .kernels").press("ArrowRight");
  await page.click("#inside-nudges button:last-child");
  await page.waitForFunction(() => document.querySelector("#inside-changed").textContent);
  const changed = await page.textContent("#inside-changed");
  const modules = fetched(page, "pictures_bg.wasm");
  const give = (name) => page.setInputFiles("#digit-file", { name, mimeType: "image/x-portable-graymap", buffer: pgm(300, 300, strokesOf(seven, 300, 300)) });
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
