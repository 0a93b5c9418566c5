"""What is said of a proposal, as pages and services see it: one frozen thing for each row of the tables."""

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

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Adoption":
        """From a row."""
        facts = {name: row[name] for name in cls.__annotations__}
        return cls(**{**facts, "seen": frozenset(row["seen"].split())})


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
