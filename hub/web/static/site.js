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
    setTimeout(() => { delete form.dataset.sent; }, 4000);
  });

  for (const button of document.querySelectorAll("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }

  // Read aloud what stands beside the speaker, where the phone itself has a voice for the page's language.
  const language = document.documentElement.lang;
  const voiceFor = () => speechSynthesis.getVoices().find((voice) => voice.localService && voice.lang.startsWith(language));
  const offerToRead = () => {
    if (!voiceFor()) return;
    for (const button of document.querySelectorAll("button[data-read]")) button.hidden = false;
  };
  if ("speechSynthesis" in window) {
    offerToRead();
    speechSynthesis.addEventListener?.("voiceschanged", offerToRead);
    addEventListener("click", (event) => {
      const button = event.target.closest?.("button[data-read]");
      if (!button) return;
      speechSynthesis.cancel();
      const words = [...document.querySelectorAll(button.dataset.read)].map((part) => part.innerText.trim());
      const saying = new SpeechSynthesisUtterance(words.join(". "));
      saying.voice = voiceFor();
      saying.lang = language;
      speechSynthesis.speak(saying);
    });
  }
})();
