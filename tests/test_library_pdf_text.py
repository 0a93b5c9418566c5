"""A PDF on the shelf: found by its title at once, by its words when they were read; a scan is told to its keeper."""

import json
from html import unescape
from pathlib import Path

import pytest

from hub import jobs, library, texts
from hub.node import Node
from hub.worker import Worker
from tests.fixtures import engines, packages, pdfs
from tests.fixtures.cast import ROLES, Cast

pytestmark = pytest.mark.sqlite(engines.SHELF)
KEEPERS = ("librarian", "steward")


@pytest.fixture
def shelf(node: Node, cast: Cast, tmp_path: Path) -> Node:
    """A booklet of three pages, and a scan."""
    library.add(node, source=pdfs.written(tmp_path / "booklet.pdf", [["cover"], ["Boil water"], ["ﺀﺎﻤﻟﺍ"]]))
    library.add(node, source=packages.pdf(tmp_path / "scan.pdf"))
    return node


def work(node: Node) -> list[str]:
    """Do what waits; what came of reading."""
    worker = Worker(node)
    while worker.step():
        pass
    return [json.dumps(job.progress) for job in jobs.jobs(node, kind=texts.JOB)]


def text_of(cast: Cast, address: str, role: str = "learner") -> str:
    """A page that opens."""
    answer = cast.client(role).get(address)
    assert answer.status_code == 200
    return unescape(answer.text)


def test_it_is_found_by_its_title_and_then_by_its_pages(shelf: Node, cast: Cast) -> None:
    """The hit opens the PDF at its page, under its own title; reading again changes nothing."""
    assert (library.search(shelf, words="booklet").found.total, library.search(shelf, words="boil").found.total) == (
        2,
        0,
    )
    for _ in range(2):
        work(shelf)
        (row,) = [row for row in library.packages(shelf) if "booklet" in row.id]
        for words, page in (("boil", 2), ("الماء", 3)):
            text = text_of(cast, f"/library/?q={words}")
            assert f'href="/learn/{row.id}/item/?page={page}"' in text
            assert f'<bdi class="title">{row.title}</bdi>' in text
        assert f"#page={3}" in text_of(cast, f"/learn/{row.id}/item/?page=3")
        assert "#page=" not in text_of(cast, f"/learn/{row.id}/item/")
        texts.mend(shelf)


def test_a_scan_is_told_to_keepers_of_the_shelf(shelf: Node, cast: Cast) -> None:
    """On its page, once it was looked at, and where they watch the work; nobody else is bothered."""
    (row,) = [row for row in library.packages(shelf) if "scan" in row.id]
    for is_read in (False, True):
        for role in ROLES:
            is_told = "pages without words" in text_of(cast, f"/library/{row.id}/", role)
            assert is_told == (is_read and role in KEEPERS), role
        told = work(shelf)
    assert any("1 of 1 PDFs have no words" in each or "no words that can be read" in each for each in told)


def test_what_was_read_stays_through_a_rebuild_and_goes_with_its_package(shelf: Node) -> None:
    """Nothing is read twice; after the last package with it went, its words are gone from the disk."""
    work(shelf)
    kept = sorted((shelf.home / "texts").rglob("*.json"))
    assert len(kept) == 2
    times = [path.stat().st_mtime_ns for path in kept]
    library.rebuild(shelf)
    assert library.search(shelf, words="boil").found.total == 1
    work(shelf)
    assert [path.stat().st_mtime_ns for path in kept] == times
    for row in library.packages(shelf):
        library.remove(shelf, row.id)
    assert list((shelf.home / "texts").rglob("*.json")) == []
    assert library.search(shelf, words="boil").found.total == 0


def test_a_package_that_went_before_its_turn_is_passed_by(shelf: Node) -> None:
    """The job ends in a sentence."""
    for row in library.packages(shelf):
        library.remove(shelf, row.id)
    assert any("no longer on the shelf" in each for each in work(shelf))


def test_long_work_lets_others_have_a_turn(shelf: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while the rest is asked for anew, and it ends all the same."""
    place = packages.folder(tmp_path / "two")
    with (place / "package.toml").open("a") as file:
        for name in ("one", "two"):
            pdfs.written(place / f"{name}.pdf", [[f"pump {name}"]])
            file.write(f'\n[[item]]\nid = "{name}"\nkind = "pdf"\ntitle = "Part"\npath = "{name}.pdf"\n')
    library.add(shelf, source=place)
    monkeypatch.setattr(texts, "TURN_S", -1.0)
    told = work(shelf)
    assert library.search(shelf, words="pump").found.total == 2
    assert sum("1 of 2 PDFs" in each for each in told) == 1


def test_a_full_disk_is_said_and_tried_again(shelf: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be kept changes nothing; the next start asks again."""
    with monkeypatch.context() as broken:
        broken.setattr("content.texts.Disk.rename", _full)
        assert all("disk" in each for each in work(shelf))
    assert library.search(shelf, words="boil").found.total == 0
    texts.mend(shelf)
    work(shelf)
    assert library.search(shelf, words="boil").found.total == 1


def _full(*_paths: object) -> None:
    raise OSError(28, "No space left on device")
