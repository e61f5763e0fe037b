// Keeps the page's files in the browser, so that it works without a connection after the first time. VERSION, FILES, those that the page
// needs at once, and LATER, those that it may need, are written above by `lenet5-site`; the page says which build of the network it has loaded.

/** What the host has now: a browser's own store may have files of an earlier version. */
const fresh = (request) => fetch(request, { cache: "no-cache" });

/** Keeps a file, unless it is kept already or the host does not have it. */
async function keep(cache, name) {
  if (await cache.match(name)) return;
  const response = await fresh(name);
  if (response.ok) await cache.put(name, response);
}

/** The names of the files that earlier versions keep: after them, this one must not need a connection for more. */
async function keptBefore() {
  const versions = (await caches.keys()).filter((name) => name.startsWith("lenet5 ") && name !== VERSION);
  const kept = await Promise.all(versions.map(async (version) => (await caches.open(version)).keys()));
  return kept.flat().map(({ url }) => new URL(url)).filter(({ href }) => href.startsWith(registration.scope)).map(({ origin, pathname }) => origin + pathname);
}

async function install() {
  const cache = await caches.open(VERSION);
  await cache.addAll(FILES.map((name) => new Request(name, { cache: "no-cache" })));
  for (const name of await keptBefore()) await keep(cache, name);
}

addEventListener("install", (event) => event.waitUntil(install()));

addEventListener("activate", (event) => {
  const outdated = (names) => names.filter((name) => name.startsWith("lenet5 ") && name !== VERSION);
  const clear = caches.keys().then((names) => Promise.all(outdated(names).map((name) => caches.delete(name))));
  event.waitUntil(clear.then(() => clients.claim()));
});

async function answer(request) {
  const cache = await caches.open(VERSION);
  const kept = await cache.match(request, { ignoreSearch: true });
  if (kept) return kept;
  const response = await (request.mode === "navigate" ? fetch(request) : fresh(request));
  // Where there is no room, the page works as before, with a connection.
  if (response.ok) await cache.put(request, response.clone()).catch(() => {});
  return response;
}

addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && new URL(url).origin === location.origin) event.respondWith(answer(event.request));
});

/** Keeps the network that has been loaded, and, unless the browser is to save data, the files that the page may need. What fails is tried the next time. */
async function keepWith(build) {
  const cache = await caches.open(VERSION);
  const later = navigator.connection?.saveData ? [] : LATER;
  for (const name of [`lenet5-${build}.js`, `lenet5-${build}_bg.wasm`, ...later]) await keep(cache, name).catch(() => {});
}

addEventListener("message", (event) => event.waitUntil(keepWith(event.data.build)));
