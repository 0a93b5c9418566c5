"""The pages of badges: everybody here reads what is recognised, who gives it sees the own people, outsiders nothing."""

import re

import pytest

from hub import badges
from hub.node import Node
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.recognition import HELPING, badge, give

ROOT = "/community/badges/"


@pytest.mark.parametrize("role", ROLES)
def test_who_sees_what(node: Node, cast: Cast, role: str) -> None:
    """A guest is led to sign in; only who gives badges finds forms and names, and only of the own people."""
    made = badge(node, cast)
    give(node, cast, made)
    client = cast.client(role)
    pages = [client.get(address) for address in (ROOT, f"{ROOT}{made.id}/")]
    if role == OUTSIDER:
        assert [each.status_code for each in pages] == [303, 303]
        return
    assert [each.status_code for each in pages] == [200, 200]
    assert all(HELPING.name in each.text and HELPING.means in each.text for each in pages)
    gives = role in ("facilitator", "steward")
    assert ("Make this badge" in pages[0].text) == gives
    assert ("Who of yours has it" in pages[1].text) == gives
    own = cast.person(role).name
    assert ("Amina" in pages[1].text.replace(own, "")) == gives
    assert ("Kofi" in pages[1].text.replace(own, "")) == (role == "steward")


@pytest.mark.parametrize("role", [role for role in ROLES if role not in ("facilitator", "steward")])
def test_forms_of_others_are_refused(node: Node, cast: Cast, role: str) -> None:
    """And change nothing."""
    made, client = badge(node, cast), cast.client(role)
    give(node, cast, made)
    (award,) = badges.of_person(node, cast.person("learner").id)
    kofi = cast.person("neighbour").id
    answers = [
        client.post(ROOT, data={"name": "Mine", "means": "Mine", "picture": "bee"}),
        client.post(f"{ROOT}{made.id}/give/", data={"person": kofi, "form": node.new_id()}),
        client.post(f"{ROOT}{made.id}/rest/"),
        client.post(f"{ROOT}{made.id}/{award.statement}/back/"),
    ]
    assert {each.status_code for each in answers} == {403}
    assert badges.badges(node) == [made]
    assert (len(badges.of_person(node, cast.person("learner").id)), badges.of_person(node, kofi)) == (1, [])


def test_a_steward_defines_gives_and_takes_back(node: Node, cast: Cast) -> None:
    """Three forms, and the learner's page says it in between."""
    steward, learner = cast.client("steward"), cast.client("learner")
    made = steward.post(ROOT, data={"name": "Storyteller", "means": "Tells it so that all listen.", "picture": "moon"})
    address = made.location
    form = re.search(r'name="form" value="([^"]+)"', steward.get(address).text)[1]
    data = {"person": cast.person("learner").id, "sentence": "For the story of the hen.", "form": form}
    assert steward.post(f"{address}give/", data=data).status_code == 303
    page = learner.get("/learn/").text
    for said in (
        "My badges",
        "Storyteller",
        "Tells it so that all listen.",
        "For the story of the hen.",
        "Mama Zawadi",
    ):
        assert said in page
    back = re.search(rf'action="({re.escape(address)}[^"]+/back/)"', steward.get(address).text)[1]
    assert steward.post(back).status_code == 303
    assert "Storyteller" not in learner.get("/learn/").text


def test_what_was_typed_stays_in_a_form_that_is_refused(node: Node, cast: Cast) -> None:
    """With a sentence that says why."""
    client = cast.client("steward")
    page = client.post(ROOT, data={"name": "Storyteller", "means": "Tells it.", "picture": "dragon"})
    assert page.status_code == 400
    assert "Choose" not in page.text or "among ours" in page.text
    assert 'value="Storyteller"' in page.text and "Tells it." in page.text
    made = badge(node, cast)
    page = client.post(f"{ROOT}{made.id}/give/", data={"form": node.new_id(), "sentence": "For you."})
    assert (page.status_code, "Nobody is chosen yet" in page.text, 'value="For you."' in page.text) == (400, True, True)


@pytest.mark.parametrize("role", ["guardian", "facilitator", "librarian", "steward"])
def test_who_looks_after_a_learner_reads_it(node: Node, cast: Cast, role: str) -> None:
    """A guardian on the card at home, all of them on the page of what is known."""
    give(node, cast, badge(node, cast), sentence="For the afternoon with Issa.")
    amina, client = cast.person("learner").id, cast.client(role)
    pages = [client.get(f"/people/{amina}/about/").text]
    pages += [client.get("/").text] if role == "guardian" else []
    pages += [client.get(f"/learn/classes/{cast.circle.id}/{amina}/").text] if role == "facilitator" else []
    assert all(HELPING.name in page and "For the afternoon with Issa." in page for page in pages)


def test_a_badge_that_is_given_no_longer_is_found_by_who_has_it(node: Node, cast: Cast) -> None:
    """And by nobody else who gives none."""
    made = badge(node, cast)
    give(node, cast, made)
    badges.set_given(node, actor=cast.person("steward"), badge_id=made.id, is_given=False)
    codes = {
        role: cast.client(role).get(f"{ROOT}{made.id}/").status_code for role in ("learner", "neighbour", "steward")
    }
    assert codes == {"learner": 200, "neighbour": 404, "steward": 200}
    assert HELPING.name not in cast.client("neighbour").get(ROOT).text


def test_a_badge_that_is_none_is_not_found(cast: Cast) -> None:
    """404."""
    assert cast.client("steward").get(f"{ROOT}nothing/").status_code == 404
