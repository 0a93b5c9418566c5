"""Wordings that a librarian of this hub has mended: other words for a text of the pages, in one language.

They are facts of the place, kept in its journal, and never leave it by themselves: a file of them is made for whoever
looks after the translation (`hub.web.wordings`).
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from hub.errors import InputWrong
from hub.node import Node
from hub.people.settle import settle
from hub.tables import run

KIND = "wording"
LONGER_MAX = 3
"""How many times as long as the English a wording may be; what is longer breaks a page."""
LETTERS_MORE = 40
"""What short texts may have on top of that."""
JOINERS = "\u200c\u200d"
"""Invisible letters that Persian, Hindi and others need inside words."""
MARKUP = re.compile(r"[<>]|&(?=[#\w])")
VALUE = re.compile(r"%\((\w+)\)[sd]")

_VERSION = "SELECT COUNT(*), SUM(depth) FROM register WHERE kind = ?"


@dataclass(frozen=True)
class Standing:
    """What is mended: language → text → its forms; `version` tells whether it still is."""

    version: tuple[int, int] | None
    texts: dict[str, dict[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Text:
    """A text of the program: the English, the English about many ("" where nothing is counted), and how many forms a
    language has for it."""

    one: str
    many: str = ""
    forms: int = 1


def standing(node: Node, known: Standing) -> Standing:
    """What is mended now: what was known before where nothing changed, else read again.

    Every change of a wording makes its record deeper, so the sum of the depths tells.
    """
    version = node.remembered.of("wordings", lambda: _version(node))
    if version == known.version:
        return known
    texts: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in node.tables.Wording.select().where(node.tables.Wording.forms != ""):
        texts.setdefault(row.language, {})[row.text] = tuple(json.loads(row.forms))
    return Standing(version, texts)


def _version(node: Node) -> tuple[int, int]:
    count, depths = run(node.tables, _VERSION, KIND).fetchone()
    return int(count), int(depths or 0)


def mend(node: Node, *, language: str, text: Text, forms: Sequence[str]) -> bool:
    """Say a text in other words from now on; True when they differ from what stood. Raises InputWrong."""
    fitting = [_checked(form, text) for form in forms]
    if len(fitting) != text.forms:
        raise InputWrong("This text has %(count)s forms. Nothing was changed; fill each of them in.", count=text.forms)
    kept = json.dumps(fitting, ensure_ascii=False)
    return node.write(lambda: _settle(node, language, text.one, kept))


def take_back(node: Node, *, language: str, text: str) -> bool:
    """Say a text as the program does again; True when it had other words. Safe to repeat."""
    row = node.tables.Wording.get_or_none(node.tables.Wording.id == _subject(language, text))
    return row is not None and node.write(lambda: _settle(node, language, text, ""))


def key(text: str) -> str:
    """A short name of a text, for addresses."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _settle(node: Node, language: str, text: str, forms: str) -> bool:
    return settle(node, KIND, _subject(language, text), language=language, text=text, forms=forms)


def _subject(language: str, text: str) -> str:
    return f"{language}/{key(text)}"


def _checked(form: str, text: Text) -> str:
    """A wording as it is kept. Raises InputWrong when it cannot stand on a page in place of the text."""
    form = " ".join(unicodedata.normalize("NFC", form).split())
    english = text.many or text.one
    most = LONGER_MAX * len(english) + LETTERS_MORE
    if not 1 <= len(form) <= most:
        raise InputWrong("A wording here has 1 to %(most)s letters. Nothing was changed; type it once more.", most=most)
    if any(unicodedata.category(letter).startswith("C") and letter not in JOINERS for letter in form):
        raise InputWrong("There is a sign in it that cannot be shown. Nothing was changed; type it once more.")
    if MARKUP.search(form):
        raise InputWrong("A wording is plain text, without < and >. Nothing was changed; type the words alone.")
    if not _names_the_same(form, text):
        raise InputWrong(
            "Each form must hold what the page fills in: %(names)s. Nothing was changed; copy them as they stand.",
            names=", ".join(f"%({name})s" for name in sorted(set(VALUE.findall(english)))) or "–",
        )
    if not _percent_fits(form, text):
        raise InputWrong(
            "The sign %(sign)s cannot stand here by itself. Nothing was changed; write it as a word.", sign="%"
        )
    return form


def _names_the_same(form: str, text: Text) -> bool:
    """Whether a form names the values of the text, each as often as one of the English forms.

    A form that counts may say its number in words, as English does with "one".
    """
    free = {"num"} if text.many else set()
    wanted = sorted(name for name in VALUE.findall(text.many or text.one) if name not in free)
    named = VALUE.findall(form)
    allowed = free.intersection(VALUE.findall(text.many or text.one))
    return sorted(name for name in named if name not in free) == wanted and free.intersection(named) <= allowed


def _percent_fits(form: str, text: Text) -> bool:
    """Whether a form says percent only as the English does, with the sign twice."""
    signs = [VALUE.sub("", each).replace("%%", "\0") for each in (form, text.one)]
    return "%" not in signs[0] and ("\0" in signs[0]) <= ("\0" in signs[1])
