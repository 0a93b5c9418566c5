"""The objectives that SCORM content keeps (cmi.objectives): how each stands, and what of that is new. Pure.

Each is an activity of its own inside its part. What is told of it follows the rules for the part itself
(`hub.learning.reported`): at once when it was reached or missed, at a pause when only a score or a share of it grew.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from content.formats.scorm_manifest import OLDER
from hub.learning import cmi, reported
from hub.learning.cmi import Cmi, Outcome
from hub.learning.reported import News, Pause

OBJECTIVES_MAX = 100
"""Objectives of one part that are told of: as many as the standard asks a system to keep."""
TOLD_MAX = 500
"""Statements about them in one sitting."""
HASH_CHARS = 16

Told = Mapping[str, Mapping[str, Any]]
"""Name of an objective here → what was told of it so far."""


@dataclass(frozen=True)
class Change:
    """What is new about one objective: its name here, how it is put, verb and result of each statement, and what has
    been told of it by then."""

    part: str
    definition: dict[str, Any]
    news: News
    told: dict[str, Any]


def fresh(edition: str, data: Cmi, told: Told, *, is_pause: bool) -> list[Change]:
    """What was not told so yet, in the order of the objectives."""
    named = {cmi.said(row, "id"): row for row in cmi.rows(data, "objectives")}
    rows = [(name, row) for name, row in named.items() if name][:OBJECTIVES_MAX]
    found = [_change(edition, name, row, told, is_pause=is_pause) for name, row in rows]
    return [each for each in found if each.news]


def _change(edition: str, name: str, row: Cmi, told: Told, *, is_pause: bool) -> Change:
    part = "o" + hashlib.sha256(name.encode()).hexdigest()[:HASH_CHARS]
    definition: dict[str, Any] = {"name": {"und": name}}
    if words := cmi.said(row, "description"):
        definition["description"] = {"und": words}
    after, news = reported.news(told.get(part, {}), _outcome(edition, row), Pause(is_pause, is_ended=False, spent_ms=0))
    return Change(part, definition, [(verb, _timeless(result)) for verb, result in news], after)


def _outcome(edition: str, row: Cmi) -> Outcome:
    """How an objective stands: SCORM 1.2 has one status for both, 2004 has two, and a share of it."""
    if edition == OLDER:
        status = cmi.text(row, "status")
        is_passed = {"passed": True, "failed": False}.get(status)
        return Outcome(status in ("completed", "passed"), is_passed, cmi.score(row, ceiling=100.0))
    is_passed = {"passed": True, "failed": False}.get(cmi.text(row, "success_status"))
    progress = cmi.number(cmi.text(row, "progress_measure"))
    share = None if progress is None else min(1.0, max(0.0, progress))
    return Outcome(cmi.text(row, "completion_status") == "completed", is_passed, cmi.score(row), share)


def _timeless(result: dict[str, Any]) -> dict[str, Any]:
    """How long the part was open says nothing about one objective."""
    return {name: value for name, value in result.items() if name != "duration"}
