"""Tars from outside: read at any place without unfolding them, and refused with a sentence where they are a trap."""

import gzip
import io
import random
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content import tape
from content.draft import read_small
from content.errors import ContentError, PackageDamaged
from content.limits import MIB, Limits
from content.tape import Tape, is_tape
from tests.fixtures.courses import put

TIGHT = Limits(files=50, depth=4, ratio_floor_bytes=MIB)


def made(place: Path, fill: Callable[[tarfile.TarFile], object], mode: str = "w:gz") -> Path:
    """A tar that is filled by a function."""
    with tarfile.open(place, mode) as file:  # type: ignore[call-overload]
        fill(file)
    return place


def special(kind: bytes, name: str = "x", link: str = "") -> Callable[[tarfile.TarFile], None]:
    """A member that is no plain file."""

    def fill(file: tarfile.TarFile) -> None:
        member = tarfile.TarInfo(name)
        member.type, member.linkname = kind, link
        file.addfile(member)

    return fill


def crowd(file: tarfile.TarFile) -> None:
    """Many more files than a package may have."""
    for number in range(2_000):
        put(file, f"{number}.txt", "")


def long_name(place: Path) -> Path:
    """A name said to be of 64 MiB, packed small."""
    member = tarfile.TarInfo("././@LongLink")
    member.type, member.size = tarfile.GNUTYPE_LONGNAME, 64 * MIB
    with gzip.open(place, "wb") as out:
        out.write(member.tobuf(tarfile.GNU_FORMAT))
        out.write(bytes(2 * MIB))
    return place


REFUSED: dict[str, tuple[Callable[[Path], Path], str]] = {
    "link": (lambda place: made(place, special(tarfile.SYMTYPE, link="/etc/passwd")), "a link or a device"),
    "hard link": (lambda place: made(place, special(tarfile.LNKTYPE, link="../x")), "a link or a device"),
    "device": (lambda place: made(place, special(tarfile.CHRTYPE)), "a link or a device"),
    "pipe": (lambda place: made(place, special(tarfile.FIFOTYPE)), "a link or a device"),
    "climbing": (lambda place: made(place, lambda file: put(file, "../../etc/x", "x")), "leads out of the package"),
    "top of a disk": (lambda place: made(place, lambda file: put(file, "/etc/x", "x")), "at the top of a disk"),
    "deep": (lambda place: made(place, lambda file: put(file, "a/" * 9 + "x", "x")), "4 folders deep"),
    "twice": (lambda place: made(place, lambda file: [put(file, name, "x") for name in "xX"]), "used twice"),
    "crowd": (lambda place: made(place, crowd), "its number of files is 101 with folders"),
    "bomb": (lambda place: made(place, lambda file: put(file, "x", bytes(8 * MIB))), "what it would unfold to"),
    "long name": (long_name, "a name in it is 67108864"),
    "no tar": (lambda place: _gzipped(place), "is no tar"),
}


def _gzipped(place: Path) -> Path:
    place.write_bytes(gzip.compress(b"no tar" * 200))
    return place


@pytest.mark.parametrize("name", REFUSED)
def test_a_trap_is_refused(tmp_path: Path, name: str) -> None:
    """With the sentence that says why."""
    make, why = REFUSED[name]
    with pytest.raises(ContentError, match=why):
        Tape(make(tmp_path / "x.tar.gz"), TIGHT)


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_files_are_read_in_any_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    """In pieces, by turns, also where few places of the unpacking are kept; folders and litter are no files."""
    monkeypatch.setattr(tape, "PLACE_BYTES", 10_000)
    monkeypatch.setattr(tape, "PLACES_MAX", 8)
    chance = random.Random(5)
    files = {f"a/{n}.bin": chance.randbytes(chance.randrange(20_000)) + bytes(5_000) for n in range(40)}

    def fill(file: tarfile.TarFile) -> None:
        special(tarfile.DIRTYPE, "a")(file)
        for path, data in {**files, "a/.hidden": b"x"}.items():
            put(file, f"./{path}", data)

    found = Tape(made(tmp_path / "x.tar", fill, mode), Limits())
    assert found.origins.keys() == files.keys()
    for path in sorted(files, key=lambda _: chance.random()):
        assert read_small(found.origins[path], path=path, package="x", limit=MIB) == files[path]
    one, other = (found.origins[path].open() for path in ("a/1.bin", "a/2.bin"))
    halves = [one.read(2_000), other.read(2_000), one.read(MIB), other.read(MIB), one.read(1)]
    assert [halves[0] + halves[2], halves[1] + halves[3], halves[4]] == [files["a/1.bin"], files["a/2.bin"], b""]
    found.close()


def test_one_that_was_cut_is_told(tmp_path: Path) -> None:
    """Wherever it was cut, it is refused; and only a tar is taken for one."""
    chance = random.Random(6)
    whole = made(tmp_path / "x.tar.gz", lambda file: put(file, "a.bin", chance.randbytes(300_000))).read_bytes()
    for end in range(1, len(whole) - 9, len(whole) // 12):
        cut = tmp_path / "cut.tar.gz"
        cut.write_bytes(whole[:end])
        with pytest.raises(PackageDamaged):
            Tape(cut, Limits())
    assert is_tape(tmp_path / "x.tar.gz") and not is_tape(_gzipped(tmp_path / "y.gz")) and not is_tape(tmp_path)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_is_broken_has_its_sentence(tmp_path: Path, data: st.DataObject) -> None:
    """Bytes changed anywhere: refused by a named problem, or read to the end."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as file:
        put(file, "course/course.xml", "<course/>")
        put(file, "course/b", "x" * 700)
    raw = bytearray(out.getvalue())
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, 2_600))] = data.draw(st.integers(0, 255))
    place = tmp_path / "x.tar"
    place.write_bytes(raw)
    try:
        found = Tape(place, Limits())
        for path, origin in found.origins.items():
            read_small(origin, path=path, package="x", limit=MIB)
        found.close()
    except ContentError:
        pass
