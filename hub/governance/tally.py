"""What comes of a vote: reckoned from the ballots, counts and draws of the version that counts, in any order.

One person is heard once: what somebody said with the knowledge of an earlier ballot takes its place. Where two copies
of a hub heard two things, of resistance the higher counts; of anything else neither does, until they are asked. What
is as it is wins where options are equal.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from hub.governance.spoken import Ballot, Draw
from hub.governance.standing import Proposal

CONSENT_METHOD, MAJORITY, DOTS, RESISTANCE, LOTTERY = "consent", "majority", "dots", "resistance", "lottery"
METHODS = (CONSENT_METHOD, MAJORITY, DOTS, RESISTANCE, LOTTERY)
"""How proposals are decided."""
AS_IT_IS = 0
"""The number of the option that everything stays as it is; it is always there."""
DOTS_EACH, RESISTANCE_MAX = 3, 10
QUORUM = 3
"""At least one of so many who have a voice must be heard."""
Told = TypeVar("Told", Ballot, Draw)


@dataclass(frozen=True)
class Tally:
    """Points by option, what is chosen (options, or people where lots are drawn), and how many were heard.

    `doubtful` are those who said two things in two places; `is_twice` tells that a room was counted twice.
    """

    points: Mapping[int, int]
    chosen: tuple[str, ...]
    heard: int
    doubtful: tuple[str, ...] = ()
    is_twice: bool = False
    candidates: tuple[str, ...] = ()


def tally(found: Proposal, voices: Collection[str] | None = None) -> Tally:
    """What the vote over a proposal says now, of these people, or of everybody who was heard."""
    said, doubtful = _voices(found, voices)
    if found.method == LOTTERY:
        candidates = tuple(sorted(person for person, choices in said.items() if choices.get(AS_IT_IS)))
        return Tally({}, _drawn(found, candidates), len(said), doubtful, candidates=candidates)
    counts = [each for each in found.counts if each.is_counted and each.version == found.version.id]
    points = dict.fromkeys((AS_IT_IS, *(each.number for each in found.options)), 0)
    for choices in (*said.values(), *(each.numbers for each in counts)):
        for option, number in choices.items():
            if option in points:
                points[option] += number
    heard = len(said) + sum(each.people for each in counts)
    chosen = (str(_best(found.method, points, heard)),) if heard else ()
    return Tally(points, chosen, heard, doubtful, len(counts) > 1)


def of_version(rows: Iterable[Told], found: Proposal) -> list[Told]:
    """Those about the version that counts and that no later one took the place of."""
    known = [each for each in rows if each.version == found.version.id]
    gone = frozenset[str]().union(*(each.knows for each in known))
    return [each for each in known if each.id not in gone]


def draws(found: Proposal) -> list[Draw]:
    """The draws that stand: each had seen every ballot; two where two copies of the hub drew apart."""
    ballots = {each.id for each in found.ballots if each.version == found.version.id}
    return [each for each in of_version(found.draws, found) if ballots <= each.seen]


def _voices(found: Proposal, of: Collection[str] | None) -> tuple[dict[str, Mapping[int, int]], tuple[str, ...]]:
    """What each person says, and who said two things."""
    heads: dict[str, list[Mapping[int, int]]] = defaultdict(list)
    for each in of_version(found.ballots, found):
        if of is None or each.person in of:
            heads[each.person].append(each.choices)
    said: dict[str, Mapping[int, int]] = {}
    doubtful: list[str] = []
    for person, choices in sorted(heads.items()):
        if all(each == choices[0] for each in choices):
            said[person] = choices[0]
        elif found.method == RESISTANCE:
            options = frozenset[int]().union(*choices)
            said[person] = {option: max(each.get(option, 0) for each in choices) for option in options}
        else:
            doubtful.append(person)
    return said, tuple(doubtful)


def _best(method: str, points: Mapping[int, int], heard: int) -> int:
    """The option that wins; what is as it is where none does."""
    most = min(points.values()) if method == RESISTANCE else max(points.values())
    best = [option for option, number in points.items() if number == most]
    if len(best) > 1 or (method == MAJORITY and most * 2 <= heard):
        return AS_IT_IS
    return best[0]


def _drawn(found: Proposal, candidates: tuple[str, ...]) -> tuple[str, ...]:
    standing = draws(found)
    if len(standing) != 1:
        return ()
    seed = standing[0].seed

    def lot(person: str) -> bytes:
        return hashlib.sha256(f"{seed} {person}".encode()).digest()

    return tuple(sorted(candidates, key=lot)[: found.places])
