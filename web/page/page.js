// The page of `lenet5 demo`: its views, each behind a tab, in the colours of the theme and in the size of the window.

import { $ } from "./common.js";
import * as digit from "./digit-view.js";
import { startTabs, startTheme } from "./frame.js";
import * as line from "./line-view.js";
import { startLinks } from "./link.js";
import { listenDrops } from "./opening.js";
import * as run from "./run-view.js";
import { allowSnapshot, startSnapshots } from "./snapshot.js";
import { startTour } from "./tour.js";
import { startWords } from "./words.js";

const views = { digit, line, run };

function paint() {
  for (const view of Object.values(views)) view.paint();
}

function layOut() {
  digit.layOut();
  paint();
}

startWords($("language"), layOut);
startTheme(paint);
const open = startTabs(Object.keys(views), (name) => {
  layOut();
  allowSnapshot(name);
  views[name].open?.();
});
for (const view of Object.values(views)) view.start();
listenDrops();
startLinks();
startSnapshots();
startTour({ begin: () => { if ($("panel-digit").hidden) open("digit"); digit.beginTour(); }, show: digit.light });

let width = 0;
new ResizeObserver(() => {
  if (document.body.clientWidth === width) return;
  width = document.body.clientWidth;
  layOut();
}).observe(document.body);
