"""Taking consent back: a guardian, a grown-up, and a child by its own no."""

import pytest

from hub.consent import standing, visits
from hub.consent.purposes import COUNTED, ELSEWHERE
from hub.consent.visits import Evidence
from hub.errors import NotAllowed
from hub.node import Node
from tests.fixtures import consents
from tests.fixtures.cast import Cast


def _back(node: Node, cast: Cast, role: str, giver: str, purpose: str = ELSEWHERE) -> bool:
    return visits.withdraw(
        node,
        actor=cast.person(role),
        person=cast.person("learner"),
        purpose=purpose,
        evidence=Evidence(giver=cast.person(giver).id),
    )


def test_a_guardian_takes_it_back(node: Node, cast: Cast) -> None:
    """One purpose is withdrawn, the other one holds; twice is once."""
    for purpose in (ELSEWHERE, COUNTED):
        consents.amina_says(node, cast, "yes", purpose=purpose)
    assert _back(node, cast, "guardian", "guardian")
    assert not _back(node, cast, "guardian", "guardian")
    assert standing.of_person(node, cast.person("learner").id) == {ELSEWHERE: "withdrawn", COUNTED: "given"}


def test_a_childs_own_no_is_enough(node: Node, cast: Cast) -> None:
    """Amina says it, the facilitator writes it down."""
    consents.amina_says(node, cast, "yes")
    _back(node, cast, "facilitator", "learner")
    newest = standing.told(node, cast.person("learner").id)
    assert standing.of_person(node, cast.person("learner").id)[ELSEWHERE] == "withdrawn"
    assert {(each.said, each.assent) for each in newest if each.answer == "withdrawn"} == {("", "no")}


def test_a_yes_afterwards_stands_again(node: Node, cast: Cast) -> None:
    """Given, taken back, given."""
    for word in ("yes", "no", "yes"):
        consents.amina_says(node, cast, word)
    assert standing.of_person(node, cast.person("learner").id)[ELSEWHERE] == "given"


@pytest.mark.parametrize("role", ["learner", "neighbour", "partner", "region"])
def test_others_take_nothing_back(node: Node, cast: Cast, role: str) -> None:
    """What was given holds on."""
    consents.amina_says(node, cast, "yes")
    with pytest.raises(NotAllowed):
        _back(node, cast, role, "guardian")
    assert standing.of_person(node, cast.person("learner").id)[ELSEWHERE] == "given"
