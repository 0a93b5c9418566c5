"""The way back of a stick: receipts that stand beside each other, and bundles that came where they were to go."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.node import Node
from hub.tide import carried, stick_files, stick_in, stick_out
from tests.fixtures import tide
from tests.fixtures.mules import coast, meet, named, village

__all__ = ["coast", "village"]


@pytest.fixture
def mule(make_node: Callable[..., Node], village: Node, coast: Node) -> Node:
    """A neighbour of both."""
    made = named(make_node("mule"), "River bend")
    for other in (coast, village):
        tide.joined(made, other, "http://127.0.0.1:9")
        meet(made, other)
    return made


@pytest.fixture
def stick(village: Node, coast: Node, mule: Node, tmp_path: Path) -> Path:
    """A stick on its way back: the mule carried the village's bundle to the region, and the region took it in."""
    made = tmp_path / "stick"
    made.mkdir()
    tide.learn(village, first=1, count=9)
    stick_out.export(village, hub="Coast", to=made)
    shutil.copy(made / "Coast.tide", tmp_path / "village's own.tide")
    assert stick_in.take_in(mule, made).carried == 1
    (made / "Coast.tide").unlink()
    assert stick_out.export(mule, hub="Coast", to=made).carried == 1
    assert stick_in.take_in(coast, made).names == ["River bend", "Alder hill"]
    return made


@pytest.mark.parametrize("name", ["Alder hill.receipt.tide", "zz.tide"])
def test_a_bundle_that_was_delivered_is_not_carried_again(mule: Node, coast: Node, stick: Path, name: str) -> None:
    """Nor is it a mistake that it lies there, or the mule's own: a receipt says that both came, whatever its name."""
    (stick / "Alder hill.receipt.tide").rename(stick / name)
    made = stick_in.take_in(mule, stick)
    assert (made.problems, made.carried, made.delivered) == ([], 1, 2)
    assert [each.name for each in carried.carried(mule)] == ["Alder hill"]
    assert stick_out.plan(mule, stick_out.peers.find(mule, "Coast")).carried_parts == 0  # type: ignore[attr-defined]
    assert "2 parts have come to their hubs already" in stick_in.told(made)


def test_it_is_not_carried_again_without_the_receipt(mule: Node, stick: Path) -> None:
    """Somebody deletes the receipts and leaves the bundle; the mule has heard it once."""
    stick_in.take_in(mule, stick)
    for each in stick.glob("*.receipt.tide"):
        each.unlink()
    made = stick_in.take_in(mule, stick)
    assert (made.problems, made.carried, made.delivered) == ([], 0, 2)


def test_the_sender_hears_that_its_own_came(village: Node, stick: Path, tmp_path: Path) -> None:
    """With the receipt beside it, and later alone; before that it is said to be carried there."""
    own = tmp_path / "village's own.tide"
    assert "carry it there" in stick_in.take_in(village, own).problems[0]
    shutil.copy(own, stick / "Coast.tide")
    (stick / "River bend.receipt.tide").unlink()
    made = stick_in.take_in(village, stick)
    assert (made.problems, made.receipts, made.delivered) == ([], 1, 1)
    assert stick_in.take_in(village, own).problems == []


def test_a_receipt_that_waits_to_be_carried_is_no_mistake(coast: Node, stick: Path) -> None:
    """Who wrote it takes the stick in again."""
    (stick / "Coast.tide").unlink()
    made = stick_in.take_in(coast, stick)
    assert made.problems == [] and str(stick_in.told(made)).startswith("Nothing here is for this hub")


def test_receipts_for_two_hubs_of_one_name_stand_beside_each_other(
    coast: Node, make_node: Callable[..., Node], tmp_path: Path
) -> None:
    """Each gets its own, and once more over its own; the name is one that every stick takes."""
    name = 'Birch bay: "the\u200d bay"?'
    for number in (1, 2):
        hub = named(make_node(f"birch{number}"), name)
        tide.joined(hub, coast, "http://127.0.0.1:9")
        meet(hub, coast)
        tide.learn(hub, first=1, count=2)
        stick_out.export(hub, hub="Coast", to=tmp_path)
    for _ in range(2):
        assert len(stick_in.take_in(coast, tmp_path).hubs) == 2
        found = sorted(tmp_path.glob("*.receipt.tide"))
        assert [each.name for each in found] == [
            "Birch bay the bay (2).receipt.tide",
            "Birch bay the bay.receipt.tide",
        ]
        assert len({stick_files.recipient(each) for each in found}) == 2
