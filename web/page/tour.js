// The tour: a card beside the part of the page that it speaks of.

import { $, say } from "./common.js";
import { STEPS } from "./tour-steps.js";

const GAP = 12;

/** The step that is shown, or -1; the part that is framed; what has been unfolded for it. */
let [step, framed, unfolded] = [-1, null, null];
/** What the page does for the tour. */
let page = null;

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Puts the card beside the framed part: on a narrow page it is at the bottom, by the style sheet. */
function place() {
  const card = $("tour-card");
  if (!framed || card.hidden) return;
  card.style.removeProperty("left");
  card.style.removeProperty("top");
  if (matchMedia("(max-width: 759px)").matches) return;
  const [part, { width, height }] = [framed.getBoundingClientRect(), card.getBoundingClientRect()];
  const [across, down] = [document.documentElement.clientWidth - width - GAP, innerHeight - height - GAP];
  const within = (value, most) => Math.max(GAP, Math.min(value, most));
  const places = [
    [part.right + GAP, part.top],
    [part.left - width - GAP, part.top],
    [part.left, part.bottom + GAP],
    [part.left, part.top - height - GAP],
  ];
  // Within the window; the first of those that cover the least of the part.
  const kept = places.map(([left, top]) => ({ left: within(left, across), top: within(top, down) }));
  const shared = (from, size, least, most) => Math.max(0, Math.min(from + size, most) - Math.max(from, least));
  const covered = ({ left, top }) => shared(left, width, part.left, part.right) * shared(top, height, part.top, part.bottom);
  const { left, top } = kept.reduce((best, each) => (covered(each) < covered(best) ? each : best));
  Object.assign(card.style, { left: `${left}px`, top: `${top}px` });
}

function leave() {
  framed?.classList.remove("toured");
  if (unfolded) unfolded.open = false;
  [framed, unfolded] = [null, null];
}

function show(next) {
  leave();
  step = next;
  const { title, part, source, text, unit = null, opens } = STEPS[step];
  page.begin();
  page.show(unit);
  const details = opens && document.querySelector(opens);
  if (details && !details.open) {
    details.open = true;
    unfolded = details;
  }
  say($("tour-place"), `Step ${step + 1} of ${STEPS.length}`);
  say($("tour-title"), title);
  say($("tour-text"), text);
  say($("tour-source"), `In the paper: ${source}.`);
  say($("tour-next"), step === STEPS.length - 1 ? "Finish" : "Next");
  $("tour-back").disabled = step === 0;
  framed = document.querySelector(part);
  framed.classList.add("toured");
  framed.scrollIntoView({ block: "center", behavior: still() ? "instant" : "smooth" });
  place();
}

function go(next) {
  if (next >= STEPS.length) end();
  else if (next >= 0) show(next);
  // A button that has just been disabled keeps no focus.
  if (step === 0 && document.activeElement === $("tour-back")) $("tour-next").focus();
}

function begin() {
  $("tour-card").hidden = false;
  document.documentElement.classList.add("on-tour");
  $("tour").classList.remove("first");
  show(0);
  $("tour-title").focus({ preventScroll: true });
}

function end() {
  leave();
  step = -1;
  $("tour-card").hidden = true;
  document.documentElement.classList.remove("on-tour");
  page.show(null);
  $("tour").focus({ preventScroll: true });
}

/** Escape ends the tour, unless what has the focus has taken it; the arrow keys are for the card alone. */
function key(event) {
  if (step < 0 || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") end();
  else if (by && $("tour-card").contains(document.activeElement)) {
    event.preventDefault();
    go(step + by);
  }
}

/** `begin` prepares the page for a step, and `show` lights the receptive field of a step's unit, or of none. */
export function startTour({ begin: prepare, show: light }) {
  page = { begin: prepare, show: light };
  $("tour").addEventListener("click", () => (step < 0 ? begin() : end()));
  $("tour-next").addEventListener("click", () => go(step + 1));
  $("tour-back").addEventListener("click", () => go(step - 1));
  $("tour-skip").addEventListener("click", end);
  document.addEventListener("keydown", key);
  document.addEventListener("scroll", place, { passive: true });
  addEventListener("resize", place);
  new ResizeObserver(place).observe($("tour-card"));
}
