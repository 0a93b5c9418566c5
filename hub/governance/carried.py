"""What proposals carry beside their words: which of it holds, reckoned so that the order of arrival cannot matter.

A proposal carries what is kept under a version of it; one that changes another in words alone carries what that one
does. What nobody has adopted another in place of holds. Two copies of a hub that decide apart leave two that hold.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from hub.governance.standing import ADOPTED, Proposal

V = TypeVar("V")


@dataclass(frozen=True)
class Carried(Generic[V]):
    """A value that was put to the community, with its proposal; `replaces` names what it takes the place of."""

    proposal: Proposal
    value: V
    replaces: frozenset[str]
    holds: bool = False

    @property
    def counts(self) -> bool:
        """Whether it holds, or did before something from elsewhere opened its round again: then it may only narrow."""
        return self.holds or self.proposal.is_reopened


def carried(proposals: Iterable[Proposal], said: Mapping[str, tuple[V, frozenset[str]]]) -> list[Carried[V]]:
    """Every value that was put to the community, in the order of `proposals`; `said` is what each version carries."""
    known = {each.id: each for each in proposals}
    found = [(each, said[version]) for each in known.values() if (version := _version(each, said, known))]
    gone = frozenset[str]().union(*(replaces for each, (_, replaces) in found if each.is_adopted))
    return [
        Carried(each, value, replaces, each.state == ADOPTED and each.id not in gone)
        for each, (value, replaces) in found
    ]


def _version(found: Proposal, said: Mapping[str, object], proposals: Mapping[str, Proposal]) -> str:
    """The version whose value a proposal stands for: the latest of its line with one, else that of what it changes."""
    seen: set[str] = set()
    each: Proposal | None = found
    while each is not None and each.id not in seen:
        seen.add(each.id)
        version = next((one.id for one in reversed(each.line) if one.id in said), "")
        if version:
            return version
        each = proposals.get(each.parent)
    return ""
