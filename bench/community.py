"""Two years of learning records, as a community and its tools write them: made up, and the same at every run.

Nine hundred people in sittings of about ten records: quizzes and lessons of the hub's own pages, activities made with
an authoring tool, films. One record in a thousand is voided, one in fifty names a facilitator.
"""

import json
import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from hub.moments import moment_text
from hub.vocabulary import (
    COMPETENCY_TYPE,
    ITEM_TYPES,
    PACKAGE_TYPE,
    QUESTION_TYPE,
    TRIES,
    VERBS,
    activity,
    competency,
    person_actor,
)

PEOPLE, PACKAGES, ITEMS, QUESTIONS = 900, 60, 10, 8
AT_ONCE = 12
"""Sittings that go on at the same time."""
SPAN_MS = 2 * 365 * 86_400_000
BEGUN_MS = 1_764_000_000_000
WORDS = (
    *("water", "market", "bread", "number", "river", "friend", "story", "garden", "phone"),
    *("school", "seed", "road", "rain", "cow", "boat", "hen", "goat", "salt"),
)
CMI5 = "https://w3id.org/xapi/cmi5/context/categories/cmi5"
VIDEO = "https://w3id.org/xapi/video"
SEEN = "https://w3id.org/xapi/video/verbs/"

Statement = dict[str, Any]
Act = Callable[[int], Statement]
"""Makes a statement about a moment (ms since 1970)."""


@dataclass(frozen=True)
class Visit:
    """Somebody in one sitting with one item."""

    person: str
    package: str
    item: str
    sitting: str


