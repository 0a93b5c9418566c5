"""The other side of an exchange: answers one message at a time and remembers nothing between them."""

from collections.abc import Callable, Iterable

from sync import batch as batches
from sync import give, lines, protocol, shared
from sync.errors import DoesNotFit, PeerUnknown
from sync.identity import Identity
from sync.journal import Journal
from sync.messages import Greeting, Hello, Page, PageAsk, PullAsk, PullSaid, PushSaid
from sync.protocol import PAGE_POSITIONS, Peering, Position
from sync.store import Line


def answer(journal: Journal, identity: Identity, peerings: Iterable[Peering], name: str, body: bytes) -> bytes:
    """The answer to a message; `peerings` has the hubs that may ask. What came in is durable before it is answered.

    Raises MessageWrong, VersionUnknown, SignatureWrong, BatchWrong, EntryWrong, PeerUnknown or EnoughForToday; nothing
    was taken then.
    """
    sender, asked = protocol.open_request(identity, name, body)
    peering = next((each for each in peerings if each.hub == sender), None)
    if peering is None:
        raise PeerUnknown("This hub does not exchange with that one; nothing was taken. Join it with a code first.")
    return protocol.answer(identity, name, body, _ANSWERS[name](journal, peering, asked))


def _hello(journal: Journal, peering: Peering, body: bytes) -> bytes:
    hello, clock = Hello.read(body), journal.clock
    listed = shared.shared(journal, peering)
    digest = shared.digest(listed)
    if digest == hello.digest:
        return Greeting(clock.now_ms(), clock.quality, is_same=True).packed()
    greeting = Greeting(
        now_ms=clock.now_ms(),
        quality=clock.quality,
        is_same=False,
        digest=digest,
        yours=tuple(shared.ends(shared.of_hub(listed, peering.hub))),
        mine=tuple(shared.ends(shared.of_hub(listed, journal.identity.hub_id))),
        far=shared.digest(shared.of_others(listed, journal, peering)),
    )
    return greeting.packed()


def _positions(journal: Journal, peering: Peering, body: bytes) -> bytes:
    after = PageAsk.read(body).after
    others = shared.of_others(shared.shared(journal, peering), journal, peering)
    listed = sorted(end for end in shared.ends(others) if end.root > after)
    return Page(tuple(_whole_streams(listed))).packed()


def _whole_streams(listed: list[Position]) -> list[Position]:
    """As many positions from the front as fit a page without parting a stream's lines."""
    if len(listed) <= PAGE_POSITIONS:
        return listed
    parted = listed[PAGE_POSITIONS].root
    return [position for position in listed[:PAGE_POSITIONS] if position.root != parted]


def _push(journal: Journal, peering: Peering, body: bytes) -> bytes:
    peering.room.check()
    fresh, is_taken = 0, False
    try:
        batch = batches.read(body)
        if not shared.is_past(peering, batch.hub, lines.end_of(batch)):
            fresh = journal.apply(batch, lambda line: shared.may_take(journal.identity.hub_id, peering, line))
            is_taken = True
    except DoesNotFit:
        is_taken = False
    finally:
        peering.room.count(len(body), fresh)
    return PushSaid(is_taken, fresh, _digest(journal, peering)).packed()


def _pull(journal: Journal, peering: Peering, body: bytes) -> bytes:
    ask = PullAsk.read(body)
    found = lines.find(journal.store, ask.towards)
    line = shared.within(journal, peering, found) if found and _may_have(journal, peering, found) else None
    if line is None:
        raise PeerUnknown("There is nothing here under that position that the other hub may have; nothing was sent.")
    line = shared.signed(journal, peering, line)
    start = lines.last_known(journal.store, line, ask.points)
    if start >= line.seq or (ask.points and not start):
        return PullSaid(None).packed()
    data, _ = give.make(journal, line, start, min(ask.count, line.seq - start))
    return PullSaid(data).packed()


def _may_have(journal: Journal, peering: Peering, line: Line) -> bool:
    is_shared = any(each.stream == line.stream for each in shared.between(journal, peering))
    return is_shared and shared.may_give(peering, line)


def _digest(journal: Journal, peering: Peering) -> bytes:
    return shared.digest(shared.shared(journal, peering))


_ANSWERS: dict[str, Callable[[Journal, Peering, bytes], bytes]] = {
    "hello": _hello,
    "positions": _positions,
    "push": _push,
    "pull": _pull,
}
