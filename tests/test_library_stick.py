"""A stick is looked through, its things are chosen, and each becomes an import; pulled out, it loses nothing."""

import re
import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from content import aside, offer
from hub import inbox, jobs, library, sticks, undoing
from hub.errors import NotFound
from hub.node import Node
from hub.worker import HANDLERS, Worker
from tests.fixtures import engines, packages
from tests.fixtures.cast import ROLES, Cast

pytestmark = pytest.mark.sqlite(engines.SHELF)


@pytest.fixture
def media(tmp_path: Path, node: Node) -> Path:
    """Where sticks appear on this machine."""
    made = tmp_path / "media"
    made.mkdir()
    object.__setattr__(node.settings, "sticks", str(made))
    return made


@pytest.fixture
def stick(media: Path) -> Path:
    """A teacher's stick: some things for the shelf, some that are broken, some that are none."""
    made = media / "TEACHER"
    packages.well(made / "lessons" / "well")
    packages.epub(made / "goat.epub")
    packages.page_zip(made / "page.zip", "<script src='//cdn.example.org/a.js'></script>")
    (made / "water.gift").write_text("Is water wet? {T}\n\nWrite about water. {}\n", encoding="utf-8")
    (made / "cut.pdf").write_bytes(b"%PDF-1.4 cut")
    (made / "letter.doc").write_bytes(b"dear")
    (made / "link.pdf").symlink_to("/etc/passwd")
    (made / ".hidden.pdf").write_bytes(b"%PDF-")
    return made


@pytest.fixture
def client(cast: Cast) -> FlaskClient:
    """The librarian's browser."""
    return cast.client("librarian")


def look(client: FlaskClient, node: Node, place: str = "TEACHER") -> str:
    """Press the button beside a stick, and let the worker look; the page of what was found."""
    address = client.post("/library/add/stick/", data={"place": place}).headers["Location"]
    assert "Looking at what is there" in client.get(address).text
    assert Worker(node, HANDLERS).step()
    return str(address)


def found(node: Node, address: str) -> sticks.Seen:
    """What a look found."""
    seen = sticks.seen(node, address.split("/")[-2])
    assert seen is not None
    return seen


def test_what_is_on_it_is_told(client: FlaskClient, node: Node, stick: Path) -> None:
    """Title, language, size, licence, kinds; what it asks of the internet, what would be lost; what is no use."""
    assert "TEACHER" in client.get("/library/add/").text
    address = look(client, node)
    seen = found(node, address)
    assert [each.path for each in seen.things] == ["goat.epub", "page.zip", "water.gift", "lessons/well"]
    assert (seen.others, [each.path for each in seen.refused], seen.is_cut) == (1, ["cut.pdf"], False)
    page = client.get(address).text
    for word in ("The Goat and the Moon", "Swahili", "CC-BY-SA-4.0", "asks for 1 address on the internet"):
        assert word in page
    for word in (
        "<code>//cdn.example.org/a.js</code>",
        "Only in part",
        "no licence is told",
        "1 other file is of a kind",
        "cut.pdf is damaged",
    ):
        assert word in page


def test_what_is_chosen_comes_onto_the_shelf(client: FlaskClient, node: Node, stick: Path) -> None:
    """Each by a job of its own; the stick stays as it is; looked at again, they stand there already."""
    address = look(client, node)
    answer = client.post(address, data={"thing": ["0", "3", "3"]})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/library/add/")
    worker = Worker(node, HANDLERS)
    while worker.step():
        pass
    assert {row.title for row in library.packages(node)} == {"The Goat and the Moon", "Keep the well clean"}
    assert (stick / "goat.epub").exists()
    again = found(node, look(client, node))
    assert [each.standing for each in again.things] == ["same", "new", "new", "same"]
    assert [each.needed_bytes for each in again.things if each.standing == "same"] == [0, 0]


