"""Films and sounds in a real browser: found again, quick or slow, with captions, and never a brother's."""

import base64
import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route

from hub import learning, library
from hub.node import Node
from hub.vocabulary import VERBS
from tests.fixtures.cast import Cast
from tests.fixtures.web import Served

pytestmark = pytest.mark.browser
SECONDS, AT = 90, 40
MEDIA = "document.querySelector('.player :is(video, audio)')"
WATCH = f"async at => {{ const film = {MEDIA}; film.muted = true; film.currentTime = at; await film.play(); }}"
STANDS = f"at => {MEDIA}.currentTime >= at"
WORDS = f"() => [...{MEDIA}.textTracks].filter(each => each.mode === 'showing').map(each => each.language)"
LEFT = "() => ({ ...localStorage })"
"""What a phone still has whose battery ends while it plays."""
RECORD = """async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 48 });
    const pen = canvas.getContext('2d'), parts = [];
    const recorder = new MediaRecorder(canvas.captureStream(10), { mimeType: 'video/webm;codecs=vp8' });
    recorder.ondataavailable = (event) => parts.push(event.data);
    const done = new Promise((stopped) => { recorder.onstop = stopped; });
    recorder.start();
    for (let turn = 0; turn < 12; turn += 1) {
        pen.fillStyle = `hsl(${turn * 30} 80% 50%)`;
        pen.fillRect(0, 0, 64, 48);
        await new Promise((go) => setTimeout(go, 60));
    }
    recorder.stop();
    await done;
    return btoa(String.fromCharCode(...new Uint8Array(await new Blob(parts).arrayBuffer())));
}"""
"""A real film as phones make them: VP8 in WebM, without a length in its head."""


def _look_as(cast: Cast, role: str, served: Served, context: BrowserContext) -> None:
    cookie = cast.client(role).get_cookie("mangrove")
    assert cookie is not None
    context.add_cookies([{"name": "mangrove", "value": cookie.value, "url": served.url}])


def _song(folder: Path) -> Path:
    """Silence with captions in two languages, one of them SubRip."""
    with wave.open(str(folder / "song.wav"), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(8000)
        out.writeframes(b"\x80" * 8000 * SECONDS)
    (folder / "song.ar.vtt").write_text("WEBVTT\n\n00:01.000 --> 01:20.000\nالماء\n")
    (folder / "song.en.srt").write_text("1\n00:00:01,000 --> 00:01:20,000\nBoil the water\n")
    return folder / "song.wav"


def _kept(node: Node, page: Page, verb: str, count: int) -> None:
    """Wait until so many statements with that verb are here."""
    table = node.tables.Statement
    for _ in range(100):
        if table.select().where(table.verb == VERBS[verb]).count() >= count:
            break
        page.wait_for_timeout(50)
    assert table.select().where(table.verb == VERBS[verb]).count() == count


def _cut_off(context: BrowserContext, page: Page, served: Served) -> Page:
    """Watch on while the line is cut, until the battery ends; another page of the same phone."""

    def cut(route: Route) -> None:
        route.abort()

    context.route("**/played/", cut)
    page.evaluate("() => { navigator.sendBeacon = () => false; }")
    page.evaluate(WATCH, AT + 15)
    page.evaluate(f"() => {{ {MEDIA}.playbackRate = 8; }}")
    page.wait_for_function(STANDS, arg=AT + 26)
    left = page.evaluate(LEFT)
    page.close()
    context.unroute("**/played/", cut)
    page = context.new_page()
    page.goto(f"{served.url}/about/")
    page.evaluate("left => Object.entries(left).forEach(([name, text]) => localStorage.setItem(name, text))", left)
    return page


def test_it_is_found_again_by_its_own_learner(
    cast: Cast, node: Node, served: Served, phone: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    """On one phone: at its second, as quick as it was, in the learner's language; a cut line loses nothing."""
    package = library.add(node, source=_song(tmp_path)).package
    address, context = f"{served.url}/learn/{package}/item/", phone()
    _look_as(cast, "learner", served, context)
    page = context.new_page()
    page.goto(address)
    assert page.evaluate(WORDS) == ["en"]
    page.get_by_role("button", name="1.5×").click()
    page.evaluate(WATCH, AT)
    page.wait_for_function(STANDS, arg=AT + 0.5)
    page.evaluate(f"() => {MEDIA}.pause()")
    _kept(node, page, "paused", 1)

    page = _cut_off(context, page, served)
    _kept(node, page, "paused", 1)

    _look_as(cast, "facilitator", served, context)
    page.goto(address)
    page.wait_for_function(f"() => {MEDIA}.readyState > 0")
    assert (page.evaluate(f"() => {MEDIA}.currentTime"), page.get_by_text("From the start").is_visible()) == (0, False)
    _look_as(cast, "learner", served, context)
    page.goto(address)
    page.wait_for_function(STANDS, arg=AT + 20)
    _kept(node, page, "paused", 2)
    assert page.evaluate(f"() => {MEDIA}.playbackRate") == 1.5
    assert page.get_by_role("button", name="1.5×").get_attribute("aria-pressed") == "true"
    opened = learning.find(node, package=package, item="item")
    amina = cast.person("learner").id
    sitting = learning.open_item(node, person=amina, opened=opened)
    assert learning.last_place(node, person=amina, opened=opened, sitting=sitting) >= AT + 20
    page.get_by_role("button", name="From the start").click()
    page.wait_for_function(f"() => {MEDIA}.currentTime < 5")
    for each in page.locator(".speeds button, .from-start button").all():
        box = each.bounding_box()
        assert box is None or min(box["width"], box["height"]) >= 48


def test_a_film_of_a_phone_is_played_to_its_end(
    cast: Cast, node: Node, served: Served, phone: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    """Made by the browser itself; without script it has the browser's own player and the way on."""
    context = phone()
    page = context.new_page()
    (tmp_path / "goat.webm").write_bytes(base64.b64decode(page.evaluate(RECORD)))
    package = library.add(node, source=tmp_path / "goat.webm").package
    _look_as(cast, "learner", served, context)
    page.goto(f"{served.url}/learn/{package}/item/")
    page.evaluate(WATCH, 0)
    page.wait_for_function(f"() => {MEDIA}.ended")
    _kept(node, page, "paused", 1)
    _kept(node, page, "completed", 1)
    plain = phone(java_script_enabled=False)
    _look_as(cast, "learner", served, plain)
    page = plain.new_page()
    page.goto(f"{served.url}/learn/{package}/item/")
    assert page.locator("video[controls]").is_visible() and not page.locator(".speeds").is_visible()
    page.locator("button.onward").click()
    _kept(node, page, "completed", 2)
