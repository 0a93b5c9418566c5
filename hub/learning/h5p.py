"""H5P content and its learner: what it is given at its start, and what is kept and recorded of what it reports.

What it wants to remember stands in a document of the activity's state, for one learner and one item, so that no other
learner's turn sees it. What it tells about learning becomes statements through the door, vouched for by the activity.
"""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from content.formats import h5p_libraries as libraries
from content.formats.h5p_libraries import ABOUT, CONTENT, Inside, Whole
from hub.errors import DocumentTooLarge, InputWrong
from hub.learning import h5p_events, records
from hub.learning.h5p_events import Said
from hub.learning.items import Opened
from hub.learning.records import Act
from hub.learning.scorm import Turn
from hub.learning.sittings import derived
from hub.node import Node
from hub.vocabulary import LAUNCHES, TRIES, person_actor
from hub.xapi import documents, places, store
from hub.xapi.limits import limits
from hub.xapi.places import STATE, Place

DOCUMENT = "h5p"
BAD = "This is nothing that content of this kind reports; nothing was changed."
CHANGED = {"0": {"state": "RESET"}}
"""What H5P takes as: what you did is gone, since the content is another now. It says so to its learner."""
OPENINGS_MAX = 5
"""Openings whose reports are still taken; an older one is a page that somebody forgot to close."""
EVENTS_MAX = 200
PARTS_MAX = 2_000
NAME_CHARS_MAX = 100
COUNT_MAX = 2**53
TRIES_MAX = 99


@dataclass(frozen=True)
class Given:
    """What content is given: what it remembered, by part and name; how often this opening reported, and how many
    events of it were taken."""

    remembered: dict[str, dict[str, str]]
    number: int
    heard: int


@dataclass(frozen=True)
class Report:
    """What content reports: the how-manieth report of this opening it is, how old the opening is, what is to be
    remembered (None for what is not any more), and its events with their number and how old the opening was then."""

    number: int
    spent_ms: int
    remembered: dict[str, dict[str, str | None]]
    events: list[tuple[int, int, object]]


@dataclass
class _Kept:
    """The document as it stands: the opening that is listened to, how often it reported, which content it was, what
    is remembered, the last event that each of the last openings told, and how often each part was answered."""

    session: str = ""
    number: int = 0
    content: str = ""
    remembered: dict[str, dict[str, str]] = field(default_factory=dict)
    heard: dict[str, int] = field(default_factory=dict)
    tries: dict[str, int] = field(default_factory=dict)


def whole_of(node: Node, opened: Opened) -> Whole:
    """The content with its libraries. Raises ContentError when it cannot be read any more."""
    base, manifest = base_of(opened), opened.manifest
    paths = {path.removeprefix(base) for path in manifest.files if path.startswith(base)}
    return libraries.load(Inside(paths, lambda path: node.shelf.read(manifest, base + path), manifest.title))


def base_of(opened: Opened) -> str:
    """The folder of the package that holds h5p.json: "", or it ends with a slash."""
    return opened.item.path.removesuffix(ABOUT)


def begin(node: Node, *, person: str, opened: Opened) -> str:
    """Begin an opening; return its name. What was remembered of another content under this name is let go."""
    session = node.new_id()[-12:]
    content = opened.manifest.files[base_of(opened) + CONTENT].sha256

    def write() -> None:
        kept = _find(node, person, opened)
        is_other = bool(kept.remembered) and kept.content != content
        heard = dict([*kept.heard.items(), (session, 0)][-OPENINGS_MAX:])
        remembered = CHANGED if is_other else kept.remembered
        _put(node, person, opened, _Kept(session, 0, content, remembered, heard))

    node.write(write)
    return session


def open_for(node: Node, *, turn: Turn | None, opened: Opened) -> Given:
    """What content is given when its page is opened; without a turn it is a guest's, who begins afresh."""
    if turn is None:
        return Given({}, 0, 0)
    kept = _find(node, turn.ticket.person, opened)
    is_latest = kept.session == turn.session
    return Given(kept.remembered, kept.number if is_latest else 0, kept.heard.get(turn.session, 0))


def read(body: bytes) -> Report:
    """A report as it was sent. Raises InputWrong."""
    try:
        told = json.loads(body)
        number, spent, remembered, events = (told[each] for each in ("number", "spent_ms", "remembered", "events"))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InputWrong(BAD) from None
    if not (_is_count(number) and _is_count(spent) and _is_memory(remembered, may_forget=True)):
        raise InputWrong(BAD)
    if not isinstance(events, list) or len(events) > EVENTS_MAX or not all(map(_is_event, events)):
        raise InputWrong(BAD)
    return Report(number, spent, remembered, [(each[0], each[1], each[2]) for each in events])


