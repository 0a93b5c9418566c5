"""What a region hands on and cannot be is left where it stands: the page says so, and everything else went on."""

from collections.abc import Callable

import pytest

from hub.app import create_app
from hub.node import Node
from hub.tide import certificates, report, run
from hub.tide.link import Link
from sync import batch as batches
from sync import protocol
from sync.messages import PullSaid
from tests.fixtures import tide
from tests.fixtures.cast import Cast
from tests.fixtures.web import Served


@pytest.fixture
def other(make_node: Callable[..., Node], region: Node, up: Served) -> Node:
    """A hub of the region, which has told its name there."""
    made = make_node("other")
    made.write(lambda: made.change("hub", made.identity.hub_id, name="Other"))
    tide.joined(made, region, up.url)
    assert run.sync_with(made, pause=lambda _: None).agreed
    return made


def test_the_page_says_that_a_stream_was_left(
    hub: Node, region: Node, up: Served, other: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hub's own records go, the region's certificates come; the one stream comes as soon as it is right."""
    carry = Link.__call__

    def twisted(link: Link, name: str, body: bytes) -> bytes:
        said = carry(link, name, body)
        found = (
            PullSaid.read(protocol.open_answer(region.identity.hub_id, name, body, said)).batch
            if name == "pull"
            else None
        )
        if found is None or batches.read(found).hub != other.identity.hub_id:
            return said
        changed = found[:-1] + bytes((found[-1] ^ 1,))
        return protocol.answer(region.identity, name, body, PullSaid(changed).packed())

    tide.learn(hub, first=1, count=5)
    with monkeypatch.context() as lying:
        lying.setattr(Link, "__call__", twisted)
        went = run.sync_with(hub, pause=lambda _: None)
    assert "everything else went on" in went.problem and went.pushed >= 5
    assert len(certificates.certificates(hub)) == 2 and region.tables.Statement.select().count() == 5
    assert "everything else went on" in report.words(report.states(hub)[0])
    app = create_app(hub)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    page = Cast(hub, app).client("steward").get("/status/tide/").get_data(as_text=True)
    assert "was left where it stands" in page
    assert hub.tables.Hub.get_or_none(hub.tables.Hub.id == other.identity.hub_id) is None
    assert run.sync_with(hub, pause=lambda _: None).agreed
    assert hub.tables.Hub.get_by_id(other.identity.hub_id).name == "Other"
