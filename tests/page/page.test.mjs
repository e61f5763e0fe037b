// The page of `lenet5 demo` as people use it: drawn on with pointer and keyboard, at both widths, light and dark.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

const program = process.env.LENET5 ?? "../../target/release/lenet5";
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
const folder = mkdtempSync(join(tmpdir(), "lenet5-page-"));
let browser, server, address;

before(async () => {
  const run = ["train", "--dataset", "digits", "--passes", "2", "--out", join(folder, "runs", "mine")];
  assert.equal(spawnSync(program, run).status, 0, "a run to follow");
  const env = { ...process.env, HOME: folder, XDG_CACHE_HOME: folder }; // of a user without MNIST
  delete env.LENET5_DATA;
  const words = ["demo", "--port", "0", "--runs", join(folder, "runs")];
  server = spawn(program, words, { cwd: folder, env, stdio: ["ignore", "pipe", "ignore"] });
  address = await new Promise((resolve, reject) => {
    server.stdout.once("data", (line) => resolve(String(line).split("\n")[0]));
    server.once("exit", () => reject(new Error("the server ended")));
  });
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: quiet });
});

after(async () => {
  await browser?.close();
  server?.kill();
  rmSync(folder, { recursive: true });
});

// Opens the page, lets `use` have it, and looks whether anything complained or went elsewhere. The browser itself logs answers of
// 400 and above; expected are 422, for a drawing that has no ink yet, such as the first dot of a stroke, and `status`.
async function open(options, use, status = 422) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints = [];
  const expected = (message) => [422, status].some((code) => message.text().includes(`status of ${code}`));
  page.on("console", (message) => message.type() === "error" && !expected(message) && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(address) && !url.startsWith("data:")) complaints.push(`asked ${url}`);
  });
  await page.goto(address);
  await use(page);
  assert.deepEqual(complaints, []);
  await context.close();
}

// Draws strokes by pointer events; points are parts of the canvas, 0 to 1.
async function draw(page, canvas, strokes) {
  await page.locator(canvas).scrollIntoViewIfNeeded();
  const box = await page.locator(canvas).boundingBox();
  const place = ([x, y]) => [box.x + x * box.width, box.y + y * box.height];
  for (const [first, ...rest] of strokes) {
    await page.mouse.move(...place(first));
    await page.mouse.down();
    for (const point of rest) await page.mouse.move(...place(point), { steps: 8 });
    await page.mouse.up();
  }
}

const says = (page, id, text) => page.waitForFunction(
  ([id, text]) => document.querySelector(id).textContent.trim() === text, [id, text], { timeout: 10_000 });

const seven = [[[0.28, 0.25], [0.7, 0.25], [0.45, 0.82]]];

for (const width of [360, 1600]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`a seven drawn at ${width} pixels, ${colorScheme}`, () => open({ viewport: { width, height: 900 }, colorScheme }, async (page) => {
      await draw(page, "#draw", seven);
      await says(page, "#answer", "7");
      for (const tab of ["#tab-line", "#tab-run", "#tab-digit"]) {
        await page.click(tab);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(overflow <= 0, `${tab} scrolls sideways by ${overflow} pixels`);
        await page.evaluate(axe + "; undefined");
        const found = await page.evaluate(() => window.axe.run());
        assert.deepEqual(found.violations.map((violation) => violation.id), [], tab);
      }
    }));
  }
}

test("a one drawn by the keyboard alone", () => open({ viewport: { width: 1600, height: 900 } }, async (page) => {
  await page.focus("#draw");
  for (let step = 0; step < 6; step += 1) await page.keyboard.press("Shift+ArrowUp");
  await page.keyboard.press("Space");
  for (let step = 0; step < 12; step += 1) await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Space");
  await says(page, "#answer", "1");
  await page.keyboard.press("Delete");
  await page.waitForFunction(() => document.querySelector("#answer").textContent.trim() !== "1");
}));

test("networks beside each other, and the inputs of a unit of C3", () => open({ viewport: { width: 1600, height: 1200 } }, async (page) => {
  await draw(page, "#draw", seven);
  await says(page, "#answer", "7");
  await page.check("#compare");
  await page.waitForFunction(() => document.querySelector("#others").textContent.includes("LeNet-1"));
  await page.locator(".layer").nth(3).locator("canvas.grid").click({ position: { x: 20, y: 20 } });
  await page.waitForFunction(() => /C3 map 0.*S2 maps 0, 1, 2/.test(document.querySelector("#unit-info").textContent));
  await page.selectOption("#network", "modern");
  await says(page, "#answer", "7");
}));

test("a test digit, moved by the sliders", () => open({ viewport: { width: 1600, height: 900 } }, async (page) => {
  await page.click("#test-digit");
  await page.waitForFunction(() => /Number \d+ is a \d/.test(document.querySelector("#digit-info").textContent));
  const before = await page.textContent("#bars");
  await page.locator("#rotation").fill("40");
  await page.waitForFunction((before) => document.querySelector("#bars").textContent !== before, before);
  assert.ok(await page.locator("#paper-error").isDisabled(), "without MNIST there are no errors of the paper to load");
}));

test("a line is read, and a run is followed", () => open({ viewport: { width: 1600, height: 900 } }, async (page) => {
  await page.click("#tab-line");
  const one = (x) => [[x, 0.2], [x, 0.8]];
  await draw(page, "#line", [one(0.3), [[0.5, 0.2], [0.57, 0.2], [0.53, 0.8]], one(0.75)]);
  if (await page.locator("#scan").isVisible()) await page.click("#scan");
  await says(page, "#line-answer", "171");
  await page.focus("#tab-line");
  await page.keyboard.press("ArrowRight");
  // An empty plot stands there before the run is read.
  await page.waitForFunction(() => document.querySelectorAll("#run-curve .dot").length === 4);
  assert.deepEqual(await page.locator("#run-rows th").allTextContents(), ["2", "1"]);
}));

test("a server that ends is said, and breaks nothing", () => open({ viewport: { width: 360, height: 900 } }, async (page) => {
  await page.route("**/api/see**", (route) => route.fulfill({ status: 503, json: { error: "the server rests" } }));
  await draw(page, "#draw", seven);
  await page.waitForFunction(() => document.querySelector("#status").textContent.length > 5);
  await page.unroute("**/api/see**");
  await page.click("#clear");
  await draw(page, "#draw", seven);
  await says(page, "#answer", "7");
}, 503));
