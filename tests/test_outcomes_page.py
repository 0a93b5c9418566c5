"""`/outcomes/`: for those who help, for nobody else, and never a name or a small number."""

from collections.abc import Callable

import pytest

from hub.app import create_app
from hub.node import Node
from tests.fixtures.cast import ROLES, Cast
from tests.fixtures.outcomes import finish

MAY = {"facilitator", "librarian", "steward", "region"}


@pytest.mark.parametrize("role", ROLES)
def test_only_those_who_help_see_outcomes(cast: Cast, role: str) -> None:
    """A guest is led to sign in, a learner is refused."""
    expected = 200 if role in MAY else 303 if role == "outsider" else 403
    assert cast.client(role).get("/outcomes/").status_code == expected


def test_a_hub_without_enough_says_when_to_look_again(cast: Cast) -> None:
    """An empty page is kind and concrete."""
    assert "The next count is on" in cast.client("steward").get("/outcomes/").text


def test_small_counts_are_words(cast: Cast, node: Node) -> None:
    """The hidden ones read as few people; the others as numbers, in the picture and in the table behind it."""
    finish(node, "water", range(41))
    finish(node, "numbers", range(3))
    finish(node, "phone", range(37, 44))
    text = cast.client("facilitator").get("/outcomes/").text
    assert text.count(">41<") == 2
    assert text.count(">few people<") == 4
    assert ">7<" not in text


def test_a_region_hides_groups_of_less_than_ten(make_node: Callable[..., Node]) -> None:
    """On its front page and among the outcomes; the foot speaks of ten people, and of nothing that leaves."""
    region = make_node("region", role="region")
    finish(region, "water", range(7), item="a")
    finish(region, "water", range(7), item="b")
    finish(region, "water", range(7), item="c")
    finish(region, "numbers", range(7, 40))
    finish(region, "phone", range(40, 52))
    app = create_app(region)
    app.config.update(TESTING=True)
    coordinator = Cast(region, app).client("region")
    texts = [coordinator.get(address).text for address in ("/", "/outcomes/")]
    assert ["fewer than 10 people" in text for text in texts] == [True, True]
    assert not any("21 steps" in text or ">21<" in text for text in texts)
    assert "counts leave this place" not in texts[1]
