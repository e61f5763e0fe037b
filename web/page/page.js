// The page: its views, each behind a tab, in the colours of the theme and in the size of the window.

import { $, say } from "./common.js";
import * as digit from "./digit-view.js";
import { startTabs, startTheme } from "./frame.js";
import * as line from "./line-view.js";
import { startLinks } from "./link.js";
import { listenNotice } from "./notice.js";
import { listenDrops } from "./opening.js";
import * as run from "./run-view.js";
import { isSite } from "./server.js";
import { builds, NO_SIMD } from "./simd.js";
import { allowSnapshot, startSnapshots } from "./snapshot.js";
import { startTour } from "./tour.js";
import * as train from "./train-view.js";
import { startWords } from "./words.js";

// A site has no folder of runs.
const views = isSite ? { digit, line, train } : { digit, line, train, run };
$("tab-run").hidden = isSite;
if (isSite && !builds().length) say($("cannot"), NO_SIMD);

function paint() {
  for (const view of Object.values(views)) view.paint();
}

function layOut() {
  for (const view of Object.values(views)) view.layOut?.();
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
listenNotice();
startLinks();
startSnapshots();
startTour({ begin: () => { if ($("panel-digit").hidden) open("digit"); digit.beginTour(); }, show: digit.light });

let width = 0;
new ResizeObserver(() => {
  if (document.body.clientWidth === width) return;
  width = document.body.clientWidth;
  layOut();
}).observe(document.body);
