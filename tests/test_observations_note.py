"""What a facilitator saw: a learning record of the learner, that counts in what grows until answers go over it."""

from collections.abc import Callable

import pytest

from hub import learning, projections
from hub.errors import InputWrong, NotAllowed, NotFound
from hub.learning import Given, Opened, classes, groups, observations, progress
from hub.learning.observations import Row
from hub.node import Node
from hub.people import circles
from hub.tables.recognition import ALONE, NOT_YET, TEACHES, WITH_HELP
from hub.vocabulary import COMPETENCY_TYPE, FEEDBACK, SEEN, VERBS, competency, person_actor
from hub.xapi.store import whole
from tests.fixtures.cast import ROLES, Cast
from tests.fixtures.clock import HandClock
from tests.fixtures.recognition import COUNT, PAY, note

Market = Callable[[str], Opened]
DAY_MS = 86_400_000


@pytest.fixture(autouse=True)
def shelf(market: Market) -> None:
    """The package that the competencies are of stands on the shelf."""


def _grown(node: Node, cast: Cast, name: str = PAY) -> progress.Grown | None:
    found = progress.garden(node, cast.person("learner").id)
    return next((each for each in found if each.competency == name), None)


def _answer(node: Node, cast: Cast, opened: Opened, *, right: int, of: int = 5) -> None:
    """The learner answers the quiz about paying once, some of it right."""
    person = cast.person("learner").id
    learning.begin_again(node, person=person, opened=opened)
    for number in range(1, of + 1):
        said = str(number + 1) if number <= right else "0"
        learning.take_answer(node, person=person, opened=opened, given=Given(f"q{number}", (said,), node.new_id()))


def _kept(node: Node, verb: str) -> list[dict]:
    table = node.tables.Statement
    rows = table.select().where(table.verb == VERBS[verb]).order_by(table.stored_ms)
    return [whole(node.journal.get(row.stream, row.seq)) for row in rows]


def test_it_is_a_record_of_the_learner(node: Node, cast: Cast) -> None:
    """Scored, on the competency, by the facilitator; the level is the raw score, and the sentence goes with it."""
    assert note(node, cast, sentence="Counted the change twice.") == 1
    (kept,) = _kept(node, "scored")
    assert kept["actor"] == person_actor(cast.person("learner").id)
    assert kept["object"] == {
        "id": competency(PAY),
        "definition": {"type": COMPETENCY_TYPE, "name": {"en": "I can pay the right sum."}},
    }
    assert kept["result"]["score"] == {"scaled": 0.6667, "raw": ALONE, "min": NOT_YET, "max": TEACHES}
    assert kept["result"]["success"] is True
    assert kept["result"]["extensions"] == {FEEDBACK: "Counted the change twice."}
    assert kept["context"]["instructor"]["account"]["name"] == cast.person("facilitator").id
    assert kept["authority"]["account"]["name"] == node.identity.hub_id


@pytest.mark.parametrize(
    ("level", "state", "helps"),
    [(NOT_YET, "seed", True), (WITH_HELP, "sprout", False), (ALONE, "plant", False), (TEACHES, "flower", False)],
)
def test_what_was_seen_says_how_far_somebody_is(node: Node, cast: Cast, level: int, state: str, helps: bool) -> None:
    """In the garden, in the table of the class and in its groups; nobody needs a phone for it."""
    note(node, cast, level=level)
    grown = _grown(node, cast)
    assert grown is not None
    assert (grown.state, grown.needs_help, grown.looked_at) == (state, helps, 0)
    assert grown.seen is not None and grown.seen.level == level
    table = classes.class_table(node, circle=cast.circle.id)
    learner = next(each for each in table.learners if each.person.id == cast.person("learner").id)
    assert (learner.states, learner.struggles) == ({PAY: state}, (PAY,) if helps else ())
    assert table.not_begun == ()
    _, (parting,) = groups.by_level(node, circle=cast.circle.id)
    assert [group.level for group in parting.groups] == ["help" if helps else state]


