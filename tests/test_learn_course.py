"""A course of another system on the hub: said before, put on the shelf under its headings, and gone through."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from content.package import Manifest
from hub import library
from hub.node import Node
from hub.vocabulary import VERBS
from hub.worker import HANDLERS, Worker
from tests.fixtures import courses
from tests.fixtures.access import axe_both_ways, without_room
from tests.fixtures.cast import ROLES, Cast
from tests.fixtures.web import Served

SMALL = {"width": 360, "height": 640}
ITEM = '<item identifier="i{0}" identifierref="store"><title>Piece {0}</title></item>'


@pytest.fixture
def course(node: Node, tmp_path: Path) -> Manifest:
    """A course of Open edX on the shelf."""
    source = courses.edx(tmp_path / "course.tar.gz")
    return library.package(node, library.add(node, source=source, in_part=True).package)


def test_what_a_course_would_lose_is_said_with_the_titles_of_its_pieces(cast: Cast, node: Node, tmp_path: Path) -> None:
    """In the language of the page, before anything is added; one press, and the rest comes."""
    browser = cast.client("librarian")
    file = {"file": (io.BytesIO(courses.cartridge(tmp_path / "water.imscc").read_bytes()), "water.imscc")}
    address = str(browser.post("/library/add/", data=file).headers["Location"])
    Worker(node, HANDLERS).step()
    shown = re.sub("</?bdi>|[\u2066-\u2069]", "", browser.get(address).text)
    assert "tools on other servers (LTI) are left out (A tool)" in shown and "names of the pieces" in shown
    french = re.sub("</?bdi>|[\u2066-\u2069]", "", browser.get(address, headers={"Accept-Language": "fr"}).text)
    assert "les outils sur d’autres serveurs (LTI) sont laissés de côté (A tool)" in french
    assert library.packages(node) == []
    answer = browser.post(f"{address}in-part/")
    Worker(node, HANDLERS).step()
    assert "Clean water" in browser.get(answer.headers["Location"]).text
    assert [row.title for row in library.packages(node)] == ["Clean water"]


def test_everybody_sees_the_headings_of_a_course(cast: Cast, course: Manifest) -> None:
    """In their order, each above its own pieces."""
    for role in ROLES:
        page = cast.client(role).get(f"/library/{course.id}/").text
        order = [page.find(each) for each in (">Rivers · Where", f"/{course.items[2].id}/", ">Wells · Deep", ">More<")]
        assert -1 not in order[1:2] and order == sorted(order) and order[0] > 0, role


def test_a_long_course_shows_the_part_that_is_next(cast: Cast, node: Node, tmp_path: Path) -> None:
    """The others are folded; nothing of them is missing."""
    weeks = "".join(
        f'<item identifier="w{week}"><title>Week {week}</title>{"".join(ITEM.format(n) for n in range(7))}</item>'
        for week in (1, 2)
    )
    source = courses.cartridge(tmp_path / "x.imscc", items=weeks)
    package = library.add(node, source=source, in_part=True).package
    page = cast.client("learner").get(f"/library/{package}/").text
    assert re.findall(r"<details( open)?>", page) == [" open", "", ""] and page.count(">Piece ") >= 14
    first = library.package(node, package).items[0]
    assert first.part == "Week 1" and first.title == "Piece 0"


@pytest.mark.browser
def test_a_learner_goes_through_a_course_on_a_small_phone(
    cast: Cast, node: Node, course: Manifest, served: Served, phone: Callable[..., BrowserContext]
) -> None:
    """A page, a film with its subtitles, a quiz, something to talk about, a page that counts; all of it is recorded."""
    cookie = cast.client("learner").get_cookie("mangrove")
    assert cookie is not None
    context = phone(viewport=SMALL)
    context.add_cookies([{"name": "mangrove", "value": cookie.value, "url": served.url}])
    page = context.new_page()
    page.goto(f"{served.url}/library/{course.id}/")
    assert [*axe_both_ways(page), *without_room(page)] == []
    page.set_viewport_size(SMALL)
    page.reload()
    page.get_by_role("link", name="Begin").click()
    assert page.locator("article img").get_attribute("alt") == "A well"
    page.get_by_role("button", name="On to: A film of rain").click()
    assert page.locator("video track").get_attribute("srclang") == "en"
    assert page.locator("video source").get_attribute("type") == "video/mp4"
    page.get_by_role("button", name="On to: Try it").click()
    page.get_by_label("Rain").check()
    page.get_by_role("button", name="That is my answer").click()
    page.get_by_text("Clouds are water.").wait_for()
    page.locator("a.onward").click()
    page.get_by_label("Your answer").fill("7")
    page.get_by_role("button", name="That is my answer").click()
    page.locator("a.onward").click()
    page.get_by_role("link", name="Go on: Talk").click()
    page.get_by_text("Talk about this together.").wait_for()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= SMALL["width"]
    page.get_by_role("button", name="On to: Count the buckets").click()
    counted = page.frame_locator("iframe.viewer")
    counted.get_by_role("button", name="One more").click()
    assert counted.locator("#n").inner_text() == "1"
    assert counted.locator("img").evaluate("each => each.complete && each.naturalWidth") == 40
    page.get_by_role("button", name="On to: Plan").click()
    page.get_by_role("button", name="I have finished").click()
    page.get_by_text("You have finished this.").wait_for()
    table = node.tables.Statement
    done = {
        verb: table.select().where(table.verb == VERBS[verb]).count() for verb in ("answered", "passed", "completed")
    }
    assert (done["answered"], done["passed"], done["completed"] >= 5) == (2, 1, True)
