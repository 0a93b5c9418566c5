/* Goes on in a film or a sound where it was left, and tells the hub what was played. What could not be told yet waits on
   this phone under the name of the sitting, so that only its own learner, opening it again, sends it. */
(() => {
  "use strict";
  const frame = document.querySelector(".player[data-keep]");
  const media = frame?.querySelector("video, audio");
  if (!media) return;
  const BEGINS = "mangrove-film:", SOON_MS = 400, SAVE_S = 5, LIVING_S = 60, AT_ONCE = 40, WAITING_MOST = 200, SITTINGS_MOST = 20;
  const { keep, session, sitting, token } = frame.dataset, name = BEGINS + sitting;
  const second = (time) => Math.floor(time * 100) / 100;
  const parts = [];
  let number = 0, from = null, was = 0, since = null, isOurs = false, timer = 0, isSending = false, saved = 0, lived = 0;
  let waiting = [], open = null;

  const recall = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(name)) ?? {};
      waiting = kept.open ? [...kept.waiting, kept.open] : kept.waiting ?? [];
      const others = Object.keys(localStorage).filter((each) => each.startsWith(BEGINS) && each !== name);
      others.slice(SITTINGS_MOST).forEach((each) => localStorage.removeItem(each));
    } catch { waiting = []; }
  };
  const save = () => {
    try {
      if (waiting.length || open) localStorage.setItem(name, JSON.stringify({ waiting: waiting.slice(-WAITING_MOST), open }));
      else localStorage.removeItem(name);
    } catch { /* A phone that keeps nothing tells what it can. */ }
  };
  const form = (told) => {
    const sent = new URLSearchParams({ csrf_token: token, sitting });
    for (const { when, ...each } of told) {
      for (const [field, value] of Object.entries(each)) sent.append(field, value);
      sent.append("ago", Math.max(0, Date.now() - when));
    }
    return sent;
  };
  const send = async () => {
    timer = 0;
    const sent = waiting.slice(0, AT_ONCE);
    if (!sent.length || isSending) return null;
    isSending = true;
    try {
      const answer = await fetch(keep, { method: "POST", body: form(sent) });
      if (!answer.ok || answer.redirected) return null;
      waiting = waiting.filter((each) => !sent.includes(each));
      save();
      if (waiting.length) timer = setTimeout(send, SOON_MS);
      return (await answer.json()).place;
    } catch { return null; } finally { isSending = false; }
  };
  const told = (did, more) => ({
    did, session, number, length: Number.isFinite(media.duration) ? second(media.duration) : "",
    at: second(media.currentTime), since: "", parts: "", when: Date.now(), ...more,
  });
  const tell = (did, more, isSoon) => {
    if (number >= 300) return;
    number += 1;
    waiting.push(told(did, more));
    save();
    if (isSoon) timer ||= setTimeout(send, SOON_MS);
  };
  const close = (time) => {
    if (from !== null && time > from) parts.push(`${from}[.]${second(time)}`);
    from = null;
  };
  const seen = (more) => [...parts, ...more].slice(-100).join("[,]");

  const goOn = (start) => {
    isOurs = start > 1 && start < media.duration - 5;
    if (!isOurs) return;
    media.currentTime = start;
    const begin = frame.querySelector("[data-begin]");
    if (begin) begin.hidden = false;
  };
  const start = async () => {
    const last = waiting.at(-1)?.at, asked = Number(frame.dataset.asked), place = last === undefined ? null : await send();
    goOn(asked || (place ?? last ?? Number(frame.dataset.place)));
  };
  frame.querySelector("[data-begin] button")?.addEventListener("click", (event) => {
    media.currentTime = 0;
    event.currentTarget.closest("[data-begin]").hidden = true;
    media.play();
  });
  recall();
  if (media.readyState >= HTMLMediaElement.HAVE_METADATA) start();
  else media.addEventListener("loadedmetadata", start, { once: true });

  media.addEventListener("timeupdate", () => {
    if (media.seeking) return;
    was = media.currentTime;
    if (from === null || number >= 299) return;
    const now = `${from}[.]${second(was)}`;
    if (was - lived >= LIVING_S) {
      lived = was;
      tell("progressed", { parts: seen([now]) }, true);
    } else if (Math.abs(was - saved) >= SAVE_S && was > from) {
      saved = was;
      open = told("paused", { number: number + 1, parts: seen([now]) });
      save();
    }
  });
  media.addEventListener("play", () => { from = second(media.currentTime); lived = from; tell("played"); });
  const stop = () => {
    if (from === null) return;
    close(media.currentTime);
    open = null;
    tell("paused", { parts: seen([]) }, true);
  };
  media.addEventListener("pause", stop);
  addEventListener("pagehide", () => {
    stop();
    if (waiting.length) navigator.sendBeacon(keep, form(waiting.slice(-AT_ONCE)));
  });
  media.addEventListener("seeking", () => { since ??= second(was); });
  media.addEventListener("seeked", () => {
    const begun = since;
    since = null;
    was = lived = media.currentTime;
    if (isOurs) { isOurs = false; return; }
    if (begun === null || Math.abs(was - begun) < 1) return;
    if (from !== null) { close(begun); from = second(was); }
    tell("seeked", { since: begun }, true);
  });
})();
