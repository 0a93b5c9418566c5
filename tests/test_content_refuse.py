"""Broken, huge and hostile packages: one sentence each, and the shelf as it was.

What every format gets wrong in the same ways stands in the corpus (`test_content_hostile.py`).
"""

import json
import os
import shutil
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from content.errors import ContentError
from content.install import Step, install
from content.limits import Limits
from content.shelf import Shelf
from tests.fixtures import packages
from tests.fixtures.packages import zipped

PAGE = {"index.html": "<title>x</title>"}
TIGHT = Limits(
    files=50, depth=4, directory_bytes=20_000, ratio_floor_bytes=10_000, total_bytes=200_000, file_bytes=140_000
)


def _overlapping(place: Path) -> Path:
    """Two names for the same bytes: the trick of the flat zip bomb."""
    zipped(place, {"a.txt": "x" * 5000, "b.txt": "x" * 5000, **PAGE})
    data = bytearray(place.read_bytes())
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 1)
    data[second + 42 : second + 46] = struct.pack("<I", 0)
    place.write_bytes(data)
    return place


def _wrong_hash(place: Path) -> Path:
    """An exported package with one blob changed, of the same size."""
    shelf = Shelf(place.parent / "other")
    install(shelf, packages.folder(place.parent / "well", more="And a rope."))
    shutil.copytree(shelf.objects, place / "objects")
    shutil.copy(shelf.packages / "well.en.json", place / "mangrove.json")
    blob = shelf.manifest("well.en").files["read.md"]  # type: ignore[union-attr]
    (place / "objects" / blob.sha256[:2] / blob.sha256).write_bytes(b"x" * blob.size)
    return place


def _missing_blob(place: Path) -> Path:
    _wrong_hash(place)
    shutil.rmtree(place / "objects")
    return place


def _manifest(text: str) -> Callable[[Path], Path]:
    def make(place: Path) -> Path:
        place.mkdir()
        (place / "mangrove.json").write_text(text)
        return place

    return make


def _described(old: str, new: str) -> Callable[[Path], Path]:
    text = packages.DESCRIPTION.format(version=1).replace(old, new)
    return lambda place: packages.folder(place, package__toml=text)


def _bare() -> str:
    return packages.DESCRIPTION.format(version=1).partition("[[item]]")[0]


def _changed(old: str, new: str) -> Callable[[Path], Path]:
    """An exported package whose manifest was changed by hand."""

    def make(place: Path) -> Path:
        _wrong_hash(place)
        page = place / "mangrove.json"
        text = json.dumps(json.loads(page.read_text()))
        assert old in text
        page.write_text(text.replace(old, new, 1))
        return place

    return make


def _crowd(place: Path) -> Path:
    packages.folder(place)
    for number in range(60):
        (place / f"{number}.txt").write_text("x")
    return place


def _packed_strangely(place: Path) -> Path:
    with zipfile.ZipFile(place, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("index.html", "x")
    return place


def _zip64(place: Path) -> Path:
    """A locator that leads to where no record is."""
    zipped(place, PAGE)
    data = place.read_bytes()
    end = data.index(b"PK\x05\x06")
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, len(data) + 20, 1)
    place.write_bytes(data[:end] + locator + data[end:])
    return place


def _locked_epub(place: Path) -> Path:
    lock = '<encryption xmlns="urn:x"><Data><EncryptionMethod Algorithm="urn:adobe"/></Data></encryption>'
    return packages.epub(place, **{"META-INF__encryption.xml": lock})