@dataclass
class Community:
    """Whoever writes records; `made` counts the statements so far."""

    count: int
    chance: random.Random = field(default_factory=lambda: random.Random(5))  # noqa: S311 - a story, not a secret
    made: int = 0

    def __post_init__(self) -> None:
        self.people = [self.id() for _ in range(PEOPLE)]
        self.facilitators = [self.id() for _ in range(12)]
        self.packages = [f"{WORDS[n % len(WORDS)]}-{WORDS[n // 3 % len(WORDS)]}-{n}.en" for n in range(PACKAGES)]
        self._open: list[Iterator[Act]] = []
        self._last = ""

    def id(self) -> str:
        """A random UUID."""
        return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))

    def batches(self, size: int) -> Iterator[tuple[int, list[bytes]]]:
        """All statements in requests of `size`, each with the moment at which it comes (ms since 1970)."""
        while self.made < self.count:
            moment = BEGUN_MS + SPAN_MS * self.made // self.count
            wanted = min(size, self.count - self.made)
            yield moment, [self._packed(moment - (wanted - n) * 900) for n in range(wanted)]

    def _packed(self, at_ms: int) -> bytes:
        made = self._next(at_ms)
        self.made += 1
        self._last = made["id"] if made["verb"]["id"] != VERBS["voided"] else self._last
        return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()

    def _next(self, at_ms: int) -> Statement:
        """The next act of any sitting; one in ten comes late, from a phone that was away."""
        if self._last and self.chance.random() < 0.001:
            return self._voiding(at_ms)
        told_ms = at_ms - (self.chance.randrange(40_000_000) if self.chance.random() < 0.1 else 0)
        while len(self._open) < AT_ONCE:
            self._open.append(self._sitting())
        number = self.chance.randrange(AT_ONCE)
        act = next(self._open[number], None)
        if act is None:
            self._open.pop(number)
            return self._next(at_ms)
        return act(told_ms)

    def _voiding(self, at_ms: int) -> Statement:
        target, self._last = {"objectType": "StatementRef", "id": self._last}, ""
        actor = person_actor(self.chance.choice(self.facilitators))
        verb = {"id": VERBS["voided"]}
        return {"id": self.id(), "actor": actor, "verb": verb, "object": target, "timestamp": moment_text(at_ms)}

    def _sitting(self) -> Iterator[Act]:
        person = self.people[min(int(self.chance.expovariate(4) * PEOPLE), PEOPLE - 1)]
        number = min(int(self.chance.expovariate(3) * PACKAGES), PACKAGES - 1)
        package, item = self.packages[number], self.chance.randrange(ITEMS)
        kinds = (self._quiz, self._lesson, self._content, self._film)
        (kind,) = self.chance.choices(kinds, weights=(5, 2, 2, 1))
        return kind(Visit(person, package, f"item-{item}", self.id()))

    def _quiz(self, visit: Visit) -> Iterator[Act]:
        """A quiz on the hub's own pages."""
        whole = _item(visit, "quiz")
        yield self._own("initialized", visit, whole)
        for number in range(QUESTIONS):
            is_right = self.chance.random() < 0.7
            yield self._answer(visit, number, is_right, tries=1)
            if not is_right:
                yield self._answer(visit, number, True, tries=2)
        score = {"scaled": 0.75, "raw": 6, "min": 0, "max": QUESTIONS}
        yield self._own("passed", visit, whole, {"completion": True, "success": True, "score": score})

    def _answer(self, visit: Visit, number: int, is_right: bool, *, tries: int) -> Act:
        result: Statement = {"score": {"scaled": float(is_right)}, "success": is_right}
        result |= {"response": WORDS[number] if is_right else WORDS[-number - 1], "duration": self._duration(20)}
        result |= {"extensions": {TRIES: tries}} if tries > 1 else {}
        definition = {"type": QUESTION_TYPE, "interactionType": "choice", "correctResponsesPattern": [WORDS[number]]}
        target = {"id": activity(visit.package, visit.item, f"q{number}"), "definition": definition}
        named = competency(f"{visit.package.partition('.')[0]}/skill-{number % 3}")
        around: Statement = {"parent": [{"id": activity(visit.package, visit.item)}]}
        around["other"] = [{"id": named, "definition": {"type": COMPETENCY_TYPE}}]
        return self._own("answered", visit, target, result, around)

    def _lesson(self, visit: Visit) -> Iterator[Act]:
        """A lesson or a book on the hub's own pages."""
        target = _item(visit, "book" if visit.item.endswith("3") else "lesson")
        yield self._own("initialized", visit, target)
        for place in range(self.chance.randrange(4)):
            yield self._own("progressed", visit, target, {"extensions": {"urn:mangrove:extension:place": place}})
        yield self._own("completed", visit, target, {"completion": True, "duration": self._duration(900)})

    def _own(self, verb: str, visit: Visit, target: Statement, result: Any = None, around: Any = None) -> Act:
        grouping = [{"id": activity(visit.package), "definition": {"type": PACKAGE_TYPE}}]
        context: Statement = {"registration": visit.sitting, "language": "en"}
        context |= {"contextActivities": {"grouping": grouping, **(around or {})}}
        made = {"id": self.id(), "actor": person_actor(visit.person), "verb": {"id": VERBS[verb]}, "object": target}
        made |= {"result": result} if result else {}
        return lambda at_ms: {**made, "context": context, "timestamp": moment_text(at_ms)}

    def _content(self, visit: Visit) -> Iterator[Act]:
        """An activity that an authoring tool made, as these write: every name spelled out, every time."""
        root = f"https://content.example/{visit.package}/{visit.item}"
        for verb in ("initialized", *["answered"] * self.chance.randrange(3, 10), "completed", "passed"):
            part = f"{root}/slide-{self.chance.randrange(20)}" if verb == "answered" else root
            definition = {"name": {"en-US": f"{_title(visit.item)} {part[-2:]}"}, "type": QUESTION_TYPE}
            target = {"objectType": "Activity", "id": part, "definition": definition}
            around = {"category": [{"id": CMI5}], "grouping": [{"objectType": "Activity", "id": root}]}
            context: Statement = {"registration": visit.sitting, "contextActivities": around}
            context |= {"extensions": {"https://w3id.org/xapi/cmi5/context/extensions/sessionid": visit.sitting}}
            if self.chance.random() < 0.08:
                context |= {"instructor": person_actor(self.chance.choice(self.facilitators))}
            result = {"duration": self._duration(60), **({"success": True} if verb != "initialized" else {})}
            made: Statement = {"id": self.id(), "actor": {"objectType": "Agent", **person_actor(visit.person)}}
            made |= {"verb": {"id": VERBS[verb], "display": {"en": verb}}, "object": target}
            made |= {"result": result, "context": context}
            yield lambda at_ms, made=made: {**made, "timestamp": moment_text(at_ms)}  # type: ignore[misc]

    def _film(self, visit: Visit) -> Iterator[Act]:
        """A film in a player that keeps to the video profile."""
        name = f"https://films.example/{visit.package}/{visit.item}.mp4"
        target = {"id": name, "definition": {"type": ITEM_TYPES["video"]}}
        at = 0.0
        for verb in ("played", "paused", "seeked", "played", "paused", "terminated")[: self.chance.randrange(2, 7)]:
            at = round(at + self.chance.random() * 60, 3)
            seen = {f"{VIDEO}/extensions/time": at, f"{VIDEO}/extensions/played-segments": f"0[.]{at}"}
            context = {"registration": visit.sitting, "contextActivities": {"category": [{"id": VIDEO}]}}
            made: Statement = {"id": self.id(), "actor": person_actor(visit.person), "verb": {"id": f"{SEEN}{verb}"}}
            made |= {"object": target, "result": {"extensions": seen}, "context": context}
            yield lambda at_ms, made=made: {**made, "timestamp": moment_text(at_ms)}  # type: ignore[misc]

    def _duration(self, most_s: int) -> str:
        return f"PT{self.chance.random() * most_s:.2f}S"


def _item(visit: Visit, kind: str) -> Statement:
    definition = {"type": ITEM_TYPES[kind], "name": {"en": _title(visit.item)}}
    return {"id": activity(visit.package, visit.item), "definition": definition}


def _title(item: str) -> str:
    return f"The {WORDS[len(item)]} and the {WORDS[-len(item)]}, part {item[-1]}"
