// The tabs, one for each view.

import { $, status } from "./common.js";

/** Listens to the tabs of these names; `opened` is told the name of one that has been opened. */
export function startTabs(names, opened) {
  const open = (name) => {
    for (const each of names) {
      $(`tab-${each}`).setAttribute("aria-selected", String(each === name));
      $(`tab-${each}`).tabIndex = each === name ? 0 : -1;
      $(`panel-${each}`).hidden = each !== name;
    }
    status("");
    opened(name);
  };
  for (const [index, name] of names.entries()) {
    $(`tab-${name}`).addEventListener("click", () => open(name));
    $(`tab-${name}`).addEventListener("keydown", (event) => {
      const to = { ArrowLeft: index + names.length - 1, ArrowRight: index + 1, Home: 0, End: names.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      open(names[to % names.length]);
      $(`tab-${names[to % names.length]}`).focus();
    });
  }
}
