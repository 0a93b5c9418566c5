"""Data attached to statements: taken whole or not at all, given back byte for byte to whoever may read them."""

import io
import json
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub import keys, own_files, projections
from hub.app import create_app
from hub.care import backup, doctor, growth
from hub.care.health import health
from hub.care.restore import restore
from hub.config import keep, load
from hub.errors import StatementWrong
from hub.node import Node, make_home, open_node
from hub.vocabulary import VOIDED
from hub.xapi import attached, multipart, store
from hub.xapi.limits import limits
from tests.fixtures.care import copy_keys, stick
from tests.fixtures.clock import HandClock
from tests.fixtures.learning import Tool, statement
from tests.fixtures.parcels import BOUNDARY, apart, body, described, first, part, send, sha2, with_files
from tests.fixtures.plug import PlugDisk, PlugPulled

ID = "aaaaaaaa-2222-4333-8444-555555555555"
TEXT = b"a line\r\n\r\n--" + BOUNDARY[:-1].encode() + b"\r\n\0\xff\r"
OTHER = b"another file"
MIXED = f"multipart/mixed; boundary={BOUNDARY}"


def _files(node: Node) -> list[str]:
    """Names of all files that lie below the folder, those that wait included."""
    return sorted(found.name for found in (node.home / attached.FOLDER).glob("*/*"))


def test_data_comes_back_as_it_was_sent(node: Node, tool: Tool) -> None:
    """Bytes, hash and content type; asked without attachments there is only JSON."""
    assert send(tool, with_files(TEXT, id=ID), TEXT).json == [ID]
    told, files = apart(tool.ask("GET", f"statements?statementId={ID}&attachments=true"))
    assert (told["id"], files[sha2(TEXT)][1]) == (ID, TEXT)
    assert files[sha2(TEXT)][0] == {
        "Content-Type": "text/plain",
        "Content-Transfer-Encoding": "binary",
        "X-Experience-API-Hash": sha2(TEXT),
    }
    for words in ("", "&attachments=false"):
        assert tool.ask("GET", f"statements?statementId={ID}{words}").mimetype == "application/json"
    assert _files(node) == [sha2(TEXT)]


def test_a_statement_is_put_with_its_data(tool: Tool) -> None:
    """PUT takes it as POST does."""
    sent = body(first(with_files(TEXT)), part(TEXT))
    assert tool.ask("PUT", f"statements?statementId={ID}", sent, content_type=MIXED).status_code == 204
    assert apart(tool.ask("GET", f"statements?statementId={ID}&attachments=true"))[1][sha2(TEXT)][1] == TEXT


def test_a_page_carries_each_file_once_and_goes_on_with_more(tool: Tool) -> None:
    """The same data is sent once for many statements, kept once and given once; `more` still asks for data."""
    ids = send(tool, [with_files(TEXT), with_files(TEXT, OTHER), statement()], TEXT, OTHER).json
    told, files = apart(tool.ask("GET", "statements?attachments=true&ascending=true"))
    assert [each["id"] for each in told["statements"]] == ids
    assert {name: data for name, (_, data) in files.items()} == {sha2(TEXT): TEXT, sha2(OTHER): OTHER}
    told, files = apart(tool.ask("GET", "statements?attachments=true&ascending=true&limit=1"))
    assert set(files) == {sha2(TEXT)}
    told, files = apart(tool.ask("GET", told["more"].removeprefix("/xapi/")))
    assert set(files) == {sha2(TEXT), sha2(OTHER)}


def test_head_says_what_get_would_bring(tool: Tool) -> None:
    """The true length, and no body."""
    send(tool, with_files(TEXT, id=ID), TEXT)
    path = f"statements?statementId={ID}&attachments=true"
    whole, head = tool.ask("GET", path), tool.ask("HEAD", path)
    assert (head.get_data(), head.mimetype) == (b"", "multipart/mixed")
    assert head.content_length == whole.content_length == len(whole.get_data())
    assert head.headers["Last-Modified"] == whole.headers["Last-Modified"]


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
@pytest.mark.parametrize("name", ["sha224", "sha256", "sha384", "sha512"])
def test_every_sha2_is_taken_in_any_case(make_tool: Callable[..., Tool], version: str, name: str) -> None:
    """The hash in capitals names the same data."""
    tool, digest = make_tool("all", version=version), sha2(TEXT, name)
    said = statement(id=ID, attachments=[described(TEXT, sha2=digest.upper())])
    sent = body(first(said), part(TEXT, X_Experience_API_Hash=digest))
    assert tool.ask("POST", body=sent, content_type=MIXED).status_code == 200
    assert apart(tool.ask("GET", f"statements?statementId={ID}&attachments=true"))[1][digest][1] == TEXT


