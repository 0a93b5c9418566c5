/* Read aloud: each sentence by a recording or a rendered voice, else by the phone's own voice for its language. */
(() => {
  "use strict";
  const addressOf = window.soundOf || ((src) => "/sound/" + src);  // a file at home has its sounds in itself
  const synth = window.speechSynthesis, sound = new Audio(), SPEAKER = ".ear, [data-read]";
  const BLOCKS = "h1, h2, h3, p, li, td, th, figcaption, .words, .title, .say";
  const PRESSED = "a, button, label, input, select, textarea, summary, audio, video";
  let queue = [], now = null, pressed = null;

  // A voice of another language would make nonsense of a sentence, and one from the internet is not here.
  const voiceFor = (language) => synth?.getVoices().find(
    (voice) => voice.localService && voice.lang.split(/[-_]/)[0] === language.split("-")[0]);
  const canSay = (saying) => saying.src || voiceFor(saying.language);
  const languageOf = (place) => place.closest("[lang]").lang;
  const textsIn = (place) => {
    const found = [], walk = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) if (!walk.currentNode.parentElement.closest(".away, .ear")) found.push(walk.currentNode);
    return found;
  };

  // The sentences of a marked text. Of several, each is wrapped, so that it can be shown and touched by itself.
  const split = (part) => {
    if (part.sayings) return part.sayings;
    const language = languageOf(part);
    const found = part.sayings = part.dataset.say.split(" ").map((told) => {
      const [letters, src] = told.split(":");
      return { language, src, left: +letters, text: "", marks: [] };
    });
    if (found.length === 1) {
      found[0].text = textsIn(part).map((each) => each.data).join("");
      found[0].marks.push(part);
      return found;
    }
    let at = 0;
    for (let text of textsIn(part)) while (text) {
      const saying = found[at], isLast = saying === found.at(-1);
      let end = 0;
      for (; end < text.length && (isLast || saying.left || !text.data[end].trim()); end++) if (text.data[end].trim()) saying.left--;
      const rest = end < text.length ? text.splitText(end) : null;
      saying.text += text.data;
      if (text.data.trim()) {
        const mark = document.createElement("span");
        mark.className = "sentence";
        text.replaceWith(mark);
        mark.append(text);
        saying.marks.push(mark);
      }
      if (rest) at++;
      text = rest;
    }
    return found;
  };

  // All that a place says: marked texts by their sounds, other words by the phone's voice, block by block.
  const within = (place, found) => {
    let block = null;
    for (const text of textsIn(place)) {
      const around = text.parentElement, part = around.closest("[data-say]"), words = text.data.replace(/\s+/g, " ");
      if (around.closest("[hidden], .visually-hidden, option")) continue;
      if (part) {
        if (!found.includes(split(part)[0])) found.push(...split(part));
        continue;
      }
      if (words === " " && block !== around.closest(BLOCKS)) continue;
      const language = languageOf(around), last = found.at(-1), before = block;
      block = around.closest(BLOCKS);
      if (last?.language !== language || last.marks.length) found.push({ language, text: words, marks: [] });
      else last.text += (before === block ? "" : /[.!?:…؟]\s*$/.test(last.text) ? " " : ". ") + words;
    }
    return found;
  };
  // A text with names in it is marked in several parts, with the names between them or at its end.
  const piecesBefore = (ear) => {
    const found = [];
    let part = ear.previousElementSibling, isName = true;
    while (part?.matches("bdi, [data-say]") && (isName || part.localName === "bdi")) {
      if (part.matches("[data-say]")) found.unshift(part);
      isName = part.localName === "bdi";
      part = part.previousElementSibling;
    }
    return found;
  };
  const partsOf = (ear) => {
    if (!("box" in ear.dataset)) return piecesBefore(ear);
    const box = ear.closest("tr, .sayable");
    return [...box.querySelectorAll("[data-say]")].filter((part) => {
      const beside = part.nextElementSibling;
      return part.closest("tr, .sayable") === box && (beside === ear || !beside?.matches(".ear:not([data-box])"));
    });
  };
  const sayings = (speaker) => {
    const found = [], read = speaker.dataset.read;
    if (read) {
      const places = [...document.querySelectorAll(read)];
      for (const place of places) if (!places.some((each) => each !== place && each.contains(place))) within(place, found);
    } else for (const part of partsOf(speaker)) found.push(...split(part));
    return found.filter((saying) => /\p{L}|\p{N}/u.test(saying.text) && canSay(saying));
  };

  const show = (saying, isOn) => saying?.marks.forEach((mark) => mark.classList.toggle("now", isOn));
  const stop = () => {
    show(now, false);
    pressed?.setAttribute("aria-pressed", "false");
    queue = [];
    now = pressed = null;
    sound.pause();
    synth?.cancel();
  };
  const go = () => {
    show(now, false);
    const saying = now = queue.shift();
    if (!saying) {
      const speaker = pressed;
      stop();
      speaker?.dispatchEvent(new Event("readout", { bubbles: true }));
      return;
    }
    show(saying, true);
    saying.marks[0]?.scrollIntoView({ block: "nearest" });
    const goOn = () => { if (now === saying) go(); };
    const speak = () => {
      if (now !== saying) return;
      const voice = voiceFor(saying.language);
      if (!voice) return goOn();
      const words = new SpeechSynthesisUtterance(saying.text.trim());
      words.voice = voice;
      words.lang = saying.language;
      words.onend = words.onerror = goOn;
      synth.speak(words);
    };
    if (!saying.src) return speak();
    sound.src = addressOf(saying.src);
    sound.onended = goOn;
    sound.play().catch(speak);
  };
  const read = (found, speaker) => {
    stop();
    queue = found;
    pressed = speaker;
    pressed?.setAttribute("aria-pressed", "true");
    go();
  };

  const offer = () => {
    for (const speaker of document.querySelectorAll(SPEAKER)) {
      speaker.hidden = !sayings(speaker).length;
      speaker.setAttribute("role", "button");
      speaker.setAttribute("aria-pressed", String(speaker === pressed));
      speaker.tabIndex = 0;
    }
    // Beside a speaker that reads all, the heading needs none of its own.
    const all = document.querySelector("[data-read]:not([hidden])");
    const own = all && document.querySelector(".lesson h1 .ear");
    if (own) own.hidden = true;
  };
  const press = (event, speaker) => {
    event.preventDefault();
    if (speaker === pressed) stop();
    else read(sayings(speaker), speaker);
  };
  addEventListener("click", (event) => {
    const place = event.target.closest?.(`${SPEAKER}, ${PRESSED}, [data-say]`);
    if (place?.matches(SPEAKER)) return press(event, place);
    if (!place?.matches("[data-say]") || !getSelection().isCollapsed) return;
    const ear = [...document.querySelectorAll(".ear:not([hidden])")].find((each) => partsOf(each).includes(place));
    const found = ear ? sayings(ear) : split(place).filter(canSay);
    const from = found.findIndex((saying) => saying.marks.some((mark) => mark.contains(event.target)));
    if (from >= 0) read(found.slice(from), ear);
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") stop();
    const speaker = event.target.closest?.(SPEAKER);
    if (speaker && (event.key === " " || event.key === "Enter")) press(event, speaker);
  });
  addEventListener("pagehide", stop);
  addEventListener("shown", offer);  // a part of the page that was hidden
  offer();
  synth?.addEventListener?.("voiceschanged", offer);
})();
