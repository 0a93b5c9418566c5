"""Tasks of H5P and questions of QTI 2 and 3 inside Common Cartridges: parts of the course that play."""

import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from content.checks import check_draft
from content.draft import Draft
from content.exercise import load
from content.formats import cartridge, course, describe, h5p, nested
from content.install import install
from content.limits import DEFAULT, MIB
from content.shelf import Shelf
from tests.fixtures import courses, packages, qti2
from tests.fixtures import h5p as tasks

RESOURCE = '<resource identifier="{0}" type="{1}" href="{0}"><file href="{0}"/></resource>'
CHOICE = qti2.item(
    qti2.asking("choiceInteraction", "What keeps leaves out?", qti2.choices({"A": "A lid", "B": "A rope"})),
    qti2.response("A"),
)
ITEM, TEST = "imsqti_item_xmlv2p1", "imsqti_test_xmlv2p1"


def cartridge_of(place: Path, kinds: dict[str, str], files: dict[str, str | bytes], items: str = "") -> Path:
    """A cartridge with these resources, each under its path; `items` are its table of contents."""
    resources = "".join(RESOURCE.format(path, kind) for path, kind in kinds.items())
    manifest = courses.manifest("1.1.0", items=items, resources=resources)
    return packages.zipped(place, {"imsmanifest.xml": manifest, **files})


def read(source: Path) -> Draft:
    """A draft, checked as the shelf checks it."""
    draft = describe(source)
    check_draft(draft, DEFAULT)
    return draft


def left_out(draft: Draft) -> list[str]:
    """What is left out, in English."""
    return [str(each) for each in draft.left_out]


def test_a_task_is_a_part_that_plays(tmp_path: Path) -> None:
    """Unfolded with its libraries, in its place in the course; nothing of it stays behind elsewhere."""
    task = tasks.package(tmp_path / "lid.h5p").read_bytes()
    place = '<item identifier="f"><title>Water</title><item identifier="i" identifierref="lid.h5p">'
    items = place + "<title>The lid</title></item></item>"
    source = cartridge_of(tmp_path / "c.imscc", {"lid.h5p": "webcontent"}, {"lid.h5p": task}, items)
    before = set(Path(tempfile.gettempdir()).glob("course-*"))
    shelf = Shelf(tmp_path / "shelf")
    (item,) = (manifest := install(shelf, source)).items
    assert (item.part, item.kind, item.title) == ("Water", h5p.KIND, "The lid")
    assert item.path in manifest.files and item.path.endswith("/h5p.json")
    assert shelf.verify() == []
    assert set(Path(tempfile.gettempdir()).glob("course-*")) == before


@pytest.mark.parametrize("data", [b"PK", b"", b"PK\x05\x06" + bytes(18)])
def test_a_task_that_cannot_be_read_is_said(tmp_path: Path, data: bytes) -> None:
    """And the rest of the course comes."""
    kinds = {"lid.h5p": "webcontent", "a.html": "webcontent"}
    source = cartridge_of(tmp_path / "c.imscc", kinds, {"lid.h5p": data, "a.html": "<p>Wells</p>"})
    with closing(read(source)) as draft:
        assert [item.kind for item in draft.manifest.items] == ["lesson"]
        assert any(each.startswith(course.UNREAD) for each in left_out(draft))


def test_tasks_take_no_more_room_than_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is more is left out and said."""
    task = tasks.package(tmp_path / "lid.h5p").read_bytes()
    monkeypatch.setattr(nested, "NESTED_BYTES_MAX", len(task))
    kinds = {"one.h5p": "webcontent", "two.h5p": "webcontent"}
    with closing(read(cartridge_of(tmp_path / "c.imscc", kinds, dict.fromkeys(kinds, task)))) as draft:
        assert [item.title for item in draft.manifest.items] == ["one"]
        assert left_out(draft)[-1] == f"{course.UNREAD} (two)"


def test_what_of_a_task_cannot_work_is_said(tmp_path: Path) -> None:
    """With the name of the part."""
    content = {**tasks.CONTENT, "film": {"mime": "video/YouTube", "path": "https://youtu.be/x"}}
    task = tasks.package(tmp_path / "lid.h5p", content=content).read_bytes()
    with closing(read(cartridge_of(tmp_path / "c.imscc", {"lid.h5p": "webcontent"}, {"lid.h5p": task}))) as draft:
        assert left_out(draft)[-1] == f"{h5p.FILMS} (lid)"


@pytest.mark.parametrize("make", [str, qti2.newer], ids=["2", "3"])
def test_a_test_is_asked_with_its_items_once(tmp_path: Path, make: type[str]) -> None:
    """Under its own title; items that a test asks are no parts by themselves, and those of no test are one quiz."""
    kinds = {"a.xml": ITEM, "b.xml": ITEM, "c.xml": ITEM, "t.xml": TEST}
    test = qti2.test(qti2.section(qti2.ref("a.xml"), title="Lids"), title="Wells")
    files: dict[str, str | bytes] = {"a.xml": make(CHOICE), "b.xml": make(CHOICE), "c.xml": make(CHOICE)}
    files |= {"t.xml": make(test)}
    with closing(read(cartridge_of(tmp_path / "c.imscc", kinds, files))) as draft:
        found = {item.title: len(load(draft.read(item.path, limit=MIB)).questions) for item in draft.manifest.items}
    assert found.pop("Wells") == 1
    assert list(found.values()) == [2]


def test_an_item_in_its_place_is_a_quiz_there(tmp_path: Path) -> None:
    """Under the title that the course gives it; one that is broken is said."""
    items = '<item identifier="i" identifierref="a.xml"><title>The lid</title></item>'
    files: dict[str, str | bytes] = {"a.xml": CHOICE, "b.xml": "<assessmentItem"}
    source = cartridge_of(tmp_path / "c.imscc", {"a.xml": ITEM, "b.xml": ITEM}, files, items)
    with closing(read(source)) as draft:
        assert [(item.kind, item.title) for item in draft.manifest.items] == [("quiz", "The lid")]
        assert any(each.startswith(course.UNREAD) for each in left_out(draft))


def test_a_course_that_is_refused_leaves_nothing_behind(tmp_path: Path) -> None:
    """No folder of what lay inside it."""
    task = tasks.package(tmp_path / "lid.h5p").read_bytes()
    before = set(Path(tempfile.gettempdir()).glob("course-*"))
    source = cartridge_of(tmp_path / "c.imscc", {"lid.h5p": "webcontent"}, {"lid.h5p": task})
    read(source).close()
    assert cartridge.recognise(source)
    assert set(Path(tempfile.gettempdir()).glob("course-*")) == before
