"""SCORM content in a real browser: it begins, keeps its place, is scored, goes on, and is nobody else's."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Frame, Page

from content.package import Manifest
from hub import library
from hub.node import Node
from hub.vocabulary import VERBS
from tests.fixtures import scorm
from tests.fixtures.cast import Cast
from tests.fixtures.web import Served

pytestmark = pytest.mark.browser


def put(node: Node, source: Path) -> Manifest:
    """A package on the shelf."""
    return library.package(node, library.add(node, source=source, in_part=True).package)


def opened(page: Page, served: Served, manifest: Manifest, item: str) -> Frame:
    """The frame of an item that runs, on its learner's page."""
    page.goto(f"{served.url}/learn/{manifest.id}/{item}/")
    frame = page.frame(url=lambda url: url.startswith(served.content_url))
    assert frame is not None
    frame.wait_for_function("() => window.API !== undefined")
    return frame


def call(frame: Frame, words: str, wait: str = "") -> Any:
    """What the content's own call of the interface gives."""
    return frame.evaluate(f"() => API.{words}")


def said(node: Node, person: str) -> list[str]:
    """The verbs of one person's statements, in their order."""
    names = {iri: verb for verb, iri in VERBS.items()}
    rows = node.tables.Statement.select().where(node.tables.Statement.actor == person)
    return [names[row.verb] for row in rows.order_by(node.tables.Statement.rank)]


def kept(page: Page, act: Callable[[], object]) -> None:
    """Do something, and wait until the hub has taken the report that follows."""
    with page.expect_response(lambda answer: answer.request.method == "POST" and "/_sco/" in answer.url) as found:
        act()
    assert found.value.status == 204


def test_older_content_goes_on_where_it_was_left(
    served: Served, cast: Cast, node: Node, phone_of: Callable[[str], Page], tmp_path: Path
) -> None:
    """It finds the interface, keeps its place and notes, is closed, goes on, and is passed by its score."""
    manifest = put(node, scorm.older(tmp_path / "river.zip"))
    page, learner = phone_of("learner"), cast.person("learner")
    frame = opened(page, served, manifest, "s1")
    assert call(frame, "LMSInitialize('')") == "true"
    asked = ("core.student_name", "core.entry", "core.lesson_status", "student_data.mastery_score", "launch_data")
    assert [call(frame, f"LMSGetValue('cmi.{each}')") for each in asked] == [
        *(learner.name, "ab-initio", "not attempted", "80", "level=2")
    ]
    notes = 'ukurasa "3" é </script>' + "x" * 60_000
    frame.evaluate("(notes) => API.LMSSetValue('cmi.suspend_data', notes)", notes)
    call(frame, "LMSSetValue('cmi.core.lesson_location', 'page-3')")
    kept(page, lambda: call(frame, "LMSCommit('')"))
    call(frame, "LMSSetValue('cmi.core.score.raw', '85')")
    page.goto(f"{served.url}/learn/")
    frame = opened(phone_of("learner"), served, manifest, "s1")
    assert call(frame, "LMSInitialize('')") == "true"
    asked = ("core.entry", "core.lesson_location", "suspend_data", "core.score.raw")
    assert [call(frame, f"LMSGetValue('cmi.{each}')") for each in asked] == ["resume", "page-3", notes, "85"]
    call(frame, "LMSSetValue('cmi.core.session_time', '00:10:00.00')")
    kept(frame.page, lambda: call(frame, "LMSFinish('')"))
    row = node.tables.Progress.get(node.tables.Progress.person == learner.id)
    assert (row.state, row.score) == (3, 850)
    assert said(node, learner.id) == ["initialized", "scored", "passed", "completed", "terminated"]
    lesson = cast.client("learner").get(f"/library/{manifest.id}/").text
    assert "passed" in lesson


