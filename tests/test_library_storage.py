"""Whoever keeps the shelf sees what takes up room and what is used, and never who used it."""

import time
from pathlib import Path
from types import MappingProxyType

import pytest

from content.package import FileEntry, Item, Manifest, dump
from hub import learning, library, stock
from hub.node import Node
from hub.people import roster
from tests.fixtures import packages
from tests.fixtures.cast import OUTSIDER, ROLES, Cast

WELL, TANK = "well.en", "tank.en"
KEEPERS = ("librarian", "steward")


@pytest.fixture
def both(node: Node, cast: Cast, tmp_path: Path) -> None:
    """Two packages that share a picture and a quiz; only the lessons differ."""
    library.add(node, source=packages.folder(tmp_path / "well"))
    swaps = {"Keep the well clean": "The tank"}
    library.add(node, source=packages.well(tmp_path / "tank", work="tank", **swaps))
    assert {row.id for row in library.packages(node)} == {WELL, TANK}


def _opened_by(node: Node, count: int, item: str, *, finished: int = 0) -> None:
    for number in range(count):
        name = f"Learner {number}"
        person = next(iter(roster.people(node, words=name)), None) or roster.add_person(node, name=name, picture="goat")
        opened = learning.find(node, package=WELL, item=item, person=person)
        learning.open_item(node, person=person.id, opened=opened)
        if number < finished:
            learning.finish(node, person=person.id, opened=opened)


def test_others_get_nothing(cast: Cast, both: None) -> None:
    """Keepers see it; a guest is led to sign in."""
    for role in ROLES:
        for address in ("/library/storage/", f"/library/{WELL}/use/"):
            wanted = 200 if role in KEEPERS else 303 if role == OUTSIDER else 403
            assert cast.client(role).get(address).status_code == wanted, (role, address)


def test_what_is_freed_is_what_goes(node: Node, both: None) -> None:
    """Files that others need count as shared; taking the package off frees exactly what was said."""
    kept = {each.row.id: each for each in stock.stock(node).kept}
    assert kept[WELL].shared == kept[TANK].shared > 0
    total = stock.stock(node).taken
    assert total == kept[WELL].frees + kept[TANK].frees + kept[WELL].shared
    assert library.remove(node, WELL) == kept[WELL].frees
    (left,) = stock.stock(node).kept
    assert (left.frees, left.shared) == (kept[TANK].frees + kept[TANK].shared, 0)


def test_few_people_are_not_counted(cast: Cast, node: Node, both: None) -> None:
    """Four who opened it are few, five are five; who nobody opened stands first among the unused."""
    _opened_by(node, 4, "read")
    found = {each.row.id: each for each in stock.stock(node).kept}
    assert (found[WELL].people, found[WELL].is_unused, found[TANK].is_unused) == (None, False, True)
    assert "opened by few" in cast.client("librarian").get("/library/storage/").text
    _opened_by(node, 6, "read", finished=5)
    assert {each.row.id: each.people for each in stock.stock(node).kept} == {WELL: 6, TANK: None}
    page = cast.client("librarian").get("/library/storage/?order=last").text
    assert page.index(f"/library/{TANK}/use/") < page.index(f"/library/{WELL}/use/")
    assert ("opened by 6 people" in page, "nobody has opened it" in page, "Learner" in page) == (True, True, False)
    part = cast.client("librarian").get(f"/library/{WELL}/use/").text
    assert ("finished by 5 people" in part, "Learner" in part) == (True, False)


def test_no_part_is_worked_out_from_the_rest(node: Node, both: None) -> None:
    """Where one part is of few, another is hidden with it."""
    _opened_by(node, 6, "read")
    _opened_by(node, 2, "try")
    parts = stock.parts(node, library.package(node, WELL))
    assert [part.opened for part in parts] == [None, None]


def test_a_large_shelf(node: Node) -> None:
    """Two thousand packages are looked through in a moment: no file of theirs is opened."""
    for number in range(2_000):
        files = MappingProxyType({"a.pdf": FileEntry(f"{number % 1_500:064x}", 10)})
        items = (Item("a", "pdf", "A", "a.pdf"),)
        manifest = Manifest(f"p{number}", f"p{number}", 1, f"P {number}", "en", items, files, "pdf")
        (node.shelf.packages / f"{manifest.id}.json").write_bytes(dump(manifest))
    node.shelf.list()
    began = time.perf_counter()
    found = stock.stock(node)
    assert found.taken == 15_000
    assert time.perf_counter() - began < 5