def test_a_person_goes_before_the_answers_given_until_then(node: Node, cast: Cast, market: Market) -> None:
    """Five right answers, and hands that cannot yet: who saw it knows better."""
    _answer(node, cast, market("five"), right=5)
    note(node, cast, level=NOT_YET)
    grown = _grown(node, cast)
    assert grown is not None and (grown.state, grown.needs_help) == ("seed", True)


@pytest.mark.parametrize(("answers", "state"), [(2, "seed"), (3, "sprout")])
def test_three_newer_answers_go_over_it(
    node: Node, cast: Cast, market: Market, clock: HandClock, answers: int, state: str
) -> None:
    """Two are not enough to say something; with the third they say how far somebody is."""
    note(node, cast, level=NOT_YET)
    clock.advance(1)
    _answer(node, cast, market("five"), right=answers, of=answers)
    grown = _grown(node, cast)
    assert grown is not None and grown.state == state
    assert (grown.seen is None) == (answers == 3)


def test_the_latest_observation_counts(node: Node, cast: Cast, clock: HandClock) -> None:
    """By the day on which it was seen, whenever it was typed in."""
    note(node, cast, level=TEACHES)
    clock.advance(1)
    day = "2025-11-23"
    note(node, cast, level=NOT_YET, day=day)
    grown = _grown(node, cast)
    assert grown is not None and grown.state == "flower"
    seen = observations.of_person(node, cast.person("learner").id)
    assert [each.level for each in seen] == [TEACHES, NOT_YET]
    assert seen[1].at_ms % DAY_MS == DAY_MS // 2


def test_own_words_stand_beside_the_garden(node: Node, cast: Cast) -> None:
    """What no work names is kept in the words and the language it was said in; equal words are one thing."""
    for words in ("Reads to her brother", "reads to  her brother "):
        note(node, cast, words=words)
    assert progress.garden(node, cast.person("learner").id) == []
    first, second = observations.of_person(node, cast.person("learner").id)
    assert {first.words, second.words} == {"Reads to her brother", "reads to her brother"}
    topics = {each["object"]["id"] for each in _kept(node, "scored")}
    assert len(topics) == 1 and topics.pop().startswith(SEEN)


def test_the_same_form_twice_notes_once(node: Node, cast: Cast) -> None:
    """Pressed twice on a slow line; said otherwise the second time, what came first stands."""
    form = node.new_id()
    assert [note(node, cast, form=form) for _ in range(2)] == [1, 0]
    before = projections.fingerprint(node.tables)
    with pytest.raises(InputWrong, match="What came first stands"):
        note(node, cast, form=form, level=NOT_YET)
    assert projections.fingerprint(node.tables) == before


def test_taking_back_voids(node: Node, cast: Cast) -> None:
    """It counts no more, the one before it counts again; taking back twice is once."""
    note(node, cast, COUNT, level=WITH_HELP, day="2025-11-23")
    note(node, cast, COUNT, level=TEACHES)
    latest = observations.of_person(node, cast.person("learner").id)[0]
    for _ in range(2):
        observations.take_back(node, actor=cast.person("facilitator"), statement=latest.statement)
    grown = _grown(node, cast, COUNT)
    assert grown is not None and grown.state == "sprout"
    assert len(_kept(node, "voided")) == 1
    assert [each.level for each in observations.of_person(node, cast.person("learner").id)] == [WITH_HELP]


@pytest.mark.parametrize("role", [role for role in ROLES if role not in ("facilitator", "outsider")])
def test_only_who_leads_the_circle_notes(node: Node, cast: Cast, role: str) -> None:
    """A steward leads no class; a learner notes nothing of anybody."""
    with pytest.raises(NotAllowed, match="Nothing was changed"):
        note(node, cast, by=role)
    assert _kept(node, "scored") == []


def test_a_learner_of_another_circle_is_not_noted_about(node: Node, cast: Cast) -> None:
    """And with one wrong row, no row is written down."""
    rows = [Row(cast.person(role).id, ALONE) for role in ("learner", "neighbour")]
    what = observations.named(node, PAY)
    with pytest.raises(NotAllowed):
        observations.note(node, actor=cast.person("facilitator"), what=what, day="", form=node.new_id(), found=rows)
    assert _kept(node, "scored") == []


