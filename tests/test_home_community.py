"""`/community/`: what everybody may know of a place, and no more."""

import pytest

from tests.fixtures.cast import ROLES, Cast

TENDERS = ("Lucía", "Mama Zawadi", "Mr. Otieno")
KEEPERS = {"facilitator", "librarian", "steward"}


@pytest.mark.parametrize("role", ROLES)
def test_everybody_may_know_whom_to_ask(cast: Cast, role: str) -> None:
    """Circles and those who tend the place are named to all; learners, guardians and partners to nobody."""
    shown = cast.client(role).get("/community/").get_data(as_text=True)
    assert all(name in shown for name in (*TENDERS, "Number friends"))
    assert not [name for name in ("Kofi", "Fatou", "Nurse Adjoa") if f">{name}<" in shown]


@pytest.mark.parametrize("role", ROLES)
def test_the_way_to_people_is_for_those_who_tend_them(cast: Cast, role: str) -> None:
    """Only facilitator, librarian and steward are led to people and outcomes."""
    shown = cast.client(role).get("/community/").get_data(as_text=True)
    assert ('href="/people/"' in shown) == (role in KEEPERS)


def test_ones_own_circle_is_marked(cast: Cast) -> None:
    """A member reads which circle is theirs."""
    assert "You are in it" in cast.client("learner").get("/community/").get_data(as_text=True)
    assert "You are in it" not in cast.client("neighbour").get("/community/").get_data(as_text=True)
