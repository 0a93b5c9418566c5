"""Result codes: what was ticked is what is read, and no slip of the hand or the tongue makes another right code."""

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import InputWrong
from hub.takehome import codes

KEYS = st.binary(min_size=16, max_size=16)
COUNTS = st.lists(st.integers(1, 20), min_size=1, max_size=5)
GOLDEN = [("9Y", "HM", "PK", "CX"), ("AP", "4D"), ("P9",), ("K4",), ("MK",)]
LOOK_ALIKE = ("0OQD", "1IL", "2Z", "5S", "8B", "6G", "UV", "MN", "EF", "VY")


def table(key: bytes, counts: list[int], sheet: int = 0) -> list[codes.Pairs]:
    """The pairs of a sheet, all places."""
    return list(codes.places(key, sheet, counts))


def spelled(found: list[codes.Pairs], chosen: list[int]) -> str:
    """The code of these choices."""
    return "".join(pairs[choice] for pairs, choice in zip(found, chosen, strict=True))


@st.composite
def sheets(draw: st.DrawFn) -> tuple[list[codes.Pairs], list[int], str]:
    """A sheet of a random copy, choices on it, and their code."""
    found = table(draw(KEYS), draw(COUNTS), draw(st.integers(0, 23)))
    chosen = [draw(st.integers(0, len(pairs) - 1)) for pairs in found]
    return found, chosen, spelled(found, chosen)


@given(sheets())
def test_what_was_ticked_is_what_is_read(sheet: tuple[list[codes.Pairs], list[int], str]) -> None:
    """Also lower case, in groups, and with blanks and dashes anywhere."""
    found, chosen, code = sheet
    assert len(code) == codes.LENGTH
    for typed in (code, codes.shown(code), f" {' - '.join(code.lower())} "):
        assert codes.read(found, codes.tidy(typed)) == tuple(chosen)


@given(sheets(), st.integers(0, 9), st.sampled_from(codes.ALPHABET))
def test_one_wrong_character_is_refused(
    sheet: tuple[list[codes.Pairs], list[int], str], place: int, letter: str
) -> None:
    """Whichever it is, and whichever stands in its place; and it is told where to look."""
    found, _, code = sheet
    wrong = code[:place] + letter + code[place + 1 :]
    if wrong != code:
        assert codes.read(found, wrong) is None
        assert codes.doubtful(found, wrong) == place // codes.PAIR


@given(sheets(), st.integers(0, 8))
def test_neighbours_turned_round_are_refused(sheet: tuple[list[codes.Pairs], list[int], str], place: int) -> None:
    """Within a pair and across two of them."""
    found, _, code = sheet
    turned = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert turned == code or codes.read(found, turned) is None


@given(sheets(), st.integers(0, 4), st.integers(0, 4))
def test_two_pairs_exchanged_are_refused(sheet: tuple[list[codes.Pairs], list[int], str], one: int, other: int) -> None:
    """The answers in the wrong boxes are no other answers."""
    found, _, code = sheet
    pairs = codes.split(code)
    pairs[one], pairs[other] = pairs[other], pairs[one]
    assert one == other or codes.read(found, "".join(pairs)) is None


@given(KEYS, st.lists(st.integers(1, 4), min_size=1, max_size=5))
def test_a_sheet_has_as_many_right_codes_as_ways_to_answer(key: bytes, counts: list[int]) -> None:
    """So a random code is right with the chance of that many in all codes there are."""
    found = table(key, counts)
    all_codes = {"".join(pairs) for pairs in itertools.product(*found)}
    assert len(all_codes) == codes.number_of(counts)
    assert all(codes.read(found, code) is not None for code in all_codes)


def test_a_guess_is_right_once_in_a_thousand_million() -> None:
    """The right codes that may be out for one person, in all the codes there are."""
    assert codes.OPEN_CODES_MAX / codes.ALL_CODES <= 1e-9
    assert codes.ALL_CODES == 22**10


@given(KEYS, st.integers(0, 23))
def test_another_copy_and_another_sheet_have_other_pairs(key: bytes, sheet: int) -> None:
    """What one paper shows says nothing of another."""
    mine = table(key, [4] * 5, sheet)
    assert mine != table(key, [4] * 5, sheet + 1)
    assert mine != table(bytes(each ^ 1 for each in key), [4] * 5, sheet)


def test_the_pairs_of_a_copy_never_change() -> None:
    """A paper is typed in years later, by a later program: these were printed once."""
    assert table(b"mangrove", [4, 2], 0) == GOLDEN


def test_no_two_signs_look_alike() -> None:
    """Of those that are taken for each other at most one is in use."""
    assert [group for group in LOOK_ALIKE if len(set(group) & set(codes.ALPHABET)) > 1] == []
    assert len(set(codes.ALPHABET)) == len(codes.ALPHABET) == 22


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("k7m2p-9axrt", "K7M2P9AXRT"),
        ("K٧M٢P-٩AXRT", "K7M2P9AXRT"),
        ("K७M२P ९AXRT", "K7M2P9AXRT"),
        ("Ｋ７Ｍ２Ｐ９ＡＸＲＴ", "K7M2P9AXRT"),
        ("kSmZp.9axrB", "K5M2P9AXR8"),
    ],
)
def test_whatever_a_phone_types_is_the_same_code(typed: str, code: str) -> None:
    """Case, script of the digits, width, and letters that were surely digits."""
    assert codes.tidy(typed) == code


@pytest.mark.parametrize("typed", ["", "K7M2P", "K7M2P-9AXRTT", "K7M2P-9AXR0", "K7M2P-9AXRI", "نور", "K" * 100_000])
def test_what_can_be_no_code_is_told_so(typed: str) -> None:
    """Too few, too many, a sign that no code has; in a sentence, and quickly."""
    with pytest.raises(InputWrong, match="Nothing was written down"):
        codes.tidy(typed)


def test_random_codes_are_no_codes() -> None:
    """Ten thousand guesses at a sheet with four options each."""
    guess = random.Random(3)
    found = table(b"k" * 16, [4] * 5)
    guesses = ("".join(guess.choices(codes.ALPHABET, k=codes.LENGTH)) for _ in range(10_000))
    assert not any(codes.read(found, code) for code in guesses)
