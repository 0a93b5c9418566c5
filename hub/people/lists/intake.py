"""What a list says, whatever its format: people, groups, who is in which, and who lives with whom."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from hub import sentences
from hub.errors import InputWrong
from hub.people import roster
from hub.sentences import Sentence, sentence

PROBLEMS_SHOWN = 20
"""Sentences about rows in one refusal; whoever mends these reads the rest next time."""


class ListWrong(InputWrong):
    """A list that cannot be taken; `problems` has one sentence for each wrong row. Nothing of it was kept."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems[:PROBLEMS_SHOWN]
        more = len(problems) - len(self.problems)
        tail = [f"And {more} more."] if more else []
        super().__init__(" ".join(["Nothing was taken in.", *self.problems, *tail]))


def wrong_at(at: str, why: str) -> str:
    """What is wrong with one row, and where it stands."""
    return sentence("%(at)s: %(why)s", at=at, why=why)


@dataclass(frozen=True)
class Newcomer:
    """One person of a list; what the list does not say is absent from `facts`, and stays as it is.

    `key` is the number by which the list knows the person; `at` says where it stands in the file. Without roles
    somebody new is a learner. `is_gone` lets a person rest who is here, and makes nobody.
    """

    at: str
    key: str
    facts: roster.Facts
    roles: frozenset[str]
    is_gone: bool = False


@dataclass(frozen=True)
class Group:
    """One circle of a list, known by the list's number or, when it has none, by its name."""

    key: str
    name: str
    kind: str = "circle"
    is_gone: bool = False


@dataclass(frozen=True)
class Home:
    """One household of a list; `members` are pairs of a person's key and a relation."""

    key: str
    name: str
    members: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Membership:
    """A person in a group: the keys of both, in which part, and whether they are in it or left."""

    person: str
    group: str
    part: str
    is_member: bool = True


@dataclass
class Intake:
    """Everything a list says."""

    people: dict[str, Newcomer] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    memberships: list[Membership] = field(default_factory=list)
    homes: dict[str, Home] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @contextmanager
    def row(self, at: str) -> Iterator[None]:
        """Read one row; a mistake in it is noted with its place, and the next row is read."""
        try:
            yield
        except InputWrong as mistake:
            said = sentences.of(mistake)
            self.problems.append(wrong_at(at, said.happened if isinstance(said, Sentence) else said))

    def check(self) -> "Intake":
        """The intake itself, or ListWrong with every sentence."""
        if self.problems:
            raise ListWrong(self.problems)
        return self
