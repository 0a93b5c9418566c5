"""The two adults who read what is reported: a steward names them, and that is logged and shown as the steward's own.

Two copies of a hub that name apart leave more than two; all of them read. While there are fewer than two, the stewards
read as well, so that no report lies unread. Nobody reads what is about them.
"""

from collections.abc import Collection
from dataclasses import dataclass

from hub import acts
from hub.acts import By
from hub.errors import InputWrong, NotAllowed
from hub.node import Node
from hub.people import ages, roster
from hub.people.roster import KEEPERS, PLAIN, Person
from hub.people.settle import Change, settle_all

COUNT = 2
"""Adults who are to be named: one may be away, and one may be who it is about."""


@dataclass(frozen=True)
class Word:
    """Who is named, by which steward, and when."""

    person: Person
    actor: Person | None
    said_ms: int


def words(node: Node) -> list[Word]:
    """Everybody who is named and still here, by name."""
    table = node.tables.Named
    rows = {row.id: row for row in table.select().where(table.is_named == 1)}
    here = {each.id: each for each in roster.chosen(node, {*rows, *(row.actor for row in rows.values())})}
    found = [Word(here[name], here.get(row.actor), row.said_ms) for name, row in rows.items() if name in here]
    return sorted(found, key=lambda each: (each.person.name, each.person.id))


def people(node: Node) -> list[Person]:
    """The adults who are named and still hold what they could be named by."""
    known = {each.id for each in choosable(node)}
    return [each.person for each in words(node) if each.person.id in known]


def readers(node: Node, about: Collection[str] = ()) -> list[Person]:
    """Who reads a report that is about these people: the named adults, with the stewards where there are too few.

    Where it is about them all, another keeper of the hub does.
    """
    found = [each for each in people(node) if each.id not in about]
    if len(found) < COUNT:
        found += [each for each in roster.people(node, role="steward") if each.id not in about and each not in found]
    return found or [each for each in _keepers(node) if each.id not in about]


def choosable(node: Node) -> list[Person]:
    """The adults who can be named: those of age who hold a role at this place, not only at the region."""
    grown_up = [each for each in roster.people(node) if ages.years(node, each) >= ages.OF_AGE_YEARS]
    return [each for each in grown_up if not each.roles <= {*PLAIN, "region"}]


def name(node: Node, *, actor: Person, chosen: Collection[str]) -> bool:
    """Name two adults, instead of whoever is named; True when that changed anything.

    Raises NotAllowed or InputWrong before anything is written.
    """
    if "steward" not in actor.roles:
        raise NotAllowed("A steward names who reads reports. Nothing was changed; ask one.")
    known = {each.id for each in choosable(node)}
    if len(set(chosen)) != COUNT or not set(chosen) <= known:
        raise InputWrong(
            "Two adults read reports, so that one of them is always there. Nothing was changed; choose two."
        )
    said = {"actor": actor.id, "said_ms": node.clock.now_ms()}

    def work() -> bool:
        before = {each.id for each in people(node)}
        changed = [(each, 1) for each in sorted(set(chosen) - before)] + [
            (each, 0) for each in sorted(before - set(chosen))
        ]
        settle_all(
            node, [Change("protection.named", each, {"is_named": is_named, **said}) for each, is_named in changed]
        )
        for each, is_named in changed:
            acts.note(node, By(actor.id), sort=acts.READER, about=each, what=acts.NAMED if is_named else "")
        return bool(changed)

    return node.write(work)


def _keepers(node: Node) -> list[Person]:
    found = {each.id: each for role in sorted(KEEPERS, reverse=True) for each in roster.people(node, role=role)}
    return list(found.values())
