"""Ninety days of learning by the people of the demo: who came on which day, and what they did."""

import random
from datetime import UTC, datetime
from typing import Any

from hub.demo.cast import ACTORS, LOOK_AS, Actor
from hub.demo.folk import is_grown_up
from hub.demo.learner import Learner, Records
from hub.node import Node

DAYS = 90
DAY_MS = 86_400_000
HOUR_MS = 3_600_000
SEED = "mbuyu"
REST_DAY = 6
"""Sunday: the library is closed."""
AFTER_SCHOOL, AFTER_WORK = (14.5, 16.5), (18.0, 20.0)
"""Hours of the day, UTC, between which somebody begins."""
SECOND_ITEM = 0.45
"""The chance that one item leads to another on the same day."""
PAUSE_MS = 90_000
STAYED_AWAY = {"Baraka": 17, "Neema": 24, "Ibrahim": 16}
"""Who has not come for so many days: a facilitator should see it."""
IN_THE_MIDDLE = tuple(LOOK_AS[role] for role in ("child", "learner"))
"""Who left something open yesterday, so that a visitor finds where to go on."""


def records(node: Node, people: dict[str, str]) -> list[dict[str, Any]]:
    """Every learning record of the ninety days before today, in the order of their times; the same for one clock."""
    midnight_ms = node.clock.now_ms() // DAY_MS * DAY_MS
    made: Records = []
    for actor in (each for each in ACTORS if "learner" in each.roles):
        made += _of(Learner(node, actor, people[actor.name], SEED), actor, midnight_ms)
    return sorted(made, key=lambda record: str(record["timestamp"]))


def _of(learner: Learner, actor: Actor, midnight_ms: int) -> Records:
    """What one learner did, day by day."""
    made: Records = []
    for ago in range(DAYS, STAYED_AWAY.get(actor.name, 0), -1):
        day_ms = midnight_ms - ago * DAY_MS
        if not _comes(learner.chance, actor, day_ms):
            continue
        at_ms = _begins(learner.chance, actor, day_ms)
        grown = 1 - ago / DAYS
        done, at_ms = learner.act(at_ms, grown)
        made += done
        if learner.chance.random() < SECOND_ITEM:
            made += learner.act(at_ms + PAUSE_MS, grown)[0]
    if actor.name in IN_THE_MIDDLE:
        made += learner.begin(midnight_ms - DAY_MS + round(21 * HOUR_MS))
    return made


def _comes(chance: random.Random, actor: Actor, day_ms: int) -> bool:
    is_closed = datetime.fromtimestamp(day_ms / 1000, UTC).weekday() == REST_DAY
    return chance.random() < actor.habit and not is_closed


def _begins(chance: random.Random, actor: Actor, day_ms: int) -> int:
    hours = AFTER_WORK if is_grown_up(actor) else AFTER_SCHOOL
    return day_ms + round(chance.uniform(*hours) * HOUR_MS)
