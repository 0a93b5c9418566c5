"""Journey n: the clock says 1970 for a week; nothing breaks, and dates are mended when the region tells the time."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext, expect

from hub import first_boot, learning, projections, timekeeping
from hub.app import create_app
from hub.care import backup
from hub.config import keep, load
from hub.lending import loans, things
from hub.node import Node, make_home, open_node
from hub.people import credentials, roster
from hub.tide import run, slot
from sync.clock import NONE, REGION
from tests.fixtures import learning as market
from tests.fixtures import tide
from tests.fixtures.clock import BlindClock, HandClock
from tests.fixtures.lending import DRUM
from tests.fixtures.web import Served

DAY_MS, MINUTE_MS = 86_400_000, 60_000
PIN = "482915"
DAYS = 7
ASKED = [
    *(("quiz", question, answer) for question, answer in market.RIGHT.items()),
    *(("five", f"q{number}", (f"{number + 1}",)) for number in (1, 2)),
]
"""A question for each day, and one more."""


class Place:
    """A hub on a machine that wakes in 1970 each morning, and its pages."""

    def __init__(self, home: Path) -> None:
        self.home, self.machine = home, BlindClock()
        self.node = self._opened()

    def _opened(self) -> Node:
        return open_node(self.home, load(self.home, {}, {}), clock=self.machine)

    def night(self) -> None:
        """Power goes for the night, and comes again."""
        timekeeping.look(self.node)
        self.node.close()
        self.machine.advance(16 * 3600)
        self.machine.start()
        self.node = self._opened()

    def browser(self) -> FlaskClient:
        """A phone, with forms that need no token here."""
        app = create_app(self.node)
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        return app.test_client()

    def signed_in(self, person: str) -> FlaskClient:
        """Somebody's phone, on which they have typed their PIN; it does not say what time it is."""
        browser = self.browser()
        answer = browser.post(f"/people/sign-in/as/{person}/", data={"secret": PIN})
        assert answer.status_code == 303
        return browser


@pytest.fixture
def place(tmp_path: Path, database_url: Callable[[], str]) -> Iterator[Place]:
    """The hub, new on its machine."""
    home = tmp_path / "hub"
    make_home(home)
    keep(home, {"database": database_url()})
    made = Place(home)
    yield made
    made.node.close()


def _person(node: Node, name: str, *roles: str) -> str:
    made = roster.add_person(node, name=name, picture="kite", birth_year=1990).id
    for role in roles:
        roster.give_role(node, person=made, role=role)
    credentials.set_secret(node, person=made, secret=PIN)
    return made


def _answer(node: Node, person: str, day: int) -> None:
    """One more question, answered right."""
    item, question, answer = ASKED[day]
    opened = learning.find(node, package=market.PACKAGE, item=item)
    learning.take_answer(node, person=person, opened=opened, given=learning.Given(question, answer, node.new_id(), 0))


def _live_a_day(place: Place, day: int, amina: str, lucia: str) -> str:
    """A question, a thing lent for a week, a consent and a backup; returns whose consent it was."""
    node = place.node
    assert node.clock.quality == NONE
    browser = place.signed_in(amina)
    assert browser.get(f"/learn/{market.PACKAGE}/quiz/", follow_redirects=True).status_code == 200
    _answer(node, amina, day)
    assert "not known" in place.signed_in(lucia).get("/status/clock/").text
    borrower = _person(node, f"Neighbour {day}")
    asked = loans.Asked(to=f"person:{borrower}", copy="", days=7, form=node.new_id())
    loans.lend(node, actor=roster.person(node, lucia), thing_id=node.tables.Thing.get().id, asked=asked)
    said = {"person": borrower, "answers": {"elsewhere": {"answer": "given", "said": "yes"}}}
    node.write(lambda: node.record("consent.visit", said))
    backup.by_itself(node)
    place.machine.advance(8 * 3600)
    return borrower


def _check_dates(node: Node, visits: list[str], first: int, today: int) -> None:
    """Everything happened in this week: what today's start wrote to the minute, the days before in their order."""
    latest = max(row.at_ms for row in node.tables.Statement.select())
    assert abs(latest - today) <= 2 * MINUTE_MS
    answers = node.tables.ConsentAnswer
    dated = [answers.get(answers.person == person).at_ms for person in visits]
    assert dated == sorted(dated)
    assert all(first <= moment <= today for moment in dated), "at the earliest when it was, at the latest now"
    for loan in node.tables.Loan.select():
        assert (loan.due_ms - loan.lent_ms, loan.back_ms) == (7 * DAY_MS, 0)
        assert first - MINUTE_MS <= loan.lent_ms <= today


def _check_on_a_phone(
    place: Place, lucia: str, serve_node: Callable[[Node], Served], phone: Callable[..., BrowserContext]
) -> None:
    """The librarian's own phone reads that the time is right now, and of how many records it was mended."""
    served, cookie = serve_node(place.node), place.signed_in(lucia).get_cookie("mangrove")
    assert cookie is not None
    context = phone()
    context.add_cookies([{"name": "mangrove", "value": cookie.value, "url": served.url, "httpOnly": True}])
    page = context.new_page()
    page.goto(f"{served.url}/status/clock/")
    expect(page.locator("main")).to_contain_text("about right")
    context.close()


def test_a_week_in_1970_is_dated_when_the_region_tells_the_time(
    place: Place,
    tmp_path: Path,
    make_node: Callable[..., Node],
    serve_node: Callable[[Node], Served],
    request: pytest.FixtureRequest,
    engine: str,
    clock: HandClock,
) -> None:
    """Seven mornings without a clock: lessons, loans, consents and a backup; then one tide."""
    market.lay(place.node, tmp_path / "market")
    first_boot.settle(place.node, name="Alder hill", keeper="Lucía", secret=PIN)
    lucia, amina = roster.people(place.node)[0].id, _person(place.node, "Amina")
    things.add(place.node, actor=roster.person(place.node, lucia), said=replace(DRUM, copies="\n".join("ABCDEFGH")))
    first, visits = place.machine.true_ms, []
    for day in range(DAYS):
        visits.append(_live_a_day(place, day, amina, lucia))
        place.night()

    assert len(list((place.home / "backups").iterdir())) == min(DAYS, place.node.settings.backups_kept)
    clock.time_ms = today = place.machine.true_ms
    region = serve_node(make_node("region", role="region"))
    tide.joined(place.node, region.node, region.url)
    still = place.signed_in(amina)
    _answer(place.node, amina, DAYS)
    assert run.sync_with(place.node).agreed

    assert (place.node.clock.quality, place.node.clock.now_ms()) == (REGION, place.machine.true_ms)
    assert "Amina" in still.get("/").text, "nobody is signed out by it"
    assert timekeeping.estimated(place.node) == DAYS
    assert 0 < slot.next_ms(place.node) - today <= place.node.settings.sync_every * 1000
    _check_dates(place.node, visits, first, today)
    copies = [row.at_ms for row in region.node.tables.Statement.select()]
    assert copies
    assert all(first - 3_600_000 <= moment <= today for moment in copies), "no hour of 1970 went to the region"
    assert "about right" in place.signed_in(lucia).get("/status/clock/").text
    if engine == "sqlite":
        _check_on_a_phone(place, lucia, serve_node, request.getfixturevalue("phone"))

    before = projections.fingerprint(place.node.tables)
    place.node.write(lambda: projections.rebuild(place.node.tables, place.node.journal.replay()))
    assert projections.fingerprint(place.node.tables) == before
