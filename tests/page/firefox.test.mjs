// The page without a server in Firefox, driven by Puppeteer: it reads a drawing, and trains to the bytes of the command line. SITE names the
// site's folder, FIREFOX the browser.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import puppeteer from "puppeteer-core";
import { program, seven } from "./given.mjs";

const { SITE, FIREFOX } = process.env;
const skip = !SITE ? "there is no SITE" : !FIREFOX && "there is no FIREFOX";

/** The site in Firefox, for `use`. */
async function open(use) {
  const server = spawn("python3", ["-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", SITE], { stdio: ["ignore", "pipe", "ignore"] });
  const [line] = await once(server.stdout, "data");
  const browser = await puppeteer.launch({ browser: "firefox", executablePath: FIREFOX, headless: true });
  try {
    const page = await browser.newPage();
    await page.setViewport({ width: 1600, height: 900 });
    await page.goto(/(http:[^)]+)/.exec(line)[1]);
    await use(page);
  } finally {
    await browser.close();
    server.kill();
  }
}

const says = (page, selector, text) => page.waitForFunction((selector, text) => document.querySelector(selector)?.textContent.trim() === text, { timeout: 90_000 }, selector, text);
const text = (page, selector) => page.$eval(selector, (element) => element.textContent);

test("a seven is read, and the small digits end in the bytes of the command", { skip }, () => open(async (page) => {
  await says(page, "#answer", "3");
  const box = await (await page.$("#draw")).boundingBox();
  const place = ([x, y]) => [box.x + x * box.width, box.y + y * box.height];
  for (const [first, ...rest] of seven) {
    await page.mouse.move(...place(first));
    await page.mouse.down();
    for (const point of rest) await page.mouse.move(...place(point), { steps: 8 });
    await page.mouse.up();
  }
  await says(page, "#answer", "7");

  await page.click("#tab-train");
  await page.click("#train-go");
  await says(page, "#train-state", "finished");
  await page.waitForSelector(".hash");
  const folder = mkdtempSync(join(tmpdir(), "lenet5-firefox-"));
  const words = (await text(page, ".command")).split(" ").slice(1);
  assert.equal(spawnSync(program, [...words, "--out", join(folder, "run")]).status, 0);
  const read = (name) => readFileSync(join(folder, "run", name));
  assert.equal(await text(page, ".hash"), `SHA-256 ${createHash("sha256").update(read("model.safetensors")).digest("hex")}`);
  const [head, ...rows] = read("metrics.csv").toString().trim().split("\n").map((row) => row.split(","));
  const error = Number(rows.at(-1)[head.indexOf("test_error_percent")]).toFixed(2);
  assert.match(await text(page, ".errors"), new RegExp(`^After pass ${rows.length}: .*test error ${error} %`));
  rmSync(folder, { recursive: true });
}));
