"""The few words around what was found, from the original text, with the found words told apart. Pure."""

import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from content.search import fold, is_unspaced

BEFORE_CHARS = 50
"""Characters shown before the first word found."""

SNIPPET_CHARS = 180
"""Characters shown in all: two lines on a phone."""

_STRIDE_CHARS = 2_000
"""How much text is folded at a time while looking for the first word found."""

_folded = lru_cache(maxsize=4096)(fold)
"""Letters come again and again; whole texts do not, and are not kept."""

_ARABIC = ("\u0600", "\u06ff")


@dataclass(frozen=True)
class Part:
    """A stretch of a snippet; `is_match` when it is what was looked for."""

    text: str
    is_match: bool


def cut(text: str, terms: list[str]) -> tuple[Part, ...]:
    """The part of `text` around the first of the folded `terms`; its beginning when none is found."""
    flat = " ".join(text.split())
    start = max(0, _first(flat, terms) - BEFORE_CHARS)
    if start:
        start = flat.find(" ", start, start + BEFORE_CHARS) + 1 or start
    window = _whole_words(flat[start : start + SNIPPET_CHARS + 1])
    return _marked(window, _spans(window, terms))


def _whole_words(window: str) -> str:
    """A window that is one letter too long, cut back to the end of a word where there is one near."""
    if len(window) <= SNIPPET_CHARS:
        return window
    end = window.rfind(" ", SNIPPET_CHARS - BEFORE_CHARS)
    return window[: end if end > 0 else SNIPPET_CHARS]


def _first(text: str, terms: list[str]) -> int:
    """Where the first term begins; 0 when there is none. Strides overlap, so that no word is cut in two."""
    for start in range(0, len(text), _STRIDE_CHARS):
        piece = text[start : start + _STRIDE_CHARS + SNIPPET_CHARS]
        folded = fold(piece)
        if any(term in folded for term in terms):
            spans = _spans(piece, terms)
            if spans:
                return start + spans[0][0]
    return 0


def _spans(text: str, terms: list[str]) -> list[tuple[int, int]]:
    """Start and end in `text` of every term, in order, without overlaps."""
    starts, folded, places = _clusters(text)
    found = []
    for term in terms:
        place = folded.find(term)
        while place >= 0:
            if _begins_word(folded, place, term):
                first = bisect_right(places, place) - 1
                last = bisect_right(places, place + len(term) - 1) - 1
                found.append((starts[first], starts[last + 1]))
            place = folded.find(term, place + 1)
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _clusters(text: str) -> tuple[list[int], str, list[int]]:
    """Letters with their marks: where each begins, all of them folded, and where each begins when folded.

    The first list ends with the length of the text.
    """
    if text.isascii():
        places = list(range(len(text) + 1))
        return places, fold(text), places[:-1]
    starts = [place for place, letter in enumerate(text) if not place or unicodedata.category(letter)[0] != "M"]
    starts.append(len(text))
    pieces = [_folded(text[start:end]) for start, end in zip(starts, starts[1:], strict=False)]
    places = []
    length = 0
    for piece in pieces:
        places.append(length)
        length += len(piece)
    return starts, "".join(pieces), places


def _begins_word(folded: str, place: int, term: str) -> bool:
    """Whether a term may begin here; where words have no spaces, or an article is glued on, anywhere."""
    if place == 0 or is_unspaced(term[0]) or _ARABIC[0] <= term[0] <= _ARABIC[1]:
        return True
    return not folded[place - 1].isalnum()


def _marked(text: str, spans: list[tuple[int, int]]) -> tuple[Part, ...]:
    parts = []
    place = 0
    for start, end in spans:
        parts += [Part(text[place:start], is_match=False), Part(text[start:end], is_match=True)]
        place = end
    parts.append(Part(text[place:], is_match=False))
    return tuple(part for part in parts if part.text)
