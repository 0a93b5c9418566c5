"""Files in pieces, by the letter of tus 1.0.0: what a client of that protocol sends, and what it is answered."""

import base64
import hashlib
from collections.abc import Iterable
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from content.disk import Disk
from hub import inbox, jobs, library, uploads
from hub.app import create_app
from hub.errors import StorageFull
from hub.node import Node
from hub.people import sessions
from hub.worker import DUE, HANDLERS, Worker
from tests.fixtures import engines, packages
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.clock import HandClock
from tests.fixtures.plug import PlugDisk, PlugPulled

pytestmark = pytest.mark.sqlite(engines.SHELF)
DOOR = "/library/add/uploads/"
SPOKEN = {"Tus-Resumable": "1.0.0"}
PIECE = "application/offset+octet-stream"
KEEPERS = ("librarian", "steward")


def coded(**told: str) -> str:
    """What is said of a file."""
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items())


def message(answer: TestResponse) -> str:
    """The sentence of a refusal."""
    return str((answer.json or {})["message"])


def begin(client: FlaskClient, size: int, name: str = "goat.epub") -> TestResponse:
    """POST: a file is announced."""
    headers = {**SPOKEN, "Upload-Length": str(size), "Upload-Metadata": coded(filename=name, fingerprint="x:1:2")}
    return client.post(DOOR, headers=headers)


def piece(client: FlaskClient, where: str, offset: int, data: bytes, **headers: str) -> TestResponse:
    """PATCH: a piece comes."""
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.patch(where, headers={**SPOKEN, "Upload-Offset": str(offset), **more}, data=data, content_type=PIECE)


def offset(client: FlaskClient, where: str) -> int:
    """HEAD: how much is there."""
    answer = client.head(where, headers=SPOKEN)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    return int(answer.headers["Upload-Offset"])


@pytest.fixture
def book(tmp_path: Path) -> bytes:
    """A book as it lies on a phone."""
    return packages.epub(tmp_path / "goat.epub").read_bytes()


@pytest.fixture
def client(cast: Cast) -> FlaskClient:
    """The librarian's program."""
    return cast.client("librarian")


@pytest.mark.parametrize("role", KEEPERS)
def test_pieces_become_a_package(cast: Cast, node: Node, book: bytes, role: str) -> None:
    """Announced, sent in three, asked for in between; the whole leads to the page of its job."""
    client = cast.client(role)
    made = begin(client, len(book))
    where = made.headers["Location"]
    assert (made.status_code, made.headers["Upload-Offset"], made.headers["Tus-Resumable"]) == (201, "0", "1.0.0")
    third = len(book) // 3
    for start, end in ((0, third), (third, 2 * third), (2 * third, len(book))):
        assert offset(client, where) == start
        answer = piece(client, where, start, book[start:end])
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(end))
    assert Worker(node, HANDLERS).step()
    assert "The Goat and the Moon is on the shelf" in client.get(answer.headers["Mangrove-Page"]).text
    assert offset(client, where) == len(book)
    assert [each for each in (node.home / "inbox").rglob("*.epub")] == []


def test_the_door_says_what_it_speaks(client: FlaskClient, node: Node) -> None:
    """OPTIONS asks for no version."""
    said = client.options(DOOR)
    assert (said.status_code, said.headers["Tus-Version"], said.headers["Tus-Resumable"]) == (204, "1.0.0", "1.0.0")
    assert said.headers["Tus-Extension"] == "creation,termination,expiration,checksum"
    assert said.headers["Tus-Max-Size"] == str(node.settings.upload_max)
    assert said.headers["Tus-Checksum-Algorithm"] == "sha1,sha256"


def test_what_was_said_of_a_file_is_said_again(client: FlaskClient, clock: HandClock) -> None:
    """HEAD brings length and metadata as they came, and when the upload is forgotten."""
    where = begin(client, 10).headers["Location"]
    told = client.head(where, headers=SPOKEN).headers
    assert (told["Upload-Length"], told["Upload-Metadata"]) == ("10", coded(filename="goat.epub", fingerprint="x:1:2"))
    until = parsedate_to_datetime(told["Upload-Expires"]).timestamp() * 1000
    assert abs(until - clock.now_ms() - timedelta(days=7).total_seconds() * 1000) < 1000


