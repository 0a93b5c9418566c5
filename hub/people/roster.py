"""The people of a hub and the roles they hold. Everybody else finds a person here."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

from content.errors import N_
from hub import acts
from hub.acts import By
from hub.errors import InputWrong, NotAllowed, NotFound
from hub.node import Node
from hub.people.pictures import AVATARS
from hub.people.settle import settle
from hub.projections import roles
from hub.tables import among, run

ROLES = ("learner", "guardian", "facilitator", "librarian", "steward", "partner", "region")
KEEPERS = frozenset({"librarian", "steward"})
"""Those who look after people, circles and households."""
PLAIN = frozenset({"learner"})
"""Whoever holds only these sees only their own: three pictures, chosen by oneself, are secret enough."""
NAME_MAX = 60
"""Letters in a name; longer ones break the tiles."""
BIRTH_YEARS = range(1900, 2101)
"""Wide on purpose: the hub's clock may be years behind."""
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
LEARNS_MAX = 8
"""Languages that somebody learns in."""
SOURCED_ID_MAX = 255
"""OneRoster's own limit."""
FORMULA = ("=", "+", "-", "@")
"""Spreadsheets take a cell that begins so for a formula; lists of people are opened in them."""
JOINERS = "\u200c\u200d"
"""Invisible letters that Persian, Hindi and others need inside words."""


