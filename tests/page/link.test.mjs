// Links that open the page as it was, and the view as a picture.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { draw, open, painted, pgm, says, seven, strokesOf } from "./browser.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const still = { viewport: { width: 1600, height: 900 }, reducedMotion: "reduce" };
const copying = { ...still, permissions: ["clipboard-read", "clipboard-write"] };
const { packPicture, packStrokes, unpackPicture, unpackStrokes } = await import(new URL("../../web/page/packing.js", import.meta.url));
const ones = [0.3, 0.55, 0.8].map((x) => [[x, 0.2], [x, 0.8]]);

/** The link that the button copies. */
async function copy(page) {
  await page.click("#copy-link");
  await says(page, "#notice-words", "The link is copied: it opens this drawing with these settings.");
  return page.evaluate(() => navigator.clipboard.readText());
}

/** Opens a link on a page that has nothing of its own. */
async function follow(page, link) {
  const asked = [];
  page.on("request", (request) => asked.push(request));
  await page.goto("about:blank");
  await page.goto(link);
  return asked;
}

const facts = (page) => page.evaluate(() => ({
  network: document.querySelector("#network").value,
  sliders: ["scale", "rotation", "noise"].map((id) => document.getElementById(id).value),
  answer: document.querySelector("#answer").textContent,
  unit: document.querySelector("#unit-info").textContent.replace(/ = \S+:/, ":"),
  bars: [...document.querySelectorAll("#bars .number")].map(({ textContent }) => Number.parseFloat(textContent.replace("−", "-"))),
}));

