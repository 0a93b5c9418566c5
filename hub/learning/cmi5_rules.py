"""What a part of a cmi5 course may say: the rules by which a learning platform refuses statements (cmi5, 9).

Each rule has its sentence, for whoever writes the course. Nothing here reads or keeps anything.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from content.formats.cmi5_course import Unit
from hub.errors import NotAllowed
from hub.learning.enrolment import Session
from hub.vocabulary import CMI5, MASTERY_SCORE, MOVE_ON_CATEGORY, SESSION_ID, VERBS

NORMAL = "Normal"
OWN = {VERBS[name]: name for name in ("initialized", "completed", "passed", "failed", "terminated")}
"""What a part says by the rules of cmi5; the rest of its verbs are the hub's, and any other is free."""
OUTCOMES = ("completed", "passed", "failed")
TIMED = ("completed", "passed", "failed", "terminated")
UTC = ("Z", "z", "+00:00", "+0000", "+00")

Said = dict[str, Any]


@dataclass(frozen=True)
class Standing:
    """Where a part is: what its course wants of it, its opening, what was completed and passed in this registration
    before, and its name in records."""

    unit: Unit
    session: Session
    results: list[str]
    activity: str


def check(said: Said, at: Standing) -> str:
    """Which verb of cmi5 a statement says, "" for one that only may be said. Raises NotAllowed."""
    is_own = CMI5 in _names(said, "category")
    name = OWN.get(str(_table(said.get("verb")).get("id")), "") if is_own else ""
    for is_right, rule in _rules(said, at, is_own=is_own, name=name):
        if not is_right:
            raise NotAllowed("cmi5: %(rule)s. Nothing of this was kept; what came before is safe.", rule=rule)
    return name


def _rules(said: Said, at: Standing, *, is_own: bool, name: str) -> Iterator[tuple[bool, str]]:
    """Every rule, with whether the statement keeps it."""
    unit, session = at.unit, at.session
    verbs = session.verbs
    yield "id" in said, "a statement has an id (9.1)"
    yield str(said.get("timestamp", "")).endswith(UTC), "a statement has a timestamp in UTC (9.7)"
    yield _extension(said, SESSION_ID) == session.id, "its context has the id of the session (9.6.3.1)"
    yield unit.publisher in _names(said, "grouping"), "its context is made from the contextTemplate (10.2.1)"
    yield not is_own or bool(name), "this verb is not one that a part says (9.3)"
    yield "initialized" in verbs or name == "initialized", "initialized comes first (9.3.2)"
    yield session.has_read or name != "initialized", "a part reads what its learner prefers before it begins (11)"
    yield "terminated" not in verbs, "nothing comes after terminated (9.3.8)"
    yield is_own or MOVE_ON_CATEGORY not in _names(said, "category"), "the category moveOn goes with cmi5 (9.6.2.2)"
    if is_own:
        yield from _own(said, at.activity, name)
        yield from _once(name, session, at.results)
        yield from _scored(said, unit, name)


def _own(said: Said, activity: str, name: str) -> Iterator[tuple[bool, str]]:
    """What holds for what a part says by the rules of cmi5."""
    result = _table(said.get("result"))
    yield _table(said.get("object")).get("id") == activity, "its object is the part itself (9.4)"
    yield ("success" in result) == (name in ("passed", "failed")), "success goes with passed and failed alone (9.5.2)"
    yield result.get("success", name == "passed") is (name == "passed"), "success says what the verb says (9.5.2)"
    yield ("completion" in result) == (name == "completed"), "completion goes with completed alone (9.5.3)"
    yield result.get("completion", True) is True, "completion is true (9.5.3)"
    yield name not in TIMED or "duration" in result, "it says how long it took (9.5.4)"
    has_category = MOVE_ON_CATEGORY in _names(said, "category")
    yield has_category == (name in OUTCOMES), "the category moveOn goes with success and completion (9.6.2.2)"


def _once(name: str, session: Session, results: list[str]) -> Iterator[tuple[bool, str]]:
    """What is said once, and what is not said after something else."""
    is_judged = bool({"passed", "failed"} & set(session.verbs))
    yield name not in session.verbs, "a verb is said once in a session (9.3)"
    yield name not in ("passed", "failed") or not is_judged, "a session is passed or failed once (9.3)"
    yield name not in results, "completed and passed are said once in a registration (9.3)"
    yield name != "failed" or "passed" not in results, "failed does not follow passed (9.3)"
    yield session.mode == NORMAL or name not in OUTCOMES, "nothing is judged where somebody only looks again (10.2.2)"


def _scored(said: Said, unit: Unit, name: str) -> Iterator[tuple[bool, str]]:
    """What holds for a score."""
    result = _table(said.get("result"))
    score = _table(result.get("score"))
    is_judged = name in ("passed", "failed")
    yield "score" not in result or is_judged, "a score goes with passed and failed alone (9.5.1)"
    yield "raw" not in score or {"min", "max"} <= score.keys(), "raw goes with min and max (9.5.1)"
    if unit.mastery is None or not is_judged or not score:
        return
    yield _extension(said, MASTERY_SCORE) == unit.mastery, "its context has the masteryScore (9.6.3.2)"
    scaled = score.get("scaled")
    if isinstance(scaled, int | float):
        yield (scaled >= unit.mastery) == (name == "passed"), "the score fits the masteryScore (9.3.4, 9.3.5)"


def _names(said: Said, kind: str) -> set[str]:
    """The names of the context activities of a kind."""
    found = _table(_table(said.get("context")).get("contextActivities")).get(kind, [])
    rows = found if isinstance(found, list) else [found]
    return {str(_table(row).get("id")) for row in rows}


def _extension(said: Said, name: str) -> Any:
    return _table(_table(said.get("context")).get("extensions")).get(name)


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
