"""Courses of Open edX: what of them becomes what, what is said to be left out, and what is refused."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.checks import check_draft
from content.draft import Draft
from content.errors import ContentError, FormatUnknown
from content.exercise import load, mark
from content.formats import describe, olx
from content.limits import DEFAULT, MIB
from content.question import Question
from tests.fixtures import courses, packages
from tests.fixtures.courses import COURSE, edx, edx_files
from tests.fixtures.quizzes import chosen

UNIT = "vertical/v1.xml"
XXE = '<!DOCTYPE course [<!ENTITY a SYSTEM "file:///etc/passwd">]><course>&a;</course>'
FILM = "<video html5_sources='[&quot;/static/f.mp4&quot;]'/>"
CHOICES = '<choice correct="true">a</choice><choice correct="{}">b</choice><choice correct="true">c</choice>'


def read(source: Path) -> Draft:
    """A draft, checked as the shelf checks it."""
    draft = describe(source)
    check_draft(draft, DEFAULT)
    return draft


def items(draft: Draft) -> list[tuple[str, str, str]]:
    """Heading, kind and title of each item."""
    return [(item.part, item.kind, item.title) for item in draft.manifest.items]


def text(draft: Draft, number: int) -> str:
    """The file of an item."""
    return draft.read(draft.manifest.items[number].path, limit=MIB).decode()


def left_out(draft: Draft) -> list[str]:
    """What is left out, in English."""
    return [str(each) for each in draft.left_out]


def unit(place: Path, inside: str, **more: str | bytes) -> Path:
    """A course with one unit; what is in it stands in the unit's own file."""
    files = edx_files(place) | {UNIT: f'<vertical display_name="Unit A">{inside}</vertical>'}
    files["course/2026.xml"] = '<course display_name="C"><chapter><vertical url_name="v1"/></chapter></course>'
    files["policies/2026/policy.json"] = "{}"
    return edx(place, files, **more)


def test_an_export_becomes_a_course(tmp_path: Path) -> None:
    """Chapters are headings; the pieces of units stand in their order, and neighbouring problems are one quiz."""
    with closing(read(edx(tmp_path / "course.tar.gz"))) as draft:
        first, last = "Rivers · Where it comes from", "Wells · Deep down"
        assert items(draft) == [
            (first, "lesson", "Rain"),
            (first, "video", "A film of rain"),
            (first, "quiz", "Try it"),
            (last, "lesson", "Talk"),
            (last, "html5", "Count the buckets"),
            ("More", "lesson", "Plan"),
        ]
        told = draft.manifest
        assert (told.title, told.language, told.licence, told.author) == (
            "Clean water",
            "en",
            "CC-BY-SA-4.0",
            "Mangrove",
        )
        assert (told.summary, told.cover) == ("About Water, from cloud to cup.", "static/well.png")
        assert left_out(draft) == [
            "what is said to single answers is left out (Try it: 1)",
            "discussions become pages about what to discuss; nobody writes in them (Talk)",
        ]
        assert f"[Wells come later]({told.items[3].path})" in text(draft, 0) and "![A well](static/well.png)" in text(
            draft, 0
        )
        assert "It rains." in draft.read("static/film.en.vtt", limit=MIB).decode()
        assert "Who digs a well?" in text(draft, 3) and '<img src="../static/well.png"' in text(draft, 4)
        assert not any(path.endswith((".xml", ".json")) for path in draft.origins)
        falls, days = load(text(draft, 2).encode()).questions
        assert (falls.hint, falls.explanation) == ("It is wet.", "Clouds are water.")
        assert [mark(falls, chosen(falls, each)).is_right for each in ("Rain", "Stones")] == [True, False]
        assert [mark(days, (each,)).is_right for each in ("7.7", "7.8")] == [True, False]


@pytest.mark.parametrize("kind", ["tar", "zip", "folder", "inline"])
def test_it_comes_in_any_wrapping(tmp_path: Path, kind: str) -> None:
    """A tar, a zip, a folder; a course that stands in one file."""
    place = tmp_path / f"water.sw.{kind}"
    if kind == "tar":
        source = edx(tmp_path / "water.sw.tar.gz")
    elif kind == "zip":
        source = packages.zipped(place, {f"course/{name}": data for name, data in edx_files(place).items()})
    else:
        inline = "<course display_name='C'><chapter display_name='Rivers'><sequential><vertical><html>Hi</html>"
        whole = {"course.xml": f"{inline}</vertical></sequential></chapter></course>"}
        for name, data in (edx_files(place) if kind == "folder" else whole).items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(data.encode() if isinstance(data, str) else data)
        source = place
    with closing(read(source)) as draft:
        assert draft.manifest.items[0].part.startswith("Rivers")
        assert draft.manifest.language == "sw"


