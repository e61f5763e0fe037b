// The card "Inside": the kernels of the network or, of a selected unit, the sum that made it; and weights that are nudged.

import { $, add, say } from "./common.js";
import { number } from "./inside-formula.js";
import { UnitSum } from "./inside-sum.js";
import { countNudged, nudge, restore, tellNudged, tellWeight } from "./inside-weights.js";
import { Kernels } from "./kernels.js";
import { explain, Latest } from "./latest.js";
import { selected, tellSelected } from "./layers.js";
import * as server from "./server.js";

/** By how much a weight is nudged. */
const NUDGES = [-0.5, -0.1, 0.1, 0.5];

/** The network, what it sees, the layer whose kernels are shown, and the chosen weight. */
let [network, seen, layer, weight] = [null, null, null, null];
/** The parts of the card, and what is called when a weight has changed. */
let [kernels, sum, changed] = [null, null, null];
/** How often weights have changed, and of which state the kernels are. */
let [changes, shown] = [0, ""];

/** The layers whose kernels can be seen: convolutions whose maps have more than one unit. */
const withKernels = ({ layers }) => layers.filter(({ kernel, stride, height, width }) => kernel > 1 && stride === 1 && height * width > 1);

const asking = new Latest(async () => {
  try {
    if (network) await show();
  } finally {
    if (!asking.wanted) $("inside").ariaBusy = "false";
  }
});

/** Shows the card as everything is now. */
export function askInside() {
  $("inside").ariaBusy = "true";
  asking.ask();
}

async function show() {
  const unit = selected();
  $("inside-kernels").hidden = Boolean(unit) || !layer;
  if (!unit || !seen) $("inside-unit").hidden = true;
  say($("inside-info"), !unit ? "Click a unit in any map to see the sum that made it." : seen ? tellSelected() : "There is no sum before something is drawn.");
  if (!unit) await showKernels();
  else if (seen) await showUnit(unit);
}

async function showKernels() {
  const [asked, wanted, state] = [network, layer, `${changes} ${layer?.name}`];
  if (layer && shown !== state) {
    const { size, kernels: all } = await server.kernels(asked.name, wanted.name);
    if (asked !== network || wanted !== layer) return;
    const table = wanted !== network.layers[0];
    const places = table ? all.map(({ map, input }) => ({ row: input, column: map })) : null;
    kernels.show({ layer: wanted.name, size, places, values: all.flatMap(({ values }) => values) });
    shown = state;
  }
  kernels.paint();
}

async function showUnit(unit) {
  const asked = network;
  const found = await server.insideUnit(asked.name, unit, seen.drawing, seen.distortion);
  if (asked !== network || unit !== selected()) return;
  sum.show(found, asked.layers[unit.level - 1], asked.layers[unit.level - 2]);
  $("inside-unit").hidden = false;
}

/** Chooses a weight {tensor, index, value}, or none. */
function choose(chosen) {
  weight = chosen;
  showWeight();
}

function showWeight() {
  const own = layer && weight?.tensor === `${layer.name.toLowerCase()}.weight`;
  kernels.choose(own ? weight.index : null);
  sum.choose(weight);
  say($("weight-info"), weight ? `${tellWeight(network, weight)}: ${number(weight.value)}` : "Click a weight, a bias or a coefficient to change it.");
  for (const button of $("inside-nudges").children) button.disabled = !weight;
  const count = countNudged(network);
  say($("inside-changed"), count ? `The network answers ${tellNudged(network)}.` : "");
  $("inside-restore").hidden = !count;
}

/** Does `work` on the weights; gives it the chosen weight and takes it back. */
async function change(work) {
  const [asked, chosen] = [network, weight];
  try {
    const now = await work(asked, chosen);
    changes += 1;
    if (asked === network && weight?.tensor === now?.tensor && weight?.index === now?.index) weight = now;
  } catch (error) {
    explain(error);
  }
  showWeight();
  changed();
}

/** Chooses the layer whose kernels are shown. */
function chooseLayer(chosen) {
  layer = chosen;
  for (const button of $("inside-layers").children) button.ariaPressed = String(button.textContent === layer?.name);
  say($("inside-table"), layer && layer !== network.layers[0] ? `Rows are the maps of the layer before, columns those of ${layer.name}.` : "");
  showWeight();
  askInside();
}

/** Opens the card for another network. */
export function openInside(chosen) {
  [network, weight, seen] = [chosen, null, null];
  changes += 1;
  const layers = withKernels(network).slice(0, 2);
  $("inside-layers").replaceChildren();
  for (const each of layers) {
    const button = add($("inside-layers"), "button", "", each.name);
    button.type = "button";
    button.addEventListener("click", () => chooseLayer(each));
  }
  chooseLayer(layers[0] ?? null);
}

/** Shows what the network makes of a `drawing` under a `distortion`, or of nothing. */
export function showInside(question) {
  seen = question;
  askInside();
}

/** `changed` is called when a weight has changed. */
export function startInside(whenChanged) {
  changed = whenChanged;
  kernels = new Kernels($("inside-kernels"), (index) => {
    choose(index === null ? null : { tensor: `${layer.name.toLowerCase()}.weight`, index, value: kernels.kernels.values[index] });
  });
  sum = new UnitSum(choose);
  for (const by of NUDGES) {
    const button = add($("inside-nudges"), "button", "", `${by < 0 ? "−" : "+"}${Math.abs(by)}`);
    button.type = "button";
    button.addEventListener("click", () => change((asked, chosen) => nudge(asked, chosen, by)));
  }
  $("inside-restore").addEventListener("click", () => change(restore));
}

export function paintInside() {
  kernels.paint();
  sum.paint();
}
