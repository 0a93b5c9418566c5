/* Help: the "?" closes when one goes on, and a look round moves without a new page and can be played whole. */
(() => {
  "use strict";
  const help = document.querySelector("details.help");
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !help?.open) return;
    help.open = false;
    help.firstElementChild.focus();
  });
  addEventListener("click", (event) => { if (help?.open && !help.contains(event.target)) help.open = false; });

  const steps = [...document.querySelectorAll("[data-tour]")];
  if (!steps.length) return;
  const play = document.querySelector("[data-tour-play]");
  const speaker = (step) => step.querySelector("[data-read]");
  let playing = 0;
  const show = (number) => {
    steps.forEach((step, index) => { step.hidden = index !== number; });
    const { tour } = steps[number].dataset;
    history.replaceState(null, "", tour);
    fetch(tour, { method: "HEAD" }).catch(() => {});  // the hub keeps how far one came
    steps[number].focus({ preventScroll: true });
    dispatchEvent(new Event("shown"));
  };
  addEventListener("click", (event) => {
    const to = event.target.closest?.("[data-tour-to]");
    if (!to) return;
    event.preventDefault();
    playing += 1;
    document.querySelector("[data-tour]:not([hidden]) [data-read][aria-pressed=true]")?.click();
    show(Number(to.dataset.tourTo) - 1);
  });

  const offerToPlay = () => { play.hidden = steps.every((step) => step.hidden || speaker(step).hidden); };
  for (const step of steps) new MutationObserver(offerToPlay).observe(speaker(step), { attributeFilter: ["hidden"] });
  offerToPlay();
  const heard = (step) => new Promise((done) => {
    step.addEventListener("readout", done, { once: true });
    speaker(step).click();
  });
  play.addEventListener("click", async () => {
    const turn = ++playing;
    for (let number = 0; number < steps.length && turn === playing; number += 1) {
      show(number);
      await heard(steps[number]);
    }
  });
})();
