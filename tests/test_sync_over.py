"""Starting over: the journal is empty but for new streams that say why."""

import pytest

from sync.over import start_over
from tests.fixtures.properties import check_whole
from tests.fixtures.sync_hub import BareHub, MakeHub, befriend


@pytest.fixture
def hub(make_hub: MakeHub) -> BareHub:
    """A hub with entries of its own and of a region."""
    made, region = make_hub("hub"), make_hub("region")
    befriend(made, region)
    region.say("public", "welcome")
    made.say("local", "one")
    made.say("region", "copy")
    made.sync(region)
    return made


def test_everything_old_is_forgotten(hub: BareHub) -> None:
    """Of each audience one stream stays, with its opening alone; other hubs' entries are gone too."""
    hub.write(lambda: start_over(hub.journal, reason="demo cleared"))
    lines = hub.journal.streams()
    assert [(line.audience, line.seq, line.is_current) for line in sorted(lines, key=lambda line: line.audience)] == [
        ("local", 1, 1),
        ("region", 1, 1),
    ]
    assert {b"demo cleared" in each.entry.payload for each in hub.placed()} == {True}
    check_whole(hub)


def test_an_empty_journal_stays_empty(make_hub: MakeHub) -> None:
    """Nothing to forget is no mistake."""
    hub = make_hub("hub")
    hub.write(lambda: start_over(hub.journal, reason="demo cleared"))
    assert hub.journal.streams() == []


def test_the_hub_goes_on_after_it(hub: BareHub) -> None:
    """A restart finds nothing wrong once the marks are forgotten."""
    hub.write(lambda: start_over(hub.journal, reason="demo cleared"))
    hub.identity.forget_marks()
    hub.open()
    hub.say("local", "new")
    assert hub.texts("local") == ["new"]
    assert len(hub.journal.streams()) == 2


def _old_push(hub: BareHub, region: BareHub) -> bytes:
    """What a thief on the line recorded when the hub told of what it left behind later."""
    heard: list[tuple[str, bytes]] = []

    def overheard(name: str, body: bytes) -> bytes:
        heard.append((name, body))
        return region.answer(name, body)

    hub.sync(region, link=overheard)
    return next(body for name, body in heard if name == "push")


def test_a_replayed_push_of_what_was_left_behind_is_not_taken(make_hub: MakeHub) -> None:
    """A region that was restored knows of the new stream and never saw the old one: nobody brings that back."""
    hub, region = make_hub("hub"), make_hub("region")
    befriend(hub, region)
    empty = region.database.twin()
    hub.say("region", "of the demo")
    push = _old_push(hub, region)
    hub.write(lambda: start_over(hub.journal, reason="demo cleared"))
    hub.say("region", "ours")
    region.restore(empty)
    assert hub.sync(region).agreed
    region.answer("push", push)
    assert region.texts("region") == ["ours"]
    assert hub.sync(region).agreed
    check_whole(region)
