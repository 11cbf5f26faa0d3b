// Without a signal every page becomes the entry form, so that words can always be written down.
const SHELL = "continuum-2";
const FILES = [
  "/offline", "/static/continuum.css", "/static/icon-192.png",
  "/static/vendor/govuk-frontend.min.css", "/static/vendor/govuk-frontend.min.js",
  "/static/vendor/idb.js", "/static/js/page.js", "/static/js/record.js", "/static/js/outbox.js",
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

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match("/offline")));
  } else if (new URL(request.url).pathname.startsWith("/static/")) {
    event.respondWith(fetch(request).catch(() => caches.match(request)));
  }
});
