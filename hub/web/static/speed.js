/* How quickly a film or a sound is played, which this phone remembers, and ten seconds back. */
(() => {
  "use strict";
  const NAME = "mangrove-speed", bar = document.querySelector("[data-speeds]");
  const media = document.querySelector(".player :is(video, audio)");
  if (!bar || !media) return;
  const buttons = [...bar.querySelectorAll("[data-speed]")];
  const show = () => buttons.forEach((each) => each.setAttribute("aria-pressed", String(Number(each.dataset.speed) === media.playbackRate)));
  const choose = (speed) => { media.defaultPlaybackRate = media.playbackRate = speed; };
  let kept = "";
  try { kept = localStorage.getItem(NAME) ?? ""; } catch { /* It plays as ever. */ }
  if (buttons.some((each) => each.dataset.speed === kept)) choose(Number(kept));
  buttons.forEach((each) => each.addEventListener("click", () => {
    choose(Number(each.dataset.speed));
    try { localStorage.setItem(NAME, each.dataset.speed); } catch { /* For this time only. */ }
  }));
  bar.querySelector("[data-back]").addEventListener("click", () => { media.currentTime = Math.max(0, media.currentTime - 10); });
  media.addEventListener("ratechange", show);
  show();
  bar.hidden = false;
})();
