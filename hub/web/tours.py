"""Looks round the hub: which one is for whom, how far somebody came, and whether a home offers one.

A person's steps are kept with the hub, a guest's with the browser until it is signed out. A step that cannot be
noted, because the disk is full, is shown all the same.
"""

from dataclasses import dataclass

from flask import session

from hub.errors import StorageFull, StorageSlow, WriterClosed
from hub.learning import progress
from hub.people import tours
from hub.people.roster import Person
from hub.web.here import node, viewer
from hub.web.tour_words import TOURS

KEPT = "tours"
"""Under this name a guest's browser keeps how far each look round went."""
GUEST = "guest"


@dataclass(frozen=True)
class Offer:
    """A look round that waits to be begun or ended: its name, the step to go on from, and how many there are."""

    name: str
    step: int
    total: int


def fitting(person: Person | None, role: str) -> str:
    """Which look round is for the home of a role; None is a guest."""
    if person is None:
        return GUEST
    return "child" if role == "learner" and progress.is_child(node(), person) else role


def offer(name: str) -> Offer | None:
    """What a home offers: a look round until it was seen to the end or put away, then nothing."""
    step, total = came_to(name), len(TOURS[name].steps)
    return Offer(name, max(step, 1), total) if step < total else None


def came_to(name: str) -> int:
    """The step that whoever looks came to; 0 before the first."""
    person = viewer()
    known = tours.reached(node(), person.id) if person else session.get(KEPT, {})
    return min(int(known.get(name, 0)), len(TOURS[name].steps))


def note(name: str, step: int) -> None:
    """Keep how far whoever looks came."""
    person = viewer()
    if person is None:
        if step > came_to(name):
            session[KEPT] = {**session.get(KEPT, {}), name: step}
        return
    try:
        tours.note(node(), person=person.id, tour=name, step=step)
    except (StorageFull, StorageSlow, WriterClosed):
        return  # what is lost is a mark: the look round begins a step earlier the next time
