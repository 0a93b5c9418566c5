"""How far a person is: with each package, what comes next, three to choose from, and what has grown."""

from collections.abc import Sequence
from dataclasses import dataclass

from content.package import Item, Manifest, field_id
from hub import reading, seeing
from hub.learning import known, rules
from hub.learning.known import Known, Seen
from hub.node import Node
from hub.people import ages, roster
from hub.people.roster import Person
from hub.tables.learning import FINISHED

CHOICES = 3


@dataclass(frozen=True)
class Way:
    """One package with how far somebody is: `states` holds the state of each item in which something was done."""

    manifest: Manifest
    states: dict[str, int]
    last_ms: int

    @property
    def done(self) -> int:
        """How many of its items are finished."""
        return sum(self.states.get(item.id, 0) >= FINISHED for item in self.manifest.items)

    @property
    def total(self) -> int:
        """How many items it has."""
        return len(self.manifest.items)

    @property
    def next_item(self) -> Item | None:
        """The first item that is not finished, or None."""
        return next((item for item in self.manifest.items if self.states.get(item.id, 0) < FINISHED), None)


@dataclass(frozen=True)
class Step:
    """One thing to do next: an item, and how far its package is."""

    manifest: Manifest
    item: Item
    done: int
    total: int
    is_begun: bool

    @property
    def number(self) -> int:
        """The item's place in its package, from 1."""
        return 1 + self.manifest.items.index(self.item)

    @property
    def href(self) -> str:
        """The address of the item's page."""
        return f"/learn/{self.manifest.id}/{self.item.id}/"

    @property
    def picture(self) -> str:
        """The path of a drawing that stands for it, or ""."""
        return self.item.picture or self.manifest.cover


@dataclass(frozen=True)
class Grown:
    """One competency of a person: its sentence, drawing (a path in `manifest`, or "") and state.

    `seen` is what a facilitator saw where that decides; else `right` of the latest `looked_at` answers do.
    """

    competency: str
    statement: str
    picture: str
    manifest: Manifest | None
    state: str
    needs_help: bool
    right: int
    looked_at: int
    seen: Seen | None = None

    @property
    def language(self) -> str:
        """The language of the sentence; "" where it has left the shelf."""
        return self.manifest.language if self.manifest else ""


@dataclass(frozen=True)
class Tally:
    """What a person did in all, also with what has left the shelf; `last_ms` is None before the first act."""

    finished: int
    last_ms: int | None


def of_person(node: Node, person: str) -> list[Way]:
    """Every package on the shelf in which a person has done something, the latest first; opening alone is nothing."""
    table = node.tables.Progress
    rows = table.select().where((table.person == person) & (table.state > 0))
    states: dict[str, dict[str, int]] = {}
    last: dict[str, int] = {}
    for row in rows:
        states.setdefault(row.package, {})[row.item] = row.state
        last[row.package] = max(last.get(row.package, row.last_ms), row.last_ms)
    learner = roster.find(node, person)
    here = {each: found for each in states if (found := node.shelf.standing(each))}
    ways = [Way(seeing.as_learner(node, here[each], learner), states[each], last[each]) for each in here]
    return sorted(ways, key=lambda way: (-way.last_ms, way.manifest.id))


def continue_with(node: Node, person: str) -> Step | None:
    """The next step in the package of the last act that is not finished; None when nothing is begun."""
    return next(filter(None, map(_step, of_person(node, person))), None)


def leads_on(node: Node, person: str) -> Step | None:
    """What comes after something is finished: what was begun, else something new; None when nothing is left."""
    return continue_with(node, person) or next(iter(choices(node, person, limit=1)), None)


def choices(node: Node, person: str, limit: int = CHOICES) -> list[Step]:
    """First steps into packages to choose from: the person's languages and age first, begun ones before new ones.

    The one that `continue_with` names is left out, and so is another translation of a work that was begun.
    """
    ways, found = of_person(node, person), roster.person(node, person)
    now = next(filter(None, map(_step, ways)), None)
    begun = {way.manifest.work for way in ways}
    wanted = reading.languages(node, found)
    shown = [seeing.as_learner(node, manifest, found) for manifest in node.shelf.list()]
    here = _for_reader(shown, "child" if is_child(node, found) else "adult")
    near = {manifest.id: reading.distance(manifest.language, wanted) for manifest in here}
    nearest: dict[str, int] = {}
    for manifest in here:
        nearest[manifest.work] = min(near[manifest.id], nearest.get(manifest.work, len(wanted)))
    fresh = [
        Way(manifest, {}, 0)
        for manifest in here
        if manifest.work not in begun and near[manifest.id] == nearest[manifest.work]
    ]
    fresh.sort(key=lambda way: (near[way.manifest.id], way.manifest.level != "beginner", way.manifest.title))
    steps = [step for way in [*ways, *fresh] if (step := _step(way))]
    return [step for step in steps if now is None or step.manifest.id != now.manifest.id][:limit]


def _for_reader(here: Sequence[Manifest], reader: str) -> Sequence[Manifest]:
    """What is for a child or an adult; everything, where nothing on the shelf is. The library hides nothing."""
    return [each for each in here if not each.audience or reader in each.audience] or here


def tally(node: Node, person: str) -> Tally:
    """How much somebody has done."""
    table = node.tables.Progress
    rows = list(table.select().where((table.person == person) & (table.state > 0)))
    return Tally(sum(row.state >= FINISHED for row in rows), max((row.last_ms for row in rows), default=None))


def is_child(node: Node, person: Person) -> bool:
    """Whether somebody is offered what is for children; see `hub.people.ages`."""
    return ages.is_child(node, person)


def garden(node: Node, person: str, *, languages: Sequence[str] = ()) -> list[Grown]:
    """What a person can do, by the order of the packages on the shelf; what has left the shelf comes last.

    The sentences are in the first of `languages`, those of whoever reads them, that the work stands here in.
    """
    found = known.of(node, [person]).get(person, {})
    named = competencies(node, languages=languages)
    here = [_grown(each, *named[name]) for name in named if (each := found.get(name))]
    gone = [_grown(each, None, name.rpartition("/")[2], "") for name, each in found.items() if name not in named]
    return here + gone


def competencies(node: Node, *, languages: Sequence[str]) -> dict[str, tuple[Manifest, str, str]]:
    """Every competency on the shelf: name → package, sentence, drawing.

    In the first of `languages` in which it is, else in the hub's, else in any.
    """
    wanted = (*languages, node.settings.language)
    named: dict[str, tuple[Manifest, str, str]] = {}

    def nearest(manifest: Manifest) -> tuple[str, int, str]:
        return manifest.work, reading.distance(manifest.language, wanted), manifest.id

    for manifest in sorted(node.shelf.list(), key=nearest):
        for each in manifest.competencies:
            named.setdefault(field_id(manifest, each.id), (manifest, each.statement, each.picture))
    return named


def _grown(each: Known, manifest: Manifest | None, statement: str, picture: str) -> Grown:
    latest = each.scores[: rules.LOOKED_AT]
    return Grown(
        competency=each.competency,
        statement=statement,
        picture=picture,
        manifest=manifest,
        state=each.state,
        needs_help=each.needs_help,
        right=sum(score == rules.RIGHT for score in latest),
        looked_at=len(latest),
        seen=each.seen,
    )


def _step(way: Way) -> Step | None:
    item = way.next_item
    return Step(way.manifest, item, way.done, way.total, bool(way.states)) if item else None