def test_data_of_a_statement_within_is_taken(tool: Tool) -> None:
    """A statement within has attachments of its own."""
    within = {"objectType": "SubStatement", **with_files(TEXT)}
    assert send(tool, statement(id=ID, object=within), TEXT).status_code == 200
    assert set(apart(tool.ask("GET", f"statements?statementId={ID}&attachments=true"))[1]) == {sha2(TEXT)}


def test_a_request_of_parts_may_have_no_data(tool: Tool) -> None:
    """Nothing attached, or all of it elsewhere; the answer with attachments has one part."""
    elsewhere = statement(attachments=[described(TEXT, fileUrl="http://a.org/f")])
    assert send(tool, statement()).status_code == send(tool, elsewhere).status_code == 200
    assert apart(tool.ask("GET", "statements?attachments=true"))[1] == {}


def test_a_voided_statement_keeps_its_data(tool: Tool) -> None:
    """It is found as the statement is."""
    send(tool, with_files(TEXT, id=ID), TEXT)
    tool.send(statement(verb={"id": VOIDED}, object={"objectType": "StatementRef", "id": ID}))
    assert sha2(TEXT) in apart(tool.ask("GET", f"statements?voidedStatementId={ID}&attachments=true"))[1]
    assert apart(tool.ask("GET", "statements?attachments=true"))[1] == {}


def test_sending_again_changes_nothing(node: Node, tool: Tool) -> None:
    """The statement is here, and its file is the same."""
    for _ in range(2):
        assert send(tool, with_files(TEXT, id=ID), TEXT, TEXT).json == [ID]
    assert (_files(node), node.tables.Attached.select().count()) == ([sha2(TEXT)], 1)


