"""What the demo's people saw in each other: notes of the facilitator on a market day, and a few badges."""

from collections.abc import Callable
from dataclasses import dataclass

from hub import badges
from hub.badges import Definition
from hub.demo.cast import LOOK_AS
from hub.demo.days import DAY_MS, HOUR_MS
from hub.learning import observations
from hub.learning.observations import Row, What
from hub.learning.progress import competencies
from hub.node import Node
from hub.people import roster
from hub.tables.recognition import ALONE, NOT_YET, TEACHES, WITH_HELP

At = Callable[[int], Node]
"""The hub as it was at a moment (ms since 1970)."""

CHANGE = "numbers/give-change"
MARKET_DAYS, CIRCLE_DAYS, THANKS_DAYS = 6, 3, 2
AT_THE_MARKET = (
    ("Tendai", TEACHES, "Showed Juma how to count the change back to the customer."),
    ("Kofi", ALONE, ""),
    ("Dalia", WITH_HELP, "Got it right with the coins laid out in front of her."),
    ("Nia", NOT_YET, "Counts the coins well. Next: what is left of a hundred?"),
)
"""Whom Mr. Otieno saw give change at the stall, how it went, and what he wrote."""
IN_THE_CIRCLE = ("Explains a sum to a younger child", (("Mateo", ALONE, "Waited until Issa had found it himself."),))


@dataclass(frozen=True)
class Thanks:
    """A badge of the demo, and to whom a steward gave it and what for."""

    name: str
    means: str
    picture: str
    given: tuple[tuple[str, str], ...]
    stands_for: str = ""


BADGES = (
    Thanks(
        "Helping hand",
        "Sees who is stuck, sits down beside them, and lets them find it.",
        "bee",
        (("Mateo", "For the afternoon with Issa."), ("Amina", "")),
    ),
    Thanks(
        "Friend of the well",
        "Keeps water clean for everybody, and shows others how.",
        "well",
        (("Joseph", "For the new lid of the well."),),
        "safe-water/store-water",
    ),
    Thanks(
        "Storyteller", "Tells a story so that the whole bench listens.", "moon", (("Amina", "The hen and the hawk."),)
    ),
)


def see(node: Node, people: dict[str, str], at: At) -> int:
    """Note and give; returns how many learning records that made. What is not on the shelf was not seen."""
    today_ms = node.clock.now_ms() // DAY_MS * DAY_MS
    before = int(node.tables.Statement.select().count())
    named = competencies(node, languages=("en",))
    if CHANGE in named:
        what = What(CHANGE, named[CHANGE][1], named[CHANGE][0].language)
        _note(at(today_ms - MARKET_DAYS * DAY_MS + 10 * HOUR_MS), people, what, AT_THE_MARKET)
    words, seen = IN_THE_CIRCLE
    _note(at(today_ms - CIRCLE_DAYS * DAY_MS + 15 * HOUR_MS), people, observations.in_words(words, language="en"), seen)
    for each in BADGES:
        _give(at(today_ms - THANKS_DAYS * DAY_MS + 17 * HOUR_MS), people, each, set(named))
    return int(node.tables.Statement.select().count()) - before


def _note(node: Node, people: dict[str, str], what: What, seen: tuple[tuple[str, int, str], ...]) -> None:
    facilitator = roster.person(node, people[LOOK_AS["facilitator"]])
    rows = [Row(people[name], level, sentence) for name, level, sentence in seen]
    observations.note(node, actor=facilitator, what=what, day="", form=node.new_id(), found=rows)


def _give(node: Node, people: dict[str, str], thanks: Thanks, here: set[str]) -> None:
    steward = roster.person(node, people[LOOK_AS["steward"]])
    stands_for = (thanks.stands_for,) if thanks.stands_for in here else ()
    said = Definition(thanks.name, thanks.means, thanks.picture, "en", stands_for)
    made = badges.define(node, actor=steward, said=said)
    for name, sentence in thanks.given:
        badges.give(node, actor=steward, badge_id=made.id, people=[people[name]], sentence=sentence, form=node.new_id())
