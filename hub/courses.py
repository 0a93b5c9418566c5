"""Courses: packages whose lessons lead through other works of the shelf (`Manifest.needs`), and how far somebody is.

What is done is read from each person's own record of the works themselves; a course keeps no second account. Where a
work is gone, or not for somebody, its step says so and is passed over.
"""

from dataclasses import dataclass

from content import leads, lesson
from content.leads import Lead, Led
from content.package import Item, Manifest
from hub import library, seeing
from hub.learning import acts
from hub.learning.items import Opened
from hub.node import Node
from hub.people.roster import Person
from hub.tables.learning import FINISHED

OPEN, DONE, GONE, NOT_FOR_THEM = "open", "done", "gone", "closed"
"""How a step stands for somebody: to do, done, no longer on the shelf, or for older or other people."""


@dataclass(frozen=True)
class Step:
    """One step of a section; `href` is where it leads, "" where it leads nowhere for this person. `manifest` and `item`
    are what they will open, None where that is nothing."""

    lead: Lead
    state: str
    href: str = ""
    manifest: Manifest | None = None
    item: Item | None = None


@dataclass(frozen=True)
class Section:
    """One item of a course with its steps; `after` is the Markdown behind the last. `is_read` says that the person
    finished the item itself."""

    item: Item
    steps: tuple[Step, ...]
    after: str
    is_read: bool

    @property
    def next(self) -> Step | None:
        """The first step that is open, or None."""
        return next((each for each in self.steps if each.state == OPEN), None)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do in it: every step that can be done, or without any the item itself."""
        can = [each for each in self.steps if each.state in (OPEN, DONE)]
        return self.next is None if can else self.is_read


@dataclass(frozen=True)
class Course:
    """A course as one person sees it, its items in order."""

    manifest: Manifest
    sections: tuple[Section, ...]

    @property
    def next(self) -> Section | None:
        """The first section in which something is left, or None."""
        return next((each for each in self.sections if not each.is_done), None)

    def at(self, item: str) -> Section | None:
        """The section of that item where something is left there, else `next`."""
        return next((each for each in self.sections if each.item.id == item and not each.is_done), self.next)

    @property
    def steps(self) -> list[Step]:
        """Every step that somebody can do or has done."""
        return [step for each in self.sections for step in each.steps if step.state in (OPEN, DONE)]

    @property
    def done(self) -> int:
        """How many of its steps are done."""
        return sum(each.state == DONE for each in self.steps)

    @property
    def gone(self) -> list[str]:
        """What the steps say whose works are not on the shelf, in order, each once."""
        steps = [step for each in self.sections for step in each.steps]
        return list(dict.fromkeys(step.lead.words for step in steps if step.state == GONE))


def course(node: Node, manifest: Manifest, person: Person | None) -> Course | None:
    """A package as a course, or None when it is none. `manifest` is as the person sees it; None is a guest."""
    if not manifest.needs:
        return None
    states = _states(node, manifest.id, person)
    return Course(manifest, tuple(section(node, Opened(manifest, each), person, states) for each in manifest.items))


def section(node: Node, opened: Opened, person: Person | None, states: dict[str, int] | None = None) -> Section:
    """One item of a course; one that is no lesson has no steps. `states` is how far they are with its items."""
    manifest, item = opened.manifest, opened.item
    led, known = _led(node, opened), _states(node, manifest.id, person) if states is None else states
    steps = tuple(_step(node, each, person) for each in led.leads)
    return Section(item, steps, led.after, known.get(item.id, 0) >= FINISHED)


def go_on(node: Node, manifest: Manifest, person: Person | None, *, item: str = "") -> str:
    """Where "Go on" leads: to the next step that is not done, in the section `item` where something is left there, else
    to the next item, "" at the end.

    The section in which that stands counts as begun, and where all steps of one are done, as finished. Safe to repeat.
    Of a guest nothing is kept.
    """
    found = course(node, manifest, person)
    at = found.at(item) if found is not None else None
    if found is not None and person is not None:
        _note(node, found, at, person)
    if at is None:
        return ""
    step = at.next
    return step.href if step is not None else f"/learn/{manifest.id}/{at.item.id}/"


def leading_to(node: Node, package: str, person: Person | None) -> Manifest | None:
    """The course, begun by somebody and not finished, that leads to a package; of several the first by name."""
    if person is None:
        return None
    here = [each for each in node.shelf.list() if package in each.needs]
    for each in here:
        begun = _states(node, each.id, person)
        found = course(node, seeing.seen(node, each, person), person) if begun else None
        if found is not None and found.next is not None:
            return found.manifest
    return None


def needing(node: Node, package: str) -> list[Manifest]:
    """The courses on the shelf that lead to a package, by name."""
    return [each for each in node.shelf.list() if package in each.needs]


def _note(node: Node, found: Course, at: Section | None, person: Person) -> None:
    """Keep what "Go on" says of the course itself."""
    for each in found.sections:
        if each.steps and each.is_done and not each.is_read:
            acts.finish(node, person=person.id, opened=Opened(found.manifest, each.item))
    if at is not None and at.next is not None:
        opened = Opened(found.manifest, at.item)
        acts.open_item(node, person=person.id, opened=opened)
        acts.note_place(node, person=person.id, opened=opened, place=at.steps.index(at.next) + 1)


def _step(node: Node, lead: Lead, person: Person | None) -> Step:
    standing = node.shelf.standing(lead.package)
    if standing is None or (lead.item and standing.item(lead.item) is None):
        return Step(lead, GONE)
    seen = seeing.seen(node, standing, person)
    items = [each for each in seen.items if lead.item in ("", each.id)]
    if not items:
        return Step(lead, NOT_FOR_THEM)
    states = _states(node, lead.package, person)
    item = next((each for each in items if states.get(each.id, 0) < FINISHED), None)
    shown = item or items[0]
    return Step(lead, OPEN if item else DONE, f"/learn/{seen.id}/{shown.id}/", seen, shown)


def _led(node: Node, opened: Opened) -> Led:
    if opened.item.kind != "lesson":
        return Led((), "")
    return leads.parted(lesson.read(node.shelf.read(opened.manifest, opened.item.path)))


def _states(node: Node, package: str, person: Person | None) -> dict[str, int]:
    return library.states(node, person=person.id, package=package) if person is not None else {}
