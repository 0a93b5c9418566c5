"""Data attached to statements on the disk: whole or not there, cleared, backed up, and never whole in memory."""

import base64
import io
import json
import tracemalloc
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from hub import jobs, keys, own_files, projections
from hub.care import archive, backup, doctor, growth
from hub.care.health import health
from hub.care.restore import restore
from hub.config import keep, load
from hub.node import Node, make_home, open_node
from hub.worker import Worker
from hub.xapi import attached, store
from hub.xapi.limits import limits
from tests.fixtures.care import copy_keys, stick
from tests.fixtures.clock import HandClock
from tests.fixtures.learning import Tool, statement
from tests.fixtures.parcels import BOUNDARY, body, described, first, part, send, sha2, with_files
from tests.fixtures.plug import PlugDisk, PlugPulled
from tests.fixtures.web import Served

ID = "aaaaaaaa-2222-4333-8444-555555555555"
TEXT = b"a line\r\n\r\n--" + BOUNDARY[:-1].encode() + b"\r\n\0\xff\r"
OTHER = b"another file"
MIXED = f"multipart/mixed; boundary={BOUNDARY}"


def _files(node: Node) -> list[str]:
    """Names of all files that lie below the folder, those that wait included."""
    return sorted(found.name for found in (node.home / attached.FOLDER).glob("*/*"))


SAID = with_files(TEXT)


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


def test_the_worker_clears_away_before_each_backup(node: Node, tool: Tool, clock: HandClock) -> None:
    """And leaves in the backup, and in their places, the files that statements have."""
    send(tool, with_files(OTHER), OTHER)
    lost = attached.path(node, sha2(TEXT))
    own_files.put(node, lost, TEXT)
    clock.advance(lost.stat().st_mtime + (own_files.OLD_MS + 1) / 1000 - node.clock.now_ms() / 1000)
    jobs.add(node, "backup", arguments={})
    assert Worker(node).step()
    (made,) = (node.home / backup.FOLDER).glob("*.zip")
    assert (_files(node), [name for name in archive.check(made).files if "/" in name]) == (
        [sha2(OTHER)],
        [f"{archive.ATTACHED_FOLDER}/{sha2(OTHER)}"],
    )


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


def test_slow_readers_of_data_hold_no_thread(served: Served, node: Node) -> None:
    """More of them than there are threads, over a real line: another request is answered all the same."""
    key, secret = keys.add(node, name="A tool", scopes=["all"])
    proof = base64.b64encode(f"{key.id}:{secret}".encode()).decode()
    data = bytes(range(256)) * 16_384
    sent = body(first(with_files(data, id=ID)), part(data))
    headers = {"Authorization": f"Basic {proof}", "X-Experience-API-Version": "2.0.0"}
    port = int(served.url.rpartition(":")[2])
    lines = [HTTPConnection("127.0.0.1", port, timeout=30) for _ in range(node.settings.threads + 2)]
    try:
        lines[0].request("POST", "/xapi/statements", sent, {**headers, "Content-Type": MIXED})
        assert lines[0].getresponse().read() == json.dumps([ID]).encode()
        for each in lines[1:]:
            each.request("GET", f"/xapi/statements?statementId={ID}&attachments=true", headers=headers)
        lines[0].request("GET", "/xapi/about")
        assert lines[0].getresponse().read().startswith(b"{")
        slow = lines[-1].getresponse()
        whole = slow.read()
        assert (len(whole), data in whole) == (int(slow.headers["Content-Length"]), True)
    finally:
        for each in lines:
            each.close()
