"""Golden bytes of bundles of version 1, kept for ever: sticks lie in drawers, and every later program reads them.

Sealing draws a key by chance each time, so the golden part is one that was sealed once, with the secret that opens it.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from sync import batch as batches
from sync import part, seal
from sync.identity import Identity
from sync.keyring import Keyring, SealingKey, hint_of
from sync.part import Cover
from sync.protocol import Position
from sync.standing import Receipt, Standing

SENDER, RECIPIENT = Identity(b"\1" * 32), Identity(b"\2" * 32)


@pytest.fixture(scope="module")
def golden() -> dict[str, Any]:
    """The file."""
    found: dict[str, str] = json.loads((Path(__file__).parent / "golden" / "bundle-1.json").read_text())
    return {name: value if name in ("bundle", "answered") else bytes.fromhex(value) for name, value in found.items()}


@pytest.fixture(scope="module")
def position() -> Position:
    """The position that the receipt speaks of."""
    found = json.loads((Path(__file__).parent / "golden" / "sync-1.json").read_text())
    return Position(found["root"], 300, bytes(range(16, 32)))


def test_a_part_is_opened(golden: dict[str, Any], position: Position) -> None:
    """Its cover, its receipt and its records, as they were written by the first release."""
    assert seal.public_key(golden["sealing secret"]) == golden["sealing public"]
    ring = Keyring((SealingKey(golden["sealing secret"], 0),))
    note = part.note(SENDER, golden["answered"])
    cover = Cover(RECIPIENT.hub_id, golden["bundle"], 1, True, hint_of(golden["sealing public"]), (note,), 7)
    found = part.read(RECIPIENT, ring, golden["part"])
    assert (found.cover, found.cover.packed()) == (cover, golden["cover"])
    assert (found.sender, found.now_ms, found.quality) == (SENDER.hub_id, 1_764_000_000_000, 2)
    assert found.receipt == Receipt((golden["answered"],), (position,))
    assert [batches.read(each.data).last for each in found.batches] == [3]


def test_receipts_notes_and_standings_have_the_same_bytes(golden: dict[str, Any], position: Position) -> None:
    """Written and read as they were."""
    receipt = Receipt((golden["answered"],), (position,))
    assert receipt.packed() == golden["receipt"]
    assert part.note(RECIPIENT, golden["bundle"]).packed() == golden["delivered"]
    standing = Standing().with_bundle(golden["bundle"]).with_exchange([position])
    assert standing.packed() == golden["standing"] and Standing.read(golden["standing"]) == standing
