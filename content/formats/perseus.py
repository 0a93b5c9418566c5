"""Exercises made for Perseus, Khan Academy's player, which this library does not have.

An item with one field that is exactly ours (options, or a number) becomes a question of ours. Everything else is told
on a page: what is asked, what can be chosen, the hints. Nothing on that page is in a language of its own.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from content.draft import Origin, read_small
from content.errors import ContentError
from content.fields import TEXT_MAX
from content.formats import asked, markup, outlines
from content.formats.asked import BLANK, Answer, Asked, Notes, NotTaken
from content.limits import MIB
from content.question import Question

PAGE = "exercise.json"
ITEMS_MAX = 2_000
ITEM_BYTES_MAX = 1 * MIB
PAGE_CHARS_MAX = 200_000
"""Letters of the page of one exercise: a book of questions; what comes after is not told."""
HINTS_MAX = 50

_FIELD = re.compile(r"\[\[\u2603\s*([a-z-]{1,40} \d{1,4})\]\]")
_IMAGE = re.compile(r"!\[([^\[\]\n]*)\]\(([^()\s]*)[^()\n]*\)")
_LOCAL = re.compile(r"\$\{\u2623\s*LOCALPATH\}/?")
"""What stands before the path of a picture for the folder of the zip."""
_NAME = re.compile(r"[\w.-]{1,120}")

Values = dict[str, Any]


@dataclass
class Exercise:
    """What became of an exercise: questions, a page in Markdown or "", pictures by path, and what does not fit."""

    questions: list[Question] = field(default_factory=list)
    page: str = ""
    told: int = 0
    pictures: dict[str, Origin] = field(default_factory=dict)
    notes: Notes = field(default_factory=Notes)


@dataclass(frozen=True)
class _Item:
    """One item: its text, its fields by name, and its hints."""

    text: str
    fields: Values
    hints: tuple[str, ...]


def read(origins: Mapping[str, Origin], *, folder: str, title: str, language: str) -> Exercise:
    """An exercise out of the files of its zip; its pictures get paths in `folder`, which has no slash at its end.

    Items that cannot be read are passed over; an exercise without any has neither questions nor page.
    """
    made, lines = Exercise(), [f"# {title}"]
    shelf = _Pictures(origins, folder, made)
    for number, item in enumerate(_items(origins), start=1):
        try:
            made.questions.append(_question(item, number, made.notes, shelf, language))
        except (NotTaken, markup.Unreadable):
            made.told += 1
            lines.append(_told(item, number, shelf))
    if made.told:
        made.page = "\n\n".join(lines)[:PAGE_CHARS_MAX]
    return made


def _items(origins: Mapping[str, Origin]) -> Iterator[_Item]:
    listed = _json(origins, PAGE).get("all_assessment_items")
    known = [f"{name}.json" for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
    names = [name for name in known if name in origins and name != PAGE]
    names = names or sorted(name for name in origins if name.endswith(".json") and "/" not in name and name != PAGE)
    for name in list(dict.fromkeys(names))[:ITEMS_MAX]:
        values = _json(origins, name)
        asks = values.get("question")
        if isinstance(asks, dict) and isinstance(asks.get("content"), str):
            hints = values.get("hints")
            said = [each.get("content") for each in hints if isinstance(each, dict)] if isinstance(hints, list) else []
            fields = asks.get("widgets")
            told = tuple(each for each in said if isinstance(each, str) and each.strip())[:HINTS_MAX]
            text = _LOCAL.sub("", asks["content"])
            hinted = tuple(_LOCAL.sub("", each) for each in told)
            yield _Item(text, fields if isinstance(fields, dict) else {}, hinted)


def _json(origins: Mapping[str, Origin], name: str) -> Values:
    try:
        values = json.loads(read_small(origins[name], path=name, package=name, limit=ITEM_BYTES_MAX))
    except (KeyError, ValueError, RecursionError, ContentError):
        return {}
    return values if isinstance(values, dict) else {}


class _Pictures:
    """The pictures of an exercise, each laid beside it when something shows it."""

    def __init__(self, origins: Mapping[str, Origin], folder: str, made: Exercise) -> None:
        self._origins, self._folder, self._made = origins, folder, made

    def path(self, address: str) -> str:
        """The path in the package of a picture that a text shows; "" when the zip does not have it."""
        name = PurePosixPath(address).name
        if not _NAME.fullmatch(name):
            return ""
        for inner in (f"images/{name}", f"images/{name}.svg", name):
            if inner in self._origins and outlines.named(inner):
                path = f"{self._folder}/{PurePosixPath(inner).name}"
                self._made.pictures[path] = self._origins[inner]
                return path
        return ""

    def shown(self, text: str) -> str:
        """A text with its pictures under their paths here; one that is not there leaves its words."""

        def put(found: re.Match[str]) -> str:
            path = self.path(found[2])
            return f"![{found[1]}]({quote(path)})" if path else found[1]

        return _IMAGE.sub(put, text)


def _question(item: _Item, number: int, notes: Notes, shelf: _Pictures, language: str) -> Question:
    """The question of ours that an item is. Raises NotTaken, markup.Unreadable."""
    fields = _FIELD.findall(item.text)
    values = item.fields.get(fields[0]) if len(fields) == 1 else None
    make = _MAKERS.get(str(values.get("type"))) if isinstance(values, dict) else None
    options = values.get("options") if values else None
    if make is None or not isinstance(options, dict):
        raise NotTaken(asked.UNKNOWN)
    is_last = item.text.rstrip().endswith("]]")
    prompt, picture = _worded(_FIELD.sub("" if is_last else BLANK, item.text), shelf)
    hints = [_worded(each, shelf)[0] for each in item.hints]
    if not prompt:
        raise NotTaken(asked.UNREADABLE)
    after = "\n".join(hints[1:])[:TEXT_MAX]
    first = hints[0] if hints else ""
    about = Asked(number, prompt, notes, picture=picture, hint=first, explanation=after, language=language)
    return make(about, options, shelf)


def _worded(text: str, shelf: _Pictures) -> tuple[str, str]:
    """The words of a text and its picture. Raises NotTaken when that is not all, markup.Unreadable."""
    pictures = _IMAGE.findall(text)
    words = markup.worded(_IMAGE.sub(" ", text), "markdown")
    if words.has_formula or "$" in words.text or "|" in words.text or len(pictures) > 1:
        raise NotTaken(asked.FORMULA)
    path = shelf.path(pictures[0][1]) if pictures else ""
    if pictures and not path:
        raise NotTaken(asked.PICTURES)
    return words.text, path


def _choice(about: Asked, options: Values, shelf: _Pictures) -> Question:
    answers = []
    for each in _dicts(options, "choices"):
        text, picture = _worded(_LOCAL.sub("", str(each.get("content") or "")), shelf)
        if not text:
            raise NotTaken(asked.UNREADABLE)
        answers.append(Answer(text, asked.RIGHT if each.get("correct") is True else 0.0, picture=picture))
    is_single = options.get("multipleSelect") is not True
    return asked.choose(about, answers, is_single=is_single, is_mixed=options.get("randomize") is True)


def _number(about: Asked, options: Values, _shelf: _Pictures) -> Question:
    """A number; `maxError` is how far from it is still right."""
    known = _dicts(options, "answers") if "answers" in options else [{"status": "correct", **options}]
    right = [each for each in known if each.get("status", "correct") == "correct"]
    error = "maxError" if any(each.get("inexact", True) for each in right) else ""
    told = [Answer(_plain(each.get("value")), tolerance=_plain(each.get(error) or 0)) for each in right]
    return asked.numbers(about, told)


def _plain(value: object) -> str:
    return str(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else ""


def _dicts(values: Values, name: str) -> list[Values]:
    found = values.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


_MAKERS: dict[str, Callable[[Asked, Values, _Pictures], Question]] = {
    "radio": _choice,
    "numeric-input": _number,
    "input-number": _number,
}
"""Kind of a Perseus field → how it becomes a question of ours."""


def _told(item: _Item, number: int, shelf: _Pictures) -> str:
    """An item as a page tells it: its text, what can be chosen, its hints."""
    listed: list[str] = []

    def put(found: re.Match[str]) -> str:
        values = item.fields.get(found[1])
        options = values.get("options") if isinstance(values, dict) else None
        return _field(options, listed) if isinstance(options, dict) else BLANK

    text = _FIELD.sub(put, item.text)
    choices = "\n".join(f"- {' '.join(each.split())}" for each in listed)
    hints = "\n>\n".join(f"> {' '.join(each.split())}" for each in item.hints)
    return "\n\n".join(shelf.shown(each) for each in (f"## {number}", text, choices, hints) if each.strip())


def _field(options: Values, listed: list[str]) -> str:
    """What stands in the text for a field; what can be chosen in it goes into the list."""
    picture = options.get("backgroundImage")
    if isinstance(picture, dict) and isinstance(picture.get("url"), str):
        return f"![{_plain(options.get('alt'))}]({_LOCAL.sub('', picture['url'])})"
    chosen = [_LOCAL.sub("", str(each.get("content") or "")) for each in _dicts(options, "choices")]
    listed += [each for each in chosen if each.strip()]
    return "" if chosen else BLANK