def test_another_version_is_412(client: FlaskClient) -> None:
    """None, and one that will come; nothing happens, and the answer says what is spoken."""
    where = begin(client, 10).headers["Location"]
    for headers in ({}, {"Tus-Resumable": "2.0.0"}):
        for method, address in (("POST", DOOR), ("PATCH", where), ("DELETE", where), ("HEAD", where)):
            answer = client.open(address, method=method, headers=headers)
            assert (answer.status_code, answer.headers["Tus-Version"]) == (412, "1.0.0")
    assert offset(client, where) == 0


WRONG: list[tuple[dict[str, str], int]] = [
    ({"Upload-Length": ""}, 400),
    ({"Upload-Length": "-1"}, 400),
    ({"Upload-Length": "ten"}, 400),
    ({"Upload-Length": "9" * 17}, 400),
    ({"Upload-Length": "1", "Upload-Defer-Length": "1"}, 400),
    ({"Upload-Length": "9" * 15}, 413),
    ({"Upload-Length": "1", "Upload-Metadata": "filename !"}, 400),
    ({"Upload-Length": "1", "Upload-Metadata": "filename /w=="}, 400),
    ({"Upload-Length": "1", "Upload-Metadata": coded(filename="x" * 4000)}, 400),
    ({"Upload-Length": "1", "Upload-Metadata": coded(filename=".hidden")}, 400),
    ({"Upload-Length": "1", "Upload-Metadata": ""}, 400),
]
"""Headers of a beginning, and how each is answered."""


def test_a_wrong_beginning_is_refused(client: FlaskClient, node: Node) -> None:
    """One sentence each, and nothing is kept."""
    for headers, status in WRONG:
        answer = client.post(DOOR, headers={**SPOKEN, "Upload-Metadata": coded(filename="a.pdf"), **headers})
        assert (answer.status_code, bool(message(answer))) == (status, True), headers
    assert uploads.uploads(node) == []


def test_a_piece_begins_where_the_file_stands(client: FlaskClient) -> None:
    """Before, behind and twice are 409; without a number 400; of another type 415; more than was said 413."""
    where = begin(client, 10).headers["Location"]
    assert piece(client, where, 0, b"01234").status_code == 204
    assert [piece(client, where, at, b"x").status_code for at in (0, 4, 6)] == [409, 409, 409]
    assert piece(client, where, 5, b"x", Upload_Offset="five").status_code == 400
    assert client.patch(where, headers={**SPOKEN, "Upload-Offset": "5"}, data=b"x").status_code == 415
    assert piece(client, where, 5, b"567890").status_code == 413
    assert offset(client, where) == 5


def test_a_piece_with_its_checksum(client: FlaskClient) -> None:
    """One that changed on its way is 460 and not kept; a sum that nobody reckons is 400."""
    where = begin(client, 10).headers["Location"]
    right = base64.b64encode(hashlib.sha1(b"01234", usedforsecurity=False).digest()).decode()
    assert piece(client, where, 0, b"01x34", Upload_Checksum=f"sha1 {right}").status_code == 460
    for wrong in ("sha1 short", f"md4 {right}", f"sha256 {right}", ""):
        assert piece(client, where, 0, b"01234", Upload_Checksum=wrong).status_code == 400
    assert offset(client, where) == 0
    assert piece(client, where, 0, b"01234", Upload_Checksum=f"sha1 {right}").status_code == 204


def test_methods_that_do_not_get_through(client: FlaskClient) -> None:
    """PATCH and DELETE may come as a POST that says so."""
    where = begin(client, 10).headers["Location"]
    headers = {**SPOKEN, "X-HTTP-Method-Override": "PATCH", "Upload-Offset": "0"}
    assert client.post(where, headers=headers, data=b"012", content_type=PIECE).status_code == 204
    assert client.post(where, headers=SPOKEN).status_code == 405
    assert client.post(where, headers={**SPOKEN, "X-HTTP-Method-Override": "DELETE"}).status_code == 204
    assert client.head(where, headers=SPOKEN).status_code == 404


def test_what_came_of_a_cut_piece_is_kept(client: FlaskClient, node: Node) -> None:
    """A body that ends before its length; with a checksum nothing can be said of it, so nothing is kept."""
    where = begin(client, 10).headers["Location"]
    cut: dict[str, Any] = {"content_length": 9, "content_type": PIECE}
    head = {**SPOKEN, "Upload-Offset": "0"}
    client.patch(
        where, headers={**head, "Upload-Checksum": f"sha1 {base64.b64encode(bytes(20)).decode()}"}, data=b"01234", **cut
    )
    assert offset(client, where) == 0
    client.patch(where, headers=head, data=b"01234", **cut)
    assert offset(client, where) == 5


