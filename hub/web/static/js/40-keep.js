/* A lesson that was opened can be read off the network, where the hub speaks HTTPS; and the hub goes on a home screen. */
(() => {
  "use strict";
  let offered = null;
  const install = document.querySelector("[data-install]");
  addEventListener("beforeinstallprompt", (event) => {
    offered = event;
    if (install) install.hidden = false;
  });
  install?.addEventListener("click", () => offered?.prompt());

  const workers = navigator.serviceWorker;
  if (!workers) return;
  const reader = document.querySelector("meta[name=reader]")?.content;
  if (!reader) {
    workers.getRegistrations().then((all) => all.forEach((each) => each.unregister())).catch(() => {});
    caches.keys().then((names) => names.forEach((name) => caches.delete(name))).catch(() => {});
    return;
  }
  const keep = async () => {
    await workers.register("/worker.js");
    const place = location.pathname.match(/^\/learn(\/[^/]+\/[^/]+\/)$/);
    if (!place || !document.querySelector(".lesson")) return;
    const seen = [...document.querySelectorAll(".lesson img")].flatMap((each) => [each.currentSrc, each.getAttribute("src")]);
    const heard = [...document.querySelectorAll(".lesson [data-say]")].flatMap(
      (each) => each.dataset.say.split(" ").map((told) => told.split(":")[1]).filter(Boolean).map((src) => `/sound/${src}`));
    const files = [...seen, ...heard].filter(Boolean).map((each) => new URL(each, location.href).pathname);
    (await workers.ready).active.postMessage({ reader, page: `/kept${place[1]}`, files });
  };
  addEventListener("load", () => { keep().catch(() => {}); });
})();
