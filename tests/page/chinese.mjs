// Whether the page is in Chinese.

import assert from "node:assert/strict";

/** Names that are the same in both languages. */
const NAMES = ["lenet5 demo", "A tanh"];

/** Every text of the document, visible or not, and every accessible name in which two Latin words stand in a row. Runs in the page. */
function english(names) {
  const found = [];
  const look = (text, element) => {
    const rest = names.reduce((left, name) => left.replaceAll(name, ""), text);
    if (element.translate !== false && /[A-Za-z]{2,}[\s’']+[A-Za-z]{2,}|[A-Za-z]{2,} [a-z]\b/.test(rest)) found.push(text.trim());
  };
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeType === Node.TEXT_NODE) {
      if (!node.parentElement.closest("script, style, noscript")) look(node.data, node.parentElement);
    } else for (const name of ["aria-label", "aria-valuetext", "title", "alt", "placeholder"]) look(node.getAttribute(name) ?? "", node);
  }
  return found;
}

const missing = (page) => page.evaluate(() => import(new URL("words.js", document.baseURI)).then((words) => [...words.missing]));

/** Asserts that the page is in Chinese as it is now; `when` says when that is. */
export async function isChinese(page, when) {
  assert.deepEqual(await page.evaluate(english, NAMES), [], when);
  assert.deepEqual(await missing(page), [], when);
}
