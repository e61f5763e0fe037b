// Keeps the page's files in the browser, so that it works without a connection after the first time. VERSION, FILES, those that the page
// needs at once, and LATER, those that it may need, are written above by `lenet5-site`; the module of the network is kept when it is loaded.

addEventListener("install", (event) => {
  event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll(FILES)));
});

addEventListener("activate", (event) => {
  const outdated = (names) => names.filter((name) => name.startsWith("lenet5 ") && name !== VERSION);
  const clear = caches.keys().then((names) => Promise.all(outdated(names).map((name) => caches.delete(name))));
  event.waitUntil(clear.then(() => clients.claim()));
});

async function answer(request) {
  const cache = await caches.open(VERSION);
  const kept = await cache.match(request, { ignoreSearch: true });
  if (kept) return kept;
  const response = await fetch(request);
  // Where there is no room, the page works as before, with a connection.
  if (response.ok) await cache.put(request, response.clone()).catch(() => {});
  return response;
}

/** Keeps the files that the page may need, one after the other, unless the browser is to save data. What fails is tried the next time. */
async function keepLater() {
  if (navigator.connection?.saveData) return;
  const cache = await caches.open(VERSION);
  for (const name of LATER) if (!(await cache.match(name))) await cache.add(name).catch(() => {});
}

let keeping = null;

addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method !== "GET" || new URL(url).origin !== location.origin) return;
  const answered = answer(event.request);
  event.respondWith(answered);
  // With the first weights, the network is about to answer: what it did not need can follow.
  if (url.includes("/weights/")) event.waitUntil(answered.then(() => (keeping ??= keepLater())));
});
