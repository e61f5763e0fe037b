// A picture file that is opened on the page of `lenet5 demo`.

import assert from "node:assert/strict";
import { test } from "node:test";
import { draw, onServer, open, pgm, says, seven, strokesOf } from "./browser.mjs";

const still = { viewport: { width: 1600, height: 900 }, reducedMotion: "reduce" };
const digit = pgm(160, 200, strokesOf(seven, 160, 200));
const ones = [0.2, 0.5, 0.8].map((x) => [[x, 0.2], [x, 0.8]]);
const line = pgm(400, 120, strokesOf(ones, 400, 120));

/** A file of these bytes and this name, given to the page by an event of the kind `drop` or `paste`. */
const give = (page, kind, name, bytes) => page.evaluate(([kind, name, bytes]) => {
  const files = new DataTransfer();
  files.items.add(new File([Uint8Array.from(bytes)], name));
  const more = kind === "drop" ? { dataTransfer: files } : { clipboardData: files };
  const event = new (kind === "drop" ? DragEvent : ClipboardEvent)(kind, { bubbles: true, cancelable: true, ...more });
  document.body.dispatchEvent(event);
  return event.defaultPrevented;
}, [kind, name, [...bytes]]);

const captions = (page, where) => page.locator(`${where} figcaption`).allTextContents();

test("a picture of a digit is read, and its steps are shown", () => open(still, async (page) => {
  await says(page, "#answer", "3");
  await page.setInputFiles("#digit-file", { name: "seven.pgm", mimeType: "image/x-portable-graymap", buffer: digit });
  await says(page, "#answer", "7");
  await says(page, "#digit-info", "The digit in seven.pgm.");
  const [whole, ink, seen] = await captions(page, "#digit-steps");
  assert.equal(whole, "The picture: 160 × 200 pixels");
  assert.match(ink, /^Its ink, dark on light: \d+ × \d+ at \(\d+, \d+\)$/);
  assert.match(seen, /^What the network sees: strokes \d\.\d pixels wide/);
  assert.equal(await page.locator("#digit-steps .several").count(), 0);
  const loaded = await page.locator("#digit-steps img").evaluateAll((images) => images.map(({ naturalWidth, naturalHeight }) => [naturalWidth, naturalHeight]));
  assert.deepEqual(loaded, [[160, 200], [160, 200], [28, 28]]);
  // The networks and the sliders are for it as for a drawing.
  await page.selectOption("#network", "modern");
  await says(page, "#answer", "7");
  const before = await page.textContent("#bars");
  await page.locator("#rotation").fill("40");
  await page.waitForFunction((before) => document.querySelector("#bars").textContent !== before, before);
  await page.click("#reset");
  // A stroke, and a test digit, take its place.
  await draw(page, "#draw", [[[0.5, 0.2], [0.5, 0.8]]]);
  await says(page, "#answer", "1");
  assert.ok(await page.locator("#digit-steps").isHidden());
  await says(page, "#digit-info", "");
}));

test("several characters, and a line in uneven light", () => open(still, async (page) => {
  await says(page, "#answer", "3");
  await page.setInputFiles("#digit-file", { name: "line.pgm", mimeType: "image/x-portable-graymap", buffer: line });
  await page.locator("#digit-steps .several").waitFor();
  await says(page, "#digit-steps .several", "One of 3 characters that are seen: the tab “Line” reads a line of them.");
  await page.click("#tab-line");
  const inked = (x, y) => y >= 50 && y < 150 && [60, 150, 240, 330].some((left) => x >= left && x < left + 8);
  const levels = Uint8Array.from({ length: 400 * 200 }, (_, i) => 250 - 0.3 * (i % 400) - (inked(i % 400, Math.floor(i / 400)) ? 45 : 0));
  const buffer = Buffer.concat([Buffer.from("P5\n400 200\n255\n"), levels]);
  await page.setInputFiles("#line-file", { name: "shade.pgm", mimeType: "image/x-portable-graymap", buffer });
  await says(page, "#line-answer", "1111");
  assert.match(await page.textContent("#replicated-words"), /^The replicated network refuses it: the picture has too uneven/);
  assert.equal(await page.textContent("#replicated-answer"), "–");
  assert.ok(await page.locator("#strip").isHidden());
}));

test("a picture may be dropped or pasted, and is for the open view", () => open(still, async (page) => {
  await says(page, "#answer", "3");
  assert.ok(await give(page, "drop", "dropped.pgm", digit));
  await says(page, "#digit-info", "The digit in dropped.pgm.");
  await page.click("#clear");
  assert.ok(await give(page, "paste", "pasted.pgm", digit));
  await says(page, "#digit-info", "The digit in pasted.pgm.");
  await page.click("#tab-line");
  assert.ok(await give(page, "paste", "line.pgm", line));
  await says(page, "#line-answer", "111");
  await page.click("#tab-digit");
  await says(page, "#digit-info", "The digit in pasted.pgm.");
}));

test("a view without pictures takes none, and the page stays", onServer, () => open(still, async (page) => {
  await page.click("#tab-run");
  assert.ok(!(await give(page, "paste", "line.pgm", line)));
  assert.ok(await give(page, "drop", "line.pgm", line));
}));

