"""A pack as one file on the disk of a phone: it teaches, marks like the hub, remembers, and gives the code."""

import json
import random
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext, Page

from content.exercise import load, mark
from content.search import plain_words
from hub import first_boot
from hub.node import Node
from hub.tables.learning import FINISHED, PASSED
from hub.takehome import codes, copies
from hub.web import packs
from tests.fixtures import engines
from tests.fixtures.cast import Cast
from tests.fixtures.learning import PACKAGE
from tests.fixtures.web import Served
from tests.test_content_mark import ALL, MARKS

pytestmark = pytest.mark.browser
MORE = [
    *[("number", [text], 1) for text in ("1.5", " 1,5 ", "+1.5", "3/2", "1.500", "०१.५", "۱٫۵", "1,50", "15/10")],
    *[("number", [text], 0) for text in ("", "1.5.5", "3/0", "1 5", "−1.5", "1.234.567,8", "9" * 41, "1.5", "x")],
    *[("text", [text], 1) for text in ("école", "ÉCOLE", "e\u0301cole", "The school", "the\u00a0school!")],
    *[("text", [text], 0) for text in ("", "!", "the schools", "ecole ecole")],
]
LETTERS = [chr(code) for first, last in ((0x20, 0x52F), (0x600, 0x6FF), (0x900, 0x97F)) for code in range(first, last)]
"""Latin, Greek, Cyrillic, Arabic and Devanagari: what the seven languages are written with."""


@pytest.fixture
def keep(node: Node, cast: Cast, market: object, tmp_path: Path) -> Callable[..., Path]:
    """A function that takes a file home and says where it lies."""

    def take(item: str = "look", role: str = "learner") -> Path:
        client = cast.client(role)
        answer = client.post(f"/take-home/of/{PACKAGE}/", data={"item": item, "carrier": "file"})
        ready = answer.headers["Location"]
        page = client.get(ready).get_data(as_text=True)
        assert f'href="{ready}file/"' in page
        path = tmp_path / "home" / "pack.html"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(client.get(f"{ready}file/").data)
        return path

    return take


def opened(context: BrowserContext, path: Path) -> Page:
    """The file on a phone without any line."""
    context.set_offline(True)
    page = context.new_page()
    page.goto(path.as_uri())
    return page


def test_the_file_names_no_place_outside(keep: Callable[..., Path]) -> None:
    """No address, no frame, and a policy that lets nothing but itself in."""
    text = keep().read_text("utf-8")
    sources = re.findall(r'(?:src|href|srcset|action)="([^"]*)"', text)
    assert [each for each in sources if not each.startswith(("data:image/", "#"))] == []
    assert sources
    assert "default-src 'none'" in text
    assert "http://" not in re.sub(r'xmlns="[^"]*"', "", text)
    assert "https://" not in text


def answer_all(page: Page) -> None:
    """Every kind of question, the first wrong at first, and one for good."""

    def send(number: int) -> None:
        page.locator(".sheet .ask").nth(number).get_by_role("button").click()

    page.get_by_label("A shoe").check()
    send(0)
    page.get_by_text("You can eat it.").wait_for()
    page.get_by_label("A mango").check()
    send(0)
    page.get_by_label("A cent").check()
    page.get_by_label("A shilling").check()
    send(1)
    inputs = page.get_by_label("Your answer")
    inputs.nth(0).fill("५")
    send(2)
    inputs.nth(1).fill("THANKS!")
    send(3)
    for label, place in (("Ask", "1"), ("Pay", "2"), ("Go home", "3")):
        page.get_by_label(label, exact=True).select_option(place)
    send(4)
    page.get_by_label("Fish").select_option("jug")
    page.get_by_label("Milk").select_option("basket")
    send(5)


def test_from_the_file_to_the_record(
    node: Node, cast: Cast, keep: Callable[..., Path], phone: Callable[..., BrowserContext], served: Served
) -> None:
    """Answered at home, the codes typed at the hub: the first answers count, and the learner sees it."""
    home = opened(phone(), keep())
    answer_all(home)
    shown = home.locator(".code:visible").all_inner_texts()
    assert [len(each) for each in shown] == [codes.LENGTH + 1] * 2

    context = phone(java_script_enabled=False)
    cookie = cast.client("learner").get_cookie("mangrove")
    assert cookie is not None
    context.add_cookies([{"name": "mangrove", "value": cookie.value, "url": served.url}])
    page = context.new_page()
    page.goto(served.url)
    page.get_by_role("link", name="I brought something back").click()
    for code in shown:
        page.get_by_label("The code").fill(code.lower())
        page.get_by_role("button", name="Write it down").click()
        page.get_by_role("heading", name="It is written down").wait_for()
        page.goto(f"{served.url}/take-home/")
    rows = node.tables.Progress.select().where(node.tables.Progress.person == cast.person("learner").id)
    found = {row.item: (row.state, row.score) for row in rows}
    assert found == {"look": (FINISHED, -1), "quiz": (FINISHED, 667)}
    assert found["quiz"][0] < PASSED


