// A notice under the head of the page, which stays until it is closed.

import { $, say } from "./common.js";

/** Shows a sentence, and perhaps an address to be copied by hand. */
export function notify(words, address = "") {
  $("notice").hidden = false;
  say($("notice-words"), words);
  $("notice-field").hidden = !address;
  $("notice-address").value = address;
  if (!address) return;
  $("notice-address").focus();
  $("notice-address").select();
}

/** Listens to the button that closes it. */
export function listenNotice() {
  $("notice-close").addEventListener("click", () => {
    $("notice").hidden = true;
    $("copy-link").focus();
  });
}
