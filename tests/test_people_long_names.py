"""A name as long as the hub takes, of one word: no page grows wider than the phone because of it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from hub.node import Node
from hub.people import circles, households, roster
from hub.people.roster import Person
from tests.fixtures import engines
from tests.fixtures.cast import Cast
from tests.fixtures.web import Served

pytestmark = [pytest.mark.browser, pytest.mark.sqlite(engines.LOOK)]
NARROW = {"width": 320, "height": 640}
ENDLESS = "Wolfeschlegelstein" * 4
WIDTH = "() => document.documentElement.scrollWidth"
"""How wide the page is, with what stands beyond the screen."""


@pytest.fixture
def endless(node: Node, cast: Cast) -> Person:
    """A learner of the cast's circle and household whose name is one long word."""
    name = ENDLESS[: roster.NAME_MAX]
    person = roster.add_person(node, name=name, picture="boat", roles=("learner",), birth_year=2016)
    circles.join(node, circle=cast.circle.id, person=person.id)
    households.link(node, household=cast.household.id, person=person.id, relation="child")
    return person


@pytest.fixture
def screen(cast: Cast, served: Served, phone: Callable[..., BrowserContext]) -> Callable[[str], Page]:
    """A function that gives a narrow phone in the hand of somebody of the cast."""

    def open_as(role: str) -> Page:
        context = phone(viewport=NARROW, base_url=served.url)
        if cookie := cast.client(role).get_cookie("mangrove"):
            context.add_cookies([{"name": "mangrove", "value": cookie.value, "url": served.url}])
        return context.new_page()

    return open_as


@pytest.mark.parametrize(
    ("role", "addresses"),
    [
        ("outsider", ("/people/sign-in/in/{circle}/", "/people/sign-in/as/{person}/")),
        ("learner", ("/", "/people/switch/", "/community/")),
        ("guardian", ("/",)),
        ("facilitator", ("/", "/people/{person}/", "/learn/classes/{circle}/", "/take-home/out/")),
        (
            "librarian",
            ("/people/", "/people/{person}/", "/people/circles/{circle}/", "/people/households/{household}/"),
        ),
    ],
)
def test_a_long_name_widens_no_page(
    cast: Cast, endless: Person, screen: Callable[[str], Page], role: str, addresses: tuple[str, ...]
) -> None:
    """It goes on in the next line."""
    page = screen(role)
    here = {"circle": cast.circle.id, "household": cast.household.id, "person": endless.id}
    widths = {}
    for address in addresses:
        page.goto(address.format(**here))
        widths[address] = page.evaluate(WIDTH)
    assert widths == dict.fromkeys(addresses, NARROW["width"])


def test_what_is_said_of_somebody_fits_too(endless: Person, screen: Callable[[str], Page]) -> None:
    """The sentence over the page after a change."""
    page = screen("librarian")
    page.goto(f"/people/{endless.id}/")
    page.get_by_text("Let rest").first.click()
    page.get_by_role("button", name="Let rest").click()
    page.locator(".notice").wait_for()
    assert page.evaluate(WIDTH) == NARROW["width"]
