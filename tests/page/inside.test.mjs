// The card "Inside": the kernels, the sum behind a unit, and weights that are nudged and restored.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open, says } from "./browser.mjs";

const still = { viewport: { width: 1600, height: 900 }, reducedMotion: "reduce" };
const fold = (...ids) => ids.map((id) => `#inside-${id}`);
const [info, terms, rest, words, restore] = fold("info", "terms", "rest", "words", "restore");

/** The numbers in a text. */
const numbers = (text) => [...text.replaceAll("−", "-").matchAll(/-?\d+(?:\.\d+)?/g)].map(Number);
const last = (text) => numbers(text).at(-1);
const near = (found, expected, slack, what) => assert.ok(Math.abs(found - expected) <= slack + 1e-9, `${what}: ${found} for ${expected}`);

/** Opens the page with its example, which is a 3; `work` is done with it. */
const opened = (work) => () => open(still, async (page) => {
  await says(page, "#answer", "3");
  await work(page);
});

const choose = async (page, network) => {
  await page.selectOption("#network", network);
  await page.waitForFunction(() => document.querySelector(".best"));
};

/** Chooses a unit by its map's keys, and waits for its sum. */
async function pick(page, layer, keys) {
  for (const key of keys) await page.locator(`#panel-digit [data-layer=${layer}] .grid`).press(key);
  await page.locator("#inside[aria-busy=false]").waitFor();
}

const has = (page, id, part) => page.waitForFunction(([id, part]) => document.querySelector(id).textContent.includes(part), [id, part], { timeout: 10_000 });

/** What is shown of a unit's sum: of each input map, the rest, all together, coefficient, bias, a and x. */
async function shown(page) {
  const text = await page.textContent(words);
  const number = (form) => (form.exec(text) ? numbers(form.exec(text)[0]).at(-1) : null);
  return {
    parts: (await page.locator(`${terms} span`).allTextContents()).map(last),
    rest: (await page.textContent(rest)) ? last(await page.textContent(rest)) : 0,
    sum: number(/(?:add up to|states is) \S+(?=\.\s)/),
    coefficient: number(/the coefficient [^,]+/i),
    bias: number(/the bias [^,]+/i),
    a: number(/ a = \S+(?=\.\s)/),
    x: number(/x = \S+$/),
    state: numbers(/= (\S+):/.exec(await page.textContent(info))[1])[0],
  };
}

const squash = (a) => 1.7159 * Math.tanh((2 * a) / 3);

/** Numbers have three decimals: each is off by at most half of the last one. */
const HALF = 0.0005;

test("the shown numbers make the shown state, of a unit of every layer", opened(async (page) => {
  const layers = { C1: 1, S2: 1, C3: 3, S4: 1, C5: 16, F6: 16 };
  for (const [layer, count] of Object.entries(layers)) {
    await pick(page, layer, ["ArrowRight", "PageDown", "ArrowRight"]);
    const { parts, rest, sum, coefficient, bias, a, x, state } = await shown(page);
    assert.equal(parts.length, count, layer);
    near(parts.reduce((all, part) => all + part, rest), sum, (count + 2) * HALF, `${layer}: the parts`);
    assert.equal(coefficient !== null, layer === "S2" || layer === "S4", layer);
    near(sum * (coefficient ?? 1) + bias, a, HALF * (3 + Math.abs(sum)), `${layer}: a`);
    near(squash(a), x, HALF * 2.2, `${layer}: x`);
    near(x, state, 0.0055, `${layer}: the state of the map`);
  }
  assert.match(await page.textContent(rest), /^The other 104 inputs add up to −?\d+\.\d{3}\.$/);
}));

test("the largest contributions come first, and the formula has the same numbers as the words", opened(async (page) => {
  await pick(page, "F6", ["ArrowRight"]);
  const { parts, sum, bias, a, x } = await shown(page);
  assert.deepEqual(parts.map(Math.abs), parts.map(Math.abs).sort((first, second) => second - first));
  const formula = (await page.textContent("#inside-formula")).replaceAll("−", "-").replaceAll("- ", "-").replaceAll("+ ", "");
  assert.deepEqual(numbers(formula).slice(0, 3), [sum, bias, a]);
  assert.equal(last(formula), x);
}));

