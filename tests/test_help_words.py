"""The "?": every page has its help, and no help is without its page."""

from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale

from hub.demo import cast as demo_cast
from hub.web import help_words
from hub.web.help_words import HELP, LOST
from tests.fixtures import engines
from tests.fixtures.cast import ROLES, Cast
from tests.fixtures.demo import GUEST, Demo

pytestmark = pytest.mark.sqlite(engines.WORDS)

NO_PAGES = (
    *("static_files.", "opds.", "opds_atom.", "openapi.", "health.", "exchange."),
    *("library.file", "library.download", "takehome.file", "pictures.", "about.give_source", "lists.write_out"),
    *("help.mine", "help.go_on", "install.manifest", "kept.worker", "sound.voice", "sound.recording"),
    *(
        "wordings.export",
        "writing.file",
        "banks.file",
        "parcels.file",
        "moving.file",
        "finding.suggest",
        "encyclopaedia.titles",
    ),
    *("things.photograph", "tide_sticks.fetch", "clips.show", "safe.voice"),
)
"""What answers to GET with a file, with something for machines, or with the way to another page."""
WORDS_MAX = 25
"""Words in one sentence of help; it stands beside a page, and is read aloud."""


def pages_of(app: Flask) -> set[str]:
    """The views that show a page."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    return {rule.endpoint for rule in rules if not rule.endpoint.startswith(NO_PAGES)}


def test_every_page_has_its_help_and_no_help_is_orphaned(app: Flask) -> None:
    """A new page comes with its words; those of a page that went go with it."""
    assert pages_of(app) == set(HELP)


def test_help_is_short() -> None:
    """One sentence for what the page is, and at most three for what can be done; none is long."""
    told = [LOST, *HELP.values()]
    assert [each for each in told if len(each.can) > 3] == []
    sentences = [str(text) for each in told for text in (each.what, *each.can)]
    assert [text for text in sentences if len(text.split()) > WORDS_MAX] == []


@pytest.mark.parametrize("role", [GUEST, *demo_cast.LOOK_AS])
def test_every_page_of_a_role_shows_its_own_help(demo: Demo, role: str) -> None:
    """On each page that links lead to, the same mark opens the words of that page and of no other."""
    client, wrong = demo.client(role), []
    for kind, address, html in demo.walk(role):
        text = unescape(html)
        with client.application.test_request_context(), force_locale(text.split('lang="')[1][:2]):
            what = str(HELP[kind.rstrip("?")].what)
        wrong += [address] * (text.count('<details class="help') != 1 or what not in text)
    assert wrong == []


def test_a_page_that_is_not_there_says_how_to_go_on(cast: Cast) -> None:
    """Whoever is lost finds the mark there as well, with general words."""
    for role in ROLES:
        assert str(help_words.LOST.what) in unescape(cast.client(role).get("/nothing/here/").text)


def test_a_form_that_was_refused_has_the_help_of_its_page(cast: Cast) -> None:
    """Sending a form leads to no other words than the page that has the form."""
    answer = cast.client("librarian").post("/people/add/", data={"name": "", "picture": "goat"})
    assert answer.status_code == 400
    assert str(HELP["people.ask_new"].what) in unescape(answer.text)


def test_help_names_whom_to_ask(cast: Cast, client: FlaskClient) -> None:
    """The librarian, for everybody and also before anybody signed in; no learner is named."""
    for browser in (client, cast.client("learner")):
        text = browser.get("/help/").text
        assert f"<bdi>{cast.person('librarian').name}</bdi>" in text
        assert cast.person("neighbour").name not in text


def test_an_empty_hub_names_nobody(client: FlaskClient) -> None:
    """Where nobody looks after the hub yet, the help stands without a name."""
    text = unescape(client.get("/setup/").text)
    assert str(HELP["setup.show"].what) in text
    assert '<p class="person">' not in text
