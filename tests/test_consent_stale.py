"""A page that stood open while somebody else said no: its yes does not answer what it did not show."""

import re

import pytest

from hub.consent import standing, visits
from hub.consent.purposes import COUNTED, ELSEWHERE
from hub.consent.visits import Evidence, Said
from hub.errors import InputWrong
from hub.node import Node
from hub.people.roster import Person
from tests.fixtures import consents
from tests.fixtures.cast import Cast

SEEN = re.compile(r'name="seen" value="([^"]+)"')
YES = {ELSEWHERE: "yes", f"{ELSEWHERE}-child": "yes"}


def _stands(node: Node, person: Person) -> frozenset[str]:
    return frozenset(each.id for each in standing.heads(standing.acts(node, [person.id])))


def test_a_stale_page_is_told_and_may_ask_again(node: Node, cast: Cast) -> None:
    """The page was opened before the no. Its yes comes back with what was pressed and the no; sent again, it holds."""
    guardian, amina = cast.client("guardian"), cast.person("learner").id
    address = f"/people/{amina}/consent/"
    shown = SEEN.findall(guardian.get(address).text)
    consents.amina_says(node, cast, "no")
    answer = guardian.post(address, data={**YES, "seen": shown})
    assert (answer.status_code, "A no was said meanwhile" in answer.text) == (400, True)
    assert answer.text.count('value="yes" checked') == 2
    assert standing.of_person(node, amina)[ELSEWHERE] == "refused"
    assert guardian.post(address, data={**YES, "seen": SEEN.findall(answer.text)}).status_code == 303
    assert standing.of_person(node, amina)[ELSEWHERE] == "given"


def test_a_no_beside_a_late_yes_is_kept(node: Node) -> None:
    """One form: the yes is late, the no is not lost with it."""
    keeper, joseph = consents.keeper(node), consents.grown_up(node)
    consents.says(node, keeper, joseph, "no")
    said = {ELSEWHERE: Said("yes"), COUNTED: Said("no")}
    with pytest.raises(InputWrong, match="meanwhile"):
        visits.take(node, actor=keeper, person=joseph, said=said, evidence=Evidence(giver=joseph.id), seen=())
    assert standing.of_person(node, joseph.id) == {ELSEWHERE: "refused", COUNTED: "refused"}


def test_a_no_needs_to_have_seen_nothing(node: Node) -> None:
    """It holds over a yes, and over a no, that came meanwhile."""
    keeper, joseph = consents.keeper(node), consents.grown_up(node)
    for before in ("yes", "no"):
        consents.says(node, keeper, joseph, before)
        evidence = Evidence(giver=joseph.id, how="paper")
        visits.take(node, actor=keeper, person=joseph, said={ELSEWHERE: Said("no")}, evidence=evidence, seen=())
        assert standing.is_no(standing.of_person(node, joseph.id)[ELSEWHERE])


def test_a_yes_that_saw_the_no_answers_it(node: Node) -> None:
    """And the same form once more changes nothing and is no mistake."""
    keeper, joseph = consents.keeper(node), consents.grown_up(node)
    consents.says(node, keeper, joseph, "no")
    seen, evidence = _stands(node, joseph), Evidence(giver=joseph.id)
    new = [
        visits.take(node, actor=keeper, person=joseph, said={ELSEWHERE: Said("yes")}, evidence=evidence, seen=seen)
        for _ in range(2)
    ]
    assert (new, standing.of_person(node, joseph.id)[ELSEWHERE]) == ([True, False], "given")
