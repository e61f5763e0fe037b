// The page in Chinese: nothing of it is left in English, and the dictionary has no more than the page says.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { draw, open, pgm, says, seven, strokesOf } from "./browser.mjs";
import { isChinese } from "./chinese.mjs";

const folder = new URL("../../web/page/", import.meta.url);
const still = { viewport: { width: 1600, height: 900 }, reducedMotion: "reduce" };
const chinese = { ...still, locale: "zh-CN" };
const ones = [0.3, 0.55, 0.8].map((x) => [[x, 0.2], [x, 0.8]]);

const picture = (strokes, width, height) => ({ name: "it.pgm", mimeType: "image/x-portable-graymap", buffer: pgm(width, height, strokesOf(strokes, width, height)) });

test("a drawing, its maps and its networks in Chinese", () => open(chinese, async (page) => {
  assert.equal(await page.getAttribute("html", "lang"), "zh-Hans");
  await says(page, "#answer", "3");
  await isChinese(page, "at the start");
  await page.locator("#draw").press("ArrowUp");
  await page.check("#compare");
  await page.click("summary");
  for (const network of ["modern", "lenet1", "lenet5"]) {
    await page.selectOption("#network", network);
    await page.waitForFunction(() => /概率|垃圾类/.test(document.querySelector(".other .hint")?.textContent));
    for (const grid of await page.locator("#panel-digit .grid[tabindex]").all()) {
      await grid.press("ArrowRight");
      await isChinese(page, network);
    }
  }
  await page.click("#test-digit");
  await page.waitForFunction(() => /第 \d+ 号是 \d。识别结果 \d (正确|错误)。/.test(document.querySelector("#digit-info").textContent));
  await page.fill("#digit-index", "");
  await page.evaluate(() => document.querySelector("#digit-form").dispatchEvent(new SubmitEvent("submit", { cancelable: true })));
  await says(page, "#status", "测试数字的编号为 0 至 359。");
  await page.locator("#rotation").fill("120");
  await draw(page, "#draw", [[[0.2, 0.2], [0.8, 0.8]], [[0.8, 0.2], [0.2, 0.8]]]);
  await page.waitForFunction(() => document.querySelector("#answer").textContent !== "–");
  await isChinese(page, "a cross");
  await page.click("#clear");
  await says(page, "#rubbish-words", "还没有书写。");
  await draw(page, "#draw", [[[0.5, 0.5]]]);
  await says(page, "#rubbish-words", "笔迹太少，不足以成为数字：请继续写。");
  await isChinese(page, "a dot");
}));

test("what is inside in Chinese", () => open(chinese, async (page) => {
  await says(page, "#answer", "3");
  const nudge = async () => {
    await page.click("#inside-nudges button:first-child");
    await page.waitForFunction(() => document.querySelector("#answer-changed").textContent);
    await isChinese(page, "nudged");
  };
  for (const [network, layers] of Object.entries({ lenet5: ["C1", "S2", "C3", "C5", "F6"], modern: ["S2", "C3"], lenet1: ["H1", "H2", "H3"] })) {
    await page.selectOption("#network", network);
    await page.waitForFunction(() => document.querySelector(".best"));
    for (const button of await page.locator("#inside-layers button").all()) {
      await button.click();
      await page.locator("#inside .kernels").press("ArrowDown");
      await isChinese(page, network);
    }
    await nudge();
    for (const layer of layers) {
      await page.locator(`#panel-digit [data-layer=${layer}] .grid`).press("ArrowRight");
      await page.waitForFunction((layer) => document.querySelector("#inside-info").textContent.startsWith(layer), layer);
      await page.locator("#inside[aria-busy=false]").waitFor();
      for (const button of await page.locator("#inside-own button:not([hidden]), #inside-terms canvas[role=application]").all()) {
        await button.click();
        await isChinese(page, layer);
      }
      if (layer !== "C5") await nudge();
    }
  }
  await page.check("#compare");
  await page.waitForFunction(() => document.querySelector("#others").textContent.includes("个权值已改变"));
  await isChinese(page, "beside each other");
  await page.click("#clear");
  await says(page, "#inside-info", "写下内容之后才有求和。");
}));

