"""What H5P content says of how it goes (its xAPI events): read once, and made plain. Nothing here touches the records.

Content writes whole statements. Taken from them are the verb, the part it is about, the result, and how the question
was put; who did it, what it was done with and when is known here better. Whatever cannot be read counts as not said.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from content.formats.h5p import plain
from hub.learning.records import duration

PART = "http://h5p.org/x-api/h5p-subContentId"
VERBS = "http://adlnet.gov/expapi/verbs/"
ENDS = {"completed": "", "answered": "", "scored": "", "passed": "passed", "mastered": "passed", "failed": "failed"}
"""Verb about the whole → what it says of passing by itself."""
WHOLE = "whole"
"""The part's name in answers to a content that is one question."""
TYPES = (
    "true-false",
    "choice",
    "fill-in",
    "long-fill-in",
    "matching",
    "performance",
    "sequencing",
    "likert",
    "numeric",
)
"""Kinds of questions that xAPI has; H5P has more, which are kept without one."""
OPTIONS = {
    "choice": ("choices",),
    "sequencing": ("choices",),
    "likert": ("scale",),
    "matching": ("source", "target"),
    "performance": ("steps",),
}
OPTIONS_MAX = 100
TEXT_CHARS_MAX = 1_000
NUMBER_MAX = 10**9
LONGEST_MS = 1_000 * 3_600_000

_PART = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)
_DURATION = re.compile(r"PT(\d{1,9}(?:\.\d{1,6})?)S", re.ASCII)


@dataclass(frozen=True)
class Said:
    """One thing that a content said. `part` is "" where it is about the whole; `definition` tells a question."""

    verb: str
    part: str
    result: dict[str, Any]
    definition: dict[str, Any]


def read(statement: object, language: str) -> list[Said]:
    """What a statement of a content tells us; nothing for what is no end and no answer."""
    told = _table(statement)
    verb = str(_table(told.get("verb")).get("id")).removeprefix(VERBS)
    result, target = _result(_table(told.get("result"))), _table(_table(told.get("object")).get("definition"))
    extensions = _table(target.get("extensions"))
    answer = Said("answered", WHOLE, result, _definition(target, language))
    if PART in extensions:
        part = extensions[PART]
        is_sound = isinstance(part, str) and _PART.fullmatch(part) and part != WHOLE
        return [Said("answered", part, result, answer.definition)] if is_sound and verb == "answered" else []
    if verb not in ENDS:
        return []
    return [*([answer] if verb == "answered" else []), _end(verb, result)]


def _end(verb: str, result: dict[str, Any]) -> Said:
    """The end of the whole: passed or not where the content says so, else completed, or a score alone."""
    success = result.get("success")
    by_result = "" if success is None else "passed" if success else "failed"
    ended = ENDS[verb] or by_result or ("scored" if verb == "scored" else "completed")
    kept = {name: value for name, value in result.items() if name in ("score", "duration")}
    if ended in ("passed", "failed"):
        kept["success"] = ended == "passed"
    if ended != "scored":
        kept["completion"] = True
    return Said(ended, "", kept, {})


def _result(told: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if score := _score(_table(told.get("score"))):
        made["score"] = score
    if isinstance(told.get("success"), bool):
        made["success"] = told["success"]
    if isinstance(told.get("response"), str):
        made["response"] = _text(told["response"])
    match = _DURATION.fullmatch(told["duration"]) if isinstance(told.get("duration"), str) else None
    if match:
        made["duration"] = duration(min(LONGEST_MS, round(float(match[1]) * 1000)))
    return made


def _score(told: Mapping[str, Any]) -> dict[str, float]:
    """A score as xAPI allows it: the share of one, and the points where they lie between their bounds."""
    raw, least, most, scaled = (_number(told.get(name)) for name in ("raw", "min", "max", "scaled"))
    low = 0.0 if least is None else least
    is_within = raw is not None and most is not None and low <= raw <= most and low < most
    if is_within and raw is not None and most is not None:
        return {"scaled": round((raw - low) / (most - low), 4), "raw": raw, "min": low, "max": most}
    return {} if scaled is None or not -1 <= scaled <= 1 else {"scaled": scaled}


def _definition(told: Mapping[str, Any], language: str) -> dict[str, Any]:
    """How a question was put: its words, its kind, what could be chosen, and what is right."""
    made: dict[str, Any] = {}
    for name in ("name", "description"):
        if words := _words(told.get(name)):
            made[name] = {language: words}
    kind = told.get("interactionType")
    if kind not in TYPES:
        return made
    made["interactionType"] = kind
    patterns = told.get("correctResponsesPattern")
    if isinstance(patterns, list):
        made["correctResponsesPattern"] = [_text(each) for each in patterns[:OPTIONS_MAX] if isinstance(each, str)]
    for name in OPTIONS.get(kind, ()):
        if options := _options(told.get(name), language):
            made[name] = options
    return made


def _options(told: object, language: str) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for each in told[:OPTIONS_MAX] if isinstance(told, list) else ():
        option = _table(each)
        name = option.get("id")
        if isinstance(name, str) and _text(name):
            words = _words(option.get("description"))
            found[_text(name)] = {"id": _text(name), **({"description": {language: words}} if words else {})}
    return list(found.values())


def _words(told: object) -> str:
    """The first of a text in several languages, without HTML: content writes its own language under `en-US`."""
    first = next(iter(_table(told).values()), None)
    return plain(first)[:TEXT_CHARS_MAX] if isinstance(first, str) else ""


def _text(told: str) -> str:
    return told[:TEXT_CHARS_MAX].replace("\0", "").encode("utf-8", "replace").decode()


def _number(told: object) -> float | None:
    is_number = isinstance(told, int | float) and not isinstance(told, bool)
    return told if is_number and math.isfinite(told) and abs(told) <= NUMBER_MAX else None  # type: ignore[arg-type, return-value]


def _table(told: object) -> Mapping[str, Any]:
    return told if isinstance(told, dict) else {}
