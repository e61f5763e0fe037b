// What every part of the page uses: elements by name, and the server's answers.

export const $ = (id) => document.getElementById(id);
export const sameList = (a, b) => a.length === b.length && a.every((each, i) => each === b[i]);
export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
export const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
export const nextFrame = () => new Promise((done) => requestAnimationFrame(done));

/** A probability. One that is nearly 0 or 1 is not called so. */
export function percent(share) {
  if (share > 0.9995) return "over 99.9 %";
  return share < 0.0005 ? "under 0.1 %" : `${(100 * share).toFixed(share < 0.0995 || share > 0.9005 ? 1 : 0)} %`;
}

/** A new element with text and classes, at the end of `parent`. */
export function add(parent, tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  parent.append(element);
  return element;
}

/** Sets text only where it changes, so that nothing is announced twice. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function status(text) {
  say($("status"), text);
}

/** The server has answered, and says what is wrong. */
export class Refusal extends Error {}
/** Nobody has answered. */
export class Silence extends Error {}

/** JSON from the server; `body` makes it a POST. */
export async function ask(path, body) {
  const options = body ? { method: "POST", body, headers: { "Content-Type": "application/octet-stream" } } : {};
  const response = await fetch(path, options).catch(() => {
    throw new Silence("The server does not answer: has lenet5 demo been stopped?");
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(answer.error ?? `the server answers ${response.status}`);
  return answer;
}

/** Does `work` whenever asked, never twice at once; what is asked for meanwhile is done once, after it, with the newest state. */
export class Latest {
  constructor(work) {
    this.work = work;
    this.wanted = false;
    this.busy = false;
  }

  ask() {
    this.wanted = true;
    if (!this.busy) this.run();
  }

  async run() {
    this.busy = true;
    let pause = 500;
    while (this.wanted) {
      this.wanted = false;
      await nextFrame();
      try {
        await this.work();
        pause = 500;
      } catch (error) {
        explain(error);
        if (error instanceof Silence) {
          this.wanted = true;
          await sleep(pause);
          pause = Math.min(2 * pause, 8000);
        }
      }
    }
    this.busy = false;
  }
}

/** An error in words. */
export function explain(error) {
  status(error.message);
  if (!(error instanceof Refusal || error instanceof Silence)) console.error(error);
}
