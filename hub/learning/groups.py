"""Groups by level: the learners of a class, parted by how far each is with one competency."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from hub.learning import rules
from hub.learning.classes import Learner, class_table
from hub.learning.progress import competencies
from hub.node import Node
from hub.people.circles import Circle
from hub.people.roster import Person

HELP, NOT_BEGUN = "help", "not begun"
ORDER = (HELP, rules.SEED, rules.SPROUT, rules.PLANT, rules.FLOWER, NOT_BEGUN)
"""Who waits for help comes first; who has not begun is a group as well."""


@dataclass(frozen=True)
class Group:
    """Everybody of a class on one level, by name; `level` is one of ORDER."""

    level: str
    people: tuple[Person, ...]


@dataclass(frozen=True)
class Parting:
    """A class by one competency: each learner is in exactly one of its groups, and none of them is empty."""

    competency: str
    statement: str
    language: str
    groups: tuple[Group, ...]


def by_level(
    node: Node, *, circle: str, wanted: Collection[str] = (), languages: Sequence[str] = ()
) -> tuple[Circle, list[Parting]]:
    """A circle with its groups for each competency of the shelf that somebody in it has met, or only for those in
    `wanted`, by their names. Sentences are in the first of `languages` in which they are. Raises NotFound."""
    table = class_table(node, circle=circle, languages=languages)
    met = {name for learner in table.learners for name in learner.states}
    found = [
        Parting(name, statement, manifest.language, _groups(name, table.learners))
        for name, (manifest, statement, _) in competencies(node, languages=languages).items()
        if name in met and (not wanted or name in wanted)
    ]
    return table.circle, found


def _groups(competency: str, learners: Sequence[Learner]) -> tuple[Group, ...]:
    level_of = {learner.person.id: _level(competency, learner) for learner in learners}
    parted = (
        Group(level, tuple(each.person for each in learners if level_of[each.person.id] == level)) for level in ORDER
    )
    return tuple(group for group in parted if group.people)


def _level(competency: str, learner: Learner) -> str:
    return HELP if competency in learner.struggles else learner.states.get(competency, NOT_BEGUN)
