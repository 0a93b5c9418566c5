/* While somebody types into the library's field, titles and words that it may become: a list to choose from by finger or keys. */
(() => {
  "use strict";
  const WAIT_MS = 200, KEPT = new Map();
  const input = document.querySelector("input[data-suggest]");
  if (!input) return;
  const form = input.form, list = document.createElement("ul");
  let timer = 0, turn = 0, at = -1;
  Object.assign(list, { id: "suggestions", role: "listbox", hidden: true });
  list.setAttribute("aria-label", input.dataset.suggestLabel);
  input.parentElement.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]])
    input.setAttribute(name, value);

  const close = () => {
    turn += 1;
    clearTimeout(timer);
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const go = (words) => {
    input.value = words;
    close();
    form.requestSubmit();
  };
  const mark = (place) => {
    const options = [...list.children];
    at = (place + options.length + 1) % (options.length + 1);
    options.forEach((each, number) => each.setAttribute("aria-selected", String(number === at)));
    if (at === options.length) {
      at = -1;
      input.removeAttribute("aria-activedescendant");
      return;
    }
    input.setAttribute("aria-activedescendant", options[at].id);
    options[at].scrollIntoView({ block: "nearest" });
  };
  const show = (found) => {
    list.replaceChildren(...found.map((each, number) => {
      const option = document.createElement("li");
      Object.assign(option, { id: `suggestion-${number}`, role: "option", textContent: each.words, dir: "auto" });
      if (each.language) option.lang = each.language;
      option.setAttribute("aria-selected", "false");
      option.addEventListener("pointerdown", (event) => event.preventDefault());
      option.addEventListener("click", () => go(each.words));
      return option;
    }));
    at = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  };
  const ask = async () => {
    const typed = input.value.trim(), mine = (turn += 1);
    if (!typed) { close(); return; }
    if (!KEPT.has(typed)) {
      const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(typed)}`);
      if (!answer.ok) return;
      KEPT.set(typed, await answer.json());
    }
    if (mine === turn && document.activeElement === input) show(KEPT.get(typed));
  };
  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(() => ask().catch(close), WAIT_MS);
  });
  input.addEventListener("compositionend", () => {
    clearTimeout(timer);
    timer = setTimeout(() => ask().catch(close), WAIT_MS);
  });
  input.addEventListener("blur", close);
  form.addEventListener("submit", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    if (event.key === "ArrowDown") mark(at + 1);
    else if (event.key === "ArrowUp") mark(at < 0 ? list.children.length - 1 : at - 1);
    else if (event.key === "Enter" && at >= 0) go(list.children[at].textContent);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
})();
