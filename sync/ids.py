"""Identifiers: random ones for new things, and those cut from a hash for entries."""

import uuid
from collections.abc import Callable


def new_id(randomness: Callable[[int], bytes]) -> str:
    """A random identifier: a UUID of version 4 as text."""
    return str(uuid.UUID(bytes=randomness(16), version=4))


def cut_id(running_hash: bytes) -> str:
    """The identifier of the entry at which a stream had this running hash: a UUID of version 8 as text.

    Both sides compute it, so it costs nothing on the line, and it differs on the two sides of a fork.
    """
    digits = running_hash[:16].hex()
    variant = "89ab"[running_hash[8] >> 4 & 3]
    return f"{digits[:8]}-{digits[8:12]}-8{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
