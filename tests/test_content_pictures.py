"""Pictures as packages: one alone, an album in the order people count in, with captions; and what is refused."""

import random
import string
import time
import unicodedata
from contextlib import closing
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content import packed
from content.errors import (
    CaptionWrong,
    ContentError,
    FileTooLarge,
    FormatUnknown,
    LessonWrong,
    ManifestWrong,
    PackageDamaged,
    PackageIncomplete,
    PackageTooLarge,
    PackageUnsafe,
    PictureMisnamed,
    PictureUnshown,
)
from content.formats import describe, outlines
from content.formats.pictures import album, in_order
from content.fulltext import passages
from content.install import export, install
from content.limits import Limits
from content.package import FileEntry, Item, Manifest
from content.shelf import Shelf
from tests.fixtures import packages, photos

JPEG, PNG, GIF = photos.photo(64, 48), photos.drawing(64, 48), photos.moving(40, 30)
WEBP, SVG = photos.photo(64, 48, kind="WEBP"), packages.PICTURE.encode()
OWN = {"a.jpg": JPEG, "a.JPEG": JPEG, "a.png": PNG, "a.webp": WEBP, "a.gif": GIF, "a.svg": SVG}
BOOKLET = {"b/page10.jpg": JPEG, "b/page2.jpg": JPEG, "b/Page1.png": PNG, "b/captions.txt": "page2.jpg\tA lid"}


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """An empty shelf."""
    return Shelf(tmp_path / "shelf")


def written(place: Path, data: bytes) -> Path:
    """A file with these bytes."""
    place.write_bytes(data)
    return place


def laid_out(top: Path, files: dict[str, bytes | str]) -> Path:
    """A folder with these files."""
    for path, data in files.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_bytes(data if isinstance(data, bytes) else data.encode())
    return top


def shown(shelf: Shelf, manifest: Manifest, item: int = 0) -> list[tuple[str, str]]:
    """Path and caption of each picture of an item, in their order."""
    found = album(manifest, manifest.items[item], lambda path: shelf.read(manifest, path))
    assert [each.number for each in found] == list(range(1, len(found) + 1))
    return [(each.path, each.caption) for each in found]


@pytest.mark.parametrize("name", OWN)
def test_each_kind_of_picture_comes_in(shelf: Shelf, tmp_path: Path, name: str) -> None:
    """One picture is one item, and its own cover; the file itself is what is kept of it."""
    manifest = install(shelf, written(tmp_path / name, OWN[name]))
    (item,) = manifest.items
    assert (manifest.source_format, item.kind, item.path, manifest.cover) == ("pictures", "pictures", name, name)
    assert (shown(shelf, manifest), packed.single(manifest)) == ([(name, "")], name)
    assert shelf.verify() == []


def test_a_folder_and_a_zip_of_it_are_the_same_album(shelf: Shelf, tmp_path: Path) -> None:
    """Page 2 before page 10, the caption beside its picture, the language out of the name, no litter."""
    made = laid_out(tmp_path / "in", {**BOOKLET, "b/.DS_Store": b"x", "b/Thumbs.db": b"x"})
    folder = (made / "b").rename(made / "The_well.fr")
    zip_ = packages.zipped(tmp_path / "The_well.fr.zip", {**BOOKLET, "__MACOSX/b/._page2.jpg": b"x"})
    albums = [install(shelf, each) for each in (folder, zip_)]
    assert albums[0] == albums[1]
    assert (albums[0].title, albums[0].language, albums[0].cover) == ("The well", "fr", "Page1.png")
    assert shown(shelf, albums[0]) == [("Page1.png", ""), ("page2.jpg", "A lid"), ("page10.jpg", "")]
    assert not packed.single(albums[0])


def test_each_folder_of_an_album_is_a_part(shelf: Shelf, tmp_path: Path) -> None:
    """In their order, each with its own pictures, captions and name."""
    files = {"2. Lid/a.jpg": JPEG, "10. Rope/a.jpg": JPEG, "2. Lid/captions.txt": "a.jpg\tTight"}
    manifest = install(shelf, packages.zipped(tmp_path / "Well.zip", files))
    assert [(item.id, item.title) for item in manifest.items] == [("part-1", "2. Lid"), ("part-2", "10. Rope")]
    assert [shown(shelf, manifest, each) for each in (0, 1)] == [[("2. Lid/a.jpg", "Tight")], [("10. Rope/a.jpg", "")]]


