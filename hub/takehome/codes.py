"""Result codes: ten characters that tell the answers on one sheet, and whose sheet it is. Pure.

A sheet has five places. Each choice at a place has two characters of its own beside it, made with the secret key of
the copy; the code is the five pairs in order, so that nobody has to reckon. Two choices of one place differ in both
characters and are never each other turned round; two places of a sheet have no pair in common. So one wrong
character, two neighbours turned round, or two pairs exchanged always make a code that is none.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from math import prod

from hub.errors import InputWrong

ALPHABET = "23456789ACDFHJKMPRTWXY"
"""Of those that look alike in handwriting (0 O Q D, 1 I L, 2 Z, 5 S, 8 B, 6 G, U V Y, M N, E F) at most one is here."""
PLACES = 5
PAIR = 2
LENGTH = PLACES * PAIR
LETTER_BYTES = 3
"""Bytes by which a letter is put into its random order: 22 of them fit into 64 bytes."""
ALL_CODES = len(ALPHABET) ** LENGTH
GUESSES = 10**9
OPEN_CODES_MAX = ALL_CODES // GUESSES
"""Right codes that may be out for one person: a random one is among them once in a thousand million times."""

_LOOKS_LIKE = str.maketrans("SZBG", "5286")
"""Letters that no code has, and what was surely meant."""

Pairs = tuple[str, ...]


def places(key: bytes, sheet: int, counts: Sequence[int]) -> Iterator[Pairs]:
    """The pairs at each of the five places of a sheet, one for each choice; `counts` says how many choices.

    A place beyond the questions has a single pair. They come one by one, since most codes are refused at the first.
    """
    taken: set[str] = set()
    for place in range(PLACES):
        wanted = counts[place] if place < len(counts) else 1
        turns = (_drawn(key, f"{sheet}/{place}/{turn}", wanted) for turn in count())
        pairs = next(drawn for drawn in turns if _is_sound(drawn, taken))
        taken.update(pairs)
        yield pairs


def read(found: Iterable[Pairs], code: str) -> tuple[int, ...] | None:
    """Which choice a code tells at each place, or None when it is no code of this sheet."""
    chosen = []
    for pairs, pair in zip(found, split(code), strict=True):
        if pair not in pairs:
            return None
        chosen.append(pairs.index(pair))
    return tuple(chosen)


def doubtful(found: Iterable[Pairs], code: str) -> int | None:
    """The one place (from 0) at which a code does not fit a sheet that it fits everywhere else, or None.

    Who has eight right characters of ten holds the paper, so that telling this helps no guess.
    """
    wrong = (place for place, (pairs, pair) in enumerate(zip(found, split(code), strict=True)) if pair not in pairs)
    first, second = next(wrong, None), next(wrong, None)
    return first if second is None else None


def split(code: str) -> list[str]:
    """The five pairs of a code."""
    return [code[start : start + PAIR] for start in range(0, LENGTH, PAIR)]


def number_of(counts: Sequence[int]) -> int:
    """How many right codes a sheet with so many choices has."""
    return prod(counts)


def shown(code: str) -> str:
    """A code as it is written and read out: two groups of five."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def tidy(typed: str) -> str:
    """The ten characters of a code, whatever case, script of digits, spaces or dashes somebody typed.

    Raises InputWrong when that cannot be a code.
    """
    plain = unicodedata.normalize("NFKC", typed[: LENGTH * 20]).upper()
    letters = [_plain_digit(letter) for letter in plain if letter.isalnum()]
    code = "".join(letters).translate(_LOOKS_LIKE)
    strange = next((letter for letter in code if letter not in ALPHABET), "")
    if strange:
        raise InputWrong(
            "No code has the sign %(sign)s in it. Nothing was written down; look at the paper and type it once more.",
            sign=strange,
        )
    if len(code) != LENGTH:
        raise InputWrong(
            "A code has %(wanted)s characters, and these were %(found)s. Nothing was written down;"
            " look at the paper and type it once more.",
            wanted=LENGTH,
            found=len(code),
        )
    return code


def _plain_digit(letter: str) -> str:
    digit = unicodedata.decimal(letter, None)
    return letter if digit is None else str(digit)


def _drawn(key: bytes, label: str, wanted: int) -> Pairs:
    firsts, seconds = _order(key, f"{label}/first"), _order(key, f"{label}/second")
    return tuple(firsts[number] + seconds[number] for number in range(wanted))


def _order(key: bytes, label: str) -> str:
    """The alphabet in an order that only the key tells."""
    drawn = hmac.digest(key, label.encode(), hashlib.sha512)
    ranks = {letter: drawn[LETTER_BYTES * at : LETTER_BYTES * (at + 1)] for at, letter in enumerate(ALPHABET)}
    return "".join(sorted(ALPHABET, key=lambda letter: (ranks[letter], letter)))


def _is_sound(pairs: Pairs, taken: set[str]) -> bool:
    """Whether no pair is twice the same character, another one turned round, or taken at an earlier place."""
    turned = {pair[::-1] for pair in pairs}
    return not (turned & set(pairs)) and not (taken & set(pairs))
