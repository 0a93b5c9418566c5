"""What a list would do, found out by reading alone: which records would change, and what belongs together.

People are known again by the list's number, or by ours; circles by number or name. What the list does not say stays.
Somebody new gets an id that follows from the list's number, so that a list which comes in twice at once, or goes on
after a cut, makes the same person.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass, fields
from typing import Any

from hub.node import Node
from hub.people import roster
from hub.people.lists.intake import Group, Home, Intake, Membership, Newcomer
from hub.people.pictures import AVATARS, PLACES
from hub.people.settle import Change, differing, standing_rows
from hub.projections.erased import is_any_erased
from sync.ids import cut_id

KINDS = ("person", "role", "circle", "membership", "household", "household.link")


@dataclass(frozen=True)
class Taken:
    """What a list does."""

    people_new: int
    people_changed: int
    people_same: int
    circles_new: int
    memberships_changed: int
    households_new: int
    people_forgotten: int = 0


Move = tuple[Change, ...]
"""Changes that are made together or not at all: a person comes with the roles, a household with its people."""


@dataclass(frozen=True)
class Plan:
    """Everything a list changes: `moves` in their order, then who rests from now on."""

    taken: Taken
    moves: tuple[Move, ...]
    resting: tuple[str, ...]


def plan(node: Node, intake: Intake) -> Plan:
    """What would be done, without writing anything. Raises NotAllowed when nobody would look after the hub."""
    return _Planning(node).plan(intake)


class _Planning:
    """One list laid beside what stands here; `_rows` goes on as if the list were in already."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._rows = {kind: standing_rows(node, kind) for kind in KINDS}
        people = self._rows["person"]
        self._people = {row["sourced_id"]: id for id, row in people.items() if row["sourced_id"]} | {
            id: id for id in people
        }
        self._pictures = Counter(row["picture"] for row in people.values())
        circles = {id: row for id, row in self._rows["circle"].items() if row["is_active"]}
        self._circles = {row["name"].casefold(): id for id, row in circles.items() if not row["sourced_id"]}
        self._circles |= {row["sourced_id"] or id: id for id, row in circles.items()}
        homes = {id: row for id, row in self._rows["household"].items() if row["is_active"]}
        self._homes = {row["name"].casefold(): id for id, row in homes.items()} | {id: id for id in homes}
        self._counts: Counter[str] = Counter()
        self._moves: list[Move] = []
        self._resting: list[str] = []

    def plan(self, intake: Intake) -> Plan:
        """People first, then groups, memberships and homes, which speak of them."""
        for newcomer in intake.people.values():
            self._person(newcomer)
        for group in intake.groups.values():
            self._group(group)
        for membership in intake.memberships:
            self._membership(membership)
        for home in intake.homes.values():
            self._home(home)
        self._check_keepers()
        taken = Taken(**{field.name: self._counts[field.name] for field in fields(Taken)})
        return Plan(taken, tuple(self._moves), tuple(self._resting))

    def _move(self, *changes: Change) -> bool:
        """Note the changes that differ from what stands; False when none does."""
        made = []
        for change in changes:
            rows = self._rows[change.kind]
            fields = differing(rows.get(change.subject), change.fields)
            if fields is not None:
                rows[change.subject] = {**rows.get(change.subject, {}), **fields}
                made.append(change)
        if made:
            self._moves.append(tuple(made))
        return bool(made)

    def _person(self, newcomer: Newcomer) -> None:
        standing = self._people.get(newcomer.key)
        if newcomer.is_gone:
            self._rest(standing)
            return
        if standing is None and self._is_forgotten(newcomer.key):
            self._counts["people_forgotten"] += 1
            return
        subject = self._people[newcomer.key] = standing or self._fresh("person", newcomer.key)
        facts: dict[str, Any] = dict(newcomer.facts)
        if standing is None:
            facts = {"picture": self._picture(newcomer.key), **facts, "sourced_id": newcomer.key, "is_active": 1}
        roles = sorted(newcomer.roles) or ([] if standing else ["learner"])
        is_changed = self._move(Change("person", subject, facts), *(_role(subject, role) for role in roles))
        self._counts["people_new" if standing is None else "people_changed" if is_changed else "people_same"] += 1

    def _rest(self, standing: str | None) -> None:
        if standing is not None and self._rows["person"][standing]["is_active"]:
            self._rows["person"][standing]["is_active"] = 0
            self._resting.append(standing)
            self._counts["people_changed"] += 1

    def _is_forgotten(self, key: str) -> bool:
        """Whether somebody of this number was forgotten here: no list brings them back."""
        names = [key, self._id("person", key, 0)]
        return is_any_erased(self._node.tables, self._node.identity.hub_id, names)

    def _picture(self, key: str) -> str:
        """The picture that fewest people have; among several the key decides, so that a second look says the same."""
        fewest = min(self._pictures[name] for name in AVATARS)
        free = [name for name in AVATARS if self._pictures[name] == fewest]
        chosen = free[int(_digest(key), 16) % len(free)]
        self._pictures[chosen] += 1
        return chosen

    def _group(self, group: Group) -> None:
        standing = self._circles.get(group.key)
        if standing is not None and (group.is_gone or group.kind == "class"):
            self._move(Change("circle", standing, {"is_active": 0} if group.is_gone else {"name": group.name}))
        if standing is not None or group.is_gone:
            return
        self._counts["circles_new"] += 1
        subject = self._circles[group.key] = self._fresh("circle", group.key)
        facts = {"name": group.name, "kind": group.kind, "sourced_id": group.key if group.kind == "class" else ""}
        picture = PLACES[len(self._circles) % len(PLACES)]
        self._move(Change("circle", subject, {**facts, "picture": picture, "is_open": 0, "is_active": 1}))

    def _membership(self, membership: Membership) -> None:
        person, circle = self._people.get(membership.person), self._circles.get(membership.group)
        subject = f"{circle}/{person}"
        is_new = subject not in self._rows["membership"]
        if person is None or circle is None or (is_new and not membership.is_member):
            return
        facts = {"circle": circle, "person": person, "part": membership.part, "is_member": int(membership.is_member)}
        leads = membership.is_member and membership.part == "facilitator"
        roles = [_role(person, "facilitator")] if leads else []
        before = self._rows["membership"].get(subject)
        self._counts["memberships_changed"] += differing(before, facts) is not None
        self._move(*roles, Change("membership", subject, facts))

    def _home(self, home: Home) -> None:
        subject, facts = self._homes.get(_digest(home.key)) or self._homes.get(home.key), {}
        if subject is None:
            self._counts["households_new"] += 1
            subject = self._homes[home.key] = _digest(home.key)
            picture = PLACES[len(self._homes) % len(PLACES)]
            facts = {"name": home.name, "picture": picture, "is_trusting": 0, "is_active": 1}
        people = [(self._people[key], relation) for key, relation in home.members if key in self._people]
        links = [
            {"household": subject, "person": person, "relation": relation, "is_member": 1}
            for person, relation in people
        ]
        begun = [Change("household", subject, facts)] if facts else []
        self._move(*begun, *(Change("household.link", f"{subject}/{link['person']}", link) for link in links))

    def _check_keepers(self) -> None:
        """Nobody rests who is the last one to look after the hub, unless the list itself brings another."""
        people, roles = self._rows["person"], self._rows["role"].values()
        for role in roster.needed(self._node):
            holders = {row["person"] for row in roles if row["role"] == role and row["is_held"]}
            gone = [person for person in self._resting if person in holders]
            if gone and not any(people[person]["is_active"] for person in holders if person in people):
                raise roster.last_one(people[gone[0]]["name"], role)

    def _fresh(self, kind: str, key: str) -> str:
        """An id that nothing has yet, the same for the same key wherever the list is taken in on this hub."""
        number = 0
        while (subject := self._id(kind, key, number)) in self._rows[kind]:
            number += 1
        return subject

    def _id(self, kind: str, key: str, number: int) -> str:
        return cut_id(hashlib.sha256(f"{self._node.identity.hub_id} {kind} {number} {key}".encode()).digest())


def _role(person: str, role: str) -> Change:
    return Change("role", f"{person}/{role}", {"person": person, "role": role, "is_held": 1})


def _digest(key: str) -> str:
    """A household's id from the list's key, so that the next import finds it again."""
    return hashlib.sha256(f"household/{key}".encode()).hexdigest()[:32]
