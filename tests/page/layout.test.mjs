// The page of `lenet5 demo` at every width, light and dark: nothing over anything else, and no violation that axe-core finds.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { draw, open, painted, pgm, says, seven, strokesOf } from "./browser.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const three = [0.3, 0.55, 0.8].map((x) => [[x, 0.2], [x, 0.8]]);

/** Everything that lies over something else, sticks out of its card or makes the page scroll sideways, in words. Runs in the page. */
function faults() {
  const boxes = [];
  const put = (element, what, { left, right, top, bottom }, slack) => {
    if (right - left > 2 && bottom - top > 2) boxes.push({ element, what, left, right, top: top + slack, bottom: bottom - slack });
  };
  const seen = (element) => element.checkVisibility() && !element.closest(".spoken, select, #status");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement: element, data } = walker.currentNode;
    if (!data.trim() || !seen(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    // A line of text is higher than its letters.
    for (const box of range.getClientRects()) put(element, `"${data.trim().slice(0, 30)}"`, box, 0.15 * box.height);
  }
  for (const element of document.querySelectorAll("canvas, button, input, select, progress, .track")) {
    if (seen(element)) put(element, element.id || element.className || element.localName, element.getBoundingClientRect(), 0);
  }
  const found = [];
  const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  boxes.forEach((a, i) => {
    const card = a.element.closest(".card")?.getBoundingClientRect();
    if (card && (a.left < card.left || a.right > card.right || a.bottom > card.bottom)) found.push(`${a.what} sticks out of its card`);
    for (const b of boxes.slice(i + 1)) {
      if (!a.element.contains(b.element) && !b.element.contains(a.element) && over(a, b)) found.push(`${a.what} lies over ${b.what}`);
    }
  });
  for (const canvas of document.querySelectorAll("#layers .grid")) {
    if (canvas.clientHeight > 1.3 * canvas.clientWidth) found.push(`a tower of ${canvas.clientWidth} x ${canvas.clientHeight}: ${canvas.ariaLabel}`);
  }
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) found.push(`scrolls sideways by ${scrollWidth - clientWidth} pixels`);
  return found.slice(0, 5);
}

/** Asserts that there are no faults from 360 to 1920 pixels, every `step`. */
async function sweep(page, step) {
  const found = [];
  for (let width = 360; width <= 1920; width += step) {
    await page.setViewportSize({ width, height: 900 });
    await page.evaluate(() => scrollTo(0, 0)); // further down the legend of the maps lies over them, as it should
    await painted(page);
    for (const fault of await page.evaluate(faults)) found.push(`at ${width}: ${fault}`);
  }
  assert.deepEqual(found, []);
}

const picture = (strokes, width, height) => ({ name: "drawn on a sheet of paper, and photographed by the window.pgm", mimeType: "image/x-portable-graymap", buffer: pgm(width, height, strokesOf(strokes, width, height)) });

/** Opens pictures on the first two views. */
async function openPictures(page) {
  await page.setInputFiles("#digit-file", picture(seven, 600, 300));
  await says(page, "#answer", "7");
  await page.setInputFiles("#line-file", picture(three, 900, 200));
}

/** Draws on the first view, and lets everything be seen that can be unfolded; `word` is the page's for "probability". */
async function fill(page, word = "probability") {
  await draw(page, "#draw", seven);
  await says(page, "#answer", "7");
  await page.check("#compare");
  await page.click("summary");
  await page.waitForFunction((word) => document.querySelector("#others").textContent.includes(word), word);
}

/** Trains two networks for two passes, and lets all settings and the files of MNIST be seen. */
async function trainTwo(page) {
  await page.click("#tab-train");
  for (const [field, value] of [["passes", "2"], ["patterns", "320"]]) await page.fill(`#train-${field}`, value);
  await page.selectOption("#train-right", "modern");
  await page.click("#train-go");
  await says(page, "#train-state", "finished");
  await page.setInputFiles("#train-file", { name: "t10k-images-idx3-ubyte.gz", mimeType: "application/gzip", buffer: Buffer.from("no digits") });
  await page.waitForFunction(() => document.querySelector("#mnist-problem").textContent);
  await page.evaluate(() => document.querySelectorAll("#panel-train details").forEach((details) => (details.open = true)));
}

/** Shows the kernels of the second layer, and then the sum behind a unit of each of these layers, of which a weight is nudged; calls `look` in between. */
async function lookInside(page, layers, look) {
  await page.click("#inside-layers button:last-child");
  await page.locator("#inside .kernels").press("ArrowRight");
  await page.click("#inside-nudges button:last-child");
  await page.waitForFunction(() => document.querySelector("#inside-changed").textContent);
  await look("kernels");
  for (const layer of layers) {
    await page.locator(`#panel-digit [data-layer=${layer}] .grid`).press("ArrowRight");
    await page.waitForFunction((layer) => document.querySelector("#inside-info").textContent.startsWith(layer), layer);
    await page.locator("#inside[aria-busy=false]").waitFor();
    if (await page.locator("#inside-terms canvas[role=application]").count()) await page.locator("#inside-terms canvas").first().press("ArrowRight");
    await look(layer);
  }
}

