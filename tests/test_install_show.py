"""How to put the hub on a home screen, and the card for the wall: the address that others can really open."""

import re
from collections.abc import Callable
from html import unescape

import pytest
import segno
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext, Page

from hub.discovery import lan_addresses
from hub.node import Node
from hub.web import install
from tests.fixtures import engines
from tests.fixtures.cast import ROLES, Cast
from tests.fixtures.web import Served

pytestmark = pytest.mark.sqlite(engines.WORDS)

PAGES = ("/help/phone/", "/help/card/")
ADDRESS = re.compile(r'<bdi dir="ltr">([^<]*)</bdi>')
PATH = re.compile(r'<path[^>]* d="([^"]*)"')


def address_on(client: FlaskClient, path: str, host: str = "hub.local:8080") -> str:
    """The address that a page tells."""
    found = ADDRESS.search(client.get(path, headers={"Host": host}).text)
    assert found is not None
    return unescape(found[1])


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("path", PAGES)
def test_everybody_may_look(cast: Cast, role: str, path: str) -> None:
    """Guests too: it is how they come back."""
    assert cast.client(role).get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_the_address_is_what_the_browser_calls_the_hub(cast: Cast, client: FlaskClient, path: str) -> None:
    """The name by which this phone came is one by which another comes."""
    assert address_on(client, path) == "http://hub.local:8080/"


@pytest.mark.parametrize("path", PAGES)
def test_the_setting_comes_first(node: Node, cast: Cast, client: FlaskClient, path: str) -> None:
    """Behind a proxy the pages have an address of their own."""
    object.__setattr__(node.settings, "address", "https://hub.example")
    assert address_on(client, path, "127.0.0.1:8080") == "https://hub.example/"


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1:8080", "[::1]:8080"])
def test_the_machines_own_name_for_itself_is_not_told(cast: Cast, client: FlaskClient, host: str) -> None:
    """Another phone finds nothing at localhost: it is told where the hub is on the network, where it is on one."""
    near = lan_addresses("0.0.0.0")
    expected = f"http://{near[0]}:8080/" if near else f"http://{host}/"
    assert address_on(client, "/help/phone/", host) == expected


@pytest.mark.parametrize("path", PAGES)
def test_the_code_holds_the_address(cast: Cast, client: FlaskClient, path: str) -> None:
    """The drawing is the code of the address that stands beside it, and of no other."""
    text = client.get(path, headers={"Host": "hub.local:8080"}).text
    drawn = PATH.findall(text)
    codes = {
        each: segno.make(each, micro=False).svg_inline(border=install.QUIET_ZONE)
        for each in ("http://hub.local:8080/", "http://hub.local:8081/")
    }
    lines = {address: PATH.findall(code)[0] for address, code in codes.items()}
    assert lines["http://hub.local:8080/"] in drawn
    assert lines["http://hub.local:8081/"] not in drawn


@pytest.mark.browser
def test_the_card_fits_one_sheet_of_paper(cast: Cast, served: Served, page: Page) -> None:
    """A4, one page, and nothing of the menu on it."""
    page.goto(f"{served.url}/help/card/")
    printed = page.pdf(format="A4")
    assert printed.count(b"/Count 1") == 1
    page.emulate_media(media="print")
    assert not page.locator("nav.bar").is_visible()
    assert not page.locator("details.help").is_visible()
    assert page.locator(".wall-card .qr svg").is_visible()


@pytest.mark.browser
def test_a_browser_that_offers_it_shows_a_button(
    cast: Cast, served: Served, phone: Callable[..., BrowserContext]
) -> None:
    """Without the offer there is no button, and the drawings say how."""
    page = phone().new_page()
    page.goto(f"{served.url}/help/phone/")
    assert not page.locator("[data-install]").is_visible()
    page.evaluate(
        "dispatchEvent(Object.assign(new Event('beforeinstallprompt'), {prompt: () => { window.asked = true; }}))"
    )
    page.click("[data-install]")
    assert page.evaluate("window.asked")
