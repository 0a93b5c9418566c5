"""What is new in what SCORM content reports: the statements that tell it, and what has been told by then.

Content reports all of its data again and again. A statement is written when something is otherwise than it was told
before: at once when something was done or passed, at a pause when a score or a share of it grew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.learning.cmi import Outcome
from hub.learning.records import duration
from hub.vocabulary import PROGRESS

STEP = 10
"""So many hundredths more are worth a statement before a pause."""

News = list[tuple[str, dict[str, Any]]]
"""Verb and result of each statement."""


@dataclass(frozen=True)
class Pause:
    """Whether the content or its reader pauses, whether the content says now that it is over, and how long it took."""

    is_pause: bool
    is_ended: bool
    spent_ms: int


def news(told: Mapping[str, Any], said: Outcome, pause: Pause) -> tuple[dict[str, Any], News]:
    """What has been told after this report, and what was not told before."""
    found: News = []
    after = dict(told)
    _progress(after, found, said, pause)
    _success(after, found, said, pause)
    lasted = {"duration": duration(pause.spent_ms)}
    if said.is_done and after.get("is_done") is not True:
        found.append(("completed", {"completion": True, **lasted}))
        after["is_done"] = True
    if pause.is_ended:
        found.append(("terminated", lasted))
    return after, found


def _progress(after: dict[str, Any], found: News, said: Outcome, pause: Pause) -> None:
    if said.progress is None:
        return
    percent, before = round(said.progress * 100), after.get("progress", 0)
    further = percent - before if isinstance(before, int) else percent
    if further >= STEP or (pause.is_pause and further):
        found.append(("progressed", {"extensions": {PROGRESS: percent}}))
        after["progress"] = percent


def _success(after: dict[str, Any], found: News, said: Outcome, pause: Pause) -> None:
    """Passed or not, with the score; a score alone where nothing is said of passing."""
    score = None if said.score is None else said.score.scaled
    is_other_score = pause.is_pause and score is not None and score != after.get("score")
    if said.is_passed is not None and (is_other_score or said.is_passed is not after.get("is_passed")):
        result = {"success": said.is_passed, **_scored(said), "duration": duration(pause.spent_ms)}
        found.append(("passed" if said.is_passed else "failed", result))
    elif said.is_passed is None and is_other_score:
        found.append(("scored", _scored(said)))
    else:
        return
    after |= {"is_passed": said.is_passed, "score": score}


def _scored(said: Outcome) -> dict[str, Any]:
    if said.score is None:
        return {}
    told = {"scaled": said.score.scaled, "raw": said.score.raw, "min": said.score.least, "max": said.score.most}
    return {"score": {name: value for name, value in told.items() if value is not None}}
