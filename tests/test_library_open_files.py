"""What guests see comes without a look at who asks; all else, and whoever is to be looked up, goes to the pages."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from content.package import Manifest
from hub import first_boot, library, worn
from hub.app import create_app
from hub.node import Node
from hub.web import files, open_files
from tests.fixtures import engines, packages
from tests.fixtures.cast import ROLES, Cast

pytestmark = pytest.mark.sqlite(engines.SHELF)

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg"><title>A well</title></svg>' * 9


@pytest.fixture
def village(node: Node, cast: Cast, tmp_path: Path) -> Manifest:
    """A package with a drawing, and a page that this origin never shows."""
    source = packages.page_zip(tmp_path / "village.zip", well__svg=DRAWING)
    return library.package(node, library.add(node, source=source).package)


@pytest.fixture
def pages(app: Flask) -> list[str]:
    """The addresses that reached the pages behind the door."""
    reached: list[str] = []
    app.before_request_funcs.setdefault(None, []).insert(0, lambda: reached.append(request.path))
    return reached


def test_a_guest_gets_it_before_the_pages(client: FlaskClient, village: Manifest, pages: list[str]) -> None:
    """With the headers of this origin, whole, in parts and again; what is not given goes to the pages."""
    where = files.media_address(village, "well.svg")
    for headers, status in (({}, 200), ({"Range": "bytes=0-3"}, 206), ({"If-None-Match": "*"}, 304)):
        answer = client.get(where, headers=headers)
        assert (answer.status_code, answer.headers["Content-Security-Policy"]) == (status, files.STILL)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert client.head(where).status_code == 200 and pages == []
    away = where.replace(village.id, "none")
    for path in (where.replace("well.svg", "index.html"), away, f"{where}x", f"{where}?a=1"):
        assert client.get(path).status_code == (200 if path.endswith("=1") else 404), path
    assert client.post(where).status_code == 405 and len(pages) == 5


def test_the_door_says_what_the_pages_say(app: Flask, village: Manifest) -> None:
    """The same status, headers and bytes as behind it, packed and plain."""
    where, through = files.media_address(village, "well.svg"), app.wsgi_app
    for headers in ({}, {"Accept-Encoding": "gzip"}, {"Range": "bytes=1-5"}, {"If-None-Match": '"x"'}) * 2:
        found = []
        for way in (through, type(app).wsgi_app.__get__(app)):
            app.wsgi_app = way  # type: ignore[method-assign]
            answer = app.test_client().get(where, headers=headers)
            found.append((answer.status_code, dict(answer.headers), answer.data))
        assert found[0] == found[1], headers


def test_the_whole_cast_sees_what_they_may(cast: Cast, node: Node, village: Manifest) -> None:
    """Before the mark, with it, and after, twice each: memory shows nobody what is not theirs."""
    where, sees = files.media_address(village, "well.svg"), {"facilitator", "librarian", "steward"}
    for whom, seers in (("", set(ROLES)), ("only", sees), ("", set(ROLES))):
        worn.show_to(node, [village.id], whom)
        for role in [*ROLES, *ROLES]:
            assert (cast.client(role).get(where).status_code == 200) == (role in seers), (role, whom)
    library.remove(node, village.id)
    assert {cast.client(role).get(where).status_code for role in ROLES} == {404}


def test_whoever_sends_a_cookie_is_looked_up_now_and_then(
    cast: Cast, village: Manifest, pages: list[str], node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First and after a while, so that a film keeps its phone awake; between, the door answers."""
    where, now = files.media_address(village, "well.svg"), [0.0]
    monkeypatch.setattr(open_files.time, "monotonic", lambda: now[0])
    learner = cast.client("learner")
    pages.clear()
    for passed_s, reached in ((0.0, 1), (1.0, 1), (node.settings.shared_idle / 8 + 1, 2), (0.5, 2)):
        now[0] += passed_s
        assert (learner.get(where).status_code, len(pages)) == (200, reached)


def test_a_hub_without_guests_or_a_keeper_leads_elsewhere(make_node: Callable[..., Node], tmp_path: Path) -> None:
    """To the way in, or to the set-up."""
    for name, guests, begun in (("closed", False, True), ("new", True, False), ("open", True, True)):
        node = make_node(name, guests=guests)
        if begun:
            first_boot.begin(node, hub_name="Hub", keeper="Amina", secret="cat sun pot")
        added = library.add(node, source=packages.page_zip(tmp_path / f"{name}.zip", well__svg=DRAWING))
        where = files.media_address(library.package(node, added.package), "well.svg")
        assert create_app(node).test_client().get(where).status_code == (200 if guests and begun else 303), name
