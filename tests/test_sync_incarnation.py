"""A hub that cannot show it stands at the head of its streams goes on in new ones."""

from functools import partial

import pytest

from sync import stream
from tests.fixtures.sync_hub import BareHub, MakeHub, befriend


@pytest.fixture
def hub(make_hub: MakeHub) -> BareHub:
    """A hub with something in two streams."""
    made = make_hub("hub")
    made.say("local", "one")
    made.say("region", "copy")
    return made


@pytest.fixture
def region(hub: BareHub, make_hub: MakeHub) -> BareHub:
    """A region that has all of it."""
    made = make_hub("region")
    befriend(hub, made)
    hub.sync(made)
    return made


def _incarnations(hub: BareHub) -> list[tuple[str, int, int]]:
    own = hub.journal.streams(hub=hub.identity.hub_id)
    return sorted((line.audience, line.incarnation, line.is_current) for line in own)


def test_a_new_incarnation_names_what_it_goes_on_from(hub: BareHub) -> None:
    """Every audience gets a new stream, whose first entry has the old one's end and the reason."""
    (old,) = hub.journal.streams(audience="region")
    hub.journal.begin_incarnation("restored")
    assert _incarnations(hub) == [("local", 1, 0), ("local", 2, 1), ("region", 1, 0), ("region", 2, 1)]
    (new,) = [line for line in hub.journal.streams(audience="region") if line.is_current]
    opening = stream.read_opening(hub.journal.read(new.stream)[0].entry)
    assert opening.reason == "restored"
    assert opening.predecessor == f"{old.stream}:{old.seq}:{old.head.hex()}"


def test_entries_go_to_the_newest_incarnation(hub: BareHub) -> None:
    """The old stream stays as long as it was."""
    hub.journal.begin_incarnation("restored")
    (placed,) = hub.say("local", "two")
    assert (placed.seq, hub.texts("local")) == (2, ["one", "two"])


def test_an_older_database_beside_a_newer_key_is_noticed(hub: BareHub, region: BareHub) -> None:
    """The marks beside the key know more than the database, so the hub goes on in new streams, once."""
    older = hub.database.twin()
    hub.say("region", "lost")
    hub.sync(region)
    hub.restore(older)
    assert _incarnations(hub)[-1] == ("region", 2, 1)
    hub.open()
    assert _incarnations(hub)[-1] == ("region", 2, 1)


def test_a_database_that_is_not_older_goes_on(hub: BareHub, region: BareHub) -> None:
    """A restart changes nothing."""
    hub.open()
    assert _incarnations(hub) == [("local", 1, 1), ("region", 1, 1)]


def test_a_key_with_marks_and_an_empty_database_begins_anew(hub: BareHub, region: BareHub, make_hub: MakeHub) -> None:
    """A database that was lost whole is replaced by an empty one, and what was told comes back from the region."""
    hub.restore(make_hub("empty").database)
    assert _incarnations(hub) == []
    hub.say("region", "anew")
    assert hub.sync(region).agreed
    assert hub.texts("region") == region.texts("region") == ["anew", "copy"]


def test_what_was_lost_comes_back_and_the_hub_goes_on_elsewhere(hub: BareHub, region: BareHub) -> None:
    """Somebody who knows more of our stream gives it back; then a new incarnation begins in the same exchange."""
    older = hub.database.twin()
    hub.say("region", "lost", "lost too")
    hub.sync(region)
    hub.restore(older, with_marks=True)
    assert _incarnations(hub)[-1] == ("region", 1, 1)
    report = hub.sync(region)
    assert (report.pulled, report.agreed) == (2, True)
    assert hub.texts("region") == ["copy", "lost", "lost too"]
    assert _incarnations(hub)[-1] == ("region", 2, 1)


def test_a_hub_that_had_begun_anew_before_its_loss_does_so_again(hub: BareHub, region: BareHub) -> None:
    """An older database whose streams had been left already learns it from the newer stream's first entry."""
    older = hub.database.twin()
    hub.journal.begin_incarnation("restored")
    hub.sync(region)
    hub.restore(older, with_marks=True)
    assert hub.sync(region).agreed
    assert _incarnations(hub)[-2:] == [("region", 2, 0), ("region", 3, 1)]


def test_copies_that_came_back_are_not_folded_again(hub: BareHub, region: BareHub) -> None:
    """What a copy says was folded from the local stream, or is lost with it."""
    older = hub.database.twin()
    hub.say("region", "lost")
    hub.sync(region)
    hub.restore(older, with_marks=True)
    hub.sync(region)
    assert [each.entry.payload for each in hub.folded if each.entry.kind == "note"] == [b"one"]


def test_one_audience_is_left_behind_alone(hub: BareHub) -> None:
    """Its stream goes on in one that begins from none; the others go on as they were, and where there is none nothing
    begins."""
    for audience in ("region", "person"):
        hub.write(partial(hub.journal.leave_behind, audience, "withdrawn"))
    assert _incarnations(hub) == [("local", 1, 1), ("region", 1, 0), ("region", 2, 1)]
    (new,) = [line for line in hub.journal.streams(audience="region") if line.is_current]
    assert stream.read_opening(hub.journal.read(new.stream)[0].entry).predecessor == ""
