"""Packages from elsewhere run shut in: a hostile page reaches neither the hub's pages, nor cookies, nor forms."""

import json
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.error import HTTPError

import pytest
from playwright.sync_api import BrowserContext

from content.package import Manifest
from hub import library, seeing
from hub.node import Node
from hub.vocabulary import VERBS
from tests.fixtures import engines, packages
from tests.fixtures.cast import Cast
from tests.fixtures.web import Served

pytestmark = pytest.mark.sqlite(engines.SHELF)

HOSTILE = """<!doctype html><html lang="en"><title>Hostile</title><script>
const hub = "%s", found = {};
const tries = {
  cookie: () => document.cookie,
  storage: () => localStorage.length,
  parent: () => parent.document.body.innerText,
  top: () => { top.location.href = "https://example.org/"; },
  worker: () => navigator.serviceWorker.register("worker.js").then(() => "registered"),
  read: () => fetch(hub + "/library/", {credentials: "include"}).then((answer) => answer.text()),
  post: () => fetch(hub + "/people/sign-out/", {method: "POST", mode: "no-cors", credentials: "include"}),
  picture: () => new Promise((good, bad) => {
    const image = new Image(); image.onload = good; image.onerror = bad; image.src = hub + "/healthz";
  }),
  form: () => new Promise((good, bad) => {
    addEventListener("securitypolicyviolation", () => bad(new Error("refused")), {once: true});
    const form = document.createElement("form");
    form.method = "post"; form.action = hub + "/people/sign-out/"; document.body.append(form); form.submit();
  }),
  frame: () => new Promise((good, bad) => {
    addEventListener("securitypolicyviolation", () => bad(new Error("refused")), {once: true});
    const frame = document.createElement("iframe"); frame.src = hub + "/"; document.body.append(frame);
  }),
  camera: () => navigator.mediaDevices.getUserMedia({video: true}),
  own: () => fetch("data.json").then((answer) => answer.json()).then((values) => values.beans),
};
if (top === self) { delete tries.parent; delete tries.top; }
(async () => {
  for (const [name, attempt] of Object.entries(tries)) {
    try { found[name] = String(await attempt()).slice(0, 40); } catch (mistake) { found[name] = "refused"; }
  }
  console.log("found " + JSON.stringify(found));
})();
</script></html>"""
REPORTING = """<!doctype html><html lang="en"><title>Reports</title><script>
const given = Object.fromEntries(new URLSearchParams(location.search));
const done = {
  actor: JSON.parse(given.actor), verb: {id: "http://adlnet.gov/expapi/verbs/completed"},
  object: {id: given.activity_id}, context: {registration: given.registration},
};
const headers = {"Content-Type": "application/json", "Authorization": given.auth, "X-Experience-API-Version": "1.0.3"};
fetch(given.endpoint + "statements", {method: "POST", headers, body: JSON.stringify(done)})
  .then((answer) => console.log("told " + answer.status), (mistake) => console.log("told nobody: " + mistake));
</script></html>"""
OWN = {"own": "7"}
"""The only thing that works: a package reads its own files."""


def put(node: Node, place: Path, page: str) -> Manifest:
    """A package with one page and one file of its own."""
    source = packages.page_zip(place, page, data__json='{"beans": 7}')
    return library.package(node, library.add(node, source=source).package)


def address(served: Served, manifest: Manifest, path: str = "index.html") -> str:
    """Where a page of a package runs."""
    return f"{served.content_url}/{manifest.id}/{manifest.digest[: seeing.MARK_CHARS]}/{path}"


def ask(url: str, **headers: str) -> tuple[int, dict[str, str]]:
    """Status and headers of an address."""
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, {name.lower(): text for name, text in answer.headers.items()}
    except HTTPError as mistake:
        with mistake:
            return mistake.code, {name.lower(): text for name, text in mistake.headers.items()}


@pytest.fixture
def signed_in(served: Served, cast: Cast, phone: Callable[..., BrowserContext]) -> BrowserContext:
    """A real phone on which the learner is signed in."""
    context = phone()
    cookie = cast.client("learner").get_cookie("mangrove")
    assert cookie is not None
    context.add_cookies([{"name": "mangrove", "value": cookie.value, "url": served.url, "httpOnly": True}])
    return context


@pytest.mark.browser
@pytest.mark.parametrize("place", ["in its frame", "opened by itself"])
def test_a_hostile_page_gets_nothing(
    signed_in: BrowserContext, served: Served, cast: Cast, node: Node, tmp_path: Path, place: str
) -> None:
    """Not the cookie, not the storage, not the pages, not the forms, not the camera; the learner stays signed in."""
    manifest = put(node, tmp_path / "hostile.zip", HOSTILE % served.url)
    page = signed_in.new_page()
    is_framed = place == "in its frame"
    with page.expect_console_message(lambda message: message.text.startswith("found ")) as said:
        where = f"{served.url}/learn/{manifest.id}/item/" if is_framed else address(served, manifest)
        page.goto(where, wait_until="commit")
    found = json.loads(said.value.text.removeprefix("found "))
    assert {name: text for name, text in found.items() if text != "refused"} == OWN
    assert page.url.startswith((served.url, served.content_url))
    people = [row.person for row in node.tables.SignIn.select()]
    assert cast.person("learner").id in people


