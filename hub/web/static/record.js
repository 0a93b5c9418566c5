/* Record a sentence on the page itself, where the phone lets a page hear: over HTTPS, or on the hub's own screen. */
(() => {
  "use strict";
  if (!window.isSecureContext || !navigator.mediaDevices || !window.MediaRecorder) return;
  const LONGEST_MS = 60000;
  for (const button of document.querySelectorAll("[data-record]")) {
    const words = button.querySelector("span"), form = button.form, file = form.querySelector("[type=file]");
    let recorder = null;
    const send = (parts) => {
      const kept = new DataTransfer();
      kept.items.add(new File(parts, "recording", { type: recorder.mimeType }));
      file.files = kept.files;
      form.requestSubmit();
    };
    button.hidden = false;
    button.addEventListener("click", async () => {
      if (recorder) return recorder.stop();
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => null);
      if (!stream) return file.click();
      const parts = [];
      recorder = new MediaRecorder(stream);
      recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
      recorder.addEventListener("stop", () => {
        stream.getTracks().forEach((track) => track.stop());
        send(parts);
      });
      recorder.start();
      words.textContent = button.dataset.stop;
      setTimeout(() => recorder.state === "recording" && recorder.stop(), LONGEST_MS);
    });
  }
})();
