"""Banks of questions: filled, found, changed, taken out and brought back; two people at once keep nothing unseen."""

from dataclasses import replace

import pytest

from content.exercise import load
from hub.errors import InputWrong, NotFound
from hub.node import Node
from hub.writing import banks, checks, drafts, media, packing, parts, publishing, targets, undo
from hub.writing.banks import Bank, Put
from hub.writing.parts import DRAW, Part
from hub.writing.undo import Hand
from tests.fixtures import photos, writing

THREE = (writing.CHOOSE, writing.NUMBER, writing.WORDS)


def begun(node: Node, title: str = "Hygiene") -> Bank:
    """An empty bank."""
    return banks.begin(node, person="p1", title=title, language="en")


def filled(node: Node) -> Bank:
    """A bank with three questions."""
    made = begun(node)
    banks.put(node, made.id, questions=THREE)
    return banks.bank(node, made.id)


def asked(bank: Bank) -> list[str]:
    """What its questions ask."""
    return [each.text for each in bank.questions]


def drawing(node: Node, bank: Bank, count: int = 2) -> drafts.Draft:
    """A draft that draws of it."""
    made = writing.begun(node)
    return drafts.add(node, made.id, part=Part("", DRAW, target=bank.id, count=count))


def test_what_was_put_in_is_read_back(node: Node) -> None:
    """In its order, each with an id of its own; the list of banks goes by name."""
    made = filled(node)
    begun(node, "Arithmetic")
    assert [each.title for each in banks.banks(node)] == ["Arithmetic", "Hygiene"]
    assert asked(made) == [each.text for each in THREE]
    assert len({each.id for each in made.questions}) == 3


def test_the_same_twice_is_there_once(node: Node) -> None:
    """A form or a file sent twice; another question under the same id is another one."""
    made = begun(node)
    form = node.new_id()
    assert banks.begin(node, person="p1", title="Water", language="en", form=form) == banks.begin(
        node, person="p1", title="Water", language="en", form=form
    )
    part = banks.named_by(writing.NUMBER, form)
    assert banks.put(node, made.id, questions=(part,)) == Put(1, 0)
    assert banks.put(node, made.id, questions=(part,)) == Put(0, 1)
    assert banks.put(node, made.id, questions=(replace(part, text="For how long?"),)) == Put(1, 0)
    assert asked(banks.bank(node, made.id)) == ["For how many seconds?", "For how long?"]


def test_questions_are_found_by_a_word(node: Node) -> None:
    """Of what is asked and of the answers, without regard to case and accents, from its beginning."""
    made = filled(node)
    assert [each.kind for each in banks.found(made.questions, "SECOND")] == ["number"]
    assert [each.kind for each in banks.found(made.questions, "before wash")] == ["words"]
    assert [each.kind for each in banks.found(made.questions, "soap")] == ["choose"]
    assert banks.found(made.questions, "river") == []


def test_what_was_taken_out_together_comes_back_where_it_stood(node: Node) -> None:
    """Step by step; then there is nothing to bring back."""
    made = filled(node)
    first, second, third = (each.id for each in made.questions)
    assert banks.remove(node, made.id, ids={first, third}) == 2
    assert banks.remove(node, made.id, ids={second, "gone"}) == 1
    assert banks.remove(node, made.id, ids={"gone"}) == 0
    assert asked(banks.bring_back(node, made.id)) == [THREE[1].text]
    assert banks.bring_back(node, made.id).questions == made.questions
    with pytest.raises(NotFound):
        banks.bring_back(node, made.id)


def test_two_people_change_one_question(node: Node) -> None:
    """The second hears of it, and nothing is kept unseen."""
    made = filled(node)
    mine = made.questions[1]
    theirs = replace(mine, text="How long?")
    banks.alter(node, made.id, part=theirs, seen=parts.mark(mine))
    with pytest.raises(InputWrong, match="Somebody changed"):
        banks.alter(node, made.id, part=replace(mine, text="How many?"), seen=parts.mark(mine))
    assert asked(banks.bank(node, made.id))[1] == "How long?"
    again = banks.alter(node, made.id, part=replace(mine, text="How many?"), seen=parts.mark(theirs))
    assert asked(again)[1] == "How many?"


@pytest.mark.parametrize(
    ("change", "why"),
    [({"title": " "}, "A name has"), ({"title": "x" * 121}, "A name has"), ({"language": "x y"}, "short code")],
)
def test_a_name_is_checked(node: Node, change: dict[str, str], why: str) -> None:
    """At the beginning and later."""
    named = {"title": "Water", "language": "en", **change}
    with pytest.raises(InputWrong, match=why):
        banks.begin(node, person="p1", **named)
    made = begun(node)
    with pytest.raises(InputWrong, match=why):
        banks.rename(node, made.id, **named)
    assert banks.rename(node, made.id, title="Soap", language="sw").title == "Soap"


