"""Banks and tests in QTI as zips: parts, shared texts, pictures, what a manifest says, and what is refused."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from content.errors import ContentError, PackageUnfit
from content.formats import describe, qti_package
from hub import library
from hub.node import Node
from tests.fixtures import photos, qti2, qti12
from tests.fixtures.cast import Cast
from tests.fixtures.qti2 import CHOICE, HOT, INLINE, LOM, bank, manifest, newer, ref, section, zipped
from tests.fixtures.qti12 import TRUTH, file
from tests.fixtures.quizzes import left_out, play, questions, quizzes

ITEM, TEST = "imsqti_item_xmlv2p1", "imsqti_test_xmlv2p1"


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Path]:
    """A package of a test and other files."""

    def made(test: str, files: dict[str, str | bytes], *, about: str = "") -> Path:
        types = {path: TEST if path.startswith("test") else ITEM for path in ("test.xml", *files) if path[-3:] == "xml"}
        return zipped(tmp_path / "bank.zip", {"imsmanifest.xml": manifest(types, about), "test.xml": test, **files})

    return made


def test_parts_of_a_test_become_quizzes(make: Callable[..., Path]) -> None:
    """Under the titles of both; items that no test asks are a quiz of the package's title."""
    files = {"items/a.xml": CHOICE, "items/b c.xml": HOT, "items/d.xml": INLINE}
    test = qti2.test(
        section(ref("items/a.xml"), title="Lids"), section(section(ref("items/b%20c.xml"), title="Deep"), title="Ropes")
    )
    source = make(test, files, about=LOM)
    found = quizzes(source)
    assert {title: len(quiz.questions) for title, quiz in found.items()} == {
        "Wells / Lids": 1, "Wells / Ropes / Deep": 1, "Maji": 1,
    }  # fmt: skip
    with closing(describe(source)) as draft:
        told = draft.manifest
    assert (told.title, told.language, told.summary, told.licence) == ("Maji", "sw", "Of wells.", "CC-BY-4.0")


def test_a_test_in_one_part_has_its_own_title(make: Callable[..., Path]) -> None:
    """And a part may lie in a file of its own."""
    part = section(ref("a.xml"), ref("a.xml")).replace("<assessmentSection ", f"{qti2.HEAD}<assessmentSection ", 1)
    source = make(
        qti2.test('<assessmentSectionRef identifier="s" href="parts/p.xml"/>'),
        {"parts/p.xml": part, "parts/a.xml": CHOICE},
    )
    assert {title: len(quiz.questions) for title, quiz in quizzes(source).items()} == {"Wells": 2}


def test_a_shared_text_and_pictures_come_along(make: Callable[..., Path]) -> None:
    """Each found from the file that names it; in QTI 3 a text may be shared by items."""
    photo = photos.photo(64, 48)
    shared = f'{qti2.HEAD}<qti-assessment-stimulus identifier="s" title="t"><qti-stimulus-body><p>Look.</p>'
    shared += '<img src="../pictures/map.jpg" alt=""/></qti-stimulus-body></qti-assessment-stimulus>'
    item = newer(
        CHOICE.replace("<itemBody>", '<assessmentStimulusRef identifier="s" href="../texts/s.xml"/><itemBody>')
    )
    files = {"items/a.xml": item, "texts/s.xml": shared, "pictures/map.jpg": photo}
    source = make(newer(qti2.test(section(ref("items/a.xml")))), files)
    (question,) = questions(source).values()
    assert question.prompt.startswith("Look.\nLook at the sign") and question.picture.endswith(".jpg")
    with closing(describe(source)) as draft:
        assert photos.PLACE_WORDS not in draft.read(question.picture, limit=10**6)
    assert left_out(source) == ""


