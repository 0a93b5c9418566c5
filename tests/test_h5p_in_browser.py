"""H5P content in a real browser: it plays, is scored, goes on where it was left, and is nobody else's."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Frame, Page, Route

from content.package import Manifest
from hub import library
from hub.node import Node
from hub.vocabulary import VERBS
from tests.fixtures import h5p
from tests.fixtures.cast import Cast
from tests.fixtures.web import Served

pytestmark = pytest.mark.browser


def put(node: Node, source: Path) -> Manifest:
    """A package on the shelf."""
    return library.package(node, library.add(node, source=source).package)


def opened(page: Page, served: Served, manifest: Manifest) -> Frame:
    """The frame of a content that plays, on its learner's page."""
    page.goto(f"{served.url}/learn/{manifest.id}/item/")
    frame = page.frame(url=lambda url: url.startswith(served.content_url))
    assert frame is not None
    frame.wait_for_selector(".h5p-initialized .mangrove-choice")
    return frame


def kept(page: Page, act: Callable[[], object]) -> None:
    """Do something, and wait until the hub has taken the report that follows."""
    with page.expect_response(lambda answer: answer.request.method == "POST" and "/_h5p/" in answer.url) as found:
        act()
    assert found.value.status == 204


def said(node: Node, person: str) -> list[str]:
    """The verbs of one person's statements, in their order."""
    names = {iri: verb for verb, iri in VERBS.items()}
    rows = node.tables.Statement.select().where(node.tables.Statement.actor == person)
    return [names[row.verb] for row in rows.order_by(node.tables.Statement.rank)]


def test_a_set_is_answered_left_resumed_and_scored(
    served: Served, cast: Cast, node: Node, phone_of: Callable[[str], Page], tmp_path: Path
) -> None:
    """One answer, then another phone: it stands there; the end is a score, on the page and in the record."""
    manifest = put(node, h5p.a_set(tmp_path / "a.h5p"))
    page, learner = phone_of("learner"), cast.person("learner")
    frame = opened(page, served, manifest)
    kept(page, lambda: frame.get_by_role("button", name="Yes").first.click())
    page.goto(f"{served.url}/learn/")
    page = phone_of("learner")
    frame = opened(page, served, manifest)
    pressed = [each.get_attribute("aria-pressed") for each in frame.locator("[aria-pressed]").all()]
    assert pressed == ["true", "false", "false", "false"]
    kept(page, lambda: frame.get_by_role("button", name="Yes").last.click())
    kept(page, lambda: frame.get_by_role("button", name="Finish").click())
    assert said(node, learner.id) == ["initialized", "answered", "answered", "failed"]
    row = node.tables.Progress.get(node.tables.Progress.person == learner.id)
    assert (row.state, row.score) == (2, 500)


def test_a_cut_line_loses_and_doubles_nothing(
    served: Served, cast: Cast, node: Node, phone_of: Callable[[str], Page], tmp_path: Path
) -> None:
    """What could not be sent, or was taken and not confirmed, is sent again, and counts once."""
    manifest = put(node, h5p.package(tmp_path / "a.h5p"))
    page, learner = phone_of("learner"), cast.person("learner")
    frame = opened(page, served, manifest)
    tried: list[str] = []

    def cut(route: Route) -> None:
        """No line at first; then one that takes the report and loses the answer."""
        tried.append(route.request.method)
        if len(tried) == 2:
            route.fetch()
        if len(tried) <= 2:
            route.abort()
        else:
            route.continue_()

    page.route(lambda address: "/_h5p/" in address, cut)
    kept(page, lambda: frame.get_by_role("button", name="A rope").click())
    assert tried == ["POST"] * 3
    assert said(node, learner.id) == ["initialized", "answered", "failed"]
    frame = opened(page, served, manifest)
    assert frame.get_by_role("button", name="A rope").get_attribute("aria-pressed") == "true"


FOREIGN = """
H5P.MangroveBase.tried = {};
(async () => {
  const tried = H5P.MangroveBase.tried, ask = async (name, act) => {
    try { tried[name] = await act(); } catch (mistake) { tried[name] = "refused"; }
  };
  await ask("page", async () => (await fetch("PAGES/learn/")).status);
  await ask("form", async () => (await fetch("PAGES/people/sign-out/", { method: "POST" })).status);
  await ask("abroad", async () => (await fetch("http://127.0.0.2:9/")).status);
  await ask("camera", async () => (await navigator.mediaDevices.getUserMedia({ video: true })).id);
  await ask("place", () => new Promise((yes, no) => navigator.geolocation.getCurrentPosition(yes, no)));
  await ask("above", async () => window.top.document.title);
  await ask("cookie", async () => document.cookie || "refused");
  await ask("worker", async () => (await navigator.serviceWorker.register("/x.js")).scope);
  await ask("other", async () => {
    const door = JSON.parse(document.querySelector("[data-sitting]").dataset.sitting).door;
    const body = JSON.stringify({ number: 1, spent_ms: 1, remembered: {}, events: [] });
    const answer = await fetch(door.replace(/[^/]+\\/$/, "") + "OTHER/", { method: "POST", body });
    return answer.status < 400 ? "taken" : "refused";
  });
  try { window.top.location = "about:blank"; tried.away = "moved"; } catch (mistake) { tried.away = "refused"; }
  tried.done = true;
})();
"""


def test_a_library_that_reaches_out_gets_nothing(
    served: Served, cast: Cast, node: Node, phone_of: Callable[[str], Page], tmp_path: Path
) -> None:
    """No page of the hub, no other activity, no camera, nobody elsewhere; the content it came with plays on."""
    other = put(node, h5p.a_set(tmp_path / "b.h5p"))
    script = h5p.BASE + FOREIGN.replace("PAGES", served.url).replace("OTHER", f"../../../{other.id}/x/item")
    files: dict[str, Any] = {"H5P.MangroveBase-1.0__scripts__main.js": script}
    page = phone_of("learner")
    frame = opened(page, served, put(node, h5p.package(tmp_path / "a.h5p", **files)))
    frame.wait_for_function("() => H5P.MangroveBase.tried.done")
    tried = frame.evaluate("() => H5P.MangroveBase.tried")
    assert {name for name, got in tried.items() if got not in ("refused", True)} == set()
    kept(page, lambda: frame.get_by_role("button", name="A lid").click())
    assert said(node, cast.person("learner").id) == ["initialized", "answered", "passed"]
    assert "Clean water" in page.title()


def test_a_guest_plays_and_nothing_is_kept(
    served: Served, node: Node, phone_of: Callable[[str], Page], tmp_path: Path
) -> None:
    """Pictures of the content are shown; without a script there is a sentence instead."""
    manifest = put(node, h5p.package(tmp_path / "a.h5p"))
    page = phone_of("")
    frame = opened(page, served, manifest)
    frame.wait_for_function("() => document.querySelector('img').naturalWidth === 24")
    frame.get_by_role("button", name="A lid").click()
    assert frame.get_by_role("button", name="A lid").get_attribute("aria-pressed") == "true"
    page.goto(f"{served.url}/learn/")
    assert node.tables.Statement.select().count() == 0
    browser = page.context.browser
    assert browser is not None
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(f"{served.url}/learn/{manifest.id}/item/")
    assert "This needs a browser that runs scripts" in plain.inner_text("body")
    plain.context.close()
