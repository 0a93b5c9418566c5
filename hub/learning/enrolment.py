"""How far somebody is with a cmi5 course: what was completed and passed, and which of its parts are open.

It stands in a document of the course's state, which no ticket of a part reaches. A registration is one learner's with
one course, and stays the same however often its parts are opened (cmi5, 9.6.1).
"""

import json
from dataclasses import asdict, dataclass, field

from content.formats.cmi5_course import Course, Unit
from hub.learning.items import Opened
from hub.learning.sittings import registration_after
from hub.node import Node
from hub.vocabulary import activity, person_actor
from hub.xapi import documents, places
from hub.xapi.places import STATE, Place

DOCUMENT = "cmi5"
WHOLE = ""
"""What the whole course is called among the blocks that are satisfied."""


@dataclass
class Session:
    """One opening of a part, until it says that it is over; `verbs` are those it said by the rules of cmi5."""

    id: str
    mode: str
    launched_ms: int
    last_ms: int
    is_fetched: bool = False
    has_read: bool = False
    verbs: list[str] = field(default_factory=list)


@dataclass
class Enrolment:
    """`results` holds by item what was `completed` and `passed`, `sessions` by item the opening that stands,
    `satisfied` the names of the blocks, and of the whole, of which that was said."""

    registration: str
    results: dict[str, list[str]] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    satisfied: list[str] = field(default_factory=list)

    def session(self, name: str) -> tuple[str, Session] | None:
        """The item and the opening of that name while it stands."""
        return next(((item, each) for item, each in self.sessions.items() if each.id == name), None)

    def is_met(self, unit: Unit) -> bool:
        """Whether a part is done as its course wants it (moveOn)."""
        found = self.results.get(unit.id, [])
        is_completed, is_passed = "completed" in found, "passed" in found
        return {
            "Passed": is_passed,
            "Completed": is_completed,
            "CompletedAndPassed": is_completed and is_passed,
            "CompletedOrPassed": is_completed or is_passed,
        }.get(unit.move_on, True)

    def is_done(self, unit: Unit) -> bool:
        """Whether nothing more can be reached in a part: what is opened again then is only looked at."""
        found = self.results.get(unit.id, [])
        return bool(found) and self.is_met(unit) and (unit.mastery is None or "passed" in found)

    def newly_satisfied(self, told: Course) -> list[str]:
        """Blocks of which all parts are done now, the innermost first, and then the whole; each is told once."""
        names = [*(block.publisher for block in reversed(told.blocks)), WHOLE]
        order = [(name, [each for each in told.units if name in (WHOLE, *each.blocks)]) for name in names]
        found = [name for name, parts in order if parts and name not in self.satisfied and all(map(self.is_met, parts))]
        self.satisfied += found
        return found


def registration_of(node: Node, person: str, package: str) -> str:
    """The registration of somebody with a course: always the same, and nobody outside of the hub can reckon it."""
    return registration_after(node, person, activity(package), None)


def find(node: Node, *, person: str, package: str) -> Enrolment | None:
    """How far somebody is; None before they opened anything of the course."""
    found = documents.get(node, _place(node, person, package))
    if found is None:
        return None
    told = json.loads(found.body)
    told["sessions"] = {item: Session(**each) for item, each in told["sessions"].items()}
    return Enrolment(**told)


def keep(node: Node, *, person: str, package: str, enrolment: Enrolment) -> None:
    """Keep how far somebody is. Only inside `write`."""
    body = json.dumps(asdict(enrolment), separators=(",", ":")).encode()
    documents.put(node, _place(node, person, package), body=body, content_type=documents.JSON, line="1.0")


def state_of(person: str, opened: Opened, registration: str, name: str) -> Place:
    """The place of a document of a part's state."""
    return _state(person, opened.activity, registration, name)


def _place(node: Node, person: str, package: str) -> Place:
    return _state(person, activity(package), registration_of(node, person, package), DOCUMENT)


def _state(person: str, activity_id: str, registration: str, name: str) -> Place:
    words = {"activityId": activity_id, "agent": json.dumps(person_actor(person)), "stateId": name}
    return places.one(STATE, {**words, "registration": registration})
