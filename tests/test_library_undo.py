"""What was taken off the shelf can be brought back for some days, by who keeps the shelf and nobody else."""

import dataclasses
from pathlib import Path

import pytest

from content import aside
from hub import library, room, undoing
from hub.node import Node
from hub.worker import DUE, HANDLERS, Worker
from tests.fixtures import engines, packages
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.clock import HandClock

pytestmark = pytest.mark.sqlite(engines.SHELF)
KEEPERS = ("librarian", "steward")
PAGE = "/library/removed/"
DAY_S = 86_400


@pytest.fixture
def well(node: Node, tmp_path: Path) -> str:
    """A package on the shelf."""
    return library.add(node, source=packages.folder(tmp_path / "well")).package


@pytest.mark.parametrize("role", ROLES)
def test_who_brings_it_back(cast: Cast, node: Node, well: str, role: str) -> None:
    """Keepers see what lies aside and bring it back; nobody else sees a way there."""
    key, _ = undoing.take_off(node, well)
    client, keeps = cast.client(role), role in KEEPERS
    assert (PAGE in client.get("/library/").text) == keeps
    seen = client.get(PAGE)
    assert seen.status_code == (200 if keeps else 303 if role == OUTSIDER else 403)
    assert ("14 days left" in seen.text or "2 weeks left" in seen.text) == keeps
    answers = {client.post(f"{PAGE}{key}/back/").status_code}
    assert answers == ({303} if keeps else {403})
    assert [row.id for row in library.packages(node)] == ([well] if keeps else [])
    assert client.post(f"{PAGE}{key}/forget/").status_code == (303 if keeps else 403)


def test_it_is_found_again_as_before(cast: Cast, node: Node, well: str) -> None:
    """Off the shelf it is in no list and no search; back on it, it is in both. What stands again is not doubled."""
    browser = cast.client("librarian")
    assert browser.post(f"/library/{well}/remove/").headers["Location"] == PAGE
    assert library.packages(node) == [] and browser.get(f"/library/{well}/").status_code == 404
    (lying,) = aside.aside(node.shelf)
    assert browser.post(f"{PAGE}{lying.key}/back/").headers["Location"] == "/library/"
    assert browser.get(f"/library/{well}/").status_code == 200
    assert browser.post(f"{PAGE}{lying.key}/back/").status_code == 404
    assert "Nothing lies aside" in browser.get(PAGE).text


def test_a_name_that_stands_again_is_said(cast: Cast, node: Node, well: str, tmp_path: Path) -> None:
    """Nothing is changed by it."""
    key, _ = undoing.take_off(node, well)
    library.add(node, source=tmp_path / "well")
    browser = cast.client("steward")
    assert browser.post(f"{PAGE}{key}/back/").headers["Location"] == PAGE
    assert "stands on the shelf again already" in browser.get(PAGE).text


def test_after_its_days_the_worker_lets_it_go(node: Node, well: str, clock: HandClock) -> None:
    """Not a day before."""
    undoing.take_off(node, well)
    clock.advance(13 * DAY_S)
    assert not DUE[undoing.CLEAR_JOB](node)
    clock.advance(DAY_S)
    assert DUE[undoing.CLEAR_JOB](node)
    worker = Worker(node, HANDLERS)
    worker.ask_for_what_is_due()
    while worker.step():
        pass
    assert aside.aside(node.shelf) == [] and not list(node.shelf.objects.glob("*/*"))
    assert not DUE[undoing.CLEAR_JOB](node)


@pytest.mark.parametrize("setting", [{"aside_max": 1}, {"aside_days": 0}], ids=["no room", "no days"])
def test_what_shall_not_lie_aside_is_gone_at_once(node: Node, well: str, setting: dict[str, int]) -> None:
    """One that is larger than the room for it, and everything where nothing is kept."""
    strict = dataclasses.replace(node, settings=dataclasses.replace(node.settings, **setting))
    key, freed = undoing.take_off(strict, well)
    assert (key, aside.aside(node.shelf)) == ("", []) and freed > 0


def test_where_there_is_no_room_the_oldest_goes_first(
    node: Node, well: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: HandClock
) -> None:
    """Only as much as is needed; what is new then stands on the shelf."""
    undoing.take_off(node, well)
    clock.advance(60)
    other = library.add(node, source=packages.well(tmp_path / "other", work="tree")).package
    undoing.take_off(node, other)
    free = iter([0, 10**12, 10**12, 10**12])
    monkeypatch.setattr(node.shelf.disk, "free_bytes", lambda _folder: next(free, 10**12))
    third = library.add(node, source=packages.well(tmp_path / "third", work="hill")).package
    assert [row.id for row in library.packages(node)] == [third]
    assert [each.manifest.id for each in aside.aside(node.shelf)] == [other]


def test_room_is_made_where_that_is_enough(
    node: Node, well: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, clock: HandClock
) -> None:
    """Only as much as is needed, the oldest first; where all of it would not do, nothing is let go."""
    undoing.take_off(node, well)
    clock.advance(60)
    other = library.add(node, source=packages.epub(tmp_path / "goat.epub")).package
    undoing.take_off(node, other)
    size = lambda: sum(path.stat().st_size for path in node.shelf.objects.glob("*/*"))  # noqa: E731
    disk, reserve, lies = size() + 100, node.settings.free_reserve, aside.frees(node.shelf)
    monkeypatch.setattr(node.shelf, "free_bytes", lambda: reserve + disk - size())
    assert (size(), room.free_bytes(node)) == (lies, reserve + disk)
    for needed, left in ((100, [other, well]), (disk + 1, [other, well]), (101, [other]), (disk, [])):
        room.make(node, needed=needed)
        assert [each.manifest.id for each in aside.aside(node.shelf)] == left