@dataclass(frozen=True)
class Person:
    """One person as pages and services see them."""

    id: str
    name: str
    picture: str
    birth_year: int | None
    language: str
    roles: frozenset[str]
    is_active: bool
    learns: tuple[str, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether this person holds no role that opens other people's records."""
        return self.roles <= PLAIN


class More(TypedDict, total=False):
    """What may be known of a person beside name and picture."""

    birth_year: int | None
    language: str
    learns: Sequence[str]
    sourced_id: str


class Facts(More, total=False):
    """What can be changed of a person; only what is said."""

    name: str
    picture: str


def people(node: Node, *, role: str = "", words: str = "", is_active: bool | None = True) -> list[Person]:
    """Everybody by name; narrowed to a role, to names that hold `words`, and to active ones unless that is None."""
    wanted, table, held = words.casefold().strip(), node.tables.Person, node.tables.Role
    query = table.select()
    if role:
        query = query.where(table.id.in_(held.select(held.person).where((held.role == role) & (held.is_held == 1))))
    if is_active is not None:
        query = query.where(table.is_active == int(is_active))
    return [each for each in _people(node, query) if wanted in each.name.casefold()]


def chosen(node: Node, ids: Collection[str]) -> list[Person]:
    """The people with these ids who are active, by name."""
    table = node.tables.Person
    query = table.select().where(table.id.in_(list(ids)) & (table.is_active == 1))
    return _people(node, query) if ids else []


def where(node: Node, condition: Any) -> list[Person]:
    """The active people for whom a condition on their table holds, by name; for rooms that know the tables."""
    table = node.tables.Person
    return _people(node, table.select().where(condition & (table.is_active == 1)))


def find(node: Node, person: str) -> Person | None:
    """The person with this id, active or not; None when there is none."""
    row = run(node.tables, FOUND, person).fetchone()
    return _person(row, _held(node, [row[0]])) if row else None


def person(node: Node, id: str) -> Person:  # noqa: A002 - the word of the interface
    """The person with this id, active or not. Raises NotFound."""
    found = find(node, id)
    if found is None:
        raise NotFound("Nobody here is known by this address. Look in the list of people.")
    return found


def add_person(
    node: Node,
    *,
    name: str,
    picture: str,
    roles: Sequence[str] = ("learner",),
    by: By | None = None,
    **more: Unpack[More],
) -> Person:
    """Somebody new; whose doing their roles are is written down. Raises InputWrong before anything is written."""
    fitting = checked({"name": name, "picture": picture, "birth_year": None, "language": "", "sourced_id": "", **more})
    _check_roles(roles)

    def work() -> str:
        made = node.new_id()
        settle(node, "person", made, **fitting, is_active=1)
        for role in roles:
            _hold(node, made, role, is_held=True, by=by if role not in PLAIN else None)
        return made

    return person(node, node.write(work))


def change_person(node: Node, *, person: str, **facts: Unpack[Facts]) -> bool:
    """Change some facts of a person; True when something differed.

    Raises InputWrong or NotFound, and changes nothing then.
    """
    _known(node, person)
    fitting = checked(facts)
    return node.write(lambda: settle(node, "person", person, **fitting))


def checked(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a person in the form they are kept in. Raises InputWrong for the first that cannot be."""
    return {field: CHECKS[field](value) for field, value in facts.items()}


def check_name(name: str) -> str:
    """The name of a person, a circle or a household as it is kept. Raises InputWrong."""
    name = tidy(name)
    if name.startswith(FORMULA):
        raise InputWrong("A name does not begin with a sign of arithmetic. Nothing was changed; begin with a letter.")
    if not 1 <= len(name) <= NAME_MAX:
        raise InputWrong(
            "A name has 1 to %(most)s letters. Nothing was changed; type the name once more.", most=NAME_MAX
        )
    return name


def tidy(name: str) -> str:
    """A name composed and with single spaces. Raises InputWrong when nobody can see what it is."""
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if any(unicodedata.category(letter).startswith("C") and letter not in JOINERS for letter in name):
        raise InputWrong("That name has a sign in it that cannot be shown. Nothing was changed; type it once more.")
    return name


def set_active(node: Node, *, person: str, is_active: bool) -> bool:
    """Let somebody rest, or come back; whoever rests is signed out everywhere and their record stays.

    Raises NotFound, or NotAllowed for the last one who looks after the hub.
    """
    _known(node, person)

    def work() -> bool:
        if not is_active:
            _keep_one(node, person, _held(node, [person]).get(person, frozenset()))
            node.tables.SignIn.delete().where(node.tables.SignIn.person == person).execute()
        return settle(node, "person", person, is_active=int(is_active))

    return node.write(work)


def give_role(node: Node, *, person: str, role: str, by: By | None = None) -> bool:
    """Let somebody hold a role; True when they did not yet.

    A role that opens other people's records asks for an adult's secret: three pictures end with it, and so does
    every sign-in from before. `by` is whose doing it is, None for the hub's own.
    """
    _known(node, person)
    _check_roles([role])

    def work() -> bool:
        is_new = _hold(node, person, role, is_held=True, by=by)
        if is_new and role not in PLAIN:
            _end_plain_ways(node, person)
        return is_new

    return node.write(work)


def _end_plain_ways(node: Node, person_id: str) -> None:
    """End three pictures; and the sign-ins of somebody who saw only their own until now, for they would open more."""
    secrets, sign_ins = node.tables.Credential, node.tables.SignIn
    secrets.delete().where((secrets.person == person_id) & secrets.kind.in_(("picture", "new"))).execute()
    if len(_held(node, [person_id])[person_id] - PLAIN) == 1:
        sign_ins.delete().where(sign_ins.person == person_id).execute()


def take_role(node: Node, *, person: str, role: str, by: By | None = None) -> bool:
    """Take a role back; True when it was held. Raises NotAllowed for the last one who looks after the hub."""
    _known(node, person)
    _check_roles([role])

    def work() -> bool:
        _keep_one(node, person, [role])
        return _hold(node, person, role, is_held=False, by=by)

    return node.write(work)


def set_roles(node: Node, *, person: str, roles: Collection[str], by: By) -> bool:
    """Let somebody hold exactly these roles; True when that changed something.

    Raises InputWrong or NotAllowed, and then nothing has changed.
    """
    _check_roles(roles)

    def work() -> list[bool]:
        given = [give_role(node, person=person, role=role, by=by) for role in roles]
        return given + [take_role(node, person=person, role=role, by=by) for role in ROLES if role not in roles]

    return any(node.write(work))


FOUND = "SELECT id, name, picture, birth_year, language, is_active, learns FROM person WHERE id = ?"
"""Asked for every page: written as it is, since making it anew each time takes longer than answering it."""
HELD = "SELECT person, role FROM role WHERE is_held = 1"
MANY = 200
"""Above this many people all roles are read at once; a longer list of ids is slower than the table."""


def _people(node: Node, query: Any) -> list[Person]:
    table = node.tables.Person
    columns = (table.id, table.name, table.picture, table.birth_year, table.language, table.is_active, table.learns)
    rows = list(query.select(*columns).tuples())
    held = _held(node, [row[0] for row in rows])
    return sorted((_person(row, held) for row in rows), key=lambda each: (each.name.casefold(), each.id))


def _person(row: tuple[Any, ...], held: Mapping[str, frozenset[str]]) -> Person:
    """A row of FOUND's columns as a person."""
    id_, name, picture, birth_year, language, is_active, learns = row
    roles = held.get(id_, frozenset())
    return Person(id_, name, picture, birth_year, language, roles, bool(is_active), tuple(learns.split()))


def _held(node: Node, ids: list[str]) -> dict[str, frozenset[str]]:
    """Each person's roles."""
    few = len(ids) <= MANY
    rows = among(node.tables, f"{HELD} AND person IN ({{}})", ids) if few else run(node.tables, HELD)
    roles: dict[str, set[str]] = {}
    for person_id, role in rows:
        roles.setdefault(person_id, set()).add(role)
    return {person_id: frozenset(names) for person_id, names in roles.items()}


def _known(node: Node, person_id: str) -> None:
    person(node, person_id)


def _hold(node: Node, person_id: str, role: str, *, is_held: bool, by: By | None) -> bool:
    """Write down that a role is held, or no more; True when that is new."""
    is_new = _settled(node, person_id, role, is_held=is_held)
    if is_new and by is not None:
        acts.note(node, by, sort=acts.ROLE_GIVEN if is_held else acts.ROLE_TAKEN, about=person_id, what=role)
    return is_new


def _settled(node: Node, person_id: str, role: str, *, is_held: bool) -> bool:
    subject = f"{person_id}/{role}"
    row = node.tables.Role.get_or_none(node.tables.Role.id == subject)
    if bool(row is not None and row.is_held) == is_held:
        return False
    if not is_held:
        return settle(node, "role", subject, person=person_id, role=role, is_held=0)
    knows = roles.taken_back(node.tables, subject)
    return settle(node, "role", subject, person=person_id, role=role, is_held=1, knows=knows)


LAST_ONES = {
    "librarian": N_("%(name)s is the last librarian here. Nothing was changed; give the role to somebody else first."),
    "steward": N_("%(name)s is the last steward here. Nothing was changed; give the role to somebody else first."),
    "region": N_("%(name)s is the last coordinator here. Nothing was changed; give the role to somebody else first."),
}
"""Role that somebody must hold → what is said to whoever would leave it to nobody."""


def needed(node: Node) -> frozenset[str]:
    """The roles that somebody must hold here: librarian and steward, in a region its coordinator too."""
    return KEEPERS | ({"region"} if node.settings.role == "region" else set())


def last_one(name: str, role: str) -> NotAllowed:
    """The refusal of what would leave nobody with a role that is needed."""
    return NotAllowed(LAST_ONES[role], name=name)


def _keep_one(node: Node, person_id: str, roles: Iterable[str]) -> None:
    """Refuse what would leave a role that is needed to nobody."""
    for role in needed(node).intersection(roles):
        holders = people(node, role=role)
        if [each.id for each in holders] == [person_id]:
            raise last_one(holders[0].name, role)


def _check_roles(roles: Iterable[str]) -> None:
    for role in roles:
        if role not in ROLES:
            raise InputWrong(
                "There is no role %(role)r; there are %(roles)s. Nothing was changed.",
                role=role,
                roles=", ".join(ROLES),
            )


def _check_picture(picture: str) -> str:
    if picture not in AVATARS:
        raise InputWrong("That picture is not among ours. Nothing was changed; choose one from the page.")
    return picture


def _check_year(year: int | None) -> int | None:
    if year is not None and year not in BIRTH_YEARS:
        raise InputWrong("A birth year is a number like 2016, or nothing. Nothing was changed.")
    return year


def _check_language(language: str) -> str:
    if language and not LANGUAGE.fullmatch(language):
        raise InputWrong("A language is a short code like en or sw, or nothing. Nothing was changed.")
    return language


def _check_learns(languages: Sequence[str]) -> str:
    if len(languages) > LEARNS_MAX:
        raise InputWrong("Choose at most %(most)s languages. Nothing was changed.", most=LEARNS_MAX)
    return " ".join(dict.fromkeys(_check_language(each) for each in languages if each))


def _check_source(sourced_id: str) -> str:
    if len(sourced_id) > SOURCED_ID_MAX or not sourced_id.isprintable() or sourced_id.startswith(FORMULA):
        raise InputWrong(
            "A number of another register has at most %(most)s letters and begins with no sign of arithmetic."
            " Nothing was changed.",
            most=SOURCED_ID_MAX,
        )
    return sourced_id


CHECKS: dict[str, Callable[[Any], Any]] = {
    "name": check_name,
    "picture": _check_picture,
    "birth_year": _check_year,
    "language": _check_language,
    "learns": _check_learns,
    "sourced_id": _check_source,
}
"""Field → what it must pass before it is kept."""