@pytest.mark.browser
def test_an_activity_reports_what_was_done(
    signed_in: BrowserContext, served: Served, node: Node, tmp_path: Path
) -> None:
    """With the ticket of its sitting, to the door for learning records and to no other place of the hub."""
    manifest = put(node, tmp_path / "reports.zip", REPORTING)
    page = signed_in.new_page()
    with page.expect_console_message(lambda message: message.text.startswith("told ")) as said:
        page.goto(f"{served.url}/learn/{manifest.id}/item/", wait_until="commit")
    assert said.value.text == "told 200"
    assert node.tables.Statement.select().where(node.tables.Statement.verb == VERBS["completed"]).count() == 1


RUNS = """<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Still</title></head><body><p>Here is the end.</p>
<script>document.title = "ran"; console.log("ran inline");</script>
<script src="ran.js"></script>
<img src="none.png" onerror="document.title = 'ran'" alt=""/><a href="javascript:document.title='ran'">On</a>
</body></html>"""


@pytest.mark.browser
@pytest.mark.parametrize("place", ["in its frame", "opened by itself"])
def test_a_script_in_a_book_does_not_run(
    signed_in: BrowserContext, served: Served, node: Node, tmp_path: Path, place: str
) -> None:
    """A book is for reading: its words are shown, its scripts are not run, wherever its address leads."""
    more = {"OPS__two.xhtml": RUNS, "OPS__ran.js": "document.title = 'ran';"}
    book = library.package(node, library.add(node, source=packages.epub(tmp_path / "goat.epub", **more)).package)
    page = signed_in.new_page()
    if place == "in its frame":
        page.goto(f"{served.url}/learn/{book.id}/item/?chapter=2")
        frame = page.frame_locator("iframe").locator(":root")
    else:
        page.goto(address(served, book, "OPS/two.xhtml"))
        frame = page.locator(":root")
    frame.get_by_text("Here is the end.").wait_for()
    frame.locator("a").click()
    assert frame.locator("title").text_content() == "Still"


def test_only_a_page_to_be_run_may_run(served: Served, cast: Cast, node: Node, tmp_path: Path) -> None:
    """A book's policy forbids scripts and shuts it in wholly; an activity's lets them run, without an origin."""
    book = library.package(node, library.add(node, source=packages.epub(tmp_path / "goat.epub")).package)
    policies = []
    for url in (address(served, book, "OPS/two.xhtml"), address(served, put(node, tmp_path / "a.zip", "<p>A</p>"))):
        policy = ask(url)[1]["content-security-policy"]
        policies.append(dict(each.strip().partition(" ")[::2] for each in policy.split(";")))
    still, run = policies
    assert (still["script-src"], still["sandbox"]) == ("'none'", "")
    assert "/xapi/" not in still["connect-src"]
    assert run["sandbox"] == "allow-scripts allow-forms allow-pointer-lock allow-modals"
    for policy in policies:
        assert (policy["form-action"], policy["object-src"], policy["base-uri"]) == ("'none'", "'none'", "'self'")


def test_every_answer_is_shut_in(served: Served, cast: Cast, node: Node, tmp_path: Path) -> None:
    """Pages, their files, and what is not there: sandboxed, without cookies; books for the hub's own frames alone."""
    manifest = put(node, tmp_path / "a.zip", "<title>A</title>")
    for url in (address(served, manifest), address(served, manifest, "data.json"), f"{served.content_url}/nothing"):
        _, headers = ask(url, Cookie="mangrove=x")
        assert "sandbox" in headers["content-security-policy"]
        assert "allow-same-origin" not in headers["content-security-policy"]
        assert "set-cookie" not in headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "camera=()" in headers["permissions-policy"]
    assert "frame-ancestors" not in ask(address(served, manifest))[1]["content-security-policy"]
    book = library.package(node, library.add(node, source=packages.epub(tmp_path / "goat.epub")).package)
    policy = ask(address(served, book, "OPS/two.xhtml"))[1]["content-security-policy"]
    assert "frame-ancestors http://127.0.0.1:*" in policy


def test_only_files_of_this_version_are_had(served: Served, cast: Cast, node: Node, tmp_path: Path) -> None:
    """Another path, another version, another package: one plain sentence."""
    manifest = put(node, tmp_path / "a.zip", "<title>A</title>")
    for path in ("nothing.html", "../../mangrove.db", "%2e%2e/mangrove.db", ""):
        assert ask(address(served, manifest, path))[0] == 404
    assert ask(f"{served.content_url}/{manifest.id}/{'0' * seeing.MARK_CHARS}/index.html")[0] == 404
    assert ask(f"{served.content_url}/nobody/{manifest.digest[:16]}/index.html")[0] == 404


def test_the_hub_s_own_pages_are_not_on_the_other_port(served: Served, cast: Cast) -> None:
    """No page, no sign-in, no static file of ours."""
    for path in ("/", "/library/", "/people/sign-in/", "/healthz", "/xapi/about"):
        assert ask(served.content_url + path)[0] == 404
