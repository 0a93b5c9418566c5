"""An album on the learner's page: picture after picture, without script; where somebody stopped; what is recorded."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext

from content.package import Manifest
from hub import library
from hub.app import create_app
from hub.learning import PLACE_MAX
from hub.node import Node
from hub.tables.learning import BEGUN, FINISHED
from hub.vocabulary import ITEM_TYPES, POSITION, VERBS, activity
from hub.worker import HANDLERS, Worker
from hub.xapi.store import original
from tests.fixtures import engines, packages, photos
from tests.fixtures.access import axe_both_ways, without_room
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.web import Served

pytestmark = pytest.mark.sqlite(engines.SHELF)

CAPTION = 'A "lid" <b>keeps</b> leaves out'
FILES = {
    "captions.txt": f"page2.png\t{CAPTION}\n",
    "page1.jpg": photos.photo(900, 700),
    "page2.png": photos.drawing(400, 300),
    "page10.gif": photos.moving(40, 30),
}


@pytest.fixture
def album(node: Node, tmp_path: Path) -> Manifest:
    """An album of three pictures on the shelf; the second has a caption."""
    source = packages.zipped(tmp_path / "The_well.sw.zip", FILES)
    return library.package(node, library.add(node, source=source).package)


@pytest.fixture
def address(album: Manifest) -> str:
    """The page of its only item."""
    return f"/learn/{album.id}/item/"


def shown(page: str) -> str:
    """The file name of the picture that a page shows large."""
    (found,) = re.findall(r'<img src="/library/[^"]+/([^"/]+)" alt="[^"]*" class="large-picture"', page)
    return str(found)


def onward(client: FlaskClient, page: str) -> Any:
    """Press Next: where the form of a page leads."""
    (at,) = re.findall(r'name="at" value="(\d+)"', page)
    (action,) = re.findall(r'action="([^"]+/place/)"', page)
    return client.post(action, data={"at": at})


def kept(node: Node, verb: str) -> list[dict[str, Any]]:
    """The statements with a verb, oldest first."""
    table = node.tables.Statement
    rows = table.select().where(table.verb == VERBS[verb]).order_by(table.rank)
    return [original(node.journal.get(row.stream, row.seq)) for row in rows]


@pytest.mark.parametrize("role", [*ROLES, OUTSIDER])
def test_everybody_goes_through_an_album_by_links_and_buttons(cast: Cast, node: Node, address: str, role: str) -> None:
    """One picture a page, in order; Back leads back; only the last one ends it; nothing of a guest is kept."""
    client = cast.client(role)
    page = client.get(address).text
    assert (shown(page), "1 of 3" in page, "finish/" in page) == ("page1.jpg", True, False)
    second = onward(client, page)
    assert second.location == f"{address}?picture=2"
    page = client.get(second.location).text
    assert (shown(page), f'href="{address}?picture=1"' in page, "finish/" in page) == ("page2.png", True, False)
    page = client.get(onward(client, page).location).text
    assert (shown(page), 'name="at"' in page, "finish/" in page) == ("page10.gif", False, True)
    assert client.post(f"{address}finish/").status_code == 303
    assert node.tables.Statement.select().count() == (0 if role == OUTSIDER else 4)


def test_where_guests_are_not_welcome_they_are_led_to_sign_in(make_node: Callable[..., Node], tmp_path: Path) -> None:
    """The same door as for everything else."""
    app = create_app(make_node("closed", guests=False))
    here = app.extensions["node"]
    Cast(here, app)
    added = library.add(here, source=packages.zipped(tmp_path / "a.zip", FILES))
    answer = app.test_client().get(f"/learn/{added.package}/item/?picture=2")
    assert (answer.status_code, answer.location.startswith("/people/sign-in/?next=")) == (303, True)


def test_a_caption_stands_under_its_picture_and_for_it(cast: Cast, address: str) -> None:
    """As words, never as marks of a page; a picture without one is told by its number."""
    client = cast.client("learner")
    page = client.get(f"{address}?picture=2").text
    assert 'alt="A &#34;lid&#34; &lt;b&gt;keeps' in page or 'alt="A &quot;lid&quot; &lt;b&gt;keeps' in page
    assert "<b>keeps" not in page
    (under,) = re.findall(r'<figcaption lang="sw" dir="ltr">(.*?)</figcaption>', page, re.DOTALL)
    assert "&lt;b&gt;keeps&lt;/b&gt; leaves out" in under
    first = client.get(f"{address}?picture=1").text
    assert ('alt="Picture 1 of 3"' in first, "<figcaption" in first) == (True, False)


def test_who_comes_back_goes_on_where_they_stopped(cast: Cast, address: str) -> None:
    """Also on another phone; a sister has a place of her own; looking back with Back changes nothing."""
    client = cast.client("learner")
    onward(client, client.get(address).text)
    assert shown(client.get(f"{address}?picture=1").text) == "page1.jpg"
    assert shown(cast.client("learner").get(address).text) == "page2.png"
    assert shown(cast.client("neighbour").get(address).text) == "page1.jpg"


@pytest.mark.parametrize(
    ("asked", "name"), [("0", "page1.jpg"), ("99", "page10.gif"), ("x", "page1.jpg"), ("", "page1.jpg")]
)
def test_any_number_shows_the_nearest_picture(cast: Cast, address: str, asked: str, name: str) -> None:
    """Whatever stands in the address."""
    assert shown(cast.client("learner").get(f"{address}?picture={asked}").text) == name


@pytest.mark.parametrize("at", ["-1", "x", "", str(PLACE_MAX + 1), "9" * 400])
def test_a_place_that_cannot_be_is_no_fault(cast: Cast, node: Node, address: str, at: str) -> None:
    """A form that is none of ours is refused, or leads to the first picture."""
    client = cast.client("learner")
    client.get(address)
    assert client.post(f"{address}place/", data={"at": at}).status_code in (303, 400, 422)
    assert shown(client.get(address).text) == "page1.jpg"


def test_an_address_alone_says_nothing_of_who_looks(cast: Cast, node: Node, address: str) -> None:
    """On a phone that went to a sister the back button asks for a picture again: it was opened, and that is all."""
    client = cast.client("neighbour")
    for number in (2, 3):
        client.get(f"{address}?picture={number}")
    assert [len(kept(node, verb)) for verb in ("initialized", "progressed", "completed")] == [1, 0, 0]
    assert shown(client.get(address).text) == "page1.jpg"


def test_the_record_says_opened_how_far_and_completed(cast: Cast, node: Node, album: Manifest, address: str) -> None:
    """In the words of the vocabulary, in one sitting, each once however often it is sent."""
    client = cast.client("learner")
    for _ in range(2):
        onward(client, client.get(f"{address}?picture=1").text)
        onward(client, client.get(f"{address}?picture=2").text)
    before = node.tables.Progress.get()
    assert (before.state, before.item) == (BEGUN, "item")
    for _ in range(2):
        client.post(f"{address}finish/")
    assert node.tables.Progress.get().state == FINISHED
    (opened,), steps, (ended,) = (kept(node, verb) for verb in ("initialized", "progressed", "completed"))
    assert [each["result"]["extensions"][POSITION] for each in steps] == [2, 3]
    assert ended["result"]["completion"] is True
    for each in (opened, *steps, ended):
        assert each["object"]["id"] == activity(album.id, "item")
        assert each["object"]["definition"]["type"] == ITEM_TYPES["pictures"]
        assert each["context"]["registration"] == opened["context"]["registration"]
    assert "You have finished this" in client.get(f"/library/{album.id}/").text


def test_after_the_end_it_begins_anew(cast: Cast, node: Node, address: str) -> None:
    """As a lesson does: a class sees that it was looked at twice."""
    client = cast.client("learner")
    onward(client, client.get(address).text)
    client.post(f"{address}finish/")
    assert shown(client.get(address).text) == "page1.jpg"
    assert len(kept(node, "initialized")) == 2


def test_one_picture_alone_is_seen_and_ended_on_one_page(cast: Cast, node: Node, tmp_path: Path) -> None:
    """No numbers, no Next; the button that ends everything else ends it too."""
    (tmp_path / "Poster.en.png").write_bytes(photos.drawing(300, 200))
    package = library.add(node, source=tmp_path / "Poster.en.png").package
    page = cast.client("learner").get(f"/learn/{package}/item/").text
    assert (shown(page), "of 1" in page, 'name="at"' in page, "finish/" in page) == (
        "Poster.en.png",
        False,
        False,
        True,
    )
    kept_file = cast.client("learner").get(f"/library/{package}/download/")
    assert (kept_file.content_type, kept_file.data) == ("image/png", photos.drawing(300, 200))


def test_an_album_that_lost_its_captions_is_shown_without(
    cast: Cast, node: Node, album: Manifest, address: str
) -> None:
    """A rotten file closes no page."""
    node.shelf.blob_path(album.files["captions.txt"].sha256).write_bytes(b"\xff")
    page = cast.client("learner").get(f"{address}?picture=2").text
    assert (shown(page), 'alt="Picture 2 of 3"' in page) == ("page2.png", True)


def test_a_lesson_shows_the_picture_that_an_album_begins_with(cast: Cast, node: Node, tmp_path: Path) -> None:
    """Its path leads to the file, as that of any picture, and not to the album's page."""
    item = '[[item]]\nid = "see"\nkind = "pictures"\ntitle = "See"\npath = "see/1.png"\n'
    described = packages.DESCRIPTION.format(version=1) + item
    made = packages.folder(tmp_path / "well", package__toml=described, read__md="# Well\n\n![A lid](see/1.png)\n")
    (made / "see").mkdir()
    (made / "see" / "1.png").write_bytes(FILES["page2.png"])
    library.add(node, source=made)
    page = cast.client("learner").get("/learn/well.en/read/").text
    assert re.search(r'<img src="/library/well\.en/files/[0-9a-f]{64}/see/1\.png"', page)
    assert shown(cast.client("learner").get("/learn/well.en/see/").text) == "1.png"


