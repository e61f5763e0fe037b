// The page's words. The English texts are the keys; the dictionary has them in Chinese.

import { CHINESE } from "./chinese.js";

/** The languages by name, each with the value of `lang`. */
const LANGUAGES = { English: "en", 中文: "zh-Hans" };
/** The place of the choice in the browser's own store. */
const STORE = "lenet5-language";
/** The attributes that have words. */
const ATTRIBUTES = ["aria-label", "title"];

let language = "en";

/** Texts that were not found in the dictionary, for tests. */
export const missing = new Set();

const exact = new Map(CHINESE.filter(([english]) => !english.includes("{")));
const patterns = CHINESE.filter(([english]) => english.includes("{")).map(readPattern);
// The one with the most words of its own comes first.
patterns.sort((a, b) => b.length - a.length);

/** Of an English pattern, {n} stands for a number and {} for any text. The translation has {} in the same order, or {1}, {2} ... in another. */
function readPattern([english, chinese]) {
  const literal = english.split(/\{n?\}/);
  const places = english.match(/\{n?\}/g).map((place) => (place === "{n}" ? "([−\\d][\\d.,]*)" : "(.+?)"));
  const form = literal.map((text, i) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&") + (places[i] ?? "")).join("");
  return { form: new RegExp(`^${form}$`, "s"), chinese, length: literal.join("").length };
}

const find = (text) => exact.get(text) ?? findSentences(text) ?? findPattern(text) ?? findList(text);

function findSentences(text) {
  const sentences = text.split(/(?<=[.?!]) (?=[A-Z“])/);
  if (sentences.length < 2) return null;
  const found = sentences.map((sentence) => exact.get(sentence) ?? findPattern(sentence));
  return found.includes(null) ? null : found.join("");
}

/** A list such as that of the settings of a run: words that stand alone are names. */
function findList(text) {
  const parts = text.split(", ");
  if (parts.length < 2) return null;
  const found = parts.map((part) => exact.get(part) ?? findPattern(part) ?? (/[A-Za-z]{2}.* |.* .*[A-Za-z]{2}/.test(part) ? null : part));
  return found.includes(null) || found.every((part, i) => part === parts[i]) ? null : found.join("，");
}

function findPattern(text) {
  for (const { form, chinese } of patterns) {
    const parts = form.exec(text);
    if (!parts) continue;
    let next = 1;
    return chinese.replace(/\{(\d?)\}/g, (_, number) => {
      const part = parts[number || next++];
      return find(part) ?? part;
    });
  }
  return null;
}

/** A text in the language of the page. What is in no dictionary stays as it is. */
export function translate(text) {
  const plain = text.replace(/\s+/g, " ").trim();
  if (language === "en" || !/[A-Za-z]{2}/.test(plain)) return text;
  const found = find(plain);
  if (found === null) missing.add(plain);
  return found === null ? text : text.replace(/^(\s*).*?(\s*)$/s, (_, before, after) => before + found + after);
}

/** The English texts of elements and text nodes, by place: an attribute, or "" for the text itself. */
const written = new WeakMap();

/** Writes an English text in the language of the page, as an element's text or as one of its attributes. It is remembered. */
export function write(node, english, attribute = "") {
  if (!written.has(node)) written.set(node, new Map());
  written.get(node).set(attribute, english);
  show(node, attribute, english);
}

/** The English text that was written last. */
export const english = (element) => written.get(element)?.get("") ?? element.textContent;

/** What is unchanged is not written again, so that nothing is announced twice. */
function show(node, attribute, text) {
  const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  const shown = element.translate === false ? text : translate(text);
  if (attribute) {
    if (node.getAttribute(attribute) !== shown) node.setAttribute(attribute, shown);
  } else if (node.textContent !== shown) node.textContent = shown;
}

/** Calls `use` with each element and text node of the document. */
function walk(use) {
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  nodes.forEach(use);
}

/** Takes up the texts of the document as it is written. */
function takeUp(node) {
  if (node.nodeType === Node.TEXT_NODE) {
    const { parentElement: parent, data } = node;
    if (/[A-Za-z]/.test(data) && !parent.closest("script, style, noscript")) write(node, data);
    return;
  }
  for (const name of ATTRIBUTES) if (node.hasAttribute(name)) write(node, node.getAttribute(name), name);
}

const stored = () => {
  try {
    return localStorage.getItem(STORE);
  } catch {
    return null; // the browser keeps nothing for this page
  }
};

function change(name) {
  language = LANGUAGES[name];
  document.documentElement.lang = language;
  walk((node) => {
    // A text node is gone when its element's text has been written anew.
    if (node.isConnected) written.get(node)?.forEach((text, attribute) => show(node, attribute, text));
  });
}

const other = (name) => Object.keys(LANGUAGES).find((each) => each !== name);

/** Takes the language of the last visit, or that of the browser, and lets `button` switch; `changed` is called after that. */
export function startWords(button, changed) {
  let name = LANGUAGES[stored()] ? stored() : /^zh\b/.test(navigator.language) ? "中文" : "English";
  const tell = () => {
    change(name);
    Object.assign(button, { textContent: other(name), lang: LANGUAGES[other(name)] });
  };
  walk(takeUp);
  tell();
  button.addEventListener("click", () => {
    name = other(name);
    tell();
    try {
      localStorage.setItem(STORE, name);
    } catch {
      // the choice is for this visit
    }
    changed();
  });
}
