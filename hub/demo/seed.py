"""Fill an empty hub with the demo community: its people, and ninety days of what they learned."""

from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, cast

from hub import first_boot
from hub.collections import shelves
from hub.demo import (
    agreed,
    at_home,
    clear,
    days,
    decisions,
    folk,
    gathered,
    lent,
    marks,
    protected,
    recognised,
    written,
)
from hub.demo.cast import HUB_NAME, LOOK_AS
from hub.errors import NotAllowed
from hub.kept_clock import KeptClock
from hub.moments import moment_ms
from hub.node import Node
from hub.xapi import store


def fill(node: Node, *, name: str = "") -> int:
    """Bring the demo in, all of it in one transaction; returns how many learning records came.

    Safe to repeat: a hub that is a demo already stays as it is. Raises NotAllowed in a hub with people of its own, or
    cleared of the demo for them, and changes nothing there. The starter library should stand on the shelf: what nobody
    can open, nobody learned.
    """
    if marks.is_demo(node):
        return 0
    if node.tables.Person.select().exists():
        raise NotAllowed(
            "People live in this hub already, and the demo would mix with them. It was left out; choose an empty home"
            " for it with --home."
        )
    if clear.was_cleared(node):
        raise NotAllowed(
            "This hub was cleared of the demo to begin for real. The demo was left out; choose an empty home for it"
            " with --home."
        )
    written.shelve(node)
    made = node.write(lambda: _fill(node, name or HUB_NAME))
    shelves.tell(node)
    return made


def _fill(node: Node, name: str) -> int:
    first_boot.name_hub(node, name)
    people = folk.move_in(node)
    made = days.records(node, people)
    _keep_day_by_day(node, made)
    written.keep(node, person=people[LOOK_AS["librarian"]])
    gathered.keep(node)
    agreed.say(people, lambda moment_ms: _at(node, moment_ms), node.clock.now_ms() // days.DAY_MS * days.DAY_MS)
    marks.keep(node, {role: people[actor] for role, actor in LOOK_AS.items()})
    decisions.decide(node, people, lambda moment_ms: _at(node, moment_ms))
    lent.lend(people, lambda moment_ms: _at(node, moment_ms), node.clock.now_ms())
    today_ms = node.clock.now_ms() // days.DAY_MS * days.DAY_MS
    protected.protect(people, lambda moment_ms: _at(node, moment_ms), today_ms)
    beside = at_home.take(node, people, lambda moment_ms: _at(node, moment_ms))
    return len(made) + beside + recognised.see(node, people, lambda moment_ms: _at(node, moment_ms))


@dataclass(frozen=True)
class Then:
    """The hub's clock, stopped at a moment that is past."""

    boot_id: str
    quality: int
    moment_ms: int

    def now_ms(self) -> int:
        """The moment."""
        return self.moment_ms

    def monotonic_ms(self) -> int:
        """The moment."""
        return self.moment_ms


def _keep_day_by_day(node: Node, made: list[dict[str, Any]]) -> None:
    """Keep the records of each day as if at its end: counts of what was learned go by when it came in."""
    for day, records in groupby(made, key=lambda record: record["timestamp"][:10]):
        end_ms = moment_ms(f"{day}T23:59:59Z") or 0
        store.keep_own(_at(node, min(end_ms, node.clock.now_ms())), list(records))


def _at(node: Node, moment_ms: int) -> Node:
    """The hub with its clock at a moment."""
    then = Then(node.clock.boot_id, node.clock.quality, moment_ms)
    return replace(node, clock=cast(KeptClock, then))
