// The page of `lenet5 demo` as people use it, by pointer and keyboard.

import assert from "node:assert/strict";
import { test } from "node:test";
import { draw, instead, onServer, open, says, seven } from "./browser.mjs";

const large = { viewport: { width: 1600, height: 900 } };

/** Where nothing moves by itself. */
const still = { ...large, reducedMotion: "reduce" };

async function load(page, index) {
  await page.fill("#digit-index", String(index));
  await page.click("#digit-form button");
}

test("a one drawn by the keyboard alone", () => open(large, async (page) => {
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

test("a test digit, moved by the sliders", () => open(large, async (page) => {
  await page.click("#test-digit");
  await page.waitForFunction(() => /Number \d+ is an? \d\. The answer \d is (right|wrong)\./.test(document.querySelector("#digit-info").textContent));
  const before = await page.textContent("#bars");
  await page.locator("#rotation").fill("40");
  await page.waitForFunction((before) => document.querySelector("#bars").textContent !== before, before);
  assert.ok(await page.locator("#paper-error").isDisabled(), "without MNIST there are no errors of the paper to load");
}));

// Of every network, and of the two that stand beside it.
test("the answer has the longest and darkest bar", () => open(large, async (page) => {
  await page.check("#compare");
  for (const network of ["lenet5", "modern", "lenet1"]) {
    await page.selectOption("#network", network);
    for (const index of [0, 7, 12]) {
      await load(page, index);
      await page.waitForFunction((index) => new RegExp(`Number ${index} .* is (right|wrong)`).test(document.querySelector("#digit-info").textContent), index);
      const lists = await page.evaluate(() => ["#bars", ".other:nth-child(1) .bars", ".other:nth-child(2) .bars"].map((list) => {
        const bars = [...document.querySelectorAll(`${list} .bar`)];
        const best = bars.findIndex((bar) => bar.closest(".best"));
        const [share, colour] = [bars.map((bar) => Number.parseFloat(bar.style.width)), getComputedStyle(bars[best]).backgroundColor];
        return { best, share, own: bars.filter((bar) => getComputedStyle(bar).backgroundColor === colour).length };
      }));
      for (const { best, share, own } of lists) {
        assert.equal(share[best], 100, network);
        assert.ok(share.every((each, i) => i === best || (each >= 0 && each < 100)), `${network}: ${share}`);
        assert.ok(share.includes(0) && own === 1, `${network}: ${share}`);
      }
    }
  }
}));

test("right or wrong, and what the paper's network answered", onServer, () => open(large, async (page) => {
  const { label, pixels } = await page.evaluate(() => fetch("api/digits/0").then((answer) => answer.json()));
  const other = (label + 1) % 10;
  // Of a machine with MNIST: the same picture under two labels.
  await instead(page, "digits", { name: "MNIST test set", count: 10000, paper_errors: [247] });
  await page.reload();
  await page.waitForFunction(() => !document.querySelector("#paper-error").disabled);
  const tell = async (said, paper) => {
    await page.unroute("**/api/digits/247");
    await instead(page, "digits/247", { index: 247, label: said, pixels, paper_answer: paper });
    await page.click("#paper-error");
  };
  const is = (digit) => `Number 247 is ${digit === 8 ? "an" : "a"} ${digit}. The answer ${label} is ${digit === label ? "right" : "wrong"}.`;
  await tell(label, 6);
  await says(page, "#digit-info", `${is(label)} The paper's network answered 6.`);
  await tell(other, 6);
  await says(page, "#digit-info", `${is(other)} The paper's network answered 6.`);
  await tell(label, null);
  await says(page, "#digit-info", is(label));
}));

test("an empty or impossible number loads nothing", () => open(still, async (page) => {
  await says(page, "#answer", "3");
  await says(page, "#digits-title", "embedded digits");
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  for (const number of ["", "-1", "1.5", "360", "1e9"]) {
    await page.fill("#digit-index", number);
    await page.click("#digit-form button");
    // As a browser that does not look at the field first.
    await page.evaluate(() => document.querySelector("#digit-form").dispatchEvent(new SubmitEvent("submit", { cancelable: true })));
    await page.waitForFunction(() => document.querySelector("#status").textContent === "The test digits have the numbers 0 to 359.");
  }
  assert.deepEqual(asked.filter((url) => url.includes("digits")), []);
  await says(page, "#digit-info", "An example: your first stroke clears it.");
}));

test("dots are too little ink, and a short stroke is not", () => open(still, async (page) => {
  await says(page, "#answer", "3");
  await page.waitForTimeout(300); // the example has been asked for
  for (const [tab, canvas] of [["digit", "#draw"], ["line", "#line"]]) {
    await page.click(`#tab-${tab}`);
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await draw(page, canvas, [[[0.5, 0.5]]]);
    const told = () => page.waitForFunction((where) => document.querySelector(where).textContent === "Too little ink for a digit: draw on.", tab === "digit" ? "#rubbish-words" : "#status");
    await told();
    await draw(page, canvas, [[[0.4, 0.4], [0.401, 0.4]]]);
    await told();
    assert.deepEqual(asked, []);
    await draw(page, canvas, [[[0.5, 0.3], [0.5, 0.7]]]);
    await page.waitForFunction((answer) => document.querySelector(answer).textContent !== "–", tab === "digit" ? "#answer" : "#line-answer");
  }
}));

test("eq. 9 is explained by the keyboard", () => open(large, async (page) => {
  const words = page.locator("#about-rubbish");
  assert.ok(!(await words.isVisible()));
  await page.focus("summary");
  await page.keyboard.press("Enter");
  assert.ok(await words.isVisible());
  assert.match(await words.textContent(), /eleventh class.*probability/s);
}));

/** Different drawings that are asked for until the example is read. */
async function drawings(page) {
  await says(page, "#answer", "3");
  const asked = new Set();
  page.on("request", (request) => request.url().includes("api/see") && asked.add(request.postDataBuffer().toString("hex")));
  await page.reload();
  await says(page, "#answer", "3");
  return asked.size;
}

test("at first a digit draws itself, and a stroke takes over at once", onServer, () => open(large, async (page) => {
  assert.ok(await drawings(page) > 1);
  await page.reload();
  await page.waitForFunction(() => document.querySelector("#digit-info").textContent.startsWith("An example"));
  await draw(page, "#draw", seven); // while it is drawn
  await says(page, "#answer", "7");
  await says(page, "#digit-info", "");
  await page.click("#undo");
  await says(page, "#answer", "–");
}));

test("without motion it is there at once", onServer, () => open(still, async (page) => {
  assert.equal(await drawings(page), 1);
}));

test("what a run is at, from its first pass on", onServer, () => open(large, async (page) => {
  const facts = () => page.evaluate(() => ["#run-state", "#run-pass", "#run-now", "#samples", "#time-title", "#time-left", "#tested"].map((id) => document.querySelector(id).textContent));
  const row = (pass) => ({ pass, training_error_percent: 9, test_error_percent: 5, seconds: 30 });
  const run = { name: "a", training: true, passes: 2, patterns: 60000, settings: "paper", tested: "test", rows: [], samples_per_second: null, seconds_left: null, seconds_in_pass: 40.2 };
  const cases = [
    [run, ["training", "1 of 2", "Pass 1 is being trained, for 40 s now. It has 60,000 patterns.", "after pass 1", "Time left", "after pass 1", "Test error"]],
    [{ ...run, rows: [row(1)], samples_per_second: 2000, seconds_left: 18 }, ["training", "2 of 2", "Pass 2 is being trained, for 40 s now. It has 60,000 patterns.", "2,000", "Time left", "about 20 s", "Test error"]],
    [{ ...run, training: false, rows: [row(1)], tested: "held_out" }, ["stopped with 1 of 2 passes", "1 of 2", "", "–", "Time taken", "30 s", "Held-out error"]],
    [{ ...run, training: false, rows: [row(1)], verdict: "diverged in pass 2 (c3.weight)" }, ["stopped with 1 of 2 passes", "1 of 2", "This run diverged in pass 2 (c3.weight).", "–", "Time taken", "30 s", "Test error"]],
    [{ ...run, training: false, rows: [row(1), row(2)], tested: "test" }, ["finished", "2 of 2", "", "–", "Time taken", "1 min", "Test error"]],
  ];
  await page.click("#tab-run");
  for (const [answer, expected] of cases) {
    await page.unroute("**/api/runs/mine");
    await instead(page, "runs/mine", answer);
    await says(page, "#run-state", expected[0]);
    await says(page, "#run-now", expected[2]);
    assert.deepEqual(await facts(), expected);
    assert.equal(await page.textContent("#run-settings"), "Settings: paper.");
    const curve = await page.textContent("#run-curve");
    assert.ok(curve.includes(expected[6]), curve);
  }
}));

test("a line is read", () => open(large, async (page) => {
  await page.click("#tab-line");
  const one = (x) => [[x, 0.2], [x, 0.8]];
  await draw(page, "#line", [one(0.3), [[0.5, 0.2], [0.57, 0.2], [0.53, 0.8]], one(0.75)]);
  if (await page.locator("#scan").isVisible()) await page.click("#scan");
  await says(page, "#line-answer", "171");
  await says(page, "#replicated-answer", "171");
  assert.match(await page.textContent("#line-words"), /^The line is right with probability [\w. ]+ %\.$/);
  const shares = await page.locator("#line-characters li").allTextContents();
  assert.ok(shares.length === 3 && shares.every((text) => /^[17][\w. ]+ %$/.test(text)), shares.join());
  assert.deepEqual(await page.locator("#panel-line h2").allTextContents(), ["Draw a line of digits", "Over-segmentation (section V)", "Replicated network (section VII)"]);
  // Each digit's own columns: apart, and the seven's wider than the ones'.
  const columns = await page.locator("#characters .hint").allTextContents();
  const [left, seven, right] = columns.map((text) => text.match(/\d+/g).map(Number));
  assert.ok(left[1] < seven[0] && seven[1] < right[0], columns.join());
  assert.ok(seven[1] - seven[0] > left[1] - left[0] && left[1] - left[0] < 8, columns.join());
}));

test("a run is followed", onServer, () => open(large, async (page) => {
  await page.click("#tab-line");
  await page.focus("#tab-line");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  // An empty plot stands there before the run is read.
  await page.waitForFunction(() => document.querySelectorAll("#run-curve .dot").length === 4);
  assert.deepEqual(await page.locator("#run-rows th").allTextContents(), ["2", "1"]);
}));

/** The pixels of the pad that are not grey, and so neither paper nor ink; left, right, top and bottom in parts of it. */
const coloured = (page) => page.locator("#line").evaluate((canvas) => {
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  const at = Array.from({ length: width * height }, (_, i) => i).filter((i) => {
    const pixel = data.subarray(4 * i, 4 * i + 3);
    return data[4 * i + 3] > 200 && Math.max(...pixel) - Math.min(...pixel) > 40;
  });
  const [xs, ys] = [at.map((i) => (i % width) / width), at.map((i) => Math.floor(i / width) / height)];
  const least = (values) => values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = (values) => values.reduce((a, b) => Math.max(a, b), -Infinity);
  return at.length && [least(xs), most(xs), least(ys), most(ys)];
});

test("what is read in a drawing is framed until it changes, and what is doubtful says so", () => open(still, async (page) => {
  await page.click("#tab-line");
  const one = (x) => [[x, 0.2], [x, 0.8]];
  await draw(page, "#line", [one(0.2)]);
  await says(page, "#line-answer", "1");
  await page.locator("#line").blur();
  const [left, right, top, bottom] = await coloured(page);
  assert.ok(left > 0.17 && left < 0.2 && right > 0.2 && right < 0.23 && top < 0.2 && bottom > 0.8, [left, right, top, bottom].join());
  // A cross is none of the ten. It is two thirds as wide as high; one of a quarter might be a thick 1.
  await draw(page, "#line", [[[0.28, 0.2], [0.36, 0.8]], [[0.36, 0.2], [0.28, 0.8]], one(0.44)]);
  await says(page, "#line-answer", "1?1");
  assert.match(await page.textContent("#line-words"), /Best guess: 1\d1\.$/);
  assert.match(await page.textContent("#line-characters .doubtful"), /^\?perhaps \d, /);
  await page.click("#line-clear");
  await says(page, "#line-answer", "–");
  assert.equal(await coloured(page), 0);
}));

test("where one method refuses, it says so and the other is shown", () => open(still, async (page) => {
  await page.click("#tab-line");
  await draw(page, "#line", [[[0.3, 0.5], [0.5, 0.5]]]); // a printed line, it seems
  await page.waitForFunction(() => document.querySelector("#line-words").textContent.startsWith("Over-segmentation refuses it: the drawing "));
  assert.equal(await page.textContent("#line-answer"), "–");
  assert.match(await page.textContent("#replicated-answer"), /^\d+$/);
}));

test("a server that ends is said, and breaks nothing", onServer, () => open({ viewport: { width: 360, height: 900 } }, async (page) => {
  await page.route("**/api/see**", (route) => route.fulfill({ status: 503, json: { error: "the server rests" } }));
  await draw(page, "#draw", seven);
  await page.waitForFunction(() => document.querySelector("#status").textContent.length > 5);
  await page.unroute("**/api/see**");
  await page.click("#clear");
  await draw(page, "#draw", seven);
  await says(page, "#answer", "7");
}, 503));
