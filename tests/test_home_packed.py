"""Packing: each browser gets what it takes best, and the plain bytes where it takes none of ours."""

import gzip
import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
import zstandard
from flask import Flask, Response
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import TimestampSigner
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from hub import library
from hub.app import create_app, create_content_app
from hub.node import Node
from hub.web import packing
from hub.web.guards import secret_address
from hub.web.static_files import Assets
from tests.fixtures import engines, packages
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.sqlite(engines.WORDS)

UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body),
    "gzip": gzip.decompress,
}
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
OFFERS = [
    ("gzip, deflate, br, zstd", "br"),
    ("gzip, deflate", "gzip"),
    ("gzip, zstd", "zstd"),
    ("gzip;q=1.0, br;q=0.5", "gzip"),
    ("br;q=0, gzip;q=0.1", "gzip"),
    ("br;q=0.000, *;q=0", ""),
    ("gzip;q=0", ""),
    ("identity, gzip;q=0.5", ""),
    ("identity;q=0.2, gzip;q=0.5", "gzip"),
    ("identity;q=0, *;q=0.3", "br"),
    ("deflate, compress", ""),
    ("*", "br"),
    ("", ""),
    ("br;q=nonsense, gzip", "gzip"),
]


@pytest.mark.parametrize(("offered", "way"), OFFERS)
def test_the_way_is_the_one_that_is_wanted_most(offered: str, way: str) -> None:
    """Weights are kept to; where they are alike the smallest way is taken; none of ours means the plain bytes."""
    assert packing.way(parse_accept_header(offered, Accept)) == way


@given(st.binary(max_size=5_000))
def test_what_is_packed_comes_out_as_it_was(body: bytes) -> None:
    """Any bytes, every way, quickly packed and packed for keeping."""
    for packs in (packing.QUICKLY, packing.FOR_KEEPING):
        assert {way: UNPACK[way](pack(body)) for way, pack in packs.items()} == dict.fromkeys(packing.WAYS, body)


@pytest.mark.parametrize("way", packing.WAYS)
@pytest.mark.parametrize("address", ["/people/sign-in/", "/opds/publications/", "/api/openapi.json"])
def test_pages_and_lists_for_machines_are_packed(
    node: Node, cast: Cast, tmp_path: Path, address: str, way: str
) -> None:
    """HTML, OPDS and JSON, with the header by which a proxy keeps both kinds apart."""
    library.add(node, source=packages.folder(tmp_path / "in"))
    client = cast.client("outsider")
    plain = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": way})
    assert packed.headers["Content-Encoding"] == way
    assert "Accept-Encoding" in packed.vary
    assert "Accept-Encoding" in plain.vary
    assert "Content-Encoding" not in plain.headers
    assert len(packed.data) == int(packed.headers["Content-Length"]) < len(plain.data)
    if plain.mimetype != "text/html":
        assert json.loads(UNPACK[way](packed.data)) == json.loads(plain.data)


@pytest.mark.parametrize("way", packing.WAYS)
def test_a_static_file_is_packed_every_way(client: FlaskClient, way: str) -> None:
    """Each way gives the same bytes again, and the file's own kind."""
    address = Assets().address("pictures.svg")
    packed = client.get(address, headers={"Accept-Encoding": way})
    assert (packed.headers["Content-Encoding"], packed.mimetype) == (way, "image/svg+xml")
    assert UNPACK[way](packed.data) == client.get(address, headers={"Accept-Encoding": "identity"}).data
    assert "Accept-Encoding" in packed.vary


def test_a_picture_that_is_packed_by_nature_stays(client: FlaskClient) -> None:
    """A PNG would only get larger."""
    answer = client.get(Assets().address("cover.png"), headers={"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in answer.headers


def test_a_drawing_of_a_package_is_packed_and_known_again(node: Node, cast: Cast, tmp_path: Path) -> None:
    """Its mark (ETag) says that it is alike, not the same bytes; who has it gets nothing; a part is plain."""
    drawing = packages.PICTURE.replace("</svg>", "<!--" + "sun " * 200 + "--></svg>")
    library.add(node, source=packages.folder(tmp_path / "in", well__svg=drawing))
    entry = library.package(node, "well.en").files["well.svg"]
    client, address = cast.client("learner"), f"/library/well.en/files/{entry.sha256}/well.svg"
    packed = client.get(address, headers={"Accept-Encoding": "br"})
    assert UNPACK["br"](packed.data).decode() == drawing
    assert packed.headers["ETag"] == f'W/"{entry.sha256}"'
    again = client.get(address, headers={"Accept-Encoding": "br", "If-None-Match": packed.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    part = client.get(address, headers={"Accept-Encoding": "br", "Range": "bytes=0-449"})
    assert (part.status_code, part.data.decode()) == (206, drawing[:450])


def test_a_page_from_elsewhere_is_packed_on_its_own_origin(node: Node, tmp_path: Path) -> None:
    """Words and scripts of an activity cost as little as ours."""
    script = "let beans = 0;\n" * 100
    library.add(node, source=packages.page_zip(tmp_path / "beans.zip", beans__js=script))
    manifest = node.shelf.list()[0]
    app = create_content_app(node)
    address = f"/{manifest.id}/{manifest.digest[:16]}/beans.js"
    answer = app.test_client().get(address, headers={"Accept-Encoding": "gzip"})
    assert (answer.headers["Content-Encoding"], gzip.decompress(answer.data).decode()) == ("gzip", script)


def test_what_is_changed_by_its_mark_keeps_it(app: Flask) -> None:
    """A state of an outside tool is changed with `If-Match`, which needs the mark of exactly these bytes."""
    with app.test_request_context(headers={"Accept-Encoding": "gzip"}):
        answer = Response("x" * 1000, headers={"ETag": '"a"'}, content_type="application/json")
        packing.pack(answer)
    assert (answer.headers["ETag"], answer.get_data()) == ('"a"', b"x" * 1000)


def test_a_forms_token_is_signed_anew_each_second(node: Node, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who listens may weigh packed pages and guess at what stands in them: no signature stands still for that.

    And no page of another site can ask for ours again and again in somebody's name.
    """
    app = create_app(node)
    browser = app.test_client()
    tokens = []
    for second in (0, 1):
        monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self, second=second: int(time.time()) + second)
        answer = browser.get(secret_address(cast.person("learner").id, "/"))
        tokens += TOKEN.findall(answer.get_data(as_text=True))[:1]
    signatures = [token.rpartition(".")[2] for token in tokens]
    assert len(signatures[0]) == len(signatures[1]) > 20
    assert signatures[0] != signatures[1]
    assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"
