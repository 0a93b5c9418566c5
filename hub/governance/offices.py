"""Who gives and takes roles, by what the community has settled about that."""

from collections.abc import Collection

from hub.acts import By
from hub.errors import InputWrong, NotAllowed
from hub.governance import matters, standing
from hub.governance.standing import Proposal
from hub.node import Node
from hub.people import circles, roster
from hub.people.roster import PLAIN, Person
from hub.typed import title


def set_roles(
    node: Node, *, actor: Person, person: str, roles: Collection[str], decision: str = "", why: str = ""
) -> bool:
    """Let somebody hold exactly these roles, by a decision or as the actor's own; True when that changed something.

    Raises NotAllowed, NotFound or InputWrong, and then nothing has changed.
    """
    by = By(actor.id, decision, title(why) if why.strip() else "")
    held = roster.person(node, person).roles

    def work() -> bool:
        if decision and decision not in {each.id for each in in_force(node)}:
            raise InputWrong("That decision is not in force. Nothing was changed; choose one from the page.")
        check_changes(node, actor=actor, roles=held ^ set(roles))
        check_gives(node, actor=actor, roles=set(roles) - held, decision=decision)
        return roster.set_roles(node, person=person, roles=roles, by=by)

    return node.write(work)


def in_force(node: Node) -> list[Proposal]:
    """The decisions by which somebody can be given a role, the latest first."""
    return [each for each in standing.read(node) if each.state == standing.ADOPTED]


def check_gives(node: Node, *, actor: Person, roles: Collection[str], decision: str = "") -> None:
    """Raises NotAllowed unless `actor` may give these roles, beside that of a learner, by this decision."""
    check_changes(node, actor=actor, roles=roles)
    if set(roles) - PLAIN and not decision and matters.value(node, matters.ROLES) == "decision":
        raise NotAllowed("Roles are given by a decision here. Nothing was changed; name the decision, or propose it.")


def check_changes(node: Node, *, actor: Person, roles: Collection[str]) -> None:
    """Raises NotAllowed when only stewards give and take roles, and `actor` is none."""
    if set(roles) - PLAIN and matters.value(node, matters.ROLES) != "keepers" and "steward" not in actor.roles:
        raise NotAllowed("Stewards give and take roles here. Nothing was changed; ask one of them.")


def join(node: Node, *, actor: Person, circle: str, person: str, part: str) -> bool:
    """Put somebody into a circle, which makes who leads it a facilitator; True when that was new.

    Raises NotAllowed, NotFound or InputWrong, and then nothing has changed.
    """
    if part == "facilitator" and part not in roster.person(node, person).roles:
        check_gives(node, actor=actor, roles={part})
    return circles.join(node, circle=circle, person=person, part=part, by=By(actor.id))
