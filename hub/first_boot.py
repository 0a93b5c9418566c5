"""Make a hub, and finish its set-up: a name and one person who looks after it. Everything here is safe to repeat."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from content.starter import packages, stage
from hub import __version__, config, library
from hub.errors import InputWrong
from hub.node import Node, make_home
from hub.people import credentials, roster

NAME_MAX = 60
"""Letters in a hub's name; it is shown on a phone's first line."""
FIRST_ROLES = ("librarian", "steward")
"""What the first person is: somebody must look after the shelf and somebody after the community."""


@dataclass(frozen=True)
class Begun:
    """What `begin` found or made."""

    hub_id: str
    name: str
    is_begun: bool


def lay_home(home: Path, choices: dict[str, str]) -> None:
    """Make the home folder and write the chosen settings (name, role, database) into its `settings.toml`.

    A choice that is made already stays unless it is chosen anew. Raises SettingWrong before anything is written.
    """
    config.load(home, choices)
    make_home(home)
    config.keep(home, choices)


def name_hub(node: Node, name: str) -> None:
    """Say what this hub is called, to its own people and to whoever hears of it. Raises InputWrong."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= NAME_MAX:
        raise InputWrong(
            "A hub's name has 1 to %(most)s letters. Nothing was changed; choose another name.", most=NAME_MAX
        )
    facts: dict[str, Any] = {
        "name": name,
        "role": node.settings.role,
        "language": node.settings.language,
        "software": __version__,
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
    tables = node.tables
    keepers = tables.Role.select().where((tables.Role.role.in_(("librarian", "region"))) & (tables.Role.is_held == 1))
    return tables.Hub.select().exists() and keepers.exists()


def fill_shelf(node: Node) -> int:
    """Put the starter library on the shelf; returns how many packages were new or newer."""
    count = 0
    with tempfile.TemporaryDirectory(prefix="starter-", dir=node.home) as folder:
        for starter in packages():
            count += library.add_if_newer(node, stage(starter, Path(folder) / starter.id))
    return count


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
