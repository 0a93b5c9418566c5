"""From a draft to a package and back: what the library reads is what was written."""

import tomllib
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from content import authored, exercise, lesson, package
from content.errors import ManifestWrong
from content.fields import Fields
from content.package import Manifest
from content.question import Option, Question, Quiz
from hub.writing import packing, parts
from hub.writing.packing import Named
from hub.writing.parts import About, Body, Choice, Part
from tests.fixtures import writing

WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=40).map(
    lambda text: " ".join(text.split())
)
SAID = WORDS.filter(bool)
MAYBE = st.one_of(st.just(""), SAID)
MARKS = st.text("#=-_*`~[]()<>!&\\|+.: ab1\n", min_size=1, max_size=60)
NAMED = Named("hands-1234", 3, "2026-11-29")
PATHS = st.sampled_from(["", "media/a.png"])


def options(least: int = 2) -> st.SearchStrategy[tuple[Option, ...]]:
    """Things to choose, each with an id of its own."""
    made = st.lists(st.builds(Option, id=st.just(""), text=SAID, picture=PATHS), min_size=least, max_size=6)
    return made.map(lambda found: tuple(replace(each, id="abcdef"[at]) for at, each in enumerate(found)))


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """A question of any kind that can be written here."""
    kind = draw(st.sampled_from(["choice", "several", "number", "text"]))
    more = {"hint": draw(MAYBE), "explanation": draw(MAYBE), "picture": draw(PATHS), "prompt": draw(SAID)}
    if kind in ("choice", "several"):
        choices = draw(options())
        right = ("a",) if kind == "choice" else ("a", "b")
        return Question(id="q", kind=kind, answer=right, options=choices, **more)
    if kind == "number":
        return Question(id="q", kind=kind, answer=("1.5", "-2"), tolerance=draw(st.floats(0, 1e6)), **more)
    return Question(id="q", kind=kind, answer=("água", "eau"), **more)


@given(SAID, st.lists(questions(), min_size=1, max_size=4))
def test_a_quiz_that_was_written_is_read_as_the_same(title: str, asked: list[Question]) -> None:
    """Whatever was typed."""
    made = Quiz(title, tuple(replace(each, id=f"q{at}") for at, each in enumerate(asked)))
    assert exercise.load(authored.quiz(made)) == made


@given(SAID, MAYBE, MAYBE, MAYBE)
def test_a_manifest_that_was_written_is_read_as_the_same(title: str, author: str, summary: str, able: str) -> None:
    """Title, author, summary, competency, and both items."""
    about = About(title[:100], "pt-BR", author=author, summary=summary, level="middle", able=able, quiz=title[:50])
    body = Body(about, (Part("a", "text", "x"), replace(writing.CHOOSE, id="b")))
    made = packing.manifest(body, NAMED)
    assert read_page(authored.page(made)) == made


def read_page(data: bytes) -> Manifest:
    """A `package.toml` as the library reads it."""
    return package.build(Fields(tomllib.loads(data.decode()), "package.toml", ManifestWrong), source_format="folder")


@given(st.lists(SAID, min_size=1, max_size=5))
def test_words_of_a_heading_are_shown_as_typed(lines: list[str]) -> None:
    """No sign in a title, a heading, a picture's words or a link means anything."""
    kinds = [Part("h", "heading", each) for each in lines] + [
        Part("l", "link", each, target="well.en") for each in lines
    ]
    shown = lesson.plain(packing.lesson(Body(About(lines[0], "en"), tuple(kinds)))).split("\n")
    assert shown == [lines[0], *lines, *lines]


@given(MARKS)
def test_a_text_stays_a_text(typed: str) -> None:
    """Whatever signs it holds, it makes no heading, no link, no picture and no page of code."""
    html = lesson.render(packing.written(typed), lambda path: path)
    assert not any(f"<{tag}" in html for tag in ("h1", "h2", "h3", "a ", "img", "audio", "code", "pre"))
    assert lesson.paths(packing.written(typed)) == []


def test_a_text_keeps_its_lines_and_its_stress() -> None:
    """And lists, quotes and tables are what Markdown has."""
    html = lesson.render(packing.written("One\ntwo **three**\n\n- a\n- b\n\n> said\n\nx | y\n-- | --\n1 | 2"), str)
    assert "One<br>\ntwo <strong>three</strong>" in html
    assert html.count("<li>") == 2 and "<blockquote>" in html and "<table>" in html


def test_several_right_answers_make_a_question_with_several() -> None:
    """And one makes a choice."""
    both = tuple(replace(each, is_right=True) for each in writing.CHOOSE.choices)
    asked = packing.questions(Body(writing.ABOUT, (writing.CHOOSE, replace(writing.CHOOSE, choices=both))))
    assert [(each.kind, each.answer) for each in asked.questions] == [("choice", ("a",)), ("several", ("a", "b"))]


def test_the_same_draft_is_the_same_bytes() -> None:
    """An update costs what changed, and nothing else."""
    body = Body(writing.ABOUT, (Part("t", "text", "Wash."), replace(writing.CHOOSE, id="q")))
    one, two = packing.files(body, NAMED), packing.files(body, replace(NAMED, version=4))
    assert {path for path in one if one[path] != two[path]} == {packing.PAGE_PATH}


@given(st.lists(SAID, min_size=2, max_size=6, unique=True), MAYBE, st.floats(0, 1e9))
def test_a_row_holds_what_was_put_in(words: list[str], said: str, tolerance: float) -> None:
    """A body goes into a row as text, and comes out equal."""
    choices = tuple(Choice(str(at), each, is_right=at == 0) for at, each in enumerate(words))
    part = Part("q", "choose", words[0], choices=choices, answers=tuple(words), hint=said, tolerance=tolerance)
    body = Body(writing.ABOUT, (part,), (parts.Removed(part, 3),))
    assert parts.load(parts.dump(body)) == body
