"""Quizzes in Moodle XML: every kind, pictures that come along, what is left out, and what is refused."""

import base64
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.errors import ContentError, PackageDamaged, PackageTooLarge, PackageUnfit
from content.exercise import mark
from content.formats import describe, moodle_xml
from hub import library
from hub.node import Node
from tests.fixtures import photos
from tests.fixtures.cast import Cast
from tests.fixtures.quizzes import chosen, left_out, paired, play, questions, quizzes, written

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>'
CATEGORY = '<question type="category"><category><text>$course$/top/Water</text></category></question>'
CHOICE = """<question type="multichoice"><name><text>Mali</text></name>
<questiontext format="html"><text><![CDATA[<p dir="ltr">What is the capital of Mali?</p>]]></text></questiontext>
<generalfeedback format="html"><text><![CDATA[<p>Bamako lies on the Niger.</p>]]></text></generalfeedback>
<defaultgrade>1.0000000</defaultgrade><penalty>0.3333333</penalty><hidden>0</hidden><single>true</single>
<shuffleanswers>false</shuffleanswers><answernumbering>abc</answernumbering>
<correctfeedback format="html"><text>Your answer is correct.</text></correctfeedback>
<answer fraction="100" format="html"><text><![CDATA[<p>Bamako</p>]]></text><feedback><text></text></feedback></answer>
<answer fraction="0" format="html"><text>Dakar</text><feedback format="html"><text></text></feedback></answer>
<hint format="html"><text>It begins with B.</text></hint></question>"""
SEVERAL = """<question type="multichoice"><questiontext format="markdown"><text>Which are *even*?</text></questiontext>
<single>false</single><shuffleanswers>1</shuffleanswers>
<answer fraction="33.33333"><text>2</text></answer><answer fraction="33.33333"><text>4</text></answer>
<answer fraction="33.33333"><text>6</text></answer><answer fraction="-100"><text>5</text></answer></question>"""
TRUTH = """<question type="truefalse"><questiontext><text>Water is wet.</text></questiontext>
<answer fraction="0"><text>false</text></answer><answer fraction="100"><text>true</text></answer></question>"""
WORD = """<question type="shortanswer"><questiontext><text>Name a colour of the flag.</text></questiontext>
<usecase>0</usecase>
<answer fraction="100"><text>green</text></answer><answer fraction="100"><text>red</text></answer></question>"""
NUMBER = """<question type="numerical"><questiontext><text>How much is 46 / 2?</text></questiontext>
<answer fraction="100"><text>23</text><tolerance>0.5</tolerance></answer>
<answer fraction="0"><text>*</text></answer></question>"""
MATCH = """<question type="matching"><questiontext><text>What goes with what?</text></questiontext>
<subquestion><text>cat</text><answer><text>animal</text></answer></subquestion>
<subquestion><text>rose</text><answer><text>plant</text></answer></subquestion>
<subquestion><text></text><answer><text>stone</text></answer></subquestion></question>"""
SHOWN = f"{HEAD}{CATEGORY}{CHOICE}{SEVERAL}{TRUTH}{WORD}{NUMBER}{MATCH}</quiz>"
SHORT = (
    "<question type='shortanswer'><questiontext format='html'><text>{text}</text>{file}</questiontext>{more}</question>"
)
BOMB = "<!DOCTYPE quiz [" + '<!ENTITY a "x">' + "".join(f'<!ENTITY b{n} "{"&a;" * 9}">' for n in range(9)) + "]>"
FOREIGN = '<!DOCTYPE quiz [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.fixture
def make(tmp_path: Path) -> Callable[[str], Path]:
    """A Moodle XML file with a text."""
    return lambda text: written(tmp_path / "made.xml", text)


def short(text: str = "What?", file: str = "", more: str = "<answer fraction='100'><text>this</text></answer>") -> str:
    """A question for a word, behind one that fits."""
    return f"{HEAD}{TRUTH}{SHORT.format(text=text, file=file, more=more)}</quiz>"


def file(data: bytes, name: str = "map.png") -> str:
    """A file in a text."""
    return f'<file name="{name}" path="/" encoding="base64">{base64.b64encode(data).decode()}</file>'


def test_every_kind_becomes_a_question_of_ours(make: Callable[[str], Path]) -> None:
    """In a quiz with the name of its category; hint and explanation have their places."""
    source = make(SHOWN)
    assert list(quizzes(source)) == ["Water"]
    found = questions(source)
    assert [each.kind for each in found.values()] == ["choice", "several", "choice", "text", "number", "match"]
    mali = found["What is the capital of Mali?"]
    assert (mali.hint, mali.explanation) == ("It begins with B.", "Bamako lies on the Niger.")
    assert [option.text for option in mali.options] == ["Bamako", "Dakar"]
    assert left_out(source) == "of texts only the words stay, without links, tables and emphasis (2)"


