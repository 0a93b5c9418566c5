"""A part of a bundle: batches for one hub, signed by their sender and sealed to the recipient, for any carrier.

    "mangrove" · version 1 · age 4 · size of the rest 4                                     the front, 17 bytes
    recipient 32 · bundle 16 · number · last 1 · key 8 · delivered                          the cover, open to carriers
    sealed: sender 32 · time 8 · receipt · a row for each batch · batches · signature 64

The age (minutes) grows on the way, so it is in no seal; the front and the cover are bound to the seal but for it. A
delivered note says that a hub has got a bundle, signed by that hub: carriers forget the bundle then. A file of a bundle
is one part behind another. Each row says from where to where in a stream its batch goes, before anything is unpacked.
"""

from dataclasses import dataclass, field

from sync import batch as batches
from sync import identity, protocol, seal
from sync.errors import NotForUs, PartWrong, SyncError, VersionUnknown
from sync.identity import KEY_BYTES, SIGNATURE_BYTES, Identity
from sync.keyring import HINT_BYTES, Keyring
from sync.protocol import PART_BYTES_MAX, Position, read_position
from sync.standing import BUNDLE_BYTES, Receipt
from sync.wire import Reader, number

MAGIC = b"mangrove"
VERSION = 1
FRONT_BYTES = len(MAGIC) + 1 + 4 + 4
FILE_BYTES_MAX = 64_000_000
"""What one file of a bundle may have: FAT, and the browsers of phones, take that."""
PART_BYTES = 256 * 1024
"""What a part grows to before the next is begun: a part is one transaction, and learners wait that long at most."""
UNPACKED_BYTES_MAX = 2 * batches.UNPACKED_BYTES_MAX
BATCHES_MAX = 200
NOTES_MAX = 64
NUMBER_MAX = 100_000
COVER_BYTES_MAX = 8 * 1024
"""Front and cover of a part, with as many notes as there may be."""
AGE_MAX_M = 2**32 - 1
RECEIPT_BYTES_MAX = 256 * 1024
INFO = b"mangrove bundle 1"


@dataclass(frozen=True)
class Note:
    """A hub says that it has got a bundle: the bundle's name, and that hub's signature."""

    bundle: str
    signature: bytes

    def packed(self) -> bytes:
        """Its bytes."""
        return bytes.fromhex(self.bundle) + self.signature

    def is_of(self, hub: str) -> bool:
        """Whether it was signed by that hub."""
        try:
            identity.verify(hub, _note_text(self.bundle), self.signature)
        except SyncError:
            return False
        return True


def note(own: Identity, bundle: str) -> Note:
    """Say that a bundle has come to us."""
    return Note(bundle, own.sign(_note_text(bundle)))


@dataclass(frozen=True)
class Cover:
    """What everybody can read of a part."""

    recipient: str
    bundle: str
    number: int
    is_last: bool
    hint: bytes
    notes: tuple[Note, ...] = ()
    age_m: int = 0

    def packed(self) -> bytes:
        """Its bytes, without the age."""
        head = identity.public_key(self.recipient) + bytes.fromhex(self.bundle) + number(self.number)
        notes = number(len(self.notes)) + b"".join(each.packed() for each in self.notes)
        return head + bytes((self.is_last,)) + self.hint + notes


@dataclass(frozen=True)
class Packed:
    """A batch as it lies in a part, and from where to where it goes."""

    before: Position
    after: Position
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Part:
    """What the recipient reads of a part; its sender's signature was checked."""

    cover: Cover
    sender: str
    now_ms: int
    quality: int
    receipt: Receipt | None
    batches: tuple[Packed, ...]


@dataclass(frozen=True)
class Handed:
    """The answer to a part that was handed over: notes of bundles that have come, and a sealed receipt for the sender.

    The receipt is empty while something of the bundle is missing, or the sender's key is not known.
    """

    notes: tuple[Note, ...]
    receipt: bytes = b""

    def packed(self) -> bytes:
        """Its bytes."""
        return number(len(self.notes)) + b"".join(each.packed() for each in self.notes) + self.receipt

    @classmethod
    def read(cls, body: bytes) -> "Handed":
        """From bytes. Raises MessageWrong."""
        reader = Reader(body)
        return cls(tuple(_note(reader) for _ in range(reader.number(NOTES_MAX))), reader.rest())


def write(own: Identity, part: Part, to: bytes) -> bytes:
    """The bytes of a part of ours, sealed to the recipient's key `to`. Raises PartWrong when it is too large."""
    cover = part.cover.packed()
    receipt = part.receipt.packed() if part.receipt else b""
    rows = [number(len(each.data)) + each.before.packed() + each.after.packed() for each in part.batches]
    said = b"".join(
        [
            identity.public_key(own.hub_id) + protocol.pack_time(part.now_ms, part.quality),
            number(len(receipt)) + receipt + number(len(rows)) + b"".join(rows),
            *(each.data for each in part.batches),
        ]
    )
    sealed = seal.seal(said + own.sign(_signed(cover, said)), to, info=INFO, aad=_bound(cover))
    rest = cover + sealed
    if len(rest) > PART_BYTES_MAX:
        raise PartWrong("The records are too large for one part of a bundle; nothing was written.")
    return MAGIC + bytes((VERSION,)) + part.cover.age_m.to_bytes(4, "big") + len(rest).to_bytes(4, "big") + rest


