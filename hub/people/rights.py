"""Who may do what for whom. Librarians and stewards look after everybody, a facilitator after the own circles."""

from collections.abc import Collection

from hub.errors import NotAllowed
from hub.node import Node
from hub.people import circles, roster
from hub.people.circles import Circle
from hub.people.roster import KEEPERS, Person


def keeps(actor: Person) -> bool:
    """Whether somebody looks after all people here."""
    return bool(actor.roles & KEEPERS)


def check_sees(node: Node, *, actor: Person, person: Person) -> None:
    """Raises NotAllowed unless `actor` may open `person`'s page; it does not tell what that person is called."""
    if not keeps(actor) and not circles.leads(node, leader=actor.id, person=person.id):
        raise NotAllowed("That person is not in a circle of yours. Nothing was changed; ask a librarian or steward.")


def check_resets(node: Node, *, actor: Person, person: Person) -> None:
    """Raises NotAllowed unless `actor` may hand `person` a new secret.

    A facilitator hands none to somebody whose role opens more than the own pages.
    """
    check_sees(node, actor=actor, person=person)
    if actor.id == person.id:
        raise NotAllowed("Your own secret you change yourself, behind your picture. Nothing was changed.")
    if not keeps(actor) and not person.is_plain:
        raise NotAllowed(
            "%(name)s's secret is handed over by a librarian or steward. Nothing was changed.", name=person.name
        )


def seen_by(node: Node, actor: Person) -> list[Person]:
    """Everybody whose page `actor` may open, by name, those who rest among them."""
    if keeps(actor):
        return roster.people(node, is_active=None)
    found = {each for circle in _led(node, actor) for each in circles.members(node, circle.id, "learner")}
    return sorted(found, key=lambda each: (each.name.casefold(), each.id))


def circles_of(node: Node, actor: Person) -> list[Circle]:
    """The circles into which `actor` may put somebody new."""
    return circles.circles(node) if keeps(actor) else _led(node, actor)


def check_adds(node: Node, *, actor: Person, roles: Collection[str], circle: str) -> None:
    """Raises NotAllowed unless `actor` may add somebody with these roles to this circle ('' for none)."""
    led = {each.id for each in _led(node, actor)}
    if not keeps(actor) and (set(roles) != {"learner"} or circle not in led):
        raise NotAllowed("A facilitator adds learners to the own circles. Nothing was changed; ask a librarian.")


def _led(node: Node, actor: Person) -> list[Circle]:
    return circles.led_by(node, actor.id) if "facilitator" in actor.roles else []
