"""The join code: both sides prove that they know it, and somebody in between proves nothing."""

import random

import pytest

from sync import join
from sync.errors import CodeWrong, SignatureWrong
from sync.identity import Identity

CLIENT, SERVER, OTHER = (Identity(bytes([number]) * 32).hub_id for number in range(3))
CODE = "abcde-fghjk"


def test_a_code_is_ten_letters_that_cannot_be_mistaken() -> None:
    """Two groups of five, without 0, 1, i, l, o."""
    code = join.new_code(random.Random(1).randbytes)
    assert code[5] == "-" and len(code) == 11
    assert set(code.replace("-", "")) <= set(join.LETTERS)
    assert not set("01ilo") & set(join.LETTERS)


def test_a_draw_that_is_no_letter_is_drawn_again() -> None:
    """All letters are equally likely: 31 of 32 numbers are letters, the last is thrown away."""
    drawn = iter([31, *range(10)])
    assert join.new_code(lambda size: bytes([next(drawn)])) == CODE


@pytest.mark.parametrize("typed", ["ABCDEFGHJK", " abcde fghjk", "abcde\u2011fghjk"])
def test_a_code_may_be_typed_as_people_type(typed: str) -> None:
    """Capitals, spaces and dashes make no difference."""
    assert join.code_key(typed, SERVER) == join.code_key(CODE, SERVER)


@pytest.mark.parametrize("typed", ["", "abcde-fghj", "abcde-fghjkm", "abcde-fghj0", "x" * 100_000])
def test_what_cannot_be_a_code_is_said(typed: str) -> None:
    """One sentence with an example."""
    with pytest.raises(CodeWrong, match="ten letters"):
        join.code_key(typed, SERVER)


def test_both_sides_with_the_code_are_right() -> None:
    """Each proof fits on the other side."""
    here, there = join.code_key(CODE, SERVER), join.code_key(CODE, SERVER)
    asked = join.client_proof(here, client=CLIENT, server=SERVER)
    assert join.client_is_right(asked, there, client=CLIENT, server=SERVER)
    said = join.server_proof(there, client=CLIENT, server=SERVER)
    assert join.server_is_right(said, here, client=CLIENT, server=SERVER)


def test_somebody_in_between_has_no_proof() -> None:
    """A proof for one pair of hubs fits no other pair, no other code, and not the other direction."""
    key, other_key = join.code_key(CODE, SERVER), join.code_key("zzzzz-zzzzz", SERVER)
    asked = join.client_proof(key, client=CLIENT, server=SERVER)
    assert not join.client_is_right(asked, key, client=OTHER, server=SERVER)
    assert not join.client_is_right(asked, key, client=CLIENT, server=OTHER)
    assert not join.client_is_right(asked, other_key, client=CLIENT, server=SERVER)
    assert not join.server_is_right(asked, key, client=CLIENT, server=SERVER)


def test_the_key_of_a_code_is_good_at_one_hub_only() -> None:
    """The inviting hub's name goes into it."""
    assert join.code_key(CODE, SERVER) != join.code_key(CODE, OTHER)


def test_a_hub_that_is_none_gets_no_key() -> None:
    """What claims to be the inviting hub is looked at first."""
    with pytest.raises(SignatureWrong, match="not the id"):
        join.code_key(CODE, "nobody")
