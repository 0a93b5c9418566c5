"""The hub on a home screen: what its manifest says, and that its drawings are what it says."""

import struct

import pytest
from flask.testing import FlaskClient

from hub.node import Node
from hub.web.colours import colours
from hub.web.install import MANIFEST
from tests.fixtures import engines
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.sqlite(engines.WORDS)

PNG_SIZE = struct.Struct(">II")
PNG_SIZE_AT = 16
ICON_BYTES_MAX = 16_000


def test_it_says_how_the_hub_is_called_and_opened(cast: Cast, client: FlaskClient) -> None:
    """The hub's own name, its front page, a window of its own; in the language that the address names."""
    answer = client.get(f"{MANIFEST}?language=fr")
    told = answer.get_json()
    assert answer.mimetype == "application/manifest+json"
    assert (told["name"], told["short_name"], told["lang"], told["dir"]) == ("Mbuyu", "Mbuyu", "fr", "ltr")
    assert (told["start_url"], told["scope"], told["display"]) == ("/", "/", "standalone")
    assert client.get(f"{MANIFEST}?language=en").get_json()["description"] != told["description"]


@pytest.mark.parametrize("language", ["", "xx", "../../etc", "en" * 500])
def test_a_language_that_no_page_speaks_is_english(cast: Cast, client: FlaskClient, language: str) -> None:
    """Whatever stands in the address, a phone gets a manifest."""
    assert client.get(MANIFEST, query_string={"language": language}).get_json()["lang"] == "en"


def test_a_long_name_is_cut_under_the_icon(node: Node, cast: Cast, client: FlaskClient) -> None:
    """The first word of it, as far as there is room."""
    node.write(lambda: node.change("hub", node.identity.hub_id, name="Maktaba ya jamii ya Mbuyu"))
    told = client.get(MANIFEST).get_json()
    assert (told["name"], told["short_name"]) == ("Maktaba ya jamii ya Mbuyu", "Maktaba")


def test_its_icons_are_what_it_says(cast: Cast, client: FlaskClient) -> None:
    """PNG of the sizes told, one that phones may cut to a circle, none heavy."""
    told = client.get(MANIFEST).get_json()
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}
    for icon in told["icons"]:
        body = client.get(icon["src"]).data
        width, height = PNG_SIZE.unpack_from(body, PNG_SIZE_AT)
        assert icon["sizes"] == f"{width}x{height}"
        assert len(body) <= ICON_BYTES_MAX


def test_its_colours_are_those_of_the_stylesheet(cast: Cast, client: FlaskClient) -> None:
    """The ground of a page while it opens; the bar of the browser in the light and in the dark."""
    assert client.get(MANIFEST).get_json()["background_color"] == colours()["--paper"][0]
    light, dark = colours()["--card"]
    assert light != dark
    text = client.get("/").text
    assert f'content="{light}" media="(prefers-color-scheme: light)"' in text
    assert f'content="{dark}" media="(prefers-color-scheme: dark)"' in text


def test_every_page_leads_to_it(cast: Cast, client: FlaskClient) -> None:
    """Also before anybody signed in where guests may not look around, and on a page for a mistake."""
    for path in ("/", "/people/sign-in/", "/nothing/"):
        assert f'href="{MANIFEST}?language=en"' in client.get(path).text
    assert 'rel="apple-touch-icon"' in client.get("/").text


def test_it_is_there_before_somebody_signs_in(node: Node, cast: Cast, client: FlaskClient) -> None:
    """Browsers ask for it without cookies, so that a hub without guests gives it too."""
    object.__setattr__(node.settings, "guests", False)
    assert client.get(MANIFEST).status_code == 200
