"""What other hubs share with this one by an agreement: people and groups by name, and counts of many."""

from dataclasses import dataclass
from typing import Any

from hub.node import Node
from hub.tide import spoken

SORTS = ("people", "all", "package", "competency")
"""What a count is of, in the order of reading."""
PERIODS_SHOWN = 2
"""Periods of a hub whose counts are shown; older ones stay in the records."""


@dataclass(frozen=True)
class Group:
    """A group of a neighbour, with those of it who are named to us."""

    name: str
    picture: str
    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Told:
    """What one hub tells: people by name and picture, groups, and counts in sentences, the latest first."""

    hub: str
    name: str
    people: tuple[tuple[str, str], ...]
    groups: tuple[Group, ...]
    counts: tuple[str, ...]


def shared_with_us(node: Node) -> list[Told]:
    """Every other hub that tells us something, by name."""
    tables, ours = node.tables, node.identity.hub_id
    people = _here(tables.SharedPerson)
    circles = _here(tables.SharedCircle)
    counted = {row.hub for row in tables.SharedCount.select(tables.SharedCount.hub).distinct()}
    hubs = {*(row.hub for row in people), *(row.hub for row in circles), *counted} - {ours}
    found = [_told(node, hub, people, circles) for hub in hubs]
    return sorted(found, key=lambda each: (each.name.casefold(), each.hub))


def counts_of(node: Node, hub: str) -> tuple[str, ...]:
    """The counts that a hub told of its last periods, in sentences."""
    table = node.tables.SharedCount
    ends = [row.until_ms for row in table.select(table.until_ms).where(table.hub == hub).distinct()]
    latest = sorted(ends, reverse=True)[:PERIODS_SHOWN]
    rows = table.select().where((table.hub == hub) & table.until_ms.in_(latest))
    ordered = sorted(rows, key=lambda row: (-row.until_ms, SORTS.index(row.sort), row.title.casefold(), row.name))
    return tuple(spoken.counted(row.__data__) for row in ordered if row.sort in SORTS)


def _here(table: Any) -> list[Any]:
    return list(table.select().where(table.is_here == 1))


def _told(node: Node, hub: str, people: list[Any], circles: list[Any]) -> Told:
    mine = sorted((row for row in people if row.hub == hub), key=lambda row: (row.name.casefold(), row.id))
    groups = sorted((row for row in circles if row.hub == hub), key=lambda row: (row.name.casefold(), row.id))
    return Told(
        hub=hub,
        name=spoken.named(node, hub),
        people=tuple((row.name, row.picture) for row in mine),
        groups=tuple(
            Group(
                row.name,
                row.picture,
                tuple((each.name, each.picture) for each in mine if row.id in each.circles.split()),
            )
            for row in groups
        ),
        counts=counts_of(node, hub),
    )
