"""The same files under another name are known again: on the list of a stick, and when a file is sent."""

import io
import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from content import offer
from hub import jobs, library, sticks
from hub.node import Node
from hub.worker import HANDLERS, Worker
from tests.fixtures import engines, packages
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.sqlite(engines.SHELF)
AGREE = "Put it on the shelf like this"


@pytest.fixture
def stick(tmp_path: Path, node: Node) -> Path:
    """An empty stick that is in."""
    object.__setattr__(node.settings, "sticks", str(tmp_path / "media"))
    made = tmp_path / "media" / "TEACHER"
    made.mkdir(parents=True)
    return made


@pytest.fixture
def client(cast: Cast) -> FlaskClient:
    """The librarian's browser."""
    return cast.client("librarian")


def work(node: Node) -> None:
    """Do what waits."""
    worker = Worker(node, HANDLERS)
    while worker.step():
        pass


def look(client: FlaskClient, node: Node) -> tuple[str, sticks.Seen]:
    """Look through the stick; the address of the list, and what is on it."""
    address = str(client.post("/library/add/stick/", data={"place": "TEACHER"}).headers["Location"])
    work(node)
    seen = sticks.seen(node, address.split("/")[-2])
    assert seen is not None
    return address, seen


def send(client: FlaskClient, node: Node, file: Path) -> str:
    """Send a file; the address of its job."""
    sent = {"file": (io.BytesIO(file.read_bytes()), file.name)}
    address = str(client.post("/library/add/", data=sent).headers["Location"])
    work(node)
    return address


def game(place: Path) -> Path:
    """A small game whose page tells no title, so that it is called as its file is."""
    return packages.page_zip(place, "<p>Play</p>")


def test_a_stick_tells_of_a_copy(client: FlaskClient, node: Node, stick: Path, tmp_path: Path) -> None:
    """By the title that it stands here under; ticked all the same, it comes."""
    library.add(node, source=game(tmp_path / "html.zip"))
    game(stick / "game2.zip")
    packages.page_zip(stick / "other.zip", "<p>Pl4y</p>")
    address, seen = look(client, node)
    assert [(each.standing, each.called) for each in seen.things] == [(offer.COPY, "html"), (offer.NEW, "")]
    assert "stands here already as html" in client.get(address).text
    french = client.get(address, headers={"Accept-Language": "fr"}).text
    assert "est déjà ici sous le nom de html" in french
    client.post(address, data={"thing": "0"})
    work(node)
    assert {row.title for row in library.packages(node)} == {"html", "game2"}


def test_a_sent_copy_is_asked_about(client: FlaskClient, node: Node, tmp_path: Path) -> None:
    """Nothing comes before somebody says yes, and the page leads to what stands there."""
    library.add(node, source=game(tmp_path / "html.zip"))
    (row,) = library.packages(node)
    address = send(client, node, game(tmp_path / "game2.zip"))
    page = client.get(address).text
    assert "game2.zip stands on the shelf already as html" in page and f'href="/library/{row.id}/"' in page
    assert library.packages(node) == [row] and page.count(AGREE) == 1
    client.post(f"{address}in-part/")
    work(node)
    assert len(library.packages(node)) == 2 and jobs.unsettled(node) == []


def test_one_file_is_known_under_another_name(node: Node, tmp_path: Path) -> None:
    """A film, whose path in its package is its name; a large one, which is not read, only looks alike."""
    library.add(node, source=packages.mp4(tmp_path / "film.mp4"))
    again = Path(shutil.copy(tmp_path / "film.mp4", tmp_path / "Well.mp4"))
    other = tmp_path / "other.mp4"
    other.write_bytes(again.read_bytes()[:-1] + b"!")
    found = [offer.look(node.shelf, each) for each in (again, other)]
    assert [(each.standing, each.called) for each in found] == [(offer.COPY, "film"), (offer.NEW, "")]
    assert found[0].needed_bytes == found[0].size_bytes


def test_a_large_copy_looks_alike(
    client: FlaskClient, node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above what is read for a look, the page names what it looks like."""
    library.add(node, source=packages.mp4(tmp_path / "film.mp4"))
    monkeypatch.setattr(offer, "READ_BYTES", 10)
    page = client.get(send(client, node, packages.mp4(tmp_path / "well.mp4"))).text
    assert "looks like film, which stands here already" in page and AGREE in page


def test_a_package_with_an_id_of_its_own_is_known(node: Node, tmp_path: Path) -> None:
    """By its files, when it names itself otherwise; by its id, whatever another one holds."""
    library.add(node, source=packages.folder(tmp_path / "well"))
    for name in ("copy", "more"):
        shutil.copytree(tmp_path / "well", tmp_path / name)
    told = tmp_path / "copy" / "package.toml"
    told.write_text(told.read_text("utf-8").replace('id = "', 'id = "second-', 1), "utf-8")
    found = offer.look(node.shelf, tmp_path / "copy")
    (row,) = library.packages(node)
    assert (found.standing, found.stands, found.called) == (offer.COPY, row.id, row.title)
    again = offer.look(node.shelf, tmp_path / "more")
    assert (again.standing, again.called) == (offer.SAME, "")


def test_two_copies_on_one_stick_are_told_of_each_other(client: FlaskClient, node: Node, stick: Path) -> None:
    """At both, by where the other lies; what is only as large is not; nothing is ticked."""
    for place in ("a.zip", "b.zip", "deep/c.zip"):
        (stick / place).parent.mkdir(exist_ok=True)
        game(stick / place)
    packages.page_zip(stick / "other.zip", "<p>Pl4y</p>")
    address, seen = look(client, node)
    told = {path: (each.path, each.is_sure) for path, each in sticks.twins(seen).items()}
    assert told == {"a.zip": ("b.zip", True), "b.zip": ("a.zip", True), "deep/c.zip": ("a.zip", True)}
    page = client.get(address).text
    assert page.count("The same as a.zip; one of them is enough.") == 2
    assert page.count("The same as b.zip;") == 1 and " checked" not in page


def test_two_large_ones_look_alike(
    client: FlaskClient, node: Node, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are not read for the list."""
    packages.mp4(stick / "film.mp4")
    packages.mp4(stick / "well.mp4")
    monkeypatch.setattr(offer, "READ_BYTES", 10)
    assert client.get(look(client, node)[0]).text.count("one of them may be enough") == 2


def test_what_cannot_be_read_again_is_no_copy(
    client: FlaskClient, node: Node, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list stands all the same."""

    def fail(*_: object) -> str:
        raise OSError(5, "worn")

    game(stick / "a.zip")
    game(stick / "b.zip")
    monkeypatch.setattr(offer, "contents", fail)
    seen = look(client, node)[1]
    assert (len(seen.things), seen.twins) == (2, {})
