"""Publishing: what an audience may have is copied once, in its form, and nothing else is."""

from collections.abc import Callable

import pytest

from hub import own_keys
from hub.node import Node
from hub.tide import policy, publish
from sync.journal import Placed
from tests.fixtures import tide

BOTH = ("public", "region")


@pytest.fixture
def planted(node: Node) -> Node:
    """A hub with words in it that must not leave."""
    tide.plant(node)
    return node


def _all_left(node: Node) -> bytes:
    lines = [line for line in node.journal.streams() if line.audience != "local"]
    return b"".join(raw for line in lines for _, _, raw in node.journal.store.entries(line, 0, 1000))


def test_nothing_that_names_a_person_is_published(planted: Node) -> None:
    """No canary, no id of a person and no id of a statement is in any byte of a published stream."""
    assert publish.publish(planted, BOTH) == 3
    left = _all_left(planted)
    for word in (*tide.CANARIES, tide.PERSON, "00000000-0000-4000-8000", "canary"):
        assert word.encode() not in left


def test_learning_leaves_under_a_pseudonym(planted: Node) -> None:
    """Of an answer the region gets who (a stand-in), what, how well, and the hour."""
    publish.publish(planted, BOTH)
    copy = next(copy for copy in tide.prepared(planted, "region"))
    said = tide.texts([copy])[0]["raw"]
    key = own_keys.pseudonyms(planted.home)
    assert said["actor"]["account"]["name"] == policy.pseudonym(key, "region", tide.PERSON)
    assert said["object"] == {"id": "urn:mangrove:activity:safe-water:look:q1"}
    assert said["result"] == {"success": True, "score": {"scaled": 0.123}}
    assert set(said) == {"id", "actor", "verb", "object", "result"}
    assert copy.at_ms == tide.AT_MS - tide.AT_MS % 3_600_000


def test_an_outside_tools_record_leaves_without_its_words(planted: Node) -> None:
    """A verb and an activity that a tool named are counted and not told."""
    publish.publish(planted, BOTH)
    said = tide.texts(tide.prepared(planted, "region"))[1]["raw"]
    assert said["verb"]["id"] == policy.OTHER_VERB
    assert said["object"]["id"].startswith("urn:mangrove:activity:~")


def test_a_record_that_voids_points_at_the_copy(node: Node) -> None:
    """A voiding leaves too, and names the copy of what it voids, not the statement here."""
    tide.record(node, tide.statement(1))
    voids = {"verb": {"id": "http://adlnet.gov/expapi/verbs/voided"}, "result": {}}
    target = {"objectType": "StatementRef", "id": tide.statement(1)["id"]}
    tide.record(node, tide.statement(2, object=target, **voids))
    publish.publish(node, BOTH)
    first, second = tide.texts(tide.prepared(node, "region"))
    assert second["raw"]["object"] == {"objectType": "StatementRef", "id": first["raw"]["id"]}


def test_two_audiences_cannot_compare_their_pseudonyms() -> None:
    """One person is somebody else for each audience, and for each hub."""
    names = {policy.pseudonym(key, audience, "p") for key in (b"1", b"2") for audience in BOTH}
    assert len(names) == 4


def test_publishing_twice_copies_once(planted: Node) -> None:
    """A second run finds nothing to do and leaves the streams as they are."""
    publish.publish(planted, BOTH)
    heads = planted.journal.streams()
    assert publish.publish(planted, BOTH) == 0
    assert planted.journal.streams() == heads


def test_publishing_goes_on_in_bounded_steps(node: Node) -> None:
    """More than one step's worth is copied whole, in order, each once."""
    tide.learn(node, first=1, count=2 * publish.STEP_ENTRIES + 7)
    assert publish.publish(node, BOTH) == 2 * publish.STEP_ENTRIES + 7
    ids = [said["raw"]["id"] for said in tide.texts(tide.prepared(node, "region"))]
    assert len(set(ids)) == len(ids)


def test_a_copy_and_its_mark_are_one_transaction(node: Node) -> None:
    """When a step cannot be kept, neither the copies nor the mark are, and the next run makes them once."""
    tide.learn(node, first=1, count=3)

    def cut() -> None:
        publish.publish(node, BOTH)
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        node.write(cut)
    assert list(tide.prepared(node, "region")) == []
    assert publish.publish(node, BOTH) == 3


def test_what_waits_is_what_will_leave(planted: Node) -> None:
    """The list that a steward reads beforehand is, byte for byte, what is published then."""
    before = [list(publish.waiting(planted, audience)) for audience in BOTH]
    publish.publish(planted, BOTH)
    assert [list(tide.prepared(planted, audience)) for audience in BOTH] == before
    assert [list(publish.waiting(planted, audience)) for audience in BOTH] == [[], []]


def test_nothing_is_prepared_for_nobody(planted: Node) -> None:
    """Without an audience that somebody takes, no stream is begun."""
    assert publish.publish(planted, ()) == 0
    assert {line.audience for line in planted.journal.streams()} == {"local"}


def test_an_entry_that_cannot_be_read_stays(node: Node) -> None:
    """A record in an unknown shape stays here, and what follows it leaves."""
    node.write(lambda: node.record("statement", b"[1]"))
    tide.record(node, tide.statement(1))
    assert publish.publish(node, BOTH) == 1


def test_after_a_restore_nothing_is_published_twice(make_node: Callable[..., Node]) -> None:
    """A new incarnation goes on where the old one ended: what was copied before is not copied again."""
    node = make_node()
    tide.learn(node, first=1, count=5)
    publish.publish(node, BOTH)
    node.journal.begin_incarnation("restored")
    tide.learn(node, first=6, count=2)
    assert publish.publish(node, BOTH) == 2


def test_a_page_looks_at_so_many_entries_and_no_more(planted: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a hub that has joined nobody the whole journal waits to be looked at; a page does not read it through."""
    monkeypatch.setattr(publish, "LOOKED_AT", 4)
    tide.learn(planted, first=10, count=500)
    read, reading = [], planted.journal.read

    def spy(stream: str, *, after: int, limit: int) -> list[Placed]:
        read.append(limit)
        return reading(stream, after=after, limit=limit)

    monkeypatch.setattr(planted.journal, "read", spy)
    found = publish.preview(planted, "public", most=40)
    assert ([copy.kind for copy in found.copies], found.is_all) == (["hub"], False)
    assert len(read) == 1


def test_a_preview_says_whether_it_is_all(planted: Node) -> None:
    """Two records wait for the region: one is not all of them, two are."""
    whole = list(publish.waiting(planted, "region"))
    assert publish.preview(planted, "region", most=1) == publish.Preview((whole[0],), is_all=False)
    assert publish.preview(planted, "region", most=2) == publish.Preview(tuple(whole), is_all=True)
