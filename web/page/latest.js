// Work on demand, and its errors.

import { status } from "./common.js";
import { Refusal, Silence } from "./server.js";

export const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
export const nextFrame = () => new Promise((done) => requestAnimationFrame(done));

/** Shows an error in words. */
export function explain(error) {
  status(error.message);
  if (!(error instanceof Refusal || error instanceof Silence)) console.error(error);
}

/**
 * Does `work` on request, never twice at once; requests in the meantime are answered once, afterwards, with the newest state. After a silence it
 * tries again, after a pause that a new request ends.
 */
export class Latest {
  constructor(work) {
    Object.assign(this, { work, wanted: false, busy: false, wake: () => {} });
  }

  ask() {
    this.wanted = true;
    this.wake();
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
          await Promise.race([sleep(pause), new Promise((done) => (this.wake = done))]);
          pause = Math.min(2 * pause, 8000);
        }
      }
    }
    this.busy = false;
  }
}
