"""Handing out: one copy for each person and pack, few enough codes at once, and nothing of it leaves."""

import json
from collections.abc import Callable

import pytest

from content.package import Item
from hub.errors import InputWrong, NotAllowed, NotFound
from hub.learning import Opened
from hub.node import Node
from hub.people import circles
from hub.takehome import asked, codes, copies
from hub.takehome.asked import Asked, Sheet, Slot
from hub.tide import policy
from tests.fixtures.cast import Cast
from tests.fixtures.learning import PACKAGE

Market = Callable[[str], Opened]


def test_a_lesson_takes_its_quizzes_along(node: Node, market: Market) -> None:
    """Those right behind it; a quiz goes alone, and a whole package without its films."""
    manifest = market("look").manifest
    taken = {item: [each.id for each in asked.items_of(manifest, item)] for item in ("look", "quiz", "")}
    assert taken == {"look": ["look", "quiz"], "quiz": ["quiz"], "": ["look", "quiz", "five"]}


@pytest.mark.parametrize("item", ["film", "nowhere"])
def test_what_cannot_be_carried_is_refused(node: Node, market: Market, item: str) -> None:
    """A film stays at the hub."""
    with pytest.raises(NotFound):
        copies.give(node, package=PACKAGE, item=item, carrier="paper")


def test_taking_it_again_gives_the_same_copy(node: Node, cast: Cast, market: Market) -> None:
    """While it is out; on another carrier it is another one, and one without a name is always new."""
    amina = cast.person("learner").id
    first = copies.give(node, package=PACKAGE, item="five", carrier="paper", person=amina)
    assert copies.give(node, package=PACKAGE, item="five", carrier="paper", person=amina).id == first.id
    others = [copies.give(node, package=PACKAGE, item="five", carrier="file", person=amina)]
    others += [copies.give(node, package=PACKAGE, item="five", carrier="paper") for _ in range(2)]
    assert len({first.id, *(each.id for each in others)}) == 4
    assert [each.number for each in [first, *others]] == [1, 2, 3, 4]


def test_the_oldest_are_closed_when_too_many_are_out(node: Node, cast: Cast, market: Market) -> None:
    """So that a guess stays as unlikely as it was said to be."""
    amina = cast.person("learner").id
    first = copies.give(node, package=PACKAGE, item="five", carrier="paper", person=amina)
    heavy = json.dumps({"id": first.pack.id, "set": {"codes": codes.OPEN_CODES_MAX}}).encode()
    node.write(lambda: node.record("pack", heavy, depth=2))
    second = copies.give(node, package=PACKAGE, item="quiz", carrier="paper", person=amina)
    stand = {each.id: each.state for each in copies.of_people(node, [amina])}
    assert stand == {first.id: "closed", second.id: "out"}


def test_a_sheet_never_has_too_many_codes() -> None:
    """Questions with many options share fewer to a sheet; five with four are one."""
    slots = [Slot(f"q{number}", "choice", tuple("abcdefghijklmnopqrst"), ("a",), ()) for number in range(6)]
    few = [Slot(f"q{number}", "choice", tuple("abcd"), ("a",), ()) for number in range(6)]
    assert [len(sheet) for sheet in asked._dealt(slots)] == [2, 2, 2]
    assert [len(sheet) for sheet in asked._dealt(few)] == [5, 1]


def test_what_a_pack_asks_is_read_as_it_was_written() -> None:
    """Also with signs of every kind in it."""
    slot = Slot("q1", "text", (), ("نور", '"<', "a=b"), ("count",))
    wanted = Asked((("quiz", "quiz", "Ça?"),), (Sheet("quiz", ("look",), (slot,)),))
    assert asked.load(asked.dump(wanted)) == wanted


def test_a_book_of_quizzes_is_too_much_for_one_pack(node: Node, market: Market) -> None:
    """It is said what fits, before anything is handed out."""
    manifest = market("five").manifest
    many = tuple(Item(f"i{number}", "quiz", "Five", "five.toml") for number in range(asked.SHEETS_MAX + 1))
    object.__setattr__(manifest, "items", many)
    with pytest.raises(InputWrong, match="25 sheets"):
        asked.ask(node, manifest, "")


def test_a_circle_gets_one_each_or_none(node: Node, cast: Cast, market: Market) -> None:
    """In their order; a carrier that there is not makes nothing."""
    people = [cast.person("learner").id, cast.person("neighbour").id]
    made = copies.give_all(node, package=PACKAGE, item="five", carrier="paper", people=people)
    assert [each.person for each in made] == people
    with pytest.raises(InputWrong):
        copies.give_all(node, package=PACKAGE, item="five", carrier="pigeon", people=people)


@pytest.mark.parametrize("role", ["partner", "learner", "guardian", "neighbour"])
def test_only_who_leads_prints_for_a_circle(node: Node, cast: Cast, role: str) -> None:
    """Its facilitator and the keepers."""
    with pytest.raises(NotAllowed):
        copies.led(node, circle=cast.circle.id, actor=cast.person(role))
    for allowed in ("facilitator", "librarian", "steward"):
        assert copies.led(node, circle=cast.circle.id, actor=cast.person(allowed)) == [cast.person("learner")]


def test_everybody_serves_their_own(node: Node, cast: Cast) -> None:
    """Themselves; a guardian the child too, a facilitator the circle, a keeper all."""
    served = {role: {each.name for each in copies.serves(node, cast.person(role))} for role in ("learner", "guardian")}
    assert served == {"learner": {"Amina"}, "guardian": {"Fatou", "Amina"}}
    assert {each.name for each in copies.serves(node, cast.person("facilitator"))} == {"Mr. Otieno", "Amina"}
    assert len(copies.serves(node, cast.person("librarian"))) == 8
    circles.leave(node, circle=cast.circle.id, person=cast.person("learner").id)
    assert {each.name for each in copies.serves(node, cast.person("facilitator"))} == {"Mr. Otieno"}


def test_nothing_of_a_copy_leaves(node: Node, cast: Cast, market: Market) -> None:
    """Neither what was handed out nor to whom: no audience has a rule for it."""
    copies.give(node, package=PACKAGE, item="five", carrier="paper", person=cast.person("learner").id)
    kept = [each for each in node.journal.replay() if each.entry.kind in ("pack", "copy")]
    leaves = [policy.transform(b"k" * 32, audience) for audience in policy.AUDIENCES]
    assert len(kept) == 2
    assert [leave(each) for leave in leaves for each in kept] == [[]] * 4