SAID = with_files(TEXT)
LONG = "x" * 3000
WRONG: dict[str, tuple[str, bytes]] = {
    "a part nobody names": (MIXED, body(first(SAID), part(TEXT), part(OTHER))),
    "a part for nothing attached": (MIXED, body(first(statement()), part(TEXT))),
    "no part and no address": (MIXED, body(first(SAID))),
    "one part of two": (MIXED, body(first(with_files(TEXT, OTHER)), part(TEXT))),
    "no part in plain JSON": ("application/json", json.dumps(SAID).encode()),
    "data of another hash": (MIXED, body(first(SAID), part(OTHER, X_Experience_API_Hash=sha2(TEXT)))),
    "no hash": (MIXED, body(first(SAID), part(TEXT, X_Experience_API_Hash=""))),
    "a hash of no length": (MIXED, body(first(SAID), part(TEXT, X_Experience_API_Hash="abc"))),
    "a hash that is a path": (MIXED, body(first(SAID), part(TEXT, X_Experience_API_Hash="../" * 21 + "x"))),
    "no encoding": (MIXED, body(first(SAID), part(TEXT, Content_Transfer_Encoding=""))),
    "another encoding": (MIXED, body(first(SAID), part(TEXT, Content_Transfer_Encoding="base64"))),
    "a header twice": (MIXED, body(first(SAID), b"x-experience-api-hash: a\r\n" + part(TEXT))),
    "a header without end": (MIXED, body(first(SAID), part(TEXT, X_Long=LONG))),
    "headers without end": (MIXED, body(first(SAID), part(TEXT, {f"X-{number}": "1" for number in range(40)}))),
    "data before statements": (MIXED, body(part(TEXT), first(SAID))),
    "statements that are text": (MIXED, body(first(SAID, "text/plain"), part(TEXT))),
    "no parts": (MIXED, body()),
    "nothing": (MIXED, b""),
    "no boundary": ("multipart/mixed", body(first(SAID), part(TEXT))),
    "another boundary": ("multipart/mixed; boundary=other", body(first(SAID), part(TEXT))),
    "a boundary of 71 signs": (
        f"multipart/mixed; boundary={'b' * 71}",
        body(first(SAID), part(TEXT), boundary="b" * 71),
    ),
    "a boundary with a line's end": ('multipart/mixed; boundary="a\tb"', body(first(SAID), part(TEXT))),
    "no last boundary": (MIXED, body(first(SAID), part(TEXT))[:-6]),
    "cut within data": (MIXED, body(first(SAID), part(TEXT))[:-60]),
    "no line before the data": (MIXED, body(first(SAID), part(TEXT).replace(b"\r\n\r\n", b"\r\n", 1))),
    "form data": (f"multipart/form-data; boundary={BOUNDARY}", body(first(SAID), part(TEXT))),
    "one of two statements wrong": (MIXED, body(first([SAID, {"actor": 5}]), part(TEXT))),
    "a content type that ends a line": (
        MIXED,
        body(first(statement(attachments=[described(TEXT, contentType="a/b\r\n;X: y")])), part(TEXT)),
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_request_is_refused_and_leaves_nothing(node: Node, tool: Tool, case: str) -> None:
    """400 in one sentence; no statement, and no file, not even one that waits."""
    kind, sent = WRONG[case]
    answer = tool.ask("POST", body=sent, content_type=kind)
    assert (answer.status_code, answer.text.count("\n"), answer.text.endswith(".\n")) == (400, 1, True), answer.text
    assert (node.tables.Statement.select().count(), _files(node)) == (0, [])


def test_each_limit_is_kept(make_node: Callable[..., Node]) -> None:
    """One file, the statements, the parts, and all together: 413, nothing kept; what just fits is taken."""
    node = make_node("small", xapi_attachment_max=100, body_max=200_000, xapi_request_max=65_536)
    key, secret = keys.add(node, name="A tool", scopes=["all"])
    tool = Tool(create_app(node).test_client(), key.id, secret)
    fits, large = b"x" * 100, b"x" * 101
    assert send(tool, with_files(large), large).status_code == 413
    assert send(tool, [statement(result={"response": "x" * 30_000})] * 3, fits).status_code == 413
    assert send(tool, statement(), *[b"%d" % number for number in range(multipart.PARTS_MAX)]).status_code == 413
    assert _files(node) == []
    assert send(tool, with_files(fits), fits).status_code == 200


def test_who_may_not_read_the_statement_gets_no_data(make_tool: Callable[..., Tool]) -> None:
    """A key that reads its own gets only its own, one that only writes none, an outsider neither."""
    writer, mine, outsider = make_tool("all"), make_tool("statements/read/mine", "statements/write"), make_tool("state")
    send(writer, with_files(TEXT, id=ID), TEXT)
    path = f"statements?statementId={ID}&attachments=true"
    assert mine.ask("GET", path).status_code == 404
    assert apart(mine.ask("GET", "statements?attachments=true"))[1] == {}
    assert outsider.ask("GET", path).status_code == 403
    assert send(outsider, with_files(OTHER), OTHER).status_code == 403


def test_naming_a_hash_gives_no_claim_to_the_data(make_tool: Callable[..., Tool]) -> None:
    """Who says that a file lies elsewhere, with the hash of another's, gets nothing of it."""
    send(make_tool("all"), with_files(TEXT), TEXT)
    guess = make_tool("statements/read/mine", "statements/write")
    guess.send(statement(attachments=[described(TEXT, fileUrl="http://a.org/f")]))
    assert apart(guess.ask("GET", "statements?attachments=true"))[1] == {}


def test_made_again_from_the_journal_it_is_the_same(node: Node, tool: Tool) -> None:
    """Which statement has which data is in the journal."""
    send(tool, with_files(TEXT, OTHER), TEXT, OTHER)
    before = projections.fingerprint(node.tables)
    with node.database.atomic():
        projections.rebuild(node.tables, node.journal.replay())
    assert projections.fingerprint(node.tables) == before
    assert [row.sha2 for row in node.tables.Attached.select().order_by(node.tables.Attached.size)] == [
        sha2(OTHER),
        sha2(TEXT),
    ]


def test_a_cut_before_the_record_leaves_a_file_that_is_cleared(
    node: Node, tool: Tool, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No statement without its data; the file goes after an hour, one that a statement has never does."""
    send(tool, with_files(OTHER), OTHER)
    with monkeypatch.context() as cut:
        cut.setattr(store, "_stored_ms", _cut)
        assert send(tool, with_files(TEXT, id=ID), TEXT).status_code == 500
    assert (tool.ask("GET", f"statements?statementId={ID}").status_code, len(_files(node))) == (404, 2)
    _clear(node, clock, 0)
    assert len(_files(node)) == 2
    _clear(node, clock, own_files.OLD_MS)
    assert _files(node) == [sha2(OTHER)]
    assert send(tool, with_files(TEXT, id=ID), TEXT).json == [ID]


def _cut(_node: Node) -> int:
    raise RuntimeError("the power is gone")


def _clear(node: Node, clock: HandClock, after_ms: int) -> None:
    """Clear away as it would be so long after the files were written."""
    newest = max(found.stat().st_mtime for found in (node.home / attached.FOLDER).glob("*/*"))
    clock.advance(newest + (after_ms + 1) / 1000 - node.clock.now_ms() / 1000)
    attached.clear_away(node)


@pytest.mark.parametrize("loses", [False, True], ids=["all written is kept", "what was not synced is lost"])
def test_the_plug_is_pulled_before_every_step(node: Node, monkeypatch: pytest.MonkeyPatch, *, loses: bool) -> None:
    """A file in its place is whole; whatever the cut, sending again brings all of it."""
    place = attached.path(node, sha2(TEXT))
    for stop in range(20):
        place.unlink(missing_ok=True)
        disk = PlugDisk(stop, loses=loses)
        with _brought(node) as brought:
            disk._fresh |= {waiting.path for waiting in brought.files.values()}
            monkeypatch.setattr(own_files, "Disk", lambda disk=disk: disk)
            try:
                attached.keep(node, brought)
            except PlugPulled:
                assert not place.exists() or place.read_bytes() == TEXT
                continue
        disk.lose()
        assert place.read_bytes() == TEXT
        return
    raise AssertionError("keeping has no end")


def _brought(node: Node) -> Any:
    stream = io.BytesIO(body(first(SAID), part(TEXT)))
    return attached.receiving(node, stream, BOUNDARY, limits(node))


def test_a_file_that_went_meanwhile_refuses_the_statement(
    node: Node, tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No statement is kept whose data is not here."""
    monkeypatch.setattr(attached, "keep", lambda *_: None)
    answer = send(tool, with_files(TEXT), TEXT)
    assert (answer.status_code, tool.find(), _files(node)) == (507, [], [])


def test_a_full_disk_takes_nothing(node: Node, tool: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    """507 before anything is written, and when the disk says no on the way."""
    monkeypatch.setattr(own_files, "settle", _full)
    assert send(tool, with_files(TEXT), TEXT).status_code == 507
    monkeypatch.setattr(type(node.shelf), "free_bytes", lambda _: own_files.NEAR_FULL_BYTES - 1)
    assert send(tool, with_files(TEXT), TEXT).status_code == 507
    assert (tool.find(), _files(node)) == ([], [])


def _full(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_backup_brings_data_back(node: Node, tool: Tool, tmp_path: Path, database_url: Callable[[], str]) -> None:
    """On another card the statement has its data again."""
    send(tool, with_files(TEXT), TEXT)
    home = tmp_path / "second"
    make_home(home)
    keep(home, {"database": database_url()})
    copy_keys(node.home, home)
    restore(home, backup.make(node, stick(tmp_path)))
    again = open_node(home, load(home, {}, {}))
    assert (attached.path(again, sha2(TEXT)).read_bytes(), attached.missing(again, deep=True)) == (TEXT, [])
    again.close()


def test_the_doctor_finds_what_is_lost_or_changed(node: Node, tool: Tool) -> None:
    """Gone or cut: at once; changed in place: when every byte is read. The picture of the disk counts what is here."""
    send(tool, with_files(TEXT, OTHER), TEXT, OTHER)
    keep(node.home, {"database": node.settings.database} if node.settings.database else {})
    assert _attachments(node, deep=True) == [doctor.GOOD]
    place = attached.path(node, sha2(TEXT))
    place.write_bytes(TEXT[::-1])
    assert (_attachments(node, deep=False), _attachments(node, deep=True)) == ([doctor.GOOD], [doctor.BAD])
    place.write_bytes(TEXT[:-1])
    assert _attachments(node, deep=False) == [doctor.BAD]
    place.unlink()
    assert (_attachments(node, deep=False), attached.missing(node)) == ([doctor.BAD], [sha2(TEXT)])
    facts = health(node)
    plain = 0 if facts.database_is_elsewhere else facts.database_bytes
    assert growth.use(node, facts).records == plain + len(TEXT) + len(OTHER)


def _attachments(node: Node, *, deep: bool) -> list[str]:
    checks = doctor.examine(node.home, deep=deep, hear_s=0)
    return [check.state for check in checks if check.name == "attachments"]


class _Line(io.RawIOBase):
    """A sender of much data who needs no memory for it."""

    def __init__(self, before: bytes, size: int, after: bytes) -> None:
        self._before, self._left, self._after = before, size, after

    def read(self, most: int = -1) -> bytes:
        if self._before:
            piece, self._before = self._before, b""
            return piece
        if self._left:
            piece = bytes(min(most, self._left))
            self._left -= len(piece)
            return piece
        piece, self._after = self._after, b""
        return piece


def test_large_data_is_never_whole_in_memory(node: Node, tool: Tool, client: Any) -> None:
    """Eight MiB come in and go out with less than one in memory."""
    size, digest = 8 * 1024 * 1024, sha2(bytes(8 * 1024 * 1024))
    said = statement(id=ID, attachments=[described(b"", length=size, sha2=digest)])
    whole = body(first(said), part(b"", X_Experience_API_Hash=digest))
    cut = whole.rindex(f"\r\n--{BOUNDARY}--".encode())
    tracemalloc.start()
    try:
        with attached.receiving(node, _Line(whole[:cut], size, whole[cut:]), BOUNDARY, limits(node)) as brought:
            store.receive(node, [brought.statements], authority=store.own_authority(node), data=brought)
        _, taken = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        answer = tool.ask("GET", f"statements?statementId={ID}&attachments=true", buffered=False)
        assert sum(map(len, answer.iter_encoded())) > size
        _, given_out = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert max(taken, given_out) < 2**20


class _Kept:
    """A part that keeps what it gets."""

    def __init__(self, headers: dict[str, str]) -> None:
        self.headers, self.data, self.has_ended = headers, b"", False

    def take(self, piece: bytes) -> None:
        self.data += piece

    def end(self) -> None:
        self.has_ended = True


class _Torn(io.RawIOBase):
    """A line that brings a few bytes at a time, as many as each number says."""

    def __init__(self, data: bytes, sizes: list[int]) -> None:
        self._data, self._sizes = data, _again(sizes)

    def read(self, most: int = -1) -> bytes:
        size = next(self._sizes)
        piece, self._data = self._data[:size], self._data[size:]
        return piece


def _again(sizes: list[int]) -> Iterator[int]:
    while True:
        yield from sizes


SIGNS = "0123456789abcXYZ'()+_,-./:=?"
PIECES = st.lists(
    st.sampled_from([b"\r", b"\n", b"\r\n", b"--", b"-", b"\0", b"\xff", b"b", b"--b", b"\r\n--b"])
    | st.binary(max_size=9)
)


@settings(max_examples=150, deadline=None)
@given(
    boundary=st.text(SIGNS, min_size=1, max_size=70) | st.just("b"),
    parts=st.lists(PIECES.map(b"".join), min_size=1, max_size=4),
    sizes=st.lists(st.integers(1, 40), min_size=1, max_size=5),
)
def test_any_bytes_behind_any_boundary_come_as_they_are(boundary: str, parts: list[bytes], sizes: list[int]) -> None:
    """However the line tears them; only data that holds the boundary itself cannot be sent so."""
    mark = b"\r\n--" + boundary.encode()
    parts = [each for each in parts if mark not in b"\r\n" + each + b"\r\n--"] or [b""]
    kept: list[_Kept] = []

    def begin(number: int, headers: dict[str, str]) -> multipart.Part:
        assert number == len(kept)
        kept.append(_Kept(headers))
        return kept[-1]

    sent = body(*(b"X-A: b\r\n\r\n" + each for each in parts), boundary=boundary)
    assert multipart.read(_Torn(sent, sizes), boundary, begin) == len(parts)
    assert [(each.data, each.has_ended, each.headers) for each in kept] == [
        (each, True, {"x-a": "b"}) for each in parts
    ]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | PIECES.map(lambda pieces: b"--b\r\n" + b"".join(pieces)))
def test_any_bytes_at_all_are_read_or_refused(sent: bytes) -> None:
    """In one sentence; nothing else ever comes of them."""
    try:
        multipart.read(io.BytesIO(sent), "b", lambda _, headers: _Kept(headers))
    except StatementWrong as mistake:
        assert str(mistake).endswith("Send it again.")
