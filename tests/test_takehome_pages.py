"""The pages of taking home and bringing back, by the whole cast: who may take, print, type and look."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from hub import library
from hub.app import create_app
from hub.node import Node
from hub.people import attempts, circles, roster
from hub.takehome import copies
from hub.takehome.copies import Copy
from tests.fixtures.cast import NAMES, OUTSIDER, ROLES, Cast
from tests.fixtures.learning import PACKAGE
from tests.fixtures.takehome import WRONG, code

ALBUM = """id = "album.en"
work = "album"
version = 1
title = "Album"
language = "en"

[[item]]
id = "look"
kind = "lesson"
title = "Look"
path = "look.md"
"""
OFFER = f"/take-home/of/{PACKAGE}/"
SERVES_AMINA = ("learner", "guardian", "facilitator", "librarian", "steward")


@pytest.fixture
def paper(node: Node, cast: Cast, market: object) -> Copy:
    """The five sums, given to the learner."""
    return copies.give(node, package=PACKAGE, item="five", carrier="paper", person=cast.person("learner").id)


def take(client: FlaskClient, **form: str) -> str:
    """Take a pack; where that leads."""
    answer = client.post(OFFER, data=form)
    assert answer.status_code == 303
    return str(answer.headers["Location"])


@pytest.mark.parametrize("role", ROLES)
def test_everybody_takes_a_lesson_home(cast: Cast, market: object, role: str) -> None:
    """Guests too, as a copy without a name."""
    client = cast.client(role)
    page = client.get(f"{OFFER}?item=look").get_data(as_text=True)
    assert "With 2 sheets of questions." in page
    for carrier, sign in (("paper", 'class="boxes"'), ("file", "Keep the file")):
        address = take(client, item="look", carrier=carrier)
        assert sign in client.get(address).get_data(as_text=True)


def test_a_package_and_its_items_lead_there(cast: Cast, market: object) -> None:
    """From the package, and from a lesson."""
    client = cast.client("learner")
    assert f'href="{OFFER}"' in client.get(f"/library/{PACKAGE}/").get_data(as_text=True)
    assert f'href="{OFFER}?item=look"' in client.get(f"/learn/{PACKAGE}/look/").get_data(as_text=True)
    assert 'href="/take-home/"' in client.get("/").get_data(as_text=True)


@pytest.mark.parametrize("role", ROLES)
def test_a_copy_is_seen_by_its_person_and_who_looks_after_them(cast: Cast, paper: Copy, role: str) -> None:
    """Nobody else opens it, prints it or closes it."""
    client, there = cast.client(role), f"/take-home/copies/{paper.id}/"
    wanted = 200 if role in SERVES_AMINA else 403
    assert [client.get(there + part).status_code for part in ("", "file/", "paper/")] == [wanted] * 3
    if role not in SERVES_AMINA:
        assert client.post(there + "close/").status_code in (303, 403)
        assert copies.copy(client.application.extensions["node"], paper.id).state == "out"


@pytest.mark.parametrize("role", ROLES)
def test_codes_are_typed_by_who_is_signed_in(cast: Cast, paper: Copy, role: str) -> None:
    """The outsider is led to sign in, and a form of theirs is refused."""
    client = cast.client(role)
    assert client.get("/take-home/").status_code == (303 if role == OUTSIDER else 200)
    answer = client.post("/take-home/", data={"code": code(paper)})
    assert answer.status_code == (303 if role in SERVES_AMINA else 403 if role == OUTSIDER else 400)


def test_a_learner_sees_how_it_went(cast: Cast, paper: Copy) -> None:
    """What was right, and what to look at again; typed once more, that nothing was changed."""
    client = cast.client("learner")
    address = client.post("/take-home/", data={"code": code(paper, 0, WRONG)}).headers["Location"]
    page = client.get(address).get_data(as_text=True)
    assert "4 of 5 were right." in page
    assert "1 and 1?" in page
    assert "2 and 1?" not in page
    again = client.post("/take-home/", data={"code": code(paper)}, follow_redirects=True).get_data(as_text=True)
    assert "What was typed first stands" in again
    assert "4 of 5 were right." in again


def test_a_facilitator_types_one_after_another(cast: Cast, paper: Copy) -> None:
    """Back at the field at once, with whose it was."""
    client = cast.client("facilitator")
    answer = client.post("/take-home/", data={"code": code(paper)}, follow_redirects=True)
    assert answer.request.path == "/take-home/"
    page = answer.get_data(as_text=True)
    assert "Amina: 5 of 5 right" in page
    assert "autofocus" in page


def test_whose_a_copy_without_a_name_is_is_asked(node: Node, cast: Cast, market: object) -> None:
    """One of the circle is chosen; somebody else is refused, and nothing is written."""
    blank, client = copies.give(node, package=PACKAGE, item="five", carrier="paper"), cast.client("facilitator")
    page = client.post("/take-home/", data={"code": code(blank)}).get_data(as_text=True)
    assert "Whose is it?" in page
    assert cast.person("neighbour").id not in page
    form = {"code": code(blank), "whose": cast.person("neighbour").id}
    assert client.post("/take-home/", data=form).status_code == 400
    assert copies.copy(node, blank.id).person == ""
    client.post("/take-home/", data={**form, "whose": cast.person("learner").id})
    assert copies.copy(node, blank.id).person == cast.person("learner").id


def test_a_wrong_code_stays_in_its_field(cast: Cast, paper: Copy) -> None:
    """With one sentence that says what to do."""
    answer = cast.client("learner").post("/take-home/", data={"code": "2345678923"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "We know no such code. Nothing was written down" in page
    assert 'value="2345678923"' in page


@pytest.mark.parametrize("role", ROLES)
def test_a_circle_is_printed_by_who_leads_it(node: Node, cast: Cast, market: object, role: str) -> None:
    """One paper for each learner with picture and name, in one go; wrong roles print nothing."""
    circles.join(node, circle=cast.circle.id, person=cast.person("neighbour").id)
    client = cast.client(role)
    answer = client.post(OFFER, data={"item": "five", "circle": cast.circle.id, "lesson": "1"})
    if role not in ("facilitator", "librarian", "steward"):
        assert answer.status_code == 403
        assert copies.of_people(node, [each.id for each in roster.people(node)]) == []
        return
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert page.count('<article class="paper">') == 2
    assert "<bdi>Amina</bdi>" in page
    assert "<bdi>Kofi</bdi>" in page


def test_nobody_prints_the_papers_of_a_circle_they_do_not_lead(node: Node, cast: Cast, paper: Copy) -> None:
    """By its address either."""
    other = circles.add_circle(node, name="Others", picture="fire")
    client = cast.client("facilitator")
    assert client.get(f"/take-home/circles/{other.id}/{paper.pack.id}/").status_code == 403
    assert client.get(f"/take-home/circles/{cast.circle.id}/nothing/").status_code == 303


@pytest.mark.parametrize("role", NAMES)
def test_who_has_what_is_told_of_ones_own(cast: Cast, paper: Copy, role: str) -> None:
    """And of nobody else."""
    page = cast.client(role).get("/take-home/out/").get_data(as_text=True)
    assert ("Five sums" in page) == (role in SERVES_AMINA)


def test_what_is_lost_is_closed(node: Node, cast: Cast, paper: Copy) -> None:
    """By who looks after the learner, and only after it was said that its codes count no more."""
    client = cast.client("facilitator")
    before, _, after = client.get("/take-home/out/").get_data(as_text=True).partition(f"/copies/{paper.id}/close/")
    assert before.rindex("<details>") > before.rindex("<li") > before.rindex("<ul")
    assert "count no more" in after.partition("<button")[0]
    client.post(f"/take-home/copies/{paper.id}/close/")
    assert copies.copy(node, paper.id).state == "closed"


def test_a_copy_is_taken_for_ones_own_alone(node: Node, cast: Cast, market: object) -> None:
    """A facilitator for a learner of the circle; not for anybody."""
    client = cast.client("facilitator")
    take(client, item="five", carrier="paper", whose=cast.person("learner").id)
    form = {"item": "five", "carrier": "paper", "whose": cast.person("neighbour").id}
    assert client.post(OFFER, data=form).status_code == 403
    assert [each.person for each in copies.of_people(node, [each.id for each in roster.people(node)])] == [
        cast.person("learner").id
    ]


def test_guests_take_no_thousand_copies(client: FlaskClient, cast: Cast, market: object) -> None:
    """From one address a family's worth, then there is a rest."""
    for _ in range(attempts.COPIES_MAX):
        take(client, item="five", carrier="file")
    assert client.post(OFFER, data={"item": "five", "carrier": "file"}).status_code == 429


