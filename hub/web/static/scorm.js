/* The interface of SCORM inside a page of a package, which has no origin and so reaches no other page.
   The hub puts this before the page's own scripts. The page finds the interface in its own window, with the data that
   is kept of this learner; what it says goes to the hub. In pages inside pages the outermost one speaks for all. */
(() => {
  "use strict";
  const told = JSON.parse(document.currentScript.dataset.sitting);
  const real = window.parent;
  const isOutermost = real === window.top;
  const isNewer = told.edition === "2004";
  const verb = isNewer ? { begin: "Initialize", end: "Terminate", set: "SetValue" }
    : { begin: "LMSInitialize", end: "LMSFinish", set: "LMSSetValue" };
  const begun = Date.now();

  const put = (thing, name, value) => Object.defineProperty(thing, name, { configurable: true, ...value });

  /* A page of the same opening that stood in this frame before leaves its data in the frame's name. */
  const before = () => {
    try {
      const found = JSON.parse(window.name);
      return isOutermost && found.sitting === told.session && found.number + 1 >= told.number ? found : null;
    } catch { return null; }
  };
  const left = before();
  /* The page before may have said one thing more when it went. */
  let number = left ? left.number + 1 : told.number;
  let data = (left || told).cmi;
  let isRunning = (left || told).isRunning;
  let waiting = (left && left.waiting) || null;
  let isSending = false, isChanged = false, isQuiet = false, failed = 0, later = 0, known = null;

  const elapsed = () => Date.now() - begun + ((left && left.spent) || 0);
  const snapshot = () => api.renderCommitCMI(false).cmi;
  const report = (more) => {
    const cmi = snapshot();
    number += 1;
    isChanged = false;
    return { cmi, number, spent_ms: elapsed(), ...more };
  };
  /* Long notes that the hub has already are not sent when the page goes: what goes with it must be short. */
  const short = (one) => {
    const { suspend_data: notes, ...rest } = one.cmi;
    return JSON.stringify(notes === known && notes ? { ...one, cmi: rest } : one);
  };
  const send = () => {
    if (!told.commit || !waiting || isSending) return;
    const sent = waiting;
    isSending = true;
    clearTimeout(later);
    fetch(told.commit, { method: "POST", body: JSON.stringify(sent) }).then((answer) => {
      if (answer.status >= 500 || answer.status === 429) throw new Error(answer.status);
      failed = 0;
      if (answer.ok) known = sent.cmi.suspend_data;
      if (waiting === sent) waiting = null;
    }).catch(() => { failed += 1; }).then(() => {
      isSending = false;
      if (waiting) later = setTimeout(send, failed ? Math.min(30000, 500 * 2 ** failed) : 0);
    });
  };
  /* The frame's name is the one thing that the next page in it can read; it must stand there before the page goes. */
  let isCarrying = false;
  const carry = () => {
    if (!isOutermost || isCarrying) return;
    isCarrying = true;
    queueMicrotask(() => {
      isCarrying = false;
      const spent = elapsed();
      window.name = JSON.stringify({ sitting: told.session, cmi: snapshot(), number, isRunning, waiting, spent });
    });
  };
  const keep = (more) => { if (isOutermost) { waiting = report(more); send(); carry(); } };
  const soon = () => {
    isChanged = true;
    carry();
    if (!isOutermost || later) return;
    later = setTimeout(() => { later = 0; if (isChanged) keep(); }, 800);
  };
  addEventListener("online", send);
  addEventListener("pagehide", () => {
    if (!isOutermost) return;
    clearTimeout(later);
    if (isChanged || isRunning) waiting = report({ is_left: true });
    if (waiting && told.commit) navigator.sendBeacon(told.commit, short(waiting));
  });

  /* The interface itself. */
  const settings = {
    lmsCommitUrl: "hub", logLevel: 5, mastery_override: true, autoCompleteLessonStatus: true,
    httpService: {
      processHttpRequest: (_to, _data, isEnd) => {
        isRunning = !isEnd;
        if (isEnd) clearTimeout(later);
        keep(isEnd ? { is_end: true } : {});
        return { result: "true", errorCode: 0 };
      },
      updateSettings: () => {},
    },
  };
  const api = new (isNewer ? window.Scorm2004API : window.Scorm12API)(settings);
  const start = (cmi, isOpen) => {
    isQuiet = true;
    api.loadFromJSON({ cmi }, "");
    if (isOpen) api[verb.begin]("");
    isQuiet = false;
  };
  start(data, isRunning);
  data = null;
  api.on(verb.begin, () => { isRunning = true; carry(); pass({ call: verb.begin }); });
  api.on(verb.end, () => pass({ call: verb.end }));
  api.on(verb.set, (element, value) => { soon(); pass({ set: [element, value] }); });

  /* Pages inside pages: each has the interface, and all say what they hear to the outermost one, which tells the rest. */
  const inner = new Set();
  const outermost = () => {
    let found = real;
    while (found.parent !== found.top) found = found.parent;
    return found;
  };
  const say = (to, what) => to.postMessage({ mangrove: told.session, ...what }, "*");
  function pass(what, from) {
    if (isQuiet) return;
    if (!isOutermost) say(outermost(), what);
    else inner.forEach((each) => { if (each !== from) say(each, what); });
  }
  addEventListener("message", ({ data: heard, source }) => {
    if (!heard || heard.mangrove !== told.session || source === window) return;
    if (isOutermost) inner.add(source);
    if (heard.hello && isOutermost) say(source, { state: snapshot(), isRunning });
    if (heard.state && !isChanged) { api.reset(); isRunning = heard.isRunning; start(heard.state, heard.isRunning); }
    if (!heard.set && !heard.call) return;
    isQuiet = true;
    if (heard.set) api[verb.set](...heard.set);
    else if (heard.call === verb.begin || heard.call === verb.end) api[heard.call]("");
    isQuiet = false;
    if (isOutermost) inner.forEach((each) => { if (each !== source) say(each, heard); });
  });
  if (!isOutermost) say(outermost(), { hello: true });

  /* Much content looks above itself first, where it may not look: there it finds the interface too. */
  const face = { closed: false, length: 0, name: "", opener: null, postMessage: (...words) => real.postMessage(...words) };
  Object.assign(face, { parent: face, top: face, window: face, [isNewer ? "API_1484_11" : "API"]: api });
  put(window, isNewer ? "API_1484_11" : "API", { value: api, writable: true });
  if (real !== window) put(window, "parent", { value: face, writable: true });
  if (waiting) send();
})();