def one(place: Path, problem: str) -> Question:
    """The question of a problem."""
    with closing(read(unit(place, f"<problem>{problem}</problem>"))) as draft:
        (question,) = load(text(draft, 0).encode()).questions
    return question


KINDS: dict[str, tuple[str, str, list[tuple[str, ...]], list[tuple[str, ...]]]] = {
    "choice": (
        "<multiplechoiceresponse><label>x?</label><choicegroup><choice correct='true'>a</choice>"
        "<choice correct='false'>b</choice></choicegroup></multiplechoiceresponse>",
        "choice",
        [("a",)],
        [("b",)],
    ),
    "several": (
        f"<p>x?</p><choiceresponse><checkboxgroup>{CHOICES.format('false')}</checkboxgroup></choiceresponse>",
        "several",
        [("a", "c")],
        [("b",), ("a",)],
    ),
    "old drop-down": (
        """<p>x?</p><optionresponse><optioninput options="('yes','no, it\\'s')" correct="yes"/></optionresponse>""",
        "choice",
        [("a",)],
        [("b",)],
    ),
    "drop-down": (
        "<p>x?</p><optionresponse><optioninput><option correct='True'>yes</option><option correct='False'>no</option>"
        "</optioninput></optionresponse>",
        "choice",
        [("a",)],
        [("b",)],
    ),
    "words": (
        "<p>x?</p><stringresponse answer='rain' type='ci'><additional_answer answer='drizzle'/></stringresponse>",
        "text",
        [("Rain",), ("drizzle",)],
        [("snow",)],
    ),
    "range": (
        "<p>x?</p><numericalresponse answer='[3, 5)'><formulaequationinput/></numericalresponse>",
        "number",
        [("3",), ("4.5",)],
        [("2.9",)],
    ),
    "number": (
        "<numericalresponse answer='5'><responseparam type='tolerance' default='0.1'/><textline label='x?'/>"
        "</numericalresponse>",
        "number",
        [("5.1",)],
        [("5.2",)],
    ),
}


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_of_problem_asks_the_same(tmp_path: Path, name: str) -> None:
    """And takes the same for right."""
    problem, kind, right, wrong = KINDS[name]
    question = one(tmp_path / "c.tar.gz", problem)
    assert (question.kind, question.prompt) == (kind, "x?")
    assert all(mark(question, each).is_right for each in right)
    assert not any(mark(question, each).is_right for each in wrong)


def test_a_problem_with_several_responses_becomes_several_questions(tmp_path: Path) -> None:
    """Each with what is said before it; a picture comes along."""
    typed = "<stringresponse answer='{}' type='ci'><textline/></stringresponse>"
    shown = "<p>In <b>short</b>:<img src='/static/well.png'/></p>"
    problem = f"{shown}{typed.format('a')}<div><p>And?</p>{typed.format('b')}</div>"
    with closing(read(unit(tmp_path / "c.tar.gz", f"<problem>{problem}</problem>"))) as draft:
        first, second = load(text(draft, 0).encode()).questions
        assert (first.prompt, second.prompt) == ("In short:", "And?")
        assert first.picture.startswith("media/") and first.picture in draft.origins


SAID = {
    "<lti_consumer/>": "tools on other servers (LTI) are left out (Unit A)",
    "<openassessment display_name='Essay'/>": "what only the program it comes from can open is left out (Essay)",
    "<html display_name='Secret' visible_to_staff_only='true'>x</html>": (
        "what was hidden or only for teachers is left out (Secret)"
    ),
    "<problem url_name='broken'/>": "pieces that cannot be read are left out (Unit A)",
    "<problem><p>x</p></problem>": "texts that ask nothing are left out (Unit A: 1)",
    "<problem><script type='loncapa/python'>x=1</script><p>x</p><numericalresponse answer='$x'/></problem>": (
        "questions that calculate with ever new numbers are left out (Unit A: 1)"
    ),
    "<problem><p>x</p><customresponse/></problem>": (
        "questions whose answers are judged by rules of their own are left out (Unit A: 1)"
    ),
    "<problem><p>x</p><imageresponse/></problem>": "questions that are answered on a picture are left out (Unit A: 1)",
    "<problem><p>x</p><stringresponse answer='^a' type='regexp'/></problem>": (
        "questions whose answers are judged by rules of their own are left out (Unit A: 1)"
    ),
    "<problem><p>x</p><numericalresponse answer='2*pi'/></problem>": (
        "questions whose number the library cannot read are left out (Unit A: 1)"
    ),
    "<problem><drag_and_drop_input/></problem>": "questions that are answered by dragging are left out (Unit A: 1)",
    "<video display_name='F' youtube='0.75:x,1.00:abc'/>": (
        "pictures, films and pages that lie on the internet are shown as addresses (F)"
    ),
    "<video display_name='F' html5_sources='[&quot;/static/gone.mp4&quot;]'/>": (
        "pictures and links are left out whose file is not in the course (F)"
    ),
    "<html display_name='P'>&lt;img src='/static/gone.png'&gt; x</html>": (
        "pictures and links are left out whose file is not in the course (P)"
    ),
    "<html display_name='P'>&lt;video src='/static/film.mp4'&gt;&lt;track src='a.vtt'&gt;&lt;/video&gt;</html>": (
        "subtitles of films inside a page are left out (P)"
    ),
}