def test_where_guests_are_not_received_they_take_nothing(make_node: Callable[..., Node]) -> None:
    """They are led to sign in."""
    node = make_node("closed", guests=False)
    app = create_app(node)
    Cast(node, app)
    client = app.test_client()
    for address in (OFFER, "/take-home/", "/take-home/copies/x/file/"):
        assert client.get(address).headers["Location"].startswith("/people/sign-in/")


def test_a_file_too_large_for_an_old_phone_is_refused(node: Node, cast: Cast, tmp_path: Path) -> None:
    """Before a copy is made, with what goes instead; its paper can still be had."""
    place, pictures = tmp_path / "album", [f"p{number}.png" for number in range(11)]
    place.mkdir()
    for name in pictures:
        (place / name).write_bytes(b"\x89PNG\r\n\x1a\n" + name.encode() * 60_000)
    (place / "look.md").write_text("# Look\n\n" + "".join(f"![One]({name})\n" for name in pictures), encoding="utf-8")
    (place / "package.toml").write_text(ALBUM, encoding="utf-8")
    library.add(node, source=place)
    client = cast.client("learner")
    answer = client.post("/take-home/of/album.en/", data={"carrier": "file"})
    assert answer.status_code == 400
    assert "old phones open 4.1\u00a0MB" in answer.get_data(as_text=True)
    assert copies.of_people(node, [cast.person("learner").id]) == []
    assert client.post("/take-home/of/album.en/", data={"carrier": "paper"}).status_code == 303


@pytest.mark.parametrize("form", [{"carrier": "pigeon"}, {"carrier": "paper", "item": "film"}, {}])
def test_nonsense_is_refused_in_a_sentence(node: Node, cast: Cast, market: object, form: dict[str, str]) -> None:
    """And no copy is made."""
    assert cast.client("learner").post(OFFER, data=form).status_code in (400, 404)
    assert copies.of_people(node, [cast.person("learner").id, ""]) == []