def test_a_lesson_folder_may_hold_an_album(shelf: Shelf, tmp_path: Path) -> None:
    """All pictures in the folder of its path, and none from beside it."""
    item = '[[item]]\nid = "see"\nkind = "pictures"\ntitle = "See"\npath = "see/1.jpg"\n'
    made = packages.folder(tmp_path / "well", package__toml=packages.DESCRIPTION.format(version=1) + item)
    manifest = install(shelf, laid_out(made, {"see/1.jpg": JPEG, "see/2.png": PNG}))
    assert shown(shelf, manifest, 2) == [("see/1.jpg", ""), ("see/2.png", "")]
    (made / "package.toml").write_text((made / "package.toml").read_text().replace("see/1.jpg", "read.md"))
    with pytest.raises(ManifestWrong, match="no picture"):
        install(shelf, made)


def test_an_album_goes_from_hub_to_hub(shelf: Shelf, tmp_path: Path) -> None:
    """As an export, and as the packed file that a reader kept, which has a note of ours in it."""
    manifest = install(shelf, packages.zipped(tmp_path / "Well.zip", dict(BOOKLET)))
    there = Shelf(tmp_path / "there")
    assert install(there, export(shelf, manifest.id, tmp_path)) == manifest
    with (tmp_path / "Well.kept.zip").open("wb") as out:
        packed.pack(shelf, manifest, out)
    again = install(there, tmp_path / "Well.kept.zip")
    assert (again.files, again.items[0].kind) == (manifest.files, "pictures")


@pytest.mark.parametrize(
    ("files", "format_"),
    [
        ({"index.html": "<p>Beans", "a.jpg": JPEG}, "html5_zip"),
        ({"only.html": "<p>Beans", "a.jpg": JPEG, "captions.txt": ""}, "html5_zip"),
        ({"package.toml": "x", "a.jpg": JPEG}, ""),
        ({"a.jpg": JPEG, "notes.txt": "x"}, ""),
        ({"captions.txt": ""}, ""),
    ],
)
def test_a_zip_with_anything_else_is_no_album(tmp_path: Path, files: dict[str, bytes | str], format_: str) -> None:
    """Pages stay pages, lessons lessons, and a heap of files is not guessed at."""
    source = packages.zipped(tmp_path / "a.zip", files)
    if format_:
        with closing(describe(source)) as draft:
            assert draft.manifest.source_format == format_
    else:
        with pytest.raises((FormatUnknown, ManifestWrong)):
            describe(source)


def test_a_folder_with_anything_else_is_no_album(tmp_path: Path) -> None:
    """Nor is an empty one."""
    for files in ({"a.jpg": JPEG, "b.doc": b"x"}, {}):
        place = tmp_path / str(len(files))
        place.mkdir()
        with pytest.raises(FormatUnknown):
            describe(laid_out(place, files))


BAD: dict[str, tuple[str, bytes, type[ContentError], str]] = {
    "a name that lies": ("a.png", JPEG, PictureMisnamed, "is a picture of the kind JPEG.*end in .jpg"),
    "no ending at all": ("IMG_1", PNG, PictureMisnamed, "end in .png"),
    "no picture": ("a.png", b"hello", PackageDamaged, "no picture, whatever its name says"),
    "a page": ("a.svg", b"<html><svg viewBox='0 0 1 1'></svg></html>", PackageDamaged, "no picture"),
    "nothing": ("a.jpg", b"", PackageDamaged, "it is empty"),
    "HEIC": ("a.heic", b"\0\0\0\x18ftypheic" + bytes(20), PictureUnshown, "HEIC, which not every phone"),
    "AVIF under another name": ("a.jpg", b"\0\0\0\x18ftypavif" + bytes(20), PictureUnshown, "AVIF"),
    "TIFF": ("a.tif", b"II*\0" + bytes(20), PictureUnshown, "TIFF"),
    "too many pixels": ("a.png", photos.bomb(7_100), PackageTooLarge, "number of pixels is 50410000"),
    "a side beyond measure": ("a.gif", b"GIF89a\xff\xff\xff\xff" + GIF[10:], PackageDamaged, "width and height"),
    "a drawing without sides": ("a.svg", b"<svg></svg>", PackageDamaged, "width and height"),
    "a drawing that unfolds": (
        "a.svg",
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg viewBox="0 0 1 1">&a;</svg>',
        PackageUnsafe,
        "unfolds by itself",
    ),
    "JPEG cut short": ("a.jpg", JPEG[:-40], PackageDamaged, "cut short"),
    "JPEG cut before its picture": ("a.jpg", JPEG[:300], PackageDamaged, "cut short"),
    "PNG cut short": ("a.png", PNG[:150], PackageDamaged, "cut short"),
    "WebP cut short": ("a.webp", WEBP[:-2], PackageDamaged, "cut short"),
    "GIF cut short": ("a.gif", GIF[:-1], PackageDamaged, "cut short"),
    "GIF without a picture": ("a.gif", b"GIF89a\x01\0\x01\0\0\0\0;", PackageDamaged, "cut short"),
    "SVG cut short": ("a.svg", SVG[:-8], PackageDamaged, "cut short"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("is_album", [False, True], ids=["alone", "in an album"])
def test_a_bad_picture_is_refused_in_one_sentence(shelf: Shelf, tmp_path: Path, name: str, is_album: bool) -> None:
    """Alone or between good ones; it is named, and the shelf is as it was."""
    path, data, mistake, says = BAD[name]
    if is_album and name in ("no ending at all", "nothing"):
        mistake, says = {"nothing": (PackageDamaged, "no picture")}.get(name, (FormatUnknown, "not something"))
    source = written(tmp_path / path, data)
    if is_album:
        source = packages.zipped(tmp_path / "all.zip", {"0.jpg": JPEG, path: data, "z.png": PNG})
    with pytest.raises(mistake, match=says) as told:
        install(shelf, source)
    assert path in str(told.value) or mistake is FormatUnknown
    assert (shelf.list(), list(shelf.objects.glob("*/*")), list(shelf.staging.iterdir())) == ([], [], [])


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        (Limits(pictures=2), "number of pictures is 3, and the limit is 2"),
        (Limits(picture_bytes=500), "page2.jpg is"),
        (Limits(picture_pixels=3_000), "number of pixels is 3072"),
        (Limits(files=3), "number of files"),
        (Limits(total_bytes=900), "all of it"),
    ],
)
def test_an_album_has_limits(shelf: Shelf, tmp_path: Path, limits: Limits, says: str) -> None:
    """How many pictures, how large each, how large together."""
    files = {path: data for path, data in BOOKLET.items() if limits.picture_bytes > 500 or path != "b/Page1.png"}
    with pytest.raises(PackageTooLarge, match=says):
        install(shelf, packages.zipped(tmp_path / "a.zip", files), limits)
    assert shelf.list() == []


