"""The bodies of the messages in `sync.protocol`: what each says, as bytes and back."""

from dataclasses import dataclass

from sync import protocol
from sync.batch import ENTRIES_MAX
from sync.protocol import DIGEST_BYTES, NEAR_POSITIONS_MAX, PAGE_POSITIONS, POINTS_MAX, Position
from sync.stream import STREAM_BYTES
from sync.wire import Reader, number


@dataclass(frozen=True)
class Hello:
    """The digest of all positions that both sides may have, and the time here."""

    digest: bytes
    now_ms: int
    quality: int

    def packed(self) -> bytes:
        """Its bytes."""
        return self.digest + protocol.pack_time(self.now_ms, self.quality)

    @classmethod
    def read(cls, body: bytes) -> "Hello":
        """From bytes. Raises MessageWrong."""
        reader = Reader(body)
        hello = cls(reader.take(DIGEST_BYTES), *protocol.read_time(reader))
        reader.end()
        return hello


@dataclass(frozen=True)
class Greeting:
    """The answer to hello: the same; or where the answering hub stands in both hubs' streams, and others' digest."""

    now_ms: int
    quality: int
    is_same: bool
    digest: bytes = b""
    yours: tuple[Position, ...] = ()
    mine: tuple[Position, ...] = ()
    far: bytes = b""

    def packed(self) -> bytes:
        """Its bytes."""
        head = protocol.pack_time(self.now_ms, self.quality)
        if self.is_same:
            return head
        lists = protocol.pack_positions(self.yours) + protocol.pack_positions(self.mine)
        return head + self.digest + self.far + lists

    @classmethod
    def read(cls, body: bytes) -> "Greeting":
        """From bytes. Raises MessageWrong."""
        reader = Reader(body)
        now_ms, quality = protocol.read_time(reader)
        if reader.is_at_end:
            return cls(now_ms, quality, is_same=True)
        digest, far = reader.take(DIGEST_BYTES), reader.take(DIGEST_BYTES)
        yours, mine = (tuple(protocol.read_positions(reader, NEAR_POSITIONS_MAX)) for _ in range(2))
        reader.end()
        return cls(now_ms, quality, False, digest, yours, mine, far)


@dataclass(frozen=True)
class PageAsk:
    """Where the answering hub stands in third hubs' streams whose names come after one."""

    after: str

    def packed(self) -> bytes:
        """Its bytes."""
        return bytes.fromhex(self.after)

    @classmethod
    def read(cls, body: bytes) -> "PageAsk":
        """From bytes. Raises MessageWrong."""
        reader = Reader(body)
        ask = cls(reader.take(STREAM_BYTES).hex())
        reader.end()
        return ask


@dataclass(frozen=True)
class Page:
    """The answer: positions in the order of their streams, all of each stream; the last page is empty."""

    positions: tuple[Position, ...]

    def packed(self) -> bytes:
        """Its bytes."""
        return protocol.pack_positions(self.positions)

    @classmethod
    def read(cls, body: bytes) -> "Page":
        """From bytes. Raises MessageWrong."""
        reader = Reader(body)
        page = cls(tuple(protocol.read_positions(reader, PAGE_POSITIONS)))
        reader.end()
        return page


@dataclass(frozen=True)
class PullAsk:
    """A batch of about `count` entries towards a position, from the best of the points where the asking hub stands."""

    towards: Position
    count: int
    points: tuple[Position, ...]

    def packed(self) -> bytes:
        """Its bytes."""
        return self.towards.packed() + number(self.count) + protocol.pack_positions(self.points)

    @classmethod
    def read(cls, body: bytes) -> "PullAsk":
        """From bytes. Raises MessageWrong."""
        reader = Reader(body)
        towards, count = protocol.read_position(reader), max(1, reader.number(ENTRIES_MAX))
        ask = cls(towards, count, tuple(protocol.read_positions(reader, POINTS_MAX)))
        reader.end()
        return ask


@dataclass(frozen=True)
class PullSaid:
    """The answer: a batch; None when none of the points lies on the way there."""

    batch: bytes | None

    def packed(self) -> bytes:
        """Its bytes."""
        return self.batch or b""

    @classmethod
    def read(cls, body: bytes) -> "PullSaid":
        """From bytes. Raises MessageWrong."""
        return cls(body or None)


@dataclass(frozen=True)
class PushSaid:
    """The answer to a batch: how many of its entries were new, and the digest now; or that it does not fit."""

    is_taken: bool
    fresh: int
    digest: bytes

    def packed(self) -> bytes:
        """Its bytes."""
        return bytes((self.is_taken,)) + number(self.fresh) + self.digest

    @classmethod
    def read(cls, body: bytes) -> "PushSaid":
        """From bytes. Raises MessageWrong."""
        reader = Reader(body)
        said = cls(reader.number(1) == 1, reader.number(ENTRIES_MAX), reader.take(DIGEST_BYTES))
        reader.end()
        return said
