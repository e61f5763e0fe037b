// Why a worker does not answer a question.

/** The `message` is the reason, with a status of HTTP: 503 is worth asking again. After one that is `over`, the worker can answer nothing more. */
export class Failure extends Error {
  constructor(status, reason, over = false) {
    super(reason);
    Object.assign(this, { status, over });
  }
}
