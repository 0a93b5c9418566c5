"""A card that wakes in another machine goes on in new streams; in the same one it just goes on."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hub import hardware
from hub.config import load
from hub.hardware import fingerprint
from hub.node import Node, make_home, open_node
from tests.fixtures.clock import HandClock

Wake = Callable[[str], int]


@pytest.fixture
def wake(tmp_path: Path, database_url: Callable[[], str], clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> Wake:
    """A function that starts the hub on a machine, writes something and tells in which incarnation it stands."""
    home = tmp_path / "hub"
    make_home(home)
    settings = load(home, {"database": database_url()}, {})

    def start(machine: str) -> int:
        monkeypatch.setattr(hardware, "fingerprint", lambda: machine)
        node: Node = open_node(home, settings, clock=clock)
        node.write(lambda: node.change("circle", "c1", name=machine or "nowhere"))
        standing = node.journal.incarnation("local")
        node.close()
        return standing

    return start


def test_the_same_machine_goes_on(wake: Wake) -> None:
    """Whether or not it can be told; one whose name cannot be read is no other one."""
    assert [wake(machine) for machine in ("", "pi one", "pi one", "", "pi one")] == [1, 1, 1, 1, 1]


def test_another_machine_begins_new_streams_once(wake: Wake) -> None:
    """A card moved to a spare Pi, and back."""
    assert [wake(machine) for machine in ("pi one", "pi two", "pi two", "pi one")] == [1, 2, 2, 3]


def _machine(root: Path, **parts: str) -> Path:
    """A root in which a machine's files stand."""
    places = {
        "board": "proc/device-tree/serial-number",
        "card": "sys/block/mmcblk0/device/cid",
        "machine_id": "etc/machine-id",
    }
    for name, text in parts.items():
        path = root / places[name]
        path.parent.mkdir(parents=True)
        path.write_text(text)
    return root


def test_board_and_card_name_a_machine(tmp_path: Path) -> None:
    """Either tells it from another; what lies on the card and is copied with it counts only without them."""
    whole = {"board": "1000\0", "card": "aa"}
    names = {
        name: fingerprint(_machine(tmp_path / name, **parts))
        for name, parts in {
            "one": whole,
            "the same": {**whole, "machine_id": "new"},
            "another board": {**whole, "board": "2000\0"},
            "another card": {**whole, "card": "bb"},
            "only an id": {"machine_id": "x"},
            "nothing": {},
        }.items()
    }
    assert names["one"] == names["the same"]
    assert len(set(names.values())) == 5
    assert names["nothing"] == ""
