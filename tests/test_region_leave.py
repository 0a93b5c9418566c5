"""A hub leaves its region and takes its records along: there nothing of it stays but counts, here all of it does."""

import json
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from hub import projections
from hub.care import chain
from hub.errors import HubError, InputWrong, LineDropped
from hub.node import Node
from hub.tables import put
from hub.tide import certificates, leaving, peers, run
from hub.tide.link import Link
from hub.tide.policy import CERTIFICATE
from hub.vocabulary import PSEUDONYMS, VERBS
from sync import protocol
from sync.errors import SyncError
from sync.store import ON_LINES
from tests.fixtures import tide
from tests.fixtures.web import Served


@pytest.fixture
def birch(make_node: Callable[..., Node], region: Node, up: Served) -> Node:
    """Another hub, which stays and has learned the same things."""
    hub = make_node("birch")
    hub.write(lambda: hub.change("hub", hub.identity.hub_id, name="Birch"))
    tide.joined(hub, region, up.url)
    tide.learn(hub, first=1, count=3)
    assert go(hub).agreed
    return hub


@pytest.fixture
def alder(hub: Node, up: Served) -> Node:
    """The hub that leaves, with learning, a name and a package on its shelf."""
    tide.plant(hub)
    tide.learn(hub, first=10, count=20)
    own = hub.identity.hub_id
    facts = {"hub": own, "package": "water", "title": "Water", "is_here": 1}
    hub.write(lambda: hub.change("hub.package", f"{own}:water", **facts))
    assert go(hub).agreed
    count = {"hub": own, "since_ms": 1, "until_ms": 2, "sort": "all", "name": "", "title": "", "count": 20}
    tool = {"objectType": "Activity", "id": "https://tool.example/1", "definition": {"name": {"en": "A tool's"}}}
    answered = {"id": str(UUID(int=77)), "actor": {"account": {"homePage": PSEUDONYMS, "name": "x"}}, "object": tool}
    raw = {**answered, "verb": {"id": VERBS["answered"]}}
    for kind, said in (("counts", {"id": f"{own}:count", "set": count}), ("statement", {"raw": raw})):
        hub.write(partial(hub.journal.append, "region", kind, json.dumps(said).encode()))
    assert go(hub).agreed
    return hub


def go(hub: Node) -> run.report.Tide:
    """To the tide, without resting between tries."""
    return run.sync_with(hub, pause=lambda _: None)


def leave(hub: Node) -> leaving.Left:
    """Leave the region."""
    return leaving.leave(hub, pause=lambda _: None)


def everything(node: Node) -> str:
    """All that stands in a region's tables and journal, as text, but for the certificate that was given."""
    entries = [placed for placed in node.journal.replay() if placed.entry.kind != CERTIFICATE]
    said = [str(placed.entry.payload) + placed.hub for placed in entries]
    tables = {*node.tables.projections, *node.tables.views} - {node.tables.Certificate}
    rows = [repr(row) for table in tables for row in table.select().tuples()]
    said += [row for row in rows if CERTIFICATE not in row]
    said += [row[0] for row in node.database.execute_sql("SELECT text FROM statement_name").fetchall()]
    return "\n".join(said)


def test_the_region_forgets_and_keeps_counts(region: Node, alder: Node, birch: Node) -> None:
    """The tables are as if made from what is left; the other hub's learning is untouched, and so is the hub's own."""
    own, before = alder.identity.hub_id, projections.fingerprint(alder.tables)
    assert region.tables.SharedCount.select().count() == region.tables.Description.select().count() == 1
    held = {"fact": "f", "sort": "hold", "subject": f"{own}:person:p", "hub": own, "depth": 1, "digest": "d"}
    region.write(lambda: put(region.tables.JointFact, id=f"{own}:f", **held))
    tide.learn(alder, first=500, count=2)
    left = leave(alder)
    assert (left.records, left.people, left.steps) == (27 + 2, None, None), "the last records went before it left"
    assert [each.name for each in leaving.gone(region)] == [left.name]
    assert region.journal.streams(hub=own) == [] and peers.peers(alder) == []
    assert own not in everything(region) and region.tables.SharedCount.select().count() == 0
    assert region.tables.Statement.select().count() == 3
    said = projections.fingerprint(region.tables)
    region.write(lambda: projections.rebuild(region.tables, region.journal.replay()))
    assert projections.fingerprint(region.tables) == said
    assert list(chain.problems(region)) == [] and list(chain.problems(alder)) == []
    assert alder.tables.Statement.select().count() == 24 and before != projections.fingerprint(alder.tables)


def test_nobody_brings_it_back(region: Node, alder: Node, birch: Node, up: Served) -> None:
    """Others have its public stream still; the region takes it no more, and the tide agrees."""
    assert go(birch).agreed
    assert birch.journal.streams(hub=alder.identity.hub_id)
    leave(alder)
    assert go(birch).agreed and go(birch).requests == 1
    assert region.journal.streams(hub=alder.identity.hub_id) == []
    peers.keep(alder, peers.Peer(region.identity.hub_id, "Region", up.url, ("public", "region"), ("public",), 1, 1))
    assert "has left the region" in go(alder).problem