test("a link opens the drawing, the network, the sliders and the unit", () => open(copying, async (page) => {
  await draw(page, "#draw", seven);
  await says(page, "#answer", "7");
  await page.selectOption("#network", "modern");
  await page.locator("#rotation").fill("-12");
  await page.locator("#noise").fill("0.02");
  await page.locator("[data-layer=C3] .grid").press("ArrowRight");
  await page.locator("[data-layer=C3] .grid").press("ArrowDown");
  await page.locator(".best").waitFor();
  await page.waitForTimeout(300);
  const before = await facts(page);
  const link = await copy(page);
  assert.ok(link.length < 2000, `${link.length} letters`);
  const asked = await follow(page, link);
  await says(page, "#answer", "7");
  await page.waitForFunction(() => document.querySelector("#rotation-value").textContent === "−12°");
  await page.waitForTimeout(300);
  const after = await facts(page);
  // The strokes are in whole units, and so the numbers nearly the same.
  before.bars.forEach((number, i) => assert.ok(Math.abs(number - after.bars[i]) < 0.6, `${before.bars} and ${after.bars}`));
  assert.deepEqual({ ...after, bars: 0 }, { ...before, bars: 0 });
  assert.match(after.unit, /^C3 map 0, unit \(1, 0\)/);
  // No host is told what is behind the #.
  const fragment = new URL(link).hash.slice(1, 40);
  assert.ok(asked.length > 5);
  for (const request of asked) assert.ok(!request.url().replace(/#.*/, "").includes(fragment) && !(await request.headerValue("referer"))?.includes(fragment), request.url());
}));

test("a link to the line opens its tab, and reads it again, also on a narrow page", () => open(copying, async (page) => {
  await page.click("#tab-line");
  await draw(page, "#line", ones);
  await says(page, "#line-answer", "111");
  const link = await copy(page);
  await page.setViewportSize({ width: 400, height: 800 });
  await follow(page, link);
  await says(page, "#line-answer", "111");
  assert.ok(await page.locator("#panel-line").isVisible());
  // It is there too when the tab is opened later.
  await page.click("#tab-digit");
  const other = await copy(page);
  assert.ok(!other.includes("tab="));
  await follow(page, other);
  await page.click("#tab-line");
  await says(page, "#line-answer", "111");
  await page.click("#line-clear");
  await draw(page, "#line", [ones[1]]);
  await says(page, "#line-answer", "1");
}));

test("a link has a test digit or a picture as the network sees it", () => open(copying, async (page) => {
  await says(page, "#answer", "3");
  await page.fill("#digit-index", "7");
  await page.click("#digit-form button");
  await page.waitForFunction(() => document.querySelector("#digit-info").textContent.startsWith("Number 7 is"));
  await page.waitForTimeout(300);
  const [before, words] = [await facts(page), await page.textContent("#digit-info")];
  let link = await copy(page);
  assert.ok(link.length < 2000);
  await follow(page, link);
  await says(page, "#digit-info", words);
  assert.deepEqual(await facts(page), before, "not a bit differs");
  await page.setInputFiles("#digit-file", { name: "it.pgm", mimeType: "image/x-portable-graymap", buffer: pgm(160, 200, strokesOf(seven, 160, 200)) });
  await says(page, "#answer", "7");
  link = await copy(page);
  await follow(page, link);
  await says(page, "#answer", "7");
  await says(page, "#digit-info", "A picture from a link.");
}));

test("a link that is opened on the open page takes the place of what is there", () => open(copying, async (page) => {
  await says(page, "#answer", "3");
  await page.locator("#scale").fill("0.8");
  const link = await copy(page);
  await page.click("#reset");
  await draw(page, "#draw", seven);
  await says(page, "#answer", "7");
  await page.evaluate(() => history.replaceState(null, "", "#"));
  await page.evaluate((hash) => (location.hash = hash), new URL(link).hash);
  await says(page, "#answer", "3");
  assert.equal(await page.inputValue("#scale"), "0.8");
}));

test("what is damaged or unknown in a link is said, and harms nothing", () => open(copying, async (page) => {
  await draw(page, "#draw", seven);
  await says(page, "#answer", "7");
  const link = await copy(page);
  for (const broken of [link.slice(0, -1), link.slice(0, -30), link.replace("drawing=s", "drawing=sA"), link.replace("v=1", "v=2"), `${link.split("#")[0]}#top`, `${link.split("#")[0]}#%`]) {
    await follow(page, broken);
    await says(page, "#notice-words", "The link is incomplete or damaged, and is ignored.");
    assert.ok(await page.locator("#notice").isVisible());
    await says(page, "#answer", "3");
  }
  await page.click("#notice-close");
  assert.ok(await page.locator("#notice").isHidden());
  // As of another version: whole, but with a network, a tab, a unit and a drawing that there are not.
  const sum = (query) => {
    let sum = 0x811c9dc5;
    for (const letter of query) sum = Math.imul(sum ^ letter.charCodeAt(0), 0x01000193);
    return (sum >>> 0).toString(36).padStart(4, "0").slice(-4);
  };
  for (const part of ["network=other", "tab=other", "unit=99.0.0.0", "unit=1.x.0.0", "drawing=s____", "drawing=p____", "distortion=1_a_2", "line=AA", "train=left*other", "train=color*red"]) {
    await follow(page, `${link.split("#")[0]}#v=1&${part}&check=${sum(`v=1&${part}`)}`);
    await says(page, "#notice-words", "Part of the link is not known here, and is left out.");
  }
}));

test("a link has the settings of a training", () => open(copying, async (page) => {
  await says(page, "#answer", "3");
  await page.click("#tab-train");
  const fields = { left: "tuned", right: "modern", passes: "3", seed: "5", patterns: "200", "left-j": "2.5", "right-eta_factor": "0.4" };
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`#train-${name}`);
    if (["left", "right"].includes(name)) await field.selectOption(value);
    else await field.fill(value);
  }
  const values = () => page.evaluate(() => Object.fromEntries([...document.querySelectorAll(".train-setup :is(select, input:not([type=file]))")].map(({ id, value }) => [id, value])));
  const before = await values();
  const link = await copy(page);
  await follow(page, link);
  await page.waitForFunction(() => document.querySelector("#train-seed").value === "5");
  assert.ok(await page.locator("#panel-train").isVisible());
  assert.deepEqual(await values(), before);
  assert.equal(before["train-left-j"], "2.5");
}));

test("where copying is not allowed, the link is in a field", () => open(still, async (page) => {
  await says(page, "#answer", "3");
  await page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: { writeText: () => Promise.reject(new DOMException("no", "NotAllowedError")) } }));
  await page.click("#copy-link");
  await says(page, "#notice-words", "The browser does not allow copying: take the link from the field.");
  assert.equal(await page.inputValue("#notice-address"), page.url());
  assert.match(page.url(), /#v=1&drawing=s/);
  assert.equal(await page.evaluate(() => document.activeElement.id), "notice-address");
  await page.evaluate(axe + "; undefined");
  for (const width of [360, 820, 1600]) {
    await page.setViewportSize({ width, height: 900 });
    await painted(page);
    const { violations } = await page.evaluate(() => window.axe.run());
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), [], String(width));
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
  }
}));

