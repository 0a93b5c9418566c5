"""The sharing policy as people read it: what, to whom, in which way, and by which decision since when."""

from dataclasses import replace
from html import unescape

import pytest

from hub.governance import adopting
from hub.governance.adopting import Look
from hub.node import Node
from hub.sharing import read, rows, standing
from hub.sharing.rows import Row
from hub.web.tide_words import WAYS
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.deciding import Deciding, gather
from tests.fixtures.sharing import COUNTED, DAILY, STAYS, but, decide

HERE = ("public", "region", rows.pair("a" * 52))
NAMED = Row(rows.PERSON, HERE[2], rows.BY_NAME, rows.DAY)
GROUPS = Row(rows.CIRCLE, HERE[2], rows.AS_IT_IS, rows.DAY)
WAYS_OF = [
    (Row(rows.SHELF, "public", rows.AS_IT_IS, rows.EXACT), read.OPEN),
    (DAILY, read.MADE_UP),
    (COUNTED, read.GROUPED),
    (STAYS, read.NEVER),
    (NAMED, read.NAMED),
    (GROUPS, read.NAMED),
]


def _since(node: Node, place: tuple[str, str] = (rows.LEARNING, rows.REGION)) -> str | None:
    """The title of the decision by which one row became as it is."""
    line = next(line for line in read.table(node, HERE) if (line.row.kind, line.row.audience) == place)
    return line.since and line.since.proposal.title


def test_every_row_on_offer_stands_in_the_table(node: Node) -> None:
    """Once, as it holds; of the first version no decision is told."""
    lines = read.table(node, HERE)
    assert {(line.row.kind, line.row.audience) for line in lines} == set(rows.places(["a" * 52]))
    assert len(lines) == len(rows.places(["a" * 52])) and {line.since for line in lines} == {None}
    assert [line.row for line in lines if line.way != read.NEVER] == list(rows.DEFAULT.rows)


@pytest.mark.parametrize(("row", "way"), WAYS_OF)
def test_each_form_is_one_of_few_ways(row: Row, way: str) -> None:
    """Named, under a made-up name, grouped, never; and as it is what is about nobody. Each has a drawing of its own."""
    assert read.way(row) == way
    assert len({drawing for _word, drawing, _tone in WAYS.values()}) == len(WAYS)


def test_a_row_is_since_the_decision_that_changed_it(node: Node, deciding: Deciding) -> None:
    """A later decision about another row does not take its place, and one that changes it back begins anew."""
    decide(deciding, but(COUNTED), "Counts")
    decide(deciding, but(COUNTED, NAMED), "Names for the school")
    assert (_since(node), _since(node, (rows.PERSON, HERE[2]))) == ("Counts", "Names for the school")
    assert _since(node, (rows.SHELF, "public")) is None
    decide(deciding, but(NAMED), "As before")
    assert (_since(node), _since(node, (rows.PERSON, HERE[2]))) == ("As before", "Names for the school")


def test_a_decision_that_ended_is_told_no_more(node: Node, deciding: Deciding) -> None:
    """The first version holds again, and says so."""
    decide(deciding, but(STAYS), "Nothing of learning")
    (found,) = standing.editions(node)
    adopting.end(node, Look(deciding.steward, found.proposal.id, 0))
    assert _since(node) is None


def test_of_two_that_hold_apart_the_narrower_is_told(node: Node, deciding: Deciding) -> None:
    """Two copies decided apart: the row is since the one whose word it is, in whatever order they are read."""
    decide(deciding, but(DAILY), "By the day")
    decide(deciding, but(STAYS), "Nothing of learning")
    apart = [replace(each, holds=True, replaces=frozenset()) for each in standing.editions(node)]
    for found in (apart, apart[::-1]):
        assert [read.since(row, found).proposal.title for row in (STAYS, DAILY)] == [
            "Nothing of learning",
            "By the day",
        ]


def test_the_page_has_the_table_for_everybody(node: Node, cast: Cast) -> None:
    """The four columns and the decision's day; its title only for those who may look into it."""
    decide(gather(node), but(COUNTED), "Counts from now on")
    pages = {role: unescape(cast.client(role).get("/status/sharing/").text) for role in ROLES}
    heads = ("What", "To whom", "How", "Since when")
    assert all(f'<th scope="col">{head}</th>' in text for text in pages.values() for head in heads)
    assert all("only as a count of many" in text and "from the first day" in text for text in pages.values())
    assert "Counts from now on" in pages["learner"] and "a decision of" in pages[OUTSIDER]
    assert "Counts from now on" not in pages[OUTSIDER] + pages["region"]


def test_the_community_page_says_what_holds(node: Node, cast: Cast) -> None:
    """Its card changes with the policy."""
    before = unescape(cast.client(OUTSIDER).get("/community/").text)
    decide(gather(node), but(STAYS), "Nothing of learning")
    after = unescape(cast.client(OUTSIDER).get("/community/").text)
    assert "What was learned goes to our region only under a made-up name" in before
    assert "What was learned" not in after and "The list of what stands on the shelf goes to" in after
