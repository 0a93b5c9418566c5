"""What SCORM content says of how it goes (its CMI data): read once, and made plain. Nothing here touches the records.

Values come as the content set them, as text. Whatever cannot be read counts as not said; the rules about the score to
reach are those of the run-time environments of 1.2 and 2004: it decides, whatever status the content set.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from content.formats.scorm_manifest import OLDER, Part

Cmi = Mapping[str, Any]

SUSPEND = "suspend"
TEXT_CHARS_MAX = 4_000
DIGITS_MAX = 4
LONGEST_MS = 1_000 * 3_600_000
_TIMESPAN = re.compile(r"(\d{2,4}):(\d{2}):(\d{2}(?:\.\d{1,2})?)", re.ASCII)
_DURATION = re.compile(r"P(?:(\d{1,4})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,12})?", re.ASCII)


@dataclass(frozen=True)
class Score:
    """A score: `scaled` is 0 to 1; the others as they were set, None where they were not."""

    scaled: float
    raw: float | None = None
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Outcome:
    """How it goes: done or not, passed or not (None for not said), the score, and how much of it was done, 0 to 1."""

    is_done: bool = False
    is_passed: bool | None = None
    score: Score | None = None
    progress: float | None = None


def outcome(edition: str, cmi: Cmi, part: Part, *, is_end: bool) -> Outcome:
    """How it goes; with `is_end` the content has said that it is over, so that what it left open is settled."""
    return (_older if edition == OLDER else _newer)(cmi, part, is_end)


def spent_ms(edition: str, cmi: Cmi) -> int:
    """How long this session was, as the content tells it; 0 when it does not."""
    if edition == OLDER:
        match = _TIMESPAN.fullmatch(text(cmi, "core", "session_time"))
        parts = ("0", *match.groups()) if match else ()
    else:
        match = _DURATION.fullmatch(text(cmi, "session_time"))
        parts = tuple(each or "0" for each in match.groups()) if match else ()
    if not parts:
        return 0
    days, hours, minutes, seconds = (float(part) for part in parts)
    return min(LONGEST_MS, round((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000))


def told_time(edition: str, time_ms: int) -> str:
    """A length of time as the edition writes it."""
    minutes, rest = divmod(time_ms, 60_000)
    if edition == OLDER:
        return f"{min(minutes // 60, 9999):04d}:{minutes % 60:02d}:{rest / 1000:05.2f}"
    return f"PT{minutes // 60}H{minutes % 60}M{rest / 1000:.2f}S"


def is_suspended(edition: str, cmi: Cmi) -> bool:
    """Whether the content said at its end that it goes on another time."""
    return (text(cmi, "core", "exit") if edition == OLDER else text(cmi, "exit")) == SUSPEND


def text(cmi: Cmi, *names: str) -> str:
    """A value as text, "" where there is none."""
    value: Any = cmi
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def number(told: str) -> float | None:
    """A number as text spells it, or None."""
    return float(told) if _NUMBER.fullmatch(told.strip()) else None


def said(row: Cmi, name: str) -> str:
    """A text as a database keeps it, and no longer than anybody reads."""
    told = text(row, name)[:TEXT_CHARS_MAX].replace("\0", "")
    return told.encode("utf-8", "replace").decode()


def rows(cmi: Cmi, name: str) -> Iterator[Cmi]:
    """The rows of a list in the data by their numbers; what is none is passed over."""
    table = cmi.get(name)
    found = table if isinstance(table, Mapping) else {}
    numbers = (int(each) for each in found if each.isascii() and each.isdigit() and len(each) <= DIGITS_MAX)
    for each in sorted(numbers):
        if isinstance(found.get(str(each)), Mapping):
            yield found[str(each)]


def score(cmi: Cmi, ceiling: float | None = None) -> Score | None:
    """The score as a share of one, by what the content says of it; None when it says none that can be reckoned."""
    raw, least, most, scaled = (number(text(cmi, "score", name)) for name in ("raw", "min", "max", "scaled"))
    if scaled is None and raw is not None:
        top = ceiling if most is None else most
        low = 0.0 if least is None else least
        scaled = (raw - low) / (top - low) if top is not None and top > low else None
    if scaled is None:
        return None
    is_within = raw is not None and least is not None and most is not None and least <= raw <= most and least < most
    bounds = (raw, least, most) if is_within else (raw, None, None)
    return Score(round(min(1.0, max(0.0, scaled)), 4), *bounds)


def _older(cmi: Cmi, part: Part, is_end: bool) -> Outcome:
    """SCORM 1.2, RTE 3.4.4: one status for both, and a score out of a hundred unless it says otherwise."""
    status = text(cmi, "core", "lesson_status")
    if is_end and status in ("", "not attempted"):
        status = "completed"
    is_passed = {"passed": True, "failed": False}.get(status)
    points = score(cmi.get("core", {}), ceiling=100.0)
    mastery = number(part.mastery)
    is_settled = is_end or status in ("passed", "failed", "completed")
    if is_settled and mastery is not None and points is not None and points.raw is not None:
        is_passed = points.raw >= mastery
    return Outcome(status in ("completed", "passed") or is_passed is True, is_passed, points)


def _newer(cmi: Cmi, part: Part, is_end: bool) -> Outcome:
    """SCORM 2004, RTE 4.2.4, 4.2.15, 4.2.22: done and passed are two things, each with a measure that decides."""
    status, progress = text(cmi, "completion_status"), number(text(cmi, "progress_measure"))
    is_done = status == "completed" or (is_end and status in ("", "unknown"))
    threshold, measure = number(part.threshold), number(part.mastery)
    if threshold is not None and progress is not None:
        is_done = progress >= threshold
    is_passed = {"passed": True, "failed": False}.get(text(cmi, "success_status"))
    points = score(cmi)
    if measure is not None and points is not None and text(cmi, "score", "scaled"):
        is_passed = (number(text(cmi, "score", "scaled")) or 0.0) >= measure
    return Outcome(is_done, is_passed, points, None if progress is None else min(1.0, max(0.0, progress)))
