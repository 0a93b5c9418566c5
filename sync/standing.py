"""Where another hub stands, as it last signed: what the next bundle for it goes on from.

Bundles are counted by their sender alone, and a receipt names those that it answers. A receipt that answers a later
bundle is later, and is believed whole: also when it says less than before, as of a hub that was restored. One that
answers an earlier bundle came late and changes nothing. Whoever is believed to have too much says so when a bundle
does not fit, and that answers the latest: so no mistake lasts.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sync.protocol import Position, pack_positions, read_positions
from sync.wire import Reader, number

BUNDLE_BYTES = 16
"""A bundle's random name."""
ANSWERS_MAX = 16
POSITIONS_MAX = 5000
"""In one receipt; streams beyond them are sent again, which does no harm."""
SENT_MAX = 64
"""Bundles that are remembered as sent to one hub."""


@dataclass(frozen=True)
class Receipt:
    """What a hub signs within a bundle of its own: the latest bundles that came from the other, and where it stands."""

    answers: tuple[str, ...]
    positions: tuple[Position, ...]

    def packed(self) -> bytes:
        """Its bytes."""
        names = b"".join(bytes.fromhex(each) for each in self.answers)
        return number(len(self.answers)) + names + pack_positions(self.positions)

    @classmethod
    def read(cls, body: bytes) -> "Receipt":
        """From bytes. Raises MessageWrong."""
        reader = Reader(body)
        answers = tuple(reader.take(BUNDLE_BYTES).hex() for _ in range(reader.number(ANSWERS_MAX)))
        receipt = cls(answers, tuple(read_positions(reader, POSITIONS_MAX)))
        reader.end()
        return receipt


@dataclass(frozen=True)
class Standing:
    """What a hub said last: `positions`, None when it never did; `said` is the number of the bundle that it answered.

    `sent` are the names of the latest bundles for it, in order; the last of them has the number `count`.
    """

    positions: frozenset[Position] | None = None
    said: int = 0
    count: int = 0
    sent: tuple[str, ...] = ()

    def with_bundle(self, bundle: str) -> "Standing":
        """After a bundle was written."""
        return replace(self, count=self.count + 1, sent=(*self.sent, bundle)[-SENT_MAX:])

    def with_receipt(self, receipt: Receipt) -> "Standing":
        """After a receipt came."""
        answered = max((self._number(each) for each in receipt.answers), default=0)
        if answered < self.said:
            return self
        told = frozenset(receipt.positions)
        if answered == self.said:
            told |= self.positions or frozenset()
        return replace(self, positions=told, said=answered)

    def with_exchange(self, positions: Iterable[Position]) -> "Standing":
        """After an exchange over a line, in which the hub said where it stands now."""
        return replace(self, positions=frozenset(positions), said=self.count)

    def packed(self) -> bytes:
        """Its bytes, for whoever keeps it."""
        listed = b"\0" if self.positions is None else b"\1" + pack_positions(sorted(self.positions))
        names = b"".join(bytes.fromhex(each) for each in self.sent)
        return number(self.said) + number(self.count) + number(len(self.sent)) + names + listed

    @classmethod
    def read(cls, body: bytes) -> "Standing":
        """From bytes. Raises MessageWrong."""
        reader = Reader(body)
        said, count = reader.number(2**40), reader.number(2**40)
        sent = tuple(reader.take(BUNDLE_BYTES).hex() for _ in range(reader.number(SENT_MAX)))
        if not reader.number(1):
            return cls(None, said, count, sent)
        return cls(frozenset(read_positions(reader, 2**20)), said, count, sent)

    def _number(self, bundle: str) -> int:
        """The number of a bundle that was sent; 0 for one that is not remembered."""
        return self.count - len(self.sent) + 1 + self.sent.index(bundle) if bundle in self.sent else 0
