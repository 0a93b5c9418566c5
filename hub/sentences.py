"""Sentences for people: English as they stand, with what a page needs to say them in its own language.

Whoever raises or reports something far below the pages writes a pattern and named values; a page looks the pattern
up in its catalogue and fills the values in. Everybody else takes the sentence for the text it is.

This is the one place below the pages that knows Flask-Babel. What it takes from there needs no request: where no page
is being made, in a command or in the background, all is said in English.
"""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import flask_babel
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, format_timedelta, get_datetime_format
from babel.numbers import format_decimal, format_percent

from content.draft import LeftOut
from content.errors import N_, ContentError
from sync.clock import FIRST_POSSIBLE_MS

NOTHING = N_("Nothing was changed")
"""What is safe, in most sentences; what stands before it is what happened."""
PHRASES = ("why", "what")
"""Values that are words of ours, and may stand in a catalogue themselves."""
HABITS = {"en": "en_GB", "ar": "ar_EG"}
"""Language → the country whose way of writing numbers and days most of its readers know, where CLDR takes another for
granted: the day before the month in English, Arabic-Indic digits in Arabic."""
ZEROS = {"arab": 0x0660, "arabext": 0x06F0, "beng": 0x09E6, "deva": 0x0966, "mymr": 0x1040}
"""CLDR's name of a set of digits → its zero; the others follow. All that is not here has Latin digits."""

_COUNTED = re.compile(r"%\((\w+)\)d")


class Sentence(str):
    """English text that knows the pattern (with `%(name)s`) it was made from, and the values.

    A short one ends where what happened is said, before what is safe and what to do. One that counts has a second
    pattern, `many`, and is said in the form that fits the value `num`.
    """

    pattern: str
    facts: dict[str, Any]
    is_short: bool
    many: str

    def __new__(
        cls,
        pattern: str,
        facts: dict[str, Any],
        is_short: bool = False,  # noqa: FBT001,FBT002
        many: str = "",
    ) -> "Sentence":
        """Fill the values in; a pattern without values stands as it is."""
        fitting = many if many and facts["num"] != 1 else pattern
        text = fitting % facts if facts else fitting
        made = super().__new__(cls, _happened(text, NOTHING) if is_short else text)
        made.pattern, made.facts, made.is_short, made.many = pattern, facts, is_short, many
        return made

    def __getnewargs__(self) -> Any:
        """What makes a copy of it."""
        return self.pattern, self.facts, self.is_short, self.many

    @property
    def happened(self) -> "Sentence":
        """The same, short."""
        return Sentence(self.pattern, self.facts, is_short=True)


def _happened(text: str, nothing: str) -> str:
    return text.partition(f" {nothing}")[0]


def sentence(pattern: str, **facts: object) -> Sentence:
    """A sentence from its pattern and values; the pattern is found by `make translations`."""
    return Sentence(pattern, facts)


def counted(one: str, many: str, num: int, **facts: object) -> Sentence:
    """A sentence about one thing or many, as `num` says."""
    return Sentence(one, {"num": num, **facts}, many=many)


def joined(*parts: Sentence) -> Sentence:
    """Several sentences, one after another."""
    if len(parts) == 1:
        return parts[0]
    named = {f"part{number}": part for number, part in enumerate(parts)}
    return Sentence(" ".join(f"%({name})s" for name in named), named)


def of(mistake: Exception) -> str:
    """What a mistake says, as a sentence where it is one of ours."""
    if isinstance(mistake, ContentError):
        return Sentence(mistake.sentence, _facts(mistake.facts))
    said = mistake.args[0] if mistake.args else ""
    return said if isinstance(said, Sentence) else str(mistake)


def _facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of the library's sentence; a list of what is left out becomes sentences that can be said too."""
    parts = left_out(facts.get("left_out", ()))
    named = {f"part{number}": each for number, each in enumerate(parts)}
    what = {"what": Sentence("; ".join(f"%({name})s" for name in named), named)} if named else {}
    return {name: value for name, value in facts.items() if name != "left_out"} | what


def left_out(losses: Sequence[LeftOut]) -> list[Sentence]:
    """What would be left out, each in a sentence."""
    return [_left_out(each) for each in losses]


def _left_out(each: LeftOut) -> Sentence:
    if not (each.places or each.count):
        return Sentence("%(what)s", {"what": each.what})
    return Sentence("%(what)s (%(numbers)s)", {"what": each.what, "numbers": each.numbers})


def speak(text: str) -> str:
    """A sentence in the language of the page that is being made, English where none is; any other text as it is."""
    if not isinstance(text, Sentence):
        return text
    facts = {name: _spoken(name, value) for name, value in text.facts.items()}
    known = flask_babel.get_translations()
    pattern = known.ungettext(text.pattern, text.many, text.facts["num"]) if text.many else known.ugettext(text.pattern)
    spoken = filled(pattern, facts)
    return _happened(spoken, gettext(NOTHING)) if text.is_short else spoken


def gettext(text: str, **values: object) -> str:
    """A text in the language of the page that is being made, with its values filled in."""
    return str(flask_babel.gettext(text, **values))


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """A text about one or many things, in that language; `%(num)s` says how many."""
    return str(flask_babel.ngettext(one, many, num, **values))


def habits() -> Locale:
    """Whose way of writing numbers, days and times readers of the page know best: that of the hub's own country where
    its setting names one for this language, else the one in HABITS."""
    spoken = flask_babel.get_locale()
    if spoken is None:
        return Locale.parse(HABITS["en"])
    home: Locale = flask_babel.get_babel().instance.default_locale
    if home.language == spoken.language and home.territory:
        return home
    return Locale.parse(HABITS.get(spoken.language, spoken.language))


