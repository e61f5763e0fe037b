// The page's modules, as they are written: what imports what. It needs no browser.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const folder = new URL("../../web/page/", import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith(".js"));
const texts = new Map(names.map((name) => [name, readFileSync(new URL(name, folder), "utf8")]));

test("the modules import each other in one direction, and page.js all of them", () => {
  const reached = new Set();
  const visit = (name, path) => {
    assert.ok(!path.includes(name), `a circle: ${[...path, name].join(" -> ")}`);
    reached.add(name);
    for (const [, next] of texts.get(name).matchAll(/(?:from "\.\/|new URL\(")(\w[\w-]*\.js)"/g)) visit(next, [...path, name]);
  };
  visit("page.js", []);
  assert.deepEqual([...reached].sort(), names.sort());
});

test("server.js alone asks the server, and its worker alone for weights", () => {
  assert.deepEqual(names.filter((name) => /\bapi\//.test(texts.get(name))), ["server.js"]);
  assert.deepEqual(names.filter((name) => /\bfetch\(/.test(texts.get(name))), ["server.js", "worker.js"]);
});
