// A trained network to take away: its file, the command that ends in the same bytes, and itself to read the drawing.

import { $, add, addName, say, status } from "./common.js";
import { chooseNetwork } from "./digit-view.js";
import { explain } from "./latest.js";
import * as server from "./server.js";
import { command } from "./train-settings.js";

export class TrainedModel {
  /** `side` is 0 or 1 of the training `id`, and `wanted` what was asked for, of `passes` passes. */
  constructor(parent, { id, side, data, wanted, passes }) {
    Object.assign(this, { id, side, passes });
    const buttons = add(parent, "div", "buttons");
    const [read, save] = [add(buttons, "button", "read-drawing", "Read my drawing with it"), add(buttons, "button", "save-model", "Save model.safetensors")];
    for (const button of [read, save]) button.type = "button";
    read.addEventListener("click", () => this.use(readDrawing));
    save.addEventListener("click", () => this.use(offer));
    this.words = add(parent, "p", "hint", "This command trains the same network outside the page:");
    addName(add(parent, "pre"), "code", command(data, wanted)).className = "command";
    this.hash = addName(parent, "p", "");
    this.hash.className = "hint hash";
  }

  /** Tells the SHA-256 of the file at the end of a pass. */
  async showHash() {
    const { sha256, passes } = await server.modelHash(this.id, this.side);
    say(this.words, passes < this.passes ? `After pass ${passes} of ${this.passes}, the model.safetensors of this command has the same bytes:` : "This command ends in a model.safetensors of the same bytes:");
    this.hash.textContent = `SHA-256 ${sha256}`;
  }

  /** Gives the file's bytes to `use`. */
  async use(use) {
    try {
      await use(await server.modelBytes(this.id, this.side));
    } catch (error) {
      explain(error);
    }
  }
}

async function readDrawing(bytes) {
  const { name } = await server.giveTrained(bytes);
  $("tab-digit").click();
  scrollTo(0, 0);
  await chooseNetwork(name);
  status("");
}

/** Offers the bytes as a file to save. */
function offer(bytes) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  link.download = "model.safetensors";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
