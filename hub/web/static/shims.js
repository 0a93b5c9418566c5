/* What a page without an origin may not touch, kept in memory so that content from elsewhere does not break on it. */
(() => {
  "use strict";
  const shelf = () => {
    const held = new Map();
    return {
      get length() { return held.size; },
      key: (at) => [...held.keys()][at] ?? null,
      getItem: (name) => held.get(String(name)) ?? null,
      setItem: (name, value) => { held.set(String(name), String(value)); },
      removeItem: (name) => { held.delete(String(name)); },
      clear: () => held.clear(),
    };
  };
  const put = (thing, name, value) => Object.defineProperty(thing, name, { configurable: true, ...value });
  put(window, "localStorage", { value: shelf() });
  put(window, "sessionStorage", { value: shelf() });
  put(window, "indexedDB", { value: undefined });
  const cookies = new Map();
  put(document, "cookie", {
    get: () => [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
    set: (text) => {
      const [, name, value] = /^([^=;]*)=?([^;]*)/.exec(String(text));
      if (/max-age=(0|-\d+)/i.test(text)) cookies.delete(name.trim());
      else cookies.set(name.trim(), value.trim());
    },
  });
})();
