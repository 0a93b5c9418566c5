"""The journeys that stand today, walked with a keyboard alone: every stop on the way is seen."""

from pathlib import Path

import pytest

from hub.demo.cast import SECRET
from hub.people import credentials
from hub.worker import HANDLERS, Worker
from tests.fixtures import engines, packages
from tests.fixtures.demo import Demo
from tests.fixtures.keyboard import Keys
from tests.fixtures.walks import SitDown, answer, sign_in, take_in

pytestmark = [pytest.mark.browser, pytest.mark.sqlite(engines.LOOK)]

QUESTIONS_MAX = 20


def to_the_first_question(keys: Keys) -> None:
    """From the large thing at home on, through lessons, until something is asked."""
    keys.go(".main-action")
    for _ in range(3):
        if keys.page.locator(".question-form").count():
            return
        keys.go(".main-action")


def test_a_a_new_child_succeeds(demo_copy: Demo, keys_of: SitDown) -> None:
    """Circle, picture, a secret of one's own, the large thing, a right answer."""
    take_in(demo_copy)
    keys = keys_of()
    sign_in(keys, "baobab", "pineapple")
    keys.go("button[name='mine']")
    to_the_first_question(keys)
    answer(keys, demo_copy)
    assert keys.page.locator(".heard.tone-good").count() == 1
    assert keys.wrong == []


def test_b_siblings_change_hands(keys_of: SitDown) -> None:
    """Amina gives the phone to Juma, and he to Issa: one's own picture, then the other's."""
    keys = keys_of("child")
    for name, picture in (("Juma", "goat"), ("Issa", "fish")):
        keys.go("a.round.me")
        keys.go(f"button.tile:has(use[href$='#{picture}'])")
        keys.page.locator("h1", has_text=name).wait_for()
    assert keys.wrong == []


def test_c_an_answer_outlives_the_page(demo_copy: Demo, keys_of: SitDown) -> None:
    """Answered, loaded again, gone on: the next question is asked, not the same one."""
    credentials.set_secret(demo_copy.node, person=take_in(demo_copy), secret=SECRET)
    keys = keys_of()
    sign_in(keys, "baobab", "pineapple")
    keys.page.goto(f"{demo_copy.url}/learn/numbers.en/how-many/")
    first = keys.page.inner_text("h1")
    answer(keys, demo_copy)
    keys.page.reload()
    keys.go(".main-action")
    assert keys.page.inner_text("h1") != first
    assert keys.wrong == []


def test_d_a_librarian_puts_something_on_the_shelf(demo_copy: Demo, keys_of: SitDown, tmp_path: Path) -> None:
    """A file is chosen, sent and looked at as learners do; then a learner opens it from its page."""
    book = packages.epub(tmp_path / "goat.epub")
    keys = keys_of("librarian")
    keys.go("a[href='/library/']")
    keys.go("a[href='/library/add/']")
    with keys.page.expect_file_chooser() as chooser:
        keys.press("input[type='file']", "Space")
    chooser.value.set_files(book)
    keys.go("form:has(input[type='file']) .button")
    Worker(demo_copy.node, HANDLERS).step()
    keys.page.reload()
    keys.go(".main-action")
    shelved = keys.page.url
    keys.go(".main-action")
    opened = keys.page.url
    learner = keys_of("learner")
    learner.page.goto(shelved)
    learner.go(".main-action")
    assert learner.page.url == opened
    assert keys.wrong + learner.wrong == []


def test_l_an_arabic_reader_comes_to_the_end(demo_copy: Demo, keys_of: SitDown) -> None:
    """Right to left: the language, signing in, and a whole quiz, to the page that says how it went."""
    credentials.set_secret(demo_copy.node, person=take_in(demo_copy), secret=SECRET)
    keys = keys_of(locale="ar")
    sign_in(keys, "baobab", "pineapple")
    keys.page.goto(f"{demo_copy.url}/language/")
    keys.go("main .choice[value='ar']")
    assert keys.page.locator("html[lang='ar'][dir='rtl']").count() == 1
    keys.page.goto(f"{demo_copy.url}/learn/numbers.en/how-many/")
    for _ in range(QUESTIONS_MAX):
        if not keys.page.locator(".question-form").count():
            break
        answer(keys, demo_copy)
        keys.go(".main-action")
    assert keys.page.url.endswith("/end/")
    assert keys.page.locator("html[lang='ar'][dir='rtl']").count() == 1
    assert keys.wrong == []
