"""The sharing policy: which forms are on offer, how one is adopted, and which one holds."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.errors import InputWrong, NotAllowed
from hub.governance import adopting, proposals
from hub.governance.adopting import Look
from hub.governance.proposals import Words
from hub.governance.standing import ADOPTED, REPLACED
from hub.node import Node
from hub.sharing import proposing, rows, standing
from hub.sharing.rows import DEFAULT, Policy, Row
from hub.tide import policy as forms
from tests.fixtures.deciding import Deciding
from tests.fixtures.sharing import COUNTED, DAILY, NOTHING, STAYS, but, decide, proposed
from tests.test_governance_order import Copy, _meet, copies

__all__ = ["copies"]
NEIGHBOUR = rows.pair("a" * 52)
PLACES = rows.places(["a" * 52, "b" * 52])
ROWS = [Row(*place, *form) for place in PLACES for form in rows.offers(*place)]
POLICIES = st.lists(st.sampled_from(ROWS), max_size=8).map(rows.made)
UNSAFE = {
    "statements as they are, to all": Row(rows.LEARNING, rows.PUBLIC, rows.AS_IT_IS, rows.EXACT),
    "statements as they are, to the region": Row(rows.LEARNING, rows.REGION, rows.AS_IT_IS, rows.EXACT),
    "learning to the second": Row(rows.LEARNING, rows.REGION, rows.UNDER_A_PSEUDONYM, rows.EXACT),
    "learning under made-up names, to all": Row(rows.LEARNING, rows.PUBLIC, rows.UNDER_A_PSEUDONYM, rows.DAY),
    "people to the region": Row(rows.PERSON, rows.REGION, rows.BY_NAME, rows.DAY),
    "people who were not asked": Row(rows.PERSON, NEIGHBOUR, rows.AS_IT_IS, rows.DAY),
    "people to no hub": Row(rows.PERSON, "pair:", rows.BY_NAME, rows.DAY),
    "counts week by week": Row(rows.LEARNING, rows.REGION, rows.COUNTS, rows.WEEK),
    "drafts": Row("draft", rows.PUBLIC, rows.AS_IT_IS, rows.EXACT),
    "what is local": Row(rows.HUB, "local", rows.AS_IT_IS, rows.EXACT),
    "what somebody takes along": Row(rows.PERSON, "person", rows.BY_NAME, rows.DAY),
}


def test_the_first_version_is_what_left_before() -> None:
    """The hub's name and its shelf as they are, learning under a pseudonym to the hour; nothing that names a person."""
    assert [row.form for row in DEFAULT.rows] == [("as-it-is", "exact"), ("as-it-is", "exact"), ("pseudonym", "hour")]
    assert not DEFAULT.is_by_name and DEFAULT.audiences == {"public", "region"}


@pytest.mark.parametrize("case", UNSAFE)
def test_what_is_not_safe_is_on_no_offer(deciding: Deciding, case: str) -> None:
    """It cannot be chosen, and stands in no policy, also not one that a record claims."""
    row = UNSAFE[case]
    with pytest.raises(InputWrong, match="not among the forms"):
        proposing.chosen([row])
    assert rows.unpacked(f"{row.kind} {row.audience} {row.how} {row.time}") == NOTHING


@given(st.lists(POLICIES, max_size=5), st.randoms())
def test_the_narrowest_is_the_same_in_any_order(found: list[Policy], chance: object) -> None:
    """Taken in any order, in parts, and twice: one answer, which is no wider than any of them."""
    shuffled = [*found, *found]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    strictest = rows.strictest(found)
    assert rows.strictest(shuffled) == strictest
    assert rows.strictest([rows.strictest(found[:2]), *found[2:]] if found else []) == strictest
    assert all(rows.width(strictest.row(*place)) <= rows.width(each.row(*place)) for each in found for place in PLACES)


@given(POLICIES)
def test_a_policy_is_kept_as_it_is_read(policy: Policy) -> None:
    """In equals out."""
    assert rows.unpacked(rows.packed(policy)) == policy


@given(POLICIES, POLICIES)
def test_a_change_narrows_or_widens_each_row_or_neither(before: Policy, now: Policy) -> None:
    """No row does both, and where none does either the two are the same towards that audience."""
    for audience in {place[1] for place in PLACES}:
        less, more = rows.narrowed(before, now, audience), rows.widened(before, now, audience)
        assert not {row.kind for row in less} & {row.kind for row in more}
        assert bool(less or more) == (before.towards(audience) != now.towards(audience))


def test_every_form_of_time_rounds_down() -> None:
    """To the hour, the day, the Monday, the first of the month; a moment before 1970 too."""
    at_ms = 1_790_000_123_456
    found = [forms.coarse(at_ms, time) for time in rows.TIMES]
    assert found == [at_ms, 1_789_999_200_000, 1_789_948_800_000, 1_789_948_800_000, 1_788_220_800_000]
    assert forms.coarse(-1, rows.DAY) == -86_400_000


def test_a_proposal_changes_nothing_before_it_is_adopted(node: Node, deciding: Deciding) -> None:
    """From the first version to the adopted one, and back when it is ended."""
    found = proposed(deciding, but(DAILY))
    assert standing.in_force(node) == DEFAULT
    deciding.adopt(deciding.consent(found, deciding.joseph))
    assert standing.in_force(node) == but(DAILY)
    adopting.end(node, Look(deciding.steward, found.id, 0))
    assert standing.in_force(node) == DEFAULT


