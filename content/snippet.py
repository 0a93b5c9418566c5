"""The few words around what was found, from the original text, with the found words told apart. Pure."""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
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
    return cut_flat(" ".join(text.split()), terms)


def cut_flat(flat: str, terms: list[str]) -> tuple[Part, ...]:
    """The same of a text that is known to have one space between its words and none around them."""
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
    if text.isascii():
        folded = fold(text)
        return min((place for term in terms if (place := _begin(folded, term, 0)) >= 0), default=0)
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
    if text.isascii():
        return _merged(_places(fold(text), terms))
    starts, folded, places = _clusters(text)
    found = []
    for place, end in _places(folded, terms):
        first, last = bisect_right(places, place) - 1, bisect_right(places, end - 1) - 1
        found.append((starts[first], starts[last + 1]))
    return _merged(found)


def _places(folded: str, terms: list[str]) -> Iterator[tuple[int, int]]:
    """Start and end of every term in a folded text."""
    for term in terms:
        place = _begin(folded, term, 0)
        while place >= 0:
            yield place, place + len(term)
            place = _begin(folded, term, place + 1)


def _begin(folded: str, term: str, start: int) -> int:
    """Where a term begins in a folded text, looked for from `start` on; -1 for nowhere."""
    place = folded.find(term, start)
    while place >= 0 and not _begins_word(folded, place, term):
        place = folded.find(term, place + 1)
    return place


def _merged(found: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
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
