"""The rules by which what hubs hold together is merged: in any order the same, and each type by its own rule."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub import projections
from hub.node import Node
from hub.people import roster
from hub.projections import fingerprint
from hub.projections.roles import is_held
from hub.together import held, merge
from hub.together.merge import Fact
from sync.entry import Entry
from sync.journal import Placed
from tests.fixtures import tide
from tests.fixtures.entries import placed

A, B, C = "a" * 52, "b" * 52, "c" * 52
ABOUT = f"{A}:circle:1"
MANY = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _fact(id: str, sort: str = "write", value: str = "", *, hub: str = A, **more: Any) -> Fact:  # noqa: A002
    said = {"subject": ABOUT, "field": "name", "depth": 1, "stream": hub[:2], "replaces": frozenset[str](), **more}
    return Fact(id=id, sort=sort, value=value, hub=hub, **said)


def _seen(*ids: str) -> frozenset[str]:
    return frozenset(ids)


@st.composite
def _facts(draw: st.DrawFn) -> list[Fact]:
    """Up to ten facts of three hubs, some of which name some of the others."""
    sorts = [*merge_sorts(), "write", "write", "proposal"]
    made: list[Fact] = []
    for number in range(draw(st.integers(2, 10))):
        sort = draw(st.sampled_from(sorts))
        field = {"add": "members", "remove": "members", "write": "name", "proposal": "name"}.get(sort, "")
        value = draw(st.sampled_from([f"{A}:person:1", f"{B}:person:2"] if field == "members" else [A, B, C]))
        replaces = draw(st.sets(st.sampled_from([f"f{each}" for each in range(10)]), max_size=3))
        hub, depth = draw(st.sampled_from([A, A, B, C])), draw(st.integers(1, 3))
        more = {"field": field, "depth": depth, "replaces": frozenset(replaces)}
        made.append(_fact(f"f{number}", sort, value, hub=hub, **more))
    return made


def merge_sorts() -> list[str]:
    """What facts there are."""
    return ["write", "proposal", "home", "add", "remove", "hold", "release"]


def _reckoned(facts: list[Fact]) -> object:
    chain = merge.homes(facts, A)
    ends = merge.members(facts, "members", chain[-1]), merge.shared_with(facts, A)
    return chain, merge.field(facts, "name", chain), ends


@MANY
@given(st.data())
def test_the_order_of_facts_does_not_matter(data: st.DataObject) -> None:
    """Of facts in any order, and of some that come twice, the same stands; nothing that was not replaced is hidden."""
    facts = data.draw(_facts())
    again = data.draw(st.permutations(facts))
    assert _reckoned(facts) == _reckoned(again)
    chain = merge.homes(facts, A)
    stands = merge.field(facts, "name", chain)
    seen = {each.value for each in (*stands.rivals, *stands.proposals, *([stands.word] if stands.word else []))}
    gone = {one for each in facts if each.field == "name" for one in each.replaces}
    assert {each.value for each in facts if each.field == "name" and each.id not in gone} <= seen


@pytest.mark.parametrize("turn", range(3))
def test_the_tables_end_the_same_in_any_order(node: Node, turn: int) -> None:
    """On either database: facts of two hubs, one claimed twice with other words, one relayed by the hub at home."""
    told = [
        ("joint", _payload("w1", value="River"), A),
        ("joint", _payload("w1", value="Other"), A),
        ("joint", _payload("p1", sort="proposal", value="Bank"), B),
        ("joint", _payload("p1", sort="proposal", value="Bank") | {"by": B}, A),
    ]
    entries = [_placed(kind, said, hub, number) for number, (kind, said, hub) in enumerate(told)]
    order = [entries, entries[::-1], [entries[2], entries[0], entries[3], entries[1]]][turn]
    node.write(lambda: [projections.project(node.tables, each) for each in order])
    table = node.tables.JointFact
    assert {row.id for row in table.select()} == {f"{A} w1", f"{B} p1"}
    assert node.tables.Twin.select().count() == 2 and node.tables.Rejected.select().count() == 0
    (twins,) = held.twins(node)
    assert twins.count == 2
    node.write(lambda: projections.project_all(node.tables, entries))
    assert fingerprint(node.tables) == _after(node, entries)


def _after(node: Node, entries: list[Placed]) -> str:
    node.write(lambda: (projections.empty(node.tables), projections.project_all(node.tables, entries)))
    return fingerprint(node.tables)


def _payload(id: str, *, sort: str = "write", value: str = "") -> dict[str, Any]:  # noqa: A002
    return {"id": id, "sort": sort, "subject": ABOUT, "field": "name", "value": value, "depth": 1, "stream": "s"}


def _placed(kind: str, said: dict[str, Any], hub: str, seq: int) -> Placed:
    entry = Entry(kind, json.dumps(said).encode(), tide.AT_MS, depth=1)
    return placed((hub, f"pair:{C}", f"{hub[:1]}/pair"), entry, seq)


def test_a_replaced_word_loses_then_the_deeper_then_the_greater_stream() -> None:
    """And the other one of two that did not know of each other stays visible."""
    old, new = _fact("1", value="Old", depth=9), _fact("2", value="New", replaces=_seen("1"))
    assert merge.field([old, new], "name", [A]).value == "New"
    deep = _fact("3", value="Deep", depth=5)
    stands = merge.field([deep, new], "name", [A])
    assert (stands.value, [each.value for each in stands.rivals]) == ("Deep", ["New"])
    later = _fact("4", value="Other", stream="zz")
    assert merge.field([new, later], "name", [A]).value == "Other" and merge.field([new, later], "name", [A]).is_met


def test_words_that_replace_each_other_all_stand() -> None:
    """A hostile ring hides nothing."""
    ring = [_fact("1", value="X", replaces=_seen("2")), _fact("2", value="Y", replaces=_seen("1"))]
    stands = merge.field(ring, "name", [A])
    assert {stands.value, *(each.value for each in stands.rivals)} == {"X", "Y"}


def test_of_two_handings_over_one_counts() -> None:
    """Two copies of a hub hand over to two hubs: everybody sees the same one at home, also when it goes on."""
    to_b, to_c = _fact("1", "home", B, field=""), _fact("2", "home", C, field="", depth=2)
    assert merge.homes([to_b, to_c], A) == (A, C) == merge.homes([to_c, to_b], A)
    back = _fact("3", "home", A, hub=C, field="", replaces=_seen("2"))
    assert merge.homes([back, to_b, to_c], A) == (A, C, A)
    stolen = _fact("4", "home", B, hub=B, field="")
    assert merge.homes([stolen], A) == (A,)


def test_a_set_takes_out_only_what_was_seen() -> None:
    """Put in anew while taken out elsewhere: it stays in. Others put in only what is theirs."""
    one, again = (_fact(each, "add", f"{B}:person:1", hub=B, field="members") for each in "12")
    out = _fact("3", "remove", f"{B}:person:1", field="members", replaces=_seen("1"))
    assert merge.members([one, out], "members", A) == ()
    assert merge.members([one, again, out], "members", A) == (f"{B}:person:1",)
    strange = _fact("4", "add", f"{A}:person:9", hub=B, field="members")
    assert merge.members([strange], "members", A) == ()


def test_ending_wins_over_a_sharing_that_did_not_know_of_it() -> None:
    """Of a sharing and its end that did not know of each other the end holds; one that knew of it stands again."""
    share, end = _fact("1", "hold", B, field=""), _fact("2", "release", B, field="")
    assert merge.shared_with([share, end], A) == ()
    assert merge.shared_with([share, end, _fact("3", "hold", B, field="", replaces=_seen("2"))], A) == (B,)


class _Word:
    """A word about a role, as a row of its table."""

    def __init__(self, id: str, is_held: int, stream: str, seq: int, depth: int, knows: str | None) -> None:  # noqa: A002
        self.id, self.is_held, self.stream, self.seq, self.depth, self.knows = id, is_held, stream, seq, depth, knows


def test_of_a_role_given_and_taken_back_at_once_the_taking_back_holds() -> None:
    """However deep the giving is; one that names the taking back gives it again, also in a former program's words."""
    taken = _Word("t", 0, "two", 1, 2, None)
    assert not is_held([_Word("g", 1, "one", 9, 9, ""), taken])
    assert is_held([_Word("g", 1, "one", 9, 9, "t"), taken])
    assert is_held([_Word("g", 1, "two", 2, 1, ""), taken])
    assert is_held([_Word("g", 1, "one", 1, 3, None), taken]) and not is_held([_Word("g", 1, "one", 1, 2, None), taken])


def test_a_role_can_be_given_again(node: Node) -> None:
    """Given, taken back and given: the last word holds on one hub, and the tables made anew say the same."""
    roster.add_person(node, name="Ruth", picture="goat", roles=("steward", "librarian"))
    joseph = roster.add_person(node, name="Joseph", picture="drum").id
    for held_now in (True, False, True):
        change = roster.give_role if held_now else roster.take_role
        assert change(node, person=joseph, role="steward") and not change(node, person=joseph, role="steward")
        assert ("steward" in roster.person(node, joseph).roles) == held_now
    before = fingerprint(node.tables)
    node.write(lambda: projections.rebuild(node.tables, node.journal.replay()))
    assert fingerprint(node.tables) == before
