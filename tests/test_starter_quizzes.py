"""The quizzes of the starter library: answerable, explained, and going from easy to hard."""

import pytest

from content.exercise import KINDS, mark
from content.starter import Starter
from tests.fixtures.starter import description, quizzes, starter_id, starters


@pytest.mark.parametrize("starter", starters(), ids=starter_id)
def test_own_answer_marks_right(starter: Starter):
    """The answer written in the file earns the full mark, and an empty one does not."""
    for quiz in quizzes(starter).values():
        for question in quiz.questions:
            given = question.answer[:1] if question.kind in ("number", "text") else question.answer
            assert mark(question, given).is_right, question.id
            assert not mark(question, ()).is_right, question.id


@pytest.mark.parametrize("starter", starters(), ids=starter_id)
def test_every_accepted_answer_marks_right(starter: Starter):
    """Each accepted number or spelling is right by itself."""
    questions = [each for quiz in quizzes(starter).values() for each in quiz.questions]
    for question in (each for each in questions if each.kind in ("number", "text")):
        assert all(mark(question, (given,)).is_right for given in question.answer), question.id


@pytest.mark.parametrize("starter", starters(), ids=starter_id)
def test_questions_help_and_explain(starter: Starter):
    """Each question offers a hint, explains its answer, and asks for a competency of its package."""
    known = {each["id"] for each in description(starter)["competency"]}
    for quiz in quizzes(starter).values():
        for question in quiz.questions:
            assert question.hint and question.explanation, question.id
            assert question.competencies and set(question.competencies) <= known, question.id


@pytest.mark.parametrize("starter", starters(), ids=starter_id)
def test_quiz_grows_harder(starter: Starter):
    """Inside a quiz no question is easier than the one before it."""
    for name, quiz in quizzes(starter).items():
        steps = [question.difficulty for question in quiz.questions]
        assert steps == sorted(steps), name


@pytest.mark.parametrize("starter", starters(), ids=starter_id)
def test_shown_order_is_not_the_answer(starter: Starter):
    """An order question is not already in order, and the sides of a match are not already paired."""
    for quiz in quizzes(starter).values():
        for question in quiz.questions:
            shown = tuple(option.id for option in question.options)
            pairs = tuple(f"{a.id}={b.id}" for a, b in zip(question.left, question.right, strict=False))
            assert question.kind != "order" or shown != question.answer
            assert question.kind != "match" or pairs != question.answer


@pytest.mark.parametrize("work", ["fix-a-phone", "read-with-me", "safe-water"])
def test_work_asks_questions_of_every_kind(work: str):
    """Each of these works shows all six kinds of question."""
    for starter in (each for each in starters() if each.work == work):
        assert {question.kind for quiz in quizzes(starter).values() for question in quiz.questions} == set(KINDS)


def test_safe_water_asks_twelve_questions_of_every_kind():
    """The water package shows all six kinds, in twelve questions with ids of their own."""
    for starter in (each for each in starters() if each.work == "safe-water"):
        questions = [each for quiz in quizzes(starter).values() for each in quiz.questions]
        assert [each.id for each in questions] == [f"q{number}" for number in range(1, 13)]
        assert {each.kind for each in questions} == set(KINDS)


def test_number_steps_ask_eight_to_twelve():
    """Five steps of the ladder, each with eight to twelve questions."""
    for starter in (each for each in starters() if each.work == "numbers"):
        counts = [len(quiz.questions) for quiz in quizzes(starter).values()]
        assert len(counts) == 5 and all(8 <= count <= 12 for count in counts)


def test_each_story_is_asked_about_five_times():
    """Three questions find something in the story, two read between the lines."""
    for starter in (each for each in starters() if each.work == "read-with-me"):
        stories = {name: quiz for name, quiz in quizzes(starter).items() if name.startswith("story-")}
        assert set(stories) == {"story-hen-quiz", "story-goat-quiz"}
        for name, quiz in stories.items():
            between = ["between-the-lines" in question.competencies for question in quiz.questions]
            assert (between.count(False), between.count(True)) == (3, 2), name
