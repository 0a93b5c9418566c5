"""What leaves of observations and badges: a competency and how well it went, under a made-up name; nothing else."""

import json
from collections.abc import Callable

import pytest

from hub import badges
from hub.consent import visits
from hub.learning import Opened, observations
from hub.node import Node
from hub.tables.recognition import ALONE, NOT_YET
from hub.tide import policy, publish
from hub.tide.told import told_of
from hub.vocabulary import COMPETENCY, VERBS
from tests.fixtures import tide
from tests.fixtures.cast import Cast
from tests.fixtures.recognition import HELPING, PAY, badge, give, note

Market = Callable[[str], Opened]
SENTENCE = "Lives beside the well and counts the change."
WORDS = "Tells Fatou's story of the hen"


@pytest.fixture(autouse=True)
def shelf(market: Market) -> None:
    """The package that the competencies are of stands on the shelf."""


def _region(node: Node) -> list[dict]:
    """The statements that the region would get, or has."""
    return [json.loads(copy.payload)["raw"] for copy in publish.waiting(node, "region")]


def test_the_region_gets_the_competency_and_how_well_it_went(node: Node, cast: Cast) -> None:
    """Like an answer: under the made-up name, to the hour, without who saw it and without what was written."""
    note(node, cast, sentence=SENTENCE)
    (copy,) = _region(node)
    assert copy.pop("actor")["account"]["name"] not in (cast.person("learner").id, "")
    assert len(copy.pop("id")) == 36
    assert copy == {
        "verb": {"id": VERBS["scored"]},
        "object": {"id": COMPETENCY + PAY},
        "result": {"success": True, "score": {"scaled": 0.667}},
    }


def test_what_was_written_never_leaves(node: Node, cast: Cast) -> None:
    """Neither a sentence, nor own words, nor a badge: not to the region, and not into what is public."""
    note(node, cast, sentence=SENTENCE)
    note(node, cast, words=WORDS, level=NOT_YET)
    give(node, cast, badge(node, cast), sentence=SENTENCE)
    for audience in policy.AUDIENCES:
        tide.gone_out(node, audience)
    gone = b"".join(copy.payload for audience in policy.AUDIENCES for copy in tide.prepared(node, audience)).decode()
    assert COMPETENCY + PAY in gone
    for said in (SENTENCE, WORDS, "hen", HELPING.name, HELPING.means, "badge", "seen", "feedback", "earned"):
        assert said not in gone
    assert [each.records for each in told_of(node, cast.person("learner").id)] == [1]


def test_taking_back_names_only_a_stand_in(node: Node, cast: Cast) -> None:
    """The region can take the copy out; of what stayed here it learns nothing by it."""
    note(node, cast)
    give(node, cast, badge(node, cast))
    (seen,) = observations.of_person(node, cast.person("learner").id)
    (award,) = badges.of_person(node, cast.person("learner").id)
    observations.take_back(node, actor=cast.person("facilitator"), statement=seen.statement)
    badges.take_back(node, actor=cast.person("steward"), statement=award.statement)
    copies = _region(node)
    scored = next(each for each in copies if each["verb"]["id"] == VERBS["scored"])
    voiding = [each for each in copies if each["verb"]["id"] == VERBS["voided"]]
    assert len(copies) == len(voiding) + 1
    assert scored["id"] in {each["object"]["id"] for each in voiding}
    assert not {seen.statement, award.statement} & {each["object"]["id"] for each in voiding}
    assert all(set(each) == {"id", "actor", "verb", "object"} for each in voiding)


def test_after_a_no_nothing_of_it_leaves(node: Node, cast: Cast) -> None:
    """What a facilitator saw follows the word that was given about the learner."""
    evidence = visits.Evidence(giver=cast.person("guardian").id)
    said = {"elsewhere": visits.Said("no", "")}
    visits.take(node, actor=cast.person("librarian"), person=cast.person("learner"), said=said, evidence=evidence)
    note(node, cast, level=ALONE)
    publish.publish(node, policy.AUDIENCES)
    assert [copy for copy in tide.prepared(node, "region") if copy.kind == "statement"] == []


def test_what_stays_is_read_out_with_what_leaves(cast: Cast) -> None:
    """On the page that says what leaves, for everybody."""
    page = cast.client("outsider").get("/status/tide/").text
    assert all(sentence in page for sentence in policy.STAYS)
