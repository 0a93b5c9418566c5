"""The way back of a stick: receipts that stand beside each other, and bundles that came where they were to go."""

from collections.abc import Callable
from pathlib import Path

from hub.node import Node
from hub.tide import stick_files, stick_in, stick_out
from tests.fixtures import tide
from tests.fixtures.mules import coast, meet, named, village

__all__ = ["coast", "village"]


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
