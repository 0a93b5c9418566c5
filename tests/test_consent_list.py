"""The list of consents: whom it shows to whom, and how it leads from one person to the next."""

import re

import pytest

from hub.consent.overview import overview
from hub.consent.purposes import COUNTED, ELSEWHERE
from hub.node import Node
from hub.people import roster
from tests.fixtures import consents
from tests.fixtures.cast import Cast

LIST = "/people/consents/"


@pytest.mark.parametrize("role", ["librarian", "steward"])
def test_keepers_see_all_who_learn(cast: Cast, role: str) -> None:
    """Both learners of the hub, and no grown-up who only looks after others."""
    page = cast.client(role).get(LIST).text
    main = page.partition("<main")[2]
    assert "Amina" in main and "Kofi" in main and "Nurse Adjoa" not in main


def test_a_facilitator_sees_the_own_circle(cast: Cast) -> None:
    """Amina learns there, Kofi does not."""
    main = cast.client("facilitator").get(LIST).text.partition("<main")[2]
    assert "Amina" in main and "Kofi" not in main


@pytest.mark.parametrize("role", ["learner", "neighbour", "guardian", "partner", "region"])
def test_others_see_no_list(cast: Cast, role: str) -> None:
    """Nobody's name is told."""
    answer = cast.client(role).get(LIST)
    assert (answer.status_code, "Kofi" in answer.text.partition("<main")[2]) == (403, False)


def test_people_are_parted_by_what_they_said(node: Node, cast: Cast) -> None:
    """Not asked about everything, a no to something, a yes to all; a no is more than what was not asked."""
    librarian, amina = cast.person("librarian"), cast.person("learner").id
    assert {each.id for each in overview(node, librarian).unasked} == {amina, cast.person("neighbour").id}
    consents.amina_says(node, cast, "yes", purpose=ELSEWHERE)
    assert amina in {each.id for each in overview(node, librarian).unasked}
    consents.amina_says(node, cast, "yes", purpose=COUNTED)
    assert [each.id for each in overview(node, librarian).yeses] == [amina]
    consents.amina_says(node, cast, "no", purpose=COUNTED)
    assert [each.id for each in overview(node, librarian).noes] == [amina]


def test_it_leads_on_to_the_next_one(node: Node, cast: Cast) -> None:
    """After Amina was asked Kofi comes up, and after the last one nobody does."""
    librarian, amina, kofi = cast.client("librarian"), cast.person("learner").id, cast.person("neighbour").id
    for purpose in (ELSEWHERE, COUNTED):
        consents.amina_says(node, cast, "yes", purpose=purpose)
    main = librarian.get(f"/people/{amina}/consent/done/").text.partition("<main")[2]
    assert f'class="main-action" href="/people/{kofi}/consent/"' in main
    assert 'class="main-action"' not in librarian.get(f"/people/{kofi}/consent/done/").text


def test_homes_count_those_who_were_not_asked(cast: Cast) -> None:
    """The steward's and the librarian's home lead to the list."""
    for role in ("librarian", "steward"):
        page = cast.client(role).get("/").text
        assert f'href="{LIST}"' in page and "2 people were not asked" in page


def test_whoever_is_away_is_passed_by(node: Node, cast: Cast) -> None:
    """From each card the next one by name, whoever is not here among them, and from the last to the first."""
    librarian, names, at = cast.client("librarian"), [], cast.person("learner")
    consents.grown_up(node)
    for _ in range(3):
        page = librarian.get(f"/people/{at.id}/consent/").text
        found = re.search(r'href="/people/([^"/]+)/consent/"[^>]*>(?:(?!</a>).)*Not here', page, re.DOTALL)
        assert found
        at = roster.person(node, found[1])
        names.append(at.name)
    assert names == ["Joseph", "Kofi", "Amina"]
    for purpose in (ELSEWHERE, COUNTED):
        consents.says(node, cast.person("librarian"), roster.person(node, at.id), "no", purpose=purpose)
    following = overview(node, cast.person("librarian")).after(
        next(each for each in roster.people(node) if each.name == "Joseph")
    )
    assert following and following.name == "Kofi"
    assert "Not here" not in cast.client("guardian").get(f"/people/{at.id}/consent/").text
