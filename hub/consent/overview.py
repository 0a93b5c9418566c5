"""Who was asked and who was not: the list that leads through a whole hub, one person after the other."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.consent import standing
from hub.consent.purposes import asked_here
from hub.node import Node
from hub.people import rights
from hub.people.roster import Person
from hub.tables.consents import GIVEN


@dataclass(frozen=True)
class Overview:
    """Those who learn here, each once: not asked about everything yet, said no to something, or yes to all."""

    unasked: tuple[Person, ...]
    noes: tuple[Person, ...]
    yeses: tuple[Person, ...]

    def after(self, person: Person) -> Person | None:
        """The next one by name to ask after this one, from the end back to the beginning; None when all were asked."""
        others = [each for each in self.unasked if each.id != person.id]
        later = [each for each in others if _place(each) > _place(person)]
        return next(iter((*later, *others)), None)


def overview(node: Node, actor: Person) -> Overview:
    """Those whom `actor` looks after, by name. Who said no to something stands there, whatever else was not asked."""
    learners = [each for each in rights.seen_by(node, actor) if each.is_active and "learner" in each.roles]
    said, names = standing.of_all(node), [each.name for each in asked_here(node)]
    parted: dict[str, list[Person]] = {"": [], "no": [], "yes": []}
    for each in learners:
        held = said.get(each.id, {})
        parted[_kind([held.get(name, standing.NOT_ASKED) for name in names])].append(each)
    return Overview(tuple(parted[""]), tuple(parted["no"]), tuple(parted["yes"]))


def _place(person: Person) -> tuple[str, str]:
    return person.name.casefold(), person.id


def _kind(answers: Sequence[str]) -> str:
    if any(standing.is_no(each) for each in answers):
        return "no"
    return "yes" if all(each == GIVEN for each in answers) else ""
