"""A hub comes back from last month's backup: what it had told the region comes back, the rest is said truthfully."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hub import hardware
from hub.care import backup
from hub.care.restore import restore
from hub.config import keep, load
from hub.node import Node, make_home, open_node
from hub.people import roster
from hub.tide import report, run
from tests.fixtures import tide
from tests.fixtures.care import copy_keys, stick
from tests.fixtures.clock import HandClock
from tests.fixtures.web import Served

MONTH_S = 31 * 86_400


def test_a_month_comes_back_from_the_region(
    make_node: Callable[..., Node],
    serve_node: Callable[[Node], Served],
    clock: HandClock,
    tmp_path: Path,
    database_url: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The card died: a new one gets the backup of last month and the keys, and goes to the tide once."""
    hub, up = make_node("hub"), serve_node(make_node("region", role="region"))
    tide.joined(hub, up.node, up.url)
    roster.add_person(hub, name="Amina", picture="kite")
    tide.learn(hub, first=1, count=20)
    run.sync_with(hub)
    saved = backup.make(hub, stick(tmp_path))

    clock.advance(MONTH_S)
    roster.add_person(hub, name="Kofi, who came later", picture="drum")
    tide.learn(hub, first=100, count=150)
    assert run.sync_with(hub).agreed
    tide.learn(hub, first=400, count=4)

    home = tmp_path / "new card"
    make_home(home)
    keep(home, {"database": database_url()})
    copy_keys(hub.home, home)
    restore(home, saved)
    monkeypatch.setattr(hardware, "fingerprint", lambda: "new pi")
    again = open_node(home, load(home, {}, {}), clock=clock)
    went = run.sync_with(again)
    assert (went.problem, went.agreed, went.pulled, went.safe, went.total) == ("", True, 150, 170, 170)
    assert [each.name for each in roster.people(again)] == ["Amina"], "what was local since the backup is lost"
    tide.learn(again, first=500, count=5)
    clock.advance(60)
    assert run.sync_with(again).agreed
    assert up.node.tables.Answer.select().count() == 20 + 150 + 5, "each once; the four were nowhere else"
    (state,) = report.states(again)
    assert (state.safe, state.total, state.waiting) == (175, 175, 0)
    again.close()
