// What can be set of a training: the presets, as `lenet5 settings --preset NAME` prints them, and what each setting means.

const PAPER = {
  network: "lenet5", activation: "squash", pooling: "subsampling", output: "rbf", j: 1.5, eta_factor: 1, weight_range: 1.6, coefficient: 0.3,
  passes: 20, seed: 1, training_patterns: 0, order: "fixed", distorted_copies: 0, distortion: 1,
};
const PAPER_2_4 = { ...PAPER, weight_range: 2.4, coefficient: 0.25, j: 2 };

/** The settings of each preset. */
export const PRESETS = {
  paper: PAPER,
  "paper-2.4": PAPER_2_4,
  tuned: { ...PAPER_2_4, j: 5, weight_range: 1, coefficient: 0.5, eta_factor: 0.2, distortion: 0.75, passes: 200, distorted_copies: 199 },
  modern: { ...PAPER_2_4, network: "modern", weight_range: Math.SQRT2, order: "reshuffled", passes: 10 },
  lenet1: { ...PAPER_2_4, network: "lenet1", eta_factor: 3 },
};

/** Each preset in a sentence. */
export const ABOUT = {
  paper: "LeNet-5 and its training as printed; what is not printed, as it fits the printed figures best.",
  "paper-2.4": "LeNet-5 with weights that start within the printed 2.4, over √F, and distances without the factor ½.",
  tuned: "LeNet-5 with each pattern distorted anew (section III-B, Fig. 7), and settings chosen on patterns held out.",
  modern: "What is called LeNet today: ReLU, max-pooling, a full C3, softmax, and Adam in batches of 64.",
  lenet1: "The ancestor of 1989: 2,578 parameters, digits reduced to 16 × 16 (section III-C).",
};

/** The settings that both networks have in common, so that they are shown the same patterns in the same order. */
export const COMMON = ["passes", "seed", "training_patterns", "order", "distorted_copies", "distortion"];

/** The settings of one network: a title, the values to choose from or the step of a number, and the meaning. */
export const SETTINGS = {
  activation: { title: "Units", values: { squash: "squash (1998)", relu: "ReLU (today)" }, about: "From C1 to F6: 1.7159 tanh(2a/3) (appendix A), or max(a, 0)." },
  pooling: { title: "S2 and S4", values: { subsampling: "sums (1998)", max: "max-pooling (today)" }, about: "The sum of four units, times a coefficient, plus a bias (section II-B), or the largest of the four." },
  output: { title: "Output", values: { rbf: "RBF (1998)", scores: "softmax (today)" }, about: "Distances of F6 from the digits' codes (eq. 7) with the loss of eq. 9, or ten scores with cross-entropy." },
  j: { title: "j", step: 0.5, about: "The constant of the loss, eq. 9: wrong classes beyond this distance hardly count. The paper does not give it." },
  eta_factor: { title: "Rates", step: 0.1, about: "Multiplies every global rate η of the schedule (section III-B)." },
  weight_range: { title: "Start of weights", step: 0.1, about: "r: at random within ±r/√F, where F is the unit's fan-in. The paper prints 2.4/F." },
  coefficient: { title: "Start of coefficients", step: 0.05, about: "Of the subsampling layers (section II-B). The paper does not give it." },
};

/** True if a setting has an effect on a network of these `values`. */
export function matters(key, { network, pooling, output }) {
  if (["activation", "pooling", "output"].includes(key)) return network === "lenet5";
  if (key === "j") return network !== "modern" && output !== "scores";
  if (key === "coefficient") return network !== "modern" && pooling !== "max";
  return true;
}

/** What a network needs changed of its preset for these `values`, each as `key=value`. */
export function changes(preset, values) {
  const own = Object.keys(SETTINGS).filter((key) => matters(key, values));
  const changed = [...own, ...COMMON].filter((key) => String(values[key]) !== shown(PRESETS[preset][key]));
  const loss = changed.includes("output") ? ["loss=cross_entropy"] : [];
  return [...changed.map((key) => `${key}=${values[key]}`), ...loss];
}

/** A value as it stands in its field. */
export const shown = (value) => (typeof value === "number" ? String(Number(value.toFixed(4))) : value);

/** The command that trains the same network outside the page. */
export const command = (data, { preset, settings }) => ["lenet5 train", `--dataset ${data}`, `--preset ${preset}`, ...settings.map((each) => `--set ${each}`)].join(" ");
