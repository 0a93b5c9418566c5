/* Marking in a file: the same marks as content/exercise.py gives; tests compare them. */
const marking = (() => {
  "use strict";
  const HIDDEN = /[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
  const ARABIC_MARKS = /[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]/g;
  const FORMS = {
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ی": "ي", "ؤ": "و", "ة": "ه", "ک": "ك", "ہ": "ه",
    "đ": "d", "ð": "d", "ł": "l", "ø": "o", "ı": "i", "æ": "ae", "œ": "oe", "ħ": "h",
  };
  // A sign combines when it changes places with one of the lowest class, or of the highest.
  const combines = (sign) => (sign + "\u0334").normalize("NFD")[0] !== sign[0] || ("\u0345" + sign).normalize("NFD")[0] !== "\u0345";
  const folded = (text) => {
    const small = text.normalize("NFKC").replace(HIDDEN, "").toUpperCase().toLowerCase().replace(/ß/g, "ss").replace(/ς/g, "σ");
    const plain = [...small].map((letter) => FORMS[letter] || letter).join("").replace(ARABIC_MARKS, "");
    let base = "", kept = "";
    for (const letter of plain.normalize("NFD")) {
      if (!combines(letter)) base = letter;
      else if (base <= "\u052f") continue;
      kept += letter;
    }
    return kept.normalize("NFC");
  };
  const words = (text) => (folded(text).match(/[\p{L}\p{N}\p{Co}\p{Mn}\p{Mc}]+/gu) || []).join(" ");

  const digit = (letter) => {
    if (!/\p{Nd}/u.test(letter)) return letter === "\u2212" ? "-" : letter === "\u066b" ? "." : letter;
    let start = letter.codePointAt(0);
    while (/\p{Nd}/u.test(String.fromCodePoint(start - 1))) start -= 1;
    return String((letter.codePointAt(0) - start) % 10);
  };
  const decimal = (text) => {
    const sign = text.startsWith("-") ? -1n : 1n, [whole, part = ""] = text.replace(/^[+-]/, "").split(".");
    return [sign * BigInt((whole + part) || "0"), 10n ** BigInt(part.length)];
  };
  const numbers = (text) => {
    const plain = [...text.trim()].map(digit).join("").replace(/(\d)[\s'’٬](?=\d{3}(?!\d))/g, "$1");
    if ([...plain].length > 40) return [];
    const found = [], ratio = /^([+-]?\d+)\/(\d+)$/.exec(plain);
    if (ratio && BigInt(ratio[2])) found.push([BigInt(ratio[1].replace("+", "")), BigInt(ratio[2])]);
    if (/^[+-]?(\d+([.,]\d+)?|[.,]\d+)$/.test(plain)) found.push(decimal(plain.replace(",", ".")));
    const marks = new Set(plain.match(/[.,]/g));
    if (/^[+-]?\d{1,3}([.,]\d{3})+$/.test(plain) && marks.size === 1) found.push(decimal(plain.replace(/[.,]/g, "")));
    const both = /^([+-]?\d{1,3}(?:([.,])\d{3})+)([.,])(\d+)$/.exec(plain);
    if (both && both[2] !== both[3] && !both[1].includes(both[3])) found.push(decimal(both[1].split(both[2]).join("") + "." + both[4]));
    return found;
  };
  const ratioOf = ([above, below]) => [BigInt(above), BigInt(below)];
  const isNear = ([a, b], [c, d], [e, f]) => { const away = a * d - c * b; return (away < 0n ? -away : away) * f <= e * b * d; };

  const SCORES = {
    choice: (asked, given) => +(given.length === 1 && given[0] === asked.answer[0]),
    number: (asked, given) => given.length !== 1 ? 0 : +numbers(given[0]).some((one) => asked.answer.some(
      (right) => isNear(one, ratioOf(right), ratioOf(asked.tolerance)))),
    text: (asked, given) => given.length !== 1 ? 0 : +(words(given[0]) !== "" && asked.answer.includes(words(given[0]))),
    several: (asked, given) => {
      const right = new Set(asked.answer), chosen = new Set(given);
      const wrong = asked.options.filter((option) => !right.has(option));
      const gained = [...chosen].filter((each) => right.has(each)).length, lost = chosen.size - gained;
      return Math.max(0, gained / right.size - lost / Math.max(1, wrong.length));
    },
    order: (asked, given) => {
      if ([...given].sort().join("\n") !== [...asked.answer].sort().join("\n")) return 0;
      let right = 0, pairs = 0;
      given.forEach((one, at) => given.slice(at + 1).forEach((other) => {
        pairs += 1;
        right += asked.answer.indexOf(one) < asked.answer.indexOf(other);
      }));
      return Math.max(0, (2 * right - pairs) / pairs);
    },
    match: (asked, given) => {
      const halves = (pair) => { const at = pair.indexOf("="); return at < 0 ? [pair.trim(), ""] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()]; };
      const lefts = given.map((pair) => halves(pair)[0]);
      const single = given.filter((pair) => lefts.filter((left) => left === halves(pair)[0]).length === 1);
      const spelled = new Set(single.map((pair) => halves(pair).join("="))), right = new Set(asked.answer.map((pair) => halves(pair).join("=")));
      return [...spelled].filter((pair) => right.has(pair)).length / right.size;
    },
    read: () => 1,
  };
  return { mark: (asked, given) => Math.round(SCORES[asked.kind](asked, given.map((part) => part.trim())) * 10000) / 10000, words };
})();
