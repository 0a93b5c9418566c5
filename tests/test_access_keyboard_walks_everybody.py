"""What everybody finds everywhere, walked with a keyboard alone: languages, help, the look round, a file for home."""

from pathlib import Path

import pytest

from hub.demo.cast import SECRET
from hub.people import credentials
from tests.fixtures import engines
from tests.fixtures.demo import Demo
from tests.fixtures.keyboard import Keys
from tests.fixtures.walks import SitDown, focused_by, sign_in, take_in

pytestmark = [pytest.mark.browser, pytest.mark.sqlite(engines.LOOK)]


def test_the_globe_changes_the_language(keys_of: SitDown) -> None:
    """Opened with the space bar, closed with Escape, opened again; one press, and the same page speaks Swahili."""
    keys = keys_of("learner", "/library/?language=fr")
    keys.press(".tongues > summary", "Space")
    assert keys.page.locator(".tongues[open]").count() == 1
    keys.page.keyboard.press("Escape")
    assert keys.page.locator(".tongues[open]").count() == 0
    keys.page.keyboard.press("Enter")
    keys.go(".tongues button[value='sw']")
    assert keys.page.locator("html[lang='sw']").count() == 1
    assert "language=fr" in keys.page.url
    assert keys.wrong == []


def test_help_opens_and_leads_round(keys_of: SitDown) -> None:
    """The mark, the look round step by step with the focus at each, and home again."""
    keys = keys_of("facilitator")
    keys.press(".help > summary")
    keys.go(".help a[href='/help/tour/']")
    for _ in range(20):
        shown = keys.page.locator(".tour-step:not([hidden])")
        if not shown.locator("[data-tour-to].main").count():
            break
        before = shown.get_attribute("data-tour")
        keys.press(".tour-step:not([hidden]) a.main")
        keys.page.wait_for_function(
            "at => document.querySelector('.tour-step:not([hidden])').dataset.tour != at", arg=before
        )
    keys.go(".tour-step:not([hidden]) a.main")
    assert keys.page.url.endswith("/")
    assert keys.wrong == []


def test_every_part_of_a_page_can_be_come_to(keys_of: SitDown) -> None:
    """The page that shows all parts: each stop is seen, up to the end."""
    keys = keys_of("steward", "/about/design/")
    stops = keys.walk()
    assert len(stops) > 20
    assert keys.wrong == []


def test_l_an_arabic_reader_takes_a_quiz_home(demo_copy: Demo, keys_of: SitDown, tmp_path: Path) -> None:
    """Right to left: a file is kept, opened without a line, answered to its code; the code comes back at the hub."""
    credentials.set_secret(demo_copy.node, person=take_in(demo_copy), secret=SECRET)
    keys = keys_of(locale="ar")
    sign_in(keys, "baobab", "pineapple")
    keys.page.goto(f"{demo_copy.url}/take-home/of/numbers.en/?item=how-many")
    keys.go("button[name='carrier'][value='file']")
    with keys.page.expect_download() as download:
        keys.press(".main-action")
    path = tmp_path / "home.html"
    download.value.save_as(path)
    code = answered_at_home(Keys(keys.page.context.new_page()), path)
    keys.page.goto(f"{demo_copy.url}/take-home/")
    assert focused_by(keys, "#field-code")
    keys.page.keyboard.type(code)
    with keys.page.expect_navigation():
        keys.page.keyboard.press("Enter")
    assert keys.page.locator(".heard.tone-good").count() == 1
    assert keys.page.locator("html[lang='ar'][dir='rtl']").count() == 1
    assert keys.wrong == []


def answered_at_home(keys: Keys, path: Path) -> str:
    """Open the file, answer everything with whatever comes first, and read the code of the first sheet."""
    keys.page.goto(path.as_uri())
    sheet = keys.page.locator(".sheet").first
    for _ in range(40):
        if sheet.locator(".code").is_visible():
            break
        keys.reach(".sheet:first-of-type form.answer :is(input, select):not([disabled])")
        keys.page.keyboard.press("Space")
        keys.press(".sheet:first-of-type form.answer button:not([hidden])")
    assert keys.wrong == []
    return sheet.locator(".code").inner_text()
