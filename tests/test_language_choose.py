"""`/language/`: one press on any page changes its language; what one learns in is another choice."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from hub import library, projections, reading
from hub.errors import InputWrong
from hub.learning import progress
from hub.node import Node
from hub.people import roster
from tests.fixtures import engines, packages
from tests.fixtures.cast import OUTSIDER, ROLES, Cast

pytestmark = pytest.mark.sqlite(engines.WORDS)

LANGUAGES = ("en", "fr", "sw")


@pytest.fixture
def shelf(node: Node, tmp_path: Path) -> None:
    """Two works, each in three languages."""
    for work in ("well", "pump"):
        for language in LANGUAGES:
            library.add(node, source=packages.well(tmp_path / work / language, work=work, language=language))


@pytest.mark.parametrize("role", ROLES)
def test_every_page_brings_the_languages(cast: Cast, role: str) -> None:
    """Each in its own name, as a button of a form; it comes back to the page one was on."""
    client = cast.client(role)
    html = client.get("/library/?kind=lesson").get_data(as_text=True)
    for code, name in (("sw", "Kiswahili"), ("ar", "العربية")):
        assert f'value="{code}"' in html
        assert f'<bdi lang="{code}">{name}</bdi>' in html
    assert 'name="next" value="/library/?kind=lesson"' in html
    answer = client.post("/language/", data={"language": "sw", "next": "/library/?kind=lesson"})
    assert answer.headers["Location"] == "/library/?kind=lesson"
    assert '<html lang="sw"' in client.get("/library/").get_data(as_text=True)


def test_guests_are_sent_no_further_than_our_own_pages(cast: Cast) -> None:
    """The way back in the menu is one of ours, whatever the address says."""
    html = cast.client(OUTSIDER).get("/library/?q=%22%3E%3Cb%3E").get_data(as_text=True)
    assert 'name="next" value="/library/?q=%22%3E%3Cb%3E"' in html


def press(client: FlaskClient, act: str, language: str) -> int:
    """Press a button beside a language one learns in."""
    return client.post(f"/language/learning/{act}/", data={"language": language}).status_code


@pytest.mark.usefixtures("shelf")
def test_one_learns_in_other_languages_than_those_of_the_buttons(cast: Cast, node: Node) -> None:
    """What is offered next comes in the first of them; the page stays as it is."""
    client, amina = cast.client("learner"), cast.person("learner").id
    assert [press(client, "in", "sw"), press(client, "in", "fr"), press(client, "first", "fr")] == [303] * 3
    assert roster.person(node, amina).learns == ("fr", "en", "sw")
    assert {step.manifest.language for step in progress.choices(node, amina)} == {"fr"}
    assert '<html lang="en"' in client.get("/").get_data(as_text=True)
    press(client, "out", "en")
    press(client, "out", "fr")
    assert roster.person(node, amina).learns == ("sw",)
    assert {step.manifest.language for step in progress.choices(node, amina)} == {"sw"}


@pytest.mark.usefixtures("shelf")
def test_whoever_chose_nothing_learns_in_the_language_of_their_pages(cast: Cast, node: Node) -> None:
    """And in the hub's where they never chose any."""
    amina = cast.person("learner").id
    assert {step.manifest.language for step in progress.choices(node, amina)} == {"en"}
    roster.change_person(node, person=amina, language="sw")
    assert {step.manifest.language for step in progress.choices(node, amina)} == {"sw"}


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("role", ["learner", OUTSIDER])
def test_shelf_and_search_show_what_one_reads_first(cast: Cast, role: str) -> None:
    """A guest's choice stays with the phone; a language that is asked for by name stands before both."""
    client = cast.client(role)
    press(client, "in", "sw")
    press(client, "first", "sw")
    for address in ("/library/", "/library/?q=well"):
        html = client.get(address).get_data(as_text=True)
        places = [html.index(f"well.{language}/") for language in ("sw", "en", "fr")]
        assert places == sorted(places)
    html = client.get("/library/?q=well&language=fr").get_data(as_text=True)
    assert "well.fr/" in html
    assert "well.sw/" not in html


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(
    ("act", "language"), [("in", "xx"), ("first", ""), ("last", "fr"), ("out", "fr\0"), ("in", "und")]
)
def test_what_nobody_offered_is_refused(cast: Cast, node: Node, act: str, language: str) -> None:
    """400, and nothing was changed."""
    assert press(cast.client("learner"), act, language) == 400
    assert roster.person(node, cast.person("learner").id).learns == ()


def test_the_languages_of_a_person_are_rebuilt(cast: Cast, node: Node) -> None:
    """They are facts of the journal like all others; too many, or no code, are refused."""
    amina = cast.person("learner").id
    roster.change_person(node, person=amina, learns=["sw", "pt-BR", "sw"])
    node.write(lambda: projections.rebuild(node.tables, node.journal.replay()))
    assert roster.person(node, amina).learns == ("sw", "pt-BR")
    for wrong in ([f"a{letter}" for letter in "abcdefghi"], ["Swahili!"]):
        with pytest.raises(InputWrong):
            roster.change_person(node, person=amina, learns=wrong)
    assert roster.person(node, amina).learns == ("sw", "pt-BR")


@pytest.mark.parametrize(
    ("language", "wanted", "place"),
    [("fr", ("sw", "fr"), 1), ("pt-BR", ("pt",), 0), ("pt", ("pt-BR",), 0), ("es", ("sw", "fr"), 2), ("en", (), 0)],
)
def test_a_countrys_way_of_a_language_is_that_language(language: str, wanted: tuple[str, ...], place: int) -> None:
    """Its place in the list of wishes, the length of the list for none."""
    assert reading.distance(language, wanted) == place
