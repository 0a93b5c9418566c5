"""What the player of a film or a sound tells: played, paused, gone to another place, as the xAPI video profile says it.

The player is on the page of whoever watches, so it is believed in nothing but how they watched. It tells several things
at once, and tells again what it does not know to have arrived. Whoever saw nearly all of it has completed it. Without
script it tells nothing; that a film was seen is said by its button.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hub.errors import InputWrong
from hub.learning import records
from hub.learning.acts import ATTEMPT
from hub.learning.items import Opened
from hub.learning.records import Act
from hub.learning.sittings import PLACE_MAX, Sitting, derived, last_place, latest
from hub.node import Node
from hub.vocabulary import (
    ENOUGH,
    LENGTH,
    POSITION,
    PROFILE_TYPE,
    SEGMENTS,
    SESSION,
    TIME,
    TIME_FROM,
    TIME_TO,
    VIDEO,
    WATCHED,
)
from hub.xapi import store

PLAYED, PAUSED, SEEKED, LIVING = "played", "paused", "seeked", "progressed"
KINDS = ("video", "audio")
FIELDS = ("did", "session", "number", "at", "since", "length", "parts", "ago")
"""What a form of the player has, once for each thing it tells; `parts` are spelled as the profile spells them, `ago` is
how many milliseconds before the form was sent it happened."""
AT_ONCE_MAX = 40
"""What one form may tell."""
AGO_MS_MAX = 30 * 24 * 3_600_000
SEEN_SHARE = 0.95
"""Who played so much of it has completed it: few stay for the names at the end."""
NUMBER_MAX = 300
"""What one opening of a page may tell."""
PARTS_MAX = 100
"""Parts of a film that were played; the rest of a longer list is passed over."""
SECONDS = re.compile(r"\d{1,7}(\.\d{1,6})?")

Part = tuple[float, float]


@dataclass(frozen=True)
class Told:
    """One thing the player tells. Seconds; `since` is where a jump began, `length` 0 when it is not known."""

    did: str
    session: str
    number: int
    at: float
    since: float = 0.0
    length: float = 0.0
    parts: tuple[Part, ...] = ()
    ago_ms: int = 0

    @property
    def share(self) -> float:
        """How much was played, 0 to 1; what was played twice counts once."""
        reached, played = 0.0, 0.0
        for begin, end in sorted(self.parts):
            played += max(0.0, end - max(begin, reached))
            reached = max(reached, end)
        return min(1.0, played / self.length) if self.length else 0.0


def read_all(form: Mapping[str, Sequence[str]]) -> list[Told]:
    """What a form of the player tells, in its order: each field comes once for each thing. Raises InputWrong for one
    that is none of ours."""
    rows = [form.get(name, ()) for name in FIELDS]
    if not 1 <= len(rows[0]) <= AT_ONCE_MAX or any(len(row) != len(rows[0]) for row in rows):
        raise _wrong()
    return [read(dict(zip(FIELDS, values, strict=True))) for values in zip(*rows, strict=True)]


def read(form: Mapping[str, str]) -> Told:
    """One thing that the player tells. Raises InputWrong for one that is none of ours."""
    parts = [part.partition("[.]") for part in form["parts"].split("[,]") if part]
    told = Told(
        did=form["did"],
        session=form["session"],
        number=int(_seconds(form["number"])),
        at=_seconds(form["at"]),
        since=_seconds(form["since"] or "0"),
        length=_seconds(form["length"] or "0"),
        parts=tuple((_seconds(begin), _seconds(end)) for begin, _, end in parts[:PARTS_MAX]),
        ago_ms=_ago(form["ago"]),
    )
    if told.did not in (PLAYED, PAUSED, SEEKED, LIVING) or not ATTEMPT.fullmatch(told.session):
        raise _wrong()
    if not 1 <= told.number <= NUMBER_MAX or any(begin > end for begin, end in told.parts):
        raise _wrong()
    return told


def note(node: Node, *, person: str, opened: Opened, registration: str, told: Sequence[Told]) -> int:
    """Keep what the player tells of a sitting, all in one change, while that sitting is open.

    Returns the second at which it goes on, 0 when it is over. Safe to repeat.
    """
    if opened.item.kind not in KINDS:
        raise _wrong()

    def keep() -> int:
        sitting = latest(node, person=person, opened=opened)
        if sitting is None or sitting.is_finished or sitting.registration != registration:
            return 0
        made = list(_new(node, Act(person, opened, registration, node.clock.now_ms()), told))
        last = next((each for each in told if each.share >= SEEN_SHARE), None)
        if last is not None:
            made.append(_completed(Act(person, opened, registration, node.clock.now_ms()), sitting, last))
        if made:
            store.keep_own(node, made)
        return 0 if last is not None else last_place(node, person=person, opened=opened, sitting=sitting)

    return node.write(keep)


def _new(node: Node, act: Act, told: Sequence[Told]) -> list[dict[str, Any]]:
    """The statements of what is not here yet, each at the moment it happened."""
    named = {derived(act.registration, "watched", each.session, str(each.number)): each for each in told}
    fresh = {name: each for name, each in named.items() if not store.is_kept(node, name)}
    return [_statement(replace(act, at_ms=act.at_ms - each.ago_ms), each, name) for name, each in fresh.items()]


def _completed(act: Act, sitting: Sitting, told: Told) -> dict[str, Any]:
    """The statement that closes a sitting in which enough was seen."""
    made = records.ended(act, sitting, score=None, questions=0, is_passed=False)
    made["result"]["extensions"] = _seen(told)
    return _of_film(made, act, told, {ENOUGH: SEEN_SHARE})


def _statement(act: Act, told: Told, name: str) -> dict[str, Any]:
    made = records.about_item(act, told.did, statement=name, result={"extensions": _result(told)})
    return _of_film(made, act, told, {})


def _of_film(made: dict[str, Any], act: Act, told: Told, more: dict[str, Any]) -> dict[str, Any]:
    """The same with what the profile has in each context."""
    context = made["context"]
    context["extensions"] = {SESSION: told.session} | ({LENGTH: told.length} if told.length else {}) | more
    if act.opened.item.kind == "video":
        context["contextActivities"]["category"] = [{"id": VIDEO, "definition": {"type": PROFILE_TYPE}}]
    return made


def _result(told: Told) -> dict[str, Any]:
    """The extensions that the profile asks for with each verb, and where somebody is who watches still."""
    if told.did == SEEKED:
        return {TIME_FROM: told.since, TIME_TO: told.at}
    if told.did == PLAYED:
        return {TIME: told.at}
    return _seen(told) | ({POSITION: int(told.at)} if told.did == LIVING else {})


def _seen(told: Told) -> dict[str, Any]:
    spelled = "[,]".join(f"{round(begin, 2)}[.]{round(end, 2)}" for begin, end in told.parts)
    return {TIME: told.at, WATCHED: round(told.share, 3), SEGMENTS: spelled}


def _ago(text: str) -> int:
    """Milliseconds, none for a moment that is none of the last days: a phone's clock may leap."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= len(str(AGO_MS_MAX)) else 0


def _seconds(text: str) -> float:
    """Seconds as a player tells them, to the hundredth. Raises InputWrong."""
    if not SECONDS.fullmatch(text) or float(text) > PLACE_MAX:
        raise _wrong()
    return math.floor(float(text) * 100) / 100


def _wrong() -> InputWrong:
    return InputWrong("There is no such place in it. Nothing was changed.")
