"""Amending: a new version over the former, which stays to be read; what changed is told in sentences."""

import pytest

from hub.errors import InputWrong, NotAllowed
from hub.governance import proposals
from hub.governance.changes import PUT, SAME, TAKEN, Part, changes
from hub.governance.proposals import Amendment, Words
from tests.fixtures.deciding import AMENDED, WORDS, Deciding


def test_an_amendment_keeps_the_former(deciding: Deciding) -> None:
    """Two versions, the new one counts; an objection it answers is open no more, and consents are asked anew."""
    found = deciding.consent(deciding.opened(), deciding.grace)
    found = deciding.amend(deciding.object(found, deciding.joseph))
    assert [each.text for each in found.line] == [WORDS.text, AMENDED]
    assert (found.open_objections, found.consenting) == ((), ())
    assert found.answered == {found.objections[0].id: 2}


def test_what_an_amendment_does_not_answer_stays_open(deciding: Deciding) -> None:
    """No objection is lost by a new text."""
    found = deciding.object(deciding.opened(), deciding.joseph)
    found = proposals.amend(
        deciding.node, actor=deciding.steward, proposal=found.id, amendment=Amendment(found.version.id, AMENDED)
    )
    assert [each.person for each in found.open_objections] == [deciding.joseph.id]


def test_an_amendment_over_an_older_text_is_refused(deciding: Deciding) -> None:
    """Somebody amended it meanwhile: theirs is not overwritten; sent twice by the same it is one."""
    first = deciding.opened()
    deciding.amend(first)
    assert len(deciding.amend(first).line) == 2
    with pytest.raises(InputWrong, match="changed meanwhile"):
        deciding.amend(first, "Something else.")


def test_a_text_that_is_the_same_is_no_amendment(deciding: Deciding) -> None:
    """It would ask everybody anew for nothing."""
    with pytest.raises(InputWrong, match="as it was"):
        deciding.amend(deciding.opened(), WORDS.text)


def test_only_so_many_amendments(deciding: Deciding, monkeypatch: pytest.MonkeyPatch) -> None:
    """After that a new proposal is clearer."""
    monkeypatch.setattr(proposals, "VERSIONS_MAX", 1)
    with pytest.raises(InputWrong, match="new proposal is clearer"):
        deciding.amend(deciding.opened())


def test_the_proposer_amends_and_nobody_else(deciding: Deciding) -> None:
    """Besides stewards."""
    made = proposals.open_proposal(deciding.node, actor=deciding.steward, words=WORDS, proposer=deciding.joseph.id)
    sent = {"proposal": made.id, "amendment": Amendment(made.version.id, AMENDED)}
    with pytest.raises(NotAllowed):
        proposals.amend(deciding.node, actor=deciding.grace, **sent)
    assert proposals.amend(deciding.node, actor=deciding.joseph, **sent).version.text == AMENDED


@pytest.mark.parametrize(
    ("former", "text", "parts"),
    [
        ("One. Two.", "One. Two.", [(SAME, "One."), (SAME, "Two.")]),
        ("One. Two.", "One. Three.", [(SAME, "One."), (TAKEN, "Two."), (PUT, "Three.")]),
        ("One.", "One.\nTwo!", [(SAME, "One."), (PUT, "Two!")]),
        ("एक। दो।", "एक।", [(SAME, "एक।"), (TAKEN, "दो।")]),
        ("هل نفتح؟ نعم.", "هل نفتح؟ لا.", [(SAME, "هل نفتح؟"), (TAKEN, "نعم."), (PUT, "لا.")]),
    ],
)
def test_what_changed_is_told_in_sentences(former: str, text: str, parts: list[tuple[str, str]]) -> None:
    """Each sentence stays, goes or comes, in scripts of all our languages."""
    assert changes(former, text) == [Part(*each) for each in parts]


def test_words_of_a_proposal_are_tidied() -> None:
    """Spaces and empty lines more than one go; what is said stays."""
    assert proposals.checked(Words("  Open  late ", "One.\r\n\r\n\r\n  Two. ")) == Words("Open late", "One.\n\nTwo.")
