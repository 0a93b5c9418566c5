"""What we know about you: all of it, for the person and for who looks after them, and for nobody else."""

import re

import pytest

from hub.consent import visits
from hub.consent.purposes import COUNTED
from hub.consent.visits import Evidence, Said
from hub.node import Node
from hub.tide import told
from hub.vocabulary import person_actor
from tests.fixtures import consents, tide
from tests.fixtures.cast import Cast


def _main(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


@pytest.fixture
def learned(node: Node, cast: Cast) -> Cast:
    """Amina has two records, of which both were copied for the region, and a consent."""
    for number in (1, 2):
        tide.record(node, tide.statement(number, actor=person_actor(cast.person("learner").id)))
    tide.gone_out(node, "region")
    consents.amina_says(node, cast, "yes")
    return cast


FACTS = ("butterfly", "2016", "Number friends", "home", "Fatou", "guardian", "2 records of learning", "Lucía")
LEFT = "2 records went to our region only, under a made-up name"


@pytest.mark.parametrize("role", ["guardian", "facilitator", "librarian", "steward"])
def test_those_who_look_after_a_child_read_it(learned: Cast, role: str) -> None:
    """Facts, circles, household, records with their span, what left and how, and who agreed before whom."""
    page = _main(learned.client(role).get(f"/people/{learned.person('learner').id}/about/").text)
    assert [fact for fact in (*FACTS, LEFT, "said yes") if fact not in page] == []


def test_everybody_reads_the_own_page(learned: Cast) -> None:
    """A child too; only who may change what was agreed is led there."""
    page = _main(learned.client("learner").get("/people/about-me/").text)
    assert "2 records of learning" in page and "Change what was agreed" not in page
    for role in ("guardian", "librarian", "partner", "region"):
        assert learned.client(role).get("/people/about-me/").status_code == 200


@pytest.mark.parametrize("role", ["neighbour", "partner", "region"])
def test_others_read_nothing(learned: Cast, role: str) -> None:
    """Not a fact of it."""
    answer = learned.client(role).get(f"/people/{learned.person('learner').id}/about/")
    assert (answer.status_code, "Number friends" in answer.text) == (403, False)


def test_what_is_kept_is_counted(node: Node, learned: Cast) -> None:
    """Two records with their moments; nothing of somebody who has learned nothing."""
    kept = told.kept_of(node, learned.person("learner").id)
    assert (kept.records, kept.first_ms, kept.last_ms, kept.copies, kept.voices) == (2, tide.AT_MS, tide.AT_MS, 0, 0)
    assert told.kept_of(node, learned.person("neighbour").id).records == 0


def test_what_somebody_did_for_others_is_told_too(node: Node, learned: Cast) -> None:
    """Lucía wrote down a consent and is signed in on a phone; Fatou said it; Amina herself did neither."""
    librarian, guardian, child = (learned.person(role).id for role in ("librarian", "guardian", "learner"))
    client = learned.client("librarian")
    counts = {each: told.kept_of(node, each) for each in (librarian, guardian, child)}
    assert [(each.words, each.phones) for each in counts.values()] == [(1, 1), (1, 0), (0, 0)]
    page = _main(client.get("/people/about-me/").text)
    assert "1 phone is signed in" in page and "1 yes or no was said or written down" in page


def test_the_policy_page_tells_what_words_do(learned: Cast) -> None:
    """Everybody reads under which word learning leaves, and under which never."""
    page = _main(learned.client("learner").get("/status/tide/").text)
    for row in ("Who was not asked yet", "Who said yes", "Who said no, or took it back"):
        assert row in page


def test_who_said_which_is_told(node: Node, learned: Cast) -> None:
    """Of each visit: what the guardian said and what the child said."""
    amina, guardian = learned.person("learner"), learned.person("guardian")
    said = {COUNTED: Said("yes", "no")}
    visits.take(node, actor=guardian, person=amina, said=said, evidence=Evidence(giver=guardian.id))
    page = _main(learned.client("guardian").get(f"/people/{amina.id}/about/").text)
    first, second = re.findall(r"<li><b>(said .*?)</li>", page)
    spoken = [re.findall(r"(\w+)(?:</bdi>|\u2069)? said (yes|no)", each) for each in (first, second)]
    assert sorted(spoken) == [[("Fatou", "yes"), ("Amina", "no")], [("Fatou", "yes"), ("Amina", "yes")]]