CASES: dict[str, tuple[str, Callable[[Path], Path], str]] = {
    "nothing there": ("gone.zip", lambda place: place, "There is nothing at"),
    "no known format": ("x.doc", lambda place: _text(place, "hello"), "not something this library can open"),
    "an empty file": ("x.pdf", lambda place: _text(place, ""), "x.pdf is an empty file"),
    "a bomb by ratio": ("a.zip", lambda p: zipped(p, {**PAGE, "zeros": bytes(5_000_000)}), "would unfold to"),
    "a bomb by size": (
        "a.zip",
        lambda p: zipped(p, {**PAGE, "a": os.urandom(130_000), "b": os.urandom(130_000)}),
        "too large: all of it",
    ),
    "a bomb of one page often": ("a.zip", _overlapping, "lie on top of each other"),
    "too many files": ("a.zip", lambda p: zipped(p, {f"{n}.html": "" for n in range(60)}), "number of files"),
    "very many files": ("a.zip", lambda p: zipped(p, {f"{n}": "" for n in range(2_000)}), "number of files"),
    "a huge table of contents": (
        "a.zip",
        lambda p: zipped(p, {f"{n}{'n' * 250}": "" for n in range(90)}),
        "table of contents",
    ),
    "folders without end": ("a.zip", lambda p: zipped(p, {**PAGE, "a/b/c/d/e/f": "x"}), "folders deep"),
    "a name that is too long": ("a.zip", lambda p: zipped(p, {**PAGE, "n" * 300: "x"}), "too long"),
    "an IMS package": ("a.zip", lambda p: zipped(p, {**PAGE, "imsmanifest.xml": ""}), "of the format IMS Content"),
    "a zip without a page": ("a.zip", lambda p: zipped(p, {"data.csv": "1,2"}), "not something this library"),
    "a book with a lock": ("a.epub", _locked_epub, "copy protection"),
    "a film without index": ("a.mp4", lambda p: _bytes(p, packages.box(b"ftyp", b"isom")), "index is missing"),
    "a wrong hash": ("out", _wrong_hash, "is not what its manifest says"),
    "a missing blob": ("out", _missing_blob, "is missing"),
    "a manifest that is no JSON": ("out", _manifest("{"), "not readable JSON"),
    "a manifest of lists": ("out", _manifest("[" * 5000), "not readable JSON"),
    "a newer format": ("out", _manifest('{"mangrove": 99}'), "made for a newer Mangrove"),
    "toml with a slip": ("well", _described('id = "well.en"', 'id = "well.en'), "not readable TOML"),
    "an unknown field": ("well", _described("licence", "license"), 'the field "license" is not known'),
    "an id of spaces": ("well", _described('id = "well.en"', 'id = "Well En"'), '"id" must be'),
    "the name of a page": ("well", _described('id = "well.en"', 'id = "add"'), '"id" must not be "add"'),
    "an unknown kind": ("well", _described('kind = "quiz"', 'kind = "game"'), '"kind" must be one of'),
    "an unknown competency": ("well", _described('["clean"]', '["dirty"]'), 'competency "dirty"'),
    "an item twice": ("well", _described('id = "try"', 'id = "read"'), "used twice"),
    "a lesson that is not there": ("well", _described("read.md", "reed.md"), "which is not in it"),
    "a picture that is not there": (
        "well",
        lambda p: packages.folder(p, read__md="![x](no.svg)"),
        "which is not in it",
    ),
    "a picture outside": ("well", lambda p: packages.folder(p, read__md="![x](../no.svg)"), "outside of its folder"),
    "a lesson in another code": ("well", lambda p: _latin(packages.folder(p)), "not text in UTF-8"),
    "a quiz in another code": ("well", lambda p: _latin(packages.folder(p), "try.toml"), "not text in UTF-8"),
    "a quiz that is no TOML": ("well", lambda p: packages.folder(p, try__toml="title = "), "not readable TOML"),
    "a quiz without questions": ("well", lambda p: packages.folder(p, try__toml='title = "x"'), "holds no question"),
    "a quiz of a competency that is not there": (
        "well",
        lambda p: packages.folder(p, try__toml=packages.QUIZ + 'competencies = ["fly"]'),
        'the competency "fly"',
    ),
    "a description in another code": (
        "well",
        lambda p: _latin(packages.folder(p), "package.toml"),
        "not text in UTF-8",
    ),
    "nothing to open": ("well", lambda p: packages.folder(p, package__toml=_bare()), "holds nothing to open"),
    "a goal that is none": ("well", _described('["6.1"]', '["18"]'), "not a goal or target"),
    "a level that is none": ("well", _described('"beginner"', '"expert"'), '"level" must be'),
    "a minute too many": ("well", _described("minutes = 5", "minutes = 50000"), "whole number from 0"),
    "a version of text": ("well", _described("version = 1", 'version = "1"'), '"version" must be a whole number'),
    "a title without end": ("well", _described('title = "Keep', f'title = "{"x" * 300}'), "longer than 200"),
    "an empty title": ("well", _described('title = "Keep the well clean"', 'title = " "'), '"title" is missing'),
    "one goal twice": ("well", _described('["6.1"]', '["6.1", "6.1"]'), "the same text twice"),
    "a list of numbers": ("well", _described('["6.1"]', "[6.1]"), "a list of texts"),
    "a text for a list": ("well", _described('["6.1"]', '"6.1"'), "must be a list"),
    "a manifest without files": ("out", _manifest('{"mangrove": 1}'), "is missing"),
    "a file of nonsense": ("out", _changed('"files": {', '"files": {"x": ["no", 1], '), "must have a SHA-256"),
    "files that are no table": ("out", _changed('"files": {', '"files": [], "filez": {'), "must be a table of paths"),
    "too many files in a folder": ("well", _crowd, "number of files"),
    "a zip packed strangely": ("a.zip", _packed_strangely, "packed in a way"),
    "a zip64 without its record": ("a.zip", _zip64, "cut short"),
    "a file larger than the limit": ("a.mp4", lambda p: packages.mp4(p, data_bytes=150_000), "is too large"),
    "an empty film": ("a.mp4", lambda p: _bytes(p, b""), "a.mp4 is an empty file"),
    "a broken box": ("a.mp4", lambda p: _bytes(p, packages.box(b"ftyp", b"isom") + b"\0\0\0\3moov"), "cut short"),
    "a quiz without answer": (
        "well",
        lambda p: packages.folder(p, try__toml=packages.QUIZ.replace('"lid"]', '"no"]')),
        "option",
    ),
}