def test_against_the_shelf(node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A later version takes the place, an earlier one is told as such; a large one of the same sizes looks alike."""
    library.add(node, source=packages.folder(tmp_path / "well", version=2, more="Wash."))
    library.add(node, source=packages.mp4(tmp_path / "film.mp4"))
    standing = lambda source: offer.look(node.shelf, source).standing  # noqa: E731
    assert standing(packages.folder(tmp_path / "well", version=3)) == offer.NEWER
    assert standing(packages.folder(tmp_path / "well", version=1)) == offer.OLDER
    assert standing(packages.folder(tmp_path / "well", version=2, more="Wipe.")) == offer.NEWER
    assert standing(packages.mp4(tmp_path / "other.mp4", data_bytes=999)) == offer.NEW
    monkeypatch.setattr(offer, "READ_BYTES", 10)
    assert standing(tmp_path / "film.mp4") == offer.ALIKE


def test_the_hubs_own_folder_is_looked_through_too(client: FlaskClient, node: Node, media: Path) -> None:
    """The same list; what is chosen there is an import as ever."""
    inbox.waiting(node)
    packages.epub(node.home / "inbox" / "goat.epub")
    address = look(client, node, "inbox")
    assert "What is in the folder" in client.get(address).text
    answer = client.post(address, data={"thing": "0"})
    assert Worker(node, HANDLERS).step()
    assert "The Goat and the Moon is on the shelf" in client.get(answer.headers["Location"]).text


def test_nothing_chosen_is_asked_again(client: FlaskClient, node: Node, stick: Path) -> None:
    """One sentence; made-up numbers are none; too many at once are said."""
    address = look(client, node)
    for thing in ([], ["99"], ["-1"], ["../x"], ["9" * 9]):
        answer = client.post(address, data={"thing": thing})
        assert (answer.status_code, "Nothing was chosen" in answer.text) == (400, True)
    assert jobs.jobs(node, kind=inbox.JOB) == []


def test_room_is_looked_at_for_all_that_is_chosen(client: FlaskClient, node: Node, stick: Path) -> None:
    """Both numbers are said, and nothing was begun."""
    address = look(client, node)
    object.__setattr__(node.shelf, "free_bytes", lambda: node.settings.free_reserve)
    answer = client.post(address, data={"thing": ["0"]})
    assert (answer.status_code, "1 MB are needed and 262 MB are free" in answer.text) == (400, True)
    assert jobs.jobs(node, kind=inbox.JOB) == []


def test_what_lies_aside_makes_room_for_what_is_chosen(
    client: FlaskClient, node: Node, stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes when something new comes, so it is counted as free, and nothing of it is let go before."""
    old = library.add(node, source=packages.page_zip(tmp_path / "old.zip")).package
    undoing.take_off(node, old)
    lies = aside.frees(node.shelf)
    address = look(client, node)
    needed = found(node, address).things[0].needed_bytes
    monkeypatch.setattr(node.shelf, "free_bytes", lambda: node.settings.free_reserve + needed - lies)
    answer = client.post(address, data={"thing": ["0"]})
    assert (answer.status_code, len(aside.aside(node.shelf))) == (303, 1)
    monkeypatch.setattr(node.shelf, "free_bytes", lambda: node.settings.free_reserve + needed - lies - 1)
    assert client.post(address, data={"thing": ["0"]}).status_code == 400


def test_much_at_once_is_said(client: FlaskClient, node: Node, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence, and nothing was begun."""
    address = look(client, node)
    monkeypatch.setattr(sticks, "CHOSEN_MAX", 1)
    answer = client.post(address, data={"thing": ["0", "1"]})
    assert (answer.status_code, "choose at most 50, and the others after them" in answer.text) == (400, True)
    assert jobs.jobs(node, kind=inbox.JOB) == []
    assert client.post(address, data={"thing": ["1"]}).status_code == 303


def test_a_stick_pulled_out_while_it_is_looked_at(
    client: FlaskClient, node: Node, stick: Path, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look rests with a sentence, and goes on by itself when the stick is back."""
    real = offer.look

    def pull(*values: object) -> offer.Offer:
        stick.rename(media.parent / "away")
        monkeypatch.setattr(offer, "look", real)
        return real(*values)  # type: ignore[arg-type]

    monkeypatch.setattr(offer, "look", pull)
    address = look(client, node)
    page = client.get(address)
    assert "the stick is not in" in page.text and page.headers["Refresh"] == "2"
    sticks.look_again(node)
    assert not Worker(node, HANDLERS).step()
    (media.parent / "away").rename(stick)
    sticks.look_again(node)
    assert Worker(node, HANDLERS).step()
    assert len(found(node, address).things) == 4


def test_a_stick_pulled_out_while_it_is_copied(
    client: FlaskClient, node: Node, stick: Path, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shelf is as before, the work rests, and goes on by itself; what a librarian paused stays so."""
    address = look(client, node)
    done = client.post(address, data={"thing": "3"}).headers["Location"]
    copied = inbox._copied

    def pull(step: object) -> object:
        if stick.exists():
            stick.rename(media.parent / "away")
        return copied(step)  # type: ignore[arg-type]

    monkeypatch.setattr(inbox, "_copied", pull)
    Worker(node, HANDLERS).step()
    monkeypatch.undo()
    assert "the stick is not in" in client.get(done).text
    assert (library.packages(node), list(node.shelf.staging.iterdir())) == ([], [])
    shutil.move(media.parent / "away", stick)
    sticks.look_again(node)
    Worker(node, HANDLERS).step()
    assert "is on the shelf" in client.get(done).text
    paused = client.post(address, data={"thing": "0"}).headers["Location"]
    client.post(f"{paused}pause/")
    sticks.look_again(node)
    assert jobs.show(node, paused.split("/")[-2]).state == "paused"


def test_a_stick_that_is_not_in(client: FlaskClient, node: Node, stick: Path, media: Path) -> None:
    """Neither looked at nor chosen from; and no name from a form leads elsewhere."""
    for name in ("OTHER", "..", "../../etc", "", "TEACHER/lessons"):
        assert client.post("/library/add/stick/", data={"place": name}).status_code == 404
    address = look(client, node)
    shutil.rmtree(stick)
    assert "No stick is in" in client.get("/library/add/").text
    answer = client.post(address, data={"thing": "0"})
    assert (answer.status_code, "That stick is not in" in answer.text) == (400, True)
    with pytest.raises(NotFound):
        sticks.ask(node, "TEACHER")


def test_an_endless_stick_has_an_end(
    client: FlaskClient, node: Node, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So many names, so deep, so long: the page says that there is more."""
    limits = (("ENTRIES_MAX", 3), ("DEPTH_MAX", 0), ("TIME_MAX_S", -1.0), ("FOUND_MAX", 2))
    for name, value in limits:
        with monkeypatch.context() as patch:
            patch.setattr(sticks, name, value)
            address = look(client, node)
        assert found(node, address).is_cut, name
        assert "There is more than the hub looks at" in client.get(address).text


def test_a_look_is_called_off(client: FlaskClient, node: Node, stick: Path) -> None:
    """By the same button as an import; what was found is not kept without end."""
    address = client.post("/library/add/stick/", data={"place": "TEACHER"}).headers["Location"]
    job = address.split("/")[-2]
    assert client.post(f"/library/add/{job}/call-off/").status_code == 303
    assert client.get(f"/library/add/{job}/").headers["Location"] == address
    assert "It was called off" in client.get(address).text
    for _ in range(sticks.RESULTS_KEPT + 2):
        look(client, node)
    assert len(list((node.home / "jobs" / "sticks").glob("*.json"))) == sticks.RESULTS_KEPT


def test_names_that_hide_something(client: FlaskClient, node: Node, media: Path) -> None:
    """A stick or a file whose name cannot be read is passed over; one in Arabic is not."""
    bad = media / "a\u202eb"
    packages.epub(_made(media / "كتب") / "الماعز.epub")
    packages.epub(_made(bad) / "x.epub")
    (media / "كتب" / "x\udcff.epub").write_bytes(b"x")
    assert [each.name for each in sticks.places(node)] == ["كتب"]
    assert [each.path for each in found(node, look(client, node, "كتب")).things] == ["الماعز.epub"]


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_nobody_else_looks(cast: Cast, node: Node, stick: Path) -> None:
    """The rest of the cast sees no stick; a job of another kind is not shown as one."""
    address = look(cast.client("librarian"), node)
    for role in [role for role in ROLES if role not in ("librarian", "steward")]:
        client = cast.client(role)
        assert client.get(address).status_code in (303, 403)
        assert client.post(address, data={"thing": "0"}).status_code == 403
        assert client.post("/library/add/stick/", data={"place": "TEACHER"}).status_code == 403
    other = jobs.add(node, "backup", arguments={})
    assert cast.client("steward").get(f"/library/add/stick/{other}/").status_code == 404
    assert re.search(r"TEACHER", cast.client("steward").get("/library/add/").text)
