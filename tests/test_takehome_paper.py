"""Papers: a sheet with its strip fits on a page of A4, for the whole starter library and a class of forty-five."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from hub.node import Node
from hub.people import circles, roster
from hub.takehome import codes, copies
from tests.fixtures import engines
from tests.fixtures.cast import Cast
from tests.fixtures.demo import Demo
from tests.fixtures.learning import PACKAGE
from tests.fixtures.takehome import code
from tests.fixtures.web import Served

pytestmark = pytest.mark.browser
MM = 96 / 25.4
"""Pixels in a millimetre of print."""
SHEET = {"width": round((210 - 2 * 13) * MM), "height": round((297 - 2 * 9) * MM)}
"""What the margins leave of A4."""
LEARNERS = 45
PAGES = re.compile(rb"/Type\s*/Page\b")
HEIGHTS = "all => all.map(each => [each.querySelector('h2').textContent, each.offsetHeight])"


def _printed(page: Page) -> None:
    page.emulate_media(media="print")
    page.set_viewport_size(SHEET)  # type: ignore[arg-type]


@pytest.mark.sqlite(engines.LOOK)
@pytest.mark.parametrize("package", ["numbers.en", "read-with-me.en", "fix-a-phone.en", "safe-water.fr"])
def test_a_sheet_fits_on_one_page(demo_copy: Demo, phone: Callable[..., BrowserContext], package: str) -> None:
    """Questions, answers under the fold, and the strip to cut off: nothing of it on a second page."""
    given = copies.give(demo_copy.node, package=package, carrier="paper")
    page = phone().new_page()
    page.goto(f"{demo_copy.url}/take-home/copies/{given.id}/paper/", wait_until="load")
    _printed(page)
    heights = page.locator(".sheet").evaluate_all(HEIGHTS)
    assert len(heights) == len(given.pack.asked.sheets)
    assert [each for each in heights if each[1] > SHEET["height"]] == []


def _fill_class(node: Node, cast: Cast) -> None:
    for number in range(LEARNERS - 1):
        person = roster.add_person(node, name=f"Learner {number}", picture="goat")
        circles.join(node, circle=cast.circle.id, person=person.id)


def test_a_class_of_forty_five_is_printed_at_once(
    node: Node, cast: Cast, market: object, served: Served, phone: Callable[..., BrowserContext]
) -> None:
    """One page each, with a code of its own, and each code counts for its own learner."""
    node.write(lambda: _fill_class(node, cast))
    client = cast.client("facilitator")
    form = {"item": "five", "circle": cast.circle.id}
    address = client.post(f"/take-home/of/{PACKAGE}/", data=form).headers["Location"]
    context = phone()
    cookie = client.get_cookie("mangrove")
    assert cookie is not None
    context.add_cookies([{"name": "mangrove", "value": cookie.value, "url": served.url}])
    page = context.new_page()
    page.goto(served.url + address, wait_until="load")
    assert len(PAGES.findall(page.pdf(format="A4", prefer_css_page_size=True))) == LEARNERS
    people = circles.members(node, cast.circle.id, "learner")
    given = copies.of_people(node, [each.id for each in people])
    assert len({code(each) for each in given}) == LEARNERS
    for each in given[:3]:
        client.post("/take-home/", data={"code": code(each)})
    rows = node.tables.Progress.select().where(node.tables.Progress.item == "five")
    assert {row.person for row in rows} == {each.person for each in given[:3]}


def test_the_pairs_on_the_paper_are_those_of_the_code(
    node: Node, cast: Cast, market: object, served: Served, phone: Callable[..., BrowserContext]
) -> None:
    """Ticked from top to bottom, copied into the boxes: what a hand writes is what the hub reads."""
    given = copies.give(node, package=PACKAGE, item="quiz", carrier="paper")
    page = phone().new_page()
    page.goto(f"{served.url}/take-home/copies/{given.id}/paper/")
    sheet = page.locator(".sheet").nth(1)
    first = sheet.locator(".ask .pair").first.inner_text()
    ends = "".join(sheet.locator(".boxes .box").all_inner_texts())
    assert first + ends == code(given, 1)
    assert len(first + ends) == codes.LENGTH
    assert sheet.locator(".answers").inner_text().startswith("Fish – Basket")