@pytest.mark.parametrize("inside", SAID, ids=lambda inside: inside[1:30])
def test_what_does_not_fit_is_said(tmp_path: Path, inside: str) -> None:
    """With the title of its piece, or of its unit."""
    source = unit(tmp_path / "c.tar.gz", f"<html>x</html>{inside}", **{"problem/broken.xml": "<problem"})
    with closing(read(source)) as draft:
        assert left_out(draft) == [SAID[inside]]


def test_a_film_elsewhere_leaves_its_words(tmp_path: Path) -> None:
    """Its address and what is said in it, from subtitles in edX' own form."""
    told = {"start": [0, 1500], "end": [1500, 3000], "text": ["It rains.", "Then *not*."]}
    film = "<video display_name='F' youtube_id_1_0='abc' sub='x'/>"
    with closing(read(unit(tmp_path / "c.tar.gz", film, **{"static/subs_x.srt.sjson": json.dumps(told)}))) as draft:
        assert text(draft, 0).splitlines()[2:] == [
            "https://www.youtube.com/watch?v=abc",
            "",
            "It rains. Then \\*not\\*.",
        ]


def test_a_course_that_contains_itself_ends(tmp_path: Path) -> None:
    """Each named piece is read once, however often and from where it is pointed at."""
    files = {UNIT: '<vertical><sequential url_name="s1"/><html url_name="h1"/><html url_name="h1"/></vertical>'}
    with closing(read(edx(tmp_path / "c.tar.gz", edx_files(tmp_path / "x") | files))) as draft:
        assert [item.title for item in draft.manifest.items].count("Rain") <= 1


def test_only_a_course_is_taken_for_one(tmp_path: Path) -> None:
    """A tar of something else is told so; a page with a course.xml beside it is a page."""
    page = packages.zipped(tmp_path / "p.zip", {"index.html": "x", "course.xml": "<course/>"})
    assert not olx.recognise(page)
    with pytest.raises(FormatUnknown):
        describe(edx(tmp_path / "x.tar.gz", {"a.txt": "x"}))


REFUSED: dict[str, tuple[Callable[[Path], Path], str]] = {
    "entities": (lambda place: edx(place, {"course.xml": XXE}), "its XML cannot be read"),
    "another root": (lambda place: edx(place, {"course.xml": "<html/>"}), "course.xml holds no course"),
    "nothing": (lambda place: edx(place, {"course.xml": "<course><chapter/></course>"}), "holds nothing"),
    "many": (
        lambda place: edx(place, {"course.xml": f"<course>{FILM * 2_001}</course>", "static/f.mp4": b"x"}),
        "its number of pieces is 2001 or more",
    ),
    "climbing": (lambda place: edx(place, {"course.xml": "<course/>", "../../x": "x"}), "leads out of the package"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_broken_or_hostile_course_is_refused(tmp_path: Path, name: str) -> None:
    """With the sentence that says why."""
    make, why = REFUSED[name]
    with pytest.raises(ContentError, match=why):
        describe(make(tmp_path / "x.tar.gz"))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted(COURSE)), st.data())
def test_a_spoilt_file_has_its_sentence(tmp_path: Path, name: str, data: st.DataObject) -> None:
    """Whatever stands in one of its files: a course, or a named problem."""
    spoilt = data.draw(st.text(max_size=40) | st.just(COURSE[name][: len(COURSE[name]) // 2]) | st.just("[]"))
    files = {path: each for path, each in courses.COURSE.items()} | {name: spoilt}
    try:
        read(edx(tmp_path / "c.tar.gz", files)).close()
    except ContentError as problem:
        assert str(problem)
