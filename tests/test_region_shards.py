"""A region on three PostgreSQL servers: parts are moved, one server is killed while hubs send, and nothing is lost."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hub.care import chain
from hub.cli import main
from hub.config import keep, load
from hub.database import close_database, open_database
from hub.errors import DatabaseUnreachable, InputWrong, ServerAway
from hub.forgetting import people, traces
from hub.node import Node, make_home, open_node
from hub.tide import parts, peers, publish, run
from hub.tide.parts import Part
from sync import exchange, schema
from sync.protocol import Peering
from sync.store import ON_LINES
from tests.fixtures import postgres, tide
from tests.fixtures.postgres import Running
from tests.fixtures.web import Served

HUBS, PARTS = 3, 8
RECORDS = 150
"""Of each hub: several batches, whole runs and single entries."""


@dataclass(frozen=True)
class Other:
    """A server beside the region's own, and the address of a database there."""

    server: Running
    url: str

    def kill(self) -> None:
        """Cut its power."""
        self.server.kill()

    def start(self) -> None:
        """Start it again."""
        self.server.start()


@dataclass
class Large:
    """A region whose database, at the address `here`, is on the first server; the other two are empty."""

    node: Node
    others: list[Other]
    here: str

    def part_of(self, hub: str) -> int:
        """The part that a hub's records are in."""
        return parts._number_of(self.node.database, hub, len(parts.parts(self.node)))  # type: ignore[arg-type]

    def rows(self, hub: str) -> dict[str, int]:
        """How many rows a hub has in each table, asked through the region's own database."""
        asked = "SELECT count(*), count(DISTINCT (line, {})) FROM {} WHERE hub = %s"
        counts = {}
        for table in ON_LINES:
            at = "block" if table == "journal_seed" else "seq"
            count, different = self.node.database.execute_sql(asked.format(at, table), (hub,)).fetchone()
            assert count == different, table
            counts[table] = count
        return counts


@pytest.fixture(scope="module")
def servers() -> Iterator[list[Running]]:
    """Three real servers of PostgreSQL."""
    with ExitStack() as stack:
        yield [stack.enter_context(postgres.running(postgres.SAFE)) for _ in range(3)]


@pytest.fixture
def large(engine: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Large]:
    """A region over them, each with an empty database."""
    if engine == "sqlite":
        pytest.skip("is about servers of PostgreSQL")
    monkeypatch.setattr(schema, "PARTS", PARTS)
    running: list[Running] = request.getfixturevalue("servers")
    home: Path = request.getfixturevalue("tmp_path") / "coast"
    here, *others = [each.fresh(request.node.name.lower()) for each in running]
    make_home(home)
    node = open_node(home, load(home, {"database": here, "role": "region", "name": "Coast"}, {}))
    yield Large(node, [Other(server, url) for server, url in zip(running[1:], others, strict=True)], here)
    node.close()
    for each in running:
        if each.is_killed:
            each.start()


def learned(node: Node) -> list[tuple[str, int]]:
    """What the region's tables say was learned: hub and number of statements."""
    asked = "SELECT n.text, count(*) FROM statement_row r JOIN statement_name n ON n.no = r.hub GROUP BY n.text"
    return sorted((hub, int(count)) for hub, count in node.database.execute_sql(asked).fetchall())


def held(node: Node, hub: str) -> list[bytes]:
    """Every entry of a hub that the region replays, in order."""
    return [each.entry.payload for each in node.journal.replay() if each.hub == hub]


def sent(hub: Node, audience: str = "region") -> list[bytes]:
    """Every entry that a hub published."""
    lines = hub.journal.streams(hub=hub.identity.hub_id, audience=audience)
    return [each.entry.payload for line in lines for each in hub.journal.read(line.stream, limit=100_000)]


def go(hub: Node) -> Any:
    """To the tide, without resting between tries."""
    return run.sync_with(hub, pause=lambda _: None)