def test_lighter_copies_are_shown_once_they_are_there(cast: Cast, node: Node, album: Manifest, address: str) -> None:
    """Every picture of an album gets them; the whole picture stays one touch away."""
    while Worker(node, HANDLERS).step():
        pass
    page = cast.client("learner").get(f"{address}?picture=1").text
    assert re.search(r"/pictures/[0-9a-f]{64}/\d+x\d+\.webp \d+w", page)
    whole = re.findall(r'href="(/library/[^"]+/page1\.jpg)"', page)
    assert cast.client("learner").get(whole[0]).data == FILES["page1.jpg"]


def test_the_library_knows_the_kind(cast: Cast, album: Manifest) -> None:
    """Its list, its filter, its search, its page, the feeds for reading programs."""
    client = cast.client("learner")
    assert album.cover == "page1.jpg"
    assert "The well" in client.get("/library/?kind=pictures").text
    assert "The well" not in client.get("/library/?kind=book").text
    assert f"/learn/{album.id}/item/?picture=2" in client.get("/library/?q=leaves").text
    assert "#photo" in client.get("/library/?q=leaves").text
    package = client.get(f"/library/{album.id}/").text
    assert (f"/learn/{album.id}/item/" in package, "/take-home/of/" in package) == (True, False)
    told = client.get(f"/opds/publications/{album.id}/").get_json()
    assert told["metadata"]["@type"] == "http://schema.org/ImageGallery"
    assert told["images"][0]["type"] == "image/jpeg"


