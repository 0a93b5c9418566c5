"""Journey h with a keyboard alone: open, object, amend, consent, adopt, look again; every stop is seen."""

import pytest

from hub.governance import proposals, rounds, standing
from hub.governance.rounds import Speech
from hub.governance.standing import ADOPTED, ENDED
from hub.node import Node
from hub.people import roster
from tests.fixtures.keyboard import Keys
from tests.fixtures.walks import SitDown

pytestmark = pytest.mark.browser

ROOT = "/community/decisions"
LAMP = "A lamp for the evening workshop"
WANTED = "We buy a solar lamp when there are tools for the rains. It hangs in the workshop."


def _sent(keys: Keys) -> None:
    """The button at the end of the form."""
    keys.go(".main-form button, main form:not(.inline) > .aside button")


def _yusuf_is_answered(node: Node, lamp: str) -> None:
    """Whoever objected says on a phone of their own that the new text answers it."""
    found = proposals.proposal(node, lamp)
    yusuf = found.objections[0].person
    rounds.consent(
        node, proposal=lamp, version=found.version.id, speech=Speech(roster.person(node, yusuf), yusuf, "", "en")
    )


def test_h_a_proposal_is_amended_adopted_and_another_one_ended(demo_copy, keys_of: SitDown) -> None:
    """The demo's lamp: its objection is answered, a steward consents and adopts; the tablets' decision ends."""
    keys = keys_of("steward")
    lamp = next(each for each in standing.read(demo_copy.node) if each.title == LAMP)
    keys.go(f"main .list a[href='{ROOT}/{lamp.id}/']")
    keys.go("main a[href$='/amend/']")
    keys.press("input[name='integrates']", "Space")
    keys.write("#field-text", WANTED)
    _sent(keys)
    _yusuf_is_answered(demo_copy.node, lamp.id)
    keys.go(".voice")
    keys.go("main a[href$='/adopt/']")
    keys.choose("input[name='months'][value='3']")
    _sent(keys)
    partner = keys_of("partner", f"{ROOT}/{lamp.id}/")
    assert partner.page.locator(".stairs [aria-current='step'] use[href$='#check']").count() == 1
    keys.go("main .back")
    keys.go(".main-action")
    keys.go("main a[href$='/review/']")
    keys.choose("input[name='outcome'][value='end']")
    keys.write("#field-note", "There are enough tablets now.")
    _sent(keys)
    states = {each.title: each.state for each in standing.read(demo_copy.node)}
    assert (states[LAMP], ENDED in states.values()) == (ADOPTED, True)
    assert keys.wrong == []


def test_h_a_learner_asks_reacts_and_objects(demo_copy, keys_of: SitDown) -> None:
    """From the bar to the proposal; an objection in words, and taken back."""
    keys = keys_of("learner")
    keys.go("nav a[href='/community/']")
    keys.go(f"main a[href='{ROOT}/']")
    lamp = next(each for each in standing.read(demo_copy.node) if each.title == LAMP)
    keys.go(f"main .list a[href='{ROOT}/{lamp.id}/']")
    keys.go("main .choice[href$='/objection/']")
    keys.write("#field-text", "It is too bright for the neighbours.")
    _sent(keys)
    assert "too bright" in keys.page.inner_text("main")
    keys.go("main form[action*='/objections/'] button")
    assert standing.read(demo_copy.node)[0].open_objections != ()
    assert keys.wrong == []
