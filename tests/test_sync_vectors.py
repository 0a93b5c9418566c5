"""Golden bytes of version 1, kept for ever: hubs in the field wrote them, and every later program reads them.

A difference here means that hubs of two versions no longer understand each other. The file is never edited; a new
version of the protocol gets a file of its own beside it.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from sync import batch as batches
from sync import join, protocol, stream
from sync.entry import Entry, decode, encode
from sync.identity import Identity
from sync.ids import cut_id
from sync.messages import Greeting, Hello, Page, PullAsk, PushSaid
from sync.protocol import Position
from sync.stream import Opening
from tests.fixtures import quick

CLIENT, SERVER = Identity(b"\1" * 32), Identity(b"\2" * 32)
OPENING = Opening(CLIENT.hub_id, "region", 1, "", "first")
ENTRIES = [
    Entry(stream.OPEN, stream.opening_payload(OPENING), 1_764_000_000_000, quality=2),
    Entry("statement", '{"raw":{"verb":"é"}}'.encode(), 1_763_996_400_000, depth=1, quality=2),
    Entry("note", bytes(range(256)), 0, depth=3, version=2, boot_id="0123456789abcdef", mono_ms=5),
]


@pytest.fixture(scope="module")
def golden() -> dict[str, Any]:
    """The file."""
    found: dict[str, Any] = json.loads((Path(__file__).parent / "golden" / "sync-1.json").read_text())
    return {name: bytes.fromhex(value) if _is_hex(name) else value for name, value in found.items()}


def _is_hex(name: str) -> bool:
    return name not in {"client", "server", "root", "entries", "hashes", "ids", "code"}


@pytest.fixture
def position(golden: dict[str, Any]) -> Position:
    """The position that the messages speak of."""
    return Position(golden["root"], 300, bytes(range(16, 32)))


def test_hubs_have_the_same_names(golden: dict[str, Any]) -> None:
    """A key spells its hub's name as it did."""
    assert (CLIENT.hub_id, SERVER.hub_id) == (golden["client"], golden["server"])


def test_entries_have_the_same_bytes(golden: dict[str, Any]) -> None:
    """Written and read as they were."""
    assert [encode(entry).hex() for entry in ENTRIES] == golden["entries"]
    assert [decode(bytes.fromhex(raw)) for raw in golden["entries"]] == ENTRIES


def test_streams_have_the_same_hashes(golden: dict[str, Any]) -> None:
    """And so entries have the same ids."""
    running, hashes = stream.origin(golden["root"]), []
    for seq, raw in enumerate(golden["entries"], 1):
        running = stream.step(running, seq, golden["seed"], bytes.fromhex(raw))
        hashes.append(running)
    assert [each.hex() for each in hashes] == golden["hashes"]
    assert [cut_id(each) for each in hashes] == golden["ids"]
    assert CLIENT.sign(stream.head_message(golden["root"], 3, running)) == golden["signature"]


def test_a_batch_is_read(golden: dict[str, Any]) -> None:
    """Packed by the first release, unpacked by this one."""
    batch = batches.read(golden["batch"])
    assert (batch.hub, batch.root, batch.first, batch.last) == (CLIENT.hub_id, golden["root"], 1, 3)
    assert [raw.hex() for _, _, raw in batch.rows] == golden["entries"]
    assert stream.read_opening(decode(batch.rows[0][2])) == OPENING


def test_a_request_is_written_and_opened(golden: dict[str, Any]) -> None:
    """The same bytes, and the same hello in them."""
    hello = Hello(bytes(range(16)), 1_764_000_000_000, 2)
    assert protocol.request(CLIENT, SERVER.hub_id, "hello", hello.packed()) == golden["hello"]
    assert protocol.open_request(SERVER, "hello", golden["hello"]) == (CLIENT.hub_id, hello.packed())


@pytest.mark.parametrize("name", ["same", "differ"])
def test_an_answer_is_written_and_opened(golden: dict[str, Any], position: Position, name: str) -> None:
    """The same bytes, and the same greeting in them."""
    differ = Greeting(1_764_000_000_001, 3, False, b"d" * 16, (position,), (), b"f" * 16)
    greeting = {"same": Greeting(1_764_000_000_001, 3, True), "differ": differ}[name]
    assert protocol.answer(SERVER, "hello", golden["hello"], greeting.packed()) == golden[name]
    body = protocol.open_answer(SERVER.hub_id, "hello", golden["hello"], golden[name])
    assert Greeting.read(body) == greeting


def test_the_other_bodies_are_written_and_read(golden: dict[str, Any], position: Position) -> None:
    """Pages, pulls and answers to pushes."""
    second = Position(golden["root"], 2, bytes(16))
    bodies = {
        "positions": Page((position,)),
        "pull": PullAsk(position, 100, (second,)),
        "pushed": PushSaid(True, 3, b"d" * 16),
    }
    for name, body in bodies.items():
        assert body.packed() == golden[name]
        assert type(body).read(golden[name]) == body
    assert protocol.digest([position, second]) == golden["digest"]


def test_a_code_proves_the_same(golden: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """An invitation that was printed before an update is good after it."""
    monkeypatch.setattr(join, "_COST", quick.COST_AS_DEPLOYED)
    key = join.code_key(golden["code"], SERVER.hub_id)
    assert key == golden["code key"]
    assert join.client_proof(key, client=CLIENT.hub_id, server=SERVER.hub_id) == golden["client proof"]
    assert join.server_proof(key, client=CLIENT.hub_id, server=SERVER.hub_id) == golden["server proof"]
