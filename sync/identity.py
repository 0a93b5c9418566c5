"""Who a hub is: an Ed25519 key. The public key is the hub's name; the private one lies beside, never in, the database.

Beside the key lies a small file of high-water marks: the last number of each of the hub's own streams that was shown to
somebody. It is not in a backup of the database, so an older database that comes back can tell that it is older.
"""

import base64
import contextlib
import fcntl
import json
import os
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sync.errors import KeyUnreadable, SignatureWrong

KEY_NAME = "hub"
MARKS_NAME = "high-water"
SEED_BYTES = 32
KEY_BYTES = 32
SIGNATURE_BYTES = 64
HUB_ID = re.compile(r"[a-z2-7]{51}[aq]")
"""52 letters of base32 hold 32 bytes; the last one carries a single bit."""

_WEAK = frozenset(
    bytes.fromhex(key)
    for key in (
        "00" * 32,
        "01" + "00" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
    )
)
"""Points of small order, without their sign: anybody can make signatures that fit such a key."""


class Identity:
    """A hub's key and its high-water marks. Without a folder both live in memory only."""

    def __init__(self, seed: bytes, folder: Path | None = None) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self._folder = folder
        self._marks: dict[str, int] = {}
        self._marking = threading.Lock()
        self.hub_id = hub_name(self._key.public_key().public_bytes_raw())

    @classmethod
    def load(cls, folder: Path) -> "Identity":
        """The identity whose key lies in `folder`. Raises KeyUnreadable; a lost key is never made anew here."""
        return cls(read_key(folder / KEY_NAME, SEED_BYTES), folder)

    @classmethod
    def load_or_create(cls, folder: Path, randomness: Callable[[int], bytes] = os.urandom) -> "Identity":
        """The identity whose key lies in `folder`, made if there is none: for a new hub. Raises KeyUnreadable."""
        make_key(folder / KEY_NAME, SEED_BYTES, randomness)
        return cls.load(folder)

    def sign(self, message: bytes) -> bytes:
        """The signature of `message`, 64 bytes."""
        return self._key.sign(message)

    def marks(self) -> dict[str, int]:
        """Stream → the last number of it that was shown to somebody. A damaged file marks nothing."""
        if self._folder is None:
            return dict(self._marks)
        with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
            found = json.loads((self._folder / MARKS_NAME).read_text(encoding="utf-8"))
            return {str(stream): int(seq) for stream, seq in found.items()}
        return {}

    def mark(self, stream: str, seq: int) -> None:
        """Note that entries of our own up to `seq` are about to be shown to somebody. Marks only rise."""
        with self._marking:
            if self._folder is None:
                self._marks = _raised(self._marks, stream, seq)
                return
            with alone(self._folder) as folder:
                standing = self.marks()
                marks = _raised(standing, stream, seq)
                if marks != standing:
                    replace_file(self._folder / MARKS_NAME, json.dumps(marks).encode(), folder)

    def forget_marks(self) -> None:
        """Drop all marks: the streams they name have been left."""
        with self._marking:
            self._marks = {}
            if self._folder is not None:
                with alone(self._folder):
                    (self._folder / MARKS_NAME).unlink(missing_ok=True)


def read_key(path: Path, size: int) -> bytes:
    """The secret of `size` bytes in a file. Raises KeyUnreadable when it is away or of another size."""
    try:
        found = path.read_bytes()
    except OSError as mistake:
        raise KeyUnreadable(
            f"The key {path} cannot be read ({mistake.strerror}). Nothing was changed; put the file back from the copy"
            " of the keys folder."
        ) from None
    if len(found) != size:
        raise KeyUnreadable(
            f"The key {path} is damaged. Nothing was changed; put the file back from the copy of the keys folder."
        )
    return found


def make_key(path: Path, size: int, randomness: Callable[[int], bytes] = os.urandom) -> None:
    """Make a secret of `size` bytes that only its owner can read, unless there is one: whole or not at all."""
    if path.exists():
        return
    content = randomness(size)
    with alone(path.parent) as folder:
        if not path.exists():
            replace_file(path, content, folder)


def hub_name(public_key: bytes) -> str:
    """The hub id of a public key: its 32 bytes in lower-case base32."""
    return base64.b32encode(public_key).decode().rstrip("=").lower()


def public_key(hub_id: str) -> bytes:
    """The public key that a hub id spells. Raises SignatureWrong when it spells none."""
    key = base64.b32decode(hub_id.upper() + "====") if HUB_ID.fullmatch(hub_id) else b""
    if not key or key[:-1] + bytes((key[-1] & 0x7F,)) in _WEAK:
        raise SignatureWrong("That is not the id of a hub; nothing was taken.")
    return key


def verify(hub_id: str, message: bytes, signature: bytes) -> None:
    """Raises SignatureWrong unless `signature` over `message` is of that hub."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key(hub_id)).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise SignatureWrong("The signature is not of the hub that it claims; nothing was taken.") from None


def _raised(marks: dict[str, int], stream: str, seq: int) -> dict[str, int]:
    """The marks with one of them at least at `seq`."""
    return {**marks, stream: max(seq, marks.get(stream, 0))}


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[int]:
    """Hold a folder's lock: one thread of one process at a time changes what lies there. Yields the open folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def replace_file(path: Path, content: bytes, folder: int) -> None:
    """Put a private file in place, safe from a power cut. Only inside `alone`, which gave the open folder."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    os.fsync(folder)
