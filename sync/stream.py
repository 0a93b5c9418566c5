"""A stream: entries numbered 1, 2, 3 … of one hub for one audience, bound together by a running hash.

    h(0) = SHA-256("mangrove stream 1", stream)
    h(n) = SHA-256(h(n-1), n, SHA-256(salt(n), entry n))      salt(n) = HMAC-SHA-256(seed of n's block, n)

The salt allows an entry's bytes to be erased later while its place in the chain stays provable: nobody can guess a
short payload from its hash once the seed is gone. Of a block whose seed is gone each entry has a **mark**: its salt, or
for an erased one, whose bytes are empty, the hash of salt and entry. A hub signs the hash at some number, and so
everything before it.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sync import identity
from sync.entry import Entry
from sync.errors import EntryWrong

BLOCK = 256
"""Entries that share one seed."""
SEED_BYTES = 16
STREAM_BYTES = 16
HASH_BYTES = 32
SEQ_MAX = 2**53
OPEN = "stream.open"
"""The kind of a stream's first entry."""
LOCAL = "local"
AUDIENCE = re.compile(r"[a-z]{1,20}(:[a-z2-7]{52})?")
Row = tuple[int, bytes, bytes]
"""Number, running hash and bytes of an entry; none of one that was erased."""
Beside = Mapping[str, Sequence[str]]
"""Audience → names of streams."""
NOTHING_BESIDE: Beside = MappingProxyType({})
NO_MARKS: Mapping[int, bytes] = MappingProxyType({})
LEAVES_MAX = 300
"""Streams that a clone may have written last, one for each audience."""
_PLAIN = ("hub", "audience", "incarnation", "predecessor", "reason")
"""What every opening says."""
_ORIGIN = b"mangrove stream 1"
_HEAD = b"mangrove head 1"
_ERASED = b"mangrove erased 1"


@dataclass(frozen=True)
class Clone:
    """From which hub another one was cloned, and which of its streams the clone had written last (`leaves`).

    `proof` is that hub's signature in hex: who says so had its key.
    """

    hub: str
    leaves: tuple[str, ...]
    proof: str


@dataclass(frozen=True)
class Opening:
    """What the first entry of a stream says: whose it is, for whom, and which streams it goes on from.

    `predecessor` is where the stream before it ended (name, number and hash with colons between), and behind it, each
    after a space, the names of others that are joined to it (`sync.clone`).
    """

    hub: str
    audience: str
    incarnation: int
    predecessor: str = ""
    reason: str = ""
    cloned_from: Clone | None = None


def origin(stream: str) -> bytes:
    """The running hash before the first entry."""
    return hashlib.sha256(_ORIGIN + bytes.fromhex(stream)).digest()


def block_of(seq: int) -> int:
    """The block that the entry with this number belongs to."""
    return (seq - 1) // BLOCK


def begins_block(seq: int) -> bool:
    """Whether the entry with this number is the first of its block."""
    return seq % BLOCK == 1


def step(before: bytes, seq: int, seed: bytes, raw: bytes) -> bytes:
    """The running hash after one more entry."""
    number = seq.to_bytes(8, "big")
    salt = hmac.digest(seed, number, "sha256")
    return hashlib.sha256(before + number + hashlib.sha256(salt + raw).digest()).digest()


def marked_step(before: bytes, seq: int, mark: bytes, raw: bytes) -> bytes:
    """The same for an entry that has a mark."""
    return hashlib.sha256(before + seq.to_bytes(8, "big") + (leaf(mark, raw) if raw else mark)).digest()


def salt_of(seed: bytes, seq: int) -> bytes:
    """The salt of an entry, from the seed of its block."""
    return hmac.digest(seed, seq.to_bytes(8, "big"), "sha256")


def leaf(salt: bytes, raw: bytes) -> bytes:
    """What stands for an entry in the chain, and stays when its bytes go."""
    return hashlib.sha256(salt + raw).digest()


def chain(
    first: int,
    before: bytes,
    seeds: Mapping[int, bytes],
    raws: Iterable[bytes],
    marks: Mapping[int, bytes] = NO_MARKS,
) -> tuple[Row, ...]:
    """Number entries from `first` on and compute the running hash after each; `seeds` are by block, `marks` by number.

    Raises KeyError for an entry that has neither.
    """
    rows, running = [], before
    for seq, raw in enumerate(raws, first):
        mark = marks.get(seq)
        running = (
            step(running, seq, seeds[block_of(seq)], raw) if mark is None else marked_step(running, seq, mark, raw)
        )
        rows.append((seq, running, raw))
    return tuple(rows)


def head_message(stream: str, seq: int, head: bytes) -> bytes:
    """What the owner of a stream signs to vouch for all of it up to `seq`."""
    return _HEAD + bytes.fromhex(stream) + seq.to_bytes(8, "big") + head


def verify_head(hub: str, stream: str, seq: int, head: bytes, signature: bytes) -> None:
    """Raises SignatureWrong unless the hub vouches for this head."""
    identity.verify(hub, head_message(stream, seq, head), signature)


def erased_message(stream: str, seq: int, head: bytes) -> bytes:
    """What the owner of a stream signs to have the entry erased after which the running hash is `head`."""
    return _ERASED + bytes.fromhex(stream) + seq.to_bytes(8, "big") + head


def opening_payload(opening: Opening) -> bytes:
    """The payload of a stream's first entry."""
    said = {name: getattr(opening, name) for name in _PLAIN}
    if opening.cloned_from is not None:
        said["cloned-from"] = vars(opening.cloned_from)
    return json.dumps(said, separators=(",", ":")).encode()


def goes_on_from(predecessor: str) -> set[str]:
    """The names of the streams that one goes on from."""
    return {end.partition(":")[0] for end in predecessor.split()}


def read_opening(entry: Entry) -> Opening:
    """What a stream's first entry says. Raises EntryWrong when it does not say it."""
    try:
        if entry.kind != OPEN:
            raise ValueError
        found = json.loads(entry.payload)
        clone = _read_clone(found["cloned-from"]) if "cloned-from" in found else None
        opening = Opening(**{name: found[name] for name in _PLAIN}, cloned_from=clone)
        _check(opening)
    except (ValueError, TypeError, KeyError, RecursionError):
        raise EntryWrong("A stream does not begin by saying whose it is; nothing of it was taken.") from None
    return opening


def _read_clone(found: Any) -> Clone:
    leaves = found["leaves"]
    texts = [found["hub"], found["proof"], *leaves]
    if type(leaves) is not list or len(leaves) > LEAVES_MAX or any(type(text) is not str for text in texts):
        raise ValueError
    return Clone(found["hub"], tuple(leaves), found["proof"])


def _check(opening: Opening) -> None:
    texts: list[Any] = [opening.hub, opening.audience, opening.predecessor, opening.reason]
    is_text = all(isinstance(text, str) and len(text) <= 200 for text in texts)
    is_counted = type(opening.incarnation) is int and 1 <= opening.incarnation < 2**31
    if not (is_text and is_counted and AUDIENCE.fullmatch(opening.audience)):
        raise ValueError
