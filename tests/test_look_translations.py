"""Words in other languages: every catalogue is whole, and pages speak only what has one."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient

from hub.node import Node
from hub.people import roster
from hub.web.tongues import TRANSLATIONS, languages
from tests.fixtures.cast import OUTSIDER, Cast
from tests.fixtures.pseudo import messages

CATALOGUES = sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"))
SPOKEN = ("en", "ar", "es", "fr", "hi", "pt", "sw")
NAMED = re.compile(r"%\((\w+)\)[sdr]")


@pytest.fixture(scope="module")
def texts() -> set[str]:
    """Every text for people in the program; of one with a plural the singular."""
    return {text if isinstance(text, str) else text[0] for text in messages()}


def entries(path: Path) -> dict[str, Message]:
    """Text → its entry in a catalogue."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parts[-3])
    return {each.id if isinstance(each.id, str) else each.id[0]: each for each in catalogue if each.id}


def as_list(texts: str | tuple[str, ...] | list[str]) -> list[str]:
    """One text or the plural forms of one."""
    return [texts] if isinstance(texts, str) else list(texts)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_a_catalogue_has_every_text(path: Path, texts: set[str]) -> None:
    """No page is half in one language; `make translations` adds what is new."""
    told = {text for text, entry in entries(path).items() if all(as_list(entry.string)) and not entry.fuzzy}
    assert texts - told == set()


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_a_translation_names_the_same_values(path: Path) -> None:
    """A value that the text names stands in each of its forms."""
    wrong = [
        text
        for text, entry in entries(path).items()
        for form in as_list(entry.string)
        if sorted(NAMED.findall(form)) != sorted(NAMED.findall(as_list(entry.id)[-1]))
    ]
    assert wrong == []


def test_pages_speak_what_has_a_catalogue(app: Flask) -> None:
    """English, and each language whose catalogue was compiled."""
    with app.app_context():
        assert languages() == ("en", *(path.parts[-3] for path in CATALOGUES))


def choose(client: FlaskClient, language: str, back: str = "/library/") -> int:
    """Send the form of the language page; the status of the answer."""
    return client.post("/language/", data={"language": language, "next": back}).status_code


def spoken(client: FlaskClient) -> str:
    """The language of the front page."""
    return client.get("/").get_data(as_text=True).split('lang="')[1][:2]


def test_a_guests_choice_stays_with_the_phone(cast: Cast) -> None:
    """The next page is French, and so is every one after it."""
    client = cast.client(OUTSIDER)
    assert choose(client, "fr") == 303
    assert spoken(client) == "fr"


def test_a_persons_choice_goes_with_the_person(node: Node, cast: Cast) -> None:
    """Whoever signs in elsewhere finds their own language there."""
    choose(cast.client("learner"), "fr")
    assert roster.person(node, cast.person("learner").id).language == "fr"
    assert spoken(cast.client("learner")) == "fr"
    assert spoken(cast.client("librarian")) == "en"


@pytest.mark.parametrize("language", ["", "xx", "en-GB", "fr\n", "a" * 500])
def test_a_language_nobody_wrote_is_refused(cast: Cast, language: str) -> None:
    """400, and the page stays as it was."""
    client = cast.client("learner")
    assert choose(client, language) == 400
    assert spoken(client) == "en"


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_choosing_leads_nowhere_else(cast: Cast, back: str) -> None:
    """The way back is one of ours."""
    answer = cast.client(OUTSIDER).post("/language/", data={"language": "fr", "next": back})
    assert answer.headers["Location"] == "/"


def test_the_browsers_wish_counts_where_nobody_chose(cast: Cast) -> None:
    """A French phone gets French pages; one that asks for a language without catalogue gets the hub's."""
    client = cast.client(OUTSIDER)
    for wish, got in (("fr-CA,fr;q=0.9", "fr"), ("ar-EG", "ar"), ("de", "en"), ("*", "en")):
        shown = client.get("/", headers={"Accept-Language": wish}).get_data(as_text=True)
        assert f'lang="{got}"' in shown[:200]