def test_a_sound_comes_along(make: Callable[..., Path]) -> None:
    """In each version, from where it lies."""
    played = CHOICE.replace("<itemBody>", '<itemBody><audio><source src="../a.ogg"/></audio>')
    old = '<itemBody><object type="audio/ogg" data="../a.ogg">A sound.</object>'
    heard = qti12.item("", f'{qti12.text("Which?")}<material><mataudio uri="../a.ogg"/></material>'
                       + qti12.lid({"a": "x", "b": "y"}), qti12.rule(qti12.equal("a")))  # fmt: skip
    files: dict[str, str | bytes] = {
        "items/a.xml": played, "items/b.xml": newer(CHOICE.replace("<itemBody>", old)), "items/c.xml": file(heard),
    }  # fmt: skip
    source = make(qti2.test(section(ref("items/a.xml"), ref("items/b.xml"))), {**files, "a.ogg": b"OggS" + bytes(99)})
    with closing(describe(source)) as draft:
        assert [path for path in draft.origins if path.endswith("ogg")] != [] and draft.left_out == ()
        told = b"".join(draft.read(item.path, limit=10**6) for item in draft.manifest.items)
    assert told.count(b"audio = ") == 3


def test_a_bank_of_qti_12_is_a_package_too(tmp_path: Path) -> None:
    """With pictures where its tools put them."""
    shown = qti12.text('<p>Wet?<img src="$IMS-CC-FILEBASE$/Uploaded%20Media/map.png?x=1"></p>', "text/html")
    wet = TRUTH.replace(qti12.text("Water is wet."), shown)
    names = {"q/a.xml": "imsqti_xmlv1p2", "q/meta.xml": "associatedcontent/learning-application-resource"}
    source = zipped(
        tmp_path / "export.zip",
        {
            "imsmanifest.xml": manifest(names), "q/a.xml": file(wet), "q/meta.xml": "<quiz/>",
            "web_resources/Uploaded Media/map.png": photos.drawing(40, 30, kind="PNG"),
        },
    )  # fmt: skip
    assert questions(source)["Wet?"].picture.endswith(".png")


def test_pictures_to_choose_from_need_words(make: Callable[..., Path]) -> None:
    """Whoever does not see them could not choose."""
    image = '<img src="a.png" alt=""/>'
    drawing = photos.drawing(40, 30, kind="PNG")
    files = {"a.xml": CHOICE, "b.xml": CHOICE.replace("Keep the lid on.", image), "a.png": drawing}
    source = make(qti2.test(section(ref("a.xml"), ref("b.xml"))), files)
    assert left_out(source) == "questions are left out whose pictures to choose from have no words (2)"
    with closing(describe(source)) as draft:
        assert list(draft.origins) == ["quiz-1.toml"]


SAID = {
    "all questions of a part are asked, where the other tool drew a few of them (1)": '<selection select="1"/>',
    "which question comes next does not hang on the answers before it (1)": "<preCondition><null/></preCondition>",
    "what is said before a whole part, not to a question, is left out (1)": (
        "<rubricBlock view='candidate'><p>Take your time.</p></rubricBlock>"
    ),
    "": '<rubricBlock view="scorer"><p>No.</p></rubricBlock><timeLimits maxTime="60"/><ordering shuffle="true"/>',
}


@pytest.mark.parametrize("said", SAID)
def test_what_changes_the_asking_is_said(make: Callable[..., Path], said: str) -> None:
    """What only runs the test is passed over."""
    assert left_out(make(qti2.test(section(SAID[said], ref("a.xml"))), {"a.xml": CHOICE})) == said


def test_points_of_a_test_are_said(make: Callable[..., Path]) -> None:
    """Since each question counts the same here."""
    weighed = ref("a.xml", '<weight identifier="w" value="2"/>')
    source = make(qti2.test(section(weighed)), {"a.xml": CHOICE})
    assert left_out(source) == "each question counts the same, whatever its points were (1)"


GONE = "questions are left out whose file is not in the package"


@pytest.mark.parametrize("path", ["gone.xml", "../../etc/passwd", "/etc/passwd", "https://qti.example/i.xml", ""])
def test_an_item_that_is_not_there_is_said(make: Callable[..., Path], path: str) -> None:
    """Also one that would lie outside; nothing but the package is read."""
    source = make(qti2.test(section(ref("a.xml"), ref(path), ref("b.xml"))), {"a.xml": CHOICE, "b.xml": HOT})
    assert left_out(source) == f"{GONE} (2)"
    assert len(questions(source)) == 2


def test_parts_that_hold_each_other_come_to_an_end(make: Callable[..., Path]) -> None:
    """Each time a file is read it counts."""
    again = '<assessmentSectionRef identifier="x" href="p.xml"/>'
    turn = qti2.HEAD + section(ref("a.xml"), again, again)
    source = make(qti2.test(again), {"p.xml": turn, "a.xml": CHOICE})
    assert GONE in left_out(source)


