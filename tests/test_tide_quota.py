"""How much one hub may bring in a day: by line and by stick alike, told in a sentence, and nothing is lost by it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hub.app import create_app
from hub.node import Node, open_node
from hub.tide import broken, quota, report, run, stick_in, stick_out
from sync import give, protocol
from sync.errors import EnoughForToday
from sync.exchange import Limits
from tests.fixtures import tide
from tests.fixtures.clock import HandClock
from tests.fixtures.mules import meet, named
from tests.fixtures.web import Served

MOST = 150
DAY_MS = quota.DAY_MS


@pytest.fixture
def narrow(make_node: Callable[..., Node]) -> Node:
    """A region that takes so many records of a hub on a day."""
    return named(make_node("narrow", role="region", sync_daily_records=MOST), "Coast")


@pytest.fixture
def open_door(hub: Node, narrow: Node, serve_node: Callable[[Node], Served]) -> Served:
    """It is behind a real server, and the hub has joined it."""
    served = serve_node(narrow)
    tide.joined(named(hub, "Alder hill"), narrow, served.url)
    return served


def _here(node: Node) -> int:
    return int(node.tables.Statement.select().count())


def test_over_a_line_the_rest_comes_tomorrow(
    hub: Node, narrow: Node, open_door: Served, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sender's status page has the sentence, and the other audiences came before."""
    monkeypatch.setattr(Limits.__init__, "__defaults__", (100, 10, 100, 8000))
    tide.learn(hub, first=1, count=420)
    went = run.sync_with(hub, pause=lambda _: None)
    assert not went.agreed and "can come tomorrow" in report.words(report.states(hub)[0])
    assert MOST - 10 < _here(narrow) < MOST + 100
    assert "can come tomorrow" in run.sync_with(hub, pause=lambda _: None).problem
    clock.time_ms += DAY_MS
    assert run.sync_with(hub, pause=lambda _: None).agreed is False
    clock.time_ms += DAY_MS
    assert run.sync_with(hub, pause=lambda _: None).agreed and _here(narrow) == 420
    assert broken.broken(narrow) == []


def test_the_door_says_when_to_come_back(hub: Node, narrow: Node, open_door: Served) -> None:
    """429, the seconds until the next day, and one sentence."""
    quota.Quota(narrow, hub.identity.hub_id).count(1, MOST)
    tide.learn(hub, first=1, count=1)
    run.prepare(hub)
    (line,) = hub.journal.streams(hub=hub.identity.hub_id, audience="region")
    data = give.make(hub.journal, line, 0, 10)[0]
    asked = protocol.request(hub.identity, narrow.identity.hub_id, "push", data)
    app = create_app(narrow)
    said = app.test_client().post("/sync/v1/push", data=asked)
    assert said.status_code == 429 and 0 < int(said.headers["Retry-After"]) <= DAY_MS // 1000
    assert "nothing more of it was taken" in said.get_data(as_text=True)


def test_by_a_stick_it_is_the_same(hub: Node, narrow: Node, tmp_path: Path, clock: HandClock) -> None:
    """It is told beside what a stick brought; the same stick brings it on the next day."""
    tide.joined(named(hub, "Alder hill"), narrow, "http://127.0.0.1:9")
    meet(hub, narrow)
    tide.learn(hub, first=1, count=100)
    stick = stick_out.export(hub, hub="Coast", to=tmp_path / "stick.tide").files[0]
    quota.Quota(narrow, hub.identity.hub_id).count(1, MOST)
    came = stick_in.take_in(narrow, stick)
    assert came.records == 0 and ["can come tomorrow" in str(each) for each in came.problems] == [True]
    clock.time_ms += DAY_MS
    assert stick_in.take_in(narrow, stick).records == 100 and _here(narrow) == 100


def test_a_restart_does_not_forget_and_a_jump_locks_nobody_out(narrow: Node, hub: Node, clock: HandClock) -> None:
    """It stands in a table; another day, before or after, begins anew."""
    name = hub.identity.hub_id
    quota.Quota(narrow, name).count(10, MOST)
    with pytest.raises(EnoughForToday):
        quota.Quota(narrow, name).check()
    narrow.close()
    again = open_node(narrow.home, narrow.settings, clock=clock)
    with pytest.raises(EnoughForToday):
        quota.Quota(again, name).check()
    quota.Quota(again, "another").check()
    for jump_ms in (-50 * 365 * DAY_MS, 100 * 365 * DAY_MS):
        clock.time_ms += jump_ms
        quota.Quota(again, name).check()
    again.close()


def test_bytes_are_counted_too(make_node: Callable[..., Node]) -> None:
    """And nothing at all is counted where there is no limit."""
    small = make_node("small", role="region", sync_daily_bytes=1000, sync_daily_records=0)
    quota.Quota(small, "hub").count(999, 10**6)
    quota.Quota(small, "hub").check()
    quota.Quota(small, "hub").count(1, 0)
    with pytest.raises(EnoughForToday):
        quota.Quota(small, "hub").check()
    free = make_node("free", role="region", sync_daily_bytes=0, sync_daily_records=0)
    quota.Quota(free, "hub").count(10**9, 10**9)
    quota.Quota(free, "hub").check()
    assert free.tables.Brought.select().count() == 0
