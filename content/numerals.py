"""Numbers as people write them: with a comma or a point, in any script's digits, as a fraction.

Pure. A number that can be read in two ways ("1,500" is one and a half here and fifteen hundred there) is
given in both, since no setting knows which school a learner went to.
"""

import re
import unicodedata
from fractions import Fraction

DIGITS_MAX = 40
"""Digits in one number; more is no school exercise, and very long ones are slow to compare."""

_DIRECTIONS = dict.fromkeys(map(ord, "\u200e\u200f\u061c"))
"""Invisible marks of direction, which an Arabic keyboard sets beside a minus."""
_SPACES = re.compile(r"(?<=\d)[\s'’٬](?=\d{3}(?!\d))")
_FRACTION = re.compile(r"([+-]?\d+)/(\d+)")
_DECIMAL = re.compile(r"[+-]?(\d+([.,]\d+)?|[.,]\d+)")
_GROUPED = re.compile(r"[+-]?\d{1,3}([.,]\d{3})+")
_INDIAN = re.compile(r"[+-]?\d{1,2}(,\d{2})+,\d{3}")
"""Twos above the thousands, as in 10,00,000."""
_BOTH = re.compile(r"([+-]?\d{1,3}(?:([.,])\d{3})+)([.,])(\d+)")


def readings(text: str) -> frozenset[Fraction]:
    """Every number that `text` can stand for; empty when it is no number."""
    plain = _SPACES.sub("", _latin(text).strip())
    if len(plain) > DIGITS_MAX:
        return frozenset()
    found = set()
    if (fraction := _FRACTION.fullmatch(plain)) and int(fraction[2]):
        found.add(Fraction(int(fraction[1]), int(fraction[2])))
    if _DECIMAL.fullmatch(plain):
        found.add(Fraction(plain.replace(",", ".")))
    if _GROUPED.fullmatch(plain) and len(set(plain) & {".", ","}) == 1:
        found.add(Fraction(plain.replace(",", "").replace(".", "")))
    if _INDIAN.fullmatch(plain):
        found.add(Fraction(plain.replace(",", "")))
    if (both := _BOTH.fullmatch(plain)) and both[3] not in both[1]:
        found.add(Fraction(f"{both[1].replace(both[2], '')}.{both[4]}"))
    return frozenset(found)


def _latin(text: str) -> str:
    """The same number in Latin digits, with a plain minus and a plain decimal sign, without marks of direction."""
    letters = []
    for letter in text.translate(_DIRECTIONS):
        digit = unicodedata.decimal(letter, None)
        letters.append(letter if digit is None else str(digit))
    return "".join(letters).replace("\u2212", "-").replace("\u066b", ".")
