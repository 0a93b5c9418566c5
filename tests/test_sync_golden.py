"""Golden batches and bundles: what a release wrote, every later one reads, takes and shows.

They lie in `tests/golden/`; `python -m tests.golden` makes those of a version that has none.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from sync import batch as batches
from tests.fixtures.bundles import Post
from tests.fixtures.golden import FOLDER, file_of, holder
from tests.fixtures.sync_hub import BareHub, MakeHub, befriend

FILES = sorted(FOLDER.glob("tide-*.json"))


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def golden(request: pytest.FixtureRequest) -> dict[str, Any]:
    """One file."""
    path: Path = request.param
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.fixture
def region(make_hub: MakeHub) -> BareHub:
    """The hub that they were written for, with nothing in it."""
    made = make_hub("golden region")
    befriend(make_hub("golden hub"), made)
    assert made.identity.hub_id == holder().identity.hub_id
    return made


def test_each_version_that_is_written_has_its_file() -> None:
    """Whoever makes a new version makes its golden file, and leaves the others where they are."""
    assert {batches.VERSION, batches.MARKED} == {batches.MARKED - 1, batches.MARKED}
    assert [file_of(version) for version in range(1, batches.MARKED + 1)] == FILES


def test_a_golden_batch_is_taken(golden: dict[str, Any], region: BareHub) -> None:
    """All that it says is there; what was erased is not."""
    batch = batches.read(bytes.fromhex(golden["batch"]))
    assert bytes.fromhex(golden["batch"])[0] == golden["version"]
    assert region.journal.apply(batch) == len(batch.rows)
    assert region.texts("region") == golden["texts"]


def test_a_golden_part_of_a_bundle_is_taken(golden: dict[str, Any], region: BareHub) -> None:
    """A stick that lay in a drawer is opened and read."""
    came = Post(region).take(bytes.fromhex(golden["part"]))
    assert (came.opened, came.need) == (1, None)
    assert region.texts("region") == golden["texts"]