def test_it_may_come_back(region: Node, alder: Node, up: Served) -> None:
    """With a new code, and then all of it is there once."""
    leave(alder)
    tide.joined(alder, region, up.url)
    assert go(alder).agreed
    assert region.tables.Statement.select().count() == 23
    assert [each.state for each in certificates.certificates(region)] == [certificates.MEMBER]


def test_a_lost_answer_is_asked_for_again(region: Node, alder: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """The region has forgotten and the hub did not hear of it: said again, it gets the same answer."""
    carry = Link.__call__

    def lose(link: Link, name: str, body: bytes) -> bytes:
        answer = carry(link, name, body)
        if name == leaving.NAME:
            raise LineDropped("The line dropped.")
        return answer

    with monkeypatch.context() as lost:
        lost.setattr(Link, "__call__", lose)
        with pytest.raises(LineDropped):
            leave(alder)
    assert region.journal.streams(hub=alder.identity.hub_id) == [] and peers.peers(alder)
    assert leave(alder) == leaving.gone(region)[0]
    assert peers.peers(alder) == []


def test_power_that_goes_at_any_line_leaves_before_or_after(
    region: Node, alder: Node, birch: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the region had reached: all of the hub stands, or nothing, and then the entries go too."""
    whole, own, there = _state(region, alder), alder.identity.hub_id, region.identity.hub_id
    proof = certificates.proof(alder, issuer=there, hub=own)
    asked, cuts = protocol.request(alder.identity, there, leaving.NAME, proof), 0
    while region.journal.streams(hub=own):
        cuts += 1
        with monkeypatch.context() as cut, suppress(_PowerGone):
            _cut_at(cut, region, cuts)
            leaving.answer(region, asked)
        if region.journal.streams(hub=own):
            assert _state(region, alder) == whole, cuts
    assert cuts > 20 and own not in everything(region)
    assert sum(_count(region, table, own) for table in ON_LINES) > 0, "the power went before the entries were gone"
    run.prepare(region)
    assert sum(_count(region, table, own) for table in ON_LINES) == 0
    assert leave(alder).records == 27 and peers.peers(alder) == []


class _PowerGone(Exception):
    """The machine stopped."""


def _cut_at(patch: pytest.MonkeyPatch, region: Node, number: int) -> None:
    """Let the power go at the so-and-so-manieth change that the region makes."""
    left = iter(range(number - 1))
    execute = type(region.database).execute_sql

    def cut(self: Any, statement: str, *values: Any) -> Any:
        is_change = statement.startswith(("INSERT", "UPDATE", "DELETE"))
        if self is region.database and is_change and next(left, None) is None:
            raise _PowerGone
        return execute(self, statement, *values)

    patch.setattr(type(region.database), "execute_sql", cut)
    patch.setattr(region.journal.store, "_execute", partial(cut, region.database))


def _state(region: Node, hub: Node) -> tuple[object, ...]:
    own = hub.identity.hub_id
    counts = [_count(region, table, own) for table in ON_LINES]
    return projections.fingerprint(region.tables), counts, peers.peer(region, own) is None, leaving.gone(region)


def _count(region: Node, table: str, hub: str) -> int:
    mark = region.database.param  # type: ignore[attr-defined]
    return int(region.database.execute_sql(f"SELECT count(*) FROM {table} WHERE hub = {mark}", (hub,)).fetchone()[0])


def test_a_message_that_was_heard_before_takes_nothing_away(region: Node, alder: Node, up: Served) -> None:
    """Somebody who wrote down how a hub left cannot have it forgotten again when it is back."""
    said: list[bytes] = []
    answer = leaving.answer
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(leaving, "answer", lambda node, body: said.append(body) or answer(node, body))  # type: ignore[func-returns-value]
        leave(alder)
    tide.joined(alder, region, up.url)
    assert go(alder).agreed
    with pytest.raises(SyncError, match="nothing to leave"):
        leaving.answer(region, said[0])
    assert region.tables.Statement.select().count() == 23


def test_a_tide_that_was_cut_leaves_nothing_undone(region: Node, alder: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who cannot show that all is on both sides does not leave, and is told so."""
    carry = Link.__call__

    def cut(link: Link, name: str, body: bytes) -> bytes:
        if name == "hello":
            raise LineDropped("The line dropped.")
        return carry(link, name, body)

    monkeypatch.setattr(Link, "__call__", cut)
    with pytest.raises(InputWrong, match="has not left"):
        leave(alder)
    assert peers.peers(alder) and region.journal.streams(hub=alder.identity.hub_id)


def test_who_has_joined_nobody_leaves_nobody(
    region: Node, alder: Node, birch: Node, make_node: Callable[..., Node]
) -> None:
    """One sentence, and nothing changes."""
    with pytest.raises(InputWrong, match="none to leave"):
        leave(make_node("cedar"))
    stranger = make_node("stranger")
    peers.keep(stranger, peers.peer(alder, region.identity.hub_id))  # type: ignore[arg-type]
    with pytest.raises((HubError, SyncError)):
        leave(stranger)
    assert region.tables.Statement.select().count() == 26
