"""Questions out of quiz files of other tools: what a bank can hold, once, and in sentences what is left out."""

import base64
import io
import zipfile
from dataclasses import replace

import pytest

from content.errors import ContentError
from hub.errors import InputWrong
from hub.node import Node
from hub.writing import banks, checks, media, quiz_files
from hub.writing.banks import Put
from tests.fixtures import learning, photos

GIFT = """What do you need? {=Soap ~Sand #It takes the fat away}

How many seconds? {#20:5}

Before what? {=eating =food}

Which go together? {=One -> 1 =Two -> 2 =Three -> 3}

Tell about a well. {}
"""
AIKEN = "What do you need?\nA) Soap\nB) Sand\nANSWER: A\n"
MOODLE = """<?xml version="1.0" encoding="UTF-8"?>
<quiz><question type="multichoice"><name><text>n</text></name>
<questiontext format="html"><text><![CDATA[<p>What is it? <img src="@@PLUGINFILE@@/a.jpg" alt="Hands"/></p>]]></text>
<file name="a.jpg" path="/" encoding="base64">{picture}</file></questiontext><single>true</single>
<answer fraction="100"><text>Hands</text></answer><answer fraction="0"><text>Feet</text></answer></question></quiz>
"""


def test_what_a_bank_can_hold_is_taken(node: Node) -> None:
    """Of GIFT: to choose, numbers and words; pairs and long answers are named."""
    read = quiz_files.read(node, name="water.gift", data=GIFT.encode())
    choose, number, words = read.questions
    assert [(each.text, each.is_right) for each in choose.choices if each.is_right] == [("Soap", True)]
    assert (number.kind, number.answers, number.tolerance) == ("number", ("20",), 5.0)
    assert (words.kind, words.answers) == ("words", ("eating", "food"))
    said = "\n".join(read.left_out)
    assert "to put in order or to match" in said and "Which go together?" in said and "long answer" in said


@pytest.mark.parametrize("name", ["a.txt", "../../a.txt", "..\\.hidden.txt", "a" * 300 + ".txt"])
def test_a_file_is_read_by_its_ending(node: Node, name: str) -> None:
    """Whatever stands before it; nothing stays in the home."""
    (question,) = quiz_files.read(node, name=name, data=AIKEN.encode()).questions
    assert question.text == "What do you need?"
    assert not list(node.home.glob(f"{quiz_files.STAGED}*"))


def test_pictures_come_along(node: Node) -> None:
    """Without where they were taken, among those of drafts."""
    data = MOODLE.format(picture=base64.b64encode(photos.photo(64, 48)).decode()).encode()
    (question,) = quiz_files.read(node, name="quiz.xml", data=data).questions
    assert question.file == media.keep_picture(node, photos.photo(64, 48))


def test_a_package_with_quizzes_is_read_too(node: Node) -> None:
    """A lesson folder in a zip: all its quizzes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("package.toml", PACKAGE)
        archive.writestr("five.toml", learning.FIVE)
    read = quiz_files.read(node, name="sums.zip", data=out.getvalue())
    assert [each.answers for each in read.questions] == [(str(number),) for number in range(2, 7)]


PACKAGE = """id = "sums.en"
work = "sums"
version = 1
title = "Sums"
language = "en"

[[competency]]
id = "pay"
statement = "I can pay."

[[item]]
id = "try"
kind = "quiz"
title = "Sums"
path = "five.toml"
"""


def test_the_same_file_twice_brings_nothing_twice(node: Node) -> None:
    """What was mended since stays, and the old one is beside it: nothing is changed unseen."""
    bank = banks.begin(node, person="p1", title="Water", language="en")
    read = quiz_files.read(node, name="a.gift", data=GIFT.encode())
    assert banks.put(node, bank.id, questions=read.questions) == Put(3, 0)
    again = quiz_files.read(node, name="b.gift", data=GIFT.encode())
    assert banks.put(node, bank.id, questions=again.questions) == Put(0, 3)
    banks.alter(node, bank.id, part=replace(read.questions[1], text="How long?"))
    assert banks.put(node, bank.id, questions=again.questions) == Put(1, 2)


def test_what_does_not_fit_the_form_is_named(node: Node) -> None:
    """More to choose from than the form has fields, and a question of two pages."""
    many = "Which? {=a " + " ".join(f"~b{at}" for at in range(8)) + "}"
    long = "Very " * 300 + "long? {=a ~b}"
    read = quiz_files.read(node, name="a.gift", data=f"{many}\n\n{long}\n\nYes? {{=a ~b}}\n".encode())
    assert len(read.questions) == 1
    assert any("longer than the form" in each and "Which?" in each for each in read.left_out)


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.gift", b"", "holds no question|empty"),
        ("a.pdf", b"%PDF-1.4", "."),
        ("a.xml", b"<quiz><question", "."),
        ("a.zip", b"PK\x03\x04nonsense", "."),
        ("a.txt", b"\xff\xfe\x00", "."),
        ("noending", b"x", "."),
        ("a.mp3", b"ID3" + bytes(200), "."),
    ],
)
def test_what_is_no_quiz_is_refused_in_a_sentence(node: Node, name: str, data: bytes, why: str) -> None:
    """By the library's own words; nothing is kept."""
    with pytest.raises((InputWrong, ContentError), match=why):
        quiz_files.read(node, name=name, data=data)
    assert not list((node.home / media.FOLDER).glob("*/*"))


def test_a_package_without_a_quiz_and_one_too_large_are_refused(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with what to do."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("index.html", "<!doctype html><title>Page</title><p>Hello")
    with pytest.raises(InputWrong, match="holds no questions"):
        quiz_files.read(node, name="page.zip", data=out.getvalue())
    monkeypatch.setattr(checks, "QUIZ_FILE_BYTES_MAX", 1_000_000)
    with pytest.raises(InputWrong, match="more than 1 MB"):
        quiz_files.read(node, name="a.gift", data=bytes(1_000_001))
