"""Write everybody out as the plain CSV that can be brought in again, here or on another hub."""

import csv
import io
from typing import Any

from hub.node import Node
from hub.people import circles, roster
from hub.people.lists.plain import COLUMNS

SEPARATOR = "|"
"""Between the several values of one cell."""


def rows(node: Node) -> list[dict[str, Any]]:
    """All active people by name: one row each, by the columns of the plain CSV. No secret is in it."""
    places, homes = _places(node), _homes(node)
    sources = {row.id: row.sourced_id for row in node.tables.Person.select()}
    return [_row(person, sources[person.id], places, homes.get(person.id, ("", ""))) for person in roster.people(node)]


def as_csv(node: Node) -> str:
    """The same as a CSV; several values of one cell stand side by side in it."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for row in rows(node):
        writer.writerow({name: SEPARATOR.join(cell) if isinstance(cell, list) else cell for name, cell in row.items()})
    return text.getvalue()


def _row(
    person: roster.Person, source: str, places: dict[tuple[str, str], list[str]], home: tuple[str, str]
) -> dict[str, Any]:
    return {
        "id": source or person.id,
        "name": person.name,
        "picture": person.picture,
        "roles": [role for role in roster.ROLES if role in person.roles],
        "circles": places.get((person.id, "learner"), []),
        "leads": places.get((person.id, "facilitator"), []),
        "birth_year": person.birth_year,
        "language": person.language,
        "household": home[0],
        "relation": home[1],
    }


def _places(node: Node) -> dict[tuple[str, str], list[str]]:
    """(person, part) → names of circles, in their order."""
    names = {each.id: each.name for each in circles.circles(node)}
    table = node.tables.Membership
    found: dict[tuple[str, str], list[str]] = {}
    for row in table.select().where(table.is_member == 1):
        if row.circle in names:
            found.setdefault((row.person, row.part), []).append(names[row.circle])
    return {key: sorted(joined, key=str.casefold) for key, joined in found.items()}


def _homes(node: Node) -> dict[str, tuple[str, str]]:
    """Person → the first household's name, and the relation there."""
    table, homes = node.tables.HouseholdLink, node.tables.Household
    names = {row.id: row.name for row in homes.select().where(homes.is_active == 1)}
    rows = table.select().where(table.is_member == 1).order_by(table.id.desc())
    return {row.person: (names[row.household], row.relation) for row in rows if row.household in names}
