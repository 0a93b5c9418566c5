"""The pages of the sharing policy: all may read it, a steward proposes, and what would hold stands beside the words."""

from html import unescape

import pytest

from hub.governance import standing as decided
from hub.node import Node
from hub.sharing import rows, standing
from hub.sharing.rows import Row
from hub.tables import put
from hub.tide import peers
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.deciding import gather
from tests.fixtures.sharing import but, decide

HOME, CHANGE = "/status/sharing/", "/status/sharing/change/"
SCHOOL = "s" * 52
LEARNING = "statement region"
KEEPERS = {"librarian", "steward"}


@pytest.fixture
def joined(node: Node, cast: Cast) -> Node:
    """The hub of the cast, which has a school as its neighbour."""
    peers.keep(node, peers.Peer(SCHOOL, "Hill school", "", ("public",), ("public",), 1, 1))
    return node


def test_everybody_may_read_what_leaves(cast: Cast) -> None:
    """The whole cast and guests; only a steward sees the way to another form, only keepers what others share."""
    pages = {role: unescape(cast.client(role).get(HOME).text) for role in ROLES}
    assert all("goes to our region only under a made-up name" in text for text in pages.values())
    assert all("not even a count" in text for text in pages.values())
    assert {role for role, text in pages.items() if CHANGE in text} == {"steward"}
    assert {role for role, text in pages.items() if "/status/sharing/others/" in text} == KEEPERS


@pytest.mark.parametrize("method", ["get", "post"])
def test_only_a_steward_proposes(node: Node, cast: Cast, method: str) -> None:
    """Everybody else is refused or led to sign in, and no proposal is opened."""
    given = {} if method == "get" else {"data": {"title": "Nothing", LEARNING: "never exact"}}
    found = {role: getattr(cast.client(role), method)(CHANGE, **given).status_code for role in ROLES}
    refused = {role for role in ROLES if role not in ("steward", OUTSIDER)}
    assert {role for role, status in found.items() if status == 403} >= refused
    assert found["steward"] == (200 if method == "get" else 303)
    assert len(standing.editions(node)) == (method == "post")


def test_what_others_share_is_for_keepers(node: Node, cast: Cast) -> None:
    """Names of another place's people: librarian and steward, nobody else."""
    node.write(lambda: put(node.tables.SharedPerson, id="s:person:1", hub=SCHOOL, name="<i>Zuri</i>", picture="goat"))
    address = "/status/sharing/others/"
    found = {role: cast.client(role).get(address) for role in ROLES}
    assert {role for role, answer in found.items() if answer.status_code == 200} == KEEPERS
    assert "&lt;i&gt;Zuri&lt;/i&gt;" in found["steward"].text
    assert not [role for role, answer in found.items() if role not in KEEPERS and "Zuri" in answer.text]


def test_a_steward_proposes_and_all_see_what_would_hold(joined: Node, cast: Cast) -> None:
    """The form has a row for each thing and neighbour; the proposal says what changes, exactly."""
    steward = cast.client("steward")
    page = unescape(steward.get(CHANGE).text)
    assert "To Hill school only" in page and f'name="person pair:{SCHOOL}"' in page
    assert 'value="as-it-is exact" selected' in page and "statement pair" in page
    given = {"title": "Counts for the region", "why": "They asked for it.", LEARNING: "counts month"}
    answer = steward.post(CHANGE, data={**given, f"person pair:{SCHOOL}": "by-name day"})
    assert answer.status_code == 303
    (found,) = decided.read(joined)
    assert found.version.text.endswith("They asked for it.") and "ten people or more" in found.version.text
    page = unescape(cast.client("learner").get(answer.location).text)
    assert "Exactly this would hold" in page and "Name and picture of those who said yes to that go to Hill" in page
    assert standing.in_force(joined) == rows.DEFAULT


WRONG = {
    "a form on no offer": {"title": "All", LEARNING: "as-it-is exact"},
    "what holds already": {"title": "As before"},
    "no title": {"title": " ", LEARNING: "never exact"},
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_proposed_is_said(node: Node, cast: Cast, case: str) -> None:
    """The form comes back with a sentence, and no proposal is opened."""
    answer = cast.client("steward").post(CHANGE, data=WRONG[case])
    assert (answer.status_code, "Nothing was changed" in answer.text) == (400, True)
    assert standing.editions(node) == []


def test_what_was_adopted_is_told_with_its_day(node: Node, cast: Cast) -> None:
    """Who may look reads the title; a guest reads that it was decided, and by no name of anybody."""
    decide(gather(node), but(Row(rows.LEARNING, rows.REGION, rows.COUNTS, rows.MONTH)), "Counts from now on")
    pages = {role: unescape(cast.client(role).get(HOME).text) for role in ("learner", OUTSIDER, "region")}
    assert "Counts from now on" in pages["learner"] and "adopted on" in pages["learner"]
    assert "Counts from now on" not in pages[OUTSIDER] + pages["region"]
    assert all("only counts of ten people or more go to our region" in text for text in pages.values())


def test_a_card_asks_about_names_only_where_that_was_agreed(joined: Node, cast: Cast) -> None:
    """One question more, from the day the community lets somebody be named."""
    address = f"/people/{cast.person('learner').id}/consent/"
    assert "Tell our neighbours who I am" not in cast.client("librarian").get(address).text
    decide(gather(joined), but(Row(rows.PERSON, rows.pair(SCHOOL), rows.BY_NAME, rows.DAY)))
    assert "Tell our neighbours who I am" in cast.client("librarian").get(address).text
    assert "Read what goes to Hill school" in cast.client("steward").get("/status/tide/").text
    assert cast.client("steward").get(f"/status/tide/pair:{SCHOOL}/").status_code == 200