def test_what_is_thrown_away_is_gone(client: FlaskClient, node: Node) -> None:
    """By the protocol, and by the button of the page; its room is free again."""
    first, second = (begin(client, 10).headers["Location"] for _ in range(2))
    assert client.delete(first, headers=SPOKEN).status_code == 204
    assert [client.open(first, method=each, headers=SPOKEN).status_code for each in ("HEAD", "DELETE")] == [404, 404]
    assert "Not all of it came yet" in client.get("/library/add/").text
    assert client.post("/library/add/thrown-away/", data={"upload": second.split("/")[-2]}).status_code == 303
    assert list((node.home / "inbox" / ".coming").iterdir()) == []
    gone = client.post("/library/add/thrown-away/", data={"upload": "../../keys"})
    assert (gone.status_code, "no such file on its way" in gone.text) == (400, True)


def test_nobody_else_gets_at_it(cast: Cast, node: Node) -> None:
    """The rest of the cast gets nothing at all; another keeper does not see it."""
    where = begin(cast.client("librarian"), 10).headers["Location"]
    assert cast.client("steward").head(where, headers=SPOKEN).status_code == 404
    assert "goat.epub" not in cast.client("steward").get("/library/add/").text
    for role in [role for role in ROLES if role not in KEEPERS]:
        client = cast.client(role)
        statuses = {client.open(where, method=each, headers=SPOKEN).status_code for each in ("PATCH", "POST", "DELETE")}
        assert statuses | {begin(client, 1).status_code, client.options(DOOR).status_code} == {403}
        assert client.head(where, headers=SPOKEN).status_code == (303 if role == OUTSIDER else 403)
    assert len(uploads.uploads(node)) == 1


def test_the_forms_token_is_asked_for(node: Node, cast: Cast) -> None:
    """A cookie alone opens nothing; the token comes in a header."""
    app = create_app(node)
    client = app.test_client()
    token = sessions.begin(node, person=cast.person("librarian").id, device="shared")
    with client.session_transaction() as session:
        session["token"] = token
    assert begin(client, 10).status_code == 400
    page = client.get("/library/add/").text
    form = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    headers = {**SPOKEN, "Upload-Length": "10", "Upload-Metadata": coded(filename="a.pdf"), "X-CSRFToken": form}
    where = client.post(DOOR, headers=headers).headers["Location"]
    assert piece(client, where, 0, b"x").status_code == 400
    assert piece(client, where, 0, b"x", X_CSRFToken=form).status_code == 204


def test_a_phone_that_rests_is_refused(client: FlaskClient, node: Node, clock: HandClock) -> None:
    """Its piece is not held like a form: the script sees the refusal and says what to do."""
    where = begin(client, 10).headers["Location"]
    clock.advance(node.settings.shared_idle + 1)
    assert piece(client, where, 0, b"x", X_CSRFToken="any").status_code == 403


def test_so_many_at_once_and_no_more(cast: Cast, node: Node) -> None:
    """Of one person, and of everybody."""
    client = cast.client("librarian")
    answers = [begin(client, 10).status_code for _ in range(uploads.OPEN_OF_ONE + 1)]
    assert answers == [201] * uploads.OPEN_OF_ONE + [429]
    for number in range(uploads.OPEN_MOST - uploads.OPEN_OF_ONE):
        uploads.begin(node, person=f"somebody{number}", name="a.pdf", size=1)
    assert begin(cast.client("steward"), 10).status_code == 429


