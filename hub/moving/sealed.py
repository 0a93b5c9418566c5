"""The file that a person takes along: signed by the hub that wrote it, sealed under a code that only the person has.

    "mangrove-person" · version 1 · salt 16 | sealed: zlib of lines: what it is · a statement each · the signature

The code of fifteen letters goes through argon2 with the salt and becomes a key; the hub that writes needs only its
public half, and keeps nothing of the code. The seal is that of bundles (`sync.seal`), and binds what lies in the open.
"""

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from hub.errors import InputWrong
from hub.people import credentials
from sync import identity, seal
from sync.errors import SyncError
from sync.identity import Identity
from sync.join import LETTERS

MAGIC, VERSION, SALT_BYTES = b"mangrove-person", 1, 16
FRONT_BYTES = len(MAGIC) + 1 + SALT_BYTES
INFO = b"mangrove person 1"
FILE_BYTES_MAX = 16 * 1024 * 1024
UNPACKED_BYTES_MAX = 64 * 1024 * 1024
LINES_MAX = 20_000
CODE_LETTERS, GROUP = 15, 5
"""Seventy-four bits, in three groups that can be read out."""


@dataclass(frozen=True)
class Read:
    """What an opened file says: who it is of, from which hub, and the statements, each with what stood beside it."""

    head: dict[str, Any]
    statements: tuple[dict[str, Any], ...]


def new_code(randomness: Callable[[int], bytes]) -> str:
    """A fresh code, written in groups."""
    letters = ""
    while len(letters) < CODE_LETTERS:
        number = randomness(1)[0] % 32
        letters += LETTERS[number : number + 1]
    return "-".join(letters[at : at + GROUP] for at in range(0, CODE_LETTERS, GROUP))


def checked_code(text: str) -> str:
    """A code as it was typed, when it can be one. Raises InputWrong."""
    letters = "".join(text.lower().replace("-", " ").split())
    if len(letters) != CODE_LETTERS or set(letters) - set(LETTERS):
        raise InputWrong("The code has fifteen letters and digits. Nothing was changed; look at it again.")
    return letters


def public_key(code: str, salt: bytes) -> bytes:
    """What a file is sealed to; slow on purpose. Raises InputWrong."""
    return seal.public_key(credentials.stretched(checked_code(code), salt))


def sealed(lines: Iterable[dict[str, Any]], *, own: Identity, salt: bytes, public: bytes) -> bytes:
    """The file of these lines, the first of which says what it is. Raises InputWrong when it grows too large."""
    packer = zlib.compressobj(9)
    digest, pieces, count, size = hashlib.sha256(), [], 0, 0
    for each in lines:
        raw = json.dumps(each, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        digest.update(raw)
        pieces.append(packer.compress(raw))
        count, size = count + 1, size + len(raw)
        if count > LINES_MAX or size > UNPACKED_BYTES_MAX:
            raise InputWrong(
                "That is more than fits into one such file. Nothing was made; take everything along in one file"
                " instead."
            )
    signature = own.sign(digest.digest()).hex()
    pieces.append(packer.compress(json.dumps({"signature": signature}).encode() + b"\n"))
    front = MAGIC + bytes((VERSION,)) + salt
    return front + seal.seal(b"".join([*pieces, packer.flush()]), public, info=INFO, aad=front)


def salt_of(data: bytes) -> bytes:
    """The salt of a file. Raises InputWrong when it is none, of another version, or too large."""
    if len(data) > FILE_BYTES_MAX:
        raise InputWrong("That file is larger than any such file can be. Nothing was changed; look for the right one.")
    if not data.startswith(MAGIC) or len(data) <= FRONT_BYTES:
        raise InputWrong("That is no file of somebody who moves. Nothing was changed; look for the right one.")
    version = data[len(MAGIC)]
    if version > VERSION:
        raise InputWrong("A newer program wrote that file. Nothing was changed; update this hub, then open it again.")
    if version < VERSION:
        raise InputWrong("An older program wrote that file. Nothing was changed; have it made anew at the other hub.")
    return data[len(MAGIC) + 1 : FRONT_BYTES]


def opened(data: bytes, code: str) -> Read:
    """What a file says. Raises InputWrong: not a file, a wrong code, or not as the hub that is named in it wrote it."""
    salt = salt_of(data)
    secret = credentials.stretched(checked_code(code), salt)
    try:
        packed = seal.unseal(data[FRONT_BYTES:], secret, info=INFO, aad=data[:FRONT_BYTES])
    except SyncError:
        raise InputWrong(
            "The code does not open this file, or the file was cut. Nothing was changed; look at both again."
        ) from None
    try:
        return _read(packed)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, SyncError, zlib.error):
        raise InputWrong(
            "That file is not as a hub writes it. Nothing was changed; have it made anew at the other hub."
        ) from None


def _read(packed: bytes) -> Read:
    unpacker = zlib.decompressobj()
    raw = unpacker.decompress(packed, UNPACKED_BYTES_MAX)
    if not unpacker.eof:
        raise ValueError("too large, or cut")
    *lines, last = raw.splitlines(keepends=True)
    if not 1 <= len(lines) <= LINES_MAX:
        raise ValueError("too many")
    head, *statements = map(json.loads, lines)
    identity.verify(head["hub"], hashlib.sha256(b"".join(lines)).digest(), bytes.fromhex(json.loads(last)["signature"]))
    return Read(head, tuple(statements))
