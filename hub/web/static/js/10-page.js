/* What script adds; every page works without it. Kept small on purpose. */
(() => {
  "use strict";
  // A page that comes back from the browser's memory may belong to the learner before: fetch it anew.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  // A second press on a button sends nothing: the first is on its way.
  addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    const now = form.querySelector("[data-now]");
    if (now) now.value = Date.now();
    form.querySelector("[data-sending]")?.removeAttribute("hidden");
    setTimeout(() => { delete form.dataset.sent; }, 4000);
  });

  for (const button of document.querySelectorAll("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
})();
