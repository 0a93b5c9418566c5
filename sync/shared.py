"""Which streams two hubs compare, and what may go which way between them. What is local never does.

`public` streams of any hub are carried on; a stream for another audience goes between its owner and the hub that it
was joined with, and back to its owner when that one has lost it. One for the audience `pair:<hub>` goes to that hub and
to nobody else, and one for `person` never goes in an exchange, whatever a peering says. What a hub has left behind by
starting over stays where it is: nobody gives it or asks for it any more.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import takewhile

from sync import lines, protocol
from sync.errors import BatchWrong, EntryWrong, PeerUnknown, SignatureWrong, SyncError
from sync.journal import Journal
from sync.protocol import TIP_BYTES, Peering, Position
from sync.store import Line
from sync.stream import LOCAL

PUBLIC = "public"
PERSON = "person"
"""What somebody takes along when they move; it is handed to that person and is in no exchange."""
PAIR = "pair:"
"""Before the name of the one hub that a stream is for."""
BROKEN: tuple[type[SyncError], ...] = (BatchWrong, EntryWrong, SignatureWrong, PeerUnknown)
"""What makes a stream one that is left where it stands."""


@dataclass(frozen=True)
class Left:
    """A stream that was left where it stands: where it was to go to, the family of the mistake, and a sentence."""

    towards: Position
    kind: str
    why: str

    @classmethod
    def of(cls, towards: Position, mistake: SyncError) -> "Left":
        """The same for a mistake."""
        return cls(towards, next(each.__name__ for each in BROKEN if isinstance(mistake, each)), str(mistake))


def shared(journal: Journal, peering: Peering) -> list[Line]:
    """Every line here that both hubs are to have; of a hub that was shut out as far as it counts."""
    fenced = (within(journal, peering, line) for line in standing(between(journal, peering)))
    return [line for line in fenced if line is not None]


def within(journal: Journal, peering: Peering, line: Line) -> Line | None:
    """A line up to its hub's fence, if it has one; None for a line of which nothing counts."""
    if line.hub not in peering.fences:
        return line
    last, tip = peering.fences[line.hub].get(line.root, (0, b""))
    if line.seq < last:
        return line
    head = lines.hash_at(journal.store, line, last) if last else None
    return replace(line, seq=last, head=head) if head is not None and head[:TIP_BYTES] == tip else None


def signed(journal: Journal, peering: Peering, line: Line) -> Line:
    """A shared line as far as it can be given: one of a hub that was shut out ends where its owner signed it last."""
    if line.hub not in peering.fences:
        return line
    seals = (seq for seq, _ in lines.seals_after(journal.store, line, 0))
    last = max(takewhile(line.seq.__ge__, seals), default=0)
    head = lines.hash_at(journal.store, line, last)
    assert head is not None, "a line has every entry up to its end"
    return replace(line, seq=last, head=head)


def is_past(peering: Peering, hub: str, place: Position) -> bool:
    """Whether a place in a stream of a hub that was shut out does not count any more."""
    if hub not in peering.fences:
        return False
    last, tip = peering.fences[hub].get(place.root, (0, b""))
    return place.seq > last or (place.seq == last and place.tip != tip)


def between(journal: Journal, peering: Peering) -> list[Line]:
    """Every line here that can go between the two, what its hub has left behind included."""
    own = journal.identity.hub_id
    sends, takes = _for(peering.hub, peering.sends), _for(own, peering.takes)
    everybody = PUBLIC if PUBLIC in {*sends, *takes} else ""
    return journal.store.between(own, sends, peering.hub, takes, everybody)


def standing(listed: Iterable[Line]) -> list[Line]:
    """Without the lines that a hub has left behind, as one of those listed says that began anew."""
    listed = list(listed)
    begun = {(line.hub, line.audience): line.incarnation for line in sorted(listed, key=_number) if line.is_anew}
    return [line for line in listed if line.incarnation >= begun.get((line.hub, line.audience), 0)]


def of_hub(listed: list[Line], hub: str) -> list[Line]:
    """Those of one hub."""
    return [line for line in listed if line.hub == hub]


def of_others(listed: list[Line], journal: Journal, peering: Peering) -> list[Line]:
    """Those of third hubs."""
    return [line for line in listed if line.hub not in (journal.identity.hub_id, peering.hub)]


def ends(listed: list[Line]) -> list[Position]:
    """Where lines end."""
    return [lines.end(line) for line in listed]


def digest(listed: list[Line]) -> bytes:
    """The digest of where lines end."""
    return protocol.digest(ends(listed))


def may_give(peering: Peering, line: Line) -> bool:
    """Whether a shared line may go to the hub: one for an audience it is to have, or its own come back."""
    return line.hub == peering.hub or line.audience in _for(peering.hub, peering.sends)


def may_take(own: str, peering: Peering, line: Line) -> bool:
    """Whether a line may come from the hub: its own, what is public, or what was ours and is lost here."""
    if line.hub == own:
        return line.audience in _for(peering.hub, peering.sends)
    is_theirs_to_bring = line.hub == peering.hub or line.audience == PUBLIC
    return is_theirs_to_bring and line.audience in _for(own, peering.takes)


def _number(line: Line) -> int:
    return line.incarnation


def _for(taker: str, audiences: Iterable[str]) -> list[str]:
    """The audiences whose streams a hub may be given; the empty name stands for none, so that the list never is."""
    return ["", *sorted(name for name in {*audiences} if _may_go(name, taker))]


def _may_go(audience: str, taker: str) -> bool:
    """Whether a stream for an audience may go to a hub in an exchange."""
    if audience.startswith(PAIR):
        return audience == PAIR + taker
    return audience not in (LOCAL, PERSON)
