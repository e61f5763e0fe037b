// The open view as one picture: its canvases and its answer, with their texts, in the colours of the theme.

import { $ } from "./common.js";
import { selected } from "./layers.js";
import { notify } from "./notice.js";
import { css } from "./painting.js";

/** The picture has so many pixels for one of the page. */
const ZOOM = 2;
const MARGIN = 24;
const FONTS = { title: "600 20px ui-serif, Georgia, serif", name: "600 15px system-ui, sans-serif", words: "13px system-ui, sans-serif", answer: "300 64px ui-serif, Georgia, serif" };
const LEADING = { title: 30, name: 22, words: 18, answer: 72 };

const measure = new OffscreenCanvas(1, 1).getContext("2d");

/** A text in lines no wider than `width`: between words, and where a word is too wide, within it. */
function lines(text, font, width) {
  measure.font = FONTS[font];
  const found = [""];
  for (const word of text.match(/[\u3000-\uffef]|[^\s\u3000-\uffef]+|\s+/g) ?? []) {
    if (measure.measureText(found.at(-1) + word).width > width && found.at(-1)) found.push("");
    found.push(found.pop() + (found.at(-1) === "" ? word.trimStart() : word));
  }
  return found;
}

/** A column of texts and canvases from the top down; it remembers what is to be painted, and ends at `bottom`. */
class Column {
  constructor(left, width) {
    Object.assign(this, { left, width, bottom: MARGIN, pieces: [] });
  }

  text(text, font = "words", colour = "ink") {
    for (const line of text.trim() ? lines(text.trim(), font, this.width) : []) {
      const y = this.bottom + LEADING[font] - 5;
      this.pieces.push((context) => {
        Object.assign(context, { font: FONTS[font], fillStyle: css(colour) });
        context.fillText(line, this.left, y);
      });
      this.bottom += LEADING[font];
    }
  }

  canvas(canvas) {
    if (!canvas.checkVisibility() || !canvas.width) return;
    const zoom = Math.min(1, this.width / canvas.clientWidth);
    const [y, width, height] = [this.bottom + 4, zoom * canvas.clientWidth, zoom * canvas.clientHeight];
    this.pieces.push((context) => {
      context.drawImage(canvas, this.left, y, width, height);
      Object.assign(context, { strokeStyle: css("quiet"), lineWidth: 0.5 });
      context.strokeRect(this.left, y, width, height);
    });
    this.bottom += height + 14;
  }
}

const textOf = (id) => $(id).textContent;

/** The pad, the answer with its numbers, and the maps of every layer beside them. */
function digitColumns() {
  const [answer, maps] = [new Column(MARGIN, 300), new Column(MARGIN + 340, 760)];
  answer.text(document.title, "title");
  answer.text($("network").selectedOptions[0]?.text ?? "", "name", "quiet");
  answer.canvas($("draw"));
  answer.text(textOf("answer"), "answer", "accent");
  answer.text(textOf("rubbish-words"));
  answer.text(textOf("answer-changed"), "words", "mark");
  answer.text(textOf("digit-info"), "words", "quiet");
  answer.text(textOf("near-title"), "name");
  for (const row of $("bars").children) answer.text([...row.children].map((part) => part.textContent).join("   "), "words", row.className ? "accent" : "ink");
  answer.text(textOf("bars-words"), "words", "quiet");
  for (const layer of document.querySelectorAll("#layers .layer, #drawn .layer")) {
    maps.text(`${layer.querySelector("h3").textContent}   ${layer.querySelector(".shape").textContent}`, "name");
    maps.canvas(layer.querySelector(".grid"));
  }
  if (selected()) maps.text(textOf("unit-info"), "words", "mark");
  return [answer, maps];
}

/** The pad, and both readings of the line. */
function lineColumns() {
  const all = new Column(MARGIN, 1100);
  all.text(document.title, "title");
  all.canvas($("line"));
  for (const [title, answer, words] of [["read-title", "line-answer", "line-words"], ["replicated-title", "replicated-answer", "replicated-words"]]) {
    all.text(textOf(title), "name");
    all.text(textOf(answer).replaceAll("\n", " / "), "answer", "accent");
    all.text(textOf(words));
  }
  all.canvas($("strip"));
  return [all];
}

function draw(columns) {
  const [width, height] = [Math.max(...columns.map((column) => column.left + column.width)), Math.max(...columns.map((column) => column.bottom))];
  const canvas = new OffscreenCanvas(ZOOM * (width + MARGIN), ZOOM * (height + MARGIN));
  const context = canvas.getContext("2d");
  context.scale(ZOOM, ZOOM);
  context.imageSmoothingEnabled = false;
  context.fillStyle = css("card");
  context.fillRect(0, 0, width + MARGIN, height + MARGIN);
  for (const piece of columns.flatMap(({ pieces }) => pieces)) piece(context);
  return canvas;
}

/** Gives the picture to the user as a file. */
async function save(view) {
  const canvas = draw(view === "line" ? lineColumns() : digitColumns());
  const blob = await canvas.convertToBlob({ type: "image/png" }).catch(() => null);
  if (!blob) {
    notify("The picture cannot be saved: the browser makes no image of it.");
    return;
  }
  const name = `lenet5-${view}.png`;
  const address = URL.createObjectURL(blob);
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  notify(`The picture has been saved as ${name}.`);
}

/** Listens to the button, which is for the views that have a drawing. */
export function startSnapshots() {
  const view = () => ["digit", "line"].find((name) => !$(`panel-${name}`).hidden);
  $("save-picture").addEventListener("click", () => save(view()));
}

/** Lets the button be used on a view of this name, if it has a drawing. */
export function allowSnapshot(name) {
  $("save-picture").disabled = !["digit", "line"].includes(name);
}
