// A server of `lenet5 demo` with a run to follow, a browser, and what tests do with them. The variable SITE names a folder with the page
// that needs no such server, to be tested in its place; LENET5_ADDRESS, a server that is already there.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { chromium } from "playwright-core";
import { program } from "./given.mjs";

export { program, seven } from "./given.mjs";

/** For tests that are about the server of `lenet5 demo`, or look at requests to it. */
export const onServer = { skip: Boolean(process.env.SITE) && "it is about lenet5 demo" };

const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
const folder = mkdtempSync(join(tmpdir(), "lenet5-page-"));
let browser, server, address;

/** For a file of tests to change: what is done in the folder before the server starts, and more words for `lenet5 demo`. */
export const demo = { prepare: () => {}, words: [] };

/** The address of a new server of `lenet5 demo`. */
async function startDemo() {
  const run = ["train", "--dataset", "digits", "--passes", "2", "--out", join(folder, "runs", "mine")];
  assert.equal(spawnSync(program, run).status, 0, "a run to follow");
  const env = { ...process.env, HOME: folder, XDG_CACHE_HOME: folder }; // of a user without MNIST
  delete env.LENET5_DATA;
  demo.prepare(folder, program);
  const words = ["demo", "--port", "0", "--runs", join(folder, "runs"), ...demo.words];
  server = spawn(program, words, { cwd: folder, env, stdio: ["ignore", "pipe", "ignore"] });
  return firstWords(/(.+)/);
}

/** The address of a server of the site's files. */
async function startSite() {
  server = spawn("python3", ["-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", process.env.SITE], { stdio: ["ignore", "pipe", "ignore"] });
  return firstWords(/(http:[^)]+)/);
}

/** What the server says of itself first. */
const firstWords = (form) => new Promise((resolve, reject) => {
  server.stdout.once("data", (line) => resolve(form.exec(line)[1]));
  server.once("exit", () => reject(new Error("the server ended")));
});

before(async () => {
  await new Promise(setImmediate); // Node may begin before the file of tests has set `demo`
  address = process.env.LENET5_ADDRESS ?? await (process.env.SITE ? startSite() : startDemo());
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: quiet });
});

after(async () => {
  await browser?.close();
  server?.kill();
  rmSync(folder, { recursive: true });
});

// Opens the page, lets `use` have it, and looks whether anything complained or went elsewhere. The browser itself logs answers of
// 400 and above; expected are 422, for a drawing that has no ink yet, such as the first dot of a stroke, and `status`, of which 0 is no
// answer. Another server's address may be given by `at`.
export async function open({ at = address, ...options }, use, status = 422) {
  // Requests that a service worker answers cannot be watched; a test of what is kept allows it.
  const context = await browser.newContext({ serviceWorkers: "block", ...options });
  const page = await context.newPage();
  const complaints = [];
  const expected = (message) => [422, status].some((code) => message.text().includes(code ? `status of ${code}` : "net::ERR_FAILED"));
  page.on("console", (message) => message.type() === "error" && !expected(message) && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(at) && !url.startsWith("data:")) complaints.push(`asked ${url}`);
  });
  await page.goto(at);
  await use(page);
  assert.deepEqual(complaints, []);
  await context.close();
}

// Draws strokes by pointer events; points are parts of the canvas, 0 to 1.
export async function draw(page, canvas, strokes) {
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

export const says = (page, id, text) => page.waitForFunction(
  ([id, text]) => document.querySelector(id).textContent.trim() === text, [id, text], { timeout: 10_000 });

/** A grey picture (PGM) of dark ink on white paper where `inked(x, y)`. */
export function pgm(width, height, inked) {
  const pixels = Uint8Array.from({ length: width * height }, (_, i) => (inked(i % width, Math.floor(i / width)) ? 20 : 255));
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), pixels]);
}

/** Strokes as for `draw`, 12 pixels wide, in a picture of this size. */
export const strokesOf = (strokes, width, height) => (x, y) => strokes.some((points) => points.slice(1).some((to, i) => {
  const [fromX, fromY, toX, toY] = [points[i][0] * width, points[i][1] * height, to[0] * width, to[1] * height];
  const [across, down] = [toX - fromX, toY - fromY];
  const along = Math.min(1, Math.max(0, ((x - fromX) * across + (y - fromY) * down) / (across ** 2 + down ** 2)));
  return Math.hypot(fromX + along * across - x, fromY + along * down - y) < 6;
}));

/** The next frame but one: what was changed has been laid out and painted by then. */
export const painted = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** Answers `path` with this JSON in the server's place. */
export const instead = (page, path, json) => page.route(`**/api/${path}`, (route) => route.fulfill({ json }));
