"""Books in larger letters, wide lines, light or dark: kept with the person, on every phone, without script."""

import io
import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from hub import library
from hub.app import create_content_app
from hub.node import Node
from hub.people import booklooks
from hub.people.booklooks import Look
from hub.web import booklooks as laid
from hub.web.files import Blob
from tests.fixtures import channels, engines, packages
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.channels import Thing
from tests.fixtures.web import Served

pytestmark = pytest.mark.sqlite(engines.SHELF)
FRAME = re.compile(r'<iframe class="viewer" src="http://[^/]+(/[^"]+)"')

SEEN = """() => { const p = document.querySelector('p'), root = document.documentElement;
    return { height: p.getBoundingClientRect().height, ink: getComputedStyle(p).color, wide: root.scrollWidth,
             room: root.clientWidth, ground: getComputedStyle(root).backgroundColor }; }"""


@pytest.fixture
def book(node: Node, tmp_path: Path) -> str:
    """The address of a book of two chapters."""
    added = library.add(node, source=packages.epub(tmp_path / "goat.epub"))
    manifest = node.shelf.manifest(added.package)
    assert manifest is not None
    return f"/learn/{added.package}/{manifest.items[0].id}/"


def shown(page: str) -> str:
    """Where the open chapter is, on the packages' origin."""
    found = FRAME.search(page)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("role", [*ROLES, OUTSIDER])
def test_everybody_chooses_their_own_letters(cast: Cast, book: str, role: str) -> None:
    """A guest on the phone, a person wherever they sign in; the chapter that was open stays so; nobody else sees it."""
    client = cast.client(role)
    client.get(book)
    asked = {"size": "2", "at": "2"}
    assert client.post(f"{book}look/", data=asked).location == f"{book}?chapter=2#book"
    client.post(f"{book}look/", data={"light": "2"})
    page = client.get(f"{book}?chapter=2").text
    assert "~202/OPS/two.xhtml" in shown(page)
    assert re.findall(r'name="(\w+)" value="(\d)" aria-pressed="true"', page) == [
        *(("size", "2"), ("lines", "0"), ("light", "2"))
    ]
    other = "facilitator" if role == "learner" else "learner"
    assert "~" not in shown(cast.client(other).get(book).text)


def test_another_phone_of_the_same_person_has_place_and_letters(cast: Cast, book: str) -> None:
    """Both go with the person."""
    client = cast.client("learner")
    client.get(book)
    client.post(f"{book}place/", data={"at": "2"})
    client.post(f"{book}look/", data={"lines": "1"})
    assert "~010/OPS/two.xhtml" in shown(cast.client("learner").get(book).text)


@pytest.mark.parametrize("chosen", [{"size": "4"}, {"light": "x"}, {"lines": "01"}, {"size": "٢"}])
def test_what_nobody_offered_is_not_taken(cast: Cast, book: str, chosen: dict[str, str]) -> None:
    """One sentence, and nothing changes."""
    client = cast.client("learner")
    answer = client.post(f"{book}look/", data=chosen)
    assert answer.status_code == 400
    assert "Books cannot look like that" in answer.text
    assert "~" not in shown(client.get(book).text)


def test_a_chapter_wears_its_look_and_stays_shut_in(cast: Cast, node: Node, book: str) -> None:
    """Under one address always the same; without scripts as before, in parts too, and nothing where nothing is."""
    client, origin = cast.client("learner"), create_content_app(node).test_client()
    plain = origin.get(shown(client.get(book).text))
    client.post(f"{book}look/", data={"size": "3"})
    address = shown(client.get(book).text)
    large = origin.get(address)
    assert large.text.replace(laid.style(Look(size=3)), "") == plain.text != large.text
    assert large.headers["ETag"] != plain.headers["ETag"]
    assert large.headers["Content-Security-Policy"] == plain.headers["Content-Security-Policy"]
    assert origin.get(address, headers={"Range": "bytes=10-19"}).data == large.data[10:20]
    assert origin.get(address, headers={"If-None-Match": large.headers["ETag"]}).status_code == 304
    assert origin.get(address.replace("~300", "~999")).data == plain.data
    assert origin.get(address.replace("one.xhtml", "none.xhtml")).status_code == 404
    assert origin.get(address.replace("one.xhtml", "book.opf")).status_code == 404


def test_a_page_nobody_can_dress_is_shown_as_it_is(node: Node) -> None:
    """Without a head, or longer than memory has room for."""
    bare = Blob(lambda: io.BytesIO(b"<p>Mbuzi</p>"), 12, "x", "text/html")
    assert laid.worn(bare, "300") is bare
    long = replace(bare, size=laid.CHAPTER_BYTES_MAX + 1)
    assert laid.worn(long, "300") is long


def test_a_look_is_three_digits(node: Node) -> None:
    """Every one goes through its mark and back; anything else is the book's own."""
    looks = [Look(*each) for each in itertools.product(*map(range, booklooks.STEPS.values()))]
    assert [booklooks.read(each.mark) for each in looks] == looks
    assert {booklooks.read(each) for each in ("", "000", "400", "1", "1000", "٢00", "30 ")} == {Look()}


@pytest.mark.browser
def test_letters_grow_and_the_paper_darkens(
    served: Served, book: str, cast: Cast, phone_of: Callable[[str], Page]
) -> None:
    """With a press on each, nothing else opened; and nothing runs off the side."""
    page = phone_of("learner")
    page.goto(served.url + book)
    before = seen(page)
    page.get_by_text("Larger letters, light or dark").click()
    page.get_by_role("button", name="As large as can be").click()
    page.get_by_role("button", name="Dark").click()
    page.wait_for_url("**#book")
    after = seen(page)
    assert after["height"] > 2 * before["height"]
    assert (after["ground"], after["ink"]) == ("rgb(16, 25, 26)", "rgb(238, 242, 238)")
    assert after["wide"] <= after["room"]


def seen(page: Page) -> dict[str, Any]:
    """How the first paragraph of the chapter that is open comes out."""
    frame = next(each for each in page.frames if each.url.endswith(".xhtml"))
    return dict(frame.evaluate(SEEN))


def test_a_book_beside_what_runs_has_both(cast: Cast, node: Node, tmp_path: Path) -> None:
    """The script that shuts a page in stands first in it, the look last in its head; the page itself is as it was."""
    files = [("html5_zip", packages.page_zip(tmp_path / "a.zip")), ("epub", packages.epub(tmp_path / "b.epub"))]
    things = [Thing(preset, preset, [(preset, each.suffix[1:], each.read_bytes(), "")]) for preset, each in files]
    manifest = library.package(node, library.add(node, source=channels.channel(tmp_path / "c", things)).package)
    item = next(each for each in manifest.items if each.kind == "book")
    address, client = f"/learn/{manifest.id}/{item.id}/", cast.client("learner")
    origin = create_content_app(node).test_client()
    plain = origin.get(shown(client.get(address).text))
    client.post(f"{address}look/", data={"light": "2"})
    dark = origin.get(shown(client.get(address).text))
    assert dark.text.replace(laid.style(Look(light=2)), "") == plain.text != dark.text
    assert plain.text.index("<script") < plain.text.index("<title")
    assert dark.headers["Content-Security-Policy"] == plain.headers["Content-Security-Policy"]