test("a line, pictures and refusals in Chinese", () => open(chinese, async (page) => {
  await page.setInputFiles("#digit-file", picture(seven, 160, 200));
  await says(page, "#digit-info", "it.pgm 中的数字。");
  await isChinese(page, "a picture of a digit");
  await page.setInputFiles("#digit-file", picture(ones, 400, 120));
  await page.locator("#digit-steps .several").waitFor();
  await isChinese(page, "a picture of several");
  await page.click("#tab-line");
  await draw(page, "#line", [...ones, [[0.9, 0.2], [0.97, 0.8]], [[0.97, 0.2], [0.9, 0.8]]]);
  await page.locator("#line-characters .doubtful").waitFor();
  await isChinese(page, "a line");
  await draw(page, "#line", [[[0.1, 0.5], [0.99, 0.5]]]);
  await isChinese(page, "a line that is struck out");
  await page.setInputFiles("#line-file", picture(ones, 400, 120));
  await page.locator("#line-steps figcaption").waitFor();
  await isChinese(page, "a picture of a line");
  const give = async (buffer, words) => {
    await page.setInputFiles("#line-file", { name: "it.png", mimeType: "image/png", buffer });
    await page.waitForFunction((words) => document.querySelector("#status").textContent.includes(words), words);
    await isChinese(page, words);
  };
  await give(Buffer.from("%PDF-1.7"), "图片是 PDF 文档，此处不能读取；请把该页导出为 PNG 或 JPEG");
  await give(Buffer.from(""), "图片为空");
  await give(pgm(40, 40, () => false), "图片中没有像笔迹的内容");
  await give(Buffer.from("nothing.at.all"), "不是 PNG、JPEG");
}));

test("a run in Chinese", { skip: Boolean(process.env.SITE) && "a site has no runs" }, () => open(chinese, async (page) => {
  await says(page, "#answer", "3");
  await page.click("#tab-run");
  await page.waitForFunction(() => document.querySelectorAll("#run-curve .dot").length === 4);
  await isChinese(page, "a run");
  await page.route("**/api/runs", (route) => route.fulfill({ json: { runs: [], folder: "runs" } }));
  await page.waitForFunction(() => !document.querySelector("#run-none").hidden);
  await isChinese(page, "no run");
}));

test("the tour in Chinese", () => open(chinese, async (page) => {
  await says(page, "#answer", "3");
  await page.click("#tour");
  for (let step = 1; step <= 10; step += 1) {
    await says(page, "#tour-place", `第 ${step} 步，共 10 步`);
    await isChinese(page, `step ${step}`);
    await page.click("#tour-next");
  }
}));

test("a training in Chinese, of one network and of two", () => open(chinese, async (page) => {
  await page.click("#tab-train");
  await page.locator("#mnist-files li").first().waitFor({ state: "attached" });
  await isChinese(page, "before the start");
  await page.fill("#train-passes", "1");
  await page.fill("#train-patterns", "60");
  await page.click("#train-one");
  await says(page, "#train-pattern", "1 / 60");
  await isChinese(page, "one pattern");
  await page.locator("#panel-train .grid[tabindex]").first().press("ArrowRight");
  await page.click("#train-go");
  await says(page, "#train-state", "已完成");
  await page.waitForFunction(() => document.querySelector(".model").textContent.includes("这条命令最终得到"));
  await isChinese(page, "one network");
  for (const preset of await page.locator("#train-right option").evaluateAll((options) => options.map(({ value }) => value))) {
    await page.selectOption("#train-right", preset);
    await isChinese(page, preset);
  }
  await page.selectOption("#train-right", "modern");
  await page.locator("#train-speed").fill("3");
  await page.click("#train-again");
  await page.waitForFunction(() => document.querySelectorAll(".side .now").length === 2 && !document.querySelector("#train-last").textContent.startsWith("尚未"));
  await page.click("#train-go");
  await says(page, "#train-state", "已暂停");
  await isChinese(page, "two networks");
  await page.selectOption("#train-data", "mnist");
  await page.setInputFiles("#train-file", { name: "notes", mimeType: "text/plain", buffer: Buffer.from("none") });
  await page.waitForFunction(() => document.querySelector("#mnist-problem").textContent.length > 5);
  await isChinese(page, "a file that is none of MNIST's");
}));

