"""A course of another system on the hub: said before, put on the shelf under its headings, and gone through."""

import io
import re
from pathlib import Path

import pytest

from content.package import Manifest
from hub import library
from hub.node import Node
from hub.worker import HANDLERS, Worker
from tests.fixtures import courses
from tests.fixtures.cast import ROLES, Cast

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
