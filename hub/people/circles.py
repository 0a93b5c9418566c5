"""Circles: people who learn together, and who leads them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Unpack

from hub.acts import By
from hub.errors import InputWrong, NotFound
from hub.node import Node
from hub.people import roster
from hub.people.pictures import AVATARS, PLACES
from hub.people.roster import Person
from hub.people.settle import settle
from hub.tables import run

KINDS = ("circle", "class", "team")
PARTS = ("learner", "facilitator")


@dataclass(frozen=True)
class Circle:
    """One circle as pages and services see it."""

    id: str
    name: str
    picture: str
    kind: str
    is_open: bool


def circles(node: Node) -> list[Circle]:
    """All circles that meet, by name."""
    return _circles(node.tables.Circle.select().where(node.tables.Circle.is_active == 1))


def circle(node: Node, id: str) -> Circle:  # noqa: A002 - the word of the interface
    """The circle with this id. Raises NotFound, also for one that was closed for good."""
    table = node.tables.Circle
    found = _circles(table.select().where((table.id == id) & (table.is_active == 1)))
    if not found:
        raise NotFound("There is no circle at this address. Look in the list of circles.")
    return found[0]


def add_circle(
    node: Node, *, name: str, picture: str, kind: str = "circle", is_open: bool = True, sourced_id: str = ""
) -> Circle:
    """A new circle. Raises InputWrong before anything is written, also for one that looks like another."""
    facts = checked(name=name, picture=picture, kind=kind)

    def work() -> str:
        made = node.new_id()
        _check_looks(node, made, facts["name"], facts["picture"])
        settle(node, "circle", made, **facts, is_open=int(is_open), sourced_id=sourced_id, is_active=1)
        return made

    return circle(node, node.write(work))


def change_circle(node: Node, *, circle: str, is_open: bool, **facts: str) -> bool:
    """Change name, picture, kind, and whether newcomers may join by themselves; True when something differed.

    Raises NotFound or InputWrong, also when it would look like another.
    """
    _circle(node, circle)
    fitting = checked(**facts)

    def work() -> bool:
        standing = _circle(node, circle)
        _check_looks(node, circle, fitting.get("name", standing.name), fitting.get("picture", standing.picture))
        return settle(node, "circle", circle, **fitting, is_open=int(is_open))

    return node.write(work)


def end_circle(node: Node, *, circle: str) -> bool:
    """Close a circle for good; its people and their records stay. Safe to repeat."""
    return node.write(lambda: settle(node, "circle", circle, is_active=0)) if _exists(node, circle) else False


def checked(**facts: str) -> dict[str, str]:
    """The facts of a circle in the form they are kept in. Raises InputWrong."""
    if "name" in facts:
        facts["name"] = roster.check_name(facts["name"])
    if "picture" in facts:
        facts["picture"] = check_place(facts["picture"])
    if "kind" in facts and facts["kind"] not in KINDS:
        raise InputWrong("A group is a %(kinds)s. Nothing was changed.", kinds=", a ".join(KINDS))
    return facts


def check_place(picture: str) -> str:
    """A picture a group may have. Raises InputWrong."""
    if picture not in PLACES and picture not in AVATARS:
        raise InputWrong("That picture is not among ours. Nothing was changed; choose one from the page.")
    return picture


def join(node: Node, *, circle: str, person: str, part: str = "learner", by: By | None = None) -> bool:
    """Put somebody into a circle as learner or facilitator; True when that was new. Raises NotFound or InputWrong.

    Whoever leads a circle holds the role of facilitator too. Nobody joins who has the name and picture of another.
    """
    _circle(node, circle)
    found = roster.person(node, person)
    if part not in PARTS:
        raise InputWrong("In a circle one is %(parts)s. Nothing was changed.", parts=" or ".join(PARTS))
    fields = {"circle": circle, "person": person, "part": part, "is_member": 1}

    def work() -> bool:
        _check_tile(members(node, circle), person, found.name, found.picture)
        if part == "facilitator":
            roster.give_role(node, person=person, role="facilitator", by=by)
        return settle(node, "membership", f"{circle}/{person}", **fields)

    return node.write(work)


def take_in(
    node: Node, facts: roster.Facts, *, roles: Collection[str], circle: str = "", by: By | None = None
) -> Person:
    """Somebody new, in a circle at once when one is named. Raises NotFound or InputWrong; then nobody was made."""

    def work() -> Person:
        made = roster.add_person(node, **facts, roles=tuple(roles), by=by)
        if not circle:
            _check_tile(outside(node), made.id, made.name, made.picture)
        if circle:
            part = "facilitator" if "facilitator" in roles else "learner"
            join(node, circle=circle, person=made.id, part=part, by=by)
        return made

    return node.write(work)


def change_person(node: Node, *, person: str, **facts: Unpack[roster.Facts]) -> bool:
    """Change some facts of a person; True when something differed.

    Raises InputWrong or NotFound, also when somebody beside them has that name and picture; then nothing changed.
    """

    def work() -> bool:
        is_changed = roster.change_person(node, person=person, **facts)
        if "name" in facts or "picture" in facts:
            after = roster.person(node, person)
            for beside in _beside(node, person):
                _check_tile(beside, person, after.name, after.picture)
        return is_changed

    return node.write(work)


def leave(node: Node, *, circle: str, person: str) -> bool:
    """Take somebody out of a circle; what they learned stays theirs. True when they were in it."""
    subject = f"{circle}/{person}"
    table = node.tables.Membership
    if table.get_or_none(table.id == subject) is None:
        return False
    return node.write(lambda: settle(node, "membership", subject, is_member=0))


def members(node: Node, circle: str, part: str | None = None) -> list[Person]:
    """The active people of a circle by name: all, or only its learners or facilitators."""
    table = node.tables.Membership
    query = table.select(table.person).where((table.circle == circle) & (table.is_member == 1))
    if part is not None:
        query = query.where(table.part == part)
    return roster.chosen(node, [row.person for row in query])


def circles_of(node: Node, person: str) -> list[Circle]:
    """The circles somebody is in, in whatever part."""
    return _joined(node, node.tables.Membership.person == person)


def led_by(node: Node, person: str) -> list[Circle]:
    """The circles somebody leads."""
    table = node.tables.Membership
    return _joined(node, (table.person == person) & (table.part == "facilitator"))


def leads(node: Node, *, leader: str, person: str) -> bool:
    """Whether `leader` leads a circle in which `person` learns."""
    led, table = [each.id for each in led_by(node, leader)], node.tables.Membership
    learning = (table.person == person) & (table.part == "learner") & (table.is_member == 1)
    return bool(led) and table.select().where(learning & table.circle.in_(led)).exists()


def sizes(node: Node) -> dict[str, int]:
    """How many active people are in each circle that has any."""
    asked = (
        "SELECT m.circle, COUNT(*) FROM membership m JOIN person p ON p.id = m.person"
        " WHERE m.is_member = 1 AND p.is_active = 1 GROUP BY m.circle"
    )
    return dict(run(node.tables, asked))


def leaders(node: Node) -> dict[str, list[Person]]:
    """Who leads each circle that is led, by name."""
    table = node.tables.Membership
    query = table.select(table.circle, table.person).where((table.part == "facilitator") & (table.is_member == 1))
    led: dict[str, list[str]] = {}
    for row in query:
        led.setdefault(row.person, []).append(row.circle)
    found: dict[str, list[Person]] = {}
    for person in roster.chosen(node, led):
        for each in led[person.id]:
            found.setdefault(each, []).append(person)
    return found


def outside(node: Node) -> list[Person]:
    """The active people who are in no circle: most grown-ups, and who is quite new."""
    return roster.where(node, _is_outside(node))


def is_anybody_outside(node: Node) -> bool:
    """Whether `outside` would name anybody."""
    table = node.tables.Person
    return bool(table.select().where(_is_outside(node) & (table.is_active == 1)).exists())


def _is_outside(node: Node) -> Any:
    table, circle_table = node.tables.Membership, node.tables.Circle
    meeting = circle_table.select(circle_table.id).where(circle_table.is_active == 1)
    inside = table.select(table.person).where((table.is_member == 1) & table.circle.in_(meeting))
    return node.tables.Person.id.not_in(inside)


def names_of_circles(node: Node) -> dict[str, list[str]]:
    """Person id → the names of the circles they are in, by name; who is in none is absent."""
    names = {each.id: each.name for each in circles(node)}
    table = node.tables.Membership
    found: dict[str, list[str]] = {}
    for row in table.select(table.person, table.circle).where(table.is_member == 1):
        if row.circle in names:
            found.setdefault(row.person, []).append(names[row.circle])
    return {person: sorted(joined, key=str.casefold) for person, joined in found.items()}


def _beside(node: Node, person: str) -> list[list[Person]]:
    """The groups in which somebody's tile stands at the sign-in."""
    joined = circles_of(node, person)
    return [members(node, each.id) for each in joined] if joined else [outside(node)]


