"""Off the network, in real Chromium: an opened lesson is read again, and nothing is left for whoever comes next.

Browsers take a page from loopback for as safe as one over HTTPS, so that the hub's setting is the only switch here.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from content.spoken import key
from hub.app import COOKIE
from hub.node import Node
from hub.people import credentials
from hub.sound.files import VOICE, voice_path
from tests.fixtures.cast import Cast
from tests.fixtures.learning import PACKAGE
from tests.fixtures.web import Served

pytestmark = pytest.mark.browser

LESSON = f"/learn/{PACKAGE}/look/"
THREE = ("star", "key", "leaf")
KEPT = """async () => (await Promise.all((await caches.keys()).map(async (name) =>
    (await (await caches.open(name)).keys()).map((each) => new URL(each.url).pathname)))).flat()"""
"""The addresses of everything that this browser keeps."""


STRETCH = """async (address) => {
    const answer = await fetch(address, { headers: { Range: "bytes=10-13" } });
    return [answer.status, answer.headers.get("Content-Range"), [...new Uint8Array(await answer.arrayBuffer())]]; }"""
"""Asks for four bytes of a sound."""


@pytest.fixture
def safe(node: Node, market: object, cast: Cast, served: Served) -> Served:
    """A hub that says it is behind HTTPS."""
    object.__setattr__(node.settings, "https", True)
    return served


@pytest.fixture
def amina(safe: Served, cast: Cast, phone: Callable[..., BrowserContext]) -> Page:
    """Her phone, on which she has just read a lesson."""
    page = phone().new_page()
    client = cast.client("learner")
    client.get("/", base_url="https://localhost")
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    page.context.add_cookies([{"name": COOKIE, "value": cookie.value, "url": safe.url}])
    page.goto(safe.url + LESSON)
    wait_until_kept(page, f"/kept/{PACKAGE}/look/")
    return page


def wait_until_kept(page: Page, address: str) -> None:
    """Until this browser keeps that page."""
    for _ in range(100):
        if address in page.evaluate(KEPT):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"{address} is not kept: {page.evaluate(KEPT)}")


def test_an_opened_lesson_is_read_off_the_network(amina: Page, safe: Served) -> None:
    """With its picture and its look; it says that nothing is written down, and it names nobody."""
    amina.context.set_offline(True)
    amina.goto(safe.url + LESSON)
    assert amina.locator(".lesson").is_visible()
    assert amina.locator(".note").count() == 1
    assert "Amina" not in amina.content()
    pictures = "[...document.querySelectorAll('.lesson img')].map((each) => each.naturalWidth > 0)"
    amina.wait_for_load_state("load")
    assert amina.evaluate(pictures) == [True]
    assert amina.evaluate("getComputedStyle(document.querySelector('header.top')).display") == "flex"


def test_its_sounds_are_kept_too(amina: Page, safe: Served, node: Node) -> None:
    """What the lesson says aloud is heard off the network as well, also a stretch of it, as players ask."""
    sound = voice_path(node, key("Look around", "en"))
    sound.parent.mkdir(parents=True)
    sound.write_bytes(bytes(range(200)))
    address = f"/sound/{VOICE}/{sound.name}"
    amina.goto(safe.url + LESSON)
    wait_until_kept(amina, address)
    amina.context.set_offline(True)
    heard = amina.evaluate(STRETCH, address)
    assert heard == [206, "bytes 10-13/200", [10, 11, 12, 13]]


def test_other_pages_lead_to_what_can_be_read(amina: Page, safe: Served) -> None:
    """A calm page names the lessons that are here; pressing one opens it. No page of hers is shown."""
    amina.context.set_offline(True)
    for path in ("/", "/learn/", f"/learn/{PACKAGE}/quiz/"):
        amina.goto(safe.url + path)
        assert amina.locator("main .list a").count() == 1
        assert "Amina" not in amina.content()
    amina.click("main .list a")
    assert amina.locator(".lesson").is_visible()


def test_only_lessons_and_their_files_are_kept(amina: Page, safe: Served) -> None:
    """A visit to the quiz, to her learning and to her home adds nothing."""
    before = set(amina.evaluate(KEPT))
    for path in (f"/learn/{PACKAGE}/quiz/", "/learn/", "/", "/library/"):
        amina.goto(safe.url + path)
    assert set(amina.evaluate(KEPT)) == before
    assert {each.split("/")[1] for each in before} == {"kept", "static", "library"}


def test_signing_out_leaves_nothing(amina: Page, safe: Served) -> None:
    """Off the network again, there is nothing to read."""
    amina.goto(f"{safe.url}/people/switch/")
    with amina.expect_navigation():
        amina.click("text=I am done")
    assert amina.evaluate(KEPT) == []
    amina.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_"):
        amina.goto(safe.url + LESSON)


def test_who_signs_in_next_finds_nothing(amina: Page, safe: Served, node: Node, cast: Cast) -> None:
    """Her brother takes the phone: what she opened is not his to see."""
    kofi = cast.person("neighbour")
    credentials.set_secret(node, person=kofi.id, secret=THREE)
    amina.goto(f"{safe.url}/people/sign-in/as/{kofi.id}/")
    for name in THREE:
        amina.click(f"button[value={name}]")
    amina.wait_for_url(f"{safe.url}/")
    assert amina.evaluate(KEPT) == []


def test_the_switch_turns_it_off(amina: Page, safe: Served, node: Node) -> None:
    """A hub whose setting was taken back forgets on each phone what was kept, at the next page."""
    object.__setattr__(node.settings, "https", False)
    amina.goto(f"{safe.url}/library/")
    for _ in range(100):
        if not amina.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)"):
            break
        amina.wait_for_timeout(50)
    assert amina.evaluate(KEPT) == []
    assert amina.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0


def test_on_plain_http_no_worker_is_offered(
    market: object, cast: Cast, served: Served, phone: Callable[..., BrowserContext]
) -> None:
    """And nothing of the page breaks."""
    page = phone().new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda mistake: wrong.append(str(mistake)))
    page.goto(served.url + LESSON)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    assert wrong == []
