"""What people may write, checked once where it comes in: how long, and that it can be shown."""

import re
import unicodedata

from hub.errors import InputWrong
from hub.people.roster import JOINERS

TITLE_MAX = 120
TEXT_MAX = 2_000
"""Letters of a proposal: a page of paper, five minutes read aloud."""
DIRECTIONS = "\u200e\u200f\u061c"
"""Invisible marks of direction that come along when Arabic is pasted; the page sets direction by itself."""
WORDS_MAX = 500
"""Letters of a question, a reaction, a concern or an objection."""


CLIP = re.compile(r"[0-9a-f]{64}\.[a-z0-9]{2,4}")
"""The name of something spoken or photographed (`hub.clips`)."""


def title(typed: str) -> str:
    """A title in one line. Raises InputWrong."""
    return _checked(" ".join(_undirected(typed).split()), TITLE_MAX)


def text(typed: str, most: int = WORDS_MAX) -> str:
    """Some sentences, of at most so many letters, with at most one empty line between them. Raises InputWrong."""
    lines = [" ".join(line.split()) for line in _undirected(typed).replace("\r\n", "\n").split("\n")]
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return _checked("\n".join(kept).strip(), most)


def words(typed: str, sound: str, most: int = WORDS_MAX) -> str:
    """Like `text`; "" for somebody who spoke and typed nothing. Raises InputWrong."""
    return text(typed, most) if typed.strip() or not sound else ""


def clip(name: str) -> str:
    """The name of something spoken or photographed, "" for nothing. Raises InputWrong."""
    if name and not CLIP.fullmatch(name):
        raise InputWrong("That recording is not here. Nothing was changed; record it once more.")
    return name


def _undirected(typed: str) -> str:
    return typed.translate(dict.fromkeys(map(ord, DIRECTIONS)))


def _checked(typed: str, most: int) -> str:
    composed = unicodedata.normalize("NFC", typed)
    if not composed:
        raise InputWrong("There were no words in it. Nothing was changed; say it in a few words.")
    if len(composed) > most:
        raise InputWrong("That is longer than %(most)s letters. Nothing was changed; say it more shortly.", most=most)
    if any(unicodedata.category(letter).startswith("C") and letter not in f"{JOINERS}\n" for letter in composed):
        raise InputWrong("There is a sign in it that cannot be shown. Nothing was changed; type it once more.")
    return composed
