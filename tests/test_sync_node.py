"""Two whole hubs reconcile on either database; what was confirmed survives a power cut."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.care import chain
from hub.config import load
from hub.node import Node, make_home, open_node
from hub.postgresql import PostgresDatabase
from sync import exchange, lines, runs, schema, server
from sync.protocol import Peering
from sync.store import ON_LINES
from tests.fixtures import engines
from tests.fixtures.clock import HandClock
from tests.fixtures.disks import PowerCut

TO_REGION = ("public", "region")
TO_ALL = ("public",)


def exchange_with(hub: Node, region: Node) -> exchange.Report:
    """A community knocks at its region's door."""
    there = Peering(region.identity.hub_id, TO_REGION, TO_ALL)
    back = Peering(hub.identity.hub_id, TO_ALL, TO_REGION)

    def link(name: str, body: bytes) -> bytes:
        return server.answer(region.journal, region.identity, [back], name, body)

    return exchange.run(hub.journal, hub.identity, there, link)


def say(node: Node, audience: str, count: int, start: int = 0) -> None:
    """Append entries that no fold knows."""
    numbers = range(start, start + count)
    node.write(lambda: [node.journal.append(audience, "note", bytes([number])) for number in numbers])


def notes(node: Node, audience: str) -> list[bytes]:
    """All of them, from every hub, in the order of their streams."""
    found = []
    for line in node.journal.streams(audience=audience):
        read = node.journal.read(line.stream, limit=10_000)
        found += [each.entry.payload for each in read if each.entry.kind == "note"]
    return found


def test_two_hubs_reconcile(make_node: Callable[..., Node]) -> None:
    """Over several batches and blocks, both ways, and without news in one request."""
    hub, region = make_node("hub"), make_node("region", role="region")
    say(hub, "region", 255)
    say(hub, "public", 3)
    say(region, "public", 5)
    assert exchange_with(hub, region).agreed
    assert notes(region, "region") == [bytes([number]) for number in range(255)]
    assert len(notes(hub, "public")) == len(notes(region, "public")) == 8
    assert exchange_with(hub, region).requests == 1


def test_everything_hangs_on_the_number_of_its_line(node: Node) -> None:
    """No name of a stream stands beside an entry, a seed or a seal, and the hub is first in every key."""
    say(node, "local", 3)
    (line,) = node.journal.streams(audience="local")
    is_parted = isinstance(node.database, PostgresDatabase)
    parts = [schema.part_name(name, 0) if is_parted else name for name in ON_LINES]
    keys = {name: node.database.get_primary_keys(name) for name in (*parts, "journal_stream")}
    assert (line.seq, line.number, keys.pop("journal_stream")) == (4, 1, ["hub", "stream"])
    assert all(key[:2] == ["hub", "line"] for key in keys.values())


def test_a_new_incarnation_lasts(make_node: Callable[..., Node]) -> None:
    """It is durable when the call returns, and entries go there."""
    node = make_node()
    say(node, "local", 1)
    node.journal.begin_incarnation("restored")
    say(node, "local", 1)
    old, new = sorted(node.journal.streams(audience="local"), key=lambda line: line.incarnation)
    assert (old.is_current, new.is_current, old.seq, new.seq) == (0, 1, 2, 2)


def test_both_branches_are_kept_on_either_database(make_node: Callable[..., Node], tmp_path: Path) -> None:
    """A card that was copied: the region has both tails, each once."""
    hub, region = make_node("hub"), make_node("region", role="region")
    twin_home = tmp_path / "twin"
    make_home(twin_home)
    (twin_home / "keys" / "hub").write_bytes((tmp_path / "hub" / "keys" / "hub").read_bytes())
    twin = make_node("twin")
    say(hub, "region", 3)
    for line in hub.journal.streams():
        twin.write(lambda line=line: copy_line(hub, twin, line.stream))
    say(hub, "region", 2)
    say(twin, "region", 4, start=100)
    for each in (hub, twin, hub, twin):
        assert exchange_with(each, region).agreed
    assert len(notes(region, "region")) == 3 + 2 + 4
    assert sorted(notes(hub, "region")) == sorted(notes(twin, "region")) == sorted(notes(region, "region"))


def copy_line(hub: Node, twin: Node, stream: str) -> None:
    """Copy a line's rows, as copying the card does."""
    source, target = hub.journal.store, twin.journal.store
    line = source.line(stream)
    assert line is not None
    copied = target.add_line(line)
    for block, seed in lines.seeds_of(source, line, 1, line.seq).items():
        target.add_seeds(copied, {block: seed})
    target.add_entries(copied, source.entries(line, 0, 1000))


@pytest.mark.sqlite(engines.POWER)
def test_what_the_region_confirmed_survives_its_power_cut(make_node: Callable[..., Node], tmp_path: Path) -> None:
    """Only bytes that were synced are left of the region, and they hold every entry that it answered for."""
    disk = PowerCut(f"cut-{tmp_path.name}")
    hub, region = make_node("hub", database=""), make_node("region", database="", vfs=f"cut-{tmp_path.name}")
    say(hub, "region", 120)
    assert exchange_with(hub, region).agreed
    after = tmp_path / "after"
    make_home(after)
    for path, kept in disk.survivors().items():
        (after / Path(path).name).write_bytes(kept)
    again = open_node(after, load(after, {}, {}), clock=HandClock(), randomness=random.Random(2).randbytes)
    assert len(notes(again, "region")) == 120
    assert again.journal.streams() != []
    again.close()


@pytest.mark.sqlite(engines.POWER)
def test_what_is_packed_survives_a_power_cut_after_any_answer(make_node: Callable[..., Node], tmp_path: Path) -> None:
    """After each change, before, at and behind the end of a run, only what was synced is left; it has every entry."""
    disk = PowerCut(f"run-{tmp_path.name}")
    hub = make_node("hub", database="", vfs=f"run-{tmp_path.name}")
    for count in (runs.LENGTH - 3, 1, 1, 1, 2 * runs.LENGTH):
        say(hub, "local", count)
        kept = notes(hub, "local")
        after = tmp_path / f"after {len(kept)}"
        shutil.copytree(hub.home / "keys", after / "keys")
        make_home(after)
        for path, survived in disk.survivors().items():
            (after / Path(path).name).write_bytes(survived)
        again = open_node(after, load(after, {}, {}), clock=HandClock(), randomness=random.Random(2).randbytes)
        assert (notes(again, "local"), list(chain.problems(again))) == (kept, [])
        again.close()
