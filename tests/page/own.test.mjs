// The page of `lenet5 demo` for a model of a user's own classes.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { demo, draw, onServer, open, pgm, says, strokesOf } from "./browser.mjs";
import { isChinese } from "./chinese.mjs";

const strokes = { plank: [[[0.1, 0.5], [0.9, 0.5]]], post: [[[0.5, 0.1], [0.5, 0.9]]] };
const picture = (kind, side) => pgm(side, side, strokesOf(strokes[kind], side, side));

demo.words = ["--model", "own"];
demo.prepare = (folder, program) => {
  for (const kind of Object.keys(strokes)) {
    mkdirSync(join(folder, "things", kind), { recursive: true });
    for (let i = 0; i < 14; i += 1) writeFileSync(join(folder, "things", kind, `${i}.pgm`), picture(kind, 90 + 3 * i));
  }
  const words = ["train", "--dataset", `folder:${join(folder, "things")}`, "--passes", "8", "--out", join(folder, "own")];
  assert.equal(spawnSync(program, words).status, 0, "a model of own classes");
};

const still = { viewport: { width: 1600, height: 900 }, reducedMotion: "reduce" };

test("the page has the names of the classes, and no digits", onServer, () => open(still, async (page) => {
  await says(page, "#tab-digit", "Picture");
  await says(page, "#answer", "–");
  assert.deepEqual(await page.locator("#bars b").allTextContents(), ["plank", "post"]);
  assert.deepEqual(await page.locator("#network option").allTextContents(), ["preset paper"]);
  for (const part of await page.locator(".digits-only").all()) assert.ok(await part.isHidden());
  assert.match(await page.textContent("#about-rubbish"), /none of them/);
}));

test("pictures and drawings are read as a whole", onServer, () => open(still, async (page) => {
  await says(page, "#tab-digit", "Picture");
  await page.setInputFiles("#digit-file", { name: "it.pgm", mimeType: "image/x-portable-graymap", buffer: picture("plank", 200) });
  await says(page, "#answer", "plank");
  await says(page, "#digit-info", "The picture it.pgm.");
  const captions = await page.locator("#digit-steps figcaption").allTextContents();
  assert.deepEqual(captions, [
    "The picture: 200 × 200 pixels",
    "What the network sees: all of it, its longer side fills the image, inverted since its border is light",
  ]);
  await draw(page, "#draw", strokes.post);
  await says(page, "#answer", "post");
  await page.click("#clear");
  await says(page, "#rubbish-words", "Nothing is drawn yet.");
}));

test("in Chinese the names of the classes stay, and a link has the picture", onServer, () => open({ ...still, locale: "zh-CN" }, async (page) => {
  await says(page, "#tab-digit", "图片");
  assert.deepEqual(await page.locator("#bars b").allTextContents(), ["plank", "post"]);
  assert.ok(await page.locator("#tour").isHidden(), "the tour is of LeNet-5");
  await page.setInputFiles("#digit-file", { name: "it.pgm", mimeType: "image/x-portable-graymap", buffer: picture("plank", 200) });
  await says(page, "#answer", "plank");
  await page.locator("#panel-digit .grid[tabindex]").nth(2).press("ArrowRight");
  await page.click("summary");
  await isChinese(page, "a picture");
  await page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await page.click("#copy-link");
  const link = await page.inputValue("#notice-address");
  await page.goto("about:blank");
  await page.goto(link);
  await says(page, "#answer", "plank");
  await says(page, "#digit-info", "来自链接的图片。");
  await page.click("#clear");
  await draw(page, "#draw", strokes.post);
  await says(page, "#answer", "post");
  await isChinese(page, "a drawing");
}));
