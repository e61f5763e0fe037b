// The page without a server of its own, whose worker answers. In place of the network in WebAssembly, which is tested on the site itself, the
// worker gets a module that asks `lenet5 demo`.

import assert from "node:assert/strict";
import { test as run } from "node:test";
import { draw, onServer, open, says, seven } from "./browser.mjs";

const still = { viewport: { width: 1600, height: 900 }, reducedMotion: "reduce" };

/** A module as wasm-bindgen makes it; `level` and `before` are JavaScript. */
const build = ({ level = "'relaxed'", before = "" } = {}) => `
export default async () => {};
export const level = () => ${level};
export class Page {
  give(name, bytes) {
    if (!bytes.length) throw new Error("no weights");
    this.given = [...(this.given ?? []), name];
  }
  ask(path, query, body) {
    ${before}
    const network = new URLSearchParams(query).get("network");
    if (path === "see" && !this.given?.includes(network)) throw new Error("no weights of " + network);
    const request = new XMLHttpRequest();
    request.open(body.length ? "POST" : "GET", "/api/" + path + (query && "?") + query, false);
    request.send(body.length ? body : null);
    if (request.status !== 200) throw { status: request.status, reason: JSON.parse(request.response).error };
    return { json: request.response, free() {} };
  }
}`;

/** Opens the page as a site, with these builds; `use` also has a list of the weights that were asked for. */
const openSite = (builds, use, status) => open(still, async (page) => {
  const weights = [];
  const script = (body) => (route) => route.fulfill({ body, contentType: "text/javascript" });
  for (const [name, body] of Object.entries(builds)) await page.context().route(`**/lenet5-${name}.js`, script(body));
  await page.context().route("**/weights/*", (route) => {
    weights.push(new URL(route.request().url()).pathname.split("/").at(-1));
    return route.fulfill({ body: "weights", contentType: "application/octet-stream" });
  });
  await page.route((url) => url.pathname === "/", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace("<html", "<html data-site") });
  });
  await page.reload();
  await use(page, weights);
}, status);

const test = (name, work) => run(name, onServer, work);

const told = (page, part) => page.waitForFunction((part) => document.querySelector("#status").textContent.includes(part), part);

test("a worker reads the drawing, with the weights of the networks that are asked", () => openSite({ relaxed: build() }, async (page, weights) => {
  await says(page, "#answer", "3");
  assert.deepEqual(weights, ["lenet5.safetensors"]);
  await draw(page, "#draw", seven);
  await says(page, "#answer", "7");
  await page.selectOption("#network", "modern");
  await page.waitForFunction(() => document.querySelector("#bars-words").textContent.includes("score"));
  assert.deepEqual(weights, ["lenet5.safetensors", "modern.safetensors"]);
  await page.click("#tab-line");
  await draw(page, "#line", [[[0.5, 0.2], [0.5, 0.8]]]);
  await says(page, "#line-answer", "1");
  assert.deepEqual(weights, ["lenet5.safetensors", "modern.safetensors", "strings.safetensors"]);
  assert.ok(await page.locator("#tab-run").isHidden(), "a site has no runs");
}));

test("where a relaxed multiply-add rounds twice, the other build computes", () => openSite({ relaxed: build({ level: "{ throw 'it rounds twice'; }" }), simd128: build() }, async (page) => {
  await says(page, "#answer", "3");
}));

test("weights that do not load are said, and tried again", () => openSite({ relaxed: build() }, async (page) => {
  await says(page, "#answer", "3");
  await page.context().route("**/weights/modern.safetensors", (route) => route.fulfill({ status: 404 }));
  await page.selectOption("#network", "modern");
  await told(page, "The weights of modern have not been loaded");
  await page.context().unroute("**/weights/modern.safetensors");
  await page.context().route("**/weights/*", (route) => route.fulfill({ body: "weights" }));
  await page.waitForFunction(() => document.querySelector("#bars-words").textContent.includes("score"));
}, 404));

test("a module that does not load is said, and tried again", () => openSite({ relaxed: "throw new Error('half a file')" }, async (page) => {
  await told(page, "The network has not been loaded");
  await page.context().unroute("**/lenet5-relaxed.js");
  await page.context().route("**/lenet5-relaxed.js", (route) => route.fulfill({ body: build(), contentType: "text/javascript" }));
  await says(page, "#answer", "3");
}));

test("a worker that fails is said, and the next question has a new one", () => openSite({ relaxed: build({ before: "if (query.includes('rotation=13')) throw new WebAssembly.RuntimeError('unreachable');" }) }, async (page) => {
  await says(page, "#answer", "3");
  await page.locator("#rotation").fill("13");
  await told(page, "The network's program has failed (unreachable)");
  await says(page, "#answer", "–");
  await page.click("#reset");
  await says(page, "#answer", "3");
}));

test("without SIMD, the page says what to do", () => open(still, async (page) => {
  await page.addInitScript(() => (WebAssembly.validate = () => false));
  await page.route((url) => url.pathname === "/", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace("<html", "<html data-site") });
  });
  await page.context().route("**/simd.js", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `WebAssembly.validate = () => false;\n${await response.text()}` });
  });
  await page.reload();
  await page.waitForFunction(() => document.querySelector("#cannot").textContent.startsWith("This browser has no SIMD"));
  await told(page, "This browser has no SIMD");
}));
