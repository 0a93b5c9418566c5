"""What the demo's community shares: a few things to borrow, of which some are out and one is waited for."""

from collections.abc import Callable

from hub.demo.cast import LOOK_AS
from hub.demo.days import DAY_MS
from hub.lending import loans, things
from hub.lending.things import Description
from hub.node import Node
from hub.people import roster

At = Callable[[int], Node]
"""The hub as it was at a moment (ms since 1970)."""

BEGAN_DAYS = 20
THINGS = (
    Description("Bicycle pump", "tool", "Pumps up tyres and footballs.", "In the red box", "1", "en"),
    Description("Solar radio", "radio", "For the lessons on Tuesday at four.", "On the shelf", "3", "en"),
    Description("The hen and the hawk", "book", "Large pictures, to read together.", "", "Blue\nGreen", "en"),
)
LENT = (("Solar radio", "Kofi", 18, 10), ("The hen and the hawk", "Amina", 3, 14))
"""What, to whom, how many days ago, for how many days: the radio is something to ask about."""
WAITS = ("Solar radio", "Tendai")


def lend(people: dict[str, str], at: At, now_ms: int) -> None:
    """Put the things in the list, lend some, let somebody wait."""
    began = at(now_ms - BEGAN_DAYS * DAY_MS)
    librarian = roster.person(began, people[LOOK_AS["librarian"]])
    made = {each.name: things.add(began, actor=librarian, said=each).id for each in THINGS}
    for name, borrower, ago, days in LENT:
        then, to = at(now_ms - ago * DAY_MS), f"person:{people[borrower]}"
        asked = loans.Asked(to=to, copy="", days=days, form=then.new_id())
        loans.lend(then, actor=librarian, thing_id=made[name], asked=asked)
    thing, person = WAITS
    loans.ask(at(now_ms), actor=roster.person(began, people[person]), thing_id=made[thing])
