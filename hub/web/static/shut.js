/* Stands first in every page from elsewhere, and in each that such a page makes inside of itself: what no policy of
   older browsers forbids is taken away. All it needs later is held from the start, before a page could replace it. */
(() => {
  "use strict";
  for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "mozRTCPeerConnection", "RTCDataChannel",
    "RTCIceTransport", "WebTransport"]) delete window[name];
  const held = Function.prototype.bind.bind(Function.prototype.call);
  const get = held(Element.prototype.getAttribute), set = held(Element.prototype.setAttribute);
  const drop = held(Element.prototype.removeAttribute), leave = held(Element.prototype.remove);
  const inDocument = held(Document.prototype.querySelectorAll);
  const inShadow = held(DocumentFragment.prototype.querySelectorAll);
  const begins = held(String.prototype.startsWith), match = held(RegExp.prototype.exec);
  const observe = held(MutationObserver.prototype.observe), Observer = MutationObserver;
  const attach = held(Element.prototype.attachShadow);
  const script = "<script>" + document.currentScript.textContent + "</" + "script>";
  const runs = /^[\0-\x20]*j[\t\n\r]*a[\t\n\r]*v[\t\n\r]*a[\t\n\r]*s/i;
  const mend = (found) => {
    for (let at = 0; found[at]; at += 1) {
      const text = get(found[at], "srcdoc"), source = get(found[at], "src");
      if (text !== null && !begins(text, script)) set(found[at], "srcdoc", script + text);
      if (source !== null && match(runs, source)) drop(found[at], "src");
    }
  };
  const watch = (root, all) => {
    const look = () => {
      mend(all(root, "iframe, frame"));
      const ahead = all(root, "script[type=speculationrules i]");
      for (let at = 0; ahead[at]; at += 1) leave(ahead[at]);
    };
    observe(new Observer(look), root, {
      childList: true, subtree: true, attributes: true, attributeFilter: ["src", "srcdoc"],
    });
  };
  watch(document, inDocument);
  Element.prototype.attachShadow = function attachShadow(given) {
    const root = attach(this, given);
    watch(root, inShadow);
    return root;
  };
})();
