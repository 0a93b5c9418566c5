"""The bodies of the messages about shelves: what a hub offers, a page about a package, and many small files at once.

What is carried is not known here: collections, manifests and files are bytes, and whoever asked compares their hashes
and signatures. Long ones are packed; what is unpacked has a limit that the reader knows beforehand.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import zstandard

from sync.errors import MessageWrong
from sync.identity import SIGNATURE_BYTES
from sync.wire import Reader, number

OFFERS_MAX = 100
"""Collections that one hub offers."""
NAME_BYTES_MAX = 80
TEXT_BYTES_MAX = 256 * 1024
"""One collection: five hundred packages."""
OFFERS_BYTES_MAX = 768 * 1024
"""All texts of one answer, unpacked; what does not fit is asked for again."""
COUNT_MAX = 2**31 - 1
PAGE_BYTES_MAX = 16 * 1024 * 1024
"""A page about a package, unpacked: as large as a manifest may be."""
PIECE_BYTES_MAX = 256 * 1024
"""Of a packed page, what goes in one answer: all that a cut costs."""
FILES_MAX = 500
FILES_BYTES_MAX = 512 * 1024
"""Small files in one answer, unpacked."""
HASH_BYTES = 32
LEVEL = 12
MANIFEST, CHUNKS = 1, 2


@dataclass(frozen=True)
class OffersAsk:
    """Which collections are known already, each with its version: their texts need not come again."""

    known: dict[str, int]

    def packed(self) -> bytes:
        """Its bytes."""
        rows = sorted(self.known.items())[:OFFERS_MAX]
        return number(len(rows)) + b"".join(_named(name) + number(version) for name, version in rows)

    @classmethod
    def read(cls, body: bytes) -> "OffersAsk":
        """From bytes. Raises MessageWrong."""
        reader = Reader(body)
        ask = cls({_name(reader): reader.number(COUNT_MAX) for _ in range(reader.number(OFFERS_MAX))})
        reader.end()
        return ask


@dataclass(frozen=True)
class Offer:
    """A collection: its text with its publisher's signature, both empty when the asking hub knows this version."""

    id: str
    version: int
    text: bytes = b""
    signature: bytes = b""


@dataclass(frozen=True)
class OffersSaid:
    """All that a hub offers; `is_whole` says that no text was left for another answer."""

    offers: tuple[Offer, ...]
    is_whole: bool

    def packed(self) -> bytes:
        """Its bytes."""
        rows = [
            _named(each.id)
            + number(each.version)
            + number(len(each.text))
            + each.text
            + (each.signature if each.text else b"")
            for each in self.offers
        ]
        return _squeezed(bytes((self.is_whole,)) + number(len(rows)) + b"".join(rows))

    @classmethod
    def read(cls, body: bytes) -> "OffersSaid":
        """From bytes. Raises MessageWrong."""
        reader = Reader(_unfolded(body, OFFERS_BYTES_MAX + OFFERS_MAX * 200))
        is_whole = reader.number(1) == 1
        offers = tuple(_offer(reader) for _ in range(reader.number(OFFERS_MAX)))
        reader.end()
        return cls(offers, is_whole)


@dataclass(frozen=True)
class PageAsk:
    """The packed page of a kind (MANIFEST or CHUNKS) about a package of a digest, from a byte on."""

    kind: int
    package: str
    digest: bytes
    start: int

    def packed(self) -> bytes:
        """Its bytes."""
        return bytes((self.kind,)) + _named(self.package) + self.digest + number(self.start)

    @classmethod
    def read(cls, body: bytes) -> "PageAsk":
        """From bytes. Raises MessageWrong."""
        reader = Reader(body)
        ask = cls(reader.number(CHUNKS), _name(reader), reader.take(HASH_BYTES), reader.number(PAGE_BYTES_MAX))
        reader.end()
        return ask


@dataclass(frozen=True)
class PageSaid:
    """How many bytes the packed page has in all, 0 when it is not here; and those from the start asked for."""

    total: int
    piece: bytes

    def packed(self) -> bytes:
        """Its bytes."""
        return number(self.total) + self.piece

    @classmethod
    def read(cls, body: bytes) -> "PageSaid":
        """From bytes. Raises MessageWrong."""
        reader = Reader(body)
        return cls(reader.number(PAGE_BYTES_MAX), reader.rest())


@dataclass(frozen=True)
class FilesAsk:
    """Small files by their hashes, in order, about `most` bytes of them in one answer."""

    most: int
    hashes: tuple[bytes, ...]

    def packed(self) -> bytes:
        """Its bytes."""
        return number(self.most) + number(len(self.hashes)) + b"".join(self.hashes)

    @classmethod
    def read(cls, body: bytes) -> "FilesAsk":
        """From bytes. Raises MessageWrong."""
        reader = Reader(body)
        most, count = reader.number(FILES_BYTES_MAX), reader.number(FILES_MAX)
        ask = cls(most, tuple(reader.take(HASH_BYTES) for _ in range(count)))
        reader.end()
        return ask


@dataclass(frozen=True)
class FilesSaid:
    """The first of the files asked for, as many as fit; None for one that is not here."""

    files: tuple[bytes | None, ...]

    def packed(self) -> bytes:
        """Its bytes."""
        sizes = b"".join(number(0 if each is None else len(each) + 1) for each in self.files)
        return number(len(self.files)) + sizes + _squeezed(b"".join(each for each in self.files if each is not None))

    @classmethod
    def read(cls, body: bytes) -> "FilesSaid":
        """From bytes. Raises MessageWrong."""
        reader = Reader(body)
        sizes = [reader.number(FILES_BYTES_MAX + 1) for _ in range(reader.number(FILES_MAX))]
        inside = Reader(_unfolded(reader.rest(), FILES_BYTES_MAX))
        files = tuple(inside.take(size - 1) if size else None for size in sizes)
        inside.end()
        return cls(files)


def packed_page(page: bytes) -> bytes:
    """A page as it travels; the same bytes each time."""
    return _squeezed(page)


def page_from(data: bytes) -> bytes:
    """The page again. Raises MessageWrong."""
    return _unfolded(data, PAGE_BYTES_MAX)


def _offer(reader: Reader) -> Offer:
    name, version, size = _name(reader), reader.number(COUNT_MAX), reader.number(TEXT_BYTES_MAX)
    text = reader.take(size)
    return Offer(name, version, text, reader.take(SIGNATURE_BYTES) if text else b"")


def _named(name: str) -> bytes:
    data = name.encode()
    return number(len(data)) + data


def _name(reader: Reader) -> str:
    try:
        return reader.take(reader.number(NAME_BYTES_MAX)).decode("ascii")
    except UnicodeDecodeError:
        raise MessageWrong("The message has a name that cannot be; nothing was taken.") from None


def _squeezed(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=LEVEL).compress(data)


def _unfolded(data: bytes, most: int) -> bytes:
    """What was packed, when it says its size and that is not more than `most`. Raises MessageWrong."""
    wrong = "The message is packed in a way that hubs do not use, or too large; nothing was taken."
    try:
        size = zstandard.get_frame_parameters(data).content_size
        if size > most:
            raise MessageWrong(wrong)
        return zstandard.ZstdDecompressor().decompress(data, max_output_size=most, allow_extra_data=False)
    except zstandard.ZstdError:
        raise MessageWrong(wrong) from None


def hashes_of(names: Sequence[str]) -> tuple[bytes, ...]:
    """Hashes in hex as they travel."""
    return tuple(bytes.fromhex(each) for each in names)
