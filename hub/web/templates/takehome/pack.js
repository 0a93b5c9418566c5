/* A pack at home: answer, see how it was, and get the code. Without this script the file reads like the paper. */
(() => {
  "use strict";
  const sheets = JSON.parse(document.getElementById("told").textContent);
  const says = JSON.parse(document.getElementById("says").textContent);
  const name = "mangrove " + document.body.dataset.copy;
  let tries = {};
  try {
    tries = JSON.parse(localStorage.getItem(name) || "{}");
    localStorage.setItem(name, JSON.stringify(tries));
  } catch (refused) { document.querySelector(".unkept").hidden = false; }
  const keep = () => { try { localStorage.setItem(name, JSON.stringify(tries)); } catch (refused) { /* said above */ } };
  const make = (tag, css, text) => { const made = document.createElement(tag); made.className = css || ""; if (text) made.textContent = text; return made; };
  const control = (tag, facts) => Object.assign(document.createElement(tag), facts);
  document.documentElement.classList.add("runs");

  /* What is heard: sounds that the file brings along, else the phone's own voice (20-read-aloud.js, which comes next). */
  const heard = JSON.parse(document.getElementById("heard").textContent), drawn = document.getElementById("ear").content;
  window.soundOf = (number) => "data:" + heard.sounds[number];
  const dress = (place) => {
    for (const ear of place.querySelectorAll(".ear:empty")) {
      ear.append(drawn.cloneNode(true));
      ear.setAttribute("aria-label", says.read);
    }
  };
  const spoken = (tag, text, language) => {
    const made = make(tag), words = make("span", "", text), [tongue, told] = heard.says[text] || [language, "1"];
    words.lang = tongue || document.documentElement.lang;
    words.dataset.say = told;
    made.append(words, Object.assign(make("a", "ear"), { hidden: true }));
    return made;
  };
  const enclose = (place, input) => {
    const label = make("label", "option");
    label.append(input, ...[...place.childNodes].filter((part) => !part.classList?.contains("ear")));
    place.prepend(label);
  };

  const selectOf = (label, options) => {
    const select = control("select", { ariaLabel: label });
    select.append(new Option("–", ""), ...options.map(([value, text]) => new Option(text, value)));
    return select;
  };
  const wrap = (option, type, group) => {
    enclose(option, control("input", { type, name: group, value: option.dataset.option }));
  };

  class Row {
    constructor(sheet, at, asked, element) {
      Object.assign(this, { sheet, asked, element, id: sheet.number + "/" + asked.id, at });
      this.form = make("form", "answer");
      this.told = make("div", "told");
      this.told.setAttribute("role", "status");
      this.button = make("button", "button", says.answer);
      this.fields();
      const parts = [...element.children].filter((part) => !part.matches(".asked, .asked-picture"));
      this.form.append(...parts, ...this.more, this.button);
      element.append(this.form, this.told);
      this.form.addEventListener("submit", (event) => { event.preventDefault(); this.take(); });
      this.show(false);
    }
    get tries() { return tries[this.id] || []; }
    get scores() { return this.tries.map((given) => marking.mark(this.asked, given)); }
    get isClosed() { return this.scores.includes(1) || this.tries.length >= (this.asked.hint ? 2 : 1); }
    get pair() {
      const { kind, pairs, options } = this.asked, first = this.tries[0];
      if (kind === "choice") return pairs[options.indexOf(first[0])];
      return pairs[(kind === "read" ? first[0] === "yes" : this.scores[0] === 1) ? 0 : 1];
    }
    fields() {
      const { kind } = this.asked, own = [...this.element.querySelectorAll("[data-option]")];
      this.own = own;
      this.more = [];
      if (kind === "choice" || kind === "several") own.forEach((option) => wrap(option, kind === "choice" ? "radio" : "checkbox", this.id));
      if (kind === "order") own.forEach((option) => option.append(selectOf(option.textContent.trim(), own.map((_, at) => [at + 1, at + 1]))));
      if (kind === "match") {
        const rights = [...this.element.querySelectorAll("[data-right]")].map((each) => [each.dataset.right, each.textContent.trim().replace(/\s+/g, " ")]);
        own.forEach((option) => option.append(selectOf(option.textContent.trim(), rights)));
        own.forEach((option) => { option.querySelector("select").options[0].text = says.goes; });
      }
      if (kind === "number" || kind === "text") {
        this.input = control("input", { autocomplete: "off", maxLength: 200, ariaLabel: says.yours });
        if (kind === "number") this.input.inputMode = "decimal";
        this.more.push(this.input);
      }
      if (kind === "read") {
        [...this.element.querySelectorAll(".tick")].forEach((tick, at) => {
          enclose(tick, control("input", { type: "radio", name: this.id, value: at ? "no" : "yes" }));
        });
      }
    }
    given() {
      const { kind } = this.asked;
      if (this.input) return this.input.value.trim() ? [this.input.value.trim()] : [];
      if (kind !== "order" && kind !== "match") return [...this.form.querySelectorAll("input:checked")].map((each) => each.value);
      const chosen = this.own.map((option) => [option.dataset.option, option.querySelector("select").value]);
      if (kind === "match") return chosen.every(([, right]) => right) ? chosen.map((pair) => pair.join("=")) : [];
      const places = new Set(chosen.map(([, place]) => place));
      return places.size === chosen.length && !places.has("") ? chosen.sort((one, other) => one[1] - other[1]).map(([option]) => option) : [];
    }
    take() {
      const given = this.given();
      if (!given.length) return this.tell(spoken("p", says.first));
      tries[this.id] = [...this.tries, given];
      keep();
      this.show(true);
      this.sheet.show(true);
    }
    show(isFresh) {
      const last = this.tries[this.tries.length - 1];
      if (!last) return;
      if (!isFresh) this.fill(last);
      const isRight = this.scores.includes(1), closed = this.isClosed, said = [];
      this.told.className = "told " + (isRight ? "good" : "soon");
      if (this.asked.kind === "read") this.told.className = "told";
      else said.push(spoken("b", isRight ? says.right : closed ? says.wrong : says.retry));
      if (!closed) said.push(this.inTongue(this.asked.hint));
      if (closed && !isRight) said.push(...this.rightOne());
      if (closed && this.asked.explanation) said.push(this.inTongue(this.asked.explanation));
      this.tell(...said);
      this.button.textContent = says.again;
      this.button.hidden = closed;
      for (const field of this.form.querySelectorAll("input, select")) field.disabled = closed;
    }
    tell(...said) {
      this.told.replaceChildren(...said);
      dress(this.told);
      dispatchEvent(new Event("shown"));
    }
    inTongue(text) {
      const language = document.querySelector("main h1").lang;
      return Object.assign(spoken("p", text, language), { lang: language, dir: "auto" });
    }
    rightOne() {
      if (this.asked.kind === "choice") {
        this.own.find((option) => option.dataset.option === this.asked.answer[0]).classList.add("is-right");
        return [];
      }
      const line = this.sheet.element.querySelector('.answers li[value="' + (this.at + 1) + '"]');
      return line ? [spoken("p", says.is), this.inTongue(line.textContent)] : [];
    }
    fill(given) {
      if (this.input) this.input.value = given[0];
      for (const field of this.form.querySelectorAll("input[type=radio], input[type=checkbox]")) field.checked = given.includes(field.value);
      if (this.asked.kind === "order") this.own.forEach((option) => { option.querySelector("select").value = given.indexOf(option.dataset.option) + 1; });
      if (this.asked.kind === "match") this.own.forEach((option) => {
        const pair = given.find((each) => each.split("=")[0] === option.dataset.option);
        option.querySelector("select").value = pair ? pair.split("=")[1] : "";
      });
    }
  }

  class Sheet {
    constructor(element) {
      this.element = element;
      this.number = +element.dataset.sheet;
      const told = sheets[this.number], rows = [...element.querySelectorAll("[data-row]")];
      this.boxes = told.boxes;
      this.card = element.querySelector(".code-card");
      this.rows = told.rows.map((asked, at) => new Row(this, at, asked, rows[at]));
      this.show(false);
    }
    show(isFresh) {
      const isWhole = this.rows.every((row) => row.isClosed), code = this.card.querySelector(".code");
      this.card.querySelector(".code-waits").hidden = isWhole;
      code.hidden = !isWhole;
      if (isWhole) {
        const text = this.boxes.map((pair, at) => pair || this.rows[at].pair).join("");
        code.textContent = text.slice(0, 5) + "-" + text.slice(5);
        if (isFresh) this.card.focus();
      }
      dispatchEvent(new Event("shown"));
      progress();
    }
  }

  const progress = () => {
    const all = found.flatMap((sheet) => sheet.rows), way = document.querySelector(".way");
    way.hidden = false;
    way.textContent = says.done.replace("{done}", all.filter((row) => row.isClosed).length).replace("{total}", all.length);
  };
  dress(document);
  const found = [];
  for (const element of document.querySelectorAll(".sheet")) found.push(new Sheet(element));
  progress();
})();
