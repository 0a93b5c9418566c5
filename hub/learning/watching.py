"""What the player of a film or a sound tells: played, paused, gone to another place, as the xAPI video profile says it.

The player is on the page of whoever watches, so it is believed in nothing but how they watched. Without script it
tells nothing; that a film was seen is said by its button.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.errors import InputWrong
from hub.learning import records
from hub.learning.acts import ATTEMPT
from hub.learning.items import Opened
from hub.learning.records import Act
from hub.learning.sittings import PLACE_MAX, derived, latest
from hub.node import Node
from hub.vocabulary import LENGTH, PROFILE_TYPE, SEGMENTS, SESSION, TIME, TIME_FROM, TIME_TO, VIDEO, WATCHED
from hub.xapi import store

PLAYED, PAUSED, SEEKED = "played", "paused", "seeked"
KINDS = ("video", "audio")
FIELDS = ("did", "session", "number", "at", "since", "length", "parts")
"""What a form of the player has; `parts` are spelled as the profile spells them."""
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

    @property
    def share(self) -> float:
        """How much was played, 0 to 1; what was played twice counts once."""
        reached, played = 0.0, 0.0
        for begin, end in sorted(self.parts):
            played += max(0.0, end - max(begin, reached))
            reached = max(reached, end)
        return min(1.0, played / self.length) if self.length else 0.0


def read(form: Mapping[str, str]) -> Told:
    """What a form of the player tells. Raises InputWrong for one that is none of ours."""
    parts = [part.partition("[.]") for part in form["parts"].split("[,]") if part]
    told = Told(
        did=form["did"],
        session=form["session"],
        number=int(_seconds(form["number"])),
        at=_seconds(form["at"]),
        since=_seconds(form["since"] or "0"),
        length=_seconds(form["length"] or "0"),
        parts=tuple((_seconds(begin), _seconds(end)) for begin, _, end in parts[:PARTS_MAX]),
    )
    if told.did not in (PLAYED, PAUSED, SEEKED) or not ATTEMPT.fullmatch(told.session):
        raise _wrong()
    if not 1 <= told.number <= NUMBER_MAX or any(begin > end for begin, end in told.parts):
        raise _wrong()
    return told


def note(node: Node, *, person: str, opened: Opened, told: Told) -> None:
    """Keep what the player tells, in the sitting that is open; after its end nothing. Safe to repeat."""
    if opened.item.kind not in KINDS:
        raise _wrong()

    def keep() -> None:
        sitting = latest(node, person=person, opened=opened)
        if sitting is None or sitting.is_finished:
            return
        name = derived(sitting.registration, "watched", told.session, str(told.number))
        if not store.is_kept(node, name):
            act = Act(person, opened, sitting.registration, node.clock.now_ms())
            store.keep_own(node, [_statement(act, told, name)])

    node.write(keep)


def _statement(act: Act, told: Told, name: str) -> dict[str, Any]:
    made = records.about_item(act, told.did, statement=name, result={"extensions": _result(told)})
    context = made["context"]
    context["extensions"] = {SESSION: told.session} | ({LENGTH: told.length} if told.length else {})
    if act.opened.item.kind == "video":
        context["contextActivities"]["category"] = [{"id": VIDEO, "definition": {"type": PROFILE_TYPE}}]
    return made


def _result(told: Told) -> dict[str, Any]:
    """The extensions that the profile asks for with each verb."""
    if told.did == SEEKED:
        return {TIME_FROM: told.since, TIME_TO: told.at}
    if told.did == PLAYED:
        return {TIME: told.at}
    spelled = "[,]".join(f"{round(begin, 2)}[.]{round(end, 2)}" for begin, end in told.parts)
    return {TIME: told.at, WATCHED: round(told.share, 3), SEGMENTS: spelled}


def _seconds(text: str) -> float:
    """Seconds as a player tells them, to the hundredth. Raises InputWrong."""
    if not SECONDS.fullmatch(text) or float(text) > PLACE_MAX:
        raise _wrong()
    return math.floor(float(text) * 100) / 100


def _wrong() -> InputWrong:
    return InputWrong("There is no such place in it. Nothing was changed.")
