/* Take the picture at which a film stands as a cover: it is drawn on a sheet and sent like a photo. Without this the films are not shown. */
(() => {
  "use strict";
  const WIDEST = 1280, QUALITY = 0.85;
  if (!window.DataTransfer) return;
  for (const box of document.querySelectorAll("[data-film]")) {
    const film = box.querySelector("video"), form = box.closest("form"), field = form.querySelector("[type=file]");
    box.hidden = false;
    box.querySelector("[data-frame]").addEventListener("click", () => {
      if (!film.videoWidth) return film.play();
      const sheet = document.createElement("canvas"), scale = Math.min(1, WIDEST / film.videoWidth);
      sheet.width = Math.round(film.videoWidth * scale);
      sheet.height = Math.round(film.videoHeight * scale);
      sheet.getContext("2d").drawImage(film, 0, 0, sheet.width, sheet.height);
      sheet.toBlob((made) => {
        if (!made) return;
        const kept = new DataTransfer();
        kept.items.add(new File([made], "frame.jpg", { type: "image/jpeg" }));
        field.files = kept.files;
        form.requestSubmit();
      }, "image/jpeg", QUALITY);
    });
  }
})();
