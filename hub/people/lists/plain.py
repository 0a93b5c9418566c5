"""The plain CSV: one row a person. Only the name is needed.

Columns: id, name, picture, roles, circles, leads, birth_year, language, household, relation. Several words in a cell
are parted by `|`. Without an id, name and circles know the person again.
"""

from hub.errors import InputWrong
from hub.people import roster
from hub.people.households import RELATIONS
from hub.people.lists import rows
from hub.people.lists.intake import Group, Home, Intake, Membership, Newcomer

COLUMNS = ("id", "name", "picture", "roles", "circles", "leads", "birth_year", "language", "household", "relation")
OTHER_NAMES = {"role": "roles", "circle": "circles", "year": "birth_year", "lang": "language"}
YEAR_DIGITS = 4

Homes = dict[str, tuple[str, list[tuple[str, str]]]]
"""A household's key → its name, and pairs of a person's key and a relation."""


def read(name: str, data: bytes) -> Intake:
    """What a plain CSV says. Raises InputWrong; ListWrong when single rows are wrong."""
    columns, lines = rows.read(name, data)
    unknown = [each for each in columns if OTHER_NAMES.get(each, each) not in COLUMNS]
    if unknown or "name" not in columns:
        raise InputWrong(
            "%(file)s has the columns %(columns)s; a list of people has %(known)s, and needs name."
            " Nothing was changed.",
            file=name,
            columns=", ".join(columns),
            known=", ".join(COLUMNS),
        )
    intake = Intake()
    homes: Homes = {}
    for at, cells in lines:
        with intake.row(at):
            _take_row(intake, homes, at, {OTHER_NAMES.get(column, column): cell for column, cell in cells.items()})
    intake.homes = {key: Home(key, found[0], tuple(found[1])) for key, found in homes.items()}
    return intake.check()


def _take_row(
    intake: Intake, homes: dict[str, tuple[str, list[tuple[str, str]]]], at: str, cells: dict[str, str]
) -> None:
    facts = _facts(cells)
    learns, leads = _words(cells, "circles"), _words(cells, "leads")
    key = cells.get("id") or f"{facts['name'].casefold()} / {'|'.join([*learns, *leads]).casefold()}"[:255]
    if key in intake.people:
        raise InputWrong("this is the same person as in %(at)s; tell them apart by an id.", at=intake.people[key].at)
    roles = frozenset(_words(cells, "roles")) | ({"facilitator"} if leads else set())
    _check(roles, cells.get("relation", ""))
    intake.people[key] = Newcomer(at, key, facts, roles)
    for part, names in (("learner", learns), ("facilitator", leads)):
        for name in names:
            group = Group(name.casefold(), roster.check_name(name))
            intake.groups.setdefault(group.key, group)
            intake.memberships.append(Membership(key, group.key, part))
    if cells.get("household"):
        home = homes.setdefault(cells["household"].casefold(), (roster.check_name(cells["household"]), []))
        relation = cells.get("relation") or ("guardian" if "guardian" in roles else "child")
        home[1].append((key, relation))


def _facts(cells: dict[str, str]) -> roster.Facts:
    """What the row says of the person, checked."""
    said: roster.Facts = {"name": cells["name"]}
    if cells.get("picture"):
        said["picture"] = cells["picture"]
    if cells.get("birth_year"):
        said["birth_year"] = _year(cells["birth_year"])
    if cells.get("language"):
        said["language"] = cells["language"]
    if cells.get("id"):
        roster.checked({"sourced_id": cells["id"]})
    roster.checked(said)
    return {**said, "name": roster.check_name(cells["name"])}


def _year(text: str) -> int:
    if not (text.isdecimal() and len(text) == YEAR_DIGITS):
        raise InputWrong("a birth year is four digits like 2016, or nothing.")
    return int(text)


def _words(cells: dict[str, str], column: str) -> list[str]:
    return [word.strip() for word in cells.get(column, "").split("|") if word.strip()]


def _check(roles: frozenset[str], relation: str) -> None:
    wrong = sorted(roles - set(roster.ROLES))
    if wrong:
        raise InputWrong(
            "there is no role %(role)r; there are %(roles)s.", role=wrong[0], roles=", ".join(roster.ROLES)
        )
    if relation and relation not in RELATIONS:
        raise InputWrong(
            "there is no relation %(relation)r; there are %(relations)s.",
            relation=relation,
            relations=", ".join(RELATIONS),
        )
