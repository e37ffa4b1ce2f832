// Keeps the page for when there is no network. The name of the cache changes with the page.
const cache = 'pylint-docker-playground-{{hash}}';

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(cache).then((c) => c.add(new Request('./', { cache: 'reload' }))).then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((n) => n.startsWith('pylint-docker-playground-') && n !== cache).map((n) => caches.delete(n))))
    .then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  if (event.request.mode === 'navigate') {
    event.respondWith(fetch(event.request).catch(() => caches.open(cache).then((c) => c.match('./'))));
  }
});
