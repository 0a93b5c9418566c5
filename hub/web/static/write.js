/* Make a photo lighter before it is sent, where the browser can: it travels sooner, and fits. Without this it is sent as it is. */
(() => {
  "use strict";
  const WIDEST = 1600, LIGHT = 400000, QUALITY = 0.85;
  if (!window.createImageBitmap || !window.DataTransfer) return;
  const lighter = async (photo) => {
    const drawn = await createImageBitmap(photo, { imageOrientation: "from-image" });
    const scale = Math.min(1, WIDEST / Math.max(drawn.width, drawn.height)), sheet = document.createElement("canvas");
    sheet.width = Math.round(drawn.width * scale);
    sheet.height = Math.round(drawn.height * scale);
    sheet.getContext("2d").drawImage(drawn, 0, 0, sheet.width, sheet.height);
    return new Promise((done) => sheet.toBlob(done, "image/jpeg", QUALITY));
  };
  for (const field of document.querySelectorAll("input[type=file]")) {
    field.addEventListener("change", async () => {
      const photo = field.files[0];
      if (!photo || photo.size < LIGHT || photo.type !== "image/jpeg") return;
      const made = await lighter(photo).catch(() => null);
      if (!made || made.size >= photo.size || field.files[0] !== photo) return;
      const kept = new DataTransfer();
      kept.items.add(new File([made], "photo.jpg", { type: "image/jpeg" }));
      field.files = kept.files;
    });
  }
})();
