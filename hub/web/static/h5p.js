/* H5P inside a page that has no origin. The hub puts this before H5P's own core; it says what is to be played, keeps
   what the content wants to remember, and hands on what it tells about learning. */
(() => {
  "use strict";
  const told = JSON.parse(document.currentScript.dataset.sitting);
  const begun = Date.now();
  const ID = "1", BEACON_CHARS = 60000, EVENTS = 100;
  const WORTH = /\/(answered|completed|scored|passed|mastered|failed)$/;

  /* H5P asks what is above its page in order to fit into it; there it may not look. So it stands by itself. */
  Object.defineProperty(window, "parent", { configurable: true, value: window });
  window.H5P = { preventInit: true };
  window.H5PIntegration = {
    baseUrl: location.origin, url: told.base, urlLibraries: told.base, libraryDirectories: told.directories,
    siteUrl: told.activity, crossorigin: "anonymous", saveFreq: 10, postUserStatistics: false, ajax: {},
    fullscreenDisabled: !document.fullscreenEnabled, l10n: { H5P: told.words },
    core: { scripts: [], styles: [] }, loadedJs: told.scripts, loadedCss: told.styles,
    contents: {
      [`cid-${ID}`]: {
        library: told.library, title: told.title, metadata: { title: told.title, license: "U" },
        url: told.activity, contentUrl: `${told.base}/content`, fullScreen: told.fullscreen ? 1 : 0,
        displayOptions: { frame: false, copyright: false, embed: false, export: false, icon: false, copy: false },
      },
    },
  };

  /* What is not with the hub yet: what is to be remembered by part and name, and events by number. */
  const held = told.remembered;
  let pending = {}, events = [], flying = null;
  let number = told.number, heard = told.heard, failed = 0, later = 0;

  const put = (part, name, text) => {
    (pending[part] ??= {})[name] = text;
    soon(2000);
  };
  const isEmpty = () => !events.length && !Object.keys(pending).length;
  const copied = (thing) => JSON.parse(JSON.stringify(thing));
  const merged = (first, then) => {
    const both = copied(first);
    for (const [part, names] of Object.entries(then)) both[part] = { ...both[part], ...names };
    return both;
  };
  const report = (some, remembered) => {
    number += 1;
    return { number, spent_ms: Date.now() - begun, remembered, events: some };
  };
  const send = () => {
    if (events.length) gather();
    clearTimeout(later);
    later = 0;
    if (!told.door || flying || isEmpty()) return;
    flying = report(events.slice(0, EVENTS), pending);
    events = events.slice(EVENTS);
    pending = {};
    fetch(told.door, { method: "POST", body: JSON.stringify(flying) }).then((answer) => {
      if (answer.status >= 500 || answer.status === 429) throw new Error(answer.status);
      failed = 0;
    }).catch(() => {
      failed += 1;
      events = [...flying.events, ...events];
      pending = merged(flying.remembered, pending);
    }).then(() => {
      flying = null;
      if (!isEmpty()) soon(failed ? Math.min(30000, 500 * 2 ** failed) : 0);
    });
  };
  const soon = (wait) => { later ||= setTimeout(send, wait); };

  /* When the page goes, or may go unseen, all that is not known to be with the hub goes along. */
  const gather = () => {
    for (const each of H5P.instances ?? []) {
      const state = typeof each.getCurrentState === "function" ? each.getCurrentState() : undefined;
      if (state !== undefined && each.contentId) H5P.setUserData(each.contentId, "state", state);
    }
  };
  const leave = () => {
    gather();
    if (!told.door || (isEmpty() && !flying)) return;
    const all = [...(flying?.events ?? []), ...events].slice(0, EVENTS);
    const whole = JSON.stringify(report(all, merged(flying?.remembered ?? {}, pending)));
    if (whole.length >= BEACON_CHARS || !navigator.sendBeacon(told.door, whole)) send();
  };
  addEventListener("online", send);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") leave(); });

  const remember = () => {
    H5P.getUserData = (_content, name, done, part) => {
      const text = held[part || 0]?.[name];
      if (text === undefined) return done(undefined, undefined);
      if (text === "RESET") return done(undefined, null);
      try { return done(undefined, JSON.parse(text)); } catch (mistake) { return done(mistake); }
    };
    H5P.setUserData = (_content, name, value, more) => {
      const part = more?.subContentId || 0, text = JSON.stringify(value);
      if (text === undefined || text === held[part]?.[name]) return;
      (held[part] ??= {})[name] = text;
      put(part, name, text);
    };
    H5P.deleteUserData = (_content, name, part) => {
      if (held[part || 0]) delete held[part || 0][name];
      put(part || 0, name, null);
    };
    H5P.externalDispatcher.on("xAPI", ({ data }) => {
      if (!WORTH.test(data.statement.verb?.id)) return;
      heard += 1;
      events.push([heard, Date.now() - begun, copied(data.statement)]);
      soon(300);
    });
  };
  addEventListener("DOMContentLoaded", async () => {
    const place = document.getElementById("h5p");
    try {
      /* A page without an origin is foreign to all files; without this jQuery would ask for leave first, each time. */
      H5P.jQuery.ajaxPrefilter((options) => { options.crossDomain = true; });
      const answer = await fetch(told.content);
      if (!answer.ok) throw new Error(answer.status);
      H5PIntegration.contents[`cid-${ID}`].jsonContent = await answer.text();
      remember();
      H5P.init(document.body);
      addEventListener("pagehide", leave);
    } catch (mistake) {
      place.textContent = told.words.failed;
      throw mistake;
    }
  });
})();
