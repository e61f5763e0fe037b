// The frame of the page: the tabs, one for each view, and the theme.

import { $, say, status } from "./common.js";
import { joinLink } from "./link.js";
import { readColours } from "./painting.js";

const THEMES = ["auto", "light", "dark"];

/** Listens to the tabs of these names, and calls `changed` with the name of an opened one; what opens a tab by its name is returned. */
export function startTabs(names, changed) {
  const open = (name) => {
    for (const each of names) {
      $(`tab-${each}`).setAttribute("aria-selected", String(each === name));
      $(`tab-${each}`).tabIndex = each === name ? 0 : -1;
      $(`panel-${each}`).hidden = each !== name;
    }
    status("");
    changed(name);
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
  const opened = () => names.find((name) => !$(`panel-${name}`).hidden);
  joinLink("tab", {
    get: () => (opened() === names[0] ? "" : opened()),
    set: (name) => {
      if (name && !names.includes(name)) throw new RangeError("no such tab");
      open(name || names[0]);
    },
  });
  return open;
}

/** Listens to the button and to the system; `paint` paints everything in the new colours. */
export function startTheme(paint) {
  let theme = THEMES[0];
  const change = () => {
    readColours();
    paint();
  };
  $("theme").addEventListener("click", () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    document.documentElement.dataset.theme = theme;
    say($("theme"), `Theme: ${theme}`);
    change();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", change);
  readColours();
}
