"""Who protects people in the demo's community, and one report that was looked after."""

from collections.abc import Callable

from hub.demo.cast import LOOK_AS
from hub.demo.days import DAY_MS, HOUR_MS
from hub.node import Node
from hub.people import roster
from hub.protection import named, reports
from hub.protection.reports import Told
from hub.tables.protection import LOOKED, SETTLED, TALKED

At = Callable[[int], Node]
"""The hub as it was at a moment (ms since 1970)."""

NAMED = ("Nurse Adjoa", "Mzee Baako")
"""Who reads reports: whom children trust, and not two of one household."""
NAMED_DAYS, TOLD_DAYS, SETTLED_DAYS = 70, 12, 9
REPORTER = "Kofi"
"""Who did not like a picture on a page."""


def protect(people: dict[str, str], at: At, today_ms: int) -> None:
    """Name two, let one report and the two settle it. Only inside `node.write`."""
    then = at(today_ms - NAMED_DAYS * DAY_MS + 16 * HOUR_MS)
    steward = roster.person(then, people[LOOK_AS["steward"]])
    named.name(then, actor=steward, chosen=[people[each] for each in NAMED])
    then = at(today_ms - TOLD_DAYS * DAY_MS + 15 * HOUR_MS)
    told = Told("page", page="library.show", person=people[REPORTER], ticket=then.new_id())
    made = reports.report(then, told=told, source="")
    nurse, elder = (roster.person(then, people[each]) for each in NAMED)
    for days, who, did in (
        (TOLD_DAYS - 1, nurse, LOOKED),
        (TOLD_DAYS - 1, nurse, TALKED),
        (SETTLED_DAYS, elder, SETTLED),
    ):
        reports.step(at(today_ms - days * DAY_MS + 17 * HOUR_MS), actor=who, report=made, did=did)
