"""Records under one id that say different things: each thing that was said is listed, with the first place of it.

Which of them counts is another matter; the rest is in quarantine: kept in the journal, in no count, and shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from hub.tables import Tables, put


@dataclass(frozen=True)
class Said:
    """What one record says, as a digest, and where it stands."""

    digest: str
    hub: str
    stream: str
    seq: int


def met(tables: Tables, name: str, both: Iterable[Said]) -> None:
    """Two records of one id have met: list what they say when that differs, or when others of it differed before."""
    listed = list(both)
    differ = len({each.digest for each in listed}) > 1
    if not differ and not tables.Twin.select().where(tables.Twin.name == name).exists():
        return
    for each in listed:
        key = f"{name} {each.digest}"
        known = tables.Twin.get_or_none(tables.Twin.id == key)
        if known is None or (each.stream, each.seq) < (known.stream, known.seq):
            put(tables.Twin, id=key, name=name, hub=each.hub, stream=each.stream, seq=each.seq)
