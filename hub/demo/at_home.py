"""What the demo's people took home: a paper for each number friend, most of them back, and a file on the bus."""

import random
from collections.abc import Callable

from hub.demo.cast import ACTORS, LOOK_AS, Actor
from hub.demo.days import DAY_MS, HOUR_MS, SEED
from hub.node import Node
from hub.people import roster
from hub.takehome import copies, returned
from hub.takehome.asked import Sheet
from hub.takehome.copies import Copy
from hub.takehome.returned import Found

At = Callable[[int], Node]
"""The hub as it was at a moment (ms since 1970)."""

CIRCLE, PAPER = "numbers", ("numbers", "take-away")
"""Who got a paper from Mr. Otieno, and of which work and lesson."""
GIVEN_DAYS, BACK_DAYS = 4, 1
BROUGHT_BACK = ("Juma", "Kofi", "Mateo", "Tendai", "Dalia")
FILES = {"Joseph": ("fix-a-phone", "check-yourself"), "Amina": ("read-with-me", "story-hen")}
"""Who has a file out, and of what."""


def take(node: Node, people: dict[str, str], at: At) -> int:
    """Hand out and take back; returns how many learning records that made. What is not on the shelf stays there."""
    today_ms = node.clock.now_ms() // DAY_MS * DAY_MS
    given, back = (at(today_ms - ago * DAY_MS + 15 * HOUR_MS) for ago in (GIVEN_DAYS, BACK_DAYS))
    before = _records(node)
    facilitator = people[LOOK_AS["facilitator"]]
    for actor in ACTORS:
        if actor.circle == CIRCLE and "learner" in actor.roles:
            copy = _give(given, actor, people, PAPER, "paper", facilitator)
            if copy is not None and actor.name in BROUGHT_BACK:
                _bring(back, actor, copy, facilitator)
        elif actor.name in FILES:
            _give(given, actor, people, FILES[actor.name], "file", people[actor.name])
    return _records(node) - before


def _records(node: Node) -> int:
    return int(node.tables.Statement.select().count())


def _give(
    node: Node, actor: Actor, people: dict[str, str], what: tuple[str, str], carrier: str, giver: str
) -> Copy | None:
    package = f"{what[0]}.{actor.language}"
    if node.shelf.standing(package) is None:
        return None
    return copies.give(node, package=package, item=what[1], carrier=carrier, person=people[actor.name], giver=giver)


def _bring(node: Node, actor: Actor, copy: Copy, facilitator: str) -> None:
    """Every sheet of a copy is typed by the facilitator, answered as well as the actor can."""
    chance = random.Random(f"{SEED} {actor.name} at home")  # noqa: S311 - a story, not a secret
    typist = roster.person(node, facilitator)
    for number, sheet in enumerate(copy.pack.asked.sheets):
        found = Found(copy, number, _chosen(sheet, actor, chance))
        returned.keep(node, found=found, actor=typist)


def _chosen(sheet: Sheet, actor: Actor, chance: random.Random) -> tuple[int, ...]:
    chosen = []
    for slot in sheet.slots:
        right = slot.choices.index(slot.answer[0]) if slot.options else 0
        others = [place for place in range(len(slot.choices)) if place != right]
        chosen.append(right if chance.random() < actor.skill else chance.choice(others))
    return tuple(chosen)
