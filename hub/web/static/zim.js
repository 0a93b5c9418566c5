/* Tells the hub which page of an encyclopaedia is open: the page in the frame says its number. */
(() => {
  "use strict";
  const place = document.querySelector(".player[data-keep]");
  const frame = place?.querySelector("iframe");
  if (!frame) return;
  let last = 0, told = 0;
  addEventListener("message", ({ source, data }) => {
    const number = data?.mangrovePage;
    if (source !== frame.contentWindow || !Number.isSafeInteger(number) || number < 1 || number === last) return;
    last = number;
    if ((told += 1) > 500) return;
    const body = new URLSearchParams({ at: number, csrf_token: place.dataset.token });
    fetch(place.dataset.keep, { method: "POST", body, redirect: "manual", keepalive: true }).catch(() => {});
  });
})();
