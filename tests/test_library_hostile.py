"""One hostile page in every kind of package that carries pages, in a real browser: nothing comes of all its tries."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from content.package import Manifest
from hub import library, seeing
from hub.node import Node
from hub.vocabulary import VERBS
from tests.fixtures import cmi5, courses, engines, h5p, hostile, packages, scorm, tincan, zims
from tests.fixtures.cast import Cast
from tests.fixtures.hostile import Away
from tests.fixtures.quizzes import written
from tests.fixtures.web import PhoneOf, Served, launched
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
    "cmi5": (
        "a.zip",
        lambda place, page, _: cmi5.package(place, cmi5.structure(cmi5.au("one")), page),
        "au.html",
    ),
    "a page with a window of its own": (
        "a.zip",
        lambda place, page, _: cmi5.package(place, cmi5.structure(cmi5.au("one", launchMethod="OwnWindow")), page),
        "",
    ),
    "Tin Can": ("a.zip", lambda place, page, _: tincan.package(place, **{"index.html": page}), "index.html"),
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


def check(page: Page, where: str, away: Away) -> None:
    """Of all tries of the page at an address nothing came, and it is where it was."""
    found = told(page, where)
    assert {name: text for name, text in found.items() if hostile.SHIMS.get(name) != text} == hostile.WORKED
    assert away.heard == []
    assert page.context.pages == [page]


def own_window(page: Page) -> str:
    """Where the button leads that opens a part in a window of its own; "" for what runs in its frame."""
    button = page.locator(".player a.button")
    return button.get_attribute("href") or "" if button.count() else ""


@pytest.mark.parametrize("kind", RUN)
def test_a_page_that_runs_gets_nothing(
    page: Page, served: Served, cast: Cast, node: Node, away: Away, tmp_path: Path, kind: str
) -> None:
    """On its learner's page with a ticket, and opened by itself: no cookie, no store, no hub, no camera, no other
    place, by whatever way (WebRTC, what a browser does ahead, pages inside of pages)."""
    name, make, path = RUN[kind]
    script = hostile.script(served.url, away)
    manifest = put(node, make(tmp_path / name, hostile.page(served.url, away), script))
    place = f"{served.url}/learn/{manifest.id}/{manifest.items[0].id}/"
    if kind == "a page with a window of its own":
        page.goto(place)
        place = own_window(page)
    check(page, place, away)
    if path:
        check(page, address(node, served, manifest, path), away)
    assert page.url.startswith((served.url, served.content_url))
    assert is_still_signed_in(node, cast)
    assert [each.get("name") for each in page.context.cookies()] == ["mangrove"]
    verbs = {row.verb for row in node.tables.Statement.select()}
    assert VERBS["passed"] not in verbs


GUESTS = [kind for kind in RUN if kind not in ("cmi5", "a page with a window of its own")]


@pytest.mark.parametrize("kind", GUESTS)
def test_a_page_that_a_guest_opens_gets_nothing(
    phone_of: PhoneOf, served: Served, node: Node, away: Away, tmp_path: Path, kind: str
) -> None:
    """The same for whoever looks around, who has neither cookie nor ticket; cmi5 does not open for them at all."""
    name, make, _ = RUN[kind]
    manifest = put(node, make(tmp_path / name, hostile.page(served.url, away), hostile.script(served.url, away)))
    page = phone_of("", permissions=["camera", "microphone", "geolocation", "clipboard-read"])
    check(page, f"{served.url}/learn/{manifest.id}/{manifest.items[0].id}/", away)
    assert node.tables.Statement.select().count() == 0


@pytest.fixture
def former(browser: Browser) -> Iterator[BrowserContext]:
    """A phone whose browser does not know the list of where the network may lead, as many do."""
    other = launched(browser.browser_type, "--disable-features=ConnectionAllowlists")
    yield other.new_context()
    other.close()


@pytest.mark.usefixtures("cast")
def test_a_former_browser_calls_nobody(
    former: BrowserContext, served: Served, node: Node, away: Away, tmp_path: Path
) -> None:
    """Without that list our own first script holds: no WebRTC, in the page and in those inside of it.

    What a browser connects to ahead (`preconnect`) it cannot forbid: a line is opened, and nothing is said on it.
    """
    manifest = put(node, packages.page_zip(tmp_path / "a.zip", hostile.page(served.url, away)))
    found = told(former.new_page(), f"{served.url}/learn/{manifest.id}/{manifest.items[0].id}/")
    assert found == hostile.WORKED
    assert set(away.heard) <= {hostile.SILENCE}


@pytest.mark.parametrize("leave", ["location = '{}/go?' + location.search", "", "document.write('{}')"])
def test_a_page_by_itself_leads_nowhere(
    page: Page, served: Served, node: Node, away: Away, tmp_path: Path, leave: str
) -> None:
    """Neither does the page of a part in a window of its own, where no frame of ours holds it."""
    head = f'<meta http-equiv="refresh" content="0;url={away.url}/refresh">'
    script = leave.format(away.url if "location" in leave else head.replace('"', '\\"'))
    text = f"<!doctype html><title>Leaves</title>{head if not leave else ''}<script>{script}</script>"
    manifest = put(node, packages.page_zip(tmp_path / "a.zip", text))
    page.goto(address(node, served, manifest, "index.html"), wait_until="commit")
    page.wait_for_timeout(500)
    assert away.heard == []


def test_packages_do_not_speak_with_each_other(page: Page, served: Served, node: Node, tmp_path: Path) -> None:
    """Each page is a world of its own: what one calls out, keeps or calls its window, no other hears or finds."""
    tells = "const line = new BroadcastChannel('x'); setInterval(() => line.postMessage('heard'), 20); name = 'kept';"
    hears = """const line = new BroadcastChannel("x"), found = {heard: ""};
        line.onmessage = ({data}) => { found.heard = data; };
        setTimeout(() => console.log("found " + JSON.stringify(found)), 400);"""
    tell, hear = (
        put(node, packages.page_zip(tmp_path / f"{number}.zip", f"<title>{number}</title><script>{script}</script>"))
        for number, script in enumerate((tells, hears))
    )
    page.goto(f"{served.url}/learn/{tell.id}/{tell.items[0].id}/")
    found = told(page.context.new_page(), f"{served.url}/learn/{hear.id}/{hear.items[0].id}/")
    assert found == {"heard": ""}


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
