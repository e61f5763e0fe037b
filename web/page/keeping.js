// The files of a site, kept in the browser: the page then works without a connection.

/** The longest wait for the browser to begin, in milliseconds: what is loaded before is loaded anew to be kept. */
const PATIENCE = 1500;

/** Has the files of this build of the network kept, and what else the page may need: also where they were loaded before the browser had begun. */
export async function keepBuild(build) {
  const registration = await navigator.serviceWorker?.ready;
  registration?.active.postMessage({ build });
}

/** Begins to keep what is loaded; settled when that has begun, or cannot. */
export async function keepFiles() {
  const { serviceWorker } = navigator; // browsers have it for https and for this machine
  if (!serviceWorker) return;
  const begun = new Promise((done) => serviceWorker.addEventListener("controllerchange", done, { once: true }));
  const registration = await serviceWorker.register("offline.js").catch(() => null);
  if (!registration || serviceWorker.controller) return;
  await Promise.race([begun, new Promise((done) => setTimeout(done, PATIENCE))]);
}
