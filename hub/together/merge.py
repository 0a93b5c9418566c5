"""What stands of a record that hubs hold together: reckoned from all facts, so that no order of arrival matters.

Each rule is a function of a set of facts. A replaced word loses to the one that replaces it; of two that did not know
of each other the deeper one stands, then the one of the greater stream, and both stay visible. No clock is asked.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from hub.tables.joint import ADD, HOLD, HOME, PROPOSAL, RELEASE, REMOVE, WRITE


@dataclass(frozen=True)
class Fact:
    """One fact; see `hub.tables.joint.JointFact`. `id` is its author's name for it, `hub` the author."""

    id: str
    sort: str
    subject: str
    field: str
    value: str
    hub: str
    depth: int
    stream: str
    replaces: frozenset[str]


@dataclass(frozen=True)
class Stands:
    """How one field stands: the word that counts, those beside it that say otherwise, and what others propose.

    `value` is "" while nothing has come of it yet.
    """

    field: str
    word: Fact | None
    rivals: tuple[Fact, ...]
    proposals: tuple[Fact, ...]
    heads: frozenset[str]

    @property
    def value(self) -> str:
        """The value that stands."""
        return self.word.value if self.word else ""

    @property
    def is_met(self) -> bool:
        """Whether two places changed it without knowing of each other."""
        return bool(self.rivals) or any(self.is_late(each) for each in self.proposals)

    def is_late(self, proposal: Fact) -> bool:
        """Whether a proposal was made before its author knew what stands."""
        return bool(self.heads) and not self.heads <= proposal.replaces


def handings(facts: Iterable[Fact], origin: str) -> tuple[Fact, ...]:
    """How a record was handed over, one after the other, since it began at a hub.

    Only the hub that decides hands over, naming the handing-over by which it came to that.
    """
    listed, chain = [each for each in facts if each.sort == HOME], list[Fact]()
    home, last = origin, frozenset[str]()
    while found := [each for each in listed if each.hub == home and each.replaces == last]:
        chosen = max(found, key=weight)
        listed.remove(chosen)
        chain.append(chosen)
        home, last = chosen.value, frozenset({chosen.id})
    return tuple(chain)


def homes(facts: Iterable[Fact], origin: str) -> tuple[str, ...]:
    """The hubs that had the record for their own, from the one where it began to the one that decides now."""
    return (origin, *(each.value for each in handings(facts, origin)))


def field(facts: Iterable[Fact], name: str, chain: Collection[str]) -> Stands:
    """How one field stands: words of hubs that had the record for their own, and what others propose."""
    listed = [each for each in facts if each.field == name and each.sort in (WRITE, PROPOSAL)]
    ours = [each for each in listed if each.sort == WRITE and each.hub in chain]
    gone = frozenset[str]().union(*(each.replaces for each in ours))
    tops = [each for each in ours if each.id not in gone] or ours
    word = max(tops, key=weight, default=None)
    rivals = tuple(sorted((each for each in tops if word and each.value != word.value), key=weight, reverse=True))
    done = _answered(listed, ours, gone)
    asked = [each for each in listed if each not in ours and each.id not in done]
    proposals = tuple(sorted((each for each in asked if word is None or each.value != word.value), key=weight))
    return Stands(name, word, rivals, proposals, frozenset(each.id for each in tops))


def _answered(listed: Iterable[Fact], ours: Collection[Fact], gone: frozenset[str]) -> frozenset[str]:
    """What is proposed no more: answered by who decides, or replaced by a later word of who proposed it."""
    mine = {each.id: each.hub for each in listed}
    others = [each for each in listed if each not in ours]
    return gone | {one for each in others for one in each.replaces if mine.get(one) == each.hub}


def members(facts: Collection[Fact], name: str, home: str) -> tuple[str, ...]:
    """A set: what was put in and not taken out by somebody who saw that; who decides takes out, and who put in.

    A hub puts in what is its own, the one that decides anything.
    """
    added = [
        each
        for each in facts
        if each.sort == ADD and each.field == name and each.hub in (home, each.value.partition(":")[0])
    ]
    taken = [each for each in facts if each.sort == REMOVE and each.field == name]
    out = {(one, each.hub) for each in taken for one in each.replaces}
    stay = [each for each in added if not {(each.id, home), (each.id, each.hub)} & out]
    return tuple(sorted({each.value for each in stay}))


def shared_with(facts: Collection[Fact], home: str) -> tuple[str, ...]:
    """The hubs a record is held together with. Ending restricts, so it wins over a sharing that did not know of it."""
    granted = [each for each in facts if each.sort == HOLD and each.hub == home]
    ended = [each for each in facts if each.sort == RELEASE and each.hub == home]
    return tuple(
        sorted(
            {each.value for each in granted if {one.id for one in ended if one.value == each.value} <= each.replaces}
        )
    )


def weight(fact: Fact) -> tuple[int, str, str, str]:
    """Of two words that did not know of each other the greater stands."""
    return fact.depth, fact.stream, fact.hub, fact.id
