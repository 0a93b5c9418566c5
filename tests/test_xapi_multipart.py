"""Multipart messages: any bytes behind any boundary come as they are, and pieces go out as one."""

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.errors import StatementWrong
from hub.web.xapi.attached import Joined
from hub.xapi import multipart
from tests.fixtures.parcels import BOUNDARY, body

TEXT = b"a line\r\n\r\n--" + BOUNDARY[:-1].encode() + b"\r\n\0\xff\r"


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


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.binary(max_size=30)), max_size=6), st.data())
def test_pieces_and_files_read_as_one(pieces: list[tuple[bool, bytes]], data: st.DataObject) -> None:
    """From any place, as many bytes as there are, as the server's own sender reads them."""
    with tempfile.TemporaryDirectory() as folder:
        given_out: list[bytes | Path] = []
        for number, (is_file, held) in enumerate(pieces):
            place = Path(folder) / str(number)
            place.write_bytes(held)
            given_out.append(place if is_file else held)
        whole, joined = b"".join(held for _, held in pieces), Joined(given_out)
        assert (joined.size, joined.seek(0, 2)) == (len(whole), len(whole))
        for _ in range(4):
            at, most = data.draw(st.integers(0, len(whole))), data.draw(st.integers(-1, len(whole) + 1))
            joined.seek(at)
            assert joined.read(most) == whole[at : None if most < 0 else at + most]
            assert joined.tell() == (len(whole) if most < 0 else min(at + most, len(whole)))
        joined.close()


def test_a_file_that_shrinks_while_it_is_read_ends_the_answer(tmp_path: Path) -> None:
    """Rather than an answer that waits for ever for what will not come."""
    place = tmp_path / "file"
    place.write_bytes(TEXT)
    with Joined([place]) as joined:
        place.write_bytes(TEXT[:4])
        assert joined.read(4) == TEXT[:4]
        with pytest.raises(OSError, match="shorter"):
            joined.read(4)
