// A link that opens the page as it is now. All of it is in the fragment, the part of an address that no browser sends to a host.

import { $ } from "./common.js";
import { notify } from "./notice.js";

/** The most letters of a fragment, and the room for one part: the first of these with which all parts fit. */
const MOST = 2000;
const ROOMS = [1700, 1200, 900, 700, 500, 300];

/** The parts of a link, in the order in which they are opened. */
const parts = [];

/**
 * Lets a view have a part of every link. `get(room)` is a text of at most `room` letters, "" for the usual state, or null if there is no
 * such text; `set(text)` opens it, and throws if it cannot.
 */
export function joinLink(name, { get, set }) {
  parts.push({ name, get, set });
}

/** Four letters by which a damaged fragment is told (FNV-1a). */
function checksum(text) {
  let sum = 0x811c9dc5;
  for (const letter of text) sum = Math.imul(sum ^ letter.charCodeAt(0), 0x01000193);
  return (sum >>> 0).toString(36).padStart(4, "0").slice(-4);
}

/** The fragment of the page as it is now, and whether it has all parts. */
function write() {
  const fitting = parts.filter(({ get }) => get(ROOMS[0]) !== null);
  for (const room of ROOMS) {
    const texts = fitting.map(({ name, get }) => [name, get(room)]);
    const query = new URLSearchParams([["v", "1"], ...texts.filter(([, text]) => text)]).toString();
    const fragment = `${query}&check=${checksum(query)}`;
    const all = texts.every(([, text]) => text !== null);
    if ((all && fragment.length <= MOST) || room === ROOMS.at(-1)) return { fragment, whole: all && fitting.length === parts.length };
  }
}

/** Opens the fragment of the address, if it has one that is whole; true if there was one. */
export async function openLink() {
  const fragment = location.hash.slice(1);
  if (!fragment) return false;
  const [, query, check] = /^(.*)&check=(\w+)$/s.exec(fragment) ?? [];
  const texts = new URLSearchParams(query);
  if (check !== checksum(query ?? "") || texts.get("v") !== "1") {
    notify("The link is incomplete or damaged, and is ignored.");
    return false;
  }
  let known = true;
  for (const { name, set } of parts) {
    try {
      await set(texts.get(name) ?? "");
    } catch {
      known = false;
    }
  }
  if (!known) notify("Part of the link is not known here, and is left out.");
  return true;
}

async function copy() {
  const { fragment, whole } = write();
  history.replaceState(null, "", `#${fragment}`);
  const copied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
  if (!copied) notify("The browser does not allow copying: take the link from the field.", location.href);
  else notify(whole ? "The link is copied: it opens this drawing with these settings." : "A picture does not fit into the link, which is copied without it.");
}

/** Listens to the button, and to a link that is opened while the page is there. */
export function startLinks() {
  $("copy-link").addEventListener("click", copy);
  addEventListener("hashchange", openLink);
}
