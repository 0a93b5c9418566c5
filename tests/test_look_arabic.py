"""Every kind of page of every role in Arabic: measured, and every name set apart.

`--pictures FOLDER` photographs them too.
"""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from hub.people import circles, households, roster
from hub.web.tongues import TRANSLATIONS
from tests.fixtures import engines
from tests.fixtures.demo import ROLES
from tests.fixtures.pseudo import EMPTY, SILENT, Abroad
from tests.test_look_right_to_left import EDGE_PX, MIRRORED, SHOWN

pytestmark = pytest.mark.sqlite(engines.WORDS)

PHONE = {"width": 360, "height": 740}
LEFT_TO_RIGHT = """() => [...document.querySelectorAll('code, pre, .code, .address, input[type=url], [inputmode=url]')]
    .filter(each => each.getClientRects().length && !each.closest('[lang]:not(html)'))
    .filter(each => getComputedStyle(each.querySelector('bdi') || each).direction !== 'ltr')
    .map(each => each.outerHTML.slice(0, 120))"""
"""Codes and addresses that are not written from left to right."""
APART = re.compile("\u2068[^\u2068\u2069]*\u2069")


class Mixed(HTMLParser):
    """The words of a page in its own direction: outside <bdi>, and outside what names a language or a direction."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """What is set apart from here on."""
        said = dict(attrs)
        is_apart = tag in SILENT | {"bdi", "title", "textarea"} or (tag != "html" and bool({"dir"} & set(said)))
        is_foreign = tag != "html" and said.get("lang", "ar") != "ar"
        if tag not in EMPTY:
            self._open.append((tag, is_apart or is_foreign or any(apart for _, apart in self._open)))

    def handle_endtag(self, tag: str) -> None:
        """What stands around it again."""
        if any(tag == each for each, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Words of the page."""
        if not any(apart for _, apart in self._open):
            self.words.append(data)


def mixed(html: str) -> str:
    """Those words as one text, without what stands between signs of isolation."""
    parser = Mixed()
    parser.feed(html)
    parser.close()
    return APART.sub("", "".join(parser.words))


@pytest.mark.parametrize(
    ("html", "is_mixed"),
    [
        ("<p>مرحبا Amina</p>", True),
        ("<p>مرحبا <bdi>Amina</bdi></p>", False),
        ("<p>مرحبا \u2068Amina\u2069</p>", False),
        ('<p lang="en">Amina</p>', False),
        ('<p lang="ar">Amina</p>', True),
        ("<p><bdi>x</bdi> Amina</p>", True),
    ],
)
def test_a_name_among_arabic_words_is_seen(html: str, is_mixed: bool) -> None:
    """Unless it is set apart."""
    assert ("Amina" in mixed(html)) == is_mixed


@pytest.fixture(scope="module")
def names(arabic_demo: Abroad) -> list[str]:
    """Everybody and everything in the demo that has a name of its own."""
    node = arabic_demo.node
    kinds = (roster.people(node), circles.circles(node), households.households(node))
    titles = [manifest.title for manifest in node.shelf.list()]
    return [node.name, *(each.name for kind in kinds for each in kind), *titles]


@pytest.mark.parametrize("role", ROLES)
def test_every_name_is_set_apart(
    arabic_demo: Abroad, names: list[str], shares: dict[str, list[str]], role: str
) -> None:
    """People, circles, households, packages and the hub: no name can mix with the Arabic words around it."""
    found = []
    for address, html in arabic_demo.read(role, shares[role]):
        words = mixed(html)
        found += [f"{address}: {name}" for name in names if re.search(rf"\b{re.escape(name)}\b", words)]
    assert found == []


@pytest.fixture(scope="module")
def album(request: pytest.FixtureRequest) -> Path | None:
    """Where the photographs go; None when nobody wants them."""
    chosen = request.config.getoption("--pictures")
    if not chosen:
        return None
    Path(chosen).mkdir(parents=True, exist_ok=True)
    return Path(chosen)


@pytest.mark.browser
@pytest.mark.sqlite(engines.LOOK)
def test_every_page_is_read_from_the_right(
    arabic_demo: Abroad, shares: dict[str, list[str]], phone: Callable[..., BrowserContext], album: Path | None
) -> None:
    """It begins at the right and scrolls down alone; arrows are turned, clocks and checks are not; codes stay as is."""
    found: list[str] = []
    seen = 0
    for role, addresses in shares.items():
        context = phone(viewport=PHONE, locale="ar-EG")
        context.add_cookies(arabic_demo.cookies(role))  # type: ignore[arg-type]
        page = context.new_page()
        for address in addresses:
            page.goto(arabic_demo.url + address, wait_until="load")
            shown = page.evaluate(SHOWN)
            wrong = [f"{shown['wide']} px wide"] * (shown["wide"] > PHONE["width"])
            wrong += ["the brand is not at the right"] * (shown["brandGap"] > EDGE_PX)
            wrong += [f"the heading is {shown['gap']} px from the right"] * (abs(shown["gap"]) > EDGE_PX)
            wrong += [f"turned wrongly: {name}" for name, turned in shown["arrows"] if turned != (name in MIRRORED)]
            wrong += [f"not from left to right: {each}" for each in page.evaluate(LEFT_TO_RIGHT)]
            found += [f"{role} {address}: {each}" for each in dict.fromkeys(wrong)]
            seen += 1
            if album:
                page.screenshot(path=album / f"{role}-{address.strip('/').replace('/', '-')[:80] or 'home'}.png")
        context.close()
    assert found == []
    assert seen > len(ROLES)


def test_arabic_is_whole() -> None:
    """The pages above are in Arabic, and not in English from the right."""
    assert (TRANSLATIONS / "ar" / "LC_MESSAGES" / "messages.mo").exists()