test("the view is saved as a picture that has the drawing in it", () => open(still, async (page) => {
  await draw(page, "#draw", seven);
  await says(page, "#answer", "7");
  for (const [tab, name] of [["digit", "lenet5-digit.png"], ["line", "lenet5-line.png"]]) {
    await page.click(`#tab-${tab}`);
    if (tab === "line") {
      await draw(page, "#line", ones);
      await says(page, "#line-answer", "111");
    }
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save-picture")]);
    assert.equal(download.suggestedFilename(), name);
    await says(page, "#notice-words", `The picture has been saved as ${name}.`);
    const bytes = readFileSync(await download.path());
    // Its colours, read by the browser: ink, paper, and of the maps both signs.
    const seen = await page.evaluate(async (address) => {
      const image = new Image();
      image.src = address;
      await image.decode();
      const context = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height }).getContext("2d");
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width, image.height);
      const counts = { dark: 0, light: 0, blue: 0, brown: 0 };
      for (let i = 0; i < data.length; i += 4) {
        const [red, green, blue] = data.subarray(i, i + 3);
        if (red + green + blue < 150) counts.dark += 1;
        if (red + green + blue > 700) counts.light += 1;
        if (blue > red + 60) counts.blue += 1;
        if (red > blue + 60) counts.brown += 1;
      }
      return { width: image.width, height: image.height, ...counts };
    }, `data:image/png;base64,${bytes.toString("base64")}`);
    assert.ok(seen.width > 2000 && seen.height > 500 && seen.dark > 5000 && seen.light > 100_000, JSON.stringify(seen));
    if (tab === "digit") assert.ok(seen.blue > 10_000 && seen.brown > 10_000, JSON.stringify(seen));
  }
  await page.click("#tab-train");
  assert.ok(await page.locator("#save-picture").isDisabled(), "there is nothing drawn on that view");
}));

// How drawings are packed; it needs no browser.

/** Numbers from 0 to 1 that are the same each time. */
function* numbers(state) {
  for (;;) yield (state = (state * 16807) % 2147483647) / 2147483647;
}

test("strokes in whole units come back as they were", () => {
  const random = numbers(7);
  const next = (most) => Math.floor(random.next().value * most);
  for (let drawing = 0; drawing < 50; drawing += 1) {
    const strokes = Array.from({ length: next(5) }, () => Array.from({ length: 1 + next(20) }, () => [next(2000) - 300, next(400) - 100]));
    // Points on a straight line between their neighbours are left out; these are hardly ever.
    assert.deepEqual(unpackStrokes(packStrokes(strokes, 5000)), strokes);
  }
  assert.deepEqual(unpackStrokes(packStrokes([[[10.4, 19.6]], [[0, 0], [5, 5], [10, 10]]], 100)), [[[10, 20]], [[0, 0], [10, 10]]]);
});

test("a long drawing is simplified until it fits, and stays near", () => {
  const spiral = Array.from({ length: 3000 }, (_, i) => [140 + (i / 30) * Math.cos(i / 40), 140 + (i / 30) * Math.sin(i / 40)]);
  const text = packStrokes([spiral], 900);
  assert.ok(text.length <= 900 && text.length > 300, String(text.length));
  const [points] = unpackStrokes(text);
  const near = (point) => Math.min(...spiral.map(([x, y]) => Math.hypot(x - point[0], y - point[1])));
  assert.ok(points.every((point) => near(point) < 1));
  assert.ok(points.length > 60, String(points.length));
  assert.equal(packStrokes([spiral], 20), null);
});

test("pictures come back bit by bit, and what is none is refused", () => {
  const random = numbers(3);
  const pixels = Array.from({ length: 28 * 28 }, () => (random.next().value < 0.7 ? 0 : Math.floor(256 * random.next().value)));
  const picture = { width: 28, height: 28, pixels };
  assert.deepEqual(unpackPicture(packPicture(picture, [9999, 7, 0])), { ...picture, facts: [9999, 7, 0] });
  for (const text of ["", "A", "____", packPicture(picture, []).slice(0, -4), `${packPicture(picture, [])}AAAA`]) assert.throws(() => unpackPicture(text), text);
  for (const text of ["A", "____", "gICAgICA", packStrokes([[[1, 2], [30, 4]]], 99).slice(0, -1)]) assert.throws(() => unpackStrokes(text), text);
});