def number(value: float) -> str:
    """A number as readers of the page write it, in their digits."""
    return in_digits(format_decimal(value, locale=habits(), numbering_system="default"))


def percent(share: float) -> str:
    """A part of one as so many of a hundred."""
    return in_digits(format_percent(share, locale=habits(), numbering_system="default"))


def day(date: datetime, form: str = "long") -> str:
    """A day, in one of CLDR's forms."""
    return in_digits(format_date(date, form, locale=habits()))


def day_of(moment_ms: int, form: str = "long") -> str:
    """The day of a moment of this hub's own (UTC); one before there were any was told by a clock that nobody set."""
    if moment_ms < FIRST_POSSIBLE_MS:
        return gettext("a day not known: the clock was not set")
    return day(datetime.fromtimestamp(moment_ms / 1000, UTC), form)


def published(moment: str) -> str:
    """A year, a month or a day as ISO 8601 writes them; anything else as it is."""
    try:
        numbers = [int(part) for part in moment.split("-")]
        year, month, date = (*numbers, 1, 1)[:3]
        form = ("y", "yMMMM", "yMMMMd")[len(numbers) - 1]
        said = datetime(year, month, date, tzinfo=UTC)
    except (ValueError, IndexError):
        return moment
    return day(said) if form == "yMMMMd" else in_digits(format_skeleton(form, said, locale=habits()))


def day_and_time(moment: datetime) -> str:
    """A moment of a day."""
    known = habits()
    together = str(get_datetime_format("medium", locale=known)).replace("'", "")
    time = format_time(moment, "short", locale=known)
    return in_digits(together.format(time, format_skeleton("MMMd", moment, locale=known)))


def clock_hour(moment: datetime) -> str:
    """Hour and minute, as a clock shows them."""
    return in_digits(format_time(moment, "short", locale=habits()))


def lasting(time_ms: int, *, is_ago: bool = False) -> str:
    """A length of time, or how long ago it was."""
    passed = timedelta(milliseconds=-time_ms if is_ago else time_ms)
    return in_digits(format_timedelta(passed, add_direction=is_ago, locale=habits()))


def in_digits(text: str) -> str:
    """A text with its digits as readers of the page write them."""
    zero = ZEROS.get(str(habits().default_numbering_system))
    return text.translate({ord("0") + digit: zero + digit for digit in range(10)}) if zero else text


def told(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a sentence as readers of the page write them: numbers in their digits, names set apart."""
    return {name: _told(value) for name, value in values.items()}


def _told(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(value)
    return isolated(value) if type(value) is str else value


def language_in(code: str, language: str) -> str:
    """A language by its name in another; the code itself when it has none there, "" when it is not told."""
    if code == "und":
        return ""
    try:
        return str(Locale.parse(code, sep="-").get_display_name(Locale.parse(language, sep="-")) or code)
    except (UnknownLocaleError, ValueError):
        return code


def size_in(size_bytes: int, language: str) -> str:
    """A size in megabytes as readers of a language write numbers."""
    home = HABITS.get(language.partition("-")[0], language.replace("-", "_"))
    return f"{format_decimal(max(0.1, round(size_bytes / 1e6, 1)), locale=home)} MB"


def is_rtl(language: str) -> bool:
    """Whether a language is written from the right."""
    try:
        return bool(Locale.parse(language, sep="-").text_direction == "rtl")
    except (UnknownLocaleError, ValueError):
        return False


def isolated(text: str) -> str:
    """A name as it can stand in any sentence: where it is written in the other direction than the page, between two
    signs that nobody sees (FSI, PDI) and that keep it from mixing with the words around it."""
    language = flask_babel.get_locale()
    other = ("L",) if language is not None and language.text_direction == "rtl" else ("R", "AL")
    if other != ("L",) and text.isascii():
        return text
    return f"\u2068{text}\u2069" if any(unicodedata.bidirectional(letter) in other for letter in text) else text


def filled(pattern: str, values: Mapping[str, Any]) -> str:
    """A pattern with its values in; `%(num)d` takes a number as its readers write it too."""
    if not values:
        return pattern
    return type(pattern)(_COUNTED.sub(r"%(\1)s", pattern)) % told(values)


def fact(text: str, name: str) -> str:
    """One of the values that a sentence was made with; "" where it has no such value."""
    return str(text.facts.get(name, "")) if isinstance(text, Sentence) else ""


def packed(text: str) -> str:
    """A sentence as text that a table can keep; anything else as it is."""
    if not isinstance(text, Sentence):
        return text
    facts = {name: value if isinstance(value, int) else _packed(value) for name, value in text.facts.items()}
    many = {"many": text.many} if text.many else {}
    return json.dumps({"pattern": text.pattern, "facts": facts, **many}, ensure_ascii=False)


def _packed(value: object) -> str:
    return packed(value if isinstance(value, str) else str(value))


def unpacked(text: str) -> str:
    """The sentence that was packed, or the text itself."""
    try:
        found = json.loads(text)
        facts = {name: _fact(value) for name, value in found["facts"].items()}
        return Sentence(found["pattern"], facts, many=found.get("many", ""))
    except (ValueError, TypeError, KeyError, AttributeError):
        return text


def _fact(value: Any) -> Any:
    return unpacked(value) if isinstance(value, str) else value


def _spoken(name: str, value: Any) -> Any:
    if isinstance(value, Sentence):
        return speak(value)
    return gettext(str(value)) if name in PHRASES and value else value
