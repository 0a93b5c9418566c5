"""What an amendment changed, sentence by sentence, so that nobody has to compare two texts."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, TAKEN, PUT = "same", "taken", "put"
"""What happened to a part of the former text."""
_ENDS = re.compile(r"(?<=[.!?؟।…])\s+|\n+")
"""Where a sentence ends, in each of our scripts; a new line ends one too."""


@dataclass(frozen=True)
class Part:
    """One sentence and what happened to it."""

    kind: str
    text: str


def changes(former: str, text: str) -> list[Part]:
    """The sentences of both texts in reading order; what was taken out stands before what was put in its place."""
    old, new = sentences(former), sentences(text)
    parts: list[Part] = []
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts += [Part(SAME, each) for each in new[new_from:new_to]]
            continue
        parts += [Part(TAKEN, each) for each in old[old_from:old_to]]
        parts += [Part(PUT, each) for each in new[new_from:new_to]]
    return parts


def sentences(text: str) -> list[str]:
    """The sentences of a text, without the space between them."""
    return [each.strip() for each in _ENDS.split(text) if each and each.strip()]
