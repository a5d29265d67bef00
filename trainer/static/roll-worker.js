/* Opens the roll of a lesson, or a visit, where there is no network. It keeps nothing but those pages that were opened in
   this browser and the files they are made of; a page goes when its roll takes no more marks or the visit no more facts,
   when nobody is signed in, and after three days. Marks and facts are not its business: the pages keep them themselves. */
"use strict";
const PAGES = "roll-pages", FILES = "roll-files", DAYS = 3 * 86400000, PATIENCE = 8000;
const ROLL = /^\/(lessons\/\d+\/roll|reviews\/visits\/\d+)$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim().then(tidy)));

const stale = (answer) => !answer || !(Date.now() - Date.parse(answer.headers.get("Date")) < DAYS);

async function tidy() {
  const pages = await caches.open(PAGES);
  for (const request of await pages.keys()) {
    if (stale(await pages.match(request))) await pages.delete(request);
  }
}

async function keep(path, answer) {
  const pages = await caches.open(PAGES), whose = answer.headers.get("X-Roll-Keep");
  if (answer.ok && whose && whose !== "no") await pages.put(path, answer);
  else if (whose === "no" || answer.type === "opaqueredirect" || answer.redirected || [401, 403, 404].includes(answer.status)) await pages.delete(path);
}

async function open(request, path) {
  await tidy();
  const kept = await (await caches.open(PAGES)).match(path, { ignoreVary: true });
  const fresh = fetch(request).then(async (answer) => { await keep(path, answer.clone()); return answer; });
  if (!kept) return fresh;
  // A network that hangs is none; what comes later is kept for the next time.
  const late = new Promise((resolve) => setTimeout(() => resolve(kept), PATIENCE));
  return Promise.race([fresh, late]).catch(() => kept);
}

self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && ROLL.test(url.pathname)) event.respondWith(open(request, url.pathname));
  else if (url.pathname.includes("/static/")) event.respondWith(caches.open(FILES).then((files) => files.match(request, { ignoreVary: true })).then((kept) => kept || fetch(request)));
});

self.addEventListener("message", (event) => {
  const { page, files } = event.data;
  if (!ROLL.test(page)) return;
  event.waitUntil((async () => {
    const pages = await caches.open(PAGES), kept = await caches.open(FILES);
    if (!(await pages.match(page, { ignoreVary: true }))) await keep(page, await fetch(page, { credentials: "same-origin" }));
    for (const old of await kept.keys()) if (!files.includes(old.url) && stale(await kept.match(old))) await kept.delete(old);
    const missing = [];
    for (const file of files) if (!(await kept.match(file, { ignoreVary: true }))) missing.push(file);
    await Promise.all(missing.map((file) => kept.add(file)));
  })());
});
