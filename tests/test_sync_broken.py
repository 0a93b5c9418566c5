"""A hub that hands on what cannot be: that stream is left where it stands, and everything else goes on."""

import pytest

from sync import batch as batches
from sync import exchange, protocol
from sync.messages import PullSaid
from tests.fixtures.sync_hub import BareHub, MakeHub, befriend

OTHERS = ("one", "two", "three")


@pytest.fixture
def hubs(make_hub: MakeHub) -> tuple[BareHub, BareHub, list[BareHub]]:
    """A hub, its region, and three others of which the region has told nobody yet."""
    hub, region, others = make_hub("hub"), make_hub("region"), [make_hub(name) for name in OTHERS]
    for each in (hub, *others):
        befriend(each, region)
    for each in others:
        each.say("public", each.name)
        each.sync(region)
    return hub, region, others


def breaking(hub: BareHub, region: BareHub, broken: set[str]) -> exchange.Link:
    """A region that changes the signature of the batches of some hubs, and signs that itself."""

    def link(name: str, body: bytes) -> bytes:
        said = region.answer(name, body)
        if name != "pull":
            return said
        found = PullSaid.read(protocol.open_answer(region.identity.hub_id, name, body, said)).batch
        if found is None or batches.read(found).hub not in broken:
            return said
        return protocol.answer(region.identity, name, body, PullSaid(_other(found)).packed())

    return link


def _other(data: bytes) -> bytes:
    """The same bytes but for the last."""
    return data[:-1] + bytes((data[-1] ^ 1,))


def test_one_broken_stream_holds_up_no_other(hubs: tuple[BareHub, BareHub, list[BareHub]]) -> None:
    """It is told, tried again at the next tide, and there as soon as it is right."""
    hub, region, others = hubs
    region.say("public", "news")
    link = breaking(hub, region, {others[1].identity.hub_id})
    went = hub.sync(region, link=link)
    assert hub.texts("public") == ["news", "one", "three"] and not went.agreed
    assert len(went.refused) == 1 and "nothing" in next(iter(went.refused.values()))
    assert list(hub.sync(region, link=link).refused) == list(went.refused)
    assert hub.sync(region).agreed
    assert hub.texts("public") == ["news", "one", "three", "two"]


def test_after_too_many_nothing_more_is_asked_for(
    hubs: tuple[BareHub, BareHub, list[BareHub]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who makes up streams takes no more of the line than that."""
    hub, region, others = hubs
    monkeypatch.setattr(exchange, "REFUSED_MAX", 2)
    link = breaking(hub, region, {each.identity.hub_id for each in others})
    went = hub.sync(region, link=link)
    assert len(went.refused) == 2 and went.pulled == 0


def test_of_endless_streams_only_so_many_are_heard(
    hubs: tuple[BareHub, BareHub, list[BareHub]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the region itself tells goes on."""
    hub, region, _ = hubs
    region.say("public", "news")
    monkeypatch.setattr(exchange, "FAR_MAX", 2)
    went = hub.sync(region)
    assert hub.texts("public") == ["news"] and list(went.refused) == [""]
