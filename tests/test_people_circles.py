"""Circles: who is in them, who leads them."""

import pytest

from hub.errors import InputWrong, NotFound
from hub.node import Node
from hub.people import circles, roster
from hub.people.roster import Person


def _two(node: Node) -> tuple[Person, Person]:
    amina = roster.add_person(node, name="Amina", picture="butterfly")
    otieno = roster.add_person(node, name="Mr. Otieno", picture="tree", roles=("facilitator",))
    return amina, otieno


def test_a_circle_has_learners_and_a_facilitator(node: Node) -> None:
    """Each is in the circle in their own part."""
    amina, otieno = _two(node)
    circle = circles.add_circle(node, name="Number friends", picture="market")
    circles.join(node, circle=circle.id, person=amina.id)
    circles.join(node, circle=circle.id, person=otieno.id, part="facilitator")
    assert circles.members(node, circle.id) == [amina, otieno]
    assert circles.members(node, circle.id, "learner") == [amina]
    assert circles.led_by(node, otieno.id) == [circle]
    assert circles.led_by(node, amina.id) == []
    assert circles.circles_of(node, amina.id) == [circle]


def test_a_facilitator_leads_only_own_circles(node: Node) -> None:
    """Whoever is in another circle is not led."""
    amina, otieno = _two(node)
    circle = circles.add_circle(node, name="Number friends", picture="market")
    circles.join(node, circle=circle.id, person=otieno.id, part="facilitator")
    assert not circles.leads(node, leader=otieno.id, person=amina.id)
    circles.join(node, circle=circle.id, person=amina.id)
    assert circles.leads(node, leader=otieno.id, person=amina.id)
    assert not circles.leads(node, leader=amina.id, person=otieno.id)


def test_joining_twice_and_leaving_twice_is_once(node: Node) -> None:
    """Repeated forms change nothing."""
    amina, _ = _two(node)
    circle = circles.add_circle(node, name="Number friends", picture="market")
    assert [circles.join(node, circle=circle.id, person=amina.id) for _ in range(2)] == [True, False]
    assert [circles.leave(node, circle=circle.id, person=amina.id) for _ in range(2)] == [True, False]
    assert circles.members(node, circle.id) == []
    assert not circles.leave(node, circle=circle.id, person="nobody")


def test_who_is_in_no_circle_is_outside(node: Node) -> None:
    """Also those whose circle was closed."""
    amina, otieno = _two(node)
    circle = circles.add_circle(node, name="Number friends", picture="market")
    circles.join(node, circle=circle.id, person=amina.id)
    assert circles.outside(node) == [otieno]
    circles.end_circle(node, circle=circle.id)
    assert circles.outside(node) == [amina, otieno]


def test_a_closed_circle_is_gone_from_the_lists(node: Node) -> None:
    """Its address is not found any more; closing again is harmless."""
    circle = circles.add_circle(node, name="Number friends", picture="market")
    assert circles.end_circle(node, circle=circle.id)
    assert not circles.end_circle(node, circle=circle.id)
    assert circles.circles(node) == []
    with pytest.raises(NotFound):
        circles.circle(node, circle.id)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"name": ""}, "1 to 60 letters"),
        ({"picture": "dragon"}, "not among ours"),
        ({"kind": "gang"}, "A group is a circle"),
    ],
)
def test_a_wrong_circle_is_refused(node: Node, facts: dict[str, str], sentence: str) -> None:
    """Nothing of it is kept."""
    with pytest.raises(InputWrong, match=sentence):
        circles.add_circle(node, **{"name": "Number friends", "picture": "market", **facts})
    assert circles.circles(node) == []


def test_nobody_in_a_circle_has_the_name_and_the_picture_of_another(node: Node) -> None:
    """Whoever signs in finds one tile that is theirs: not two by being made, put in, or changed."""
    circle = circles.add_circle(node, name="Number friends", picture="market")
    first: roster.Facts = {"name": "Amina", "picture": "butterfly"}
    circles.take_in(node, first, roles=("learner",), circle=circle.id)
    other = roster.add_person(node, name=" amina", picture="butterfly")
    goat = circles.take_in(node, {"name": "Amina", "picture": "goat"}, roles=("learner",), circle=circle.id)
    for act in (
        lambda: circles.take_in(node, first, roles=("learner",), circle=circle.id),
        lambda: circles.take_in(node, first, roles=("learner",)),
        lambda: circles.join(node, circle=circle.id, person=other.id),
        lambda: circles.change_person(node, person=goat.id, picture="butterfly"),
    ):
        with pytest.raises(InputWrong, match="choose another picture, or add a letter to the name"):
            act()
    assert circles.members(node, circle.id) == [*circles.members(node, circle.id)[:1], goat]
    assert circles.change_person(node, person=goat.id, name="Amina K.", picture="butterfly")


def test_no_two_circles_have_one_name_and_one_picture(node: Node) -> None:
    """By being made or changed; once the first is closed, both are free."""
    first = circles.add_circle(node, name="Number friends", picture="market")
    second = circles.add_circle(node, name="Number friends", picture="river")
    with pytest.raises(InputWrong, match="choose another picture, or another name"):
        circles.add_circle(node, name="number  friends", picture="market")
    with pytest.raises(InputWrong, match="choose another picture, or another name"):
        circles.change_circle(node, circle=second.id, picture="market", is_open=True)
    assert circles.change_circle(node, circle=first.id, is_open=False)
    circles.end_circle(node, circle=first.id)
    assert circles.change_circle(node, circle=second.id, picture="market", is_open=True)


def test_a_part_is_learner_or_facilitator(node: Node) -> None:
    """Any other part is refused."""
    amina, _ = _two(node)
    circle = circles.add_circle(node, name="Number friends", picture="market")
    with pytest.raises(InputWrong, match="learner or facilitator"):
        circles.join(node, circle=circle.id, person=amina.id, part="king")
