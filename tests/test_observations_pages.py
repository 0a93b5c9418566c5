"""The facilitator's pages for what was seen, and where learners and guardians read it."""

import re
from collections.abc import Callable

import pytest

from hub.learning import Opened, observations, progress
from hub.node import Node
from hub.people import circles
from hub.tables.recognition import ALONE, NOT_YET, TEACHES
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.recognition import PAY, note

Market = Callable[[str], Opened]
SENTENCE = "Counted the change twice, all by herself."


@pytest.fixture(autouse=True)
def shelf(market: Market) -> None:
    """The package that the competencies are of stands on the shelf."""


def _root(cast: Cast) -> str:
    return f"/learn/classes/{cast.circle.id}/seen/"


def _seen(node: Node, cast: Cast, role: str = "learner") -> list[tuple[str, int, str]]:
    found = observations.of_person(node, cast.person(role).id)
    return [(each.competency or each.words, each.level, each.sentence) for each in found]


def _form(page: str) -> str:
    return re.search(r'name="form" value="([^"]+)"', page)[1]


@pytest.mark.parametrize("role", ROLES)
def test_only_who_leads_the_circle_comes_in(node: Node, cast: Cast, role: str) -> None:
    """A guest is led to sign in, everybody else is refused, and forms change nothing."""
    note(node, cast, level=TEACHES)
    (seen,) = observations.of_person(node, cast.person("learner").id)
    client, root = cast.client(role), _root(cast)
    amina = cast.person("learner").id
    form = {"of": PAY, "form": node.new_id(), f"level-{amina}": str(NOT_YET), "day": ""}
    codes = [client.get(address).status_code for address in (root, f"{root}note/?of={PAY}")]
    codes += [
        client.post(f"{root}{address}", data=form).status_code for address in ("note/", f"{seen.statement}/back/")
    ]
    wanted = {"facilitator": [200, 200, 303, 303], OUTSIDER: [303, 303, 403, 403]}
    assert codes == wanted.get(role, [403] * 4)
    assert _seen(node, cast) == ([(PAY, NOT_YET, "")] if role == "facilitator" else [(PAY, TEACHES, "")])


def test_competency_by_competency(node: Node, cast: Cast) -> None:
    """Choose what it was, press how it went for each, write it down: groups come out."""
    circles.join(node, circle=cast.circle.id, person=cast.person("neighbour").id)
    client, root = cast.client("facilitator"), _root(cast)
    assert f'href="{root}"' in client.get(f"/learn/classes/{cast.circle.id}/").text
    choosing = client.get(root).text
    address = re.search(rf'href="({root}note/\?of=market[^"]*pay)"', choosing)[1]
    page = client.get(address).text
    assert page.count("<fieldset") == 2
    amina, kofi = (cast.person(role).id for role in ("learner", "neighbour"))
    data = {"of": PAY, "form": _form(page), "day": "2025-11-23", f"level-{amina}": str(TEACHES), f"level-{kofi}": ""}
    answer = client.post(f"{root}note/", data=data | {f"say-{amina}": SENTENCE})
    assert answer.location == f"/learn/classes/{cast.circle.id}/groups/?of=market%2Fpay"
    assert "Noted for 1 learner." in client.get(answer.location).text
    assert (_seen(node, cast), _seen(node, cast, "neighbour")) == ([(PAY, TEACHES, SENTENCE)], [])


def test_child_by_child_in_own_words(node: Node, cast: Cast) -> None:
    """From the learner's page and back to it, where it can be taken back."""
    client, root, amina = cast.client("facilitator"), _root(cast), cast.person("learner").id
    own = f"/learn/classes/{cast.circle.id}/{amina}/"
    assert f'href="{root}?learner={amina}"' in client.get(own).text
    assert f'name="learner" value="{amina}"' in client.get(f"{root}?learner={amina}").text
    page = client.get(f"{root}note/?learner={amina}&words=Reads to her brother").text
    assert page.count("<fieldset") == 1
    words = re.search(r'name="words" value="([^"]+)"', page)[1]
    data = {"words": words, "language": "en", "form": _form(page), "learner": amina, f"level-{amina}": str(ALONE)}
    assert client.post(f"{root}note/", data=data).location == own
    shown = client.get(own).text
    assert "Reads to her brother" in shown and "alone" in shown
    back = re.search(rf'action="({root}[^"]+/back/)"', shown)[1]
    assert client.post(back).location == own
    assert "Reads to her brother" not in client.get(own).text
    assert _seen(node, cast) == []


def test_a_form_that_cannot_be_taken_comes_back_as_it_was(node: Node, cast: Cast) -> None:
    """With the sentence that says why; nothing is lost, nothing written."""
    client, root, amina = cast.client("facilitator"), _root(cast), cast.person("learner").id
    data = {"of": PAY, "form": node.new_id(), "day": "2031-01-01", f"level-{amina}": "2", f"say-{amina}": SENTENCE}
    page = client.post(f"{root}note/", data=data)
    assert page.status_code == 400
    assert "That day is ahead" in page.text
    assert f'value="{SENTENCE}"' in page.text
    assert re.search(rf'name="level-{amina}" value="2" checked', page.text)
    assert _seen(node, cast) == []
    assert client.get(f"{root}note/?words=").status_code == 400


def test_somebody_of_another_circle_is_not_found_here(cast: Cast) -> None:
    """Nor noted about."""
    client, kofi = cast.client("facilitator"), cast.person("neighbour").id
    assert client.get(f"{_root(cast)}?learner={kofi}").status_code == 404


def test_the_learner_reads_it_in_kind_words(node: Node, cast: Cast) -> None:
    """What was seen, how it went, the sentence and who saw it."""
    note(node, cast, level=ALONE, sentence=SENTENCE)
    note(node, cast, words="Reads to her brother", level=NOT_YET)
    page = cast.client("learner").get("/learn/").text
    for said in ("What others saw me do", "I can pay the right sum.", "You do it by yourself.", SENTENCE, "Mr. Otieno"):
        assert said in page
    assert "Reads to her brother" in page and "You are at its beginning." in page
    assert "not yet" not in page
    assert progress.garden(node, cast.person("learner").id)[0].state == "plant"


@pytest.mark.parametrize("role", ROLES)
def test_a_sentence_about_a_child_is_for_few(node: Node, cast: Cast, role: str) -> None:
    """The child, the guardian, who leads the circle and who looks after the people here; nobody else."""
    note(node, cast, sentence=SENTENCE)
    amina, client = cast.person("learner").id, cast.client(role)
    addresses = [
        "/",
        "/learn/",
        "/people/about-me/",
        f"/people/{amina}/about/",
        f"/learn/classes/{cast.circle.id}/{amina}/",
    ]
    reads = [address for address in addresses if SENTENCE in client.get(address).text]
    about = f"/people/{amina}/about/"
    assert reads == {
        "learner": ["/learn/", "/people/about-me/", about],
        "guardian": ["/", about],
        "facilitator": [about, f"/learn/classes/{cast.circle.id}/{amina}/"],
        "librarian": [about],
        "steward": [about],
    }.get(role, [])
