"""A cover out of a film, in a real browser: it plays, stands still, and what it shows is sent like a photo."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from hub import library, photos
from hub.node import Node
from tests.fixtures.cast import Cast
from tests.fixtures.web import Served
from tests.test_learn_film_in_browser import RECORD, _look_as

pytestmark = pytest.mark.browser


def test_a_picture_out_of_a_film(
    cast: Cast, node: Node, served: Served, phone: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    """Without script there is the form for a photo, and no player that does nothing."""
    context = phone()
    page = context.new_page()
    (tmp_path / "goat.webm").write_bytes(base64.b64decode(page.evaluate(RECORD)))
    package = library.add(node, source=tmp_path / "goat.webm").package
    _look_as(cast, "librarian", served, context)
    page.goto(f"{served.url}/library/{package}/cover/")
    page.evaluate("async () => { const film = document.querySelector('video'); film.muted = true; await film.play(); }")
    page.wait_for_function("() => document.querySelector('video').ended")
    with page.expect_navigation():
        page.get_by_role("button", name="Take this picture as the cover").click()
    photo = library.package(node, package).photo
    path = photos.served(node, photo)
    assert path is not None and path.read_bytes().startswith(b"\xff\xd8")
    assert page.locator(f"img.cover[src*='{photo}']").evaluate("each => each.naturalWidth") == 64
    plain = phone(java_script_enabled=False)
    _look_as(cast, "librarian", served, plain)
    page = plain.new_page()
    page.goto(f"{served.url}/library/{package}/cover/")
    assert page.get_by_role("button", name="Use this picture").is_visible() and not page.locator("video").is_visible()
