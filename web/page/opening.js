// Opening a picture file on a view: by the file chooser, the camera, a drop or a paste.

import { $, status } from "./common.js";

/** The most bytes that the server takes. */
const MOST_BYTES = 67108864;

/** The functions that open a picture on a view, by the view's name. */
const openers = {};

/** Lets the view of this name open pictures: `open` is given a file's `name` and `bytes`. */
export function listenPictures(view, open) {
  openers[view] = open;
  for (const [button, field] of [["open", "file"], ["camera", "photo"]]) {
    const input = $(`${view}-${field}`);
    $(`${view}-${button}`).addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      give(view, input.files);
      input.value = ""; // the same file may be chosen again
    });
  }
}

/** Listens to drops and pastes anywhere on the page: they are for the view that is open. */
export function listenDrops() {
  const view = () => Object.keys(openers).find((name) => !$(`panel-${name}`).hidden);
  document.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = view() ? "copy" : "none";
  });
  document.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault(); // the browser would leave the page for the file
    if (view()) give(view(), event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length || !view()) return;
    event.preventDefault();
    give(view(), event.clipboardData.files);
  });
}

/** Opens the first of the files on a view. */
async function give(view, [file]) {
  if (!file) return;
  if (file.size > MOST_BYTES) {
    status(`${file.name} is too large: at most ${MOST_BYTES} bytes are accepted here; scale it down.`);
    return;
  }
  try {
    openers[view]({ name: file.name, bytes: await file.arrayBuffer() });
  } catch {
    status(`${file.name} cannot be read: expected a picture file.`);
  }
}
