"""A large file from a real browser over a line that is cut, a page that is closed, and a hub that is told to wait."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from hub import jobs, library, uploads
from hub.app import COOKIE
from hub.node import Node
from hub.uploads import Upload
from hub.worker import HANDLERS, Worker
from tests.fixtures import packages
from tests.fixtures.cast import Cast
from tests.fixtures.proxy import Proxy
from tests.fixtures.web import Served

pytestmark = pytest.mark.browser

FILM_BYTES = 1_000_000
CARRIED_BYTES = 400_000
"""What each connection carries before the line is cut: the page, and some pieces."""
WAIT_MS = 20_000
NOTE = """() => {
    const state = document.querySelector("[data-state]");
    new MutationObserver(() => window.heard(state.textContent)).observe(state, { childList: true }); }"""
"""Have the page tell what it says meanwhile."""
DOUBLE_MS = 900
"""After this a press is no second half of a double press."""
JOB = re.compile(r"/library/add/[0-9a-f-]{36}/$")


@pytest.fixture
def line(served: Served) -> Iterator[Proxy]:
    """A bad line to the hub."""
    made = Proxy(int(served.url.rpartition(":")[2]), cut_after=lambda: CARRIED_BYTES)
    yield made
    made.close()


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A film of some megabytes."""
    return packages.mp4(tmp_path / "well.mp4", data_bytes=FILM_BYTES)


@pytest.fixture
def open_page(cast: Cast, line: Proxy, phone: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """A function that opens the page on the librarian's phone, over the relay."""
    client = cast.client("librarian")
    client.get("/")
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    value = cookie.value

    def start(**options: bool) -> Page:
        context = phone(**options)
        context.add_cookies([{"name": COOKIE, "value": value, "url": line.url}])
        page = context.new_page()
        page.goto(f"{line.url}/library/add/")
        return page

    return start


def send(page: Page, film: Path) -> None:
    """Choose the file and press."""
    page.set_input_files("#field-file", film)
    page.get_by_role("button", name="Send it").click()


def test_it_comes_whole_over_a_line_that_is_cut(
    open_page: Callable[..., Page], line: Proxy, node: Node, film: Path
) -> None:
    """The line goes in mid-piece; the page says so, goes on by itself, and leads to the job."""
    page = open_page()
    said: list[str] = []
    page.expose_function("heard", lambda text: said.append(text))
    page.evaluate(NOTE)
    send(page, film)
    page.wait_for_url(JOB, timeout=WAIT_MS)
    assert line.cuts >= 1
    assert any("The line was cut" in each for each in said)
    (found,) = uploads.uploads(node)
    assert (found.offset, bool(found.job)) == (film.stat().st_size, True)
    assert Worker(node, HANDLERS).step()
    page.reload()
    assert page.locator("h1").inner_text() == "It is done"
    (row,) = library.packages(node)
    manifest = library.package(node, row.id)
    assert node.shelf.blob_path(manifest.files["well.mp4"].sha256).read_bytes() == film.read_bytes()


def test_a_double_press_throws_nothing_away(open_page: Callable[..., Page], node: Node, film: Path) -> None:
    """What takes the place of the button under the finger does no harm when it is pressed at once."""
    page = open_page()
    page.set_input_files("#field-file", film)
    button = page.get_by_role("button", name="Send it")
    button.scroll_into_view_if_needed()
    place = button.bounding_box()
    assert place is not None
    page.mouse.dblclick(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.wait_for_url(JOB, timeout=WAIT_MS)
    assert [each.offset for each in uploads.uploads(node)] == [film.stat().st_size]


def test_it_rests_survives_a_closed_page_and_is_thrown_away(
    open_page: Callable[..., Page], node: Node, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pause and Go on; the page goes; the same file chosen again goes on where it stopped; then it is thrown away."""
    monkeypatch.setattr(uploads, "_append", _pausing(uploads._append))
    page = open_page()
    send(page, film)
    while not any(each.offset for each in uploads.uploads(node)):
        page.wait_for_timeout(20)
    page.wait_for_timeout(DOUBLE_MS)
    page.get_by_role("button", name="Pause").click()
    page.get_by_text("It rests. What came is safe").wait_for()
    (found,) = uploads.uploads(node)
    assert 0 < found.offset < found.size
    page.close()
    page = open_page()
    assert "well.mp4" in page.locator("[data-fingerprint]").inner_text()
    send(page, film)
    page.wait_for_timeout(DOUBLE_MS)
    page.get_by_role("button", name="Pause").click()
    page.get_by_text("It rests. What came is safe").wait_for()
    (later,) = uploads.uploads(node)
    assert later.id == found.id and later.offset >= found.offset
    page.get_by_role("button", name="Go on").click()
    page.locator("[data-uploading] summary").click()
    page.locator("[data-cancel]").click()
    page.locator("form[data-uploads]").wait_for()
    assert uploads.uploads(node) == []


def _pausing(real: Callable[..., Upload]) -> Callable[..., Upload]:
    """The same with a moment before each piece is kept, so that somebody can press a button."""

    def slowly(*values: object) -> Upload:
        time.sleep(0.3)
        return real(*values)

    return slowly


def test_a_refusal_is_said_in_its_words(open_page: Callable[..., Page], node: Node, film: Path) -> None:
    """A hub without room says both numbers; the file was not begun, and no job either."""
    page = open_page()
    object.__setattr__(node.shelf, "free_bytes", lambda: 1_000_000)
    send(page, film)
    page.get_by_text("MB are needed and 1 MB are free").wait_for()
    assert (uploads.uploads(node), jobs.jobs(node)) == ([], [])


def test_without_script_the_form_sends_it_whole(open_page: Callable[..., Page], node: Node, tmp_path: Path) -> None:
    """As before: one request, and the page of the job."""
    page = open_page(java_script_enabled=False)
    send(page, packages.epub(tmp_path / "goat.epub"))
    page.wait_for_url(JOB)
    assert (uploads.uploads(node), len(jobs.jobs(node))) == ([], 1)