def test_room_is_looked_at_before_and_meanwhile(
    client: FlaskClient, node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both numbers are said, in megabytes; what came stays, and it goes on when there is room again."""
    monkeypatch.setattr(node.shelf, "free_bytes", lambda: node.settings.free_reserve + 5_000_000)
    answer = begin(client, 3_000_000)
    assert answer.status_code == 507
    assert "6 MB are needed and 267 MB are free, of which 263 MB are kept" in message(answer)
    where = begin(client, 2_000_000).headers["Location"]
    monkeypatch.setattr(node.shelf, "free_bytes", lambda: node.settings.free_reserve + 1_000_000)
    assert piece(client, where, 0, b"0").status_code == 507
    monkeypatch.undo()
    assert piece(client, where, 0, b"0").status_code == 204


def test_a_disk_that_refuses_keeps_what_was_there(
    client: FlaskClient, node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence says that it can go on."""
    where = begin(client, 10).headers["Location"]
    piece(client, where, 0, b"01234")

    def refuse(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(node.shelf.disk, "extend", refuse)
    answer = piece(client, where, 5, b"56789")
    assert (answer.status_code, "What came before is safe" in message(answer)) == (507, True)
    monkeypatch.undo()
    assert offset(client, where) == 5


def test_two_pieces_at_once_are_one(node: Node, client: FlaskClient) -> None:
    """While one is being written another is 423, and so is throwing it away."""
    where = begin(client, 10).headers["Location"]
    found = uploads.uploads(node)[0]

    def slowly() -> Iterable[bytes]:
        yield b"01"
        assert piece(client, where, 0, b"xx").status_code == 423
        assert client.delete(where, headers=SPOKEN).status_code == 423
        yield b"23"

    assert uploads.take(node, found, offset=0, pieces=slowly()).offset == 4


def test_an_unfinished_one_is_forgotten_after_a_week(client: FlaskClient, node: Node, clock: HandClock) -> None:
    """Each piece begins the week anew; then the worker lets it go."""
    where = begin(client, 10).headers["Location"]
    clock.advance(uploads.KEPT_MS / 1000 - 1)
    found = uploads.uploads(node)[0]
    uploads.take(node, found, offset=0, pieces=[b"0"])
    clock.advance(uploads.KEPT_MS / 1000 - 1)
    assert not uploads.is_clearing_due(node)
    clock.advance(1)
    assert DUE[uploads.CLEAR_JOB](node)
    jobs.add(node, uploads.CLEAR_JOB, arguments={})
    assert Worker(node, HANDLERS).step()
    assert uploads.uploads(node) == [] and not list((node.home / "inbox" / ".coming").iterdir()), where


class _Cut(PlugDisk):
    """A plug that also takes along what was written behind the bytes that were flushed, and leaves rubbish there."""

    def __init__(self, stop: int) -> None:
        super().__init__(stop, loses=True)
        self._safe: dict[int, int] = {}

    def extend(self, path: Path, start: int, pieces: Iterable[bytes]) -> int:
        """Count, then do; the piece is not safe yet."""
        self._step()
        self._safe[path.stat().st_ino] = start
        return Disk.extend(self, path, start, pieces)

    def sync_file(self, path: Path) -> None:
        """Count, then do; the piece is safe."""
        super().sync_file(path)
        self._safe.pop(path.stat().st_ino, None)

    def lose(self) -> None:
        """Names as they were, and rubbish where a piece was not flushed."""
        super().lose()
        for top in self.tops:
            for path in top.rglob("part-*"):
                start = self._safe.get(path.stat().st_ino)
                if start is not None:
                    path.write_bytes(path.read_bytes()[:start] + b"\0rubbish")

    tops: tuple[Path, ...] = ()


def test_wherever_the_power_goes_the_offset_is_true(node: Node, book: bytes) -> None:
    """Cut before every step of announcing, taking and finishing: what is told was there, and it comes whole."""
    half, cuts, real = len(book) // 2, 0, node.shelf.disk
    for stop in range(100):
        disk, was_cut = _Cut(stop), False
        disk.tops = (node.home / "inbox",)
        node.shelf.disk, told = disk, -1
        try:
            made = uploads.begin(node, person="p", name="goat.epub", size=len(book))
            told = made.offset
            made = uploads.take(node, made, offset=0, pieces=[book[:half]])
            told = made.offset
            made = uploads.take(node, made, offset=half, pieces=[book[half:]])
            told = made.offset
        except PlugPulled:
            cuts, was_cut = cuts + 1, True
        node.shelf.disk = real
        uploads.mend(node)
        inbox.clear_away(node)
        found = uploads.uploads(node)
        assert told < 0 or found[0].offset >= told
        if found and not found[0].job:
            while not found[0].job:
                start = found[0].offset
                found = [uploads.take(node, found[0], offset=start, pieces=[book[start : start + half]])]
        if found:
            worker = Worker(node, HANDLERS)
            while worker.step():
                pass
            assert jobs.show(node, found[0].job).state == jobs.DONE
            assert len(library.packages(node)) == 1
            uploads.throw_away(node, found[0])
            library.remove(node, library.packages(node)[0].id)
        if not was_cut:
            break
    assert cuts > 15


def test_a_full_disk_is_named_by_the_service(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever calls the service gets the mistake by its name."""
    made = uploads.begin(node, person="p", name="a.pdf", size=4)

    def refuse(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(node.shelf.disk, "sync_file", refuse)
    with pytest.raises(StorageFull, match="Input/output error"):
        uploads.take(node, made, offset=0, pieces=[b"0"])
