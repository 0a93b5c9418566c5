"""Behind a proxy that speaks HTTPS: activities and books find their frames, and the hub knows who asks."""

import re
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient

from hub import library, seeing
from hub.app import create_app, create_content_app
from hub.node import Node
from hub.people import credentials
from tests.fixtures import engines, packages
from tests.fixtures.cast import Cast
from tests.fixtures.web import Served

pytestmark = pytest.mark.sqlite(engines.PROGRAM)

PROXY, READER = "127.0.0.1", "198.51.100.7"
TOLD = {"X-Forwarded-For": READER, "X-Forwarded-Proto": "https", "X-Forwarded-Host": "hub.example"}
"""What a proxy says of the reader it speaks for."""


@pytest.fixture
def proxied(make_node: Callable[..., Node]) -> Callable[..., tuple[Node, FlaskClient]]:
    """A function that opens a hub with these settings, and a learner's browser on it."""

    def make(**settings: object) -> tuple[Node, FlaskClient]:
        node = make_node("behind", **settings)
        client = Cast(node, create_app(node)).client("learner")
        cookie = client.get_cookie("mangrove")
        assert cookie is not None
        client.set_cookie("mangrove", cookie.value, domain="hub.example")
        return node, client

    return make


def frame_of(node: Node, client: FlaskClient, place: Path) -> tuple[str, str]:
    """Where the frame of an activity leads, and the policy of its page; the proxy speaks plainly with us."""
    package = library.add(node, source=packages.page_zip(place / "a.zip")).package
    answer = client.get(f"/learn/{package}/item/", base_url="http://hub.example")
    source = answer.text.partition("<iframe")[2].partition('src="')[2].partition('"')[0]
    return source, answer.headers["Content-Security-Policy"]


CASES = {
    "plain": ({}, "http://hub.example:8081"),
    "HTTPS on the content port": ({"https": True}, "https://hub.example:8081"),
    "a name of its own": ({"https": True, "content_address": "https://run.example"}, "https://run.example"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_frame_is_where_the_policy_lets_it(
    proxied: Callable[..., tuple[Node, FlaskClient]], tmp_path: Path, case: str
) -> None:
    """The address of the frame and the policy of its page come from one rule, whatever stands in front."""
    settings, origin = CASES[case]
    node, client = proxied(**settings)
    source, policy = frame_of(node, client, tmp_path)
    assert source.startswith(f"{origin}/a-")
    assert f"frame-src 'self' {origin};" in policy


def test_an_activity_is_told_the_public_address(
    proxied: Callable[..., tuple[Node, FlaskClient]], tmp_path: Path
) -> None:
    """It reports to where its reader's browser can reach the hub."""
    node, client = proxied(https=True, address="https://hub.example", content_address="https://run.example")
    source, _ = frame_of(node, client, tmp_path)
    asked = parse_qs(urlsplit(source.replace("&amp;", "&")).query)
    assert asked["endpoint"] == ["https://hub.example/xapi/"]


def test_packages_let_the_pages_frame_them_by_their_public_name(
    proxied: Callable[..., tuple[Node, FlaskClient]], tmp_path: Path
) -> None:
    """And may report there; their own files come from their own public name."""
    node, _ = proxied(https=True, address="https://hub.example", content_address="https://run.example")
    manifest = library.package(node, library.add(node, source=packages.page_zip(tmp_path / "a.zip")).package)
    where = f"/{manifest.id}/{manifest.digest[: seeing.MARK_CHARS]}/index.html"
    policy = create_content_app(node).test_client().get(where).headers["Content-Security-Policy"]
    book = library.package(node, library.add(node, source=packages.epub(tmp_path / "goat.epub")).package)
    read = f"/{book.id}/{book.digest[: seeing.MARK_CHARS]}/OPS/two.xhtml"
    still = create_content_app(node).test_client().get(read).headers["Content-Security-Policy"]
    assert "frame-ancestors https://hub.example;" in still
    assert "connect-src 'self' https://run.example 'unsafe-inline' data: blob: https://hub.example/xapi/;" in policy


def test_packages_may_read_records_from_their_public_name(
    proxied: Callable[..., tuple[Node, FlaskClient]],
) -> None:
    """The door for learning records names exactly that origin."""
    _, client = proxied(content_address="https://run.example")
    for origin, allowed in (("https://run.example", "https://run.example"), ("http://localhost:8081", None)):
        answer = client.get("/xapi/about", headers={"Origin": origin})
        assert answer.headers.get("Access-Control-Allow-Origin") == allowed


@pytest.fixture
def behind(make_node: Callable[..., Node], serve_node: Callable[[Node], Served]) -> Callable[[str], Served]:
    """A function that serves a hub which trusts this proxy."""

    def start(trusted: str) -> Served:
        node = make_node("behind", trusted_proxy=trusted)
        credentials.set_secret(node, person=Cast(node, create_app(node)).person("steward").id, secret="493817")
        return serve_node(node)

    return start


def counted(served: Served) -> set[str]:
    """Sign in with a wrong PIN through the proxy; for whom or what the hub counted the try."""
    node = served.node
    person = node.tables.Person.get(node.tables.Person.name == "Mama Zawadi").id
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    address = f"{served.url}/people/sign-in/as/{person}/"
    with browser.open(urllib.request.Request(address, headers=TOLD)) as page:
        found = re.search(r'name="csrf_token" value="([^"]+)"', page.read().decode())
    assert found is not None
    form = urlencode({"csrf_token": found[1], "secret": "271828"}).encode()
    with pytest.raises(urllib.error.HTTPError, match="403") as refused:
        browser.open(urllib.request.Request(address, form, {**TOLD, "Referer": "https://hub.example/"}))
    refused.value.close()
    return {row.id for row in node.tables.Attempt.select()}


@pytest.mark.parametrize(("trusted", "asks"), [(PROXY, READER), ("", PROXY), ("192.0.2.1", PROXY)])
def test_tries_are_counted_for_who_asks(behind: Callable[[str], Served], trusted: str, asks: str) -> None:
    """For the reader where the proxy is trusted, so that one who guesses does not make everybody rest."""
    assert f"address:{asks}" in counted(behind(trusted))


@pytest.mark.parametrize(("trusted", "origin"), [(PROXY, "https://hub.example"), ("", f"http://{PROXY}")])
def test_only_a_trusted_proxy_names_the_hub(behind: Callable[[str], Served], trusted: str, origin: str) -> None:
    """By which name and over what the reader came; anybody else could say anything."""
    served = behind(trusted)
    with urllib.request.urlopen(urllib.request.Request(f"{served.url}/people/sign-in/", headers=TOLD)) as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert f"frame-src 'self' {origin}:{served.node.settings.content_port};" in policy
