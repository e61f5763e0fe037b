// The errors of a training against the pass: those of the passes that are done, and that of the one that goes on.

import { $ } from "./common.js";
import { drawCurves, inPercent, pointsOf } from "./curve.js";

/** Two curves without a point. */
const NONE = [{ label: "Training error", kind: "training", points: [] }, { label: "Test error", kind: "test", points: [] }];

/** Two curves for each network, with the name of its preset if there are two. */
function curves({ state, presets, patterns }) {
  const two = presets.length > 1;
  const { pass, presented, sides } = state;
  return sides.flatMap(({ rows, running_error_percent: running }, i) => {
    const kind = two ? ["left", "right"][i] : "";
    const name = (error) => (two ? `${presets[i]}: ${error.toLowerCase()}` : error);
    const now = presented > 0 && Number.isFinite(running) ? [[pass - 1 + presented / patterns, running]] : [];
    return [
      { label: name("Training error"), kind: `training ${kind}`, points: [...pointsOf(rows, "training_error_percent"), ...now] },
      { label: name("Test error"), kind: `test ${kind}`, points: pointsOf(rows, "test_error_percent") },
    ];
  });
}

/** Draws the errors of a training, or without one an empty plot. */
export function paintErrors(training) {
  const { state = null, passes = 0 } = training ?? {};
  const last = state?.sides.flatMap(({ rows }) => rows.slice(-1)) ?? [];
  const words = last.length ? `After pass ${last[0].pass}: test error ${last.map((row) => inPercent(row.test_error_percent)).join(" and ")}` : "No passes yet";
  drawCurves($("train-curve"), { curves: state ? curves(training) : NONE, passes, words, logarithmic: $("train-log").checked });
}