test("every refusal of a picture is in the dictionary", () => open(chinese, async (page) => {
  const told = await page.evaluate((texts) => import(new URL("words.js", document.baseURI)).then((words) => texts.map(words.translate)), [
    "the picture is too large: at most 16384 pixels a side and 268435456 bytes are accepted, found 20000 x 10 pixels; scale it down",
    "the picture is a HEIC picture, which is not read; export it as PNG or JPEG (a telephone takes JPEG where its camera is set to \"most compatible\")",
    "the picture is an SVG drawing, which is not read; export it as PNG or JPEG",
    "the picture has too uneven a background: its level varies by 90 of 255, and nothing is further than 45 from it; come closer, on plain paper, in more even light",
    "Over-segmentation refuses it: the drawing shows nothing that looks like ink: no level is further than 255 of 255 from that of the border, and what is there is too small; draw one digit, dark on light or light on dark (transparent parts count as white).",
    "the server answers 503",
  ]);
  for (const text of told) assert.doesNotMatch(text, /[A-Za-z]{2,} [a-z]{2,}/);
  assert.equal(told[2], "图片是 SVG 图形，此处不能读取；请导出为 PNG 或 JPEG");
}));

test("the button switches everything at once, and the choice is kept", () => open({ ...still, locale: "en-GB" }, async (page) => {
  await says(page, "#answer", "3");
  assert.equal(await page.getAttribute("html", "lang"), "en");
  await page.locator("[data-layer=S2] .grid").press("ArrowRight");
  await page.locator("#inside-unit").waitFor();
  const before = await page.evaluate(() => document.body.innerText);
  await page.click("#language");
  await says(page, "#draw-title", "写一个数字");
  assert.equal(await page.getAttribute("#draw", "aria-label"), "书写单个数字的区域");
  assert.match(await page.textContent("#unit-info"), /^S2 特征图 0，单元 \(0, 0\) = .*：来自 C1 的特征图 0$/);
  await isChinese(page, "after the switch");
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), ["lenet5-language"]);
  await page.reload();
  await says(page, "#draw-title", "写一个数字");
  await page.locator("[data-layer=S2] .grid").press("ArrowRight");
  await says(page, "#answer", "3");
  await page.locator("#inside-unit").waitFor();
  await page.click("#language");
  const untimed = (text) => text.replace(/.* ms in all/, "");
  assert.equal(untimed(await page.evaluate(() => document.body.innerText)), untimed(before));
  await page.reload();
  await says(page, "#draw-title", "Draw a digit");
}));

// The dictionary as it is written; it needs no browser.

const read = (name) => readFileSync(new URL(name, folder), "utf8");
const names = readdirSync(folder);
const { CHINESE } = await import(new URL("chinese.js", folder));

/** The texts of a folder of Rust files. */
const rust = (path) => readdirSync(new URL(`../../src/${path}`, import.meta.url), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.name.endsWith(".rs")).map((entry) => readFileSync(`${entry.parentPath ?? entry.path}/${entry.name}`, "utf8"));

/** Everything that the page and the program may say, with plain spaces and quotation marks. */
function sources() {
  const entities = { nbsp: " ", rsquo: "’", ldquo: "“", rdquo: "”", times: "×", minus: "−", ndash: "–" };
  const html = read("index.html").replace(/&(\w+);/g, (all, name) => entities[name] ?? all);
  const scripts = names.filter((name) => name.endsWith(".js") && !name.startsWith("chinese")).map(read);
  const programs = ["app/demo", "config", "data", "page", "picture", "training", "words"].flatMap(rust).map((text) => text.replace(/\\\n\s*/g, "").replaceAll("\\\"", "\""));
  const all = [html, ...scripts, ...programs].join("\n");
  // A setting is said with spaces.
  return [all, all.replaceAll("_", " ")].join("\n").replaceAll("\\u00a0", " ").replace(/\s+/g, " ").toLowerCase();
}

test("the dictionary has no key twice, and each has a translation with its places", () => {
  const keys = CHINESE.map(([key]) => key);
  assert.deepEqual(keys.filter((key, i) => keys.indexOf(key) !== i), []);
  const places = (text) => (text.match(/\{[n\d]?\}/g) ?? []).length;
  for (const [key, text] of CHINESE) {
    assert.equal(places(text), places(key), key);
    assert.equal(key, key.replace(/\s+/g, " ").trim());
  }
});

test("the dictionary has no text that neither the page nor the program says", () => {
  const said = sources();
  // The program puts many of them together: each clause between numbers is looked for.
  const clauses = (key) => key.split(/\{n?\}|[,:;%]|\d[\d,.]*|PNG, JPEG, WebP, GIF, TIFF, BMP or PNM/);
  const unused = CHINESE.filter(([key]) => clauses(key).some((clause) => !said.includes(clause.trim().toLowerCase())));
  assert.deepEqual(unused.map(([key]) => key), []);
});
