"""A ZIM file comes onto the shelf: what it says of itself, what is refused and how, and how it is read."""

import hashlib
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from libzim.reader import get_cluster_cache_max_size

from content.errors import ContentError, PackageDamaged, PackageOlder, ZimFuture
from content.formats import describe
from content.formats.zim import COVER_NAME, FILE_NAME
from content.install import export, install
from content.limits import MIB
from content.shelf import Shelf
from content.zim import HEADER, PACKED_TIMES, Page, Turn, Zim, Zims, header
from tests.fixtures import zims
from tests.fixtures.zims import Entry

HEADER_FIELDS = ("magic", "major", "minor", "uuid", "entries", "clusters", "paths", "titles", "clusters_at", "mimes")
HOSTILE = '<script>alert(1)</script>"\u202e\x07 & more'


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The encyclopaedia of a village; not to be changed."""
    return zims.zim(tmp_path_factory.mktemp("zim") / "village.zim")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """An empty shelf."""
    return Shelf(tmp_path / "shelf")


def copied(village: Path, place: Path, change: Callable[[bytearray], bytes]) -> Path:
    """A copy with something changed."""
    place.write_bytes(change(bytearray(village.read_bytes())))
    return place


def told(data: bytearray, name: str, value: int) -> bytes:
    """The same bytes with another number in the header."""
    fields = list(HEADER.unpack_from(data))
    fields[HEADER_FIELDS.index(name)] = value
    data[: HEADER.size] = HEADER.pack(*fields)
    return bytes(data)


def test_it_says_what_it_is(village: Path, shelf: Shelf) -> None:
    """Title, language, who made it, its terms, its day and its picture come from itself; the file stays one file."""
    manifest = install(shelf, village)
    assert (manifest.title, manifest.language, manifest.author) == ("The village book", "en", "The village")
    assert (manifest.licence, manifest.published, manifest.version) == ("CC-BY-4.0", "2026-05-06", 20260506)
    assert (manifest.cover, manifest.items[0].kind, set(manifest.files)) == (COVER_NAME, "zim", {FILE_NAME, COVER_NAME})
    assert shelf.blob_path(manifest.files[FILE_NAME].sha256).stat().st_size == village.stat().st_size
    assert shelf.verify() == []


def test_a_newer_edition_takes_the_place_of_the_older(village: Path, shelf: Shelf, tmp_path: Path) -> None:
    """And never the other way round."""
    first = install(shelf, village)
    newer = install(shelf, zims.zim(tmp_path / "x.zim", Date="2026-09-01"))
    assert (newer.id, newer.version, len(shelf.list())) == (first.id, 20260901, 1)
    with pytest.raises(PackageOlder):
        install(shelf, village)


def test_it_goes_to_another_hub(village: Path, shelf: Shelf, tmp_path: Path) -> None:
    """By a folder on a stick, whose ZIM file is looked at again."""
    manifest = install(shelf, village)
    folder = export(shelf, manifest.id, tmp_path)
    assert install(Shelf(tmp_path / "other"), folder).digest == manifest.digest
    blob = next((folder / "objects").glob(f"*/{manifest.files[FILE_NAME].sha256}"))
    blob.write_bytes(b"XXXX" + blob.read_bytes()[4:])
    with pytest.raises(PackageDamaged, match="does not begin as a ZIM file does"):
        install(Shelf(tmp_path / "third"), folder)


@pytest.mark.parametrize(
    ("language", "code"), [("fra", "fr"), ("swh,eng", "sw"), ("hin", "hi"), ("yue", "yue"), ("<b>", "und"), ("", "und")]
)
def test_languages_have_the_codes_that_everybody_writes(tmp_path: Path, language: str, code: str) -> None:
    """Two letters where there are two; the first of several; none for nonsense."""
    assert describe(zims.zim(tmp_path / "a.zim", Language=language)).manifest.language == code


def test_hostile_metadata_is_text_and_nothing_else(tmp_path: Path, shelf: Shelf) -> None:
    """What turns or hides letters is gone, what is absurdly long is not taken; the rest is shown as it is written."""
    source = zims.zim(
        tmp_path / "a.zim", Title=HOSTILE, Creator="x" * 20_000, Date="tomorrow", Name="../../etc", Description=HOSTILE
    )
    manifest = install(shelf, source)
    assert manifest.title == '<script>alert(1)</script>" & more'
    assert (manifest.author, manifest.published, manifest.version) == ("", "", 1)
    assert manifest.id.startswith("etc-")


def test_a_file_without_a_name_is_named_by_what_it_holds(tmp_path: Path, shelf: Shelf) -> None:
    """Two of them with one title stand beside each other."""
    nameless = {"Name": "", "Title": ""}
    first = install(shelf, zims.zim(tmp_path / "good_book.zim", **nameless))
    other = zims.zim(
        tmp_path / "a" / "good_book.zim" if (tmp_path / "a").mkdir() else tmp_path / "a" / "good_book.zim",
        {"Main": Entry("Other", "<p>other</p>")},
        redirects={},
        **nameless,
    )
    second = install(shelf, other)
    assert first.title == second.title == "good book"
    assert first.id != second.id


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda data: data[:79], "it was cut short"),
        (lambda data: data[:-1], "it was cut short"),
        (lambda data: bytes(data) + b"more", "its size is not what it says"),
        (lambda data: told(data, "major", 7), "is a ZIM file of version 7, and this library reads versions 5 and 6"),
        (lambda data: told(data, "entries", 2**32 - 1), "its table of contents cannot be read"),
        (lambda data: told(data, "clusters", 2**32 - 1), "its table of contents cannot be read"),
        (lambda data: told(data, "paths", 2**64 - 1), "its table of contents cannot be read"),
        (lambda data: data[:-1] + bytes([data[-1] ^ 1]), "its bytes are not those it was made with"),
        (lambda data: data[:9_000] + bytes([data[9_000] ^ 1]) + data[9_001:], "not those it was made with"),
    ],
)
def test_a_damaged_file_is_refused(
    village: Path, shelf: Shelf, tmp_path: Path, change: Callable[[bytearray], bytes], sentence: str
) -> None:
    """In one sentence, and the shelf is as it was."""
    with pytest.raises(ContentError, match=sentence) as said:
        install(shelf, copied(village, tmp_path / "bad.zim", change))
    assert "Nothing was added" in str(said.value)
    assert (shelf.list(), list(shelf.staging.iterdir()), list(shelf.objects.glob("*/*"))) == ([], [], [])


def test_parts_of_a_split_file_are_refused(village: Path, shelf: Shelf, tmp_path: Path) -> None:
    """The first and the later ones, with what to do about it."""
    for name, part in (("village.zimaa", slice(5_000)), ("village.zimab", slice(5_000, None))):
        (tmp_path / name).write_bytes(village.read_bytes()[part])
        with pytest.raises(ContentError, match=r"one part of a ZIM file that was split.*cat NAME\.zim\?\?"):
            install(shelf, tmp_path / name)


def test_a_file_without_a_beginning_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    """A reader would stand before nothing."""
    with pytest.raises(ContentError, match="names no page to begin with"):
        install(shelf, zims.zim(tmp_path / "a.zim", main=""))


@settings(max_examples=40)
@given(cut=st.floats(0, 1, exclude_max=True))
def test_wherever_it_was_cut_short_it_is_said(
    village: Path, tmp_path_factory: pytest.TempPathFactory, cut: float
) -> None:
    """Never a trace, never a half package."""
    data = village.read_bytes()
    place = tmp_path_factory.getbasetemp() / "cut.zim"
    place.write_bytes(data[: 4 + int((len(data) - 4) * cut)])
    with pytest.raises(PackageDamaged, match="cut short"):
        describe(place)


@settings(max_examples=60)
@given(noise=st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 255)), min_size=1, max_size=12))
def test_whatever_it_holds_it_is_read_or_refused(
    village: Path, tmp_path_factory: pytest.TempPathFactory, noise: list[tuple[int, int]]
) -> None:
    """Bytes that somebody changed on purpose, in the header and in the table of contents."""
    data = bytearray(village.read_bytes())
    for at, byte in noise:
        data[at if at < 100 else len(data) - at] = byte
    place = tmp_path_factory.getbasetemp() / "noise.zim"
    place.write_bytes(data)
    try:
        zim = Zim(place)
    except ContentError:
        return
    for number in zim.pages():
        zim.text(number, 1_000)
    for path in [*zims.PAGES, *zims.REDIRECTS]:
        try:
            zim.page(path)
        except PackageDamaged:
            continue


@given(first=st.binary(max_size=100), size=st.integers(0, 2**63))
def test_a_header_is_checked_or_refused(first: bytes, size: int) -> None:
    """Random bytes behind the right first four."""
    for told_ in (first, b"ZIM\x04" + first):
        try:
            header(told_, size, "x")
        except (PackageDamaged, ZimFuture):
            continue
        raise AssertionError("random bytes are no header")


def test_rot_on_the_shelf_is_found(village: Path, shelf: Shelf) -> None:
    """By `mangrove content verify`, which reads every byte."""
    manifest = install(shelf, village)
    blob = shelf.blob_path(manifest.files[FILE_NAME].sha256)
    data = bytearray(blob.read_bytes())
    data[5_000] ^= 1
    blob.write_bytes(data)
    assert [(problem.path, problem.what) for problem in shelf.verify()] == [(FILE_NAME, "changed")]


def test_pages_are_read_by_their_path(village: Path) -> None:
    """With the kinds that the file tells; a redirect leads to the end of its row; nothing is None."""
    zim = Zim(village)
    for path, entry in zims.PAGES.items():
        page = zim.page(path)
        assert isinstance(page, Page)
        data = entry.data.encode() if isinstance(entry.data, str) else entry.data
        assert (bytes(page.read()), page.kind, page.size) == (data, entry.kind, len(data))
        assert zim.named(page.number) is not None and zim.number(path) == page.number
    assert zim.page("Older_well") == Turn("Well? # 1%")
    assert (zim.page("Nowhere"), zim.named(10**6), zim.number("Nowhere"), zim.main) == (None, None, -1, "Main")


def test_what_is_not_packed_is_found_in_the_file(village: Path) -> None:
    """So that a film is sent from where it lies."""
    zim = Zim(village)
    film, words = zim.page("film.webm"), zim.page("Goat")
    assert isinstance(film, Page) and isinstance(words, Page)
    assert words.start == -1
    assert village.read_bytes()[film.start : film.start + film.size] == zims.PAGES["film.webm"].data


def test_a_file_is_searched_by_its_own_index(village: Path, tmp_path: Path) -> None:
    """Titles and words; without an index titles alone; hostile questions find nothing and harm nothing."""
    zim, bare = Zim(village), Zim(zims.zim(tmp_path / "bare.zim", has_words=False))
    assert [page.path for page in zim.titles("goa", 5)] == ["Goat"]
    assert [page.path for page in zim.search("thornbushes", 0, 5)[1]] == ["Goat"]
    assert ([page.path for page in bare.titles("Goa", 5)], bare.search("goat", 0, 5)) == (["Goat"], (0, []))
    for asked in ('" OR NEAR(', "a" * 5_000, "(((((", "*", "title:x", ""):
        assert zim.search(asked, 0, 5)[0] == 0
        zim.titles(asked, 5)


def test_a_file_that_is_gone_is_let_go(village: Path, tmp_path: Path) -> None:
    """Or its room on the disk would not come back before the next start."""
    place = copied(village, tmp_path / "a.zim", bytes)
    opened = Zims()
    first = opened.get(place)
    assert opened.get(place) is first
    place.unlink()
    opened.let_go()
    with pytest.raises(OSError, match="No such file"):
        opened.get(place)


def test_what_is_kept_unpacked_has_its_bound(village: Path) -> None:
    """libzim counts pieces as they lie in the file, where they are a part of what they are in memory."""
    Zims(8 * MIB).get(village)
    assert get_cluster_cache_max_size() == 8 * MIB // PACKED_TIMES


def test_a_ring_of_redirects_ends(tmp_path: Path) -> None:
    """A file made on purpose: libzim's own Creator drops rings, so one is written into the finished file."""
    place = zims.zim(tmp_path / "ring.zim", redirects={"ring_a": "Goat", "ring_b": "Goat"})
    data = bytearray(place.read_bytes())
    (paths_at,) = struct.unpack_from("<Q", data, 32)
    at = {name: zim_place(data, paths_at, name) for name in ("ring_a", "ring_b")}
    for name, other in (("ring_a", "ring_b"), ("ring_b", "ring_a")):
        struct.pack_into("<I", data, at[name][1] + 8, at[other][0])
    data[-16:] = hashlib.md5(data[:-16], usedforsecurity=False).digest()
    place.write_bytes(data)
    with pytest.raises(PackageDamaged, match="a page in it cannot be read"):
        Zim(place).page("ring_a")


def zim_place(data: bytearray, paths_at: int, name: str) -> tuple[int, int]:
    """The number of a redirect and where its entry lies."""
    number = 0
    while True:
        (at,) = struct.unpack_from("<Q", data, paths_at + 8 * number)
        if data[at : at + 2] == b"\xff\xff" and bytes(data[at + 12 :]).startswith(name.encode() + b"\0"):
            return number, at
        number += 1
