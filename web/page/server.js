// The networks, the test digits and the runs, from the page's server. Only this module makes requests.

/** An answer of the server with a reason for its refusal. */
export class Refusal extends Error {}
/** No answer. */
export class Silence extends Error {}

/** JSON from the server; `body` makes it a POST. */
async function ask(path, body) {
  const options = body ? { method: "POST", body, headers: { "Content-Type": "application/octet-stream" } } : {};
  const response = await fetch(`api/${path}`, options).catch(() => {
    throw new Silence("The server does not answer: has lenet5 demo been stopped?");
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(answer.error ?? `the server answers ${response.status}`);
  return answer;
}

/** The networks to choose from: their layers, and the input maps of each map. */
export const networks = async () => (await ask("networks")).networks;

/** The states and the answer of a network; the drawing's `pixels` are bytes, 255 for ink. */
export const see = (network, { width, height, prepared, pixels }, distortion) =>
  ask(`see?${new URLSearchParams({ network, width, height, prepared, ...distortion })}`, pixels);

/** The digit in a picture file, given as its `bytes`: a prepared drawing's `pixels`, and the `steps` to them. */
export const pictureDigit = (bytes) => ask("picture/digit", bytes);

/** As `scan`, of a picture file, with the `original`. */
export const pictureLine = (bytes) => ask("picture/line", bytes);

/** What is read in a line, by `segmentation` and by the `replicated` network; where one of them refuses, it has an `error`. */
export const scan = ({ width, height, pixels }) => ask(`scan?${new URLSearchParams({ width, height })}`, pixels);

/** The name and number of the test digits, and those that the paper's network got wrong. */
export const testDigits = () => ask("digits");
export const testDigit = (index) => ask(`digits/${index}`);

/** The names of the training runs, and their folder. */
export const runs = () => ask("runs");
export const run = (name) => ask(`runs/${encodeURIComponent(name)}`);
