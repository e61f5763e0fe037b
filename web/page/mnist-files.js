// MNIST's four files, which are dropped on the page or chosen.

import { $, add, addName, say } from "./common.js";
import { explain } from "./latest.js";
import { listenFiles } from "./opening.js";
import * as server from "./server.js";

/** The most bytes of one of the files, unpacked. */
const MOST_BYTES = 67108864;

/** True if all four files are there. */
let complete = false;

export const isComplete = () => complete;

/** Listens to files for the view, and calls `changed` when there is another. */
export function listenDataFiles(changed) {
  listenFiles("train", { open: "file" }, async (files) => {
    $("train-data").value = "mnist";
    changed();
    await giveAll(files);
    changed();
  });
}

/** Gives one file after the other, and says what is wrong with each that is refused. */
async function giveAll(files) {
  const problems = [];
  say($("mnist-problem"), "");
  for (const [i, file] of files.entries()) {
    say($("mnist-state"), `Verifying ${file.name}, ${i + 1} of ${files.length}`);
    try {
      show(await give(file));
    } catch (error) {
      if (!(error instanceof server.Refusal)) explain(error);
      problems.push(`${file.name}: ${error.message}.`);
    }
  }
  say($("mnist-problem"), problems.join(" "));
  await showDataFiles();
}

async function give(file) {
  if (file.size > MOST_BYTES) throw new server.Refusal("it is too large for a file of MNIST");
  const bytes = await file.arrayBuffer().catch(() => {
    throw new server.Refusal("it cannot be read");
  });
  return server.giveDataFile(file.name, new Uint8Array(bytes));
}

/** Asks which files are there, and shows it. */
export async function showDataFiles() {
  show(await server.dataFiles());
}

function show({ have, missing, complete: all }) {
  complete = all;
  $("mnist-files").replaceChildren();
  const files = [...have.map((name) => [name, "verified"]), ...missing.map((name) => [name, "missing"])].sort();
  for (const [name, state] of files) {
    const item = add($("mnist-files"), "li", state);
    addName(item, "code", name);
    add(item, "span", "", state);
  }
  say($("mnist-state"), all ? "All four files are here." : `${have.length} of ${files.length} files are here.`);
}
