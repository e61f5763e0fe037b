// The tour of the page: by the pointer and by the keyboard, at every width, and without a violation that axe-core finds.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { draw, open, painted, says, seven } from "./browser.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const still = { viewport: { width: 1600, height: 900 }, reducedMotion: "reduce" };
const at = (page, step) => says(page, "#tour-place", `Step ${step} of 10`);
const box = (page, selector) => page.locator(selector).first().evaluate((element) => element.getBoundingClientRect().toJSON());

async function begin(page) {
  await says(page, "#answer", "3");
  await page.click("#tour");
  await at(page, 1);
}

/** The layer that is framed, and what is lit. */
const framed = (page) => page.evaluate(() => document.querySelector(".toured").dataset.layer ?? document.querySelector(".toured").className);
const lit = (page) => page.textContent("#unit-info");

test("ten steps by the pointer, each with its part and its unit", () => open(still, async (page) => {
  await begin(page);
  const parts = [];
  const units = [];
  for (let step = 1; step <= 10; step += 1) {
    await at(page, step);
    parts.push((await framed(page)).replace(" toured", ""));
    units.push((await lit(page)).split(" =")[0]);
    assert.match(await page.textContent("#tour-source"), /^In the paper: Sections? II-/);
    assert.ok((await page.textContent("#tour-text")).split(/[.?] /).length >= 2);
    if (step === 10) assert.ok(await page.locator("#about-rubbish").isVisible());
    await page.click("#tour-next");
  }
  assert.deepEqual(parts, ["Input", "C1", "C1", "S2", "C3", "C5", "F6", "codes", "bars", "verdict"]);
  const none = "Click a unit in any map to light its receptive field.";
  assert.deepEqual(units, [none, "C1 map 0, unit (14, 14)", "C1 map 0, unit (14, 20)", "S2 map 0, unit (7, 7)", "C3 map 0, unit (5, 5)", "C5 unit 0", "F6 unit 0", none, none, none]);
  assert.ok(await page.locator("#tour-card").isHidden());
  assert.ok(!(await page.locator("#about-rubbish").isVisible()), "what was unfolded is folded again");
  assert.equal(await page.locator(".toured").count(), 0);
}));

test("by the keyboard: it opens, goes on and back, ends, and gives the focus back", () => open(still, async (page) => {
  await says(page, "#answer", "3");
  const focus = () => page.evaluate(() => document.activeElement.id);
  await page.focus("#tour");
  await page.keyboard.press("Enter");
  await at(page, 1);
  assert.equal(await focus(), "tour-title");
  await page.keyboard.press("ArrowRight");
  await at(page, 2);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await at(page, 1);
  await page.keyboard.press("Tab"); // "Back" is of no use on the first step
  assert.equal(await focus(), "tour-next");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Shift+Tab");
  assert.equal(await focus(), "tour-back");
  await page.keyboard.press("Enter");
  await at(page, 1);
  assert.equal(await focus(), "tour-next", "a button that is disabled has no focus");
  await page.keyboard.press("Escape");
  assert.ok(await page.locator("#tour-card").isHidden());
  assert.equal(await focus(), "tour");
  // Elsewhere the arrow keys are for what has the focus.
  await page.keyboard.press("Enter");
  await page.locator("[data-layer=C1] .grid").press("ArrowRight");
  await at(page, 1);
  assert.match(await lit(page), /^C1 map 0, unit \(0, 0\)/);
  await page.locator("[data-layer=C1] .grid").press("Escape");
  await at(page, 1);
  await page.locator("#compare").press("Escape");
  assert.ok(await page.locator("#tour-card").isHidden());
}));

test("it can be skipped, keeps what is drawn, and brings the page to what it speaks of", () => open(still, async (page) => {
  assert.ok(await page.locator("#tour-card").isHidden(), "it does not open by itself");
  await says(page, "#answer", "3");
  assert.equal(await page.locator("#tour.first").count(), 1, "before anything is drawn the button stands out");
  await draw(page, "#draw", seven);
  await says(page, "#answer", "7");
  assert.equal(await page.locator("#tour.first").count(), 0);
  await page.selectOption("#network", "modern");
  await page.click("#tab-line");
  await page.click("#tour");
  await at(page, 1);
  assert.ok(await page.locator("#panel-digit").isVisible());
  assert.equal(await page.inputValue("#network"), "lenet5");
  await says(page, "#answer", "7");
  await page.selectOption("#network", "lenet1"); // which has no C1
  await page.click("#tour-next");
  await at(page, 2);
  assert.equal(await framed(page), "C1");
  await page.click("#tour-skip");
  assert.ok(await page.locator("#tour-card").isHidden());
  await page.click("#clear");
  await page.click("#tour");
  await says(page, "#answer", "3");
}));

for (const [width, height] of [[360, 740], [820, 1100], [1280, 720], [1600, 900]]) {
  for (const locale of ["en-US", "zh-CN"]) {
    test(`the card leaves what it speaks of visible at ${width} pixels, ${locale}`, () => open({ ...still, viewport: { width, height }, locale }, async (page) => {
      await says(page, "#answer", "3");
      await page.click("#tour");
      for (let step = 1; step <= 10; step += 1) {
        await page.waitForFunction((step) => document.querySelector("#tour-place").textContent.match(/\d+/)[0] === String(step), step);
        await painted(page);
        const [card, part] = [await box(page, "#tour-card"), await box(page, ".toured")];
        assert.ok(card.left >= 0 && card.right <= width && card.top >= 0 && card.bottom <= height, `step ${step}: the card is within the window`);
        const across = Math.min(card.right, part.right) - Math.max(card.left, part.left);
        const down = Math.min(card.bottom, part.bottom) - Math.max(card.top, part.top);
        const hidden = across > 0 && down > 0 ? (across * down) / (part.width * part.height) : 0;
        assert.ok(hidden < 0.05 && part.top < height && part.bottom > 0, `step ${step}: ${hidden} of the part is covered`);
        const { scrollHeight, clientHeight } = await page.locator("#tour-card").evaluate(({ scrollHeight, clientHeight }) => ({ scrollHeight, clientHeight }));
        assert.ok(scrollHeight - clientHeight < 2, `step ${step}: all of the card is seen`);
        await page.click("#tour-next");
      }
    }));
  }
}

for (const colorScheme of ["light", "dark"]) {
  for (const width of [360, 820, 1600]) {
    test(`axe-core finds nothing on the tour at ${width} pixels, ${colorScheme}`, () => open({ ...still, colorScheme, viewport: { width, height: 900 } }, async (page) => {
      await begin(page);
      await page.evaluate(axe + "; undefined");
      for (const step of [1, 2, 10]) {
        while ((await page.textContent("#tour-place")) !== `Step ${step} of 10`) await page.click("#tour-next");
        await painted(page);
        const { violations } = await page.evaluate(() => window.axe.run());
        assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), [], `step ${step}`);
      }
    }));
  }
}
