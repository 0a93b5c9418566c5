"""A copied card: two devices under one key are seen by everybody, and are one place or two as people say."""

import random
from dataclasses import replace

import pytest

from sync import clone, entry, stream
from sync.clone import halves
from sync.errors import EntryWrong
from sync.identity import Identity
from sync.journal import Folding, Journal
from sync.stream import Clone, Opening
from tests.fixtures.properties import check_whole
from tests.fixtures.sync_hub import BareHub, MakeHub, befriend


@pytest.fixture
def hub(make_hub: MakeHub, region: BareHub) -> BareHub:
    """A hub whose region has what it says."""
    made = make_hub("hub")
    befriend(made, region)
    made.say("local", "here")
    made.say("public", "name")
    made.say("region", "before")
    made.sync(region)
    return made


@pytest.fixture
def region(make_hub: MakeHub) -> BareHub:
    """The region."""
    return make_hub("region")


@pytest.fixture
def twin(hub: BareHub) -> BareHub:
    """The copied card in another machine, where it begins anew as it wakes."""
    made = hub.copy("twin")
    made.journal.begin_incarnation("another machine")
    return made


def _go_on(region: BareHub, *devices: BareHub) -> None:
    """Each writes something and goes to the tide, in turns."""
    for each in devices:
        each.say("region", f"of {each.name}")
        each.say("public", f"of {each.name}")
    for each in devices:
        assert each.sync(region).agreed


def _seen(at: BareHub, hub: BareHub) -> list[tuple[str, int, bool]]:
    return [(half.reason, half.records, half.is_current) for half in halves(at.journal, hub.identity.hub_id)]


def _leave(twin: BareHub, name: str = "new") -> BareHub:
    """Give a device a key of its own, as its hub does."""
    own = Identity(random.Random(name).randbytes(32))
    folding = Folding(lambda _: None, lambda _: None)
    journal = Journal(twin.database, own, twin.clock, twin.randomness, twin.write, folding)
    twin.write(lambda: clone.take_over(journal, twin.identity))
    twin.identity, twin.seed = own, random.Random(name).randbytes(32)
    twin.open()
    return twin


def test_one_device_is_no_question(hub: BareHub, region: BareHub) -> None:
    """Nor is a card that was moved: only its new machine goes on."""
    assert halves(hub.journal, hub.identity.hub_id) == ()
    hub.journal.begin_incarnation("another machine")
    _go_on(region, hub)
    assert _seen(region, hub) == _seen(hub, hub) == []


def test_a_restored_hub_is_no_question(hub: BareHub, region: BareHub) -> None:
    """It gets its lost tail back and goes on in one line."""
    older = hub.database.twin()
    _go_on(region, hub)
    hub.restore(older)
    _go_on(region, hub)
    assert _seen(region, hub) == _seen(hub, hub) == []


def test_both_sides_learn_of_each_other_within_one_exchange(hub: BareHub, twin: BareHub, region: BareHub) -> None:
    """The second to come hears of the first at once, the first with its next exchange; the region from both."""
    hub.clock.advance(60)
    _go_on(region, twin, hub)
    assert _seen(hub, hub) == [("another machine", 1, False), ("lost tail", 1, True)]
    twin.sync(region)
    assert _seen(twin, hub) == [("another machine", 1, True), ("lost tail", 1, False)]
    assert _seen(region, hub) == [("another machine", 1, False), ("lost tail", 1, False)]


def test_a_fork_is_seen_as_well(hub: BareHub, region: BareHub) -> None:
    """Where the machines cannot be told apart, both gave entries one number; each goes on in a stream of its own."""
    twin = hub.copy("twin")
    for _ in range(2):
        _go_on(region, hub, twin)
    _go_on(region, hub)
    assert [half[0] for half in _seen(region, hub)] == ["fork", "fork"]
    assert hub.texts("region").count("of twin") == 2


def test_one_place_ends_the_question_everywhere(hub: BareHub, twin: BareHub, region: BareHub) -> None:
    """Everybody sees one leaf; the device that goes on in spite of that is seen again."""
    for _ in range(2):
        _go_on(region, twin, hub)
    assert clone.join(hub.journal)
    assert not clone.join(hub.journal)
    _go_on(region, hub)
    assert _seen(region, hub) == _seen(hub, hub) == []
    twin.sync(region)
    assert _seen(twin, hub) == []
    _go_on(region, twin, hub)
    assert len(_seen(region, hub)) == len(_seen(hub, hub)) == 2
    assert region.texts("region").count("of twin") == 3


def test_any_number_of_devices_can_be_joined(hub: BareHub, region: BareHub) -> None:
    """Five of them: an opening has room for two names beside its end, so there are as many as it takes."""
    devices = [hub, *(hub.copy(f"twin {number}") for number in range(4))]
    for each in devices:
        each.journal.begin_incarnation("another machine")
    for _ in range(2):
        _go_on(region, *devices)
    assert len(_seen(region, hub)) == 5
    hub.sync(region)
    assert clone.join(hub.journal)
    _go_on(region, hub)
    assert _seen(region, hub) == []


