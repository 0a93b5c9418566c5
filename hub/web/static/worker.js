/* Opened lessons, readable off the network. Kept apart for each reader: when the hub answers somebody else, what was
   kept for the one before is gone. A kept lesson names nobody; quizzes, answers and personal pages are never kept. */
"use strict";
const PREFIX = "reader-", LESSONS_MAX = 40, BYTES_MAX = 25e6, FILE_BYTES_MAX = 3e6, AGE_MAX_MS = 30 * 864e5;
const AWAY = "/kept/";
const LESSON = /^\/learn(\/[^/]+\/[^/]+\/)$/;
const LEAVING = /^\/people\/(sign-out|switch)\/$|^\/demo\/as\//;
const FILE = /^\/(static|sound)\/|^\/library\/[^/]+\/(files|pictures)\//;
let reader = null;

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("message", (event) => event.waitUntil(keep(event.data).catch(() => {})));
addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, url));
  else if (request.method === "GET" && FILE.test(url.pathname)) event.respondWith(file(request, url));
});

/* Pages come from the hub; without it, from what is kept. */
async function page(request, url) {
  if (request.method !== "GET" && LEAVING.test(url.pathname)) await forgetOthers("");
  const kept = url.pathname.startsWith(AWAY) && await read(url.pathname);
  if (kept) return kept;
  let answer;
  try { answer = await fetch(request); } catch { return await read(url.pathname) || Response.error(); }
  const now = answer.headers.get("Mangrove-Reader");
  if (now) await forgetOthers(now);
  return answer;
}

async function file(request, url) {
  try { return await fetch(request); } catch {
    const kept = await caches.match(url.pathname);
    if (!kept) return Response.error();
    return request.headers.has("range") ? part(kept, request.headers.get("range")) : kept;
  }
}

/* A player asks for a stretch of a sound. */
async function part(kept, range) {
  const body = await kept.blob(), [, from, to] = range.match(/bytes=(\d*)-(\d*)/) || [];
  const start = from ? Number(from) : Math.max(0, body.size - Number(to || body.size));
  const end = from && to ? Math.min(Number(to) + 1, body.size) : body.size;
  return new Response(body.slice(start, end), { status: 206, headers: {
    "Content-Type": kept.headers.get("Content-Type"), "Content-Range": `bytes ${start}-${end - 1}/${body.size}` } });
}

async function forgetOthers(now) {
  reader = now;
  for (const name of await caches.keys()) if (name !== PREFIX + now) await caches.delete(name);
}

/* A lesson is there once all of it is: the page is put last. */
async function keep(wish) {
  if (reader !== null && wish.reader !== reader) return;
  const cache = await caches.open(PREFIX + wish.reader);
  for (const [address, files] of [[AWAY, []], [wish.page, wish.files]]) {
    const answer = await fetch(address);
    if (!answer.ok || answer.redirected) return;
    const text = await answer.text(), all = new Set(files.filter((each) => FILE.test(each)));
    for (const [, found] of text.matchAll(/"(\/static\/[^"#]+)/g)) all.add(found);
    for (const each of all) if (!await fetched(cache, each)) all.delete(each);
    const headers = { "Kept-At": String(Date.now()), "Kept-Files": JSON.stringify([...all]) };
    for (const name of ["Content-Type", "Content-Security-Policy"]) headers[name] = answer.headers.get(name);
    await cache.put(address, new Response(text, { headers }));
  }
  await tidy(cache);
  if (reader !== null && wish.reader !== reader) await caches.delete(PREFIX + wish.reader);
}

async function fetched(cache, address) {
  if (await cache.match(address)) return true;
  const answer = await fetch(address, { headers: { Purpose: "prefetch" } });  // no sound is made for this alone
  if (!answer.ok || Number(answer.headers.get("Content-Length")) > FILE_BYTES_MAX) return false;
  await cache.put(address, answer);
  return true;
}

/* What is kept of a reader, the newest first; a lesson that is too old is no longer shown. */
async function lessons(cache) {
  const found = [];
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    if (!pathname.startsWith(AWAY) || pathname === AWAY) continue;
    const answer = await cache.match(url), at = Number(answer.headers.get("Kept-At"));
    if (Date.now() - at > AGE_MAX_MS) await cache.delete(url);
    else found.push({ pathname, at, files: JSON.parse(answer.headers.get("Kept-Files")), text: await answer.text() });
  }
  return found.sort((one, other) => other.at - one.at);
}

async function tidy(cache) {
  const away = await cache.match(AWAY), wanted = new Set(JSON.parse(away.headers.get("Kept-Files")));
  let bytes = 0, count = 0;
  for (const { pathname, files } of await lessons(cache)) {
    for (const each of files) if (!wanted.has(each)) bytes += (await (await cache.match(each)).blob()).size;
    count += 1;
    if (count > LESSONS_MAX || bytes > BYTES_MAX) await cache.delete(pathname);
    else files.forEach((each) => wanted.add(each));
  }
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    if (FILE.test(pathname) && !wanted.has(pathname)) await cache.delete(url);
  }
}

/* The kept lesson at a place; of any other place the page that names all of them. Nothing where nothing is kept. */
async function read(pathname) {
  const name = (await caches.keys()).find((each) => each.startsWith(PREFIX));
  const cache = name && await caches.open(name), away = cache && await cache.match(AWAY);
  if (!away) return undefined;
  const place = pathname.match(LESSON), asked = place ? `/kept${place[1]}` : pathname;
  const kept = await lessons(cache), lesson = kept.find((each) => each.pathname === asked);
  const rows = kept.map(({ pathname: at, text }) =>
    `<li><a href="${at}"><bdi>${text.match(/<title>([^<]*)<\/title>/)[1]}</bdi></a></li>`);
  const page = lesson ? lesson.text : (await away.text()).replace("<!--lessons-->", () => rows.join(""));
  return new Response(page, { headers: away.headers });
}
