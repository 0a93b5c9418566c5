/* Goes on in a film or a sound where it was left, and tells the hub when it is played, paused, or goes elsewhere in it. */
(() => {
  "use strict";
  const frame = document.querySelector(".player[data-keep]");
  const media = frame?.querySelector("video, audio");
  if (!media) return;
  const { keep, session, token, place } = frame.dataset;
  const second = (time) => Math.floor(time * 100) / 100;
  const parts = [];
  let number = 0, from = null, was = 0, since = null, isOurs = false;

  const tell = (did, more) => {
    if (number >= 300) return;
    number += 1;
    const length = Number.isFinite(media.duration) ? second(media.duration) : "";
    const told = { did, session, number, length, at: second(media.currentTime), csrf_token: token, ...more };
    navigator.sendBeacon(keep, new URLSearchParams(told));
  };
  const close = (time) => {
    if (from !== null && time > from) parts.push(`${from}[.]${second(time)}`);
    from = null;
  };
  const goOn = () => {
    const start = Number(place);
    isOurs = start > 0 && start < media.duration - 5;
    if (isOurs) media.currentTime = start;
  };
  if (media.readyState >= HTMLMediaElement.HAVE_METADATA) goOn();
  else media.addEventListener("loadedmetadata", goOn, { once: true });

  media.addEventListener("timeupdate", () => { if (!media.seeking) was = media.currentTime; });
  media.addEventListener("play", () => { from = second(media.currentTime); tell("played"); });
  const stop = () => {
    if (from === null) return;
    close(media.currentTime);
    tell("paused", { parts: parts.slice(-100).join("[,]") });
  };
  media.addEventListener("pause", stop);
  addEventListener("pagehide", stop);
  media.addEventListener("seeking", () => { since ??= second(was); });
  media.addEventListener("seeked", () => {
    const begun = since;
    since = null;
    was = media.currentTime;
    if (isOurs) { isOurs = false; return; }
    if (begun === null || Math.abs(was - begun) < 1) return;
    if (from !== null) { close(begun); from = second(was); }
    tell("seeked", { since: begun });
  });
})();
