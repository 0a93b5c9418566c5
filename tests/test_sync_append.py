"""Appending: entries get their number and their hash, are folded once, and can be read again."""

import pytest

from sync import lines, stream
from sync.errors import EntryWrong
from sync.ids import cut_id
from tests.fixtures.fused import Cut
from tests.fixtures.properties import check_whole
from tests.fixtures.sync_hub import BareHub, MakeHub


@pytest.fixture
def hub(make_hub: MakeHub) -> BareHub:
    """A hub with an empty journal."""
    return make_hub("hub")


def test_the_first_entry_of_a_stream_says_whose_it_is(hub: BareHub) -> None:
    """It is there before anything else is."""
    hub.say("region", "one")
    first, second = hub.placed("region")
    opening = stream.read_opening(first.entry)
    assert (opening.hub, opening.audience, opening.incarnation) == (hub.identity.hub_id, "region", 1)
    assert (first.seq, second.seq, second.entry.payload) == (1, 2, b"one")


def test_an_entry_is_named_by_the_running_hash(hub: BareHub) -> None:
    """Its id is cut from the head as it was after it."""
    (placed,) = hub.say("local", "one")
    (line,) = hub.journal.streams()
    assert placed.id == cut_id(line.head)


def test_an_entry_can_be_read_again(hub: BareHub) -> None:
    """By its place, and as one of those after a number; what is not there is None and nothing."""
    placed = hub.say("local", "one", "two")[0]
    assert hub.journal.get(placed.stream, placed.seq) == placed
    assert [each.entry.payload for each in hub.journal.read(placed.stream, after=placed.seq)] == [b"two"]
    assert hub.journal.get(placed.stream, 9) is None
    assert hub.journal.get(placed.stream, 0) is None
    assert hub.journal.read("nothing") == []


def test_many_entries_can_be_read_at_once(hub: BareHub) -> None:
    """By their places in several streams; what is not there is left out."""
    placed = [*hub.say("local", "one", "two"), *hub.say("region", "three")]
    places = [(each.stream, each.seq) for each in placed]
    assert hub.journal.gather([*places, ("nothing", 1), (placed[0].stream, 99)]) == dict(
        zip(places, placed, strict=True)
    )
    assert hub.journal.gather([]) == {}


def test_local_entries_are_folded_and_copies_for_others_are_not(hub: BareHub) -> None:
    """What a copy says was folded when it happened."""
    hub.say("local", "one")
    hub.say("region", "copy")
    assert [each.entry.payload for each in hub.folded if each.entry.kind == "note"] == [b"one"]
    assert hub.folded == list(hub.journal.replay())


def test_local_entries_carry_the_machines_time_and_copies_do_not(hub: BareHub) -> None:
    """The boot and its milliseconds would tell the minute that a policy took away."""
    hub.clock.advance(5)
    local = hub.write(lambda: hub.journal.append("local", "note", b"", depth=2)).entry
    copy = hub.write(lambda: hub.journal.append("region", "note", b"", at_ms=3_600_000)).entry
    assert (local.at_ms, local.boot_id, local.mono_ms, local.quality, local.depth) == (
        hub.clock.now_ms(),
        hub.clock.boot_id,
        5000,
        2,
        2,
    )
    assert (copy.at_ms, copy.boot_id, copy.mono_ms) == (3_600_000, "", 0)


def test_entries_of_many_blocks_are_all_in_the_chain(hub: BareHub) -> None:
    """Each block of 256 has a seed of its own."""
    hub.write(lambda: [hub.journal.append("local", "note", b"x") for _ in range(600)])
    (line,) = hub.journal.streams()
    check_whole(hub)
    seeds = lines.seeds_of(hub.journal.store, line, 1, line.seq)
    assert sorted(seeds) == [0, 1, 2] and len(set(seeds.values())) == 3
    assert sum(1 for _ in hub.journal.replay()) == 601


def test_many_at_once_lie_as_if_they_came_one_by_one(make_hub: MakeHub) -> None:
    """Same numbers, hashes, seeds and folds, whatever the times and however many; none at all change nothing."""
    payloads = [(f"{number}".encode(), number or None) for number in range(600)]
    one, many = make_hub("hub"), make_hub("hub")
    for payload, at_ms in payloads:
        one.write(lambda payload=payload, at_ms=at_ms: one.journal.append("local", "note", payload, at_ms=at_ms))
    placed = many.write(lambda: many.journal.append_many("local", "note", payloads))
    assert many.write(lambda: many.journal.append_many("region", "note", [])) == []
    check_whole(many)
    assert many.folded[1:] == placed
    assert (one.folded, one.journal.streams()) == (many.folded, many.journal.streams())


def test_one_that_cannot_be_an_entry_spoils_all_of_its_batch(hub: BareHub) -> None:
    """What was whole beside it is not kept either."""
    hub.say("local", "before")
    with pytest.raises(EntryWrong):
        hub.write(lambda: hub.journal.append_many("local", "note", [(b"whole", None), (b"x" * 70_000, None)]))
    assert hub.texts("local") == ["before"]
    check_whole(hub)


def test_what_cannot_be_an_entry_leaves_nothing(hub: BareHub) -> None:
    """A refused entry does not even open a stream."""
    with pytest.raises(EntryWrong):
        hub.write(lambda: hub.journal.append("local", "No Kind", b""))
    assert hub.journal.streams() == []


def test_a_power_cut_between_any_two_statements_leaves_all_or_nothing(hub: BareHub) -> None:
    """Whatever statement is the last, the next start finds a whole journal with the entry or without it."""
    hub.say("local", "before")
    fuse, is_cut = 0, True
    while is_cut:
        hub.database.fuse = fuse
        try:
            hub.say("local", f"cut at {fuse}")
            is_cut = False
        except Cut:
            fuse += 1
        hub.open()
        check_whole(hub)
        assert len(hub.texts("local")) == (1 if is_cut else 2)
    assert fuse >= 3
