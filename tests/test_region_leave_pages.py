"""Leaving the region by a page: what it says first, who may, and what the region shows afterwards."""

from collections.abc import Callable
from html import unescape

import pytest

from hub import jobs
from hub.app import create_app
from hub.node import Node
from hub.tide import leaving, peers, run
from hub.worker import HANDLERS, Worker
from tests.fixtures import tide
from tests.fixtures.cast import ROLES, Cast
from tests.fixtures.web import Served

TIDE = "/status/tide/"


@pytest.fixture
def region_page(region: Node) -> Callable[[], str]:
    """A function that tells what the coordinator of the region sees."""
    cast = Cast(region, create_app(region))
    return lambda: unescape(cast.client("region").get("/region/").text)


def test_a_steward_leaves(
    node: Node, cast: Cast, region: Node, serve_node: Callable[[Node], Served], region_page: Callable[[], str]
) -> None:
    """The page says it all before the press; afterwards nothing of the hub is in the region but a line of counts."""
    tide.joined(node, region, serve_node(region).url)
    tide.learn(node, first=1, count=3)
    assert run.sync_with(node).agreed
    there, page = region.identity.hub_id, f"{TIDE}leave/{region.identity.hub_id}/"
    assert "Hubs that have left" not in region_page()
    found = {role: cast.client(role).get(page).status_code for role in ROLES}
    assert [role for role, status in found.items() if status == 200] == ["steward"]
    steward = cast.client("steward")
    for leads in (TIDE, "/region/"):
        assert page in steward.get(leads).text
    said = unescape(steward.get(page).text)
    for words in ("One last tide", "forgets what came from this hub", "All of it stays here", "counts of ten people"):
        assert words in said
    for role in set(ROLES) - {"steward"}:
        assert cast.client(role).post(f"{TIDE}leave/", data={"hub": there}).status_code in (302, 303, 403)
    assert jobs.jobs(node, kind=leaving.JOB) == []
    assert steward.post(f"{TIDE}leave/", data={"hub": there}).status_code == 303
    assert "On its way." in unescape(steward.get(page).text)
    assert Worker(node, HANDLERS).step()
    assert peers.peers(node) == []
    assert "This hub has left. The region forgot" in unescape(steward.get(TIDE).text)
    assert steward.get(page).status_code == 404
    said = region_page()
    assert "Hubs that have left" in said
    assert region.tables.Statement.select().count() == 0
    assert region.journal.streams(hub=node.identity.hub_id) == []


def test_without_a_line_nothing_is_changed(
    node: Node, cast: Cast, region: Node, serve_node: Callable[[Node], Served], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page of the tide says why, and the hub stays joined."""
    tide.joined(node, region, "http://127.0.0.1:9")
    monkeypatch.setattr(leaving.time, "sleep", lambda _seconds: None)
    monkeypatch.setattr("hub.tide.link.TRIES", 1)
    steward = cast.client("steward")
    steward.post(f"{TIDE}leave/", data={"hub": region.identity.hub_id})
    Worker(node, HANDLERS).step()
    assert "this hub has not left" in unescape(steward.get(TIDE).text)
    assert len(peers.peers(node)) == 1