def size_of(front: bytes) -> int:
    """How many bytes follow the front of a part. Raises PartWrong or VersionUnknown."""
    if len(front) < FRONT_BYTES or front[: len(MAGIC)] != MAGIC:
        raise PartWrong("This is no bundle of the tide, or it is cut off; nothing was taken.")
    if front[len(MAGIC)] != VERSION:
        raise VersionUnknown(
            f"The bundle is of version {front[len(MAGIC)]} and this hub reads {VERSION}. Nothing was taken;"
            " the older of the two hubs needs an update."
        )
    size = int.from_bytes(front[-4:], "big")
    if size > PART_BYTES_MAX:
        raise PartWrong(
            f"A part of {size} bytes is more than the {PART_BYTES_MAX} that one may have; nothing was taken."
        )
    return size


def look(data: bytes) -> Cover:
    """What the cover of a whole part says; its seal is not opened. Raises PartWrong, VersionUnknown or MessageWrong."""
    return _covered(data)[0]


def glance(head: bytes) -> Cover:
    """The same of the first COVER_BYTES_MAX bytes of a part; whether the rest of it is whole is not looked at."""
    size_of(head[:FRONT_BYTES])
    return _cover(head)[0]


def aged(data: bytes, minutes: int) -> bytes:
    """The same part, so many minutes older."""
    at = len(MAGIC) + 1
    age = min(AGE_MAX_M, int.from_bytes(data[at : at + 4], "big") + max(0, minutes))
    return data[:at] + age.to_bytes(4, "big") + data[at + 4 :]


def read(own: Identity, keys: Keyring, data: bytes) -> Part:
    """Open a part for us and check who wrote it.

    Raises NotForUs, SealWrong, PartWrong, VersionUnknown, SignatureWrong or MessageWrong; nothing was taken then.
    """
    cover, sealed = _covered(data)
    if cover.recipient != own.hub_id:
        raise NotForUs("This bundle is for another hub, and nobody else can read it. Nothing was taken.")
    bound = cover.packed()
    opened = seal.unseal(sealed, keys.secret(cover.hint), info=INFO, aad=_bound(bound))
    if len(opened) < KEY_BYTES + SIGNATURE_BYTES:
        raise _wrong()
    said, signature = opened[:-SIGNATURE_BYTES], opened[-SIGNATURE_BYTES:]
    sender = identity.hub_name(said[:KEY_BYTES])
    identity.verify(sender, _signed(bound, said), signature)
    return _opened(cover, sender, Reader(said[KEY_BYTES:]))


def _opened(cover: Cover, sender: str, reader: Reader) -> Part:
    now_ms, quality = protocol.read_time(reader)
    receipt = reader.take(reader.number(RECEIPT_BYTES_MAX))
    rows = [_row(reader) for _ in range(reader.number(BATCHES_MAX))]
    packed = tuple(Packed(before, after, reader.take(size)) for size, before, after in rows)
    reader.end()
    if sum(batches.unpacked_bytes(each.data) for each in packed) > UNPACKED_BYTES_MAX:
        raise PartWrong("The part would grow too large when it is unpacked; nothing of it was taken.")
    return Part(cover, sender, now_ms, quality, Receipt.read(receipt) if receipt else None, packed)


def _row(reader: Reader) -> tuple[int, Position, Position]:
    size, before, after = reader.number(batches.PACKED_BYTES_MAX), read_position(reader), read_position(reader)
    if before.root != after.root or before.seq >= after.seq:
        raise _wrong()
    return size, before, after


def _covered(data: bytes) -> tuple[Cover, bytes]:
    """The cover, and what is sealed."""
    if size_of(data[:FRONT_BYTES]) != len(data) - FRONT_BYTES:
        raise _wrong()
    return _cover(data)


def _cover(data: bytes) -> tuple[Cover, bytes]:
    """The cover at the front of a part, and what follows it."""
    reader = Reader(data[FRONT_BYTES:])
    recipient, bundle = identity.hub_name(reader.take(KEY_BYTES)), reader.take(BUNDLE_BYTES).hex()
    place, is_last, hint = reader.number(NUMBER_MAX), reader.number(1) == 1, reader.take(HINT_BYTES)
    notes = tuple(_note(reader) for _ in range(reader.number(NOTES_MAX)))
    age_m = int.from_bytes(data[len(MAGIC) + 1 : len(MAGIC) + 5], "big")
    return Cover(recipient, bundle, place, is_last, hint, notes, age_m), reader.rest()


def _note(reader: Reader) -> Note:
    return Note(reader.take(BUNDLE_BYTES).hex(), reader.take(SIGNATURE_BYTES))


def _note_text(bundle: str) -> bytes:
    return b"mangrove delivered 1 " + bytes.fromhex(bundle)


def _bound(cover: bytes) -> bytes:
    return MAGIC + bytes((VERSION,)) + cover


def _signed(cover: bytes, said: bytes) -> bytes:
    return b"mangrove part 1 " + _bound(cover) + said


def _wrong() -> PartWrong:
    return PartWrong("The part is cut or damaged; nothing of it was taken. Carry it once more.")