def test_answers_are_right_and_wrong_as_they_were(make: Callable[[str], Path]) -> None:
    """Each kind once right and once wrong."""
    found = questions(make(SHOWN))
    mali, even, wet, colour, half, pairs = found.values()
    right = {"cat": "animal", "rose": "plant"}
    given = [
        (mali, chosen(mali, "Bamako"), chosen(mali, "Dakar")),
        (even, chosen(even, "2", "4", "6"), chosen(even, "2", "4", "5")),
        (wet, chosen(wet, "True"), chosen(wet, "False")),
        (colour, ("Red",), ("blue",)),
        (half, ("23.5",), ("23.6",)),
        (pairs, paired(pairs, right), paired(pairs, right | {"cat": "stone"})),
    ]
    marks = [(mark(each, yes).is_right, mark(each, no).is_right) for each, yes, no in given]
    assert marks == [(True, False)] * 6


def test_a_picture_comes_along_without_its_notes(make: Callable[[str], Path]) -> None:
    """In a question and at an option, which keeps what is said of it; the place where it was taken is gone."""
    photo = photos.photo(64, 48)
    image = '<![CDATA[<img src="@@PLUGINFILE@@/my%20map.png" alt="A map">{}]]>'
    choice = f"""<question type="multichoice"><questiontext format="html"><text>{image.format("Where?")}</text>
    {file(photo, "my map.png")}</questiontext><answer fraction="100" format="html"><text>{image.format("")}</text>
    {file(photo, "my map.png")}</answer><answer fraction="0"><text>no</text></answer></question>"""
    source = make(f"{HEAD}{choice}</quiz>")
    (question,) = questions(source).values()
    assert question.picture.startswith("media/") and question.picture.endswith(".jpg")
    assert [(each.text, each.picture) for each in question.options if each.picture] == [("A map", question.picture)]
    with closing(describe(source)) as draft:
        data = draft.read(question.picture, limit=10**6)
    assert photos.PLACE_WORDS in photo and photos.PLACE_WORDS not in data and photos.opened(data).size == (64, 48)
    assert left_out(source) == "what is said of a question's picture is left out (1)"


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_pictures_of_each_kind_come_along(make: Callable[[str], Path], kind: str) -> None:
    """Also one that is written into the text itself."""
    data = photos.drawing(40, 30, kind=kind)
    here = base64.b64encode(data).decode()
    source = make(short(text=f"<![CDATA[<p>What?<img src='data:image/x;base64,{here}'></p>]]>"))
    assert questions(source)["What?"].picture.endswith(kind.lower())


SOUND = b"ID3\x04" + bytes(100)
PLAYED = "&lt;audio controls='true'&gt;&lt;source src='@@PLUGINFILE@@/a.mp3'&gt;@@PLUGINFILE@@/a.mp3&lt;/audio&gt;What?"


def test_a_sound_comes_along(make: Callable[[str], Path]) -> None:
    """The first one of what is asked; what stands in it for old browsers is no word of the question."""
    source = make(short(text=PLAYED, file=file(SOUND, "a.mp3")))
    question = questions(source)["What?"]
    assert question.audio.endswith(".mp3") and left_out(source) == ""
    with closing(describe(source)) as draft:
        assert draft.read(question.audio, limit=10**6) == SOUND


ROW = (
    "<question type='ordering'><questiontext><text>First things first.</text></questiontext><layouttype>VERTICAL"
    "</layouttype><selecttype>{drawn}</selecttype><selectcount>2</selectcount><gradingtype>ABSOLUTE</gradingtype>"
    "<answer fraction='2.0000000'><text>Boil it</text></answer><answer fraction='1.0000000'><text>Draw water</text>"
    "</answer><answer fraction='3.0000000'><text>Let it cool</text></answer></question>"
)


def test_a_row_is_put_in_order(make: Callable[[str], Path]) -> None:
    """By the places that newer Moodles write as an answer's worth; of a drawn row it is said that all is asked."""
    drew = "all things of a row are put in order, where the other tool drew a few of them (1)"
    for drawn, said in (("ALL", ""), ("1", drew)):
        source = make(f"{HEAD}{ROW.format(drawn=drawn)}</quiz>")
        (question,) = questions(source).values()
        assert question.answer == chosen(question, "Draw water", "Boil it", "Let it cool")
        assert left_out(source) == said