@pytest.fixture
def hubs(large: Large, make_node: Callable[..., Node]) -> list[Node]:
    """Hubs in two parts at least, none of which is the region's own."""
    found: list[Node] = []
    home, seen = large.part_of(large.node.identity.hub_id), set()
    for number in range(40):
        hub = make_node(f"hub{number}")
        part = large.part_of(hub.identity.hub_id)
        if part != home and (len(found) < HUBS - 1 or len({*seen, part}) > 1):
            found.append(hub)
            seen.add(part)
        if len(found) == HUBS:
            return found
    raise AssertionError("chance put all hubs into one part")


def test_a_killed_server_loses_and_doubles_nothing(
    large: Large, hubs: list[Node], serve_node: Callable[[Node], Served]
) -> None:
    """Its hubs are refused in one sentence and the others go on; when it is back all is there once."""
    url = serve_node(large.node).url
    for hub in hubs:
        tide.joined(hub, large.node, url)
        tide.learn(hub, first=1, count=20)
        assert go(hub).agreed
    before = {hub.identity.hub_id: large.rows(hub.identity.hub_id) for hub in hubs}
    numbers = sorted({large.part_of(hub.identity.hub_id) for hub in hubs})
    for number, other in zip(numbers, large.others, strict=False):
        (moved,) = parts.move(large.node, numbers=[number], to=other.url)
        assert moved.server, "it is elsewhere now"
    assert {hub.identity.hub_id: large.rows(hub.identity.hub_id) for hub in hubs} == before
    on_one = [hub for hub in hubs if large.part_of(hub.identity.hub_id) == numbers[0]]
    elsewhere = [hub for hub in hubs if hub not in on_one]
    assert on_one and elsewhere
    for hub in hubs:
        tide.learn(hub, first=1000, count=RECORDS)
    _kill_during_ingest(large, on_one[0], large.others[0])
    for hub in on_one:
        went = go(hub)
        assert "busy" in went.problem and not went.agreed, went
        assert peers.peer(large.node, hub.identity.hub_id) is not None
    for hub in elsewhere:
        assert go(hub).agreed
    large.others[0].start()
    for hub in hubs:
        went = go(hub)
        assert went.agreed and went.safe == went.total == RECORDS + 20, went
    _all_is_there_once(large, hubs)


def _kill_during_ingest(large: Large, hub: Node, server: Other) -> None:
    """Kill the server once some of what the hub sends has come, and not all of it."""
    there = {line.stream: line.seq for line in large.node.journal.streams(hub=hub.identity.hub_id)}
    sending = threading.Thread(target=lambda: go(hub))
    store, add = large.node.journal.store, large.node.journal.store.add_entries
    killed = threading.Event()

    def kill_before_the_end(*given: Any) -> None:
        add(*given)
        if not killed.is_set():
            server.kill()
            killed.set()

    store.add_entries = kill_before_the_end  # type: ignore[method-assign]
    sending.start()
    sending.join(60)
    store.add_entries = add  # type: ignore[method-assign]
    assert killed.is_set() and not sending.is_alive()
    assert {line.stream: line.seq for line in large.node.journal.streams(hub=hub.identity.hub_id)} == there


def _all_is_there_once(large: Large, hubs: list[Node]) -> None:
    for hub in hubs:
        assert [each for each in held(large.node, hub.identity.hub_id) if each in set(sent(hub))] == sent(hub)
    assert learned(large.node) == sorted((hub.identity.hub_id, RECORDS + 20) for hub in hubs)
    assert list(chain.problems(large.node)) == []


def test_one_server_keeps_what_another_did_not(large: Large, hubs: list[Node]) -> None:
    """Two hubs in one transaction, and one server dies before it ends: what the other kept counts once it comes again.

    PostgreSQL ends such a transaction on the other servers one after the other, so either may be ahead.
    """
    one, two = _on_two_servers(large, hubs)
    first = 1
    ahead = 0
    for victim in large.others:
        for hub in (one, two):
            tide.learn(hub, first=first, count=70)
            publish.publish(hub, ("region",))
        first += 70
        rounds = iter((True, False))

        def both(victim: Other = victim, rounds: Iterator[bool] = rounds) -> None:
            for hub in (one, two):
                _exchange(hub, large.node)
            if next(rounds):
                raise ServerAway("Let it be tried alone, where no savepoint ends before the transaction does.")
            victim.kill()

        with pytest.raises(ServerAway):
            large.node.write(both)
        ahead += _is_ahead(large, one, two)
        victim.start()
        for hub in (one, two):
            assert _exchange(hub, large.node).agreed
        assert learned(large.node) == sorted((hub.identity.hub_id, first - 1) for hub in (one, two))
    assert ahead, "one of the two had kept what the region did not"
    for hub in (one, two):
        large.rows(hub.identity.hub_id)
        assert [each for each in held(large.node, hub.identity.hub_id) if each in set(sent(hub))] == sent(hub)
    assert list(chain.problems(large.node)) == []


