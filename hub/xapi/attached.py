"""Data attached to statements: files below `attachments/` in the home, each once, named by its SHA-2.

A file is put into its place whole before a statement that it came with is kept. A cut in between leaves a file that no
statement names; it is cleared away after an hour. Whoever may read a statement may read what came with it; a statement
that only names a hash has no claim to the data behind it.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from hub import own_files
from hub.errors import StatementTooLarge, StatementWrong, StorageFull
from hub.node import Node
from hub.tables import among, run
from hub.xapi import multipart
from hub.xapi.limits import Limits

FOLDER = "attachments"
SIGNATURE = "http://adlnet.gov/expapi/attachments/signature"
"""The usage of data that signs its statement."""
INCOMING = "incoming"
"""Where the data of a request lies until all of it is here and right."""
HASH = "x-experience-api-hash"
ENCODING = "content-transfer-encoding"
ALGORITHMS = {56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}
"""Hex digits of a SHA-2 → which one it is."""
READ_BYTES = 64 * 1024
_HEX = re.compile(r"[0-9a-f]+", re.ASCII)


@dataclass(frozen=True)
class Waiting:
    """One file that came and waits for its place; `size` in bytes."""

    path: Path
    size: int


@dataclass
class Received:
    """What one request brought: the bytes of its statements, and its files by their SHA-2 in small letters."""

    statements: bytes = b""
    files: dict[str, Waiting] = field(default_factory=dict)

    def read(self, sha2: str, most: int) -> bytes | None:
        """The first `most` bytes of a file, or None when it did not come."""
        if sha2 not in self.files:
            return None
        with self.files[sha2].path.open("rb") as file:
            return file.read(most)


def is_signed(statement: Mapping[str, Any]) -> bool:
    """Whether a checked statement carries a signature."""
    return any(row["usageType"] == SIGNATURE for row in statement.get("attachments", ()))


@contextmanager
def receiving(node: Node, stream: IO[bytes], boundary: str, limits: Limits) -> Iterator[Received]:
    """Read a request with attached data (xAPI 1.0.3 part 3, 1.5.2), no more of it in memory than its statements.

    What is not `keep`-t within the block is gone after it. Raises StatementWrong for what is no such request,
    StatementTooLarge when a part is over a limit, StorageFull when the disk takes no more.
    """
    received, waiting = Received(), node.home / FOLDER / INCOMING
    _check_room(node)
    parts: list[_File] = []

    def begin(number: int, headers: dict[str, str]) -> multipart.Part:
        if number == 0:
            return _Statements(received, headers, limits)
        parts.append(_File(node, received, headers, waiting / node.new_id(), limits))
        return parts[-1]

    try:
        waiting.mkdir(parents=True, exist_ok=True)
        if not multipart.read(stream, boundary, begin):
            raise StatementWrong("The request has no part with statements; nothing was kept.")
        yield received
    except OSError as mistake:
        raise _no_room(mistake.strerror) from None
    finally:
        for part in parts:
            part.drop()


def keep(node: Node, received: Received) -> None:
    """Give every file its place, safe from a power cut. Before the statements are kept. Raises OSError."""
    if received.files:
        own_files.settle(node, [(waiting.path, path(node, sha2)) for sha2, waiting in received.files.items()])


def check_here(node: Node, hashes: Iterable[str]) -> None:
    """Within the change that keeps statements: raise StorageFull unless their files are in their places."""
    if not all(path(node, sha2).exists() for sha2 in hashes):
        raise _no_room("a file is gone")


def path(node: Node, sha2: str) -> Path:
    """Where the data with a hash (small hex digits) is or would be."""
    return node.home / FOLDER / sha2[:2] / sha2


def hashes_in(statement: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The hashes that a checked statement, and one within it, name for what is attached, each with its description."""
    within, own = statement["object"], statement.get("attachments", ())
    inner = within.get("attachments", ()) if within.get("objectType") == "SubStatement" else ()
    return {row["sha2"].lower(): row for row in (*inner, *own)} if own or inner else {}


