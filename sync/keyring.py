"""The keys that others seal to for a hub: a new one each year; the one before lives half a year more.

What was sealed to a destroyed key opens nowhere, so copies that nobody can reach, on lost sticks and old phones, come
to an end. The keys lie beside the hub's own key, never in a database or a backup of it. A clock that nothing keeps
begins and destroys nothing; one that leaps makes a key early, and what was replaced lives half a year by it.
"""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from sync import seal
from sync.clock import MACHINE
from sync.errors import SealWrong
from sync.identity import alone, replace_file

NAME = "sealing"
YEAR_MS = 365 * 86_400_000
GRACE_MS = YEAR_MS // 2
HINT_BYTES = 8


@dataclass(frozen=True)
class SealingKey:
    """One key; `left_ms` is when a newer one took its place, 0 for the newest."""

    secret: bytes
    made_ms: int
    left_ms: int = 0

    @property
    def public(self) -> bytes:
        """What others seal to, 32 bytes."""
        return seal.public_key(self.secret)


@dataclass(frozen=True)
class Keyring:
    """All keys that are not destroyed, the newest last; there is always one."""

    keys: tuple[SealingKey, ...]

    @property
    def public(self) -> bytes:
        """What others should seal to."""
        return self.keys[-1].public

    def secret(self, hint: bytes) -> bytes:
        """The secret of the key that a hint names. Raises SealWrong when it is destroyed, or never was."""
        found = next((each for each in self.keys if hint_of(each.public) == hint), None)
        if found is None:
            raise SealWrong(
                "This was sealed to a key that this hub does not have any more. Nothing was taken;"
                " ask for a new one, once the other hub has this hub's news."
            )
        return found.secret


def hint_of(public: bytes) -> bytes:
    """Eight bytes that tell keys apart, and tell nobody who cannot compare whose they are."""
    return hashlib.sha256(b"mangrove sealing 1" + public).digest()[:HINT_BYTES]


def begun(now_ms: int, randomness: Callable[[int], bytes]) -> Keyring:
    """A ring with its first key."""
    return Keyring((SealingKey(randomness(seal.KEY_BYTES), now_ms),))


def turned(ring: Keyring, *, now_ms: int, quality: int, randomness: Callable[[int], bytes]) -> Keyring:
    """The ring as it is to be now: a new key after a year, those replaced half a year ago gone; else the same."""
    if quality < MACHINE:
        return ring
    keys = [replace(each, made_ms=min(each.made_ms, now_ms), left_ms=min(each.left_ms, now_ms)) for each in ring.keys]
    if now_ms - keys[-1].made_ms >= YEAR_MS:
        keys = [*keys[:-1], replace(keys[-1], left_ms=now_ms), SealingKey(randomness(seal.KEY_BYTES), now_ms)]
    return Keyring(tuple(each for each in keys if not each.left_ms or now_ms - each.left_ms < GRACE_MS))


def load(folder: Path) -> Keyring | None:
    """The ring that lies in a folder; None when there is none, or it cannot be read."""
    try:
        told = json.loads((folder / NAME).read_bytes())
        keys = tuple(SealingKey(bytes.fromhex(secret), int(made), int(left)) for secret, made, left in told)
    except (OSError, ValueError, TypeError):
        return None
    return Keyring(keys) if keys and all(len(each.secret) == seal.KEY_BYTES for each in keys) else None


def current(folder: Path, *, now_ms: int, quality: int, randomness: Callable[[int], bytes] = os.urandom) -> Keyring:
    """The ring in a folder as it is to be now, kept there; made when there is none. One process does it at a time."""
    with alone(folder) as handle:
        standing = load(folder)
        wanted = turned(standing or begun(now_ms, randomness), now_ms=now_ms, quality=quality, randomness=randomness)
        if wanted != standing:
            told = [[each.secret.hex(), each.made_ms, each.left_ms] for each in wanted.keys]
            replace_file(folder / NAME, json.dumps(told).encode(), handle)
    return wanted