test("pooling and ReLU, and the layers of LeNet-1", opened(async (page) => {
  await choose(page, "modern");
  await pick(page, "S2", ["ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown"]);
  assert.match(await page.textContent(words), /^The largest of the 4 states is \S+\. That makes a = \S+\. The state is a, or 0 if a is negative: x = \S+\.$/);
  const values = numbers(/max\((.*?)\)/.exec(await page.textContent("#inside-formula"))[1]);
  const { sum, a, x } = await shown(page).then((all) => ({ ...all, x: last(all.x === null ? "0" : String(all.x)) }));
  assert.equal(Math.max(...values), sum);
  assert.equal(a, sum);
  near(x, Math.max(0, a), HALF, "x");
  await choose(page, "lenet1");
  await pick(page, "H3", ["ArrowRight", "ArrowDown"]);
  const unit = await shown(page);
  near(unit.parts.reduce((all, part) => all + part, 0), unit.sum, 3 * HALF, "H3");
  near(squash(unit.a), unit.x, HALF * 2.2, "H3");
  await pick(page, "H2", ["ArrowRight", "ArrowDown"]);
  assert.ok((await shown(page)).coefficient !== null);
}));

test("a nudge changes the distances, and Restore gives them back", opened(async (page) => {
  await pick(page, "C3", ["ArrowRight", "ArrowRight"]);
  const [bars, unit] = [await page.textContent("#bars"), await shown(page)];
  await page.locator(`${terms} canvas`).nth(1).click({ position: { x: 74, y: 20 } });
  const weight = () => page.textContent("#weight-info");
  assert.match(await weight(), /^Weight from S2 map 1 to C3 map 0, row 2, column 2: −?\d\.\d{3}$/);
  const before = await weight();
  await page.click("#inside-nudges button:nth-child(4)");
  await has(page, "#answer-changed", "The network answers with 1 changed weight.");
  near(last(await weight()), last(before) + 0.5, 2 * HALF, "the weight");
  await page.waitForFunction((bars) => document.querySelector("#bars").textContent !== bars, bars);
  await page.waitForFunction(([words, x]) => !document.querySelector(words).textContent.endsWith(` ${x}.`), [words, String(unit.x).replace("-", "−")]);
  const nudged = await shown(page);
  assert.notDeepEqual(nudged.parts, unit.parts);
  near(squash(nudged.a), nudged.x, HALF * 2.2, "x after the nudge");
  await page.click("#inside-own button:last-child");
  assert.match(await weight(), /^Bias of C3 map 0: /);
  await page.click("#inside-nudges button:nth-child(1)");
  await has(page, "#inside-changed", "with 2 changed weights");
  await page.check("#compare");
  await choose(page, "modern");
  await has(page, "#others", "with 2 changed weights");
  assert.equal(await page.textContent("#answer-changed"), "");
  await choose(page, "lenet5");
  await page.click(restore);
  await page.waitForFunction((bars) => document.querySelector("#bars").textContent === bars, bars);
  assert.equal(await page.textContent("#answer-changed"), "");
  assert.ok(await page.locator(restore).isHidden());
  await pick(page, "C3", ["ArrowRight", "ArrowRight"]);
  assert.deepEqual(await shown(page), unit);
}));

test("a page that is loaded anew has the weights as they were", opened(async (page) => {
  const bars = await page.textContent("#bars");
  await page.locator("#inside .kernels").press("ArrowRight");
  await page.click("#inside-nudges button:nth-child(4)");
  await page.waitForFunction((bars) => document.querySelector("#bars").textContent !== bars, bars);
  await page.reload();
  await page.waitForFunction((bars) => document.querySelector("#bars").textContent === bars, bars);
}));

test("by the keyboard alone", opened(async (page) => {
  const kernels = page.locator("#inside .kernels");
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const weight = () => page.textContent("#weight-info");
  await kernels.waitFor();
  await kernels.focus();
  await press("ArrowRight");
  assert.match(await weight(), /^Weight from the input to C1 map 0, row 0, column 0: /);
  await press("ArrowDown", "ArrowLeft");
  assert.match(await weight(), /^Weight from the input to C1 map 5, row 1, column 4: /);
  await press("Tab", "Tab", "Tab");
  const before = last(await weight());
  await press("Enter");
  await has(page, "#inside-changed", "with 1 changed weight");
  near(last(await weight()), before + 0.1, 2 * HALF, "nudged by 0.1");
  await press("Tab", "Tab", "Enter");
  await page.locator(restore).waitFor({ state: "hidden" });
  near(last(await weight()), before, 0, "restored");
  await kernels.focus();
  await press("Escape");
  assert.equal(await weight(), "Click a weight, a bias or a coefficient to change it.");
  assert.ok(await page.locator("#inside-nudges button").first().isDisabled());
  // Of a unit: through its kernels, from one to the next.
  await pick(page, "C3", ["ArrowRight"]);
  await page.locator(`${terms} canvas[tabindex="0"]`).focus();
  await press("ArrowRight", "ArrowLeft");
  assert.match(await weight(), /^Weight from S2 map 2 to C3 map 0, row 0, column 4: /);
  assert.equal(await page.evaluate((terms) => [...document.querySelectorAll(`${terms} canvas`)].indexOf(document.activeElement), terms), 2);
}));

