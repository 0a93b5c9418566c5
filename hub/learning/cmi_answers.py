"""The single answers that SCORM content tells (cmi.interactions): read once, and put as xAPI puts them. Pure.

Content sets the parts of an answer one after another, and may set them again. So an answer counts when the content has
gone on to the next one, or pauses; what was told before is not told again. A hub keeps so many of one sitting.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from content.formats.scorm_manifest import OLDER
from hub.learning import cmi
from hub.learning.cmi import Cmi
from hub.learning.records import duration

ANSWERS_MAX = 250
"""Answers of one sitting that are told: as many interactions as the standard asks a system to keep."""
PATTERNS_MAX = 10
HASH_CHARS = 16
NUMBER_MAX = 10**9
TYPES = frozenset(
    {"true-false", "choice", "fill-in", "long-fill-in", "likert", "matching", "performance", "sequencing", "numeric"}
    | {"other"}
)
_JUDGED = {"correct": True, "incorrect": False, "wrong": False}
_TRUTHS = {"t": "true", "1": "true", "true": "true", "f": "false", "0": "false", "false": "false"}
_SEVERAL = ("choice", "sequencing", "matching")

Told = Mapping[str, str]
"""Name of an answer's question → the mark of what was told of it last."""


@dataclass(frozen=True)
class Answer:
    """One answer: the name of its question here, how it is put, how it went, and the mark of all that together."""

    part: str
    definition: dict[str, Any]
    result: dict[str, Any]
    mark: str


def fresh(edition: str, data: Cmi, told: Told, *, is_pause: bool) -> list[Answer]:
    """The answers that stand and were not told so yet, in their order."""
    found = list(cmi.rows(data, "interactions"))
    settled = found if is_pause else found[:-1]
    answers = {each.part: each for row in settled if (each := _answer(edition, row)) is not None}
    return [each for each in answers.values() if told.get(each.part) != each.mark]


def _answer(edition: str, row: Cmi) -> Answer | None:
    """None where there is no name, or nothing was answered and nothing judged."""
    name, kind = cmi.said(row, "id"), _kind(row)
    given = cmi.said(row, "student_response" if edition == OLDER else "learner_response")
    result = _result(edition, row, kind, given)
    if not name or not result.keys() - {"duration"}:
        return None
    definition: dict[str, Any] = {"name": {"und": name}}
    if words := cmi.said(row, "description"):
        definition["description"] = {"und": words}
    if kind:
        definition["interactionType"] = kind
        if patterns := _patterns(edition, row, kind):
            definition["correctResponsesPattern"] = patterns
    part = "i" + hashlib.sha256(name.encode()).hexdigest()[:HASH_CHARS]
    told = {name: value for name, value in result.items() if name != "duration"}
    mark = hashlib.sha256(json.dumps([definition, told], sort_keys=True).encode()).hexdigest()[:HASH_CHARS]
    return Answer(part, definition, result, mark)


def _kind(row: Cmi) -> str:
    told = cmi.text(row, "type")
    return told if told in TYPES else ""


def _result(edition: str, row: Cmi, kind: str, given: str) -> dict[str, Any]:
    made: dict[str, Any] = {}
    judged = cmi.text(row, "result")
    if judged in _JUDGED:
        made["success"] = _JUDGED[judged]
    elif (points := cmi.number(judged)) is not None and abs(points) < NUMBER_MAX:
        made["score"] = {"raw": points}
    if given:
        made["response"] = _response(edition, kind, given)
    if spent_ms := cmi.spent_ms(edition, _as_session(edition, row)):
        made["duration"] = duration(spent_ms)
    return made


def _as_session(edition: str, row: Cmi) -> Cmi:
    """A latency is written as the time of a session is."""
    spent = {"session_time": cmi.text(row, "latency")}
    return {"core": spent} if edition == OLDER else spent


def _patterns(edition: str, row: Cmi, kind: str) -> list[str]:
    table = row.get("correct_responses")
    rows = list(table.values())[:PATTERNS_MAX] if isinstance(table, Mapping) else []
    found = [cmi.said(each, "pattern") for each in rows if isinstance(each, Mapping)]
    return [_response(edition, kind, each) for each in found if each]


def _response(edition: str, kind: str, text: str) -> str:
    """An answer as xAPI writes it: SCORM 2004 writes so already, 1.2 with commas and dots."""
    if edition != OLDER:
        return text
    if kind == "true-false":
        return _TRUTHS.get(text.lower(), text)
    if kind not in _SEVERAL:
        return text
    parts = [each.strip() for each in text.strip("{}").split(",")]
    return "[,]".join(each.replace(".", "[.]", 1) if kind == "matching" else each for each in parts)
