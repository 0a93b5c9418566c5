"""Golden bytes of version 2, in which something is erased, kept for ever beside those of version 1.

The file is never edited: hubs in the field wrote such batches, and such rows lie in their journals.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from sync import batch as batches
from sync import erasing, runs, stream
from sync.erasing import Erasure
from tests.test_sync_vectors import CLIENT


@pytest.fixture(scope="module")
def golden() -> dict[str, Any]:
    """The file."""
    found: dict[str, Any] = json.loads((Path(__file__).parent / "golden" / "sync-2.json").read_text())
    return found


@pytest.fixture(scope="module")
def rows(golden: dict[str, Any]) -> list[stream.Row]:
    """The entries of the file, the second one erased."""
    raws = [bytes.fromhex(raw) for raw in golden["entries"]]
    hashes = [bytes.fromhex(each) for each in golden["hashes"]]
    return [(1, hashes[0], raws[0]), (2, hashes[1], b""), (3, hashes[2], raws[2])]


def test_a_batch_with_something_erased_is_read(golden: dict[str, Any], rows: list[stream.Row]) -> None:
    """Written by the first release that erases, read by this one."""
    batch = batches.read(bytes.fromhex(golden["batch"]))
    assert (batch.hub, batch.root, list(batch.rows)) == (CLIENT.hub_id, golden["root"], rows)
    assert [batch.marks[seq].hex() for seq in (1, 2, 3)] == golden["marks"]
    assert batch.erased == {2: bytes.fromhex(golden["signature"])}


def test_the_owner_signs_the_same(golden: dict[str, Any], rows: list[stream.Row]) -> None:
    """An entry's place and its running hash."""
    assert CLIENT.sign(stream.erased_message(golden["root"], 2, rows[1][1])).hex() == golden["signature"]


def test_a_row_of_the_journal_is_read(golden: dict[str, Any], rows: list[stream.Row]) -> None:
    """A run with marks."""
    assert list(runs.unpack(bytes.fromhex(golden["run"]), golden["root"], 3).rows()) == rows


def test_an_erasure_is_written_and_read(golden: dict[str, Any]) -> None:
    """The same bytes, and the same wish in them."""
    wish = Erasure(golden["root"], ((2, bytes.fromhex(golden["signature"])),), (b"k" * 32,))
    assert wish.payload().hex() == golden["erase"]
    assert erasing.read(wish.payload()) == wish
