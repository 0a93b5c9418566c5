"""Whoever keeps the shelf puts things on and takes them off; nobody else does."""

import io
from pathlib import Path

import pytest

from hub import jobs, library
from hub.node import Node
from hub.worker import HANDLERS, Worker
from tests.fixtures import engines, packages
from tests.fixtures.cast import OUTSIDER, ROLES, Cast

pytestmark = pytest.mark.sqlite(engines.SHELF)
KEEPERS = ("librarian", "steward")
OTHERS = tuple(role for role in ROLES if role not in KEEPERS)


@pytest.fixture
def well(node: Node, cast: Cast, tmp_path: Path) -> str:
    """A package on the shelf."""
    return library.add(node, source=packages.folder(tmp_path / "well")).package


def test_others_get_nothing(cast: Cast, node: Node, well: str) -> None:
    """A guest is led to sign in; a form of theirs is refused, and nothing changed."""
    for role in OTHERS:
        browser = cast.client(role)
        for address in ("/library/add/", "/library/add/1234/", f"/library/{well}/remove/"):
            assert browser.get(address).status_code == (303 if role == OUTSIDER else 403)
        file = {"file": (io.BytesIO(b"x"), "x.pdf")}
        assert browser.post("/library/add/", data=file).status_code == 403
        assert browser.post("/library/add/waiting/", data={"name": "x"}).status_code == 403
        assert browser.post(f"/library/{well}/remove/").status_code == 403
    assert library.package(node, well)
    assert jobs.jobs(node) == []


@pytest.mark.parametrize("role", KEEPERS)
def test_a_file_is_sent_watched_and_opened(cast: Cast, node: Node, tmp_path: Path, role: str) -> None:
    """From the form to the shelf, with a page in between that looks again by itself."""
    browser = cast.client(role)
    file = {"file": (io.BytesIO(packages.epub(tmp_path / "goat.epub").read_bytes()), "goat.epub")}
    answer = browser.post("/library/add/", data=file)
    assert answer.status_code == 303
    waiting = browser.get(answer.headers["Location"])
    assert (waiting.headers["Refresh"], "On its way" in waiting.text) == ("2", True)
    Worker(node, HANDLERS).step()
    done = browser.get(answer.headers["Location"])
    assert "Refresh" not in done.headers
    assert "The Goat and the Moon is on the shelf" in done.text
    assert "<title>It is done" in done.text
    (package,) = [row.id for row in library.packages(node)]
    assert f'<a class="main-action" href="/library/{package}/">' in done.text
    assert "The Goat and the Moon" in browser.get("/library/").text


def test_a_refused_file_is_explained(cast: Cast, node: Node) -> None:
    """On the page of the import and in the list of the last ones."""
    browser = cast.client("librarian")
    answer = browser.post("/library/add/", data={"file": (io.BytesIO(b"hello"), "x.doc")})
    Worker(node, HANDLERS).step()
    for address in (answer.headers["Location"], "/library/add/"):
        assert "not something this library can open" in browser.get(address).text
    shown = browser.get(answer.headers["Location"]).text
    assert "<title>It was not put on the shelf" in shown and 'class="main-action"' not in shown
    assert 'class="button main" href="/library/add/"' in shown


@pytest.mark.parametrize("data", [{}, {"file": "text"}, {"file": (io.BytesIO(b""), "")}])
def test_a_form_without_a_file_is_asked_again(cast: Cast, node: Node, data: dict[str, object]) -> None:
    """One sentence, and no job."""
    answer = cast.client("librarian").post("/library/add/", data=data, content_type="multipart/form-data")
    assert answer.status_code == 400
    assert "No file was chosen" in answer.text
    assert jobs.jobs(node) == []


def test_too_large_a_file_is_refused_before_it_is_kept(cast: Cast, node: Node) -> None:
    """The limit of requests holds for this form too."""
    body, kind = bytes(node.settings.body_max + 1), "multipart/form-data; boundary=x"
    assert cast.client("librarian").post("/library/add/", data=body, content_type=kind).status_code == 413


def test_the_limit_that_is_told_is_not_above_the_limit(cast: Cast) -> None:
    """16 MiB are a little more than 16 MB, and never told as 17."""
    assert "or 16\u00a0MB where script is off" in cast.client("librarian").get("/library/add/").text


def test_something_of_the_folder_is_chosen(cast: Cast, node: Node) -> None:
    """Listed with its size, taken by its name, and only when it is still there."""
    browser = cast.client("librarian")
    browser.get("/library/add/")
    packages.mp4(node.home / "inbox" / "film.mp4", data_bytes=2_000_000)
    assert "film.mp4" in browser.get("/library/add/").text
    assert browser.post("/library/add/waiting/", data={"name": "film.mp4"}).status_code == 303
    gone = browser.post("/library/add/waiting/", data={"name": "../keys/cookies"})
    assert (gone.status_code, "no longer in the folder" in gone.text) == (400, True)


def test_an_unknown_job_is_404(cast: Cast, node: Node) -> None:
    """A made-up address."""
    assert cast.client("librarian").get("/library/add/nothing/").status_code == 404


def test_a_package_is_removed_after_a_second_look(cast: Cast, node: Node, well: str) -> None:
    """The first page only asks; the second takes it off; a third time it is gone."""
    browser = cast.client("librarian")
    assert "Nobody here can open it then" in browser.get(f"/library/{well}/remove/").text
    assert library.package(node, well)
    assert browser.post(f"/library/{well}/remove/").headers["Location"] == "/library/removed/"
    assert "is off the shelf" in browser.get("/library/removed/").text
    assert browser.post(f"/library/{well}/remove/").status_code == 404


def test_while_something_is_being_added_nothing_is_removed(cast: Cast, node: Node, well: str) -> None:
    """The page says when to try again."""
    with node.shelf.hold(wait=True):
        answer = cast.client("librarian").post(f"/library/{well}/remove/")
    assert "try again in a minute" in answer.text
    assert library.package(node, well)


@pytest.mark.parametrize("role", KEEPERS)
def test_a_damaged_package_is_taken_off_by_web(cast: Cast, node: Node, well: str, role: str) -> None:
    """The note about it leads to the question, and the answer frees what it held."""
    (node.shelf.packages / f"{well}.json").write_text("{}", encoding="utf-8")
    browser, address = cast.client(role), f"/library/{well}/remove/"
    assert f'href="{address}"' in browser.get("/library/").text
    assert "It is damaged" in browser.get(address).text
    answer = browser.post(address)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/library/")
    assert f"{well} is off the shelf" in browser.get("/library/").text
    assert (library.damaged(node), list(node.shelf.objects.glob("*/*"))) == ([], [])
