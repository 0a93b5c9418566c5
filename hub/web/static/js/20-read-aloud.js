/* Read aloud what stands beside a speaker. */
(() => {
  "use strict";
  // Read aloud what stands beside the speaker, each sentence in its own language, where the phone itself has a voice
  // for it; a voice of another language would make nonsense of it.
  const voiceFor = (language) => speechSynthesis.getVoices().find(
    (voice) => voice.localService && voice.lang.split(/[-_]/)[0] === language.split("-")[0]);
  const BLOCKS = "h1, h2, h3, p, li, td, th, figcaption, .words, .title, .say";
  const sayings = (button) => {
    const found = [];
    let block = null;
    for (const part of document.querySelectorAll(button.dataset.read)) {
      const words = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
      while (words.nextNode()) {
        const around = words.currentNode.parentElement, text = words.currentNode.data.replace(/\s+/g, " ");
        if (text === " " && block !== around.closest(BLOCKS) || around.closest("[hidden]")) continue;
        const language = around.closest("[lang]").lang, last = found.at(-1), before = block;
        block = around.closest(BLOCKS);
        if (last?.language !== language) found.push({ language, text });
        else last.text += (before === block ? "" : /[.!?:…؟]\s*$/.test(last.text) ? " " : ". ") + text;
      }
    }
    return found.filter((saying) => /\p{L}|\p{N}/u.test(saying.text) && voiceFor(saying.language));
  };
  const offerToRead = () => {
    for (const button of document.querySelectorAll("button[data-read]")) button.hidden = !sayings(button).length;
  };
  if ("speechSynthesis" in window) {
    offerToRead();
    speechSynthesis.addEventListener?.("voiceschanged", offerToRead);
    addEventListener("click", (event) => {
      const button = event.target.closest?.("button[data-read]");
      if (!button) return;
      speechSynthesis.cancel();
      for (const { language, text } of sayings(button)) {
        const saying = new SpeechSynthesisUtterance(text.trim());
        saying.voice = voiceFor(language);
        saying.lang = language;
        speechSynthesis.speak(saying);
      }
    });
  }
})();
