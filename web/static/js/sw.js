// Without a signal, this service worker shows the entry form in place of every page, so that a
// worker can always write an entry.
const SHELL = "continuum-5";
const FILES = [
  "/offline", "/static/continuum.css", "/static/icon-192.png",
  "/static/vendor/govuk-frontend.min.css", "/static/vendor/govuk-frontend.min.js",
  "/static/fonts/arimo-400.woff2", "/static/fonts/arimo-700.woff2",
  "/static/vendor/idb.js", "/static/js/page.js", "/static/js/record.js", "/static/js/outbox.js",
  "/static/js/photograph.js",
  "/static/js/oncall.js",
];

self.addEventListener("install", (event) => {
  const fresh = FILES.map((file) => new Request(file, { cache: "reload" }));
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name !== SHELL;
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

// If the server is down, its proxy answers with an error. For a user who wants to write an entry,
// that is the same as no signal.
const DOWN = [502, 503, 504];

async function answered(request, kept) {
  const answer = await fetch(request).catch(() => null);
  return answer && !DOWN.includes(answer.status) ? answer : (await caches.match(kept)) ?? answer ?? Response.error();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(answered(request, "/offline"));
  else if (new URL(request.url).pathname.startsWith("/static/")) event.respondWith(answered(request, request));
});
