"""Sign-ins: how long they count on a shared and on a personal phone."""

import pytest

from hub.node import Node
from hub.people import roster, sessions
from tests.fixtures.clock import HandClock

SHARED_IDLE_S, PERSONAL_IDLE_S, HALF_A_DAY_S = 240, 2_592_000, 12 * 3600


@pytest.fixture
def amina(node: Node) -> str:
    """A learner."""
    return roster.add_person(node, name="Amina", picture="butterfly").id


def test_a_token_finds_its_person_and_another_nobody(node: Node, amina: str) -> None:
    """Only the browser's own token counts, and the hub keeps only its hash."""
    token = sessions.begin(node, person=amina, device="shared")
    visit = sessions.find(node, token)
    assert visit is not None
    assert (visit.person.id, visit.is_resting) == (amina, False)
    assert sessions.find(node, token + "x") is None
    assert sessions.find(node, "") is None
    assert node.tables.SignIn.get().id != token


def test_a_shared_phone_rests_and_then_forgets(node: Node, amina: str, clock: HandClock) -> None:
    """First it asks, the next morning nobody is signed in."""
    token = sessions.begin(node, person=amina, device="shared")
    clock.advance(SHARED_IDLE_S + 1)
    visit = sessions.find(node, token)
    assert visit is not None
    assert visit.is_resting
    clock.advance(HALF_A_DAY_S)
    assert sessions.find(node, token) is None


def test_use_keeps_a_shared_phone_awake(node: Node, amina: str, clock: HandClock) -> None:
    """Every page counts as use."""
    token = sessions.begin(node, person=amina, device="shared")
    for _ in range(5):
        clock.advance(SHARED_IDLE_S - 10)
        visit = sessions.find(node, token)
        assert visit is not None
        assert not visit.is_resting


def test_most_page_views_write_nothing(node: Node, amina: str, clock: HandClock) -> None:
    """The card is spared: only now and then it is noted that somebody is here."""
    token = sessions.begin(node, person=amina, device="shared")
    before = node.tables.SignIn.get().seen_ms
    clock.advance(SHARED_IDLE_S // 4)
    sessions.find(node, token)
    assert node.tables.SignIn.get().seen_ms == before


def test_a_personal_phone_stays_signed_in_for_weeks(node: Node, amina: str, clock: HandClock) -> None:
    """It never asks, and ends after its own long time."""
    token = sessions.begin(node, person=amina, device="personal")
    clock.advance(PERSONAL_IDLE_S - 60)
    visit = sessions.find(node, token)
    assert visit is not None
    assert not visit.is_resting
    clock.advance(PERSONAL_IDLE_S + 60)
    assert sessions.find(node, token) is None


def test_a_clock_that_falls_back_signs_nobody_out(node: Node, amina: str, clock: HandClock) -> None:
    """When the hub wakes in 1970, whoever is signed in stays so."""
    token = sessions.begin(node, person=amina, device="shared")
    clock.time_ms = 5000
    visit = sessions.find(node, token)
    assert visit is not None
    assert not visit.is_resting
    assert node.tables.SignIn.get().seen_ms == 5000


def test_ending_is_for_one_browser_or_for_all(node: Node, amina: str) -> None:
    """Signing out here leaves the other phone; a reset leaves none."""
    here, there = (sessions.begin(node, person=amina, device="personal") for _ in range(2))
    sessions.end(node, token=here)
    sessions.end(node, token=here)
    assert sessions.find(node, here) is None
    assert sessions.find(node, there) is not None
    assert sessions.end_all(node, person=amina) == 1
    assert sessions.find(node, there) is None


def test_a_person_has_a_bounded_number_of_sign_ins(node: Node, amina: str, clock: HandClock) -> None:
    """The oldest ends; a script that signs in for ever fills nothing."""
    tokens = []
    for _ in range(sessions.KEPT_MAX + 2):
        clock.advance(1)
        tokens.append(sessions.begin(node, person=amina, device="personal"))
    assert sessions.find(node, tokens[1]) is None
    assert sessions.find(node, tokens[2]) is not None


def test_old_sign_ins_are_swept_when_somebody_signs_in(node: Node, amina: str, clock: HandClock) -> None:
    """Nothing gathers dust."""
    sessions.begin(node, person=amina, device="shared")
    clock.advance(SHARED_IDLE_S + HALF_A_DAY_S + 1)
    sessions.begin(node, person=amina, device="shared")
    assert node.tables.SignIn.select().count() == 1