@pytest.mark.sqlite(engines.LOOK)
def test_what_was_answered_is_there_again(keep: Callable[..., Path], phone: Callable[..., BrowserContext]) -> None:
    """The phone was switched off in between."""
    context, path = phone(), keep()
    page = opened(context, path)
    page.get_by_label("A mango").check()
    page.get_by_role("button", name="That is my answer").first.click()
    page.get_by_text("Yes, that is right").wait_for()
    page.close()
    again = opened(context, path)
    assert again.locator(".way").inner_text() == "1 of 6 answered"
    assert again.get_by_label("A mango").is_checked()
    assert again.get_by_label("A mango").is_disabled()


@pytest.mark.sqlite(engines.LOOK)
def test_a_phone_that_keeps_nothing_gives_the_code_too(
    keep: Callable[..., Path], phone: Callable[..., BrowserContext]
) -> None:
    """It says so at once, and goes on in memory."""
    context = phone()
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
    )
    page = opened(context, keep())
    assert page.get_by_text("This phone keeps nothing").is_visible()
    answer_all(page)
    assert page.locator(".code:visible").count() == 2


def test_without_script_it_reads_like_the_paper(
    node: Node, cast: Cast, keep: Callable[..., Path], phone: Callable[..., BrowserContext]
) -> None:
    """Lesson, questions, the pairs beside the answers, and boxes for them."""
    page = opened(phone(java_script_enabled=False), keep())
    assert page.get_by_role("heading", name="Look around").first.is_visible()
    copy = copies.of_people(node, [cast.person("learner").id])[0]
    first = next(iter(copy.places(0)))
    assert page.locator(".pair:visible").all_inner_texts()[:2] == list(first)
    assert page.locator(".box:visible").count() == codes.LENGTH * 2


@pytest.mark.sqlite(engines.LOOK)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("script", [True, False])
def test_the_file_is_open_to_everybody(
    keep: Callable[..., Path], phone: Callable[..., BrowserContext], scheme: str, *, script: bool
) -> None:
    """No finding of axe, nothing to scroll sideways at 320 px, in either direction."""
    page = opened(phone(color_scheme=scheme, viewport={"width": 320, "height": 640}), keep())
    if script:
        answer_all(page)
    else:
        page.evaluate("document.documentElement.classList.remove('runs')")
    for direction in ("rtl", "ltr"):
        page.evaluate("direction => { document.documentElement.dir = direction; }", direction)
        assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert [each["id"] for each in Axe().run(page).response["violations"]] == []


@pytest.mark.sqlite(engines.LOOK)
def test_a_file_marks_as_the_hub_does(keep: Callable[..., Path], phone: Callable[..., BrowserContext]) -> None:
    """The same scores for the same answers, of every kind; in half a thousand of them."""
    page = opened(phone(), keep())
    asked = {kind: json.loads(packs.told([_page_of(kind)]))[0]["rows"][0] for kind in ALL}
    chance = random.Random(7)
    parts = ["a", "b", "c", "d", "x", "a=x", "b=y", "b = y", "a=y", "1.5", "1,5", "école", " the school", ""]
    drawn = [(kind, chance.choices(parts, k=chance.randint(0, 4))) for kind in ALL for _ in range(80)]
    given = [(kind, answer) for kind, answer, _ in [*MARKS, *MORE]] + drawn
    ours = [mark(ALL[kind], tuple(answer)).score for kind, answer in given]
    theirs = page.evaluate(
        "given => given.map(([asked, answer]) => marking.mark(asked, answer))",
        [[asked[kind], answer] for kind, answer in given],
    )
    assert [pair for pair in zip(given, ours, theirs, strict=True) if pair[1] != pair[2]] == []


def _page_of(kind: str) -> packs.Page:
    row = packs.Row(1, kind, "", ALL[kind], ("22", "33", "44", "55"))
    return packs.Page(0, (row,), ("", "66", "77", "88", "99"))


@pytest.mark.sqlite(engines.LOOK)
def test_words_are_the_same_words(keep: Callable[..., Path], phone: Callable[..., BrowserContext]) -> None:
    """Every letter that our languages are written with, alone and inside a word, is folded as the hub folds it."""
    page = opened(phone(), keep())
    known = [each for each in LETTERS if unicodedata.category(each) != "Cn"]
    texts = [f"{before}{each}{after}" for each in known for before, after in (("", ""), ("a", "b"), ("ن ", "क"))]
    theirs = page.evaluate("texts => texts.map(marking.words)", texts)
    assert [(text, found) for text, found in zip(texts, theirs, strict=True) if found != plain_words(text)] == []


@pytest.mark.sqlite(engines.LOOK)
def test_every_starter_can_be_taken_home_whole(
    node: Node, cast: Cast, client: FlaskClient, phone: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    """The file of each work runs, and asks every question of it."""
    first_boot.fill_shelf(node)
    page = phone().new_page()
    for manifest in node.shelf.list():
        given = copies.give(node, package=manifest.id, carrier="file")
        path = tmp_path / f"{manifest.id}.html"
        path.write_bytes(client.get(f"/take-home/copies/{given.id}/file/").data)
        page.goto(path.as_uri())
        quizzes = [each for each in manifest.items if each.kind == "quiz"]
        asked = sum(len(load(node.shelf.read(manifest, each.path)).questions) for each in quizzes)
        lone = sum(slot.kind == "read" for sheet in given.pack.asked.sheets for slot in sheet.slots)
        assert page.locator(".way").inner_text() == f"0 of {asked + lone} answered"
