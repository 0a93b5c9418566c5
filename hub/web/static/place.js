/* Goes on in a film or a sound where it was left, and tells the hub where that is when it is paused or left. */
(() => {
  "use strict";
  const frame = document.querySelector(".player[data-keep]");
  const media = frame?.querySelector("video, audio");
  if (!media) return;
  const start = Number(frame.dataset.place);
  const goOn = () => { if (start > 0 && start < media.duration - 5) media.currentTime = start; };
  if (media.readyState >= HTMLMediaElement.HAVE_METADATA) goOn();
  else media.addEventListener("loadedmetadata", goOn, { once: true });
  let kept = start;
  const keep = () => {
    const at = Math.floor(media.currentTime);
    if (at === kept) return;
    kept = at;
    navigator.sendBeacon(frame.dataset.keep, new URLSearchParams({ at, csrf_token: frame.dataset.token }));
  };
  media.addEventListener("pause", keep);
  addEventListener("pagehide", keep);
})();
