"""The journeys that stand today, walked with a keyboard alone: every stop on the way is seen."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from hub import learning
from hub.demo.cast import SECRET
from hub.learning import items
from hub.people import circles, credentials, roster
from hub.worker import HANDLERS, Worker
from tests.fixtures import packages
from tests.fixtures.demo import GUEST, Demo
from tests.fixtures.keyboard import Keys

pytestmark = pytest.mark.browser

QUESTIONS_MAX = 20


@pytest.fixture
def keys_of(demo_copy: Demo, phone: Callable[..., BrowserContext]) -> Callable[..., Keys]:
    """A function that sits down at the hub's front page as somebody: `keys_of("librarian")`."""

    def sit_down(role: str = GUEST, **options: object) -> Keys:
        context = phone(**options)
        context.add_cookies(demo_copy.cookies(role))  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(demo_copy.url)
        return Keys(page)

    return sit_down


def drawn(name: str) -> str:
    """Something to press by its drawing."""
    return f":is(a, button):has(use[href$='#{name}'])"


def sign_in(keys: Keys, circle: str, person: str) -> None:
    """From the front page: circle, person, three pictures."""
    keys.go(".sign-in")
    keys.go(f"main {drawn(circle)}")
    keys.go(f"main {drawn(person)}")
    for name in SECRET:
        keys.go(f"button[value='{name}']")


def take_in(demo: Demo) -> str:
    """Take a child into the circle of the baobab, who has chosen no secret yet."""
    tumaini = roster.add_person(demo.node, name="Tumaini", picture="pineapple", birth_year=2018)
    little = next(each for each in circles.circles(demo.node) if each.picture == "baobab")
    circles.join(demo.node, circle=little.id, person=tumaini.id)
    return tumaini.id


def answer(keys: Keys, demo: Demo) -> None:
    """Give the right answer to the question that is asked, whichever it is."""
    package, item = keys.page.url.rstrip("/").split("/")[-2:]
    quiz = learning.quiz(demo.node, items.find(demo.node, package=package, item=item))
    asked = keys.page.locator("input[name='question']").get_attribute("value")
    question = next(each for each in quiz.questions if each.id == asked)
    if question.kind == "choice":
        keys.choose(f".option input[value='{question.answer[0]}']")
    elif question.kind == "several":
        for option in question.answer:
            keys.press(f".option input[value='{option}']", "Space")
    elif question.kind == "order":
        for place, option in enumerate(question.answer, 1):
            keys.pick(f"#place-{option}", str(place))
    elif question.kind == "match":
        pairs = dict(pair.split("=") for pair in question.answer)
        for left in question.left:
            keys.pick(f"#left-{left.id}", pairs[left.id])
    else:
        keys.write("#answer", question.answer[0])
    keys.go(".question-form .button")


def to_the_first_question(keys: Keys) -> None:
    """From the large thing at home on, through lessons, until something is asked."""
    keys.go(".main-action")
    for _ in range(3):
        if keys.page.locator(".question-form").count():
            return
        keys.go(".main-action")


def test_a_a_new_child_succeeds(demo_copy: Demo, keys_of: Callable[..., Keys]) -> None:
    """Circle, picture, a secret of one's own, the large thing, a right answer."""
    take_in(demo_copy)
    keys = keys_of()
    sign_in(keys, "baobab", "pineapple")
    keys.go("button[name='mine']")
    to_the_first_question(keys)
    answer(keys, demo_copy)
    assert keys.page.locator(".heard.tone-good").count() == 1
    assert keys.wrong == []


def test_b_siblings_change_hands(keys_of: Callable[..., Keys]) -> None:
    """Amina gives the phone to Juma, and he to Issa: one's own picture, then the other's."""
    keys = keys_of("child")
    for name, picture in (("Juma", "goat"), ("Issa", "fish")):
        keys.go("a.round.me")
        keys.go(f"button.tile:has(use[href$='#{picture}'])")
        keys.page.locator("h1", has_text=name).wait_for()
    assert keys.wrong == []


def test_c_an_answer_outlives_the_page(demo_copy: Demo, keys_of: Callable[..., Keys]) -> None:
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


def test_d_a_librarian_puts_something_on_the_shelf(
    demo_copy: Demo, keys_of: Callable[..., Keys], tmp_path: Path
) -> None:
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


def test_f_a_facilitator_looks_at_a_class(keys_of: Callable[..., Keys]) -> None:
    """From home to the class, and to one learner of it."""
    keys = keys_of("facilitator")
    keys.go(".main-action")
    keys.go("main a[href^='/learn/classes/'].person, main .list a.fill[href^='/learn/classes/']")
    assert keys.page.locator("main h1.person").count() == 1
    assert keys.wrong == []


def test_a_librarian_takes_somebody_in(keys_of: Callable[..., Keys]) -> None:
    """Name, picture with the arrows, and the form is sent: the person stands there."""
    keys = keys_of("librarian")
    keys.page.goto(keys.page.url + "people/add/")
    keys.write("#field-name", "Neema")
    keys.choose("input[name='picture'][value='pineapple']")
    keys.go("main form .button")
    assert "Neema" in keys.page.inner_text("main h1")
    assert keys.wrong == []


def test_a_steward_reads_what_leaves_and_names_the_hub(keys_of: Callable[..., Keys]) -> None:
    """Community, what leaves, record by record; back, and the hub has another name."""
    keys = keys_of("steward")
    keys.go("a[href='/community/']")
    keys.go("main a[href='/status/tide/']")
    keys.go("main a[href='/status/tide/region/']")
    keys.go("main .back")
    keys.go("nav a[href='/community/']")
    keys.write("#field-name", "Mbuyu School")
    keys.go("form[action='/community/name/'] button")
    assert "Mbuyu School" in keys.page.inner_text(".brand")
    assert keys.wrong == []


def test_l_an_arabic_reader_comes_to_the_end(demo_copy: Demo, keys_of: Callable[..., Keys]) -> None:
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
