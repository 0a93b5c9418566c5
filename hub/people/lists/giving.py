"""Write everybody out as the plain CSV that can be brought in again, here or on another hub."""

import csv
import io

from hub.node import Node
from hub.people import circles, roster
from hub.people.lists.plain import COLUMNS


def as_csv(node: Node) -> str:
    """All active people, one row each, by name. No secret is in it."""
    places = _places(node)
    homes = _homes(node)
    sources = {row.id: row.sourced_id for row in node.tables.Person.select()}
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for person in roster.people(node):
        household, relation = homes.get(person.id, ("", ""))
        writer.writerow(
            {
                "id": sources[person.id] or person.id,
                "name": person.name,
                "picture": person.picture,
                "roles": "|".join(role for role in roster.ROLES if role in person.roles),
                "circles": "|".join(places.get((person.id, "learner"), [])),
                "leads": "|".join(places.get((person.id, "facilitator"), [])),
                "birth_year": person.birth_year or "",
                "language": person.language,
                "household": household,
                "relation": relation,
            }
        )
    return text.getvalue()


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
