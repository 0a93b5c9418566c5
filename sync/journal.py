"""The journal: what happened, in append-only streams. Tables for pages are folded from it.

What happens here goes to our stream for the audience `local`, which never leaves. Copies for others go to streams of
other audiences; those of ours are not folded, because what they say was folded already. Streams of other hubs are.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import groupby
from typing import Any

import peewee

from sync import entry as entries
from sync import erasing, lines, runs
from sync import stream as streams
from sync.batch import Batch
from sync.clock import Clock
from sync.entry import Entry
from sync.erasing import ERASE, ERASED, Erasure, Said
from sync.errors import BatchWrong, DoesNotFit, PeerUnknown
from sync.identity import Identity
from sync.ids import cut_id
from sync.store import Line, Store
from sync.stream import LOCAL, NOTHING_BESIDE, Beside, Clone, Opening, Row

READ_STEP = 500
"""Entries read at a time where all are wanted; bounds memory."""

Write = Callable[[Callable[[], Any]], Any]
"""Runs a change in a durable transaction and returns its answer."""


@dataclass(frozen=True)
class Placed:
    """An entry in its place; `stream` names the line here, see `sync.store`. `named` is its id, or finds it."""

    named: str | Callable[[], str] = field(compare=False, repr=False)
    hub: str
    audience: str
    stream: str
    seq: int
    entry: Entry

    @cached_property
    def id(self) -> str:
        """Cut from the running hash. Raises JournalDamaged when that has to be found and cannot be."""
        return self.named if isinstance(self.named, str) else self.named()


@dataclass(frozen=True)
class Folding:
    """What makes tables from entries, and what takes out of them what was made of those that are erased now."""

    project: Callable[[Sequence[Placed]], None]
    unproject: Callable[[Sequence[Placed]], None]


class Journal:
    """The streams of this hub and what is here of others'. Safe in several threads and processes."""

    def __init__(
        self,
        database: peewee.Database,
        identity: Identity,
        clock: Clock,
        randomness: Callable[[int], bytes],
        write: Write,
        folding: Folding,
    ) -> None:
        self.store = Store(database)
        self.identity = identity
        self.clock = clock
        self._randomness = randomness
        self._write = write
        self._project, self._unproject = folding.project, folding.unproject
        self._stand_at_head()

    def append(self, audience: str, kind: str, payload: bytes, *, at_ms: int | None = None, depth: int = 0) -> Placed:
        """Append one entry to our stream for an audience and fold it. Only inside a transaction of the writer's.

        A copy for others carries the time it claims and nothing else of the machine's: its boot and milliseconds
        would tell the minute that a policy has taken away. Raises EntryWrong.
        """
        return self._append(audience, self._entries(audience, kind, [(payload, at_ms)], depth))[0]

    def append_many(self, audience: str, kind: str, payloads: Sequence[tuple[bytes, int | None]]) -> list[Placed]:
        """Append entries of one kind, each a payload and the time it claims (ms; None for now), and fold them in order.

        Cheaper than one by one: the line's head is read and written once, and all are written before the first is
        folded. Only inside a transaction of the writer's. Raises EntryWrong; then the caller's change fails whole.
        """
        return self._append(audience, self._entries(audience, kind, payloads))

    def replay(self, hub: str | None = None) -> Iterator[Placed]:
        """Every entry that is folded, of all hubs or of one, stream by stream; none that was erased."""
        for line in self.store.lines(hub):
            if self.is_folded(line):
                yield from (placed for placed in self._all_of(line) if placed.entry is not ERASED)

    def get(self, stream: str, seq: int) -> Placed | None:
        """One entry of a line."""
        return self.gather([(stream, seq)]).get((stream, seq))

    def gather(self, places: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Placed]:
        """The entries at many places (line, number) in one question; what is not there is left out.

        Their ids are found when they are asked for. Raises JournalDamaged.
        """
        return {(line.stream, seq): self._found(line, seq, raw) for line, seq, raw in self.store.at(places)}

    def read(self, stream: str, *, after: int = 0, limit: int = READ_STEP) -> list[Placed]:
        """Entries of a line after a number, in order."""
        line = self.store.line(stream)
        return [] if line is None else [_placed(line, *row) for row in self.store.entries(line, after, limit)]

    def streams(self, *, hub: str | None = None, audience: str | None = None) -> list[Line]:
        """The lines that are here with their heads, all or those of a hub or for an audience."""
        return self.store.lines(hub, audience)

    def incarnation(self, audience: str) -> int:
        """The number of our stream for an audience, 1 before it is begun; it never goes back."""
        standing = self.store.current(self.identity.hub_id, audience)
        return standing[0].incarnation if standing else 1

    def begin_incarnation(self, reason: str, *, anew: bool = False, beside: Beside = NOTHING_BESIDE) -> None:
        """Leave all our streams where they end and go on in new ones, which say why.

        For a hub that cannot show that it stands at the head of its streams: after a restore, or when somebody knows
        more of them than it does. Those that begin `anew` go on from none; other streams `beside` are joined to them.
        """

        def begin() -> None:
            hub = self.identity.hub_id
            for audience in sorted({line.audience for line in self.store.lines(hub)}):
                self._open(audience, reason, anew=anew, beside=beside.get(audience, ()))

        self._write(begin)

    def begin_cloned(self, clone: Clone, audiences: Iterable[str]) -> None:
        """Begin our first streams under a key of our own. Only inside a transaction."""
        for audience in audiences:
            self._open(audience, "cloned", beside=clone.leaves[:1], clone=clone)

    def leave_behind(self, audience: str, reason: str) -> None:
        """Go on for one audience in a stream that begins from none; what nobody took of those before is given no more.

        What others have of them stays with them, but for what was erased, which is said again. Only inside a
        transaction of the writer's.
        """
        before = self.store.lines(self.identity.hub_id, audience)
        if before:
            said = [(audience, each) for each in erasing.said_in(self.store, before)]
            self._open(audience, reason, anew=True)
            self.erase_again(said)

    def apply(self, batch: Batch, may: Callable[[Line], bool] = lambda line: True) -> int:
        """Take a batch of anybody's stream in one transaction, with its signed head, and return how much was new.

        Repeats are harmless, and of a stream that its hub has left behind nothing more is taken. `may` says whether the
        stream may come in. Raises DoesNotFit when the entries before it are not here, BatchWrong when it cannot be
        what it claims, PeerUnknown when it may not.
        """
        return self.apply_all([batch], may)

    def apply_all(self, several: Iterable[Batch], may: Callable[[Line], bool] = lambda line: True) -> int:
        """The same for several batches at once: all of them are taken, or none."""
        fresh: int = self._write(lambda: sum(self._take(batch, may) for batch in several))
        return fresh

    def erase(self, places: Iterable[tuple[str, int]], known: Sequence[bytes] = ()) -> list[Said]:
        """Erase entries of our own lines, each a line's name and a number, here and wherever they went.

        `known` are hashes of ids that are not to come back; each audience that loses something is told of them. Of an
        entry that opens a stream, erases others or is erased nothing changes. Returns what was said, for `erase_again`.
        Only inside a transaction of the writer's.
        """
        by_audience: dict[str, dict[Line, list[int]]] = {}
        for line, seq, raw in self.store.at(sorted(set(places))):
            if line.hub == self.identity.hub_id and raw and entries.decode(raw).kind not in (streams.OPEN, ERASE):
                by_audience.setdefault(line.audience, {}).setdefault(line, []).append(seq)
        said = [
            (audience, erasure)
            for audience, found in sorted(by_audience.items())
            for erasure in erasing.wishes(self.store, self.identity, found, known)
        ]
        return self.erase_again(said)

    def erase_again(self, said: Iterable[Said]) -> list[Said]:
        """Say what was said before, as after a restore that has forgotten it. Only inside a transaction."""
        listed = list(said)
        for audience, erasure in listed:
            placed = self._append(audience, self._entries(audience, ERASE, [(erasure.payload(), None)]))[0]
            self._heed(placed, erasure)
        return listed

    def _heed(self, placed: Placed, erasure: Erasure) -> None:
        """Do what an `erase` entry says, and take what was folded from it out of the tables."""
        self.store.erasures.add_wish(placed.hub, placed.stream, placed.seq)
        gone = erasing.apply(self.store, placed.hub, erasure)
        self._unproject([self._found(line, seq, raw) for line, seq, raw in gone if self.is_folded(line)])

    def is_folded(self, line: Line) -> bool:
        """Whether a line's entries are folded into the tables."""
        return line.audience == LOCAL or line.hub != self.identity.hub_id

    def _take(self, batch: Batch, may: Callable[[Line], bool]) -> int:
        placed = lines.place(self.store, batch)
        line, known = placed or (self._first_line(batch), 0)
        if line.hub != batch.hub:
            raise BatchWrong("The batch claims another hub's stream; nothing of it was taken.")
        if not may(line):
            raise PeerUnknown("The other hub may not have this stream, or may not bring it; nothing was taken.")
        fresh = batch.rows[known:]
        if fresh and lines.is_left_behind(self.store, line):
            return 0
        if fresh:
            line, kept = self._grow(line, placed is None, batch, known)
            self._fold_and_heed(line, [_placed(line, *row) for row in kept if row[2]])
            self._leave_what_others_continued(line)
        self.store.add_seal(line, batch.last, batch.signature)
        return len(fresh)

    def _fold_and_heed(self, line: Line, here: Sequence[Placed]) -> None:
        """Fold entries and do what those among them say that erase, each before what stands behind it is folded."""
        for is_erase, some in groupby(here, lambda each: each.entry.kind == ERASE):
            for part in ([each] for each in some) if is_erase else [list(some)]:
                if self.is_folded(line):
                    self._project(part)
                if is_erase:
                    erasure = erasing.read(part[0].entry.payload)
                    erasing.check(self.store, line, part[0].seq, erasure)
                    self._heed(part[0], erasure)

    def _first_line(self, batch: Batch) -> Line:
        """The line of a stream that is not here yet, as its first entry tells."""
        if batch.first != 1 or self.store.family(batch.root):
            raise DoesNotFit("The batch goes on from an entry that is not here; nothing of it was taken.")
        opening = streams.read_opening(entries.decode(batch.rows[0][2]))
        return Line(
            hub=opening.hub,
            stream=batch.root,
            root=batch.root,
            parent="",
            base=0,
            audience=opening.audience,
            incarnation=opening.incarnation,
            predecessor=opening.predecessor,
            seq=0,
            head=batch.before,
        )

    def _grow(self, line: Line, is_new: bool, batch: Batch, known: int) -> tuple[Line, list[Row]]:
        """Write the entries of a batch that are not here: at the end of the line, or as a branch of it.

        Returns the line and the entries as they are kept: without bytes where their owner has erased them.
        """
        fresh = batch.rows[known:]
        at = fresh[0][0] - 1
        if at < line.seq:
            before = batch.rows[known - 1][1] if known else batch.before
            line, is_new = self._branch(line, at, before, fresh[0][1]), True
        if is_new:
            lines.check_room(self.store, line)
            line = self.store.add_line(line)
        self.store.settle(line)
        kept, marks = erasing.coming(self.store, line, batch, fresh)
        self.store.add_entries(line, kept, marks)
        return line, kept

    def _branch(self, line: Line, base: int, before: bytes, first: bytes) -> Line:
        """A branch that leaves a line after `base`, named by its first running hash."""
        name = first[: streams.STREAM_BYTES].hex()
        return replace(line, stream=name, parent=line.stream, base=base, seq=base, head=before, is_current=0)

    def _leave_what_others_continued(self, line: Line) -> None:
        """Go on in new incarnations when somebody knows more of our streams than we did."""
        if line.hub != self.identity.hub_id:
            return
        continued = {line.root, *streams.goes_on_from(line.predecessor)}
        if any(each.is_current and each.stream in continued for each in self.store.lines(line.hub)):
            self.begin_incarnation("fork" if line.parent else "lost tail")

    def _stand_at_head(self) -> None:
        """Begin a new incarnation when the marks beside the key say that our streams were longer than they are here."""
        marks = self.identity.marks()
        ends = {line.stream: line.seq for line in self.store.lines(self.identity.hub_id)} if marks else {}
        if any(ends.get(stream, 0) < seq for stream, seq in marks.items()):
            self.begin_incarnation("lost tail")
            self.identity.forget_marks()

    def _open(
        self, audience: str, reason: str, *, anew: bool = False, beside: Sequence[str] = (), clone: Clone | None = None
    ) -> None:
        """Start a new stream of ours with the entry that says whose it is."""
        hub = self.identity.hub_id
        before = [line for line in self.store.lines(hub, audience) if not line.parent]
        last = max(before, key=lambda line: (line.is_current, line.incarnation), default=None)
        end = [f"{last.stream}:{last.seq}:{last.head.hex()}"] if last and not anew else []
        predecessor = " ".join([*end, *beside])
        incarnation = 1 + max((line.incarnation for line in before), default=0)
        opening = Opening(hub, audience, incarnation, predecessor, reason, clone)
        name = self._randomness(streams.STREAM_BYTES).hex()
        line = Line(hub, name, name, "", 0, audience, incarnation, predecessor, 0, streams.origin(name), 1)
        self.store.retire(hub, audience)
        line = self.store.add_line(line)
        payload = streams.opening_payload(opening)
        self._add(line, None, [Entry(streams.OPEN, payload, self.clock.now_ms(), quality=self.clock.quality)])

    def _entries(
        self, audience: str, kind: str, payloads: Sequence[tuple[bytes, int | None]], depth: int = 0
    ) -> list[Entry]:
        """New entries of one moment; those for others carry nothing of this machine's boot."""
        is_local = audience == LOCAL
        now_ms, quality = self.clock.now_ms(), self.clock.quality
        boot_id = self.clock.boot_id if is_local else ""
        mono_ms = self.clock.monotonic_ms() if is_local else 0
        return [
            Entry(kind, payload, now_ms if at_ms is None else at_ms, depth, 1, quality, boot_id, mono_ms)
            for payload, at_ms in payloads
        ]

    def _append(self, audience: str, new: Sequence[Entry]) -> list[Placed]:
        """Write entries at the end of our current line for an audience, which is begun where there is none."""
        if not new:
            return []
        hub = self.identity.hub_id
        standing = self.store.current(hub, audience)
        if standing is None:
            self._open(audience, "first")
            standing = self.store.current(hub, audience)
        assert standing is not None
        return self._add(*standing, new)

    def _add(self, line: Line, seed: bytes | None, new: Sequence[Entry]) -> list[Placed]:
        """Write entries at the end of a line of ours and fold them; `seed` is that of the next one's block, if any.

        A block without a seed, of which something was erased, goes on with salts that are drawn one by one.
        """
        rows, placed, marks = [], [], {}
        running = line.head
        for seq, entry in enumerate(new, line.seq + 1):
            raw = entries.encode(entry)
            if streams.begins_block(seq):
                seed = self._seed(line, seq)
            if seed is None:
                marks[seq] = self._randomness(streams.HASH_BYTES)
                running = streams.marked_step(running, seq, marks[seq], raw)
            else:
                running = streams.step(running, seq, seed, raw)
            rows.append((seq, running, raw))
            placed.append(Placed(cut_id(running), line.hub, line.audience, line.stream, seq, entry))
        self.store.add_entries(line, rows, marks)
        if self.is_folded(line):
            self._project(placed)
        return placed

    def _seed(self, line: Line, seq: int) -> bytes:
        """The seed of the block that an entry of ours begins."""
        block = streams.block_of(seq)
        seed = self._randomness(streams.SEED_BYTES)
        self.store.add_seeds(line, {block: seed})
        return seed

    def _found(self, line: Line, seq: int, raw: bytes) -> Placed:
        """An entry whose id is yet to be found."""
        return Placed(partial(self._name, line, seq), line.hub, line.audience, line.stream, seq, _read(raw))

    def _name(self, line: Line, seq: int) -> str:
        running = self.store.hash_of(line, seq)
        if running is None:
            raise runs.damaged(line.stream, seq)
        return cut_id(running)

    def _all_of(self, line: Line) -> Iterator[Placed]:
        after = 0
        while rows := self.store.entries(line, after, READ_STEP):
            yield from (_placed(line, *row) for row in rows)
            after = rows[-1][0]


def _placed(line: Line, seq: int, running: bytes, raw: bytes) -> Placed:
    return Placed(cut_id(running), line.hub, line.audience, line.stream, seq, _read(raw))


def _read(raw: bytes) -> Entry:
    """An entry, or what is read in the place of one that was erased."""
    return entries.decode(raw) if raw else ERASED