def of(node: Node, statements: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The data that came with statements, each once: its hash in small letters and the first description of it."""
    asked = "SELECT statement, sha2 FROM attached WHERE statement IN ({})"
    here = {(row[0], row[1]) for row in among(node.tables, asked, [each["id"] for each in statements])}
    found: dict[str, dict[str, Any]] = {}
    for each in statements:
        for sha2, row in hashes_in(each).items():
            if (each["id"], sha2) in here:
                found.setdefault(sha2, row)
    return found


def named(node: Node) -> Iterator[tuple[str, int]]:
    """Every file that statements have here, once: hash and size in bytes."""
    for sha2, size in run(node.tables, "SELECT sha2, MAX(size) FROM attached GROUP BY sha2 ORDER BY sha2").fetchall():
        yield str(sha2), int(size)


def total_bytes(node: Node) -> int:
    """How much room all of them take."""
    return sum(size for _, size in named(node))


def missing(node: Node, *, deep: bool = False) -> list[str]:
    """The hashes of files that statements have and that are not here as they came; `deep` reads every byte."""
    return [sha2 for sha2, size in named(node) if not _is_whole(path(node, sha2), sha2, size, deep=deep)]


def clear_away(node: Node, *, old_ms: int = own_files.OLD_MS) -> None:
    """Delete files that no statement has: what a cut or a refusal left. For the worker."""
    for found in (node.home / FOLDER).glob("*/*"):
        if own_files.age_ms(node, found) >= old_ms and not _is_named(node, found.name):
            node.write(lambda found=found: _drop_unnamed(node, found))  # type: ignore[misc]


class _Statements:
    """The first part: JSON, held in memory up to its limit."""

    def __init__(self, received: Received, headers: dict[str, str], limits: Limits) -> None:
        if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise StatementWrong("The first part: must have the Content-Type application/json; nothing was kept.")
        self._received, self._most = received, limits.request_bytes
        self._pieces: list[bytes] = []
        self._size = 0

    def take(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._most:
            raise StatementTooLarge(f"Statements of one request may have {self._most} bytes; nothing was kept.")
        self._pieces.append(piece)

    def end(self) -> None:
        self._received.statements = b"".join(self._pieces)


class _File:
    """A further part: data with its hash, written to the disk as it comes."""

    def __init__(self, node: Node, received: Received, headers: dict[str, str], place: Path, limits: Limits) -> None:
        self._sha2 = _declared(headers)
        self._node, self._received, self._place = node, received, place
        self._most = limits.attachment_bytes
        self._digest = hashlib.new(ALGORITHMS[len(self._sha2)])
        self._size = 0
        self._out = place.open("xb")

    def take(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._most:
            raise StatementTooLarge(f"One attached file may have {self._most} bytes; nothing was kept.")
        self._digest.update(piece)
        self._out.write(piece)

    def end(self) -> None:
        self._out.close()
        if self._digest.hexdigest() != self._sha2:
            raise StatementWrong(
                f"X-Experience-API-Hash: is not the hash of the data ({self._sha2}); nothing was kept."
            )
        _check_room(self._node)
        self._received.files[self._sha2] = Waiting(self._place, self._size)

    def drop(self) -> None:
        with suppress(OSError):
            self._out.close()
            self._place.unlink(missing_ok=True)


def _declared(headers: Mapping[str, str]) -> str:
    """The hash that a part says to have, in small letters. Raises StatementWrong."""
    if headers.get(ENCODING, "").lower() != "binary":
        raise StatementWrong("Attached data: must have Content-Transfer-Encoding: binary; nothing was kept.")
    sha2 = headers.get(HASH, "").lower()
    if len(sha2) not in ALGORITHMS or not _HEX.fullmatch(sha2):
        raise StatementWrong("Attached data: must name its SHA-2 in X-Experience-API-Hash; nothing was kept.")
    return sha2


def _is_whole(place: Path, sha2: str, size: int, *, deep: bool) -> bool:
    try:
        if place.stat().st_size != size:
            return False
        if not deep:
            return True
        with place.open("rb") as file:
            return hashlib.file_digest(file, ALGORITHMS[len(sha2)]).hexdigest() == sha2
    except OSError:
        return False


def _is_named(node: Node, name: str) -> bool:
    return run(node.tables, "SELECT 1 FROM attached WHERE sha2 = ? LIMIT 1", name).fetchone() is not None


def _drop_unnamed(node: Node, found: Path) -> None:
    """In the one thread that also keeps statements: none can come to name it meanwhile."""
    if not _is_named(node, found.name):
        found.unlink(missing_ok=True)


def _check_room(node: Node) -> None:
    """Attached data leaves as much room free as imports do: records and backups come first."""
    if node.shelf.free_bytes() < max(own_files.NEAR_FULL_BYTES, node.settings.free_reserve):
        raise _no_room("it is full")


def _no_room(why: object) -> StorageFull:
    return StorageFull(
        "The disk did not take this part (%(why)s): it was not kept. Free some space and send it again.", why=why
    )