def keep(node: Node, *, turn: Turn, opened: Opened, report: Report) -> None:
    """Keep what content reports, and record what is new in it. Of two openings at once the later one remembers, and
    both are recorded.

    Raises StorageFull, and DocumentTooLarge after all was recorded when content would remember too much.
    """
    ticket = turn.ticket

    def write() -> bool:
        kept = _find(node, ticket.person, opened)
        if turn.session not in kept.heard:
            return True
        statements = _statements(node, turn, opened, kept, report)
        before = json.loads(json.dumps(kept.remembered))
        if turn.session == kept.session and report.number > kept.number:
            kept.number = report.number
            _remember(kept.remembered, report.remembered)
        is_small = len(_packed(asdict(kept))) <= limits(node).document_bytes and len(kept.remembered) <= PARTS_MAX
        if not is_small:
            kept.remembered = before
        _put(node, ticket.person, opened, kept)
        authority = {"objectType": "Agent", "account": {"homePage": LAUNCHES, "name": ticket.activity}}
        store.take(node, [_packed(each) for each in statements], authority=authority)
        return is_small

    if not node.write(write):
        raise DocumentTooLarge("The content wants to remember more than fits. What was answered is recorded.")


def _remember(held: dict[str, dict[str, str]], told: dict[str, dict[str, str | None]]) -> None:
    for part, names in told.items():
        for name, text in names.items():
            if text is None:
                held.get(part, {}).pop(name, None)
            else:
                held.setdefault(part, {})[name] = text


def _statements(node: Node, turn: Turn, opened: Opened, kept: _Kept, report: Report) -> list[dict[str, Any]]:
    """The statements of events that were not told before, in their order; notes that they are."""
    found, now = [], node.clock.now_ms()
    for number, at_ms, event in sorted(report.events, key=lambda each: each[0]):
        if number <= kept.heard[turn.session]:
            continue
        kept.heard[turn.session] = number
        happened = now - max(0, report.spent_ms - at_ms)
        act = Act(turn.ticket.person, opened, turn.ticket.registration, happened)
        for said in h5p_events.read(event, opened.manifest.language):
            name = derived(turn.ticket.registration, DOCUMENT, turn.session, str(number), said.verb)
            found.append(_statement(act, kept, name, said))
    return found


def _statement(act: Act, kept: _Kept, statement: str, said: Said) -> dict[str, Any]:
    if said.verb != "answered":
        return records.about_item(act, said.verb, statement=statement, result=said.result)
    tries = min(kept.tries.get(said.part, 0) + 1, TRIES_MAX)
    if said.part in kept.tries or len(kept.tries) < PARTS_MAX:
        kept.tries[said.part] = tries
    result = {**said.result, **({"extensions": {TRIES: tries}} if tries > 1 else {})}
    return records.about_part(act, said.part, definition=said.definition, result=result, statement=statement)


def _place(person: str, opened: Opened) -> Place:
    words = {"activityId": opened.activity, "agent": json.dumps(person_actor(person)), "stateId": DOCUMENT}
    return places.one(STATE, words)


def _put(node: Node, person: str, opened: Opened, kept: _Kept) -> None:
    documents.put(node, _place(person, opened), body=_packed(asdict(kept)), content_type=documents.JSON, line="1.0")


def _find(node: Node, person: str, opened: Opened) -> _Kept:
    """The document as it stands; one that is none of ours counts as none, since content may write there too."""
    found = documents.get(node, _place(person, opened))
    try:
        kept = _Kept(**json.loads(found.body)) if found else _Kept()
    except (ValueError, TypeError, RecursionError):
        return _Kept()
    counts = (kept.heard, kept.tries, {"": kept.number})
    is_sound = all(isinstance(each, dict) and all(map(_is_count, each.values())) for each in counts)
    texts = isinstance(kept.session, str) and isinstance(kept.content, str)
    return kept if is_sound and texts and _is_memory(kept.remembered, may_forget=False) else _Kept()


def _is_memory(told: object, *, may_forget: bool) -> bool:
    """Whether something is what content remembers: part → name → text."""
    if not isinstance(told, dict):
        return False
    tables = all(isinstance(names, dict) and len(part) <= NAME_CHARS_MAX for part, names in told.items())
    return tables and all(
        (isinstance(text, str) or (may_forget and text is None)) and len(name) <= NAME_CHARS_MAX
        for names in told.values()
        for name, text in names.items()
    )


def _is_event(told: object) -> bool:
    return isinstance(told, list) and len(told) == 3 and _is_count(told[0]) and _is_count(told[1])


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < COUNT_MAX


def _packed(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
