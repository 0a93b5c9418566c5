"""Opening, moving and withdrawing a proposal: who may, what is refused, and that nothing comes twice."""

import pytest

from hub.errors import InputWrong, NotAllowed, NotFound
from hub.governance import proposals, standing
from hub.governance.proposals import Words
from hub.people import circles
from hub.tables.governance import CLARIFYING, CONSENT, REACTIONS
from tests.fixtures.deciding import WORDS, Deciding


def test_a_proposal_begins_with_questions(deciding: Deciding) -> None:
    """It stands as it was typed, by whom, to all together."""
    made = proposals.open_proposal(deciding.node, actor=deciding.steward, words=WORDS)
    assert (made.title, made.version.text, made.version.number) == (WORDS.title, WORDS.text, 1)
    assert (made.proposer, made.typist, made.circle, made.method) == (deciding.steward.id, "", "", "consent")
    assert (made.state, made.is_open) == (CLARIFYING, True)


def test_a_steward_types_for_somebody(deciding: Deciding) -> None:
    """The proposer is the one who said it, and who typed it is kept."""
    made = proposals.open_proposal(deciding.node, actor=deciding.steward, words=WORDS, proposer=deciding.joseph.id)
    assert (made.proposer, made.typist) == (deciding.joseph.id, deciding.steward.id)


def test_the_same_proposal_sent_twice_is_one(deciding: Deciding) -> None:
    """A button pressed twice opens one."""
    first, second = deciding.opened(), proposals.open_proposal(deciding.node, actor=deciding.steward, words=WORDS)
    assert (first.id, len(standing.read(deciding.node))) == (second.id, 1)


def test_only_a_steward_opens(deciding: Deciding) -> None:
    """Others say it to one."""
    with pytest.raises(NotAllowed):
        proposals.open_proposal(deciding.node, actor=deciding.joseph, words=WORDS)
    assert standing.read(deciding.node) == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (Words("", "Text."), "no words in it"),
        (Words("Title", " \n "), "no words in it"),
        (Words("x" * 121, "Text."), "longer than 120"),
        (Words("Title", "x" * 2001), "longer than 2000"),
        (Words("Title", "a\0b"), "cannot be shown"),
        (Words("Title", "Text.", "spaceship"), "not among ours"),
    ],
)
def test_what_cannot_be_is_refused(deciding: Deciding, words: Words, sentence: str) -> None:
    """One sentence says why, and nothing is opened."""
    with pytest.raises(InputWrong, match=sentence):
        proposals.open_proposal(deciding.node, actor=deciding.steward, words=words)
    assert standing.read(deciding.node) == []


def test_a_circle_that_is_not_there_decides_nothing(deciding: Deciding) -> None:
    """An address that somebody made up."""
    with pytest.raises(NotFound):
        proposals.open_proposal(deciding.node, actor=deciding.steward, words=WORDS, circle="nowhere")


def test_too_many_open_at_once_are_refused(deciding: Deciding, monkeypatch: pytest.MonkeyPatch) -> None:
    """Decide or withdraw one first; then there is room."""
    monkeypatch.setattr(proposals, "OPEN_MAX", 1)
    first = deciding.opened()
    other = Words("Another", "Something else.")
    with pytest.raises(InputWrong, match="open already"):
        proposals.open_proposal(deciding.node, actor=deciding.steward, words=other)
    proposals.withdraw(deciding.node, actor=deciding.steward, proposal=first.id)
    assert proposals.open_proposal(deciding.node, actor=deciding.steward, words=other).is_open


def test_rounds_go_on_and_never_back(deciding: Deciding) -> None:
    """One after another; a round that is past is not begun again."""
    made = deciding.opened(step=CLARIFYING)
    for asked, wanted in ((REACTIONS, REACTIONS), (CONSENT, CONSENT), (CLARIFYING, CONSENT)):
        moved = proposals.move(deciding.node, actor=deciding.steward, proposal=made.id, step=asked)
        assert moved.state == wanted
    with pytest.raises(NotAllowed):
        proposals.move(deciding.node, actor=deciding.grace, proposal=made.id, step=CONSENT)


def test_whoever_proposed_takes_it_back(deciding: Deciding) -> None:
    """For good, once or twice; nobody else but a steward may."""
    made = proposals.open_proposal(deciding.node, actor=deciding.steward, words=WORDS, proposer=deciding.joseph.id)
    with pytest.raises(NotAllowed):
        proposals.withdraw(deciding.node, actor=deciding.grace, proposal=made.id)
    for _ in range(2):
        taken = proposals.withdraw(deciding.node, actor=deciding.joseph, proposal=made.id)
        assert (taken.state, taken.is_open) == (standing.WITHDRAWN, False)
    with pytest.raises(InputWrong, match="decided or withdrawn"):
        proposals.move(deciding.node, actor=deciding.steward, proposal=made.id, step=CONSENT)


def test_in_a_circle_those_in_it_are_heard(deciding: Deciding) -> None:
    """Joseph is in it, Grace is not; the steward keeps its rounds and has no voice there."""
    circle = circles.add_circle(deciding.node, name="Evening", picture="fire")
    circles.join(deciding.node, circle=circle.id, person=deciding.joseph.id)
    made = deciding.opened(circle=circle.id)
    assert len(deciding.consent(made, deciding.joseph).consenting) == 1
    for outside in (deciding.grace, deciding.steward):
        with pytest.raises(NotAllowed, match="whom it concerns"):
            deciding.consent(made, outside)