def test_a_link_in_an_album_is_not_followed(shelf: Shelf, tmp_path: Path) -> None:
    """Neither to a file nor to a folder outside."""
    for number, target in enumerate(("/etc/passwd", "/etc")):
        place = laid_out(tmp_path / str(number), {"a.jpg": JPEG})
        (place / "b.jpg").symlink_to(target)
        with pytest.raises(PackageUnsafe, match=r"b\.jpg"):
            install(shelf, place)


def test_a_camera_that_writes_much_before_the_picture_is_read(shelf: Shelf, tmp_path: Path) -> None:
    """Notes of more than 64 KiB stand before the sides; bytes that only fill are passed over."""
    notes = b"".join(b"\xff\xff\xe1" + (60_002).to_bytes(2, "big") + bytes(60_000) for _ in range(3))
    data = JPEG[:2] + notes + JPEG[2:]
    assert outlines.size(data) == (64, 48)
    assert install(shelf, written(tmp_path / "a.jpg", data)).items[0].kind == "pictures"


def test_a_drawing_with_a_long_head_is_known_at_once() -> None:
    """Programs put their names first; a head made of remarks alone takes no time."""
    head = (
        b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- made by hand -->\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x">'
    )
    assert outlines.kind(head + SVG) == "SVG"
    began = time.monotonic()
    assert outlines.kind(b"<!---->" * 500 + b"<!--") == ""
    assert outlines.kind(b" " * 4000) == ""
    assert time.monotonic() - began < 1


@given(st.sampled_from(list(OWN)), st.data())
def test_a_picture_cut_anywhere_is_never_whole(name: str, data: st.DataObject) -> None:
    """What follows a picture's own end is not missed; all else is."""
    whole = OWN[name].rstrip(b"\0") if name == "a.png" else OWN[name]
    ends = {"a.jpg": 2, "a.JPEG": 2, "a.png": 4, "a.webp": 2, "a.gif": 1, "a.svg": len("</svg>") + 1}[name]
    cut = data.draw(st.integers(0, len(whole) - ends))
    assert not outlines.is_whole(whole[:cut])
    assert outlines.is_whole(OWN[name])


@given(st.binary(max_size=200), st.sampled_from([b"", *(each[:12] for each in OWN.values())]))
def test_whatever_comes_is_looked_at_without_a_fault(tail: bytes, head: bytes) -> None:
    """Any bytes behind any beginning."""
    outlines.kind(head + tail)
    outlines.is_whole(head + tail)
    outlines.size(head + tail)


NUMBERS = st.lists(st.integers(0, 10**9), min_size=1, max_size=20, unique=True)
NAMES = st.text(st.sampled_from(string.ascii_letters + "0123456789٠١٢٣ é_-"), min_size=1, max_size=8)


@given(NUMBERS, st.sampled_from(["", "page", "Page ", "صفحة", "पन्ना-", "booklet/p"]), st.sampled_from([0, 3]))
def test_pages_stand_as_people_count(numbers: list[int], before: str, width: int) -> None:
    """2 before 10, with zeros before them or without."""
    paths = [f"{before}{number:0{width}d}.jpg" for number in numbers]
    assert in_order(paths) == [f"{before}{number:0{width}d}.jpg" for number in sorted(numbers)]


