"""An entry: one fact of a kind, with the time its writer claims. Its bytes are kept as they were first written.

    statement 1 1764000000000 0 2 0123456789abcdef 86400000
    {"id": …}

The first line is kind, version of the kind, time (ms since 1970), depth, quality of the clock, boot and milliseconds
since boot; the payload follows, any bytes. A later program may put more words at the end of the first line.
"""

import re
from dataclasses import dataclass

from sync.errors import EntryWrong

ENTRY_BYTES_MAX = 64 * 1024
TIME_MIN_MS, TIME_MAX_MS = -62_135_596_800_000, 253_402_300_799_999
"""The years 1 to 9999."""

_LINE = re.compile(
    rb"([a-z][a-z0-9.-]{0,39}) (\d{1,4}) (-?\d{1,15}) (\d{1,9}) ([0-3]) ([0-9a-z]{1,32}|-) (\d{1,15})( [ -~]{1,200})?\n"
)


@dataclass(frozen=True)
class Entry:
    """One fact. `depth` counts the changes that its writer had seen of the same record; see docs of registers."""

    kind: str
    payload: bytes
    at_ms: int
    depth: int = 0
    version: int = 1
    quality: int = 0
    boot_id: str = ""
    mono_ms: int = 0


def encode(entry: Entry) -> bytes:
    """The bytes of a new entry. Raises EntryWrong when they could not be read back."""
    line = (
        f"{entry.kind} {entry.version} {entry.at_ms} {entry.depth} {entry.quality}"
        f" {entry.boot_id or '-'} {entry.mono_ms}\n"
    )
    raw = line.encode() + entry.payload
    _matched(raw)
    return raw


def decode(raw: bytes) -> Entry:
    """Read an entry. Raises EntryWrong."""
    found = _matched(raw)
    kind, version, at_ms, depth, quality, boot, mono = found.groups()[:7]
    return Entry(
        kind=kind.decode(),
        payload=raw[found.end() :],
        at_ms=int(at_ms),
        depth=int(depth),
        version=int(version),
        quality=int(quality),
        boot_id="" if boot == b"-" else boot.decode(),
        mono_ms=int(mono),
    )


def _matched(raw: bytes) -> re.Match[bytes]:
    """The parts of an entry's first line. Raises EntryWrong."""
    if len(raw) > ENTRY_BYTES_MAX:
        raise EntryWrong(f"A record of {len(raw)} bytes is more than the {ENTRY_BYTES_MAX} that fit; it was not kept.")
    found = _LINE.match(raw)
    if found is None:
        raise EntryWrong("The first line of a record is not as it must be; it was not kept.")
    if not TIME_MIN_MS <= int(found[3]) <= TIME_MAX_MS:
        raise EntryWrong("The time of a record is outside the years 1 to 9999; it was not kept.")
    return found
