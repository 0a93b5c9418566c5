"""A bank of QTI in a learner's hands: every kind that comes of it is answered on a small phone, and counts."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from content.question import Question
from hub import library
from hub.node import Node
from hub.vocabulary import VERBS
from tests.fixtures import photos
from tests.fixtures.cast import Cast
from tests.fixtures.qti2 import CHOICE, KINDS, manifest, zipped
from tests.fixtures.quizzes import quizzes
from tests.fixtures.web import Served

pytestmark = pytest.mark.browser
SMALL = {"width": 360, "height": 640}
SEEN = '<itemBody><p><img src="../pictures/well.jpg" alt="The well"/></p>'
IS_SHOWN = "async each => { await each.decode(); return each.naturalWidth > 0; }"
IS_WIDE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


def bank(place: Path) -> Path:
    """Every kind, and a picture with the first."""
    items = {f"items/{number}.xml": text for number, text in enumerate(KINDS[1:], start=2)}
    items["items/1.xml"] = CHOICE.replace("<itemBody>", SEEN)
    names = manifest(dict.fromkeys(sorted(items), "imsqti_item_xmlv2p1"))
    return zipped(place, {"imsmanifest.xml": names, "pictures/well.jpg": photos.photo(320, 240), **items})


def answer(page: Page, question: Question) -> None:
    """Give the right answer as people do."""
    if question.kind in ("choice", "several"):
        for option in question.answer:
            page.locator(f".option input[value='{option}']").check()
    elif question.kind == "order":
        for place, option in enumerate(question.answer, start=1):
            page.locator(f"#place-{option}").select_option(str(place))
    elif question.kind == "match":
        for pair in question.answer:
            left, _, right = pair.partition("=")
            page.locator(f"#left-{left}").select_option(right)
    else:
        page.get_by_label("Your answer").fill(question.answer[0])


def test_every_kind_is_answered_on_a_phone_and_counts(
    cast: Cast, node: Node, served: Served, phone: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    """No page is wider than the phone, the picture is seen, and the record says that the quiz was passed."""
    source = bank(tmp_path / "wells.en.zip")
    added = library.add(node, source=source, in_part=True)
    (quiz,) = quizzes(source).values()
    cookie = cast.client("learner").get_cookie("mangrove")
    assert cookie is not None
    context = phone(viewport=SMALL)
    context.add_cookies([{"name": "mangrove", "value": cookie.value, "url": served.url}])
    page = context.new_page()
    page.goto(f"{served.url}/learn/{added.package}/quiz-1/")
    seen = 0
    for _ in quiz.questions:
        question = quiz.question(page.locator("input[name='question']").get_attribute("value") or "")
        assert question is not None
        assert not page.evaluate(IS_WIDE), question.prompt
        if question.picture:
            seen += page.locator("main img").first.evaluate(
                "async each => { await each.decode(); return each.naturalWidth > 0; }"
            )
        answer(page, question)
        page.get_by_role("button", name="That is my answer").click()
        page.get_by_role("heading", name="Yes, that is right").wait_for()
        page.locator("a.onward").click()
    page.get_by_role("heading", name="Well done!").wait_for()
    table = node.tables.Statement
    assert seen == 1
    assert table.select().where(table.verb == VERBS["passed"]).count() == 1
    assert table.select().where(table.verb == VERBS["answered"]).count() == len(KINDS)