def test_a_later_one_takes_the_place_of_the_former(node: Node, deciding: Deciding) -> None:
    """The history has both, with which of them holds."""
    decide(deciding, but(STAYS), "Nothing of learning")
    decide(deciding, but(COUNTED), "Counts")
    assert standing.in_force(node) == but(COUNTED)
    found = {each.proposal.title: (each.proposal.state, each.holds) for each in standing.editions(node)}
    assert found == {"Nothing of learning": (REPLACED, False), "Counts": (ADOPTED, True)}


def test_an_amended_text_and_a_change_in_words_keep_the_rows(node: Node, deciding: Deciding) -> None:
    """The rows are those that the proposal was opened with, whatever becomes of its sentences."""
    found = deciding.object(proposed(deciding, but(COUNTED)), deciding.grace)
    found = deciding.consent(deciding.consent(deciding.amend(found), deciding.grace), deciding.joseph)
    deciding.adopt(found)
    assert standing.in_force(node) == but(COUNTED)
    made = adopting.change(node, Look(deciding.steward, found.id, 0), words=Words("Clearer", "The same, clearer."))
    proposals.move(node, actor=deciding.steward, proposal=made.id, step="consent")
    deciding.adopt(deciding.consent(deciding.read(made), deciding.joseph))
    assert standing.in_force(node) == but(COUNTED)


def test_only_a_steward_proposes_and_not_what_holds(deciding: Deciding) -> None:
    """Others are refused, and so is what would change nothing; twice is once."""
    words = Words("What leaves", "As before.")
    with pytest.raises(NotAllowed):
        proposing.propose(deciding.node, actor=deciding.joseph, policy=but(DAILY), words=words)
    with pytest.raises(InputWrong, match="holds already"):
        proposing.propose(deciding.node, actor=deciding.steward, policy=DEFAULT, words=words)
    made = [
        proposing.propose(deciding.node, actor=deciding.steward, policy=but(DAILY), words=words).id for _ in range(2)
    ]
    assert made[0] == made[1] and len(standing.editions(deciding.node)) == 1
    with pytest.raises(InputWrong, match="about something else"):
        proposing.propose(deciding.node, actor=deciding.steward, policy=but(COUNTED), words=words)


def test_a_record_that_cannot_be_read_lets_nothing_leave(node: Node, deciding: Deciding) -> None:
    """Rows of a newer program, or damaged ones, mean never for what they are about."""
    found = decide(deciding, but(DAILY))
    node.write(
        lambda: node.change("sharing.policy", found.version.id, rows="hub public as-it-is exact\nnew kind\n\x01")
    )
    assert standing.in_force(node) == rows.made([Row(rows.HUB, rows.PUBLIC, rows.AS_IT_IS, rows.EXACT)])


CHOICES = (but(STAYS), but(COUNTED), but(DAILY), but(Row(rows.PERSON, NEIGHBOUR, rows.BY_NAME, rows.DAY)), NOTHING)
ACTS = st.lists(
    st.one_of(
        st.just(("meet", 0, 0)),
        st.tuples(st.sampled_from(["adopt", "object"]), st.integers(0, 1), st.integers(0, len(CHOICES) - 1)),
    ),
    max_size=7,
)
FEW = settings(
    deadline=None,
    derandomize=True,
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@FEW
@given(ACTS)
def test_two_copies_that_decide_apart_hold_the_same_and_the_narrower(
    copies: tuple[Deciding, Deciding], steps: list[tuple[str, int, int]]
) -> None:
    """Whatever each adopted and whoever objected where: after they met both hold one policy, as narrow as every one
    that stands, in any order of arrival."""
    both = [Copy(each) for each in copies]
    for act, where, which in steps:
        if act == "meet":
            _meet(*both)
        else:
            _do(both[where].deciding, act, which)
    _meet(*both)
    held = [standing.in_force(each.deciding.node) for each in both]
    assert held[0] == held[1]
    heads = [each.value for each in standing.editions(both[0].deciding.node) if each.holds]
    assert rows.strictest([*heads, held[0]]) == held[0]


def _do(deciding: Deciding, act: str, which: int) -> None:
    """Adopt one of the policies, or object to one that is open, where that can be done just now."""
    node, policy = deciding.node, CHOICES[which]
    if act == "adopt" and policy != standing.in_force(node):
        number = node.tables.SharingPolicy.select().count()
        decide(deciding, policy, f"What leaves {which} {number} {node.identity.hub_id[:4]}")
    opened = [each.proposal for each in standing.editions(node) if each.proposal.is_open]
    if act == "object" and opened:
        deciding.object(opened[0], deciding.grace, f"Not {which}.")


def test_an_objection_from_elsewhere_only_narrows(copies: tuple[Deciding, Deciding]) -> None:
    """One copy adopts a wider policy while the other objects to it: nothing is wider than before until it is closed."""
    both = [Copy(each) for each in copies]
    decide(both[0].deciding, but(COUNTED))
    found = proposed(both[0].deciding, but(DAILY), "Wider")
    _meet(*both)
    both[0].deciding.adopt(both[0].deciding.consent(found, both[0].deciding.joseph))
    both[1].deciding.object(found, both[1].deciding.grace)
    assert standing.in_force(both[0].deciding.node) == but(DAILY)
    _meet(*both)
    assert [standing.in_force(each.deciding.node) for each in both] == [but(COUNTED)] * 2
