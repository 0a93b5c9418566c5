"""Make a hub, and finish its set-up: a name and one person who looks after it. Everything here is safe to repeat."""

import tempfile
from pathlib import Path
from typing import Any

from content.starter import packages, stage
from hub import __version__, config, library
from hub.database import close_database, open_database
from hub.errors import InputWrong
from hub.node import Node, make_home
from hub.people import credentials, roster
from hub.tables import put
from hub.tide import sealing

FIRST_ROLES = ("librarian", "steward")
"""What the first person is: somebody must look after the shelf and somebody after the community."""
STARTERS = "starters"
"""The note that says that the starter library was put on the shelf; what is taken away later stays away."""


def lay_home(home: Path, choices: dict[str, str]) -> None:
    """Make the home folder for a hub with these settings; none of them is kept yet.

    Raises SettingWrong, or DatabaseUnreachable where another server keeps the records, before anything is made.
    """
    settings = config.load(home, choices)
    if settings.database:
        close_database(open_database(settings.database, home))
    make_home(home)


def check_words(*, name: str | None, keeper: str | None, secret: str | None) -> None:
    """Raises InputWrong when a name or a secret cannot be taken; `settle` would, but only once there is a hub."""
    if name is not None:
        check_name(name)
    if keeper is not None:
        roster.check_name(keeper)
    if secret is not None:
        credentials.check_adult_secret(secret)


def check_role(node: Node) -> None:
    """Raises InputWrong when the settings chosen for a hub that has begun make another kind of hub of it."""
    face = node.tables.Hub.get_or_none(node.tables.Hub.id == node.identity.hub_id)
    if face is None and not node.tables.Person.select().exists():
        return
    role = face.role if face is not None else config.load(node.home).role
    if role != node.settings.role:
        raise InputWrong(
            "This hub has begun as another kind: its role is %(role)s and stays so. Nothing was changed; make the other"
            " hub in a home of its own, with --home.",
            role=role,
        )


def settle(node: Node, *, name: str = "", keeper: str = "", secret: str = "") -> None:
    """Keep the answers given on the command line, all or none; a keeper without a name keeps the hub's own.

    Raises InputWrong when one cannot be taken.
    """

    def work() -> None:
        if name or keeper:
            name_hub(node, name or node.name)
        if keeper:
            add_keeper(node, name=keeper, secret=secret)

    node.write(work)


def check_name(name: str) -> str:
    """A hub's name as it is kept. Raises InputWrong."""
    name = roster.tidy(name)
    if not 1 <= len(name) <= config.NAME_MAX:
        raise InputWrong(
            "A hub's name has 1 to %(most)s letters. Nothing was changed; choose another name.", most=config.NAME_MAX
        )
    return name


def name_hub(node: Node, name: str) -> None:
    """Say what this hub is called, to its own people and to whoever hears of it. Raises InputWrong."""
    facts: dict[str, Any] = {
        "name": check_name(name),
        "role": node.settings.role,
        "language": node.settings.language,
        "software": __version__,
        "sealing": sealing.ring(node).public.hex(),
    }
    standing = node.tables.Hub.get_or_none(node.tables.Hub.id == node.identity.hub_id)
    if standing is None or any(getattr(standing, field) != value for field, value in facts.items()):
        node.write(lambda: node.change("hub", node.identity.hub_id, **facts))


def add_keeper(node: Node, *, name: str, secret: str) -> roster.Person:
    """The first person: librarian and steward at once, or the region's coordinator on a regional hub.

    Repeating it with the same name sets the secret anew. Raises InputWrong when name or secret cannot be taken.
    """
    roles, name = _keeper_roles(node), roster.check_name(name)
    hashed = credentials.hashed(credentials.check_adult_secret(secret))

    def work() -> roster.Person:
        standing = [person for person in roster.people(node) if person.name == name and person.roles & set(roles)]
        person = standing[0] if standing else roster.add_person(node, name=name, picture="lamp", roles=roles)
        credentials.keep(node, person=person.id, hashed=hashed)
        return person

    return node.write(work)


def is_begun(node: Node) -> bool:
    """Whether there is a name and somebody who looks after the hub.

    Under whichever key the name was given: a community whose hub goes on under a new key is not open to anybody.
    """
    return node.remembered.of("is begun", lambda: _is_begun(node))


def _is_begun(node: Node) -> bool:
    tables = node.tables
    keepers = tables.Role.select().where((tables.Role.role.in_(("librarian", "region"))) & (tables.Role.is_held == 1))
    return tables.Hub.select().exists() and keepers.exists()


def fill_shelf(node: Node) -> None:
    """Put the starter library on the shelf: all of it at first, later only newer versions of what stands there.

    What stands there is listed first, so that serving need not do it. Cut off, or out of room, it goes on when said
    again. Raises a ContentError, StorageFull or OSError.
    """
    library.mend(node)
    is_first, gone = not has_starters(node), library.taken_away(node)
    with tempfile.TemporaryDirectory(prefix="starter-", dir=node.home) as folder:
        for starter in packages():
            if (is_first and starter.id not in gone) or node.shelf.standing(starter.id) is not None:
                library.add_if_newer(node, stage(starter, Path(folder) / starter.id))
    if is_first:
        node.write(lambda: note_starters(node))


def has_starters(node: Node) -> bool:
    """Whether the whole starter library was put on the shelf once."""
    return node.tables.Note.get_or_none(node.tables.Note.name == STARTERS) is not None


def note_starters(node: Node) -> None:
    """Note that the starter library was put on the shelf. Only inside `node.write`."""
    put(node.tables.Note, name=STARTERS, value="true")


def begin(node: Node, *, hub_name: str, keeper: str, secret: str) -> roster.Person:
    """Both answers of the set-up page at once; returns the keeper.

    Raises InputWrong, and then neither was kept: also when somebody else has answered a moment before.
    """
    name, hashed = roster.check_name(keeper), credentials.hashed(credentials.check_adult_secret(secret))

    def work() -> roster.Person:
        if is_begun(node):
            raise InputWrong("Somebody has set this hub up a moment ago. Nothing was changed; go to the front page.")
        name_hub(node, hub_name)
        person = roster.add_person(node, name=name, picture="lamp", roles=_keeper_roles(node))
        credentials.keep(node, person=person.id, hashed=hashed)
        return person

    return node.write(work)


def _keeper_roles(node: Node) -> tuple[str, ...]:
    return ("region", *FIRST_ROLES) if node.settings.role == "region" else FIRST_ROLES
