"""A cmi5 part in a real browser: it begins, is passed, goes on where it was left, leads back, and is shut in."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page

from content.package import Manifest
from hub import library
from hub.node import Node
from hub.vocabulary import VERBS
from tests.fixtures import cmi5
from tests.fixtures.cast import Cast
from tests.fixtures.web import Served

pytestmark = pytest.mark.browser


@pytest.fixture
def river(node: Node, tmp_path: Path) -> Manifest:
    """A course whose page can do what the standard asks."""
    source = cmi5.package(tmp_path / "river.zip", page=cmi5.SCRIPT)
    return library.package(node, library.add(node, source=source).package)


def begun(page: Page, served: Served, manifest: Manifest) -> Frame:
    """The frame of the first part on its learner's page, which has begun."""
    page.goto(f"{served.url}/learn/{manifest.id}/lights/")
    frame = page.frame(url=lambda url: url.startswith(served.content_url))
    assert frame is not None
    frame.wait_for_function("() => window.begin !== undefined")
    frame.evaluate("() => begin()")
    return frame


def said(node: Node, person: str) -> list[str]:
    """The verbs of one person's statements, in their order."""
    names = {iri: verb for verb, iri in VERBS.items()}
    rows = node.tables.Statement.select().where(node.tables.Statement.actor == person)
    return [names[row.verb] for row in rows.order_by(node.tables.Statement.rank)]


def test_a_part_is_passed_and_goes_on_where_it_was_left(
    served: Served, cast: Cast, node: Node, river: Manifest, phone_of: Callable[[str], Page]
) -> None:
    """Its place is kept for its learner alone; its score stands on their pages; at its end it leads to a tick."""
    page, learner = phone_of("learner"), cast.person("learner").id
    frame = begun(page, served, river)
    assert frame.evaluate("() => data.masteryScore") == 0.8
    assert frame.evaluate("() => say('initialized')") == 204
    place = "ask('PUT', 'activities/state', place('bookmark'), {page: 3}).then((answer) => answer.status)"
    assert frame.evaluate(f"() => {place}") == 204
    page.goto(f"{served.url}/learn/")
    frame = begun(page, served, river)
    kept = "() => ask('GET', 'activities/state', place('bookmark')).then((answer) => answer.text())"
    assert json.loads(frame.evaluate(kept)) == {"page": 3}
    assert "no such document" in begun(phone_of("neighbour"), served, river).evaluate(kept)
    results = {
        "initialized": None,
        "passed": {"success": True, "score": {"scaled": 0.9}, "duration": "PT9S"},
        "completed": {"completion": True, "duration": "PT9S"},
        "terminated": {"duration": "PT9S"},
    }
    for verb, result in results.items():
        assert frame.evaluate("([verb, result]) => say(verb, result)", [verb, result]) == 204
    frame.evaluate("() => { location.href = data.returnURL; }")
    frame.wait_for_function("() => document.title === '✓'")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto(f"{served.url}/library/{river.id}/")
    assert "passed" in page.inner_text("main")
    row = node.tables.Progress.get(node.tables.Progress.person == learner)
    assert (row.state, row.score) == (3, 900)
    assert said(node, learner) == [
        *("launched", "initialized", "abandoned", "launched", "initialized", "passed", "completed", "terminated")
    ]


HOSTILE = cmi5.SCRIPT.replace(
    "</script>",
    """
const HERE = (status) => { if (status >= 400) throw new Error(status); return status; };
const status = async (answer) => HERE((await answer).status);
const attempts = {
  hub: () => fetch("HUB/library/", {credentials: "include"}).then((answer) => answer.text()),
  above: () => top.document.body.innerText,
  away: () => fetch("http://example.org/"),
  stored: () => localStorage.setItem("a", "1"),
  part: () => status(ask("PUT", "activities/state", {...place("x"), activityId: told.get("activityId") + "x"}, {})),
  course: () => status(ask("GET", "activities/state", {...place("cmi5"),
    activityId: told.get("activityId").replace(/:[^:]*$/, "")})),
  learner: () => status(ask("GET", "activities/state", {...place("bookmark"),
    agent: told.get("actor").replace(/"name":"[^"]*"/, '"name":"OTHER"')})),
  told: () => status(ask("PUT", "activities/state", place("LMS.LaunchData"), {launchMode: "Browse"})),
  twice: () => fetch(told.get("fetch"), {method: "POST"}).then((answer) => answer.json())
    .then((found) => { if (!found["auth-token"]) throw new Error(found["error-code"]); return "again"; }),
};
(async () => {
  await begin();
  const found = {};
  for (const [name, attempt] of Object.entries(attempts)) {
    try { found[name] = String(await attempt()).slice(0, 20); } catch { found[name] = "refused"; }
  }
  console.log("found " + JSON.stringify(found));
})();
</script>""",
)


def test_a_hostile_part_gets_nothing(
    served: Served, cast: Cast, node: Node, phone_of: Callable[[str], Page], tmp_path: Path
) -> None:
    """Not the hub's pages, another part, its course, another learner, nor its proof a second time."""
    hostile = HOSTILE.replace("HUB", served.url).replace("OTHER", cast.person("neighbour").id)
    source = cmi5.package(tmp_path / "river.zip", page=hostile)
    manifest = library.package(node, library.add(node, source=source, in_part=True).package)
    page = phone_of("learner")
    with page.expect_console_message(lambda message: message.text.startswith("found ")) as heard:
        page.goto(f"{served.url}/learn/{manifest.id}/lights/", wait_until="commit")
    found = json.loads(heard.value.text.removeprefix("found "))
    assert set(found.values()) == {"refused"}
    assert len(found) == 9


def test_a_part_that_wants_its_own_window_gets_it_and_leads_back(
    served: Served, river: Manifest, phone_of: Callable[[str], Page]
) -> None:
    """A button opens it in place of the page; at its end it leads to the course."""
    page = phone_of("learner")
    page.goto(f"{served.url}/learn/{river.id}/signals/")
    assert page.locator("iframe").count() == 0
    assert page.locator("main .main, main .main-action").count() == 1
    page.locator("main a.main").click()
    page.wait_for_url(f"{served.content_url}/**")
    assert page.evaluate("() => begin().then((told) => told.entitlementKey.courseStructure)") == "K-1"
    assert page.evaluate("() => say('initialized')") == 204
    page.evaluate("() => { location.href = data.returnURL; }")
    page.wait_for_url(f"{served.url}/library/{river.id}/")
