"""axe on pages that no link leads to: forms after a refusal, answered questions, jobs, and what went wrong."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route

from hub.node import Node
from hub.web import errors
from tests.fixtures import engines
from tests.fixtures.access import BUILT, axe_both_ways
from tests.fixtures.demo import Demo
from tests.fixtures.refused import KEEPERS, LEARNERS, TOGETHER, Refused, send
from tests.fixtures.web import Served

pytestmark = [pytest.mark.browser, pytest.mark.sqlite(engines.LOOK)]

QUIZ = "/learn/numbers.en/how-many/"
FOLD = "() => document.querySelectorAll('header details').forEach(each => { each.open = false; })"
OPEN = "() => document.querySelectorAll('main details').forEach(each => { each.open = true; })"
JOB = "**/library/add/*/"
WENT_WRONG = "**/went-wrong/"
MISTAKES = (403, 404, 413, 429, 500)
TOLD = "[role=alert], .wrong, .sorry, .asked, .rest"
"""Where a page says what it did not take."""
COVERED = """() => {
    for (const each of document.querySelectorAll('.ear')) each.hidden = false;
    const apart = (one, other) => one.right <= other.left || other.right <= one.left || one.bottom <= other.top
        || other.bottom <= one.top;
    return [...document.querySelectorAll('.sayable > .ear')].flatMap(ear => {
        const box = ear.getBoundingClientRect();
        return [...ear.parentElement.querySelectorAll(':scope > :not(.ear) :is(.title, .go .icon)')]
            .filter(each => each.checkVisibility() && !apart(box, each.getBoundingClientRect()))
            .map(each => `a speaker lies over ${each.outerHTML.slice(0, 90)}`); });
}"""
"""Speakers that lie over words or over the sign that is pressed; all of them show, as on a hub that has voices."""


def answering(told: str) -> Callable[[Route], None]:
    """A way to answer every request with this page."""
    return lambda route: route.fulfill(body=told, content_type="text/html")


def once(route: Route) -> None:
    """Answer as the hub does, but let the page stand: one that loads itself again would do so under axe."""
    answer = route.fetch()
    route.fulfill(response=answer, headers={name: text for name, text in answer.headers.items() if name != "refresh"})


def faults(page: Page, name: str) -> list[str]:
    """What is wrong with the page as it stands."""
    found = [*page.evaluate(BUILT), *page.evaluate(COVERED), *axe_both_ways(page)]
    page.evaluate(FOLD)
    return [f"{name}: {each}" for each in found]


@pytest.fixture
def page_of(demo_copy: Demo, phone: Callable[..., BrowserContext]) -> Callable[[str], Page]:
    """A function that opens a phone on which a role of the demo is signed in; one for each role."""
    opened: dict[str, Page] = {}

    def open_page(role: str) -> Page:
        if role not in opened:
            context = phone()
            context.add_cookies(demo_copy.cookies(role))  # type: ignore[arg-type]
            opened[role] = context.new_page()
        return opened[role]

    return open_page


@pytest.mark.parametrize("table", [LEARNERS, KEEPERS, TOGETHER], ids=["learners", "keepers", "together"])
def test_axe_finds_nothing_after_a_refusal(
    demo_copy: Demo, page_of: Callable[[str], Page], table: tuple[Refused, ...]
) -> None:
    """Each form is filled in wrongly and sent; it comes back with one sentence, and in order."""
    wrong: list[str] = []
    for each in table:
        page = page_of(each.role)
        page.goto(demo_copy.url + each.address)
        for link in each.pressed:
            page.evaluate(OPEN)
            with page.expect_navigation(wait_until="load"):
                page.locator(link).first.click()
        status = send(page, each)
        wrong += [f"{each.name}: status {status}"] * (status != each.status)
        wrong += [f"{each.name}: says nothing"] * (not page.locator(TOLD).count())
        wrong += faults(page, each.name)
    assert wrong == []


def test_axe_finds_nothing_in_a_quiz_from_end_to_end(demo_copy: Demo, page_of: Callable[[str], Page]) -> None:
    """A wrong answer with its hint, the question again, the second try, and the page at the end."""
    page, wrong = page_of("guest"), []
    page.goto(demo_copy.url + QUIZ)
    for kind in ("not yet", "the question again", "not this time"):
        is_asked = page.locator(".question-form").count() > 0
        if is_asked:
            page.locator(".option").first.click()
        with page.expect_navigation(wait_until="load"):
            page.click(".question-form .wide-button" if is_asked else ".onward")
        wrong += faults(page, kind)
    learner = page_of("learner")
    learner.goto(demo_copy.url + QUIZ)
    wrong += faults(learner, "the end")
    assert wrong == []


def test_axe_finds_nothing_on_the_page_of_a_job(demo_copy: Demo, page_of: Callable[[str], Page]) -> None:
    """A file that waits for its turn to be put on the shelf."""
    page = page_of("librarian")
    page.goto(demo_copy.url + "/library/add/")
    page.set_input_files(
        "input[type=file]", {"name": "song.mp3", "mimeType": "audio/mpeg", "buffer": b"ID3" + b"0" * 99}
    )
    page.route(JOB, once)
    page.click("main form .button")
    page.wait_for_url(JOB)
    page.reload()
    assert faults(page, "waiting") == []


def test_axe_finds_nothing_where_something_went_wrong(demo_copy: Demo, page_of: Callable[[str], Page]) -> None:
    """The page of each mistake, as the hub makes it."""
    page, app, wrong = page_of("guest"), demo_copy.app(), []
    for status in MISTAKES:
        with app.test_request_context("/"):
            app.preprocess_request()
            told = errors.sorry(status).get_data(as_text=True)
        page.unroute_all()
        page.route(WENT_WRONG, answering(told))
        page.goto(demo_copy.url + WENT_WRONG.strip("*"))
        assert page.locator(".sorry").count() == 1
        wrong += faults(page, str(status))
    assert wrong == []


def test_axe_finds_nothing_in_a_refused_set_up(node: Node, serve_node: Callable[[Node], Served], page: Page) -> None:
    """A hub that nobody has begun asks again."""
    page.goto(serve_node(node).url)
    status = send(page, Refused("set-up", "guest", "/setup/", "main form", {"hub_name": " ", "secret": "1"}))
    assert (status, faults(page, "set-up")) == (400, [])