LOSING = {
    **{
        f"{HEAD}{TRUTH}<question type='{kind}'><questiontext><text>x</text></questiontext></question></quiz>": what
        for kind, what in {
            "essay": "questions with a long answer in one's own words are left out",
            "description": "texts that ask nothing are left out",
            "cloze": "questions with several gaps in one text are left out",
            "calculated": "questions that calculate with ever new numbers are left out",
            "ddwtos": "questions that are answered by dragging are left out",
            "coderunner": "questions of a kind that the library does not have are left out",
        }.items()
    },
    short(file=file(b"%PDF-", "a.pdf")): "sounds, films and other files are left out",
    **{
        short(text=f"{played}What?", file=beside): "sounds, films and other files are left out"
        for played, beside in {
            "&lt;audio src='@@PLUGINFILE@@/a.mp3'&gt;&lt;/audio&gt;": "",
            "&lt;audio src='@@PLUGINFILE@@/b.mp3' /&gt;": file(b"no sound", "b.mp3"),
            "&lt;audio src='@@PLUGINFILE@@/c.mp3'&gt;&lt;/audio&gt;": file(b"ID3" + bytes(2**21), "c.mp3"),
            "&lt;video&gt;an old browser&lt;/video&gt;": "",
        }.items()
    },
    **{
        short(text=f"What? &lt;img src='{address}'&gt;", file=beside): (
            "pictures are left out that are too large, not in the file, or more than one to a text"
        )
        for address, beside in {
            "https://moodle.example/a.png": "",
            "@@PLUGINFILE@@/gone.png": "",
            "@@PLUGINFILE@@/map.png": file(b"no picture"),
            "data:image/png;base64,%%%": "",
            "@@PLUGINFILE@@/big.png": file(bytes(600_000), "big.png"),
        }.items()
    },
    short(text="&lt;b&gt;Not&lt;/b&gt; what?"): "of texts only the words stay, without links, tables and emphasis",
    short(
        more="<usecase>1</usecase><answer fraction='100'><text>x</text></answer>"
    ): "small and capital letters count the same",
    short(
        more="<answer fraction='100'><text>x</text></answer><hint><text>a</text></hint><hint><text>b</text></hint>"
    ): ("of several hints only the first stays"),
    short(more="<defaultgrade>3</defaultgrade><answer fraction='100'><text>x</text></answer>"): (
        "each question counts the same, whatever its points were"
    ),
    short(
        more="<answer fraction='100'><text>x</text></answer><incorrectfeedback><text>Oh!</text></incorrectfeedback>"
    ): ("what is said to single answers is left out"),
    short(more="<answer fraction='1e999'><text>x</text></answer>"): (
        "questions that are not written as their format asks are left out"
    ),
    short(text=""): "questions that are not written as their format asks are left out",
    short(text="x" * 200_000): "questions that are not written as their format asks are left out",
    f"{HEAD}{TRUTH}{NUMBER.replace('</question>', '<units><unit/></units></question>')}</quiz>": (
        "units of numbers are not looked at"
    ),
    f"{HEAD}{TRUTH}{TRUTH.replace('wet', 'dry').replace('>true<', '>maybe<')}</quiz>": (
        "questions that are not written as their format asks are left out"
    ),
}


@pytest.mark.parametrize("number", range(len(LOSING)))
def test_what_is_lost_is_said(make: Callable[[str], Path], number: int) -> None:
    """In words, with the number of the question; the others are taken."""
    text, said = list(LOSING.items())[number]
    source = make(text)
    assert left_out(source) == f"{said} (2)"
    assert "Water is wet." in questions(source)


