"""A lone Markdown file becomes a lesson; what is called as a known format and is none gets its one sentence."""

import io
from pathlib import Path

import pytest

from content.errors import FormatUnknown
from content.install import install
from content.refusals import FormatMisnamed, LessonAlone
from content.shelf import Shelf
from hub import jobs, library
from hub.node import Node
from hub.worker import HANDLERS, Worker
from tests.fixtures import engines, packages
from tests.fixtures.cast import Cast
from tests.fixtures.quizzes import written

pytestmark = pytest.mark.sqlite(engines.SHELF)
TEXT = "Before it a line.\n\n# Clean  wells\n\nA lid keeps leaves out. [More](https://far.net/a)\n"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """An empty shelf."""
    return Shelf(tmp_path / "shelf")


def test_it_is_a_lesson_called_by_its_heading(shelf: Shelf, tmp_path: Path) -> None:
    """The language is told by the name of the file, as of any lone file."""
    manifest = install(shelf, written(tmp_path / "wells.sw.md", TEXT))
    (item,) = manifest.items
    assert (manifest.title, item.title, item.kind, manifest.language) == ("Clean wells", "Clean wells", "lesson", "sw")


def test_without_a_heading_it_is_called_by_its_file(shelf: Shelf, tmp_path: Path) -> None:
    """In any letters, with the longer ending too."""
    assert install(shelf, written(tmp_path / "Our_wells.MARKDOWN", "A lid.")).title == "Our wells"
    assert (
        install(shelf, written(tmp_path / "\u0628\u0626\u0631.md", "\ufeff# \u0628\u0626\u0631")).title
        == "\u0628\u0626\u0631"
    )


def test_it_opens_and_is_found(cast: Cast, node: Node) -> None:
    """Sent from a phone, read by a learner, found by its words."""
    sent = {"file": (io.BytesIO(TEXT.encode()), "wells.en.md")}
    cast.client("librarian").post("/library/add/", data=sent)
    worker = Worker(node, HANDLERS)
    while worker.step():
        pass
    (row,) = library.packages(node)
    learner = cast.client("learner")
    assert "A lid keeps leaves out." in learner.get(f"/learn/{row.id}/item/").text
    assert "Clean wells" in learner.get("/library/?q=leaves").text


def test_what_it_shows_has_to_come_along(shelf: Shelf, tmp_path: Path) -> None:
    """The sentence names the file and says how both come."""
    with pytest.raises(LessonAlone, match=r"wells.md shows lid.jpg.*zip of it"):
        install(shelf, written(tmp_path / "wells.md", "![A lid](lid.jpg)"))
    assert shelf.list() == []


@pytest.mark.parametrize("name", ["a.pdf", "A.PDF", "a.epub", "a.mp3", "a.mp4", "a.zim", "a.zip", "a.h5p", "a.imscc"])
def test_a_false_name_is_told_as_such(shelf: Shelf, tmp_path: Path, name: str) -> None:
    """One sentence, without the list of all that could have come."""
    with pytest.raises((FormatMisnamed, FormatUnknown)) as told:
        install(shelf, written(tmp_path / name, "<!doctype html><title>Sign in</title>"))
    assert f"{name} is named {Path(name).suffix.lower()}" in str(told.value) and "H5P" not in str(told.value)


def test_a_stick_names_it_too(cast: Cast, node: Node, stick: Path) -> None:
    """Among what cannot be used, and why; files of unknown kinds are counted as before."""
    packages.epub(stick / "goat.epub")
    written(stick / "false.pdf", "<p>no PDF</p>")
    client = cast.client("librarian")
    address = client.post("/library/add/stick/", data={"place": "TEACHER"}).headers["Location"]
    Worker(node, HANDLERS).step()
    page = client.get(address).text
    assert "false.pdf is named .pdf" in page and "1 other file is of a kind" in page
    assert jobs.jobs(node, kind="stick")[0].state == jobs.DONE
