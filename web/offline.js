// Keeps the page's files in the browser, so that it works without a connection after the first time. VERSION and FILES, those that the page
// needs at once, are written above by `lenet5-site`; modules and weights are kept when they are first loaded.

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

addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && new URL(url).origin === location.origin) event.respondWith(answer(event.request));
});
