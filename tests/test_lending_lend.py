"""Lend a copy, give it back, keep it longer, wait for it: what is here is counted, and nothing leaves the hub."""

import re
from dataclasses import replace

import pytest

from hub.errors import HubError
from hub.lending import loans, things
from hub.node import Node
from hub.out import mine
from hub.tide import policy
from tests.fixtures.cast import Cast
from tests.fixtures.clock import HandClock
from tests.fixtures.lending import DRUM, drum, lent

DAY_MS, DAY_S = 86_400_000, 86_400


def test_a_copy_goes_out_and_comes_back(node: Node, cast: Cast) -> None:
    """Which is here is reckoned from what is lent; a form sent twice lends one."""
    made, librarian = drum(node, cast), cast.person("librarian")
    form, to = node.new_id(), f"circle:{cast.circle.id}"
    for _ in range(2):
        loans.lend(node, actor=librarian, thing_id=made.id, asked=loans.Asked(to=to, copy="B", days=3, form=form))
    (out,) = loans.out(node)
    assert (out.copy, out.borrower.name, out.due_ms - out.lent_ms) == ("B", cast.circle.name, 3 * DAY_MS)
    assert things.thing(node, made.id).here == ("A", "C")
    assert [loans.give_back(node, actor=librarian, loan=out.id) for _ in range(2)] == [True, False]
    assert (loans.out(node), things.thing(node, made.id).here) == ([], ("A", "B", "C"))


def test_what_came_back_damaged_is_lent_again_once_it_is_mended(node: Node, cast: Cast) -> None:
    """Its note says what is wrong until then."""
    made, librarian = drum(node, cast), cast.person("librarian")
    loan = lent(node, cast, made, copy="A")
    loans.give_back(node, actor=librarian, loan=loan, outcome="damaged", note="The skin is torn.")
    assert [(each.copy, each.note) for each in loans.out_of_use(node, made.id)] == [("A", "The skin is torn.")]
    assert things.thing(node, made.id).here == ("B", "C")
    assert loans.mend(node, actor=librarian, thing_id=made.id, copy="A") == 1
    assert (things.thing(node, made.id).here, loans.out_of_use(node, made.id)) == (("A", "B", "C"), [])


def test_somebody_may_keep_it_longer(node: Node, cast: Cast, clock: HandClock) -> None:
    """From its day, or from today where that has passed."""
    loan = lent(node, cast, drum(node, cast), days=2)
    due = loans.out(node)[0].due_ms
    loans.longer(node, actor=cast.person("librarian"), loan=loan, days=3)
    assert loans.out(node)[0].due_ms == due + 3 * DAY_MS
    clock.advance(30 * DAY_S)
    loans.longer(node, actor=cast.person("librarian"), loan=loan, days=3)
    assert loans.out(node)[0].due_ms == node.clock.now_ms() + 3 * DAY_MS


def test_who_asked_first_waits_first_until_it_is_lent(node: Node, cast: Cast, clock: HandClock) -> None:
    """Asking twice is asking once; borrowing ends the wait."""
    made = drum(node, cast)
    for role in ("neighbour", "learner", "neighbour"):
        loans.ask(node, actor=cast.person(role), thing_id=made.id)
        clock.advance(1)
    assert loans.waiting(node, made.id) == [cast.person("neighbour"), cast.person("learner")]
    lent(node, cast, made, role="neighbour")
    assert loans.waiting(node, made.id) == [cast.person("learner")]
    assert loans.no_longer(node, actor=cast.person("learner"), thing_id=made.id)
    assert loans.waiting(node, made.id) == []


WRONG = {
    "nobody": ({"to": ""}, "Nobody is chosen"),
    "a copy that is out": ({"copy": "A"}, "That copy is not here"),
    "a copy that is none": ({"copy": "Z"}, "That copy is not here"),
    "for ever": ({"days": 366}, "1 to 365 days"),
    "for no day": ({"days": 0}, "1 to 365 days"),
    "a circle that is none": ({"to": "circle:x"}, "no circle"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_lent_is_refused_in_words(node: Node, cast: Cast, case: str) -> None:
    """And nothing is written."""
    made, (changed, sentence) = drum(node, cast), WRONG[case]
    lent(node, cast, made, copy="A")
    good = {"copy": "", "to": f"person:{cast.person('learner').id}", "days": 3, "form": node.new_id()}
    with pytest.raises(HubError, match=sentence):
        loans.lend(node, actor=cast.person("librarian"), thing_id=made.id, asked=loans.Asked(**(good | changed)))
    assert len(loans.out(node)) == 1


NO_THINGS = {
    "no name": (replace(DRUM, name=" "), "no words"),
    "a name too long": (replace(DRUM, name="x" * 81), "longer than 80"),
    "a kind that is none": (replace(DRUM, kind="ghost"), "no kind"),
    "two copies of one name": (replace(DRUM, copies="A\nA"), "name of its own"),
    "too many copies": (replace(DRUM, copies="\n".join(map(str, range(61)))), "name of its own"),
    "an ability that is nowhere": (replace(DRUM, competencies=("x/y",)), "abilities"),
}


@pytest.mark.parametrize("case", NO_THINGS)
def test_what_is_no_thing_is_refused_in_words(node: Node, cast: Cast, case: str) -> None:
    """The list stays as it is."""
    said, sentence = NO_THINGS[case]
    with pytest.raises(HubError, match=sentence):
        drum(node, cast, said)
    assert things.things(node) == []


def test_a_thing_is_changed_and_let_go_only_around_what_is_out(node: Node, cast: Cast) -> None:
    """A number makes so many copies; a copy that is lent can go neither by a new list nor with the thing."""
    librarian = cast.person("librarian")
    made = drum(node, cast, replace(DRUM, copies="2"))
    loan = lent(node, cast, made, copy="2")
    with pytest.raises(HubError, match="still lent out"):
        things.change(node, actor=librarian, thing_id=made.id, said=DRUM)
    with pytest.raises(HubError, match="still lent out"):
        things.let_go(node, actor=librarian, thing_id=made.id)
    loans.give_back(node, actor=librarian, loan=loan)
    things.change(node, actor=librarian, thing_id=made.id, said=DRUM)
    assert things.things(node, words="HILL door")[0].copies == ("A", "B", "C")
    things.let_go(node, actor=librarian, thing_id=made.id)
    assert things.things(node) == []


def test_loans_stay_on_this_hub_and_are_told_to_whom_they_are_about(node: Node, cast: Cast) -> None:
    """No rule lets them leave; the file with everything about somebody has them."""
    made, learner = drum(node, cast), cast.person("learner")
    lent(node, cast, made, copy="A")
    loans.ask(node, actor=learner, thing_id=made.id)
    assert policy.KINDS.isdisjoint({"thing", "loan", "loan.wish"})
    facts = mine.facts(node, learner)
    assert [(each["thing"], each["copy"], each["back"]) for each in facts["borrowed"]] == [("Talking drum", "A", "")]
    assert [each["thing"] for each in facts["asked_to_borrow"]] == ["Talking drum"]
    assert mine.facts(node, cast.person("neighbour"))["borrowed"] == []
    assert all(re.match(r"\d{4}-", each["due"]) for each in facts["borrowed"])
