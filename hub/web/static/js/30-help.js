/* Help: the "?" and the globe close when one goes on, and a look round moves without a new page and can be played whole. */
(() => {
  "use strict";
  const cards = [...document.querySelectorAll("details.help, details.tongues")];
  addEventListener("keydown", (event) => {
    const open = cards.find((each) => each.open);
    if (event.key !== "Escape" || !open) return;
    open.open = false;
    open.firstElementChild.focus();
  });
  const goOn = (event) => { for (const each of cards) if (each.open && !each.contains(event.target)) each.open = false; };
  for (const kind of ["click", "focusin"]) addEventListener(kind, goOn);

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
