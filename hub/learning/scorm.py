"""SCORM content and its learner: what it is given at its start, and what is kept and recorded of what it reports.

Its data stands in a document of the activity's state, for one learner and one item, so that no other learner's turn
sees it. What it tells about learning becomes statements through the door, in the words of ADL's SCORM profile and
vouched for by the activity, like everything that content reports of itself.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from content.formats import scorm
from content.formats.scorm_manifest import NEWER, OLDER, Part
from hub.errors import InputWrong
from hub.keys import Ticket
from hub.learning import cmi, cmi_answers, cmi_objectives, records, reported
from hub.learning.items import Opened
from hub.learning.records import Act
from hub.learning.reported import Pause
from hub.node import Node
from hub.people import roster
from hub.vocabulary import LAUNCHES, PROFILE_TYPE, SCORM, person_actor
from hub.xapi import documents, places, store
from hub.xapi.places import STATE, Place

DOCUMENT = "cmi"
DEPTH_MAX = 8
"""Tables inside tables; the standard has five."""
BAD = "This is nothing that content of this kind reports; nothing was changed."
NOBODYS = frozenset({"student_id", "student_name", "learner_id", "learner_name"})
"""Whose data it is stands beside it, and not in it."""


@dataclass(frozen=True)
class Given:
    """What content is given: the edition it speaks, its data, whether it has begun already, how often it spoke."""

    edition: str
    cmi: dict[str, Any]
    is_running: bool
    number: int


@dataclass(frozen=True)
class Report:
    """What content reports: its data as it stands, the how-manieth report of this opening it is, how long this opening
    lasted, whether the content said that it is over, and whether its page was left."""

    cmi: Mapping[str, Any]
    number: int
    spent_ms: int
    is_end: bool
    is_left: bool


@dataclass(frozen=True)
class Turn:
    """One opening of one item by its learner. `session` names it: of two at once only the later one is listened to."""

    ticket: Ticket
    session: str


@dataclass
class _Kept:
    """The document as it stands. `number` counts the reports of this opening, `is_over` says whether the content said
    last that it is over, `before_ms` how long all earlier openings lasted, `told` what was recorded so far, `answers`
    what of which question, `answered` how many answers; `objectives` what of which objective, `stated` how often."""

    session: str = ""
    number: int = 0
    is_over: bool = True
    before_ms: int = 0
    spent_ms: int = 0
    cmi: dict[str, Any] | None = None
    told: dict[str, Any] | None = None
    answers: dict[str, str] = field(default_factory=dict)
    answered: int = 0
    objectives: dict[str, dict[str, Any]] = field(default_factory=dict)
    stated: int = 0

    @property
    def is_running(self) -> bool:
        """Whether the content has begun in this opening and not ended."""
        return self.number > 0 and not self.is_over


def begin(node: Node, *, person: str, opened: Opened) -> str:
    """Begin an opening; return its name. Somebody who was done begins afresh. Raises ContentError."""
    edition, _ = _part(node, opened)
    session = node.new_id()[-12:]

    def write() -> None:
        kept = _find(node, person, opened)
        goes_on = _goes_on(edition, kept)
        after = _Kept(
            session=session,
            is_over=kept.is_over,
            before_ms=kept.before_ms + kept.spent_ms,
            cmi=kept.cmi if goes_on else None,
            told=kept.told if goes_on else None,
            answers=kept.answers if goes_on else {},
            answered=kept.answered if goes_on else 0,
            objectives=kept.objectives if goes_on else {},
            stated=kept.stated if goes_on else 0,
        )
        _put(node, person, opened, after)

    node.write(write)
    return session


def open_for(node: Node, *, turn: Turn | None, opened: Opened) -> Given:
    """What content is given when a page of it is opened; without a turn it is a guest's, who begins afresh.

    Raises ContentError when the package cannot be read.
    """
    edition, part = _part(node, opened)
    kept = _find(node, turn.ticket.person, opened) if turn else _Kept()
    whole = dict(kept.cmi or {})
    data = _filled(edition, part, whole, kept.before_ms)
    if not kept.number:
        core = data["core"] if edition == OLDER else data
        core |= {"entry": "resume" if whole else "ab-initio", "exit": "", "session_time": ""}
    _name(node, edition, turn, data)
    return Given(edition, data, kept.is_running, kept.number)


def query_of(node: Node, opened: Opened) -> str:
    """What the address ends in at which an item is started. Raises ContentError."""
    return _part(node, opened)[1].query


def read(body: bytes) -> Report:
    """A report as it was sent. Raises InputWrong."""
    try:
        told = json.loads(body)
        data, number, spent = told["cmi"], told["number"], told["spent_ms"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InputWrong(BAD) from None
    is_sound = isinstance(data, dict) and _is_plain(data, DEPTH_MAX)
    if not (is_sound and _is_count(number) and _is_count(spent)):
        raise InputWrong(BAD)
    is_end, is_left = told.get("is_end") is True, told.get("is_left") is True
    return Report(data, number, min(spent, cmi.LONGEST_MS), is_end, is_left)


def keep(node: Node, *, turn: Turn, opened: Opened, report: Report) -> bool:
    """Keep what content reports, and record what is new in it; False when something later is here already.

    Raises DocumentTooLarge, StorageFull, ContentError.
    """
    edition, part = _part(node, opened)
    ticket = turn.ticket

    def write() -> bool:
        before = _find(node, ticket.person, opened)
        if before.session != turn.session or before.number >= report.number:
            return False
        after = _after(edition, before, report)
        said = cmi.outcome(edition, after.cmi or {}, part, is_end=report.is_end)
        is_ended = report.is_end and not (before.number and before.is_over)
        pause = Pause(report.is_end or report.is_left, is_ended, after.spent_ms)
        after.told, found = reported.news(after.told or {}, said, pause)
        act = Act(ticket.person, opened, ticket.registration, node.clock.now_ms())
        statements = _answers(node, act, after, edition, is_pause=pause.is_pause)
        statements += _objectives(node, act, after, edition, is_pause=pause.is_pause)
        statements += [_packed(_statement(node, act, verb, result)) for verb, result in found]
        _put(node, ticket.person, opened, after)
        authority = {"objectType": "Agent", "account": {"homePage": LAUNCHES, "name": ticket.activity}}
        store.take(node, statements, authority=authority)
        return True

    return node.write(write)


def _part(node: Node, opened: Opened) -> tuple[str, Part]:
    return scorm.part_of(opened.manifest, opened.item, lambda path: node.shelf.read(opened.manifest, path))


def _place(person: str, opened: Opened) -> Place:
    words = {"activityId": opened.activity, "agent": json.dumps(person_actor(person)), "stateId": DOCUMENT}
    return places.one(STATE, words)


def _put(node: Node, person: str, opened: Opened, kept: _Kept) -> None:
    body = _packed(asdict(kept))
    documents.put(node, _place(person, opened), body=body, content_type=documents.JSON, line="1.0")


def _find(node: Node, person: str, opened: Opened) -> _Kept:
    """The document as it stands; one that is none of ours counts as none, since content may write there too."""
    found = documents.get(node, _place(person, opened))
    try:
        kept = _Kept(**json.loads(found.body)) if found else _Kept()
        numbers = (kept.number, kept.before_ms, kept.spent_ms, kept.answered, kept.stated)
        is_sound = all(_is_count(each) for each in numbers) and _is_plain(kept.cmi or {}, DEPTH_MAX)
        is_sound = is_sound and isinstance(kept.answers, dict) and _is_plain(kept.answers, 1)
        is_sound = is_sound and isinstance(kept.objectives, dict) and _is_plain(kept.objectives, 2)
        is_sound = is_sound and all(isinstance(each, dict) for each in kept.objectives.values())
    except (ValueError, TypeError, RecursionError):
        return _Kept()
    return kept if is_sound and isinstance(kept.told or {}, dict) else _Kept()


def _goes_on(edition: str, kept: _Kept) -> bool:
    """Whether somebody goes on where they were: unless the content was done and did not ask to be suspended.

    The standard would also begin afresh where content was left without asking for it. Much content forgets to ask, and
    a line may be cut before it could: then a place that is kept harms nobody, and one that is lost costs an evening.
    """
    data = kept.cmi or {}
    if not data or cmi.is_suspended(edition, data) or not kept.is_over:
        return bool(data)
    return not (kept.told or {}).get("is_done")


def _filled(edition: str, part: Part, data: dict[str, Any], before_ms: int) -> dict[str, Any]:
    """The data with what the package says of this part, which the content may only read."""
    total = cmi.told_time(edition, before_ms)
    if edition == OLDER:
        core = {**_table(data.get("core")), "credit": "credit", "lesson_mode": "normal", "total_time": total}
        student = {
            "mastery_score": part.mastery,
            "max_time_allowed": part.max_time,
            "time_limit_action": part.time_limit,
        }
        told = {name: value for name, value in student.items() if value}
        return {**data, "core": core, "launch_data": part.launch_data, "student_data": told}
    fixed = {"credit": "credit", "mode": "normal", "total_time": total, "launch_data": part.launch_data}
    said = {
        "scaled_passing_score": part.mastery,
        "completion_threshold": part.threshold,
        "max_time_allowed": part.max_time,
        "time_limit_action": part.time_limit,
    }
    return {**data, **fixed, **{name: value for name, value in said.items() if value}}


def _name(node: Node, edition: str, turn: Turn | None, data: dict[str, Any]) -> None:
    """Say who learns: by the name that greets them, and by a number that means nothing outside of this activity."""
    ticket = turn.ticket if turn else None
    person = roster.find(node, ticket.person) if ticket else None
    known = hashlib.sha256(f"{ticket.person} {ticket.activity}".encode()).hexdigest()[:16] if ticket else "guest"
    name = person.name if person else ""
    if edition == NEWER:
        data |= {"learner_id": known, "learner_name": name}
    else:
        data["core"] |= {"student_id": known, "student_name": name}


def _after(edition: str, before: _Kept, report: Report) -> _Kept:
    """The document after a report. A long text that did not change may be left out of it."""
    data = {name: value for name, value in report.cmi.items() if name not in NOBODYS}
    if isinstance(data.get("core"), dict):
        data["core"] = {name: value for name, value in data["core"].items() if name not in NOBODYS}
    if "suspend_data" not in data and before.cmi and "suspend_data" in before.cmi:
        data["suspend_data"] = before.cmi["suspend_data"]
    return replace(
        before,
        number=report.number,
        is_over=report.is_end,
        spent_ms=cmi.spent_ms(edition, data) or report.spent_ms,
        cmi=data,
    )


def _answers(node: Node, act: Act, kept: _Kept, edition: str, *, is_pause: bool) -> list[bytes]:
    """The statements of answers that were not told yet; notes that they are. What is beyond the limit is not told."""
    found = cmi_answers.fresh(edition, kept.cmi or {}, kept.answers, is_pause=is_pause)
    made = []
    for each in found[: max(0, cmi_answers.ANSWERS_MAX - kept.answered)]:
        kept.answers[each.part] = each.mark
        kept.answered += 1
        told = records.about_part(
            act, each.part, definition=each.definition, result=each.result, statement=node.new_id()
        )
        made.append(_packed(_of_profile(told)))
    return made


def _objectives(node: Node, act: Act, kept: _Kept, edition: str, *, is_pause: bool) -> list[bytes]:
    """The statements of objectives that stand otherwise than was told; notes that they are. What is beyond the limit is
    not told."""
    made = []
    for each in cmi_objectives.fresh(edition, kept.cmi or {}, kept.objectives, is_pause=is_pause):
        if kept.stated + len(each.news) > cmi_objectives.TOLD_MAX:
            break
        kept.stated += len(each.news)
        kept.objectives[each.part] = each.told
        for verb, result in each.news:
            told = records.about_objective(
                act, each.part, verb, definition=each.definition, result=result, statement=node.new_id()
            )
            made.append(_packed(_of_profile(told)))
    return made


def _of_profile(made: dict[str, Any]) -> dict[str, Any]:
    made["context"]["contextActivities"]["category"] = [{"id": SCORM, "definition": {"type": PROFILE_TYPE}}]
    return made


def _statement(node: Node, act: Act, verb: str, result: dict[str, Any]) -> dict[str, Any]:
    return _of_profile(records.about_item(act, verb, statement=node.new_id(), result=result))


def _packed(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def _is_plain(value: Any, depth: int) -> bool:
    """Whether data is made of tables and texts alone, and not too deep."""
    if isinstance(value, dict):
        return depth > 0 and all(_is_plain(each, depth - 1) for each in value.values())
    return value is None or isinstance(value, str | int | float)