def _on_two_servers(large: Large, hubs: list[Node]) -> tuple[Node, Node]:
    """Two hubs that have joined, each with its part on a server of its own."""
    for hub in hubs:
        tide.joined(hub, large.node, "http://127.0.0.1:1")
    one = hubs[0]
    two = next(hub for hub in hubs if large.part_of(hub.identity.hub_id) != large.part_of(one.identity.hub_id))
    for hub, other in zip((one, two), large.others, strict=True):
        parts.move(large.node, numbers=[large.part_of(hub.identity.hub_id)], to=other.url)
    return one, two


def _exchange(hub: Node, region: Node) -> exchange.Report:
    """A hub knocks, without a line between."""
    there = Peering(region.identity.hub_id, ("public", "region"), ("public",))
    return exchange.run(hub.journal, hub.identity, there, lambda name, body: run.answer(region, name, body))


def _is_ahead(large: Large, *hubs: Node) -> bool:
    """Whether a server has entries beyond the head of a hub's line."""
    found = False
    for hub, other in zip(hubs, large.others, strict=True):
        known = large.node.journal.streams(hub=hub.identity.hub_id, audience="region")
        table = f"journal_entry_{large.part_of(hub.identity.hub_id):02d}"
        there = None
        with suppress(DatabaseUnreachable):
            there = open_database(other.url, large.node.home)
            kept = there.execute_sql(f"SELECT coalesce(max(seq), 0) FROM {table}").fetchone()[0]
            found = found or kept > max((line.seq for line in known), default=0)
        if there is not None:
            close_database(there)
    return found


def test_parts_come_home_again(large: Large, hubs: list[Node]) -> None:
    """What was moved can be brought back, and said again in any state; the same is moved once."""
    one, two = _on_two_servers(large, hubs)
    tide.learn(one, first=1, count=100)
    publish.publish(one, ("region",))
    _exchange(one, large.node)
    number, before = large.part_of(one.identity.hub_id), large.rows(one.identity.hub_id)
    assert parts.move(large.node, numbers=[number], to=large.others[0].url) == [
        Part(number, parts._server_name(large.others[0].url), *_count(large, number), is_home=False)
    ]
    parts.move(large.node, numbers=[number], to=large.others[1].url)
    assert large.rows(one.identity.hub_id) == before
    large.others[0].kill()
    parts.move(large.node, numbers=[number], to="")
    parts.move(large.node, numbers=[number], to="")
    assert large.rows(one.identity.hub_id) == before
    assert _exchange(one, large.node).requests == 1
    large.others[1].kill()
    with pytest.raises(ServerAway, match="is away"):
        large.rows(two.identity.hub_id)


def _count(large: Large, number: int) -> tuple[int, int]:
    """How many hubs and streams are in a part."""
    found = [line.hub for line in large.node.journal.streams() if large.part_of(line.hub) == number]
    return len(set(found)), len(found)


def test_what_cannot_be_moved_is_refused(large: Large, make_node: Callable[..., Node], tmp_path: Path) -> None:
    """The region's own part, a part that is none, a database with records, and a server that is away."""
    node, to = large.node, large.others[0].url
    home = large.part_of(node.identity.hub_id)
    other = next(part.number for part in parts.parts(node) if not part.is_home)
    for numbers, where, says in (
        ([home], to, "stays here"),
        ([99], to, "numbered 0 to"),
        ([], to, "numbered 0 to"),
        ([other], large.here, "records of its own"),
    ):
        with pytest.raises(InputWrong, match=says):
            parts.move(node, numbers=numbers, to=where)
    large.others[1].kill()
    with pytest.raises(DatabaseUnreachable):
        parts.move(node, numbers=[other], to=large.others[1].url)
    parts.move(node, numbers=[other], to=to)
    make_home(tmp_path / "second")
    with pytest.raises(InputWrong, match="another region"):
        second = make_node("second", role="region")
        free = next(part.number for part in parts.parts(second) if not part.is_home)
        parts.move(second, numbers=[free], to=to)


