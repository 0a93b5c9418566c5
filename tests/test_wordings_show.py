"""Finding a wording: by words, by page, among one's own."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from hub import wordings
from hub.node import Node
from hub.wordings import Text
from tests.fixtures import engines
from tests.fixtures.cast import Cast
from tests.fixtures.demo import Demo

pytestmark = pytest.mark.sqlite(engines.WORDS)

LINKS = re.compile(r'href="(/wordings/\w+/\w+/)')


def texts(html: str) -> list[str]:
    """The addresses of the texts that a page of wordings lists."""
    return LINKS.findall(html)


def test_a_text_is_found_by_the_words_of_either_language(cast: Cast) -> None:
    """The English, and what pages say in the language that was chosen."""
    client = cast.client("librarian")
    wanted = f"/wordings/fr/{wordings.key('Library')}/"
    for words in ("library", "BIBLIOTHÈQUE"):
        assert wanted in texts(client.get(f"/wordings/?language=fr&q={words}").get_data(as_text=True))
    assert texts(client.get("/wordings/?language=fr&q=zzzzz").get_data(as_text=True)) == []


def test_the_list_goes_on_over_pages(cast: Cast) -> None:
    """All texts are there, each once."""
    client = cast.client("steward")
    first, second = (texts(client.get(f"/wordings/?language=en&page={page}").get_data(as_text=True)) for page in (1, 2))
    assert len(first) == len(second) == 30
    assert not set(first) & set(second)
    assert texts(client.get("/wordings/?language=en&page=999").get_data(as_text=True)) == []


def test_the_list_goes_by_words(cast: Cast) -> None:
    """What the page fills in before them does not count: nobody meets a page of signs first."""
    html = cast.client("librarian").get("/wordings/?language=en&q=step").get_data(as_text=True)
    wanted = ("Open your circle to see each learner and each step.", "%(num)s step done")
    places = [texts(html).index(f"/wordings/en/{wordings.key(text)}/") for text in wanted]
    assert places == sorted(places)
    first = texts(cast.client("librarian").get("/wordings/?language=en").get_data(as_text=True))
    assert f"/wordings/en/{wordings.key(', ')}/" not in first


def test_a_text_shows_english_what_is_said_and_ones_own(cast: Cast) -> None:
    """With a field for each form that the language has."""
    client = cast.client("librarian")
    html = client.get(f"/wordings/ar/{wordings.key('%(num)s step done')}/").get_data(as_text=True)
    assert html.count("<textarea") == 6
    assert "%(num)s steps done" in html
    address = f"/wordings/fr/{wordings.key('Library')}/"
    client.post(address, data={"form0": "Livres"})
    html = client.get(address).get_data(as_text=True)
    for words in ("Library", "Bibliothèque", ">Livres</textarea>", f"{address}back/"):
        assert words in html
    assert texts(client.get("/wordings/?language=fr&own").get_data(as_text=True)) == [address]


FORMS = {"ar": 6, "en": 2, "es": 2, "fr": 2, "hi": 2, "pt": 2, "sw": 2}
"""How many forms each catalogue of the program has for what is counted, whatever Babel thinks of the language."""


@pytest.mark.parametrize("language", FORMS)
def test_a_counted_text_has_a_field_for_each_form_of_its_catalogue(node: Node, cast: Cast, language: str) -> None:
    """Also when it was mended with fewer of them, by a hub whose catalogue had fewer."""
    client, counted = cast.client("librarian"), "%(num)s step done"
    address = f"/wordings/{language}/{wordings.key(counted)}/"
    assert client.get(address).get_data(as_text=True).count("<textarea") == FORMS[language]
    wordings.mend(node, language=language, text=Text(counted), forms=["%(num)s done"])
    html = client.get(address).get_data(as_text=True)
    assert html.count("<textarea") == FORMS[language]
    assert html.count(">%(num)s done</textarea>") == 1


def test_a_page_shows_the_texts_that_it_says(cast: Cast) -> None:
    """For whoever asked for it, until they ask no more; from there it leads back to the page."""
    client, key = cast.client("librarian"), wordings.key("The shelf is still empty")
    assert key not in client.get("/library/").get_data(as_text=True)
    client.post("/wordings/here/", data={"mending": "yes"})
    html = client.get("/library/").get_data(as_text=True)
    assert f"/wordings/en/{key}/?next=/library/" in html
    assert wordings.key("Nothing on the shelf yet") not in html
    sent = client.post(f"/wordings/en/{key}/", data={"form0": "Bare", "next": "/library/"})
    assert sent.headers["Location"] == "/library/"
    client.post("/wordings/here/", data={"mending": "no"})
    assert key not in client.get("/library/").get_data(as_text=True)


@pytest.mark.parametrize("role", ["librarian", "steward"])
def test_the_way_there_is_on_the_hubs_own_page(cast: Cast, role: str) -> None:
    """And a learner sees none."""
    assert 'href="/wordings/"' in cast.client(role).get("/status/").get_data(as_text=True)
    assert 'href="/wordings/"' not in cast.client("learner").get("/status/").get_data(as_text=True)


@pytest.mark.browser
@pytest.mark.sqlite(engines.LOOK)
def test_every_wording_begins_where_its_row_begins(demo: Demo, phone: Callable[..., BrowserContext]) -> None:
    """Short ones do not stand in the middle."""
    context = phone()
    context.add_cookies(demo.cookies("librarian"))  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{demo.url}/wordings/?language=en&q=step")
    starts = page.locator(".wording-forms > bdi").evaluate_all(
        "forms => forms.map(each => each.getBoundingClientRect().x)"
    )
    assert len(starts) > 3
    assert len(set(starts)) == 1
