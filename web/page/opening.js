// Files for a view, such as pictures to open: by the file chooser, the camera, a drop or a paste.

import { $, status } from "./common.js";
import { Refusal } from "./server.js";

/** The most bytes of a picture that the server takes. */
const MOST_BYTES = 67108864;

/** The functions that take files on a view, by the view's name. */
const takers = {};

/** Lets the view of this name take files: `take` is given a list of them. Each of the `buttons` opens the chooser of a field. */
export function listenFiles(view, buttons, take) {
  takers[view] = take;
  for (const [button, field] of Object.entries(buttons)) {
    const input = $(`${view}-${field}`);
    $(`${view}-${button}`).addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      const files = [...input.files];
      input.value = ""; // the same file may be chosen again
      take(files);
    });
  }
}

/** Lets the view of this name open pictures: `open` is given a file's `name` and a promise of its `bytes`. */
export function listenPictures(view, open) {
  listenFiles(view, { open: "file", camera: "photo" }, ([file]) => openPicture(file, open));
}

/** Listens to drops and pastes anywhere on the page: they are for the view that is open. */
export function listenDrops() {
  const view = () => Object.keys(takers).find((name) => !$(`panel-${name}`).hidden);
  document.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = view() ? "copy" : "none";
  });
  document.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault(); // the browser would leave the page for the file
    if (view()) takers[view()]([...event.dataTransfer.files]);
  });
  document.addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length || !view()) return;
    event.preventDefault();
    takers[view()]([...event.clipboardData.files]);
  });
}

/** Opens a picture file, if one was chosen. It is named at once, while its bytes are read: what is done later on the page comes after it. */
function openPicture(file, open) {
  if (!file) return;
  if (file.size > MOST_BYTES) {
    status(`${file.name} is too large: at most ${MOST_BYTES} bytes are accepted here; scale it down.`);
    return;
  }
  const bytes = file.arrayBuffer().catch(() => {
    throw new Refusal(`${file.name} cannot be read: expected a picture file.`);
  });
  open({ name: file.name, bytes });
}
