"""Bring a list in: all of it or nothing, and nothing a second time.

People are known again by the list's number, or by ours; circles by number or name. What the list does not say stays.
"""

import hashlib
from collections import Counter
from dataclasses import asdict, dataclass, fields
from typing import Any

from hub.node import Node
from hub.people import roster
from hub.people.lists.intake import Group, Home, Intake, Newcomer, Place
from hub.people.pictures import AVATARS, PLACES
from hub.people.settle import settle

WITHIN_S = 900
"""How long the longest list may take on a small machine."""


@dataclass(frozen=True)
class Taken:
    """What a list did, or would do."""

    people_new: int
    people_changed: int
    people_same: int
    circles_new: int
    places_changed: int
    households_new: int


class _OnlyLooking(Exception):  # noqa: N818 - not a mistake: it takes everything back
    """Carries what would have happened out of a transaction that is given up."""

    def __init__(self, taken: Taken) -> None:
        self.taken = taken


def take(node: Node, intake: Intake, *, dry_run: bool = False) -> Taken:
    """Bring everything in, in one transaction; a dry run says what would happen and keeps nothing of it.

    Raises NotAllowed for a list that would leave the hub without a keeper.
    """

    def work() -> Taken:
        taken = _Taking(node).take(intake)
        if dry_run:
            raise _OnlyLooking(taken)
        return taken

    try:
        return node.writer.write(work, within_s=WITHIN_S)
    except _OnlyLooking as looked:
        return looked.taken


class _Taking:
    """One list on its way in, with what stood here before."""

    def __init__(self, node: Node) -> None:
        self._node, tables = node, node.tables
        rows = list(tables.Person.select(tables.Person.id, tables.Person.sourced_id, tables.Person.picture))
        self._people = {row.sourced_id: row.id for row in rows if row.sourced_id} | {row.id: row.id for row in rows}
        self._pictures = Counter(row.picture for row in rows)
        circles = list(tables.Circle.select().where(tables.Circle.is_active == 1))
        self._circles = {row.name.casefold(): row.id for row in circles if not row.sourced_id}
        self._circles |= {row.sourced_id or row.id: row.id for row in circles}
        homes = list(tables.Household.select().where(tables.Household.is_active == 1))
        self._homes = {row.name.casefold(): row.id for row in homes} | {row.id: row.id for row in homes}
        self._counts: Counter[str] = Counter()

    def take(self, intake: Intake) -> Taken:
        """People first, then groups, places and homes, which speak of them."""
        for newcomer in intake.people.values():
            self._person(newcomer)
        for group in intake.groups.values():
            self._group(group)
        for place in intake.places:
            self._place(place)
        for home in intake.homes.values():
            self._home(home)
        return Taken(**{field.name: self._counts[field.name] for field in fields(Taken)})

    def _person(self, newcomer: Newcomer) -> None:
        standing = self._people.get(newcomer.key)
        if newcomer.is_gone:
            if standing is not None:
                self._counts["people_changed"] += roster.set_active(self._node, person=standing, is_active=False)
            return
        subject = self._people[newcomer.key] = standing or self._node.new_id()
        facts: dict[str, Any] = dict(newcomer.facts)
        if standing is None:
            facts = {"picture": self._picture(newcomer.key), **facts, "sourced_id": newcomer.key, "is_active": 1}
        changed = settle(self._node, "person", subject, **facts)
        for role in sorted(newcomer.roles) or ([] if standing else ["learner"]):
            changed |= roster.give_role(self._node, person=subject, role=role)
        self._counts["people_new" if standing is None else "people_changed" if changed else "people_same"] += 1

    def _picture(self, key: str) -> str:
        """The picture that fewest people have; among several the key decides, so that a dry run says the same."""
        fewest = min(self._pictures[name] for name in AVATARS)
        free = [name for name in AVATARS if self._pictures[name] == fewest]
        chosen = free[int(_digest(key), 16) % len(free)]
        self._pictures[chosen] += 1
        return chosen

    def _group(self, group: Group) -> None:
        standing = self._circles.get(group.key)
        if standing is not None and (group.is_gone or group.kind == "class"):
            facts = {"is_active": 0} if group.is_gone else {"name": group.name}
            settle(self._node, "circle", standing, **facts)
        if standing is not None or group.is_gone:
            return
        self._counts["circles_new"] += 1
        subject = self._circles[group.key] = self._node.new_id()
        facts = {"name": group.name, "kind": group.kind, "sourced_id": group.key if group.kind == "class" else ""}
        picture = PLACES[len(self._circles) % len(PLACES)]
        settle(self._node, "circle", subject, **facts, picture=picture, is_open=0, is_active=1)

    def _place(self, place: Place) -> None:
        person, circle = self._people.get(place.person), self._circles.get(place.group)
        subject, table = f"{circle}/{person}", self._node.tables.Membership
        is_new = table.get_or_none(table.id == subject) is None
        if person is None or circle is None or (is_new and not place.is_member):
            return
        facts = {"circle": circle, "person": person, "part": place.part, "is_member": int(place.is_member)}
        self._counts["places_changed"] += settle(self._node, "membership", subject, **facts)
        if place.is_member and place.part == "facilitator":
            roster.give_role(self._node, person=person, role="facilitator")

    def _home(self, home: Home) -> None:
        subject = self._homes.get(_digest(home.key)) or self._homes.get(home.key)
        if subject is None:
            self._counts["households_new"] += 1
            subject = self._homes[home.key] = _digest(home.key)
            picture = PLACES[len(self._homes) % len(PLACES)]
            settle(self._node, "household", subject, name=home.name, picture=picture, is_trusting=0, is_active=1)
        for key, relation in home.members:
            person = self._people.get(key)
            if person is not None:
                facts = {"household": subject, "person": person, "relation": relation, "is_member": 1}
                settle(self._node, "household.link", f"{subject}/{person}", **facts)


def as_numbers(taken: Taken) -> dict[str, int]:
    """The counts by name."""
    return asdict(taken)


def _digest(key: str) -> str:
    """A household's id from the list's key, so that the next import finds it again."""
    return hashlib.sha256(f"household/{key}".encode()).hexdigest()[:32]