test("the kernels of C3 stand in Table I", opened(async (page) => {
  const kernels = page.locator("#inside .kernels");
  assert.match(await kernels.getAttribute("aria-label"), /^The 6 kernels of C1, the largest weight /);
  await page.click("#inside-layers button:nth-child(2)");
  const label = (count, layer) => page.waitForFunction((text) => document.querySelector("#inside .kernels").ariaLabel.startsWith(text), `The ${count} kernels of ${layer}, the largest weight `);
  await label(60, "C3");
  const weight = () => page.textContent("#weight-info");
  // The first row of Table I has crosses at 0, 4, 5, 6; the first column at 0, 1, 2.
  await kernels.press("ArrowRight");
  for (let step = 0; step < 5; step++) await kernels.press("ArrowRight");
  assert.match(await weight(), /^Weight from S2 map 0 to C3 map 4, row 0, column 0: /);
  for (let step = 0; step < 5; step++) await kernels.press("ArrowLeft");
  for (let step = 0; step < 15; step++) await kernels.press("ArrowDown");
  assert.match(await weight(), /^Weight from S2 map 0 to C3 map 0, row 0, column 0: /, "down the first column, and back to its top");
  const box = await kernels.boundingBox();
  const [pitch, top] = [(box.width - 18 + 3) / 16, 18];
  await kernels.click({ position: { x: 18 + 1.5 * pitch, y: top + 5 } });
  assert.match(await weight(), /C3 map 0, row 0, column 0: /, "there is no kernel from S2 map 0 to C3 map 1");
  await kernels.click({ position: { x: 18 + 15.4 * pitch, y: top + 5 } });
  assert.match(await weight(), /^Weight from S2 map 0 to C3 map 15, /);
  const empty = await kernels.evaluate((canvas, x) => {
    const ratio = canvas.width / canvas.clientWidth;
    return [...canvas.getContext("2d").getImageData(x * ratio, 22 * ratio, 4, 4).data].every((byte) => byte === 0);
  }, 18 + 1.3 * pitch);
  assert.ok(empty, "nothing is painted where there is no connection");
  await choose(page, "modern");
  await page.click("#inside-layers button:nth-child(2)");
  await label(96, "C3");
  await choose(page, "lenet1");
  assert.deepEqual(await page.locator("#inside-layers button").allTextContents(), ["H1", "H3"]);
  await label(4, "H1");
}));

test("a network that was trained here has an inside, and its nudges go with it", opened(async (page) => {
  const train = async () => {
    await page.click("#tab-train");
    await page.click("#train-one");
    await page.waitForFunction(() => /^\d+ of 60/.test(document.querySelector("#train-pattern").textContent));
    await page.click(".read-drawing");
    await page.waitForFunction(() => document.querySelector("#network").value === "trained" && document.querySelector(".best"));
  };
  await page.click("#tab-train");
  await page.fill("#train-passes", "1");
  await page.fill("#train-patterns", "60");
  await train();
  await pick(page, "C1", ["ArrowRight", "ArrowDown"]);
  const { a, x } = await shown(page);
  near(squash(a), x, HALF * 2.2, "C1");
  await page.click("#inside-own button:last-child");
  await page.click("#inside-nudges button:last-child");
  await has(page, "#answer-changed", "with 1 changed weight");
  await train();
  await page.waitForFunction(() => document.querySelector("#answer-changed").textContent === "");
}));

test("without a drawing there is no sum, and with one eq. 9 is told in words", opened(async (page) => {
  await page.click(".verdict summary");
  const text = await page.textContent("#rubbish-formula");
  assert.match(text, /^The share is exp\(−j\), divided by the sum of exp\(−j\) and, for each class, exp\(−its distance\)/);
  assert.match(text, / Here j is 5\.54, the nearest class/); // of tuned-rubbish, for pictures of which one in five is rubbish
  assert.equal(/distance (\S+), and/.exec(text)[1], (await page.textContent(".best .number")).trim());
  assert.equal(/share is (.*)\.$/.exec(text.split("rubbish. ")[1])[1], await page.textContent("#rubbish"));
  await pick(page, "C1", ["ArrowRight"]);
  await page.click("#clear");
  await says(page, info, "There is no sum before something is drawn.");
  assert.ok(await page.locator(terms).isHidden());
}));