def test_a_file_of_which_nothing_fits_is_refused(make: Callable[[str], Path]) -> None:
    """With one sentence that says why."""
    with pytest.raises(
        PackageUnfit, match=r"no question that this library can ask; .* left out \(1\)\. Nothing was added"
    ):
        describe(make(f"{HEAD}<question type='essay'/></quiz>"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (SHOWN[: len(SHOWN) // 2], "its XML cannot be read"),
        (f"{SHOWN}<more/>", "its XML cannot be read"),
        (SHOWN.replace("Mali", "Ma&a;li").replace("<quiz>", f"{FOREIGN}<quiz>"), "its XML cannot be read"),
        (SHOWN.replace("Mali", "&b8;").replace("<quiz>", f"{BOMB}<quiz>"), "its XML cannot be read"),
        (short(text="&#xD800;"), "its XML cannot be read"),
        (short(text="&#0;"), "its XML cannot be read"),
        (SHOWN.replace("UTF-8", "x-unknown"), "its XML cannot be read"),
        (f"{HEAD[:38]}<!--<quiz>--><other/>", "its XML holds no quiz"),
        (f"{HEAD}</quiz>", "it holds no question"),
        (f"{HEAD}{'<question>' * 100_000}", "the depth of its XML is 33 or more"),
        (f"{HEAD}{'<question/>' * 100_000}</quiz>", "its number of questions is 2001 or more"),
        (f"{HEAD}{'<a/>' * 300_000}</quiz>", "its number of XML elements"),
        (f"{HEAD}{'<a>x</a>' * 2_200_000}</quiz>", "too large to open"),
    ],
)
def test_a_broken_or_hostile_file_is_refused(make: Callable[[str], Path], text: str, sentence: str) -> None:
    """Cut short, with entities, in no known encoding, too deep, endless."""
    with pytest.raises(ContentError, match=sentence):
        describe(make(text))


def test_another_encoding_than_it_says_is_refused(tmp_path: Path) -> None:
    """And one that it says is read."""
    source = tmp_path / "made.xml"
    source.write_bytes(short(text="Où?").encode("latin-1"))
    with pytest.raises(PackageDamaged, match="its XML cannot be read"):
        describe(source)
    source.write_bytes(short(text="Où?").replace("UTF-8", "UTF-16").encode("utf-16"))
    assert "Où?" in questions(source)


def test_only_a_quiz_is_taken_for_one(tmp_path: Path) -> None:
    """Other XML is not."""
    assert moodle_xml.recognise(written(tmp_path / "a.XML", SHOWN))
    assert not moodle_xml.recognise(written(tmp_path / "b.xml", "<feed/>"))
    assert not moodle_xml.recognise(written(tmp_path / "b.txt", SHOWN))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(["multichoice", "truefalse", "shortanswer", "numerical", "matching", "ordering"]), max_size=3
    ),
    st.lists(
        st.sampled_from(
            [
                *(
                    "<answer fraction='100'><text>1</text></answer>",
                    "<answer fraction='x'/>",
                    "<answer/>",
                    "<single>0</single>",
                ),
                *(
                    "<questiontext><text>a</text></questiontext>",
                    "<questiontext format='html'><text>&lt;img</text></questiontext>",
                ),
                *(
                    "<subquestion><text>a</text><answer><text>b</text></answer></subquestion>",
                    "<subquestion/>",
                    "<hint/>",
                ),
                *(
                    "<answer fraction='0'><text>true</text></answer>",
                    "<answer fraction='100'><text>false</text></answer>",
                ),
                *(
                    "<defaultgrade>NaN</defaultgrade>",
                    "<file/>",
                    "<questiontext><file>x</file></questiontext>",
                    "<units><unit/></units>",
                ),
            ]
        ),
        max_size=8,
    ),
)
def test_whatever_stands_in_it_ends_with_a_draft_or_a_sentence(
    make: Callable[[str], Path], kinds: list[str], parts: list[str]
) -> None:
    """And a draft is one that the shelf takes."""
    inside = "".join(f"<question type='{kind}'>{''.join(parts)}</question>" for kind in kinds)
    try:
        quizzes(make(f"{HEAD}{inside}</quiz>"))
    except ContentError:
        return


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=200),
    st.sampled_from([b"\xff\xd8\xff\xe1", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8X"]),
)
def test_no_broken_picture_stops_a_quiz(make: Callable[[str], Path], noise: bytes, head: bytes) -> None:
    """It is left out, and the question stays."""
    source = make(short(text="What?&lt;img src='@@PLUGINFILE@@/map.png'&gt;", file=file(head + noise)))
    assert "What?" in questions(source)


def test_many_categories_are_too_many(make: Callable[[str], Path]) -> None:
    """A page of parts has an end."""
    with pytest.raises(PackageTooLarge, match="its number of categories"):
        describe(
            make(HEAD + "".join(f"{CATEGORY.replace('Water', str(each))}{TRUTH}" for each in range(201)) + "</quiz>")
        )


def test_a_quiz_is_installed_played_and_passed(cast: Cast, node: Node, make: Callable[[str], Path]) -> None:
    """From the file to the record, through the learner's pages."""
    source = make(SHOWN)
    added = library.add(node, source=source, in_part=True)
    assert play(node, cast.client("learner"), added.package, quizzes(source)["Water"])
