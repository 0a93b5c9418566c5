"""The messages between two hubs: what each says, its version and its limits. Bytes in, bytes out.

    request   version 1 · sender's key 32 · body · signature 64    signed with the message's name, the recipient's key
    answer    version 1 · body · signature 64                      signed with the hash of the request it answers

So nobody in between can change a message, turn it to another hub, or give one request's answer to another.
"""

import base64
import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sync import identity
from sync.batch import PACKED_BYTES_MAX
from sync.errors import MessageWrong, SignatureWrong, VersionUnknown
from sync.identity import KEY_BYTES, SIGNATURE_BYTES, Identity
from sync.stream import SEQ_MAX, STREAM_BYTES
from sync.wire import Reader, number

VERSION = 1
DIGEST_BYTES = 16
TIP_BYTES = 16
"""Of a running hash, what names a position on the wire."""
PAGE_POSITIONS = 1000
NEAR_POSITIONS_MAX = 3000
POINTS_MAX = 300


@dataclass(frozen=True)
class Message:
    """One row of the table of messages."""

    name: str
    says: str
    request_bytes_max: int
    answer_bytes_max: int


MESSAGES = {
    message.name: message
    for message in (
        Message(
            "hello", "digest of what we both may have; answered with the same, or where you stand", 256, 256 * 1024
        ),
        Message("positions", "where you stand in streams of third hubs, page by page", 256, 128 * 1024),
        Message("push", "a batch for you; answered with the new digest", PACKED_BYTES_MAX + 256, 256),
        Message("pull", "send me a batch up to this position, I have these", 16 * 1024, PACKED_BYTES_MAX + 256),
    )
}


SHELF_MESSAGES = {
    message.name: message
    for message in (
        Message("offers", "which collections you offer, I know these", 12 * 1024, 900 * 1024),
        Message("page", "the manifest of a package, or the hashes of its chunks, from a byte on", 512, 300 * 1024),
        Message("files", "small files by their hashes", 20 * 1024, 560 * 1024),
    )
}
"""What hubs say about their shelves (`sync.shelf`); the journal has no part in it."""
PART_BYTES_MAX = 1280 * 1024
"""Of a part of a bundle, behind its front."""
CARRY_MESSAGES = {
    message.name: message
    for message in (
        Message(
            "hand",
            "a sealed part of a bundle that I carried for you; answered with what has come, signed",
            PART_BYTES_MAX + 512,
            300 * 1024,
        ),
    )
}
"""What goes on the way of bundles (`sync.part`) where carrier and recipient meet over a line."""
LEAVE = Message("leave", "this hub leaves and takes its records along", 256, 2048)
"""What a hub says that leaves its region."""
ALL = {**MESSAGES, **SHELF_MESSAGES, **CARRY_MESSAGES, LEAVE.name: LEAVE}


Fence = Mapping[str, tuple[int, bytes]]
"""What still counts of a hub that was shut out: stream → the last number, and the front of the hash after it."""


class Room(Protocol):
    """How much a hub may still bring."""

    def check(self) -> None:
        """Raises EnoughForToday when there is none: one batch or part more than that can come."""

    def count(self, size_bytes: int, entries: int) -> None:
        """Remember that so much was brought, and that so many entries of it were new."""


class Boundless:
    """Room for everything."""

    def check(self) -> None:
        """Nothing is too much."""

    def count(self, size_bytes: int, entries: int) -> None:
        """Nothing is remembered."""


@dataclass(frozen=True)
class Peering:
    """What we exchange with a hub: audiences that we give it, and those that we take; the hub has the mirror of it.

    `fences` are those of hubs that were shut out: hub → what still counts of it. `passed_over` are the places to which
    broken streams from there went: they are not asked for nor taken until they go elsewhere. `room` is what the hub may
    still bring today.
    """

    hub: str
    sends: Iterable[str]
    takes: Iterable[str]
    fences: Mapping[str, Fence] = field(default_factory=dict)
    passed_over: Collection["Position"] = field(default=(), compare=False)
    room: Room = field(default_factory=Boundless, compare=False)


@dataclass(frozen=True, order=True, slots=True)
class Position:
    """The end of a line: the stream's name on the wire, the number and the front of the running hash."""

    root: str
    seq: int
    tip: bytes

    def packed(self) -> bytes:
        """Its bytes."""
        return bytes.fromhex(self.root) + number(self.seq) + self.tip


def digest(positions: Iterable[Position]) -> bytes:
    """Sixteen bytes that are equal where two hubs stand at the same positions."""
    return hashlib.sha256(b"".join(each.packed() for each in sorted(positions))).digest()[:DIGEST_BYTES]


