"""OneRoster 1.2 CSV (and 1.1): users, classes, enrollments, roles and demographics, as schools' programs write them.

Only what the hub needs is taken: no e-mail, no telephone, no password, and of a birth date the year alone.
"""

from collections.abc import Callable, Iterator, Mapping

from hub.errors import InputWrong
from hub.people import roster
from hub.people.lists import rows
from hub.people.lists.intake import Group, Home, Intake, Membership, Newcomer, wrong_at
from hub.sentences import sentence

FILES = ("manifest.csv", "users.csv", "classes.csv", "enrollments.csv", "roles.csv", "demographics.csv")
VERSIONS = ("1.1", "1.2")
GONE = "tobedeleted"
ROLES = {
    "student": "learner",
    "teacher": "facilitator",
    "aide": "facilitator",
    "proctor": "facilitator",
    "counselor": "facilitator",
    "principal": "facilitator",
    "administrator": "facilitator",
    "siteadministrator": "facilitator",
    "districtadministrator": "facilitator",
    "systemadministrator": "facilitator",
    "parent": "guardian",
    "guardian": "guardian",
    "relative": "guardian",
}
"""Their roles in ours. Nobody becomes a librarian or steward by a school's file."""
NEEDED = {
    "users.csv": ("sourcedid", "givenname", "familyname"),
    "classes.csv": ("sourcedid", "title"),
    "enrollments.csv": ("classsourcedid", "usersourcedid", "role"),
    "roles.csv": ("usersourcedid", "role"),
    "demographics.csv": ("sourcedid", "birthdate"),
}
YEAR_DIGITS = 4

Rows = Iterator[tuple[str, dict[str, str]]]


def is_oneroster(columns: list[str]) -> bool:
    """Whether the columns are those of a `users.csv`."""
    return "sourcedid" in columns and "givenname" in columns


def read(files: Mapping[str, bytes]) -> Intake:
    """What the files of one export say together. Raises InputWrong; ListWrong when single rows are wrong."""
    if "users.csv" not in files:
        raise InputWrong("There is no users.csv among these files. Nothing was changed; export 'OneRoster 1.2 CSV'.")
    _check_version(files)
    intake = Intake()
    years: dict[str, int] = {}
    roles: dict[str, set[str]] = {}
    steps: tuple[tuple[str, Callable[[dict[str, str], str], None]], ...] = (
        ("demographics.csv", lambda cells, _: years.update(_year(cells))),
        ("roles.csv", lambda cells, _: _take_role(roles, cells)),
        ("users.csv", lambda cells, at: _take_user(intake, cells, at, years, roles)),
        ("classes.csv", lambda cells, _: _take_class(intake, cells)),
        ("enrollments.csv", lambda cells, _: _take_enrollment(intake, cells)),
    )
    for name, take in steps:
        for at, cells in _rows(name, files):
            with intake.row(at):
                take(cells, at)
    _check_agents(intake)
    return intake.check()


def _rows(name: str, files: Mapping[str, bytes]) -> Rows:
    """The rows of one file; none when it is absent."""
    if name not in files:
        return iter(())
    columns, lines = rows.read(name, files[name])
    missing = [column for column in NEEDED[name] if column not in columns]
    if missing:
        raise InputWrong(
            "%(file)s has no column %(column)r. Nothing was changed; export 'OneRoster 1.2 CSV'.",
            file=name,
            column=missing[0],
        )
    return lines


def _check_version(files: Mapping[str, bytes]) -> None:
    if "manifest.csv" in files:
        _, lines = rows.read("manifest.csv", files["manifest.csv"])
        said = {cells.get("propertyname", "").casefold(): cells.get("value", "") for _, cells in lines}
        version = said.get("oneroster.version", VERSIONS[-1])
        if version not in VERSIONS:
            raise InputWrong(
                "This is OneRoster %(version)s; the hub reads %(known)s. Nothing was changed.",
                version=version,
                known=", ".join(VERSIONS),
            )


def _year(cells: dict[str, str]) -> dict[str, int]:
    year = cells["birthdate"][:YEAR_DIGITS]
    if not cells["birthdate"]:
        return {}
    if not (year.isdecimal() and len(year) == YEAR_DIGITS):
        raise InputWrong("a birth date begins with four digits like 2016-05-01.")
    return {_id(cells, "sourcedid"): int(year)}


def _take_role(roles: dict[str, set[str]], cells: dict[str, str]) -> None:
    if not _is_gone(cells):
        roles.setdefault(cells["usersourcedid"], set()).add(_role(cells["role"]))


def _take_user(
    intake: Intake, cells: dict[str, str], at: str, years: dict[str, int], roles: dict[str, set[str]]
) -> None:
    key = _id(cells, "sourcedid")
    if key in intake.people:
        raise InputWrong("the sourcedId stands in %(at)s too.", at=intake.people[key].at)
    given, family = cells.get("preferredgivenname") or cells["givenname"], cells.get("preferredfamilyname")
    facts: roster.Facts = {"name": roster.check_name(f"{given} {family or cells['familyname']}")}
    if key in years:
        facts["birth_year"] = years[key]
        roster.checked({"birth_year": years[key]})
    held = roles.get(key) or ({_role(cells["role"])} if cells.get("role") else {"learner"})
    is_gone = _is_gone(cells) or cells.get("enableduser", "").casefold() == "false"
    intake.people[key] = Newcomer(at, key, facts, frozenset(held), is_gone)
    for agent in filter(None, (each.strip() for each in cells.get("agentsourcedids", "").split(","))):
        home = intake.homes.get(agent, Home(agent, "", ((agent, "guardian"),)))
        intake.homes[agent] = Home(agent, "", (*home.members, (key, "child")))


def _take_class(intake: Intake, cells: dict[str, str]) -> None:
    key = _id(cells, "sourcedid")
    intake.groups[key] = Group(key, roster.check_name(cells["title"]), "class", _is_gone(cells))


def _take_enrollment(intake: Intake, cells: dict[str, str]) -> None:
    person, group = cells["usersourcedid"], cells["classsourcedid"]
    if person not in intake.people:
        raise InputWrong("users.csv has nobody with the sourcedId %(id)r.", id=person[:60])
    if group not in intake.groups:
        raise InputWrong("classes.csv has no class with the sourcedId %(id)r.", id=group[:60])
    part = "learner" if _role(cells["role"]) == "learner" else "facilitator"
    intake.memberships.append(Membership(person, group, part, is_member=not _is_gone(cells)))


def _check_agents(intake: Intake) -> None:
    """Name each household after its guardian; a guardian who is in no row is a mistake of the file."""
    for key, home in list(intake.homes.items()):
        guardian = intake.people.get(key)
        if guardian is None:
            child = intake.people[home.members[1][0]]
            why = sentence("users.csv has no guardian with the sourcedId %(id)r.", id=key[:60])
            intake.problems.append(wrong_at(child.at, why))
        else:
            intake.homes[key] = Home(key, guardian.facts["name"], home.members)


def _is_gone(cells: dict[str, str]) -> bool:
    return cells.get("status", "").casefold() == GONE


def _role(word: str) -> str:
    role = ROLES.get(word.casefold())
    if role is None:
        raise InputWrong("the role %(role)r is none of OneRoster's.", role=word[:40])
    return role


def _id(cells: dict[str, str], column: str) -> str:
    if not cells[column]:
        raise InputWrong("the sourcedId is empty.")
    return str(roster.checked({"sourced_id": cells[column]})["sourced_id"])