def test_banks_have_their_limits(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many banks, so many questions; what does not fit changes nothing."""
    monkeypatch.setattr(checks, "BANKS_MAX", 1)
    monkeypatch.setattr(checks, "BANK_QUESTIONS_MAX", 3)
    made = filled(node)
    with pytest.raises(InputWrong, match="1 banks"):
        begun(node)
    with pytest.raises(InputWrong, match="at most 3 questions"):
        banks.put(node, made.id, questions=(writing.NUMBER,))
    with pytest.raises(InputWrong, match="no words yet"):
        banks.put(node, made.id, questions=(replace(writing.NUMBER, text=" "),))
    assert banks.bank(node, made.id) == made


def test_pictures_of_a_bank_stay(node: Node) -> None:
    """As long as it shows them, or can bring them back."""
    made = begun(node)
    picture = media.keep_picture(node, photos.photo(64, 48))
    banks.put(node, made.id, questions=(replace(writing.NUMBER, file=picture),))
    banks.remove(node, made.id, ids={banks.bank(node, made.id).questions[0].id})
    media.clear_away(node, old_ms=0)
    assert media.served(node, picture)
    banks.forget(node, made.id)
    media.clear_away(node, old_ms=0)
    assert not media.served(node, picture)
    with pytest.raises(NotFound):
        banks.bank(node, made.id)


def test_a_draft_takes_questions_once(node: Node) -> None:
    """They keep their ids; what is in it already stays as it is there."""
    bank, draft = filled(node), writing.begun(node)
    assert drafts.take(node, draft.id, questions=bank.questions[:2]) == Put(2, 0)
    assert drafts.take(node, draft.id, questions=bank.questions) == Put(1, 2)
    assert drafts.draft(node, draft.id).body.questions == bank.questions


def test_a_question_that_was_taken_out_is_taken_again_and_stands_once(node: Node) -> None:
    """It waits no more to be brought back, so no press puts it there a second time; each change is still taken back."""
    bank, draft = filled(node), writing.begun(node)
    first, by = bank.questions[0], Hand("p1")
    drafts.take(node, draft.id, questions=bank.questions, by=by)
    drafts.remove(node, draft.id, part_id=first.id, by=by)
    assert drafts.take(node, draft.id, questions=bank.questions, by=by) == Put(1, 2)
    body = drafts.draft(node, draft.id).body
    assert body.questions == (*bank.questions[1:], first)
    assert body.removed == ()
    with pytest.raises(NotFound):
        drafts.bring_back(node, draft.id, part_id=first.id, by=by)
    for _change in range(2):
        step = undo.ways(node, draft.id, person="p1", body=drafts.draft(node, draft.id).body).back
        assert step is not None
        drafts.take_back(node, draft.id, person="p1", step=step.id)
    assert drafts.draft(node, draft.id).body.questions == bank.questions


@pytest.mark.parametrize(
    ("part", "why"),
    [
        (Part("", DRAW, "x", count=2), "No bank was chosen"),
        (Part("", DRAW, "x", target="b", count=0), "From 1 to 50"),
        (Part("", DRAW, "x", target="b", count=51), "From 1 to 50"),
    ],
)
def test_a_draw_is_checked(node: Node, part: Part, why: str) -> None:
    """A bank, and how many of it."""
    with pytest.raises(InputWrong, match=why):
        drafts.add(node, writing.begun(node).id, part=part)


def test_a_package_holds_the_pool_and_draws_from_it(node: Node) -> None:
    """As it was when it was put on the shelf; a question that is asked anyway is not drawn as well."""
    bank = filled(node)
    draft = drawing(node, bank)
    drafts.take(node, draft.id, questions=bank.questions[:1])
    package = writing.publish(node, draft.id)
    banks.forget(node, bank.id)
    manifest = node.shelf.manifest(package)
    assert manifest is not None
    quiz = load(node.shelf.read(manifest, packing.QUIZ_PATH))
    assert {each.id: bool(each.pool) for each in quiz.questions} == {
        bank.questions[0].id: False,
        bank.questions[1].id: True,
        bank.questions[2].id: True,
    }
    assert [each.count for each in quiz.draws] == [2] and len(quiz.drawn("x").questions) == 3


def test_a_draw_of_more_than_there_are_takes_all(node: Node) -> None:
    """Until the bank has grown."""
    bank = filled(node)
    body = banks.filled(node, drawing(node, bank, count=9).body)
    assert [each.count for each in packing.questions(body).draws] == [3]


def test_a_draft_whose_bank_is_gone_is_not_published(node: Node) -> None:
    """It is marked, and one sentence says what to do; an empty bank is the same."""
    bank = filled(node)
    draft = drawing(node, bank)
    (draw,) = draft.body.questions
    assert (draw.text, banks.drawn_by(node, bank.id)) == ("Hygiene", 1)
    assert not targets.empty(node, draft.body)
    banks.remove(node, bank.id, ids={each.id for each in bank.questions})
    assert targets.empty(node, draft.body) == {draw.id}
    with pytest.raises(InputWrong, match="gone or empty"):
        publishing.publish(node, draft.id, person="p1")
    banks.bring_back(node, bank.id)
    publishing.publish(node, draft.id, person="p1")


def test_a_bank_that_changed_makes_a_new_version(node: Node) -> None:
    """Otherwise nothing has changed on the shelf."""
    bank = filled(node)
    draft = drawing(node, bank)
    writing.publish(node, draft.id)
    with pytest.raises(InputWrong, match="just as it is"):
        publishing.publish(node, draft.id, person="p1")
    banks.put(node, bank.id, questions=(replace(writing.NUMBER, text="How often?"),))
    writing.publish(node, draft.id)
    assert drafts.draft(node, draft.id).version == 2