def pack_positions(positions: Iterable[Position]) -> bytes:
    """A counted list of positions."""
    listed = list(positions)
    return number(len(listed)) + b"".join(each.packed() for each in listed)


def read_position(reader: Reader) -> Position:
    """The position at the front of a message."""
    return Position(reader.take(STREAM_BYTES).hex(), reader.number(SEQ_MAX), reader.take(TIP_BYTES))


def read_positions(reader: Reader, most: int) -> list[Position]:
    """The counted list at the front of a message."""
    return [read_position(reader) for _ in range(reader.number(most))]


def pack_time(time_ms: int, quality: int) -> bytes:
    """A time and how far it can be trusted."""
    return time_ms.to_bytes(7, "big", signed=True) + bytes((quality,))


def read_time(reader: Reader) -> tuple[int, int]:
    """The time at the front of a message."""
    time_ms, quality = int.from_bytes(reader.take(7), "big", signed=True), reader.take(1)[0]
    if quality > 3:
        raise MessageWrong("The message has a time that cannot be; nothing was taken.")
    return time_ms, quality


def request(own: Identity, recipient: str, name: str, body: bytes) -> bytes:
    """A request to `recipient`, signed."""
    said = bytes((VERSION,)) + identity.public_key(own.hub_id) + body
    return said + own.sign(_request_text(name, recipient, said))


def open_request(own: Identity, name: str, data: bytes) -> tuple[str, bytes]:
    """The sender and the body of a request to us. Raises MessageWrong, VersionUnknown or SignatureWrong."""
    message = ALL.get(name)
    if message is None or len(data) > message.request_bytes_max:
        raise MessageWrong("There is no such message, or it is too long; nothing was taken.")
    said, signature = _parted(data, 1 + KEY_BYTES)
    sender = identity.hub_name(said[1 : 1 + KEY_BYTES])
    identity.verify(sender, _request_text(name, own.hub_id, said), signature)
    return sender, said[1 + KEY_BYTES :]


def answer(own: Identity, name: str, asked: bytes, body: bytes) -> bytes:
    """The answer to the request `asked`, signed."""
    said = bytes((VERSION,)) + body
    return said + own.sign(_answer_text(name, asked, said))


def open_answer(sender: str, name: str, asked: bytes, data: bytes) -> bytes:
    """The body of the answer to `asked`. Raises MessageWrong, VersionUnknown or SignatureWrong."""
    if len(data) > ALL[name].answer_bytes_max:
        raise MessageWrong("The other hub's answer is far too long; nothing was taken from it.")
    said, signature = _parted(data, 1)
    try:
        identity.verify(sender, _answer_text(name, asked, said), signature)
    except SignatureWrong:
        raise SignatureWrong(
            "The answer is not of the hub that was asked: somebody else may be behind its address. Nothing was taken."
        ) from None
    return said[1:]


def ticket(own: Identity, recipient: str, blob: str) -> str:
    """What a hub shows to fetch one blob (64 hex digits) of another by a plain request: its id and a signature.

    Whoever listens could show it again, and would get what he saw pass; it opens no other blob and at no other hub.
    """
    return f"{own.hub_id}:{base64.b64encode(own.sign(_ticket_text(recipient, blob))).decode()}"


def open_ticket(own: Identity, shown: str, blob: str) -> str:
    """The hub that shows a ticket for a blob of ours. Raises SignatureWrong."""
    sender, _, letters = shown.partition(":")
    try:
        signature = base64.b64decode(letters, validate=True)
    except ValueError:
        signature = b""
    identity.verify(sender, _ticket_text(own.hub_id, blob), signature)
    return sender


def _ticket_text(recipient: str, blob: str) -> bytes:
    return b"mangrove blob 1 " + identity.public_key(recipient) + bytes.fromhex(blob)


def _parted(data: bytes, least: int) -> tuple[bytes, bytes]:
    """What was said, and its signature."""
    if data[:1] and data[0] != VERSION:
        raise VersionUnknown(
            f"The other hub speaks version {data[0]} of the exchange and this one {VERSION}. Nothing was taken;"
            " the older of the two needs an update."
        )
    if len(data) < least + SIGNATURE_BYTES:
        raise MessageWrong("The message is cut off; nothing was taken. Send it again.")
    return data[:-SIGNATURE_BYTES], data[-SIGNATURE_BYTES:]


def _request_text(name: str, recipient: str, said: bytes) -> bytes:
    return b"mangrove request 1 " + name.encode() + b" " + identity.public_key(recipient) + said


def _answer_text(name: str, asked: bytes, said: bytes) -> bytes:
    return b"mangrove answer 1 " + name.encode() + b" " + hashlib.sha256(asked).digest() + said