def test_a_drawing_from_elsewhere_is_a_picture_and_nothing_more(cast: Cast, node: Node, tmp_path: Path) -> None:
    """Inside a picture nothing runs; opened alone it may run and load nothing."""
    hostile = packages.PICTURE.replace("<rect", "<script>document.title='ran'</script><rect")
    package = library.add(
        node, source=packages.zipped(tmp_path / "a.zip", {"a.svg": hostile, "b.svg": hostile})
    ).package
    client = cast.client("learner")
    page = client.get(f"/learn/{package}/item/").text
    assert (shown(page), "<script>document" in page) == ("a.svg", False)
    (whole,) = re.findall(r'href="(/library/[^"]+/a\.svg)"', page)
    policy = client.get(whole).headers["Content-Security-Policy"]
    assert ("default-src 'none'" in policy, "sandbox" in policy, "script-src" in policy) == (True, True, False)


ROOM = """() => {
  const found = document.querySelector('.large-picture').getBoundingClientRect();
  const next = document.querySelector('button[name=at]').getBoundingClientRect();
  return {
    sideways: document.documentElement.scrollWidth - innerWidth,
    high: found.height,
    fit: getComputedStyle(document.querySelector('.large-picture')).objectFit,
    inside: found.left >= 0 && found.right <= innerWidth,
    next: next.bottom,
  };
}"""


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en-GB", "ar"])
@pytest.mark.parametrize(("width", "height"), [(320, 740), (1280, 800)])
def test_picture_and_way_on_find_room_without_script(
    cast: Cast,
    served: Served,
    tmp_path: Path,
    phone: Callable[..., BrowserContext],
    language: str,
    width: int,
    height: int,
) -> None:
    """A tall page of a booklet keeps its shape on the screen, nothing scrolls sideways, Next is in sight, leads on."""
    files = {"1.jpg": photos.photo(450, 800), "2.jpg": photos.photo(600, 200), "captions.txt": "1.jpg\tThe well"}
    package = library.add(served.node, source=packages.zipped(tmp_path / "a.zip", files)).package
    context = phone(java_script_enabled=False, viewport={"width": width, "height": height}, locale=language)
    page = context.new_page()
    page.goto(f"{served.url}/learn/{package}/item/", wait_until="networkidle")
    room = page.evaluate(ROOM)
    assert (room["sideways"], room["inside"]) == (0, True)
    assert (room["fit"], room["high"] <= height * 0.8 + 1) == ("contain", True)
    assert room["next"] <= height
    page.locator("button[name=at]").click()
    assert page.url.endswith("?picture=2")


@pytest.mark.browser
def test_everybody_can_use_the_page(
    cast: Cast, served: Served, tmp_path: Path, phone: Callable[..., BrowserContext]
) -> None:
    """Names, contrast, sizes, in both directions, light and dark, with letters twice as large."""
    package = library.add(served.node, source=packages.zipped(tmp_path / "a.zip", FILES)).package
    page = phone().new_page()
    page.goto(f"{served.url}/learn/{package}/item/?picture=2", wait_until="networkidle")
    assert axe_both_ways(page) + without_room(page) == []