def _text(place: Path, text: str) -> Path:
    place.write_text(text)
    return place


def _bytes(place: Path, data: bytes) -> Path:
    place.write_bytes(data)
    return place


def _latin(place: Path, name: str = "read.md") -> Path:
    (place / name).write_bytes("# Été".encode("latin-1"))
    return place


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("case", CASES)
def test_it_is_refused_in_one_sentence_and_nothing_changes(tmp_path: Path, case: str) -> None:
    """Each says what is wrong; the shelf and its files are as they were."""
    name, make, sentence = CASES[case]
    shelf = Shelf(tmp_path / "shelf")
    install(shelf, packages.folder(tmp_path / "before"))
    before = sorted(path for path in shelf.root.rglob("*") if path.is_file())
    source = make(tmp_path / name)
    with pytest.raises(ContentError) as refused:
        install(shelf, source, TIGHT)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 600
    assert sorted(path for path in shelf.root.rglob("*") if path.is_file()) == before
    assert shelf.verify() == []


def test_a_hundred_thousand_files_are_refused_by_the_table_alone(tmp_path: Path) -> None:
    """The default limits refuse it before the table of contents is read into memory."""
    place = tmp_path / "many.zip"
    entry = struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, 20, *(0,) * 4, *(0,) * 3, 1, *(0,) * 4, 0, 0) + b"a"
    table = entry * 60_000
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 60_000, 60_000, len(table), 0, 0)
    place.write_bytes(b"PK\x03\x04" + table + end)
    with pytest.raises(ContentError, match="number of files"):
        install(Shelf(tmp_path / "shelf"), place)


def test_a_zip_inside_a_zip_stays_closed(tmp_path: Path) -> None:
    """What is packed inside is a file like any other: nothing unfolds it."""
    inner = zipped(tmp_path / "bomb.zip", {"zeros": bytes(1_000_000)})
    shelf = Shelf(tmp_path / "shelf")
    manifest = install(shelf, zipped(tmp_path / "a.zip", {**PAGE, "bomb.zip": inner.read_bytes()}))
    assert manifest.files["bomb.zip"].size == inner.stat().st_size


def test_a_source_that_shrinks_while_it_is_copied_is_refused(tmp_path: Path) -> None:
    """A stick that is pulled out looks like this."""
    shelf, source = Shelf(tmp_path / "shelf"), packages.folder(tmp_path / "well")
    (source / "a-first.txt").write_text("a")

    def pull(step: Step) -> None:
        if step.files == 1:
            (source / "well.svg").write_text("")

    with pytest.raises(ContentError, match="changed or could not be read"):
        install(shelf, source, watch=pull)
    assert shelf.list() == []
