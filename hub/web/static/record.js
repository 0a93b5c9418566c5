/* Record on the page itself, where the phone lets a page hear: over HTTPS, or on the hub's own screen. What was recorded
   lies in the form's file field then, as if it had been chosen: it is sent at once, or heard first where `data-heard` names a player. */
(() => {
  "use strict";
  if (!window.isSecureContext || !navigator.mediaDevices || !window.MediaRecorder) return;
  const LONGEST_S = 60, SPEECH_BITS = 48000, TICK_MS = 1000;
  const clock = (time_s) => `${Math.floor(time_s / 60)}:${String(time_s % 60).padStart(2, "0")}`;
  for (const button of document.querySelectorAll("[data-record]")) {
    const words = button.querySelector("span"), form = button.form, fields = form.querySelectorAll("[type=file][accept^=audio]"), file = fields[0];
    const longest_s = Number(button.dataset.longest) || LONGEST_S, named = button.dataset.heard && document.getElementById(button.dataset.heard);
    const heard = named && named.querySelector("audio"), told = form.querySelector("[data-passed]");
    let recorder = null;
    const lay = (parts) => {
      const kept = new DataTransfer();
      kept.items.add(new File(parts, "recording", { type: recorder.mimeType }));
      file.files = kept.files;
      recorder = null;
      if (!heard) return form.requestSubmit();
      URL.revokeObjectURL(heard.src);
      heard.src = URL.createObjectURL(kept.files[0]);
      named.hidden = false;
      words.textContent = button.dataset.again;
      heard.focus();
    };
    const forget = () => {
      heard.pause();
      named.hidden = true;
    };
    if (heard) for (const each of fields) each.addEventListener("change", () => {
      if (each !== file) file.value = "";  // What is chosen now is what counts.
      forget();
    });
    button.hidden = false;
    button.addEventListener("click", async () => {
      if (recorder) return recorder.stop();
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => null);
      if (!stream) return file.click();
      const parts = [];
      let passed_s = 0;
      const tick = () => {
        if (told) told.textContent = `${clock(passed_s)} / ${clock(longest_s)}`;
        if (passed_s++ >= longest_s && recorder) recorder.stop();
      };
      recorder = new MediaRecorder(stream, { audioBitsPerSecond: SPEECH_BITS });
      recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
      recorder.addEventListener("stop", () => {
        clearInterval(timer);
        stream.getTracks().forEach((track) => track.stop());
        lay(parts);
      });
      if (heard) forget();
      recorder.start(TICK_MS);
      const timer = setInterval(tick, TICK_MS);
      tick();
      words.textContent = button.dataset.stop;
    });
    // Whoever keeps the form while it still records means all that was said.
    form.addEventListener("submit", (event) => {
      if (!recorder) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const then = event.submitter;
      recorder.addEventListener("stop", () => heard && form.requestSubmit(then));
      recorder.stop();
    }, true);
  }
})();