def _check_tile(people: Iterable[Person], person: str, name: str, picture: str) -> None:
    """Raises InputWrong when another of these people has the name and the picture: two tiles would be the same."""
    if _is_taken(people, person, name, picture):
        raise InputWrong(
            "Somebody there has that name and that picture already. Nothing was changed;"
            " choose another picture, or add a letter to the name."
        )


def _check_looks(node: Node, circle: str, name: str, picture: str) -> None:
    """Raises InputWrong when another circle has the name and the picture."""
    if _is_taken(circles(node), circle, name, picture):
        raise InputWrong(
            "Another circle has that name and that picture already. Nothing was changed;"
            " choose another picture, or another name."
        )


def _is_taken(standing: Iterable[Person | Circle], own: str, name: str, picture: str) -> bool:
    return any(
        each.id != own and each.picture == picture and each.name.casefold() == name.casefold() for each in standing
    )


def _joined(node: Node, condition: Any) -> list[Circle]:
    table, circle_table = node.tables.Membership, node.tables.Circle
    mine = table.select(table.circle).where(condition & (table.is_member == 1))
    return _circles(circle_table.select().where(circle_table.id.in_(mine) & (circle_table.is_active == 1)))


def _circles(query: Iterable[Any]) -> list[Circle]:
    found = [Circle(row.id, row.name, row.picture, row.kind, bool(row.is_open)) for row in query]
    return sorted(found, key=lambda each: (each.name.casefold(), each.id))


def _exists(node: Node, circle_id: str) -> bool:
    return node.tables.Circle.get_or_none(node.tables.Circle.id == circle_id) is not None


def _circle(node: Node, circle_id: str) -> Circle:
    return circle(node, circle_id)