def test_newer_content_is_measured(
    served: Served, cast: Cast, node: Node, phone_of: Callable[[str], Page], tmp_path: Path
) -> None:
    """It looks above itself first, as ADL's samples do; its measures decide what is done and passed."""
    manifest = put(node, scorm.newer(tmp_path / "river.zip"))
    page, learner = phone_of("learner"), cast.person("learner")
    frame = opened(page, served, manifest, "item-1") if False else None
    page.goto(f"{served.url}/learn/{manifest.id}/item-1/")
    frame = page.frame(url=lambda url: url.startswith(served.content_url))
    assert frame is not None
    assert call(frame, "Initialize('')") == "true"
    for name, value in (("location", "7"), ("score.scaled", "0.65"), ("progress_measure", "0.95")):
        assert frame.evaluate("(each) => API.SetValue(...each)", [f"cmi.{name}", value]) == "true"
    for name, value in (("session_time", "PT1M30S"), ("success_status", "passed"), ("exit", "suspend")):
        frame.evaluate("(each) => API.SetValue(...each)", [f"cmi.{name}", value])
    kept(page, lambda: call(frame, "Terminate('')"))
    assert said(node, learner.id) == ["initialized", "progressed", "failed", "completed", "terminated"]
    page.goto(f"{served.url}/learn/{manifest.id}/item-1/")
    frame = page.frame(url=lambda url: url.startswith(served.content_url))
    assert frame is not None
    call(frame, "Initialize('')")
    told = [call(frame, f"GetValue('cmi.{each}')") for each in ("entry", "location", "total_time", "success_status")]
    assert told == ["resume", "7", "PT0H1M30.00S", "failed"]


FRAMED = """<!doctype html><html><head><title>Outside</title></head><body><h1>Outside</h1>
<iframe src="inside.html?x=1" title="Inside"></iframe></body></html>"""
INSIDE = scorm.page("if (API) { API.LMSInitialize(''); API.LMSSetValue('cmi.core.lesson_location', 'inside'); }")
NEXT = scorm.page("API.LMSSetValue('cmi.core.lesson_location', API.LMSGetValue('cmi.suspend_data') + '!');")


def test_pages_in_pages_and_pages_after_pages_are_one_course(
    served: Served, cast: Cast, node: Node, phone_of: Callable[[str], Page], tmp_path: Path
) -> None:
    """A page in a frame speaks through the outermost one; a page that leads to another hands over what it knows."""
    more = {"one__inside.html": INSIDE, "two__next.html": NEXT}
    page = phone_of("learner")
    manifest = put(node, scorm.older(tmp_path / "river.zip", one=FRAMED, **more))
    with page.expect_response(lambda answer: answer.request.method == "POST" and "/_sco/" in answer.url):
        outer = opened(page, served, manifest, "s1")
    outer.wait_for_function("() => API.LMSGetValue('cmi.core.lesson_location') === 'inside'")
    (inner,) = outer.child_frames
    call(outer, "LMSSetValue('cmi.core.lesson_status', 'completed')")
    inner.wait_for_function("() => API.LMSGetValue('cmi.core.lesson_status') === 'completed'")
    kept(page, lambda: inner.evaluate("() => API.LMSFinish('')"))
    frame = opened(page, served, manifest, "s2")
    call(frame, "LMSInitialize('')")
    call(frame, "LMSSetValue('cmi.suspend_data', 'first')")
    frame.evaluate("() => { location.href = 'next.html'; }")
    frame.wait_for_function("() => window.API?.LMSGetValue('cmi.core.lesson_location') === 'first!'")
    kept(page, lambda: call(frame, "LMSFinish('')"))
    learner = cast.person("learner").id
    assert said(node, learner) == [*("initialized", "completed", "terminated") * 2]


