"""Journey b without reading: a phone changes hands by pictures alone, and somebody is shown round by pictures alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from hub.demo.cast import ACTORS
from hub.learning import progress
from hub.people import roster
from tests.fixtures.demo import Demo
from tests.fixtures.eyes import Eyes

pytestmark = pytest.mark.browser

PICTURES = {actor.name: actor.picture for actor in ACTORS}
TAPS = 2
SCENES_MAX = 12
LESSONS_MAX = 3


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_my_brothers_turn_by_pictures_alone(
    demo_copy: Demo, phone: Callable[..., BrowserContext], has_script: bool
) -> None:
    """My own picture, then my brother's: two taps, and what he answers is his."""
    context = phone(java_script_enabled=has_script, locale="ar")
    context.add_cookies(demo_copy.cookies("child"))  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(demo_copy.url)
    eyes = Eyes(page)
    people = {each.name: each.id for each in roster.people(demo_copy.node)}
    before = {name: progress.tally(demo_copy.node, people[name]) for name in ("Amina", "Juma")}
    eyes.go(eyes.top(PICTURES["Amina"]))
    eyes.go(eyes.top(PICTURES["Juma"]))
    assert eyes.taps == TAPS
    assert eyes.sees(PICTURES["Juma"])
    eyes.go(eyes.largest())
    _to_a_question(eyes)
    eyes.tap(eyes.beneath(eyes.largest()))
    eyes.go(eyes.bottom("check"))
    after = {name: progress.tally(demo_copy.node, people[name]) for name in ("Amina", "Juma")}
    assert after["Amina"] == before["Amina"]
    assert after["Juma"] != before["Juma"]


def _to_a_question(eyes: Eyes) -> None:
    """What comes next for him may be a lesson to read first."""
    for _ in range(LESSONS_MAX):
        if eyes.sees("check"):
            return
        eyes.go(eyes.bottom("go"))


@pytest.mark.parametrize("language", ["ar", "hi"])
def test_somebody_is_shown_round_by_pictures_alone(
    demo: Demo, phone: Callable[..., BrowserContext], language: str
) -> None:
    """The question mark, the sign for playing, and the sign for going on until the tour is at its end."""
    page = phone(locale=language).new_page()
    page.goto(demo.url)
    eyes = Eyes(page)
    eyes.tap(eyes.top("help"))
    eyes.go(eyes.top("play"))
    seen = [eyes.photograph()]
    while eyes.sees("next") and len(seen) < SCENES_MAX:
        eyes.go(eyes.bottom("next"))
        seen.append(eyes.photograph())
    assert 1 < len(seen) < SCENES_MAX
    assert len(set(seen)) == len(seen)
