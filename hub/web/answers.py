"""Answers between a form and a service: what was chosen, how it is shown again, and how a guest's quiz goes along."""

import base64
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from content.exercise import Option, Question, Quiz
from hub.learning.rules import TRIES_WITH_HINT, is_closed, worth
from hub.xapi.senders import LAUNCH

MOMENT = re.compile(r"[0-9]{1,15}")
RIGHT = 8
"""A guest's score of one question as a digit: 8 is right, 4 is half right, 0 is not."""
KEPT_CHARS_MAX = 100
"""Of what a form brought and is shown again; a place or an option's id is shorter."""
SEED = re.compile(r"[0-9a-f]{1,8}")
SCORES = re.compile(rf"[0-{RIGHT}]+")

Form = MultiDict[str, str]
"""What a form brings."""


@dataclass(frozen=True)
class Road:
    """How far a guest is in a quiz, which is known from the address alone: what each question that is over was worth,
    and the scores of the tries at the one that is open. `seed` says which questions were drawn, where some are."""

    so: tuple[float, ...] = ()
    tried: tuple[float, ...] = ()
    seed: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str], quiz: Quiz) -> "Road":
        """The road that an address or a form brings; nonsense counts as nothing."""
        so = unpack(given.get("so", ""))[: len(quiz.questions)]
        seed = given.get("draw", "")
        tried = unpack(given.get("tried", ""))[:TRIES_WITH_HINT]
        return cls(so, tried, seed if quiz.draws and SEED.fullmatch(seed) else "")

    def after(self, question: Question, score: float) -> "Road":
        """The road after one more answer to the open question."""
        tried = (*self.tried, score)
        is_over = is_closed(question, tried)
        return Road((*self.so, worth(tried)), (), self.seed) if is_over else Road(self.so, tried, self.seed)

    def told(self) -> dict[str, str]:
        """What goes along in the address."""
        told = {"so": pack(self.so), "tried": pack(self.tried), "draw": self.seed}
        return {name: text for name, text in told.items() if text}


@dataclass(frozen=True)
class Heard:
    """How an answer was; `road` is what goes along in the address of a guest, this answer included."""

    given: tuple[str, ...]
    score: float
    may_retry: bool
    is_last: bool
    road: Mapping[str, str] = field(default_factory=dict)


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


def kept(question: Question, form: Form) -> dict[str, str]:
    """What was chosen for an answer that is not whole, to be shown again."""
    fields = [f"place-{option.id}" for option in question.options] + [f"left-{option.id}" for option in question.left]
    return {name: form[name][:KEPT_CHARS_MAX] for name in fields if form.get(name)}


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
    """A guest's scores for an address, a digit each; only what is all right has the highest."""
    return "".join(str(int(score * RIGHT)) for score in scores)


def unpack(digits: str) -> tuple[float, ...]:
    """The scores that `pack` packed; () for nonsense."""
    return tuple(int(digit) / RIGHT for digit in digits) if SCORES.fullmatch(digits) else ()


def launch(origin: str, ticket: str, actor: dict[str, Any], activity: str) -> dict[str, str]:
    """What an activity from elsewhere is told at its start, by the names that authoring tools read."""
    proof = base64.b64encode(f"{LAUNCH}:{ticket}".encode()).decode()
    return {
        "endpoint": f"{origin}/xapi/",
        "auth": f"Basic {proof}",
        "actor": told_to(actor),
        "activity_id": activity,
    }


def told_to(actor: dict[str, Any]) -> str:
    """Somebody as an address says them."""
    return json.dumps(actor, separators=(",", ":"))


def joined(address: str, told: Mapping[str, str]) -> str:
    """An address with more words in it: behind those that it has, and before what it points at."""
    before, hash_, behind = address.partition("#")
    return f"{before}{'&' if '?' in before else '?'}{urlencode(told)}{hash_}{behind}"
