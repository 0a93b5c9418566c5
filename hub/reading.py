"""In which languages somebody learns, and how near to them something on the shelf is.

The language of the pages is another matter: a child may press French buttons and learn to read in Swahili.
"""

from collections.abc import Sequence

from hub.node import Node
from hub.people.roster import Person

ACTS = ("first", "in", "out")
"""What can be done with a language: put it first, add it behind the others, take it out."""


def languages(node: Node, person: Person) -> tuple[str, ...]:
    """The languages somebody learns in, the first one first: those they chose, else that of their pages, else ours."""
    return person.learns or (person.language or node.settings.language,)


def distance(language: str, wanted: Sequence[str]) -> int:
    """The place of a language in a wish list, from 0, in any country's way of it; the length of the list for none."""
    main = _main(language)
    return next((place for place, wish in enumerate(wanted) if _main(wish) == main), len(wanted))


def _main(language: str) -> str:
    return language.partition("-")[0].lower()


def changed(learns: Sequence[str], *, act: str, language: str) -> tuple[str, ...]:
    """The languages somebody learns in after one of ACTS."""
    others = tuple(each for each in learns if each != language)
    return {"first": (language, *others), "in": (*others, language), "out": others}[act]