@given(NUMBERS)
def test_digits_of_any_script_count(numbers: list[int]) -> None:
    """Arabic-Indic ones stand where their values do."""
    arabic = {ord(str(each)): 0x0660 + each for each in range(10)}
    paths = {number: f"p{str(number).translate(arabic)}.png" for number in numbers}
    assert in_order(paths.values()) == [paths[number] for number in sorted(numbers)]


@given(st.lists(NAMES, max_size=12, unique=True), st.randoms())
def test_the_order_does_not_hang_on_how_they_came(names: list[str], chance: random.Random) -> None:
    """One order for one set of names, on every hub; a picture stands before those that go on from its name."""
    paths = [f"{name}.jpg" for name in names]
    mixed = paths.copy()
    chance.shuffle(mixed)
    assert in_order(mixed) == in_order(paths)
    assert sorted(mixed) == sorted(in_order(mixed))
    assert in_order(["page2.jpg", "page.jpg", "PAGE 1.jpg"])[0] == "page.jpg"


def told(captions: bytes, *names: str) -> dict[str, str]:
    """The captions of an album of these pictures, by path; what cannot be read is left out."""
    files = MappingProxyType({name: FileEntry("0" * 64, 1) for name in (*names, "captions.txt")})
    item = Item("item", "pictures", "Album", names[0])
    manifest = Manifest("a", "a", 1, "Album", "en", (item,), files, "pictures")
    return {each.path: each.caption for each in album(manifest, item, {"captions.txt": captions}.__getitem__)}


WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=60)


@given(st.dictionaries(st.sampled_from(["page1.jpg", "page2.jpg", "page10.jpg"]), WORDS), st.booleans())
def test_captions_come_to_their_pictures(words: dict[str, str], is_windows: bool) -> None:
    """Whatever they say, with either end of line, with a mark at the front; no sign that shows nothing is left."""
    lines = ("\r\n" if is_windows else "\n").join(f"{name}\t{text}" for name, text in words.items())
    found = told(f"\ufeff{lines}\n".encode(), "page1.jpg", "page2.jpg", "page10.jpg")
    assert found.keys() == {"page1.jpg", "page2.jpg", "page10.jpg"}
    for name, caption in found.items():
        plain = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in words.get(name, ""))
        assert caption == " ".join(plain.split())


def test_a_caption_finds_its_picture_in_another_spelling() -> None:
    """Letters without case; accents in one sign or two, as one computer and another write them."""
    two = unicodedata.normalize("NFD", "été.jpg")
    assert told("ÉTÉ.JPG\tSummer\n\n  b.png \t Rain ".encode(), two, "b.png") == {two: "Summer", "b.png": "Rain"}


BAD_CAPTIONS: dict[str, tuple[bytes, type[ContentError], str]] = {
    "no tab": (b"page1.png a lid", CaptionWrong, "Line 1 of captions.txt"),
    "twice": (b"page1.png\ta\n\nPAGE1.png\tb", CaptionWrong, "Line 3 of captions.txt"),
    "too long": (b"page1.png\t" + b"a" * 1_001, CaptionWrong, "at most 1000 letters"),
    "of nothing": (b"page7.png\tgone", PackageIncomplete, "captions.txt speaks of page7.png"),
    "not UTF-8": ("page1.png\té".encode("utf-16"), LessonWrong, "Save it as UTF-8"),
}


@pytest.mark.parametrize("name", BAD_CAPTIONS)
def test_bad_captions_are_refused_in_one_sentence(shelf: Shelf, tmp_path: Path, name: str) -> None:
    """And where they turn bad later, the pictures are shown without them."""
    data, mistake, says = BAD_CAPTIONS[name]
    with pytest.raises(mistake, match=says):
        install(shelf, laid_out(tmp_path / "in", {"page1.png": PNG, "captions.txt": data}))
    assert shelf.list() == []
    assert told(data, "page1.png") == {"page1.png": ""}


def test_captions_larger_than_a_lesson_are_refused(shelf: Shelf, tmp_path: Path) -> None:
    """They are read whole, so they have a limit."""
    with pytest.raises(FileTooLarge, match=r"captions\.txt"):
        install(shelf, laid_out(tmp_path / "in", {"a.png": PNG, "captions.txt": b"\n" * 2**20 + b"\n"}))


def test_captions_are_found_each_at_its_picture(shelf: Shelf, tmp_path: Path) -> None:
    """The search leads into the middle of an album."""
    manifest = install(shelf, packages.zipped(tmp_path / "Well.zip", dict(BOOKLET)))
    found = [(each.path, each.text) for each in passages(manifest, lambda path: shelf.read(manifest, path))]
    assert found == [("", ""), ("Page1.png", ""), ("page2.jpg", "A lid")]
