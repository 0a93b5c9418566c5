"""Journey h: a proposal meets two objections, is amended, consented to, and reviewed on its day, on 360 px phones."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from hub import first_boot
from hub.app import COOKIE, create_app
from hub.governance import standing
from hub.governance.standing import ADOPTED
from hub.people import roster, sessions
from hub.people.roster import Person
from tests.fixtures.clock import HandClock
from tests.fixtures.deciding import AMENDED, WORDS, Deciding
from tests.fixtures.web import Served

pytestmark = pytest.mark.browser

HALF_A_YEAR_S = 190 * 86_400
REASONS = {"joseph": "Nobody is there to help.", "grace": "I have no key for the door."}
Sit = Callable[[Person], Page]


def drawn(name: str) -> str:
    """Something to press by its drawing."""
    return f"main :is(a, button):has(use[href$='#{name}'])"


@pytest.fixture
def sit(deciding: Deciding, served: Served, phone: Callable[..., BrowserContext]) -> Sit:
    """A function that gives somebody a phone without script, signed in, at their front page."""

    def sit_down(person: Person) -> Page:
        client = create_app(deciding.node).test_client()
        with client.session_transaction() as session:
            session["token"] = sessions.begin(deciding.node, person=person.id, device="personal")
        context = phone(java_script_enabled=False)
        context.add_cookies([{"name": COOKIE, "value": client.get_cookie(COOKIE).value, "url": served.url}])
        page = context.new_page()
        page.goto(served.url)
        return page

    return sit_down


def _press(page: Page, place: str) -> None:
    """Press what is drawn there; the page it leads to is no wider than the phone."""
    with page.expect_navigation(wait_until="load"):
        page.locator(place).first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360  # noqa: PLR2004


def _to_the_proposal(page: Page) -> None:
    _press(page, ".bar a[href='/community/']")
    _press(page, "main a[href='/community/decisions/']")
    _press(page, ".main-action")


def _open(page: Page) -> None:
    """From the steward's home: opened, and led on to the consent round."""
    _press(page, ".main-action")
    _press(page, "main a[href$='/new/']")
    page.fill("#field-title", WORDS.title)
    page.fill("#field-text", WORDS.text)
    _press(page, "main form button:has(use[href$='#check'])")
    for step in ("reactions", "consent"):
        _press(page, f"button[value='{step}']")


def _object(page: Page, reason: str) -> None:
    _to_the_proposal(page)
    _press(page, "main .choice[href$='/objection/']")
    page.fill("#field-text", reason)
    _press(page, "main form button.main")


def _amend(page: Page) -> None:
    """Both objections are ticked, and the text says what answers them."""
    _press(page, drawn("edit"))
    boxes = page.locator("input[name='integrates']")
    for place in range(boxes.count()):
        boxes.nth(place).check()
    page.fill("#field-text", AMENDED)
    _press(page, "main form button.main")


def test_h_from_two_objections_to_a_review(deciding: Deciding, sit: Sit, clock: HandClock) -> None:
    """Opened, objected to twice, amended, consented to by all, adopted; half a year on it comes up, and is kept."""
    first_boot.name_hub(deciding.node, "Mbuyu")
    roster.give_role(deciding.node, person=deciding.grace.id, role="librarian")
    steward = sit(deciding.steward)
    _open(steward)
    others = {name: sit(getattr(deciding, name)) for name in REASONS}
    for name, page in others.items():
        _object(page, REASONS[name])
    steward.reload()
    assert steward.locator(drawn("check")).count() == 0, "with an objection there is no way to adopt"
    _amend(steward)
    assert steward.locator(".changes ins").count() == 2
    assert steward.locator("main .list .chip:has(use[href$='#check'])").count() == 2, "both are answered"
    for page in (steward, *others.values()):
        page.reload()
        _press(page, ".voice")
    steward.reload()
    _press(steward, "main a[href$='/adopt/']")
    _press(steward, "main form button.main")
    found = standing.read(deciding.node)[0]
    assert (found.state, len(found.consenting), len(found.objections)) == (ADOPTED, 3, 2)
    clock.advance(HALF_A_YEAR_S)
    again = sit(deciding.steward)
    assert WORDS.title in again.inner_text(".list:has(use[href$='#clock'])")
    _press(again, ".main-action")
    _press(again, ".main-action")
    again.fill("#field-note", "It goes well.")
    _press(again, "main form button")
    kept = standing.read(deciding.node)[0]
    assert (kept.state, kept.reviewed.note, kept.is_due(clock.now_ms())) == (ADOPTED, "It goes well.", False)
    assert again.locator(".main-action").count() == 0
