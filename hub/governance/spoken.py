"""What is said of a proposal, as pages and services see it: one frozen thing for each row of the tables."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Version:
    """A text of the proposal; `integrates` are the objections it answers."""

    id: str
    former: str
    number: int
    text: str
    integrates: frozenset[str]
    author: str
    said_ms: int
    sound: str = ""
    photo: str = ""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Version":
        """From a row."""
        facts = {name: row[name] for name in cls.__annotations__}
        return cls(**{**facts, "integrates": frozenset(row["integrates"].split())})


@dataclass(frozen=True)
class Remark:
    """A question, an answer to one (`about`), or a reaction."""

    id: str
    sort: str
    about: str
    text: str
    language: str
    person: str
    typist: str
    said_ms: int
    sound: str = ""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Remark":
        """From a row."""
        return cls(**{name: row[name] for name in cls.__annotations__})


@dataclass(frozen=True)
class Objection:
    """Why somebody thinks a version not safe enough to try; `closer` typed that it was withdrawn."""

    id: str
    version: str
    reason: str
    language: str
    person: str
    typist: str
    said_ms: int
    is_withdrawn: bool
    closer: str
    sound: str = ""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Objection":
        """From a row."""
        facts = {name: row[name] for name in cls.__annotations__}
        return cls(**{**facts, "is_withdrawn": bool(row["is_withdrawn"])})


@dataclass(frozen=True)
class Consent:
    """One person's consent to a version, perhaps with a concern; `seen` are the objections of theirs it ends."""

    id: str
    version: str
    concern: str
    language: str
    person: str
    typist: str
    said_ms: int
    seen: frozenset[str]
    sound: str = ""

    @property
    def has_concern(self) -> bool:
        """Whether something was said with it, in words or spoken."""
        return bool(self.concern or self.sound)

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Consent":
        """From a row."""
        facts = {name: row[name] for name in cls.__annotations__}
        return cls(**{**facts, "seen": frozenset(row["seen"].split())})


@dataclass(frozen=True)
class Hands:
    """Hands counted in a room, with those who saw it."""

    id: str
    version: str
    hands: int
    witnesses: tuple[str, ...]
    typist: str
    said_ms: int
    is_counted: bool

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Hands":
        """From a row."""
        facts = {name: row[name] for name in cls.__annotations__}
        counted = {"witnesses": tuple(row["witnesses"].split()), "is_counted": bool(row["is_counted"])}
        return cls(**{**facts, **counted})


@dataclass(frozen=True)
class Adoption:
    """A round closed over one version, with the versions and objections that were known then."""

    id: str
    version: str
    seen: frozenset[str]
    closer: str
    said_ms: int
    review_ms: int
    chosen: tuple[str, ...] = ()

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Adoption":
        """From a row."""
        facts = {name: row[name] for name in cls.__annotations__}
        return cls(**{**facts, "seen": frozenset(row["seen"].split()), "chosen": tuple(row["chosen"].split())})


@dataclass(frozen=True)
class Option:
    """One of the things that a vote is between."""

    id: str
    number: int
    text: str
    picture: str
    said_ms: int

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Option":
        """From a row."""
        return cls(**{name: row[name] for name in cls.__annotations__})


@dataclass(frozen=True)
class Ballot:
    """What one person is for, by option; `knows` are the ballots that it takes the place of."""

    id: str
    version: str
    choices: Mapping[int, int]
    knows: frozenset[str]
    person: str
    typist: str
    said_ms: int

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Ballot":
        """From a row."""
        facts = {name: row[name] for name in cls.__annotations__}
        return cls(**{**facts, "choices": unpacked(row["choices"]), "knows": frozenset(row["knows"].split())})


@dataclass(frozen=True)
class Count:
    """Hands, beans or cards counted in a room by option, with those who saw it."""

    id: str
    version: str
    sort: str
    people: int
    numbers: Mapping[int, int]
    witnesses: tuple[str, ...]
    typist: str
    said_ms: int
    is_counted: bool

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Count":
        """From a row."""
        facts = {name: row[name] for name in cls.__annotations__}
        counted = {"witnesses": tuple(row["witnesses"].split()), "is_counted": bool(row["is_counted"])}
        return cls(**{**facts, **counted, "numbers": unpacked(row["numbers"])})


@dataclass(frozen=True)
class Draw:
    """Dice thrown to draw lots, with those who saw it and the ballots that were known then."""

    id: str
    version: str
    seed: str
    seen: frozenset[str]
    knows: frozenset[str]
    witnesses: tuple[str, ...]
    typist: str
    said_ms: int

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Draw":
        """From a row."""
        facts = {name: row[name] for name in cls.__annotations__}
        names = {name: frozenset(row[name].split()) for name in ("seen", "knows")}
        return cls(**{**facts, **names, "witnesses": tuple(row["witnesses"].split())})


def unpacked(text: str) -> dict[int, int]:
    """Points by option as they are kept; what is in another form, of a newer program, says nothing."""
    found = (_PLACE.fullmatch(each) for each in text.split())
    return {int(each[1]): int(each[2]) for each in found if each}


_PLACE = re.compile(r"(\d{1,2}):(\d{1,5})")


@dataclass(frozen=True)
class Review:
    """What came of looking at a decision again."""

    id: str
    adoption: str
    number: int
    outcome: str
    note: str
    successor: str
    reviewer: str
    said_ms: int
    review_ms: int

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Review":
        """From a row."""
        return cls(**{name: row[name] for name in cls.__annotations__})
