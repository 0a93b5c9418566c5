"""Answers between a form and a service: what was chosen, how it is shown again, and how a guest's quiz goes along."""

import base64
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from content.exercise import Option, Question
from hub.xapi.senders import LAUNCH

MOMENT = re.compile(r"[0-9]{1,15}")
RIGHT = 9
"""A guest's score of one question as a digit: 9 is right, 0 is not."""


Form = MultiDict[str, str]
"""What a form brings."""


@dataclass(frozen=True)
class Heard:
    """How an answer was. `so` holds a guest's scores, this one included."""

    given: tuple[str, ...]
    score: float
    may_retry: bool
    is_last: bool
    so: tuple[float, ...]


@dataclass(frozen=True)
class Said:
    """One line of an answer as people read it; `right` is the partner in a pair."""

    left: Option
    right: Option | None = None


def read(question: Question, form: Form) -> tuple[str, ...]:
    """The answer in the spelling of `Question.answer`; () when it is missing or not whole."""
    return _READ.get(question.kind, _chosen)(question, form)


def _chosen(question: Question, form: Form) -> tuple[str, ...]:
    given = [part.strip() for part in form.getlist("answer")]
    return tuple(part for part in given if part)


def _ordered(question: Question, form: Form) -> tuple[str, ...]:
    """Every option has its own number."""
    places = {option.id: moment(form.get(f"place-{option.id}", "")) for option in question.options}
    wanted = set(range(1, len(places) + 1))
    return tuple(sorted(places, key=lambda each: places[each])) if set(places.values()) == wanted else ()


def _matched(question: Question, form: Form) -> tuple[str, ...]:
    """Every left has a partner."""
    pairs = [(option.id, form.get(f"left-{option.id}", "")) for option in question.left]
    known = {option.id for option in question.right}
    return tuple(f"{left}={right}" for left, right in pairs) if all(right in known for _, right in pairs) else ()


_READ: Mapping[str, Callable[[Question, Form], tuple[str, ...]]] = {"order": _ordered, "match": _matched}


def spelled(question: Question, given: Sequence[str]) -> list[Said]:
    """An answer as people read it; of several accepted spellings the first."""
    if question.kind == "match":
        left, right = ({option.id: option for option in side} for side in (question.left, question.right))
        pairs = [each.partition("=") for each in given]
        return [Said(left[one], right.get(other)) for one, _, other in pairs if one in left]
    if question.kind in ("number", "text"):
        return [Said(Option("", text)) for text in given[:1]]
    options = {option.id: option for option in question.options}
    return [Said(options[each]) for each in given if each in options]


def moment(text: str) -> int:
    """A whole number out of a form; 0 for anything else."""
    return int(text) if MOMENT.fullmatch(text) else 0


def pack(scores: Sequence[float]) -> str:
    """A guest's scores for an address, a digit each."""
    return "".join(str(round(score * RIGHT)) for score in scores)


def unpack(digits: str) -> tuple[float, ...]:
    """The scores that `pack` packed; () for nonsense."""
    return tuple(int(digit) / RIGHT for digit in digits) if digits.isascii() and digits.isdigit() else ()


def launch(origin: str, ticket: str, actor: dict[str, Any], activity: str) -> dict[str, str]:
    """What an activity from elsewhere is told at its start, by the names that authoring tools read."""
    proof = base64.b64encode(f"{LAUNCH}:{ticket}".encode()).decode()
    return {
        "endpoint": f"{origin}/xapi/",
        "auth": f"Basic {proof}",
        "actor": json.dumps(actor, separators=(",", ":")),
        "activity_id": activity,
    }
