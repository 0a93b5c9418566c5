/* Send a large file in pieces (tus 1.0.0): it goes on after a cut line, a closed page, a flat battery. Without this the form sends it whole. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-uploads]"), box = document.querySelector("[data-uploading]");
  if (!form || !box || !window.AbortController) return;
  const find = (name) => box.querySelector(`[data-${name}]`), words = box.dataset, home = form.dataset.uploads;
  const bar = find("bar"), told = find("told"), state = find("state"), pause = find("pause"), cancel = find("cancel");
  const field = form.querySelector("[type=file]"), unfinished = [...document.querySelectorAll("[data-fingerprint]")];
  const LEAST = 262144, WAITS_S = [1, 2, 4, 8, 15, 30], QUICK_MS = 1500, SLOW_MS = 5000, DOUBLE_MS = 800;
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
  let file, address, offset = 0, piece = LEAST, most = Number(form.dataset.piece), cuts = 0, rests = false, stop, wake = () => {}, begun_ms, begun_at, shown_ms;

  const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const megabytes = (bytes) => number.format(bytes / 1e6);
  const coded = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  const fingerprint = () => `${file.name}:${file.size}:${file.lastModified}`;
  const wait = (time_ms) => new Promise((done) => {
    const timer = setTimeout(done, time_ms);
    wake = () => { clearTimeout(timer); done(); };
  });

  class Sorry extends Error {}  // Waiting does not help: the hub has said why.

  const ask = async (method, where, headers = {}, body) => {
    stop = new AbortController();
    const token = form.querySelector("[name=csrf_token]").value;
    const own = { "Tus-Resumable": "1.0.0", "X-CSRFToken": token, ...headers };
    const answer = await fetch(where, { method, headers: own, body, signal: stop.signal, redirect: "manual", cache: "no-store" });
    if (answer.ok) return answer;
    if ([409, 423, 429, 460, 500, 502, 503, 504].includes(answer.status)) throw new Error(answer.status);
    if ([0, 401, 403].includes(answer.status) || answer.type === "opaqueredirect") throw new Sorry(words.signedOut);
    const said = await answer.json().catch(() => ({}));
    throw new Sorry(said.message || words.lost);
  };

  const show = () => {
    bar.max = file.size;
    bar.value = offset;
    const passed_s = (Date.now() - begun_ms) / 1000, came = offset - begun_at;
    const left_min = came && passed_s > 2 ? Math.ceil(((file.size - offset) * passed_s) / came / 60) : 0;
    const size = fill(words.size, { done: megabytes(offset), total: megabytes(file.size) });
    told.textContent = left_min ? `${size} ${fill(left_min > 1 ? words.minutes : words.minute, { minutes: number.format(left_min) })}` : size;
  };

  const say = (text) => { if (state.textContent !== text) state.textContent = text; };

  const known = async () => {
    const answer = await ask("HEAD", address);
    offset = Number(answer.headers.get("Upload-Offset"));
    return answer;
  };

  const begin = async () => {
    const row = unfinished.find((each) => each.dataset.fingerprint === fingerprint());
    if (row) {
      address = row.dataset.address;
      return known();
    }
    const about = `filename ${coded(file.name)},fingerprint ${coded(fingerprint())}`;
    const answer = await ask("POST", home, { "Upload-Length": String(file.size), "Upload-Metadata": about });
    address = answer.headers.get("Location");
    return answer;
  };

  const send = async () => {
    const from_ms = Date.now(), part = file.slice(offset, offset + piece);
    const headers = { "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
    const answer = await ask("PATCH", address, headers, part);
    offset = Number(answer.headers.get("Upload-Offset"));
    const took_ms = Date.now() - from_ms;
    if (took_ms < QUICK_MS) piece = Math.min(piece * 2, most);
    if (took_ms > SLOW_MS) piece = Math.max(piece / 2, LEAST);
    return answer;
  };

  const go = async () => {
    let answer, is_known = false;
    for (;;) {
      if (rests) {
        say(words.rests);
        await new Promise((done) => { wake = done; });
        continue;
      }
      try {
        if (!address) answer = await begin();
        else answer = is_known ? await send() : await known();
        if (!is_known) { begun_ms = Date.now(); begun_at = offset; }
        is_known = true;
        cuts = 0;
        say("");
        show();
        const page = answer.headers.get("Mangrove-Page");
        if (page) return location.assign(page);
      } catch (problem) {
        if (problem instanceof Sorry) throw problem;
        if (rests) continue;
        is_known = false;
        if (piece > LEAST) most = Math.max(piece / 2, LEAST);  // A bad line gets pieces that come through.
        piece = LEAST;
        say(words.cut);
        await wait(WAITS_S[Math.min(cuts++, WAITS_S.length - 1)] * 1000);
      }
    }
  };

  form.addEventListener("submit", async (event) => {
    file = field.files[0];
    if (!file || !file.size) return;
    event.preventDefault();
    event.stopPropagation();
    form.hidden = true;
    box.hidden = false;
    find("name").textContent = file.name;
    begun_ms = shown_ms = Date.now();
    begun_at = 0;
    show();
    pause.focus();
    await go().catch((problem) => {
      say(problem.message);
      pause.hidden = true;
    });
  });

  pause.addEventListener("click", () => {
    if (Date.now() - shown_ms < DOUBLE_MS) return;  // The second half of a double press on what stood here before.
    rests = !rests;
    pause.querySelector("span").textContent = rests ? words.onward : words.pause;
    if (rests) say(words.rests);  // The piece on its way comes first.
    wake();
  });

  cancel.addEventListener("click", async () => {
    rests = true;
    stop?.abort();
    // The hub may still be writing the piece that was let go.
    for (let tries = 0; address && tries < 10; tries++) {
      if (await ask("DELETE", address).then(() => true, (problem) => problem instanceof Sorry)) break;
      await wait(500);
    }
    location.reload();
  });

  window.addEventListener("online", () => wake());
})();