HOSTILE = scorm.page(
    """
const attempts = {
  hub: () => fetch("HUB/library/", {credentials: "include"}).then((answer) => answer.text()),
  post: () => fetch("HUB/people/sign-out/", {method: "POST", mode: "no-cors", credentials: "include"}),
  above: () => top.document.body.innerText,
  away: () => fetch("http://example.org/"),
  picture: () => new Promise((good, bad) => {
    const image = new Image(); image.onload = good; image.onerror = bad; image.src = "http://example.org/x.png";
  }),
  camera: () => navigator.mediaDevices.getUserMedia({video: true}),
  other: () => fetch(location.href.replace("/s1/one/", "/s2/two/")).then((answer) => {
    if (!answer.ok) throw new Error(answer.status);
  }),
  stored: () => {
    localStorage.setItem("a", "1"); sessionStorage.setItem("a", "1"); document.cookie = "a=1";
    return 1;
  },
};
(async () => {
  const found = {};
  for (const [name, attempt] of Object.entries(attempts)) {
    try { found[name] = String(await attempt()).slice(0, 20); } catch { found[name] = "refused"; }
  }
  console.log("found " + JSON.stringify(found));
})();"""
)


def test_hostile_content_gets_nothing(
    served: Served, node: Node, phone_of: Callable[[str], Page], tmp_path: Path
) -> None:
    """Not the hub's pages, not another part, nothing outside, no camera; storage is a memory that breaks nothing."""
    manifest = put(node, scorm.older(tmp_path / "river.zip", one=HOSTILE.replace("HUB", served.url)))
    page = phone_of("learner")
    with page.expect_console_message(lambda message: message.text.startswith("found ")) as heard:
        page.goto(f"{served.url}/learn/{manifest.id}/s1/", wait_until="commit")
    found = json.loads(heard.value.text.removeprefix("found "))
    assert {name: text for name, text in found.items() if text != "refused"} == {"stored": "1"}
    assert node.tables.SignIn.select().count() == 1


def test_a_cut_line_loses_nothing(served: Served, node: Node, phone_of: Callable[[str], Page], tmp_path: Path) -> None:
    """What could not be sent is sent when the line is back, and the content never noticed."""
    page = phone_of("learner")
    frame = opened(page, served, put(node, scorm.older(tmp_path / "river.zip")), "s1")
    call(frame, "LMSInitialize('')")
    page.route("**/_sco/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    call(frame, "LMSSetValue('cmi.core.lesson_location', 'far')")
    with page.expect_event("requestfailed"):
        assert call(frame, "LMSCommit('')") == "true"
    kept(page, lambda: page.unroute("**/_sco/**"))
    row = node.database.execute_sql("SELECT body FROM document").fetchone()
    assert json.loads(bytes(row[0]))["cmi"]["core"]["lesson_location"] == "far"


def test_without_script_there_is_a_sentence_and_a_way_on(
    served: Served, cast: Cast, node: Node, phone: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    """A guest whose browser runs nothing reads why, and goes on."""
    manifest = put(node, scorm.older(tmp_path / "river.zip"))
    page = phone(java_script_enabled=False).new_page()
    page.goto(f"{served.url}/learn/{manifest.id}/s1/")
    assert "This needs a browser that runs scripts." in page.inner_text("main")
    page.locator("button.onward").click()
    assert page.url.endswith("/s2/")


def test_single_answers_stand_in_the_record(
    served: Served, cast: Cast, node: Node, phone_of: Callable[[str], Page], tmp_path: Path
) -> None:
    """As the content sets them, part by part, through the interface, the last one when it ends; objectives beside."""
    manifest = put(node, scorm.older(tmp_path / "river.zip"))
    frame = opened(phone_of("learner"), served, manifest, "s1")
    call(frame, "LMSInitialize('')")
    for number, (name, response, result) in enumerate([("lid", "a", "correct"), ("rope", "b", "wrong")]):
        asked = {"id": name, "type": "choice", "correct_responses.0.pattern": "a"}
        for field, value in {**asked, "student_response": response, "result": result}.items():
            assert call(frame, f"LMSSetValue('cmi.interactions.{number}.{field}', '{value}')") == "true"
    for field, value in {"id": "banks", "status": "passed", "score.raw": "80"}.items():
        assert call(frame, f"LMSSetValue('cmi.objectives.0.{field}', '{value}')") == "true"
    kept(frame.page, lambda: call(frame, "LMSFinish('')"))
    learner = cast.person("learner").id
    assert said(node, learner).count("answered") == 2
    assert said(node, learner).count("passed") == 1
