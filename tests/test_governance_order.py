"""Two copies of a hub decide the same things at once and meet again: both end the same, and nothing is lost.

What happens is drawn at random; between two meetings neither copy hears the other.
"""

import json
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub import projections
from hub.errors import HubError
from hub.governance import adopting, proposals, rounds, standing
from hub.governance.adopting import Look
from hub.governance.proposals import Words
from hub.governance.standing import ADOPTED, CONSENT, ENDED, WITHDRAWN, Proposal
from hub.node import LOCAL, Node
from sync.journal import Placed
from tests.fixtures.deciding import Deciding, gather

LENIENT = settings(
    deadline=None,
    derandomize=True,
    max_examples=24,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
PEOPLE = ("steward", "joseph", "grace")
ACTS = ("object", "consent", "concern", "take back", "amend", "adopt", "hands", "withdraw", "keep", "end")
MUCH = 10_000
"""More entries than one example writes."""


@dataclass
class Copy:
    """One of the two; `told` is what it wrote since the example began."""

    deciding: Deciding
    sent: dict[str, int] = field(default_factory=dict)
    told: list[Placed] = field(default_factory=list)

    def __post_init__(self) -> None:
        """What was written before was heard before."""
        self.sent = {line.stream: line.seq for line in self.deciding.node.journal.streams(audience=LOCAL)}

    def fresh(self) -> list[Placed]:
        """What was written here since the last meeting."""
        journal = self.deciding.node.journal
        streams = [line.stream for line in journal.streams(audience=LOCAL)]
        found = [each for one in streams for each in journal.read(one, after=self.sent.get(one, 0), limit=MUCH)]
        self.sent |= {each.stream: each.seq for each in found}
        self.told += found
        return found

    def hear(self, entries: list[Placed]) -> None:
        """Take in what the other wrote."""
        node = self.deciding.node
        node.write(lambda: [projections.project(node.tables, each) for each in entries])


def _meet(one: Copy, other: Copy) -> None:
    from_one, from_other = one.fresh(), other.fresh()
    one.hear(from_other)
    other.hear(from_one)


def _act(copy: Copy, proposal: str, act: str, who: str) -> None:
    """Do something if it is allowed just now."""
    deciding = copy.deciding
    found, person = proposals.proposal(deciding.node, proposal), getattr(deciding, who)
    look = Look(deciding.steward, proposal, found.reviews_done)
    mine = [each.id for each in found.open_objections if each.person == person.id]
    witnesses = [deciding.joseph.id, deciding.grace.id]
    hands = {"version": found.version.id, "hands": PEOPLE.index(who) + 1, "witnesses": witnesses}
    do: dict[str, Callable[[], object]] = {
        "object": lambda: deciding.object(found, person, f"{who} {len(found.objections)}"),
        "consent": lambda: deciding.consent(found, person),
        "concern": lambda: deciding.consent(found, person, "Bring lamps."),
        "take back": lambda: rounds.withdraw_objection(
            deciding.node, actor=person, proposal=proposal, objection=(mine or ["none"])[0]
        ),
        "amend": lambda: deciding.amend(found, f"A text by {who}, the {found.version.number + 1}th."),
        "adopt": lambda: deciding.adopt(found),
        "hands": lambda: rounds.count_hands(deciding.node, actor=deciding.steward, proposal=proposal, **hands),
        "withdraw": lambda: proposals.withdraw(deciding.node, actor=deciding.steward, proposal=proposal),
        "keep": lambda: adopting.keep(deciding.node, look, months=3),
        "end": lambda: adopting.end(deciding.node, look),
    }
    with suppress(HubError):
        do[act]()


@pytest.fixture
def copies(make_node: Callable[..., Node], monkeypatch: pytest.MonkeyPatch) -> tuple[Deciding, Deciding]:
    """Two hubs; the second hears of the people of the first and has none of its own."""
    monkeypatch.setattr(proposals, "OPEN_MAX", MUCH)
    first, second = make_node("one"), make_node("two")
    copy = Copy(Deciding(first, *[None] * 3))
    people = gather(first)
    Copy(Deciding(second, *[None] * 3)).hear(copy.fresh())
    return people, Deciding(second, people.steward, people.joseph, people.grace)


STEPS = st.lists(
    st.one_of(st.just(("meet", "", 0)), st.tuples(st.sampled_from(ACTS), st.sampled_from(PEOPLE), st.integers(0, 1))),
    max_size=14,
)


def _play(copies: tuple[Deciding, Deciding], steps: list[tuple[str, str, int]]) -> tuple[list[Copy], str]:
    """A proposal in its consent round that both know, and then what was drawn; at the end they meet."""
    both = [Copy(each) for each in copies]
    first = both[0].deciding
    made = first.opened(Words(f"Proposal {first.node.tables.Proposal.select().count()}", "We open on Sundays."))
    _meet(*both)
    for act, who, where in steps:
        if act == "meet":
            _meet(*both)
        else:
            _act(both[where], made.id, act, who)
    _meet(*both)
    return both, made.id


def _holds(found: Proposal) -> None:
    """What is true of every proposal, however it came to be."""
    speaking = [each.person for each in found.consenting] + sorted({each.person for each in found.open_objections})
    assert len(speaking) == len(set(speaking)), "a person is heard twice"
    assert not (found.open_objections and found.is_adopted)
    if found.state in (ADOPTED, ENDED):
        assert found.known <= found.adoption.seen
    if found.state != WITHDRAWN and found.adoptions and not found.is_adopted:
        assert (found.state, found.is_reopened) == (CONSENT, True)


def _told(both: list[Copy], proposal: str) -> dict[str, set[str]]:
    """Kind → the records of a proposal that somebody wrote, on either copy."""
    said: dict[str, set[str]] = defaultdict(set)
    for placed in (each for copy in both for each in copy.told):
        payload = json.loads(placed.entry.payload)
        if payload.get("set", {}).get("proposal") == proposal:
            said[placed.entry.kind].add(payload["id"])
    return said


@LENIENT
@given(steps=STEPS)
def test_two_copies_end_the_same_and_nothing_is_lost(
    copies: tuple[Deciding, Deciding], steps: list[tuple[str, str, int]]
) -> None:
    """Objections, consents, counts, amendments, closings, withdrawals and reviews, in any interleaving."""
    both, made = _play(copies, steps)
    nodes = [each.deciding.node for each in both]
    assert standing.read(nodes[0], [made]) == standing.read(nodes[1], [made])
    found = proposals.proposal(nodes[0], made)
    _holds(found)
    kept = {
        "proposal.objection": found.objections,
        "proposal.hands": found.hands,
        "proposal.version": (*found.line, *found.beside),
        "proposal.consent": found.consents,
        "proposal.adoption": found.adoptions,
        "proposal.review": found.reviews,
    }
    said = _told(both, made)
    assert {kind: {each.id for each in them} for kind, them in kept.items()} == {kind: said[kind] for kind in kept}


CROSSINGS = {
    "an objection": "object",
    "an amendment": "amend",
    "a withdrawal": "withdraw",
}


@pytest.mark.parametrize("crossing", CROSSINGS)
def test_what_a_closed_round_had_not_seen_wins(copies: tuple[Deciding, Deciding], crossing: str) -> None:
    """One copy adopts while the other says something against it: nothing is adopted, until the round closes anew."""
    steps = [("consent", "grace", 0), ("meet", "", 0), ("adopt", "steward", 0), (CROSSINGS[crossing], "joseph", 1)]
    both, made = _play(copies, steps)
    found = proposals.proposal(copies[0].node, made)
    assert (found.is_adopted, len(found.adoptions)) == (False, 1)
    assert found.state == (WITHDRAWN if crossing == "a withdrawal" else CONSENT)
    if crossing == "an objection":
        _act(both[1], made, "take back", "joseph")
        assert not proposals.proposal(copies[1].node, made).is_adopted
        _act(both[1], made, "adopt", "steward")
        assert proposals.proposal(copies[1].node, made).state == ADOPTED


def test_who_consents_here_and_objects_there_objects(copies: tuple[Deciding, Deciding]) -> None:
    """One person, one voice: the one that restricts; taken back, they are asked anew."""
    both, made = _play(copies, [("consent", "grace", 0), ("object", "grace", 1)])
    found = proposals.proposal(copies[0].node, made)
    assert ([each.person for each in found.open_objections], found.consenting) == ([copies[0].grace.id], ())
    _act(both[0], made, "take back", "grace")
    assert proposals.proposal(copies[0].node, made).consenting == ()


def test_two_amendments_at_once_are_both_kept(copies: tuple[Deciding, Deciding]) -> None:
    """One counts, on both copies the same; the other stands beside it."""
    _, made = _play(copies, [("amend", "joseph", 0), ("amend", "grace", 1)])
    found = [proposals.proposal(each.node, made) for each in copies]
    assert found[0].version == found[1].version
    assert [(len(each.line), len(each.beside)) for each in found] == [(2, 1), (2, 1)]


@pytest.mark.parametrize("turn", [0, 1])
def test_of_two_reviews_at_once_the_one_that_ends_stands(copies: tuple[Deciding, Deciding], turn: int) -> None:
    """Kept here and ended there: it holds no more."""
    before = [("consent", "grace", 0), ("adopt", "steward", 0), ("meet", "", 0)]
    _, made = _play(copies, [*before, ("keep", "steward", turn), ("end", "steward", 1 - turn)])
    assert {proposals.proposal(each.node, made).state for each in copies} == {ENDED}