def test_two_places_each_with_a_key(hub: BareHub, twin: BareHub, region: BareHub) -> None:
    """The younger says where it comes from; both sides hear it in one exchange, and nothing is lost or there twice."""
    for _ in range(2):
        _go_on(region, twin, hub)
    twin.say("region", "not sent")
    old = hub.identity.hub_id
    new = _leave(twin)
    befriend(new, region)
    region.peerings[new.identity.hub_id] = replace(region.peerings[old], hub=new.identity.hub_id)
    assert [line.audience for line in new.journal.streams(hub=old)] == []
    assert new.texts("local") == ["here"]
    _go_on(region, new)
    assert _seen(region, hub) == []
    hub.sync(region)
    assert _seen(hub, hub) == []
    for each in (hub, region, new):
        found = clone.clones(each.journal, old)
        assert clone.origin(each.journal, new.identity.hub_id) == old
        assert each is new or list(found) == [new.identity.hub_id]
        check_whole(each)
    assert region.texts("region") == sorted(["before", "of hub", "of hub", "of twin", "of twin", "of twin"])
    assert clone.origin(region.journal, old) == ""


def test_the_first_entry_names_where_it_was_cloned_from(hub: BareHub, twin: BareHub) -> None:
    """In what happened here, which goes on where it stood, and in public."""
    old, roots = twin.identity.hub_id, {line.root for line in twin.journal.streams() if line.is_current}
    erased = twin.say("local", "erased")[0]
    twin.erase((erased.stream, erased.seq))
    before = twin.journal.streams(audience="local")
    new = _leave(twin)
    (public,) = new.journal.streams(hub=new.identity.hub_id, audience="public")
    said = stream.read_opening(new.journal.read(public.stream)[0].entry).cloned_from
    assert said is not None
    assert (said.hub, set(said.leaves) < roots) == (old, True)
    after = new.journal.streams(audience="local")
    assert {line.hub for line in after} == {new.identity.hub_id}
    assert len(after) == len(before) + 1
    new.erase(*((each.stream, each.seq) for each in new.placed("local") if each.entry.payload == b"here"))
    assert new.texts("local") == []
    check_whole(new)


@pytest.mark.parametrize("proof", ["", "zz", "00" * 64])
def test_who_has_no_proof_was_not_cloned(hub: BareHub, region: BareHub, make_hub: MakeHub, proof: str) -> None:
    """A hub that only claims it takes nobody's leaves."""
    liar = make_hub("liar")
    root = hub.journal.streams(audience="public")[0].root
    liar.write(lambda: liar.journal.begin_cloned(Clone(hub.identity.hub_id, (root,), proof), ["public"]))
    befriend(liar, region)
    liar.sync(region)
    assert clone.clones(region.journal, hub.identity.hub_id) == {}
    assert clone.origin(region.journal, liar.identity.hub_id) == ""


def test_who_goes_on_from_another_hub_without_a_word_is_no_clone(hub: BareHub, make_hub: MakeHub) -> None:
    """Nor is one whose first entry says another hub."""
    liar, other = make_hub("liar"), make_hub("other")
    root = hub.journal.streams(audience="public")[0].root
    told = clone.claim(other.identity, liar.identity.hub_id, [root])
    hub.write(lambda: liar.journal.begin_cloned(told, ["public"]))
    befriend(liar, hub)
    liar.sync(hub)
    assert clone.clones(hub.journal, hub.identity.hub_id) == {}


@pytest.mark.parametrize(
    "said", [1, {}, {"hub": "a", "proof": "b", "leaves": "c"}, {"hub": 1, "proof": "b", "leaves": []}]
)
def test_an_opening_that_says_it_wrongly_is_refused(hub: BareHub, said: object) -> None:
    """As one that does not say whose it is."""
    payload = stream.opening_payload(Opening("a" * 52, "public", 1))
    assert b"cloned" not in payload
    wrong = payload[:-1] + b',"cloned-from":' + str(said).replace("'", '"').encode() + b"}"
    with pytest.raises(EntryWrong):
        stream.read_opening(entry.Entry(stream.OPEN, wrong, 0))


@pytest.mark.parametrize("end", ["{root}:1:zz", "{root}:-1:00", "{root}:x", "nowhere", "{root}:9:00", ":"])
def test_a_hub_that_lies_about_what_it_goes_on_from_harms_nobody(hub: BareHub, region: BareHub, end: str) -> None:
    """What cannot be the end of a stream leads nowhere."""
    root, twin = hub.journal.streams(audience="public")[0].root, hub.copy("twin")
    twin.journal.begin_incarnation("lie", beside={"public": [end.format(root=root)]})
    _go_on(region, twin, hub)
    assert [records for _, records, _ in _seen(region, hub)] == [1, 1]


def test_streams_that_go_on_from_each_other_are_followed_to_an_end(hub: BareHub) -> None:
    """A hub can draw a stream's name before it begins it, and so lead in a circle whoever looks."""
    first, second, leaf, other = (letter * 32 for letter in "abcd")
    ways = {first: [second], second: [first], leaf: [first, second], other: [second]}
    for name, beside in ways.items():
        hub.journal._randomness = lambda size, name=name: bytes.fromhex(name)[:size]  # noqa: SLF001
        hub.write(lambda beside=beside: hub.journal._open("region", "lie", anew=True, beside=beside))  # noqa: SLF001
        hub.journal._randomness = hub.randomness  # noqa: SLF001
        hub.say("region", "lie")
    lines = hub.journal.streams(audience="region")
    ends = {
        line.root: way for line, way in zip(lines, (clone._way(hub.journal.store, each) for each in lines), strict=True)
    }  # noqa: SLF001
    assert set(ends[leaf]) == {first, second, leaf}
    assert set(ends[other]) == {first, second, other}