/** The name of the tab that a site has not. */
const runs = process.env.SITE ? [] : ["run"];

/** Looks, by `sweep`, at a run where there is one. */
async function sweepRun(page, step) {
  if (!runs.length) return;
  await page.click("#tab-run");
  await page.waitForFunction(() => document.querySelectorAll("#run-curve .dot").length === 4);
  await sweep(page, step);
}

const still = { viewport: { width: 1600, height: 900 }, reducedMotion: "reduce" };

for (const filled of [false, true]) {
  test(`a digit at every width, ${filled ? "with all that the page shows" : "as it begins"}`, () => open(still, async (page) => {
    if (filled) await fill(page);
    else await says(page, "#answer", "3");
    await sweep(page, 20);
  }));
}

for (const width of [360, 820, 1600]) {
  test(`axe-core finds nothing at ${width} pixels, light and dark`, () => open({ ...still, viewport: { width, height: 900 } }, async (page) => {
    await fill(page);
    await page.click("#tab-line");
    await draw(page, "#line", three);
    await says(page, "#line-answer", "111");
    await trainTwo(page);
    await page.evaluate(axe + "; undefined");
    const look = async (where) => {
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        await painted(page);
        const { violations } = await page.evaluate(() => window.axe.run());
        assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), [], `${where}, ${colorScheme}`);
      }
    };
    for (const tab of ["line", "train", ...runs, "digit"]) {
      await page.click(`#tab-${tab}`);
      await look(tab);
    }
    await lookInside(page, ["S2", "C3", "F6"], look);
  }));
}

test("what is inside at every width", () => open(still, async (page) => {
  await says(page, "#answer", "3");
  await lookInside(page, ["C1", "S2", "C3", "C5", "F6"], () => sweep(page, 180));
  await page.selectOption("#network", "modern");
  await page.waitForFunction(() => document.querySelector(".best"));
  await lookInside(page, ["S2", "C3", "F6"], () => sweep(page, 240));
}));

test("long numbers and the other networks at every width", () => open(still, async (page) => {
  await page.locator("#noise").fill("0.5"); // far from every class: numbers above 100
  await page.locator("#rotation").fill("-180");
  await page.waitForFunction(() => /\d{3}/.test(document.querySelector("#bars").textContent));
  await sweep(page, 60);
  for (const network of ["modern", "lenet1"]) {
    await page.selectOption("#network", network);
    await page.waitForFunction(() => document.querySelector(".best"));
    await sweep(page, 60);
  }
}));

test("the steps of pictures at every width, and axe-core finds nothing", () => open({ ...still, hasTouch: true }, async (page) => {
  await openPictures(page);
  for (const tab of ["digit", "line"]) {
    await page.click(`#tab-${tab}`);
    await page.locator(`#${tab}-steps`).waitFor();
    await sweep(page, 60);
    await page.evaluate(axe + "; undefined");
    const { violations } = await page.evaluate(() => window.axe.run());
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), [], tab);
  }
}));

test("two networks in training at every width", () => open(still, async (page) => {
  await page.click("#tab-train");
  await sweep(page, 60);
  await trainTwo(page);
  await sweep(page, 60);
}));

test("a line and a run at every width", () => open(still, async (page) => {
  await page.click("#tab-line");
  await draw(page, "#line", three);
  await says(page, "#line-answer", "111");
  await sweep(page, 60);
  await sweepRun(page, 60);
}));

test("in Chinese at every width, and axe-core finds nothing", () => open({ ...still, locale: "zh-CN" }, async (page) => {
  await fill(page, "概率");
  await sweep(page, 80);
  await page.click("#tab-line");
  await draw(page, "#line", three);
  await says(page, "#line-answer", "111");
  await sweep(page, 80);
  await sweepRun(page, 80);
  await page.evaluate(axe + "; undefined");
  for (const width of [360, 820, 1600]) {
    await page.setViewportSize({ width, height: 900 });
    for (const tab of [...runs, "line", "digit"]) {
      await page.click(`#tab-${tab}`);
      await painted(page);
      const { violations } = await page.evaluate(() => window.axe.run());
      assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), [], `${tab} at ${width}`);
    }
  }
}));

const box = (page, selector) => page.locator(selector).first().evaluate((element) => element.getBoundingClientRect().toJSON());

test("F6, its codes and the bars are above the fold", () => open({ viewport: { width: 1600, height: 900 } }, async (page) => {
  for (const selector of ["#drawn .grid", ".codes", "#bars"]) assert.ok((await box(page, selector)).bottom <= 900, selector);
}));

test("on a telephone the maps begin soon after the pen", () => open({ ...still, viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }, async (page) => {
  const [pad, input, maps] = [await box(page, "#draw"), await box(page, "#layers .grid"), await box(page, ".layer:nth-child(2) .grid")];
  assert.ok(input.top - pad.bottom < 370, `the input ${input.top - pad.bottom} pixels below the pad`);
  assert.ok(maps.top - pad.bottom < 520, `the maps ${maps.top - pad.bottom} pixels below the pad`);
}));
