"""Identifiers: random ones are UUIDs of version 4, those of entries of version 8."""

import uuid

from hypothesis import given
from hypothesis import strategies as some

from sync.ids import cut_id, new_id


@given(some.binary(min_size=16, max_size=16))
def test_a_random_id_is_a_uuid_of_version_4(drawn: bytes) -> None:
    """Whatever was drawn, version and variant are right."""
    made = uuid.UUID(new_id(lambda size: drawn[:size]))
    assert (made.version, made.variant) == (4, uuid.RFC_4122)


@given(some.binary(min_size=32, max_size=32))
def test_an_entrys_id_is_a_uuid_of_version_8_cut_from_its_hash(running: bytes) -> None:
    """All bits but those of version and variant are the hash's."""
    made = uuid.UUID(cut_id(running))
    assert ((made.int >> 76) & 0xF, made.variant) == (8, uuid.RFC_4122)
    kept = ~(0xF << 76 | 0x3 << 62)
    assert made.int & kept == int.from_bytes(running[:16], "big") & kept
