"""Sentences for people: English as they stand, with what a page needs to say them in its own language.

Whoever raises or reports something far below the pages writes a pattern and named values; a page looks the pattern
up in its catalogue and fills the values in. Everybody else takes the sentence for the text it is.

This is the one place below the pages that knows Flask-Babel. What it takes from there needs no request: where no page
is being made, in a command or in the background, all is said in English.
"""

import json
from datetime import datetime
from typing import Any

import flask_babel
from babel.dates import format_datetime

from content.errors import N_, ContentError

NOTHING = N_("Nothing was changed")
"""What is safe, in most sentences; what stands before it is what happened."""
PHRASES = ("why", "what")
"""Values that are words of ours, and may stand in a catalogue themselves."""


class Sentence(str):
    """English text that knows the pattern (with `%(name)s`) it was made from, and the values.

    A short one ends where what happened is said, before what is safe and what to do.
    """

    pattern: str
    facts: dict[str, Any]
    is_short: bool

    def __new__(cls, pattern: str, facts: dict[str, Any], is_short: bool = False) -> "Sentence":  # noqa: FBT001,FBT002
        """Fill the values in; a pattern without values stands as it is."""
        text = pattern % facts if facts else pattern
        made = super().__new__(cls, _happened(text, NOTHING) if is_short else text)
        made.pattern, made.facts, made.is_short = pattern, facts, is_short
        return made

    def __getnewargs__(self) -> Any:
        """What makes a copy of it."""
        return self.pattern, self.facts, self.is_short

    @property
    def happened(self) -> "Sentence":
        """The same, short."""
        return Sentence(self.pattern, self.facts, is_short=True)


def _happened(text: str, nothing: str) -> str:
    return text.partition(f" {nothing}")[0]


def sentence(pattern: str, **facts: object) -> Sentence:
    """A sentence from its pattern and values; the pattern is found by `make translations`."""
    return Sentence(pattern, facts)


def of(mistake: Exception) -> str:
    """What a mistake says, as a sentence where it is one of ours."""
    if isinstance(mistake, ContentError):
        return Sentence(mistake.sentence, mistake.facts)
    said = mistake.args[0] if mistake.args else ""
    return said if isinstance(said, Sentence) else str(mistake)


def speak(text: str) -> str:
    """A sentence in the language of the page that is being made, English where none is; any other text as it is."""
    if not isinstance(text, Sentence):
        return text
    facts = {name: _spoken(name, value) for name, value in text.facts.items()}
    spoken = gettext(text.pattern) % facts if facts else gettext(text.pattern)
    return _happened(spoken, gettext(NOTHING)) if text.is_short else spoken


def gettext(text: str, **values: object) -> str:
    """A text in the language of the page that is being made, with its values filled in."""
    return str(flask_babel.gettext(text, **values))


def ngettext(one: str, many: str, count: int) -> str:
    """A text about one or many things, in that language; `%(num)d` says how many."""
    return str(flask_babel.ngettext(one, many, count))


def day_and_time(moment: datetime) -> str:
    """A moment of a day, in that language."""
    return str(format_datetime(moment, "d MMM, HH:mm", locale=flask_babel.get_locale() or "en"))


def fact(text: str, name: str) -> str:
    """One of the values that a sentence was made with; "" where it has no such value."""
    return str(text.facts.get(name, "")) if isinstance(text, Sentence) else ""


def packed(text: str) -> str:
    """A sentence as text that a table can keep; anything else as it is."""
    if not isinstance(text, Sentence):
        return text
    facts = {name: value if isinstance(value, int) else packed(str(value)) for name, value in text.facts.items()}
    return json.dumps({"pattern": text.pattern, "facts": facts}, ensure_ascii=False)


def unpacked(text: str) -> str:
    """The sentence that was packed, or the text itself."""
    try:
        found = json.loads(text)
        return Sentence(found["pattern"], {name: _fact(value) for name, value in found["facts"].items()})
    except (ValueError, TypeError, KeyError, AttributeError):
        return text


def _fact(value: Any) -> Any:
    return unpacked(value) if isinstance(value, str) else value


def _spoken(name: str, value: Any) -> Any:
    if isinstance(value, Sentence):
        return speak(value)
    return gettext(str(value)) if name in PHRASES and value else value
