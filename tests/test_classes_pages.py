"""The facilitator's pages: the whole cast knocks, only who leads the circle comes in."""

from collections.abc import Callable

import pytest

from hub import learning
from hub.learning import Given, Opened
from hub.node import Node
from hub.people import circles
from tests.fixtures.cast import OUTSIDER, ROLES, Cast

Market = Callable[[str], Opened]


def _wrong(node: Node, person: str, opened: Opened) -> None:
    for number in range(1, 6):
        given = Given(f"q{number}", ("0",), node.new_id())
        learning.take_answer(node, person=person, opened=opened, given=given)


def _addresses(cast: Cast) -> list[str]:
    one = f"/learn/classes/{cast.circle.id}/"
    return ["/learn/classes/", one, f"{one}{cast.person('learner').id}/"]


@pytest.mark.parametrize("role", ROLES)
def test_only_who_leads_a_circle_sees_its_people(cast: Cast, role: str) -> None:
    """A steward sees the numbers of all; a guest is led to sign in; everybody else is refused."""
    wanted = {"facilitator": [200, 200, 200], "steward": [200, 403, 403], OUTSIDER: [303, 303, 303]}
    client = cast.client(role)
    assert [client.get(address).status_code for address in _addresses(cast)] == wanted.get(role, [403, 403, 403])


def test_a_steward_reads_numbers_and_no_names(cast: Cast) -> None:
    """How many learn, how many were here; nobody by name."""
    page = cast.client("steward").get("/learn/classes/").text
    assert "Number friends" in page
    assert "Amina" not in page


def test_another_s_circle_is_closed(node: Node, cast: Cast) -> None:
    """Leading one circle opens no other."""
    other = circles.add_circle(node, name="Others", picture="well")
    assert cast.client("facilitator").get(f"/learn/classes/{other.id}/").status_code == 403


def test_the_class_says_who_needs_help_with_what(cast: Cast, node: Node, market: Market) -> None:
    """In a sentence, with the learner to press on."""
    _wrong(node, cast.person("learner").id, market("five"))
    page = cast.client("facilitator").get(f"/learn/classes/{cast.circle.id}/").text
    assert "1 needs help" in page
    assert "I can pay the right sum." in page
    assert f'href="/learn/classes/{cast.circle.id}/{cast.person("learner").id}/"' in page


def test_one_learner_s_page_says_what_was_done(cast: Cast, node: Node, market: Market) -> None:
    """With its score and what asks for help."""
    _wrong(node, cast.person("learner").id, market("five"))
    page = cast.client("facilitator").get(_addresses(cast)[2]).text
    for words in ("Amina", "Five sums", "0%", "needs help", "0 right of the last 5"):
        assert words in page


def test_who_learns_elsewhere_is_not_shown_here(cast: Cast) -> None:
    """The neighbour is no learner of this circle."""
    address = f"/learn/classes/{cast.circle.id}/{cast.person('neighbour').id}/"
    assert cast.client("facilitator").get(address).status_code == 404


def test_a_circle_that_is_none_is_not_found(cast: Cast) -> None:
    """404."""
    assert cast.client("facilitator").get("/learn/classes/nowhere/").status_code == 404
