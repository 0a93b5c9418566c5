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
