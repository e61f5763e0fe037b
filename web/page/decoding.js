// Picture files are decoded by a module of their own, which is loaded with the first of them.

import { Failure } from "./failure.js";

/** The module, or its loading; and how often it was begun. */
let decoders = null;
let attempts = 0;

async function load() {
  attempts += 1;
  const module = await import(`./lenet5-pictures.js?attempt=${attempts}`); // browsers remember the addresses that failed
  await module.default({ module_or_path: new URL("lenet5-pictures_bg.wasm", import.meta.url) });
  return module;
}

async function loaded() {
  decoders ??= load();
  try {
    return await decoders;
  } catch (error) {
    decoders = null;
    throw new Failure(503, `The decoders of pictures have not been loaded (${error.message ?? error}): is there a connection?`);
  }
}

/** A question about a picture file, made into the one about its levels. */
export async function decoded({ path, body }) {
  const { decode } = await loaded();
  try {
    const picture = decode(body);
    const { width, height, levels } = picture;
    picture.free(); // its own memory, which the browser does not count
    return { path, query: String(new URLSearchParams({ width, height })), body: levels };
  } catch (error) {
    if (typeof error === "string") throw new Failure(422, error);
    decoders = null; // its memory may be in disorder
    throw new Failure(500, `The decoders of pictures have failed (${error.message ?? error}): save the picture again, as PNG or JPEG.`);
  }
}