test("a picture of a line is read, and a drawing after it", () => open(still, async (page) => {
  await page.click("#tab-line");
  await page.setInputFiles("#line-file", { name: "line.pgm", mimeType: "image/x-portable-graymap", buffer: line });
  await says(page, "#line-answer", "111");
  const [whole] = await captions(page, "#line-steps");
  assert.match(whole, /^The picture: 400 × 120 pixels\. Boxes: /);
  assert.match(await page.textContent("#replicated-words"), /^It sees the ink, dark on light: \d+ × \d+ at \(\d+, \d+\)\.$/);
  // Around each one, which is 12 pixels wide in the picture.
  const places = await page.locator("#line-steps .sign-box").evaluateAll((boxes) => boxes.map(({ style }) => [style.left, style.width].map(parseFloat)));
  assert.equal(places.length, 3);
  places.forEach(([left, width], i) => assert.ok(Math.abs(left + width / 2 - 100 * ones[i][0][0]) < 1 && width < 6, places.join()));
  await page.click("#scan");
  await says(page, "#line-answer", "111");
  await draw(page, "#line", [[[0.5, 0.2], [0.57, 0.2], [0.53, 0.8]]]);
  await says(page, "#line-answer", "7");
  assert.ok(await page.locator("#line-steps").isHidden());
}));

test("what is done last stands: a stroke after a picture that takes its time, and the second of two pictures", () => open(still, async (page) => {
  await says(page, "#answer", "3");
  await page.evaluate(() => {
    const { arrayBuffer } = Blob.prototype;
    File.prototype.arrayBuffer = async function () {
      if (this.name.startsWith("slow")) await new Promise((done) => setTimeout(done, 700));
      return arrayBuffer.call(this);
    };
  });
  const give = (name, strokes) => page.setInputFiles("#digit-file", { name, mimeType: "image/x-portable-graymap", buffer: pgm(300, 300, strokesOf(strokes, 300, 300)) });
  const one = [[[0.5, 0.2], [0.5, 0.8]]];
  await give("slow.pgm", one);
  await draw(page, "#draw", seven);
  await page.waitForTimeout(1200);
  await says(page, "#answer", "7");
  await says(page, "#digit-info", "");
  await give("slow.pgm", seven);
  await give("quick.pgm", one);
  await page.waitForTimeout(1200);
  await says(page, "#digit-info", "The digit in quick.pgm.");
  await says(page, "#answer", "1");
}));

test("a refused picture leaves the line that was read", () => open(still, async (page) => {
  await page.click("#tab-line");
  await draw(page, "#line", ones);
  await says(page, "#line-answer", "111");
  await give(page, "drop", "notes.pdf", Buffer.from("%PDF-1.7"));
  await page.waitForFunction(() => document.querySelector("#status").textContent.includes("is a PDF document"));
  assert.equal((await page.textContent("#line-answer")).trim(), "111");
  await draw(page, "#line", [[[0.9, 0.2], [0.9, 0.8]]]);
  await says(page, "#line-answer", "1111");
}));

test("a picture that gets no answer is tried again, and keeps no stroke waiting", onServer, () => open(still, async (page) => {
  await says(page, "#answer", "3");
  let silent = true;
  await page.route("**/api/picture/*", (route) => (silent ? route.abort() : route.continue()));
  await page.click("#tab-line");
  await page.setInputFiles("#line-file", { name: "line.pgm", mimeType: "image/x-portable-graymap", buffer: pgm(400, 120, strokesOf(ones, 400, 120)) });
  await page.waitForFunction(() => document.querySelector("#status").textContent.startsWith("The server does not answer"));
  await page.waitForTimeout(4000); // the pauses are long by now
  const start = performance.now();
  await draw(page, "#line", [[[0.5, 0.2], [0.5, 0.8]]]);
  await says(page, "#line-answer", "1");
  assert.ok(performance.now() - start < 2000, `${performance.now() - start} ms`);
  await page.click("#tab-digit");
  await page.setInputFiles("#digit-file", { name: "seven.pgm", mimeType: "image/x-portable-graymap", buffer: pgm(300, 300, strokesOf(seven, 300, 300)) });
  await page.waitForFunction(() => document.querySelector("#status").textContent.startsWith("The server does not answer"));
  silent = false;
  await says(page, "#digit-info", "The digit in seven.pgm.");
}, 0));

test("the buttons open the chooser and the camera", () => open({ ...still, hasTouch: true, isMobile: true, viewport: { width: 400, height: 800 } }, async (page) => {
  for (const [tab, buttons] of [["digit", ["open", "camera"]], ["line", ["open", "camera"]]]) {
    await page.click(`#tab-${tab}`);
    for (const button of buttons) {
      const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.click(`#${tab}-${button}`)]);
      const camera = await chooser.element().getAttribute("capture");
      assert.equal(camera, button === "camera" ? "environment" : null);
    }
  }
}));

test("what is no picture is refused with the reason, and the page goes on", () => open(still, async (page) => {
  await says(page, "#answer", "3");
  const told = (text) => page.waitForFunction((text) => document.querySelector("#status").textContent.includes(text), text);
  for (const tab of ["digit", "line"]) {
    await page.click(`#tab-${tab}`);
    await give(page, "drop", "notes.pdf", Buffer.from("%PDF-1.7"));
    await told("the picture is a PDF document, which is not read; export the page as PNG or JPEG");
    await give(page, "drop", "empty.png", Buffer.from(""));
    await told("the picture is empty");
    await give(page, "drop", "blank.pgm", pgm(40, 40, () => false));
    await told("shows nothing that looks like ink");
  }
  await page.click("#tab-digit");
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.evaluate(() => {
    const files = new DataTransfer();
    files.items.add(new File([new Uint8Array(67108865)], "large.tif"));
    document.body.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: files }));
  });
  await told("large.tif is too large: at most 67108864 bytes");
  assert.deepEqual(asked, []);
  await says(page, "#answer", "3");
  await draw(page, "#draw", seven);
  await says(page, "#answer", "7");
}));
