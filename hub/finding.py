"""Finding without knowing the right words: what may be chosen beside them, and what half a word could become.

What there is to choose is counted by the catalogue in marks (`content.facets`); here it becomes facets with values.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from content import counting
from content.catalogue import NOTHING_CHOSEN
from content.entries import Row
from content.facets import FACETS, suits
from hub import library, reading, seeing, zims
from hub.node import Node
from hub.people.roster import Person

VALUES_MAX = 12
"""Values of one facet that are offered: more are a list to get lost in."""

ORDERED = ("level", "time", "goal")
"""Facets whose values have an order of their own; those of others come by their number."""

_PLACES = {value: place for place, value in enumerate(("beginner", "middle", "advanced", "10", "30", "more"))}

SUGGESTED_MAX = 10


@dataclass(frozen=True)
class Value:
    """One value of a facet and how much has it; `is_capped` when it was counted no further."""

    facet: str
    name: str
    count: int
    is_capped: bool
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """What may be chosen in one respect: only values that something has."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Browsed:
    """The packages of a choice, those in preferred languages first, and what else may be chosen."""

    packages: tuple[Row, ...]
    facets: tuple[Facet, ...]
    total: int


def browse(
    node: Node,
    *,
    chosen: Mapping[str, str] = NOTHING_CHOSEN,
    preferred: Sequence[str] = (),
    person: Person | None = None,
) -> Browsed:
    """The packages with the chosen value of each facet, and how many each further choice would leave; only such that
    hold something for `person`."""
    rows = library.packages_for(node, person)
    marks = counting.of_marks(Counter(row.marks for row in rows), chosen)
    fitting = [row for row in rows if suits(row.marks, chosen)]
    ordered = sorted(fitting, key=lambda row: reading.distance(row.language, preferred))
    return Browsed(tuple(ordered), _facets(marks, chosen), len(rows))


def beside(
    node: Node, words: str, *, chosen: Mapping[str, str] = NOTHING_CHOSEN, person: Person | None = None
) -> tuple[Facet, ...]:
    """What may be chosen beside the words of a search, with the number of passages each choice would leave."""
    within = {**chosen, **seeing.always(node, person)}
    found = Counter(node.catalogue.counts(words, chosen=within)) + zims.counts(node, words, chosen=within)
    return _facets(found, chosen)


def abilities(node: Node, names: Iterable[str], preferred: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The sentence of each ability and its language, in the nearest of the preferred languages."""
    found = node.catalogue.statements(list(names))
    return {
        name: min(told, key=lambda each: reading.distance(each[0], preferred))[::-1]
        for name, told in found.items()
        if told
    }


def suggestions(
    node: Node, typed: str, preferred: Sequence[str], person: Person | None = None
) -> list[tuple[str, str]]:
    """What somebody who types may mean, at most SUGGESTED_MAX titles and words with their languages, nearest first."""
    found = node.catalogue.begun(typed, chosen=seeing.always(node, person))
    ordered = sorted(found, key=lambda each: reading.distance(each[1], preferred))
    return ordered[:SUGGESTED_MAX]


def _facets(marks: Mapping[str, int], chosen: Mapping[str, str]) -> tuple[Facet, ...]:
    """What is chosen stays in sight with the number 0 when nothing has it beside the rest."""
    counted = {**{f"{facet}={value}": 0 for facet, value in chosen.items()}, **marks}
    values = [_value(mark, number, chosen) for mark, number in counted.items()]
    found = [Facet(name, _sorted(name, [each for each in values if each.facet == name])) for name in FACETS]
    return tuple(facet for facet in found if facet.values)


def _value(mark: str, number: int, chosen: Mapping[str, str]) -> Value:
    facet, _, name = mark.partition("=")
    is_capped = number > counting.COUNTED_MAX
    return Value(facet, name, min(number, counting.COUNTED_MAX), is_capped, chosen.get(facet) == name)


def _sorted(facet: str, values: list[Value]) -> tuple[Value, ...]:
    most = sorted(values, key=lambda each: (not each.is_chosen, -each.count, each.name))[:VALUES_MAX]
    if facet not in ORDERED:
        return tuple(sorted(most, key=lambda each: (-each.count, each.name)))
    return tuple(sorted(most, key=lambda each: _PLACES.get(each.name, int(each.name) if each.name.isdecimal() else 0)))