def test_a_cut_move_leaves_the_part_where_it_was(
    large: Large, hubs: list[Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next one writes anew what the other server had been given."""
    hub = hubs[0]
    number = large.part_of(hub.identity.hub_id)
    tide.joined(hub, large.node, "http://127.0.0.1:1")
    tide.learn(hub, first=1, count=70)
    publish.publish(hub, ("region",))
    _exchange(hub, large.node)
    before = large.rows(hub.identity.hub_id)
    fill, count = parts._fill, iter(range(9))

    def cut(*asked: Any) -> None:
        fill(*asked)
        if next(count) == 1:
            large.others[0].kill()

    monkeypatch.setattr(parts, "_fill", cut)
    with pytest.raises((ServerAway, DatabaseUnreachable)):
        parts.move(large.node, numbers=[number], to=large.others[0].url)
    assert {part.server for part in parts.parts(large.node)} == {""}
    assert large.rows(hub.identity.hub_id) == before
    large.others[0].start()
    parts.move(large.node, numbers=[number], to=large.others[0].url)
    assert large.rows(hub.identity.hub_id) == before


def test_the_command_moves_and_lists(large: Large) -> None:
    """In words for people and as JSON for programs; without a place to go nothing happens."""
    number = next(part.number for part in parts.parts(large.node) if not part.is_home)
    keep(large.node.home, {"database": large.here})

    def says(*words: object) -> Result:
        return CliRunner().invoke(main, ["region", *map(str, words), "--home", str(large.node.home)])

    (moved,) = json.loads(says("move", number, "--to", large.others[0].url, "--json").stdout)
    assert (moved["number"], moved["hubs"]) == (number, 0) and moved["server"]
    listed = json.loads(says("parts", "--json").stdout)
    assert [part["number"] for part in listed if part["server"]] == [number] and len(listed) == PARTS
    assert f"{number:3}      0 hubs      0 streams  here" in says("move", number, "--home-again").stdout
    assert "with this hub's own records" in says("parts").stdout
    assert says("move", number).exit_code == 2


def test_in_one_piece_there_is_nothing_to_move(make_node: Callable[..., Node], engine: str) -> None:
    """A hub that keeps its records in a file says so."""
    node = make_node()
    if engine == "sqlite":
        assert parts.parts(node) == []
        with pytest.raises(InputWrong, match="in one piece"):
            parts.move(node, numbers=[1], to="postgresql://localhost/other")


def test_what_is_erased_goes_from_a_moved_part_too(
    large: Large, hubs: list[Node], serve_node: Callable[[Node], Served]
) -> None:
    """The part of the hub lies on another server: there its records lose their bytes, and the counts follow."""
    hub, url = hubs[0], serve_node(large.node).url
    for each in hubs[:2]:
        tide.joined(each, large.node, url)
        tide.learn(each, first=1, count=RECORDS)
        assert go(each).agreed
    parts.move(large.node, numbers=[large.part_of(hub.identity.hub_id)], to=large.others[0].url)
    before = dict(learned(large.node))
    person = tide.PERSON
    hub.write(lambda: hub.change("person", person, name="Amina", picture="goat"))
    letters = traces.letters_of(hub, "region", person)
    assert any(letters in each for each in held(large.node, hub.identity.hub_id))
    people.forget(hub, person=person)
    assert go(hub).agreed
    assert not any(letters in each for each in held(large.node, hub.identity.hub_id))
    assert dict(learned(large.node)) == {name: count for name, count in before.items() if name != hub.identity.hub_id}
    assert list(chain.problems(large.node)) == []