@pytest.mark.parametrize("role", ["learner", "guardian", "librarian", "neighbour"])
def test_who_did_not_see_it_does_not_take_it_back(node: Node, cast: Cast, role: str) -> None:
    """The one who noted it, whoever leads the circle, and stewards do."""
    note(node, cast)
    (seen,) = observations.of_person(node, cast.person("learner").id)
    with pytest.raises(NotAllowed):
        observations.take_back(node, actor=cast.person(role), statement=seen.statement)
    observations.take_back(node, actor=cast.person("steward"), statement=seen.statement)
    assert observations.of_person(node, cast.person("learner").id) == []


def test_who_noted_it_takes_it_back_after_leaving_the_circle(node: Node, cast: Cast) -> None:
    """One's own word is one's own."""
    note(node, cast)
    (seen,) = observations.of_person(node, cast.person("learner").id)
    circles.leave(node, circle=cast.circle.id, person=cast.person("facilitator").id)
    observations.take_back(node, actor=cast.person("facilitator"), statement=seen.statement)
    assert observations.of_person(node, cast.person("learner").id) == []


WRONG = {
    "a form of nobody": {"form": "x"},
    "a level that is none": {"level": 4},
    "a day that is none": {"day": "yesterday"},
    "a day ahead": {"day": "2031-01-01"},
    "a day long ago": {"day": "2020-01-01"},
    "a sentence without end": {"sentence": "a" * (observations.SENTENCE_MAX + 1)},
    "a sign that cannot be shown": {"sentence": "a\0b"},
    "too many words": {"words": "a" * (observations.WORDS_MAX + 1)},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_what_cannot_be_is_refused_and_changes_nothing(node: Node, cast: Cast, wrong: dict) -> None:
    """In a sentence that says so."""
    before = projections.fingerprint(node.tables)
    with pytest.raises(InputWrong, match="Nothing was"):
        note(node, cast, **wrong)
    assert projections.fingerprint(node.tables) == before


def test_nothing_is_noted_of_what_is_not_there(node: Node, cast: Cast) -> None:
    """A competency that left the shelf; an observation that nobody made; nobody at all."""
    with pytest.raises(NotFound):
        note(node, cast, "market/fly")
    with pytest.raises(NotFound):
        observations.take_back(node, actor=cast.person("steward"), statement=node.new_id())
    with pytest.raises(InputWrong):
        observations.note(
            node,
            actor=cast.person("facilitator"),
            what=observations.named(node, PAY),
            day="",
            form=node.new_id(),
            found=[],
        )


def test_what_the_circle_met_is_offered_first(node: Node, cast: Cast) -> None:
    """And a word finds the others."""
    assert [each.competency for each in observations.offered(node, circle=cast.circle.id)] == [COUNT, PAY]
    note(node, cast, PAY)
    assert [each.competency for each in observations.offered(node, circle=cast.circle.id)] == [PAY, COUNT]
    assert [each.competency for each in observations.offered(node, circle=cast.circle.id, word="BUY")] == [COUNT]


def test_the_tables_are_made_again_from_the_journal(node: Node, cast: Cast) -> None:
    """With what was taken back, and the voiding folded before what it voids."""
    note(node, cast, PAY)
    note(node, cast, COUNT, level=NOT_YET)
    taken = observations.of_person(node, cast.person("learner").id)[0]
    observations.take_back(node, actor=cast.person("facilitator"), statement=taken.statement)
    before, entries = projections.fingerprint(node.tables), list(node.journal.replay())
    for order in (entries, entries[::-1]):
        node.write(lambda order=order: projections.rebuild(node.tables, order))
        assert projections.fingerprint(node.tables) == before


def test_a_tool_that_says_the_same_is_no_facilitator(node: Node, cast: Cast, tool) -> None:
    """Its statement is kept as a statement, and nothing grows of it."""
    note(node, cast, COUNT)
    (kept,) = _kept(node, "scored")
    said = {part: kept[part] for part in ("actor", "verb", "result", "context")}
    tool.send({**said, "object": {"id": competency(PAY)}})
    assert [each.competency for each in progress.garden(node, cast.person("learner").id)] == [COUNT]
    assert len(observations.of_person(node, cast.person("learner").id)) == 1
