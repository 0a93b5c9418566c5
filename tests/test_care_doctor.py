"""The doctor: a sentence for everything that can go wrong, and exit status 1 when somebody has to act."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from content.starter import packages, stage
from hub import library
from hub.care import doctor
from hub.care.doctor import Check
from hub.config import keep
from hub.node import Node
from tests.fixtures.care import fill


@pytest.fixture
def examined(node: Node) -> Callable[..., dict[str, Check]]:
    """A function that looks at the node's home and returns the worst check of each name."""

    def look(**options: object) -> dict[str, Check]:
        if node.settings.database:
            keep(node.home, {"database": node.settings.database})
        checks = doctor.examine(node.home, hear_s=0, **options)  # type: ignore[arg-type]
        order = [doctor.GOOD, doctor.NOTE, doctor.BAD]
        return {check.name: check for check in sorted(checks, key=lambda check: order.index(check.state))}

    return look


def test_a_hub_in_order_is_well(node: Node, examined: Callable[..., dict[str, Check]]) -> None:
    """Nothing is bad, and everything was looked at."""
    fill(node)
    found = examined()
    assert doctor.is_well(list(found.values()))
    names = {"version", "settings", "keys", "disk", "backup", "clock", "jobs", "database", "journal", "shelf", "heard"}
    assert names < found.keys()


def test_a_changed_entry_is_found(node: Node, examined: Callable[..., dict[str, Check]]) -> None:
    """Somebody who rewrites history in the database is found by the running hash."""
    fill(node)
    marker = node.database.param
    node.database.execute_sql(f"UPDATE journal_entry SET raw = {marker} WHERE seq = 3", (b"other",))
    assert "is damaged at entry 3 of 5" in examined()["journal"].says


def test_a_missing_entry_is_found(node: Node, examined: Callable[..., dict[str, Check]]) -> None:
    """A hole in a stream is found too."""
    fill(node)
    node.database.execute_sql("DELETE FROM journal_entry WHERE seq = 2")
    assert examined()["journal"].state == doctor.BAD


def test_a_lost_tail_is_found(node: Node, examined: Callable[..., dict[str, Check]]) -> None:
    """A stream whose last entry is gone does not pass for a shorter one."""
    fill(node)
    node.database.execute_sql("DELETE FROM journal_entry WHERE seq = 5")
    assert "damaged at entry 5 of 5" in examined()["journal"].says


def test_keys_that_others_can_read_are_bad(node: Node, examined: Callable[..., dict[str, Check]]) -> None:
    """The sentence says which and what to do."""
    (node.home / "keys" / "hub").chmod(0o644)
    assert "Others can read hub; say: chmod" in examined()["keys"].says


def test_a_full_disk_is_bad(make_node: Callable[..., Node]) -> None:
    """When imports would be refused, somebody has to act."""
    node = make_node()
    keep(node.home, {"free_reserve": str(2**40), "database": node.settings.database})
    found = [check for check in doctor.examine(node.home, hear_s=0) if check.name == "disk"]
    assert (found[0].state, doctor.is_well(found)) == (doctor.BAD, False)


def test_a_damaged_file_is_found_by_looking_deep(
    node: Node, examined: Callable[..., dict[str, Check]], tmp_path: Path
) -> None:
    """Without deep only the list is read; with it every byte."""
    starter = packages()[0]
    library.add(node, source=stage(starter, tmp_path / "staged" / starter.id))
    manifest = node.shelf.list()[0]
    blob = node.shelf.blob_path(next(iter(manifest.files.values())).sha256)
    blob.write_bytes(b"!" * blob.stat().st_size)
    assert (examined()["shelf"].state, examined(deep=True)["shelf"].state) == (doctor.GOOD, doctor.BAD)


def test_a_damaged_manifest_is_found_without_looking_deep(
    node: Node, examined: Callable[..., dict[str, Check]], tmp_path: Path
) -> None:
    """A package that pages leave out is never called good."""
    starter = packages()[0]
    library.add(node, source=stage(starter, tmp_path / "staged" / starter.id))
    (node.home / "blobs" / "packages" / f"{starter.id}.json").write_text("{}", encoding="utf-8")
    found = examined()["shelf"]
    assert (found.state, found.says) == (
        doctor.BAD,
        f"The manifest of {starter.id} is damaged; add the package again.",
    )


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda home: (home / "settings.toml").write_text("prot = 1"), "no setting called 'prot'"),
        (lambda home: (home / "keys" / "hub").write_bytes(b"x"), "key .* is damaged"),
        (lambda home: (home / "keys").rename(home / "gone"), "There is no hub in"),
    ],
    ids=["settings", "key", "home"],
)
def test_a_hub_that_cannot_open_is_explained(node: Node, spoil: Callable[[Path], object], sentence: str) -> None:
    """What keeps a hub from starting is one sentence, not a trace."""
    node.close()
    spoil(node.home)
    assert re.search(sentence, doctor.examine(node.home, hear_s=0)[-1].says)
