"""Kept lessons over real TLS: the hub behind a proxy that speaks HTTPS, as `docs/install.md` says, and real Chromium.

`test_install_off_the_network.py` looks closely, on loopback's word; here is the whole way, with the line taken away.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from hub.node import Node
from hub.people import credentials
from tests.fixtures.cast import Cast
from tests.fixtures.learning import PACKAGE
from tests.fixtures.tls import Authority, Gate
from tests.fixtures.web import PHONE, Served, launched

pytestmark = pytest.mark.browser

LESSON = f"/learn/{PACKAGE}/look/"
THREE = ("star", "key", "leaf")
IS_KEPT = "async (address) => !!await caches.match(address)"
LEFT = "async () => (await caches.keys()).length"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """Whom this test's browser trusts."""
    return Authority(tmp_path)


@pytest.fixture
def gate(authority: Authority) -> Iterator[Gate]:
    """The proxy in front of the hub."""
    made = Gate(authority.context())
    yield made
    made.close()


@pytest.fixture
def safe(node: Node, market: object, cast: Cast, gate: Gate, serve_node: Callable[[Node], Served]) -> Node:
    """A hub behind it, with a lesson, and two children who share a phone."""
    for name, value in (("https", True), ("address", gate.url), ("trusted_proxy", "127.0.0.1")):
        object.__setattr__(node.settings, name, value)
    for role in ("learner", "neighbour"):
        credentials.set_secret(node, person=cast.person(role).id, secret=THREE)
    gate.target = int(serve_node(node).url.rpartition(":")[2])
    return node


@pytest.fixture
def shared(browser: Browser, authority: Authority, safe: Node) -> Iterator[Page]:
    """Their phone, which trusts the certificate."""
    chromium = launched(browser.browser_type, f"--ignore-certificate-errors-spki-list={authority.pin}")
    yield chromium.new_context(viewport=PHONE, locale="en-GB").new_page()
    chromium.close()


def sign_in(page: Page, gate: Gate, person: str) -> None:
    """With three pictures, as they do."""
    page.goto(f"{gate.url}/people/sign-in/as/{person}/")
    for name in THREE:
        page.click(f"button[value={name}]")
    page.wait_for_url(f"{gate.url}/")


def read_the_lesson(page: Page, gate: Gate) -> None:
    """Open it, until the phone keeps it."""
    page.goto(gate.url + LESSON)
    for _ in range(100):
        if page.evaluate(IS_KEPT, f"/kept/{PACKAGE}/look/"):
            return
        page.wait_for_timeout(50)
    pytest.fail("the lesson is not kept")


def test_a_lesson_is_read_when_the_line_is_gone(shared: Page, gate: Gate, cast: Cast) -> None:
    """The proxy falls silent: her lesson is there with its picture, and another page says calmly what can be read."""
    sign_in(shared, gate, cast.person("learner").id)
    assert [each["secure"] for each in shared.context.cookies()] == [True] * len(shared.context.cookies())
    read_the_lesson(shared, gate)
    gate.close()
    shared.goto(gate.url + LESSON, wait_until="load")
    assert shared.locator(".lesson").is_visible()
    assert shared.evaluate("document.querySelector('.lesson img').naturalWidth") > 0
    shared.goto(f"{gate.url}/library/")
    assert shared.locator("main .list a").count() == 1
    assert shared.locator("h1").inner_text() == "Lessons on this phone"
    assert "Amina" not in shared.content()


def test_the_next_child_finds_nothing_of_the_first(shared: Page, gate: Gate, cast: Cast) -> None:
    """Signing out forgets it at once; what her brother then opens is his alone."""
    sign_in(shared, gate, cast.person("learner").id)
    read_the_lesson(shared, gate)
    shared.goto(f"{gate.url}/people/switch/")
    with shared.expect_navigation():
        shared.click("text=I am done")
    assert shared.evaluate(LEFT) == 0
    sign_in(shared, gate, cast.person("neighbour").id)
    gate.close()
    with pytest.raises(Exception, match="ERR_"):
        shared.goto(gate.url + LESSON)
