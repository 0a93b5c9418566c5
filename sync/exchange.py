"""One exchange with another hub, by the one who knocks. It reads like a recipe; `link` carries the messages.

Nothing is remembered between exchanges about what the other one has: it is asked, each time, so neither side can be
wrong about the other after a restore. Every batch is a transaction on the side that takes it; a cut anywhere costs at
most the batch on the line.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sync import batch as batches
from sync import give, lines, protocol, shared
from sync.errors import MessageWrong
from sync.identity import Identity
from sync.journal import Journal
from sync.messages import Greeting, Hello, Page, PageAsk, PullAsk, PullSaid, PushSaid
from sync.protocol import Peering, Position
from sync.shared import BROKEN, Left
from sync.store import Line

Link = Callable[[str, bytes], bytes]
"""Carries a message's name and body to the other hub and returns its answer."""
ROUNDS = 3
"""How often both are compared in one exchange, when somebody else writes meanwhile."""
FIRST_NAME = "0" * 32
FAR_MAX = 50_000
"""Places in streams of third hubs that are heard from one hub, some 10 MB of memory; a region of 5,000 hubs has some
20,000."""
REFUSED_MAX = 1000
"""Streams that are left where they stand in one exchange; after so many nothing more is asked for."""


@dataclass(frozen=True)
class Limits:
    """How much goes in one batch: `entries` at first, then what takes at most `batch_ms` of the line's time."""

    entries: int = 100
    entries_min: int = 10
    entries_max: int = batches.ENTRIES_MAX
    batch_ms: int = 8000


@dataclass
class Report:
    """How an exchange went; `agreed` is True when both sides stand at the same positions at its end.

    Of the entries that were pushed and pulled, `opened_there` and `opened_here` opened a stream and are no records.
    `refused` says of each stream that was left where it stands why, and under "" that there were too many; `left` says
    more of them, and `brought` are the streams of which something came.
    `held` is how many records of ours the other hub has by what it told, and `stood` where it stands in the streams of
    both; None when it told nothing. `peer_ms` and `peer_quality` are the other hub's time in its signed answer, and how
    far it can be trusted; `heard_ms` is when that came, in milliseconds since our machine started.
    """

    pushed: int = 0
    pulled: int = 0
    opened_there: int = 0
    opened_here: int = 0
    held: int | None = None
    stood: frozenset[Position] | None = None
    bytes_up: int = 0
    bytes_down: int = 0
    requests: int = 0
    agreed: bool = False
    refused: dict[str, str] = field(default_factory=dict)
    left: dict[str, Left] = field(default_factory=dict)
    brought: set[str] = field(default_factory=set)
    peer_ms: int = 0
    peer_quality: int = 0
    heard_ms: int = 0


def run(
    journal: Journal,
    identity: Identity,
    peering: Peering,
    link: Link,
    *,
    limits: Limits | None = None,
    report: Report | None = None,
) -> Report:
    """Reconcile with the hub behind `link`. Raises SyncError, or what the link raises; what was taken stays taken.

    Who hands in a `report` finds in it how far an exchange came that was cut off.
    """
    exchange = _Exchange(journal, identity, peering, link, limits or Limits(), report or Report())
    exchange.run()
    return exchange.report


def ask_time(journal: Journal, identity: Identity, peering: Peering, link: Link) -> Report:
    """Only greet the hub behind `link`, for its time: before anything is published by a clock that nobody keeps.

    Raises SyncError, or what the link raises.
    """
    exchange = _Exchange(journal, identity, peering, link, Limits(), Report())
    exchange._hello()  # noqa: SLF001 - of this module
    return exchange.report


