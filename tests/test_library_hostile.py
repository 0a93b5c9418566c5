"""One hostile page in every kind of package that carries pages, in a real browser: nothing comes of all its tries."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from content.package import Manifest
from hub import library, seeing
from hub.node import Node
from tests.fixtures import courses, engines, h5p, hostile, packages, scorm, zims
from tests.fixtures.cast import Cast
from tests.fixtures.hostile import Away
from tests.fixtures.quizzes import written
from tests.fixtures.web import PhoneOf, Served
from tests.fixtures.zims import Entry

pytestmark = [pytest.mark.browser, pytest.mark.sqlite(engines.SHELF)]

Make = Callable[[Path, str, str], Path]
RUN: dict[str, tuple[str, Make, str]] = {
    "an HTML5 zip": ("a.zip", lambda place, page, _: packages.page_zip(place, page), "index.html"),
    "SCORM": ("a.zip", lambda place, page, _: scorm.older(place, one=page), "one/sco.html"),
    "H5P": (
        "a.h5p",
        lambda place, _, script: h5p.package(place, **{"H5P.MangroveChoice-1.2/scripts/main.js": script}),
        "",
    ),
    "an encyclopaedia": (
        "a.zim",
        lambda place, page, _: zims.zim(place, {"Main": Entry("Hostile", page)}, redirects={}),
        "archive.zim/Main",
    ),
    "a page of a course": (
        "a.imscc",
        lambda place, page, _: courses.one(place, "webcontent", "page.html", page),
        "page.html",
    ),
}
"""Kind → the name of its file, what writes it, and where the page lies in it; "" where it has no address of its own."""
STILL: dict[str, tuple[str, Make, str]] = {
    "a book": (
        "a.epub",
        lambda place, _, script: packages.epub(
            place,
            OPS__two__xhtml=packages.XHTML.format("Hostile", f"<p>Hostile</p><script><![CDATA[{script}]]></script>"),
        ),
        "OPS/two.xhtml",
    ),
    "a drawing": (
        "a.svg",
        lambda place, _, script: written(
            place,
            f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script><![CDATA[{script}]]></script></svg>',
        ),
        "a.svg",
    ),
}


@pytest.fixture
def away() -> Iterator[Away]:
    """A place that is no part of the hub."""
    with hostile.listening() as place:
        yield place


@pytest.fixture
def page(phone_of: PhoneOf) -> Page:
    """A real phone on which the learner is signed in, and which would give what it is asked for."""
    return phone_of("learner", permissions=["camera", "microphone", "geolocation", "clipboard-read"])


def put(node: Node, source: Path) -> Manifest:
    """A package on the shelf."""
    return library.package(node, library.add(node, source=source, in_part=True).package)


def address(node: Node, served: Served, manifest: Manifest, path: str) -> str:
    """Where a page of a package runs by itself."""
    return f"{served.content_url}/{manifest.id}/{seeing.mark(node, manifest)}/{path}"


def is_still_signed_in(node: Node, cast: Cast) -> bool:
    """Whether the learner was not signed out by anybody."""
    return cast.person("learner").id in [row.person for row in node.tables.SignIn.select()]


def told(page: Page, where: str) -> dict[str, str]:
    """What the page said that it could do."""
    with page.expect_console_message(lambda message: message.text.startswith("found "), timeout=12_000) as said:
        page.goto(where, wait_until="commit")
    found: dict[str, str] = json.loads(said.value.text.removeprefix("found "))
    return found


@pytest.mark.parametrize("kind", RUN)
def test_a_page_that_runs_gets_nothing(
    page: Page, served: Served, cast: Cast, node: Node, away: Away, tmp_path: Path, kind: str
) -> None:
    """On its learner's page with a ticket, and opened by itself: no cookie, no store, no hub, no other place.

    Questions of WebRTC to a STUN server do get out: no header of today's browsers forbids them (docs/content.md).
    """
    name, make, path = RUN[kind]
    script = hostile.script(served.url, away)
    manifest = put(node, make(tmp_path / name, hostile.page(served.url, away), script))
    places = [f"{served.url}/learn/{manifest.id}/{manifest.items[0].id}/"]
    if path:
        places.append(address(node, served, manifest, path))
    for where in places:
        found = told(page, where)
        assert {name: text for name, text in found.items() if hostile.SHIMS.get(name) != text} == hostile.WORKED
        assert page.url.startswith((served.url, served.content_url))
    assert [each for each in away.heard if not each.startswith(hostile.STUN)] == []
    assert is_still_signed_in(node, cast)
    assert page.context.pages == [page]
    assert [each.get("name") for each in page.context.cookies()] == ["mangrove"]


@pytest.mark.parametrize("kind", STILL)
def test_a_page_for_reading_does_not_run(
    page: Page, served: Served, node: Node, away: Away, tmp_path: Path, kind: str
) -> None:
    """The same scripts in what is there to be looked at: not one line of them runs, and nothing is called."""
    name, make, path = STILL[kind]
    manifest = put(node, make(tmp_path / name, "", hostile.script(served.url, away)))
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for where in (
        f"{served.url}/learn/{manifest.id}/{manifest.items[0].id}/?chapter=2",
        address(node, served, manifest, path),
        f"{served.url}/library/{manifest.id}/files/{manifest.files[path].sha256}/{path}",
    ):
        page.goto(where)
        page.wait_for_timeout(200)
    assert [each for each in said if each.startswith("found ")] == []
    assert away.heard == []


def test_a_page_in_a_frame_cannot_lead_it_away(
    page: Page, served: Served, node: Node, away: Away, tmp_path: Path
) -> None:
    """Where the ticket is in its address, its own frame goes nowhere but to the packages' origin."""
    for number, leave in enumerate((f"location = '{away.url}/go?' + location.search", "")):
        head = f'<meta http-equiv="refresh" content="0;url={away.url}/refresh">' if not leave else ""
        text = f"<!doctype html><title>Leaves</title>{head}<script>{leave}</script>"
        manifest = put(node, packages.page_zip(tmp_path / f"{number}.zip", text))
        page.goto(f"{served.url}/learn/{manifest.id}/{manifest.items[0].id}/")
        page.wait_for_timeout(500)
    assert away.heard == []


def test_frames_of_a_page_s_own_are_shown(page: Page, served: Served, node: Node, tmp_path: Path) -> None:
    """A page may hold others of its package; each is as shut in as itself."""
    outer = '<!doctype html><title>Outer</title><iframe src="inner.html"></iframe>'
    inner = "<!doctype html><title>Inner</title><p>Inside</p>"
    manifest = put(node, packages.page_zip(tmp_path / "a.zip", outer, inner__html=inner))
    page.goto(f"{served.url}/learn/{manifest.id}/{manifest.items[0].id}/")
    page.frame_locator("iframe").frame_locator("iframe").get_by_text("Inside").wait_for(timeout=8_000)