def hostile(place: Path, files: dict[str, str | bytes], types: dict[str, str]) -> Path:
    """A package that means harm, or was harmed."""
    return zipped(place, {"imsmanifest.xml": manifest(types), **files})


REFUSED = {
    "its XML cannot be read": ({"a.xml": f"<!DOCTYPE a [<!ENTITY b 'c'>]>{CHOICE[38:]}"}, {"a.xml": ITEM}),
    "the depth of its XML": ({"a.xml": "<assessmentItem>" + "<p>" * 40}, {"a.xml": ITEM}),
    "it holds no question": ({"a.xml": "<other/>"}, {"a.xml": ITEM}),
    "leads out of the package": ({"../a.xml": CHOICE}, {"../a.xml": ITEM}),
    "what it would unfold to": ({"a.xml": CHOICE, "b.bin": bytes(2**25)}, {"a.xml": ITEM}),
    GONE: ({}, {"gone.xml": ITEM}),
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_a_broken_or_hostile_package_is_refused(tmp_path: Path, sentence: str) -> None:
    """Each with its sentence, and with nothing added."""
    files, types = REFUSED[sentence]
    with pytest.raises(ContentError, match=sentence):
        describe(hostile(tmp_path / "bank.zip", dict(files), types))


def test_what_would_fill_the_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All questions together, and all pictures together."""
    photo = photos.drawing(40, 30, kind="PNG")
    shown = CHOICE.replace("<itemBody>", '<itemBody><img src="../a.png" alt="x"/>')
    source = hostile(tmp_path / "bank.zip", {"items/a.xml": shown, "a.png": photo}, {"items/a.xml": ITEM})
    assert questions(source)
    monkeypatch.setattr("content.formats.quizzes.MEDIA_BYTES_MAX", 10)
    with pytest.raises(ContentError, match="the size of its pictures and sounds together"):
        describe(source)
    monkeypatch.setattr("content.formats.qti_package.XML_BYTES_MAX", len(shown) + 10)
    with pytest.raises(ContentError, match="the size of its questions together"):
        describe(source)


def test_files_that_are_not_what_they_are_called_are_refused(tmp_path: Path) -> None:
    """A picture that calls itself an item."""
    types = {"a.png": ITEM}
    with pytest.raises(ContentError, match="its XML cannot be read"):
        describe(hostile(tmp_path / "bank.zip", {"a.png": photos.drawing(4, 4, kind="PNG")}, types))


def test_only_a_package_of_qti_is_taken_for_one(tmp_path: Path) -> None:
    """No SCORM, no Common Cartridge, which holds more; a folder around it all does not matter."""
    assert qti_package.recognise(bank(tmp_path / "a.zip", CHOICE))
    assert not qti_package.recognise(bank(tmp_path / "b.zip", CHOICE, kind="webcontent"))
    cartridge = manifest({"a.xml": "imsqti_xmlv1p2/imscc_xmlv1p1/assessment"}, "<schema>IMS Common Cartridge</schema>")
    assert not qti_package.recognise(zipped(tmp_path / "c.zip", {"imsmanifest.xml": cartridge}))
    inner = {
        f"top/{path}": data for path, data in {"imsmanifest.xml": manifest({"a.xml": ITEM}), "a.xml": CHOICE}.items()
    }
    assert len(questions(zipped(tmp_path / "d.zip", inner))) == 1
    broken = tmp_path / "e.zip"
    broken.write_bytes(bank(tmp_path / "f.zip", CHOICE).read_bytes()[:-30])
    assert not qti_package.recognise(broken)
    with pytest.raises(PackageUnfit):
        describe(bank(tmp_path / "g.zip", qti2.item("", "")))


def test_a_bank_is_installed_played_and_passed(cast: Cast, node: Node, tmp_path: Path) -> None:
    """From the file to the record, through the learner's pages."""
    source = bank(tmp_path / "wells.en.zip", *qti2.KINDS)
    added = library.add(node, source=source, in_part=True)
    assert play(node, cast.client("learner"), added.package, quizzes(source)["wells"])
