"""Looks round: short enough to be heard in a minute, in each language; left, gone on with, and put away."""

from collections.abc import Callable
from contextlib import nullcontext
from gettext import GNUTranslations, NullTranslations
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext, Page

from hub.node import Node
from hub.people import tours
from hub.web.tongues import TRANSLATIONS
from hub.web.tour_words import TOURS
from tests.fixtures import engines
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.web import Served
from tests.test_look_sprites import drawn

pytestmark = pytest.mark.sqlite(engines.WORDS)

WORDS_MAX = 150
"""A minute at the speed of calm speech."""
SPOTS = {"main", "me", "help", "home", "library", "learning", "community"}
VOICE = """window.said = []; Object.defineProperty(window, "speechSynthesis", {value: {
    getVoices: () => [{lang: "en-GB", localService: true}], cancel: () => {},
    speak: (saying) => { said.push(saying.text); setTimeout(() => saying.onend?.(), 5); }}});
    window.SpeechSynthesisUtterance = function (text) { this.text = text; };"""
"""Debian's Chromium has no voice: this is a phone that speaks English, quickly."""
MINE = {"learner": "child", "neighbour": "child", OUTSIDER: "guest"}
"""Whose look round has another name than their role; the learners of the cast are children."""


@pytest.mark.parametrize("catalogue", [None, *sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.mo"))], ids=str)
def test_a_look_round_is_heard_in_a_minute(catalogue: Path | None) -> None:
    """At most 150 words for each who-looks, in English and in every catalogue."""
    with catalogue.open("rb") if catalogue else nullcontext() as file:
        said = GNUTranslations(file) if file else NullTranslations()
    for name, tour in TOURS.items():
        texts = [str(step.says) for step in tour.steps]
        words = sum(len(said.gettext(text).split()) for text in texts)
        assert words <= WORDS_MAX, f"{name}: {words}"


def test_every_step_has_a_drawing_at_a_place_of_the_page() -> None:
    """Five or six steps, each with an icon that is drawn; the last one shows where help is."""
    icons = drawn("icons.svg")
    for tour in TOURS.values():
        assert 5 <= len(tour.steps) <= 6
        assert {step.spot for step in tour.steps} <= SPOTS
        assert {step.icon for step in tour.steps} <= icons
        assert tour.steps[-1].spot == "help"


@pytest.mark.parametrize("role", ROLES)
def test_everybody_is_led_to_their_own(cast: Cast, role: str) -> None:
    """The way from the mark leads to the first step of the look round for whoever looks, and on to its end."""
    client, name = cast.client(role), MINE.get(role, role)
    shown = client.get("/help/tour/", follow_redirects=True)
    assert shown.request.path == f"/help/tour/{name}/1/"
    total = len(TOURS[name].steps)
    for step in range(1, total + 1):
        text = unescape(client.get(f"/help/tour/{name}/{step}/").text)
        assert text.count('tabindex="-1" aria-label=') == total
        assert (f'href="/help/tour/{name}/{step + 1}/"' in text) == (step < total)
    assert client.get(f"/help/tour/{name}/{total + 1}/").status_code == 404
    assert client.get(f"/help/tour/{name}/0/").status_code == 404


@pytest.mark.parametrize("path", ["/help/tour/nobody/", "/help/tour/nobody/1/"])
def test_there_is_no_other(cast: Cast, path: str) -> None:
    """A name that stands for nobody leads nowhere."""
    assert cast.client("learner").get(path).status_code == 404
    assert cast.client("learner").post("/help/tour/nobody/away/").status_code == 404


@pytest.mark.parametrize("role", ["learner", OUTSIDER])
def test_it_goes_on_where_it_was_left(cast: Cast, role: str) -> None:
    """Going back does not count as leaving; the home offers to go on, until the end was seen."""
    client, name = cast.client(role), MINE[role]
    for step in (1, 2, 3, 2):
        client.get(f"/help/tour/{name}/{step}/")
    assert client.get(f"/help/tour/{name}/").location == f"/help/tour/{name}/3/"
    assert f'href="/help/tour/{name}/3/"' in client.get("/").text
    client.get(f"/help/tour/{name}/{len(TOURS[name].steps)}/")
    assert "tour-offer" not in client.get("/").text
    assert client.get(f"/help/tour/{name}/").location == f"/help/tour/{name}/1/"


@pytest.mark.parametrize("role", ROLES)
def test_a_home_offers_it_until_it_is_put_away(cast: Cast, role: str) -> None:
    """Quietly, at every home; whoever does not want it is not asked again, and still finds it under help."""
    client, name = cast.client(role), MINE.get(role, role)
    assert f'href="/help/tour/{name}/1/"' in client.get("/").text
    answer = client.post(f"/help/tour/{name}/away/", data={"next": "/library/"})
    assert answer.location == "/library/"
    assert "tour-offer" not in client.get("/").text
    assert "/help/tour/" in client.get("/help/").text


def test_what_one_saw_another_did_not(node: Node, cast: Cast) -> None:
    """A brother on another phone is offered it still; a person's marks are their own, and a later step stays."""
    amina, kofi = cast.person("learner"), cast.person("neighbour")
    tours.note(node, person=amina.id, tour="child", step=4)
    tours.note(node, person=amina.id, tour="child", step=2)
    tours.note(node, person=amina.id, tour="guardian", step=1)
    assert tours.reached(node, amina.id) == {"child": 4, "guardian": 1}
    assert tours.reached(node, kofi.id) == {}
    assert 'href="/help/tour/child/1/"' in cast.client("neighbour").get("/").text


def test_a_guests_marks_go_when_somebody_signs_out(cast: Cast, client: FlaskClient) -> None:
    """The next guest on this phone is offered it anew."""
    client.post("/help/tour/guest/away/")
    assert "tour-offer" not in client.get("/").text
    client.post("/people/sign-out/")
    assert "tour-offer" in client.get("/").text


def test_it_is_shown_when_nothing_can_be_kept(node: Node, cast: Cast) -> None:
    """A hub that takes no more changes shows the step all the same."""
    client = cast.client("learner")
    node.writer.close()
    assert client.get("/help/tour/child/2/").status_code == 200


@pytest.mark.browser
def test_it_moves_without_a_new_page_and_is_kept(
    node: Node, cast: Cast, served: Served, phone: Callable[..., BrowserContext]
) -> None:
    """With script a press shows the next step on the spot, under its own address."""
    page = phone().new_page()
    page.goto(f"{served.url}/help/tour/guest/1/")
    page.evaluate("window.same = true")
    with page.expect_response("**/help/tour/guest/2/"):
        page.click("[data-tour]:not([hidden]) .button.main")
    assert page.url.endswith("/guest/2/")
    assert page.evaluate("window.same")
    assert page.locator("[data-tour]:visible").count() == 1


@pytest.mark.browser
def test_it_is_played_whole(node: Node, cast: Cast, served: Served, phone: Callable[..., BrowserContext]) -> None:
    """One press says every sentence in its order, and the steps move along with it; a press on the way ends it."""
    object.__setattr__(node.settings, "sound_max", 0)
    page = phone().new_page()
    page.add_init_script(VOICE)
    page.goto(f"{served.url}/help/tour/guest/1/")
    page.click("[data-tour-play]")
    page.wait_for_url("**/help/tour/guest/5/")
    page.wait_for_selector("[data-tour]:not([hidden]) [data-read][aria-pressed=false]")
    assert " ".join(page.evaluate("said")) == " ".join(str(step.says) for step in TOURS["guest"].steps)


@pytest.mark.browser
def test_it_is_not_offered_to_be_played_without_a_voice(node: Node, served: Served, cast: Cast, page: Page) -> None:
    """Debian's Chromium has none, and this hub renders none: the steps are there to be read."""
    object.__setattr__(node.settings, "sound_max", 0)
    page.goto(f"{served.url}/help/tour/guest/1/")
    assert not page.locator("[data-tour-play]").is_visible()