@dataclass
class _Exchange:
    """One exchange: `known` is where the other hub stands as far as it told, `theirs` the digest of all of it."""

    journal: Journal
    identity: Identity
    peering: Peering
    link: Link
    limits: Limits
    report: Report
    known: set[Position] = field(default_factory=set)
    theirs: bytes = b""
    entries: int = 0

    def run(self) -> None:
        """Compare and reconcile, again while somebody writes meanwhile."""
        self.entries = self.limits.entries
        for _ in range(ROUNDS):
            moved = self.report.pushed + self.report.pulled
            greeting = self._hello()
            try:
                if not greeting.is_same:
                    self._reconcile(greeting)
            finally:
                self.report.held, self.report.stood = self._held(), self._stood()
            self.report.agreed = greeting.is_same or self.theirs == shared.digest(self._shared())
            if self.report.agreed or self.report.pushed + self.report.pulled == moved:
                return

    def _reconcile(self, greeting: Greeting) -> None:
        """First what others know of ours, then our news, then theirs, then what concerns third hubs.

        Before all that, the other hub hears that we started over, and greets anew: it brings nothing back from before.
        """
        own, peer = self.identity.hub_id, self.peering.hub
        if anew := [line for line in shared.of_hub(self._shared(), own) if self._is_news_of_starting_over(line)]:
            self._give(anew)
            return
        self._take(greeting.yours)
        self._give(shared.of_hub(self._shared(), own))
        self._take(greeting.mine)
        self._give(shared.of_hub(self._shared(), peer))
        if greeting.far != shared.digest(self._others()):
            pages = self._pages()
            self.known.update(pages)
            self._take(pages)
            self._give(self._others())

    def _is_news_of_starting_over(self, line: Line) -> bool:
        return line.is_anew and all(position.root != line.root for position in self.known)

    def _held(self) -> int:
        """How many records of ours the other hub has; an entry that opens a stream is none."""
        ours, store = shared.of_hub(self._shared(), self.identity.hub_id), self.journal.store
        return sum(max(0, lines.last_known(store, line, self.known) - max(line.base, 1)) for line in ours)

    def _stood(self) -> frozenset[Position]:
        """Where the other hub stands in our streams and in its own."""
        near = {line.root for line in self._shared() if line.hub in (self.identity.hub_id, self.peering.hub)}
        return frozenset(position for position in self.known if position.root in near)

    def _hello(self) -> Greeting:
        clock, listed = self.journal.clock, self._shared()
        hello = Hello(shared.digest(listed), clock.now_ms(), clock.quality)
        greeting = Greeting.read(self._ask("hello", hello.packed()))
        self.report.peer_ms, self.report.peer_quality = greeting.now_ms, greeting.quality
        self.report.heard_ms = self.journal.clock.monotonic_ms()
        self.theirs = greeting.digest
        self.known = {*shared.ends(listed)} if greeting.is_same else {*greeting.yours, *greeting.mine}
        return greeting

    def _pages(self) -> list[Position]:
        """Where the other hub stands in third hubs' streams, as many as are heard."""
        listed: list[Position] = []
        while page := self._page(listed[-1].root if listed else FIRST_NAME):
            if len(listed) + len(page) > FAR_MAX:
                self.report.refused[""] = (
                    f"The other hub tells of more than {FAR_MAX} streams; the others are not heard."
                )
                break
            listed += page
        return listed

    def _page(self, after: str) -> tuple[Position, ...]:
        page = Page.read(self._ask("positions", PageAsk(after).packed())).positions
        if any(position.root <= after for position in page):
            raise MessageWrong("The other hub's pages go in a circle; nothing was taken from them.")
        return page

    def _take(self, wanted: Iterable[Position]) -> None:
        """Pull until a line here passes through every position."""
        store = self.journal.store
        for position in wanted:
            if self._is_shut_out(position) or position.root in self.report.refused:
                continue
            if position in self.peering.passed_over:
                continue
            if len(self.report.refused) >= REFUSED_MAX:
                return
            while lines.find(store, position) is None and (
                self._pull(position, lines.ends(store, position.root))
                or (
                    position.root not in self.report.refused
                    and self._pull(position, lines.points(store, position.root))
                )
            ):
                pass

    def _pull(self, position: Position, points: list[Position]) -> bool:
        """One batch towards a position; False when it brought nothing."""
        ask = PullAsk(position, self.entries, tuple(points))
        said = PullSaid.read(self._timed("pull", ask.packed()))
        if said.batch is None:
            return False
        try:
            batch = batches.read(said.batch)
            if batch.root != position.root:
                raise MessageWrong("The other hub sent a stream that was not asked for; nothing of it was taken.")
            if shared.is_past(self.peering, batch.hub, lines.end_of(batch)):
                return False
            fresh = self.journal.apply(batch, self._may_take)
        except BROKEN as mistake:
            self.report.refused[position.root] = str(mistake)
            self.report.left[position.root] = Left.of(position, mistake)
            return False
        self.report.pulled += fresh
        self.report.brought.add(position.root)
        self.report.opened_here += batch.first == 1 and fresh == len(batch.rows)
        return fresh > 0

    def _is_shut_out(self, position: Position) -> bool:
        """Whether a position is known to lie past the fence of its hub."""
        known = self.journal.store.family(position.root) if self.peering.fences else []
        return any(shared.is_past(self.peering, line.hub, position) for line in known)

    def _give(self, ours: Iterable[Line]) -> None:
        """Push every line whose end the other hub does not have."""
        for line in ours:
            if shared.may_give(self.peering, line) and lines.end(line) not in self.known:
                self._push(shared.signed(self.journal, self.peering, line))

    def _push(self, line: Line) -> None:
        seq = lines.last_known(self.journal.store, line, self.known)
        while seq < line.seq:
            start = seq
            data, seq = give.make(self.journal, line, start, min(self.entries, line.seq - start))
            said = PushSaid.read(self._timed("push", data))
            if not said.is_taken:
                return
            self.report.pushed += said.fresh
            self.report.opened_there += start == 0 and said.fresh == seq
            self.theirs = said.digest
            self.known.add(lines.point(self.journal.store, line, seq))

    def _may_take(self, line: Line) -> bool:
        return shared.may_take(self.identity.hub_id, self.peering, line)

    def _shared(self) -> list[Line]:
        return shared.shared(self.journal, self.peering)

    def _others(self) -> list[Line]:
        return shared.of_others(self._shared(), self.journal, self.peering)

    def _timed(self, name: str, body: bytes) -> bytes:
        """Ask, and fit the next batch to what the line carries."""
        before = self.journal.clock.monotonic_ms()
        answer = self._ask(name, body)
        took_ms = self.journal.clock.monotonic_ms() - before
        if took_ms > self.limits.batch_ms:
            self.entries = max(self.limits.entries_min, self.entries // 2)
        elif took_ms * 4 < self.limits.batch_ms:
            self.entries = min(self.limits.entries_max, self.entries * 2)
        return answer

    def _ask(self, name: str, body: bytes) -> bytes:
        """Send one message and return what the answer says, its signature checked."""
        asked = protocol.request(self.identity, self.peering.hub, name, body)
        answer = self.link(name, asked)
        self.report.requests += 1
        self.report.bytes_up += len(asked)
        self.report.bytes_down += len(answer)
        return protocol.open_answer(self.peering.hub, name, asked, answer)
