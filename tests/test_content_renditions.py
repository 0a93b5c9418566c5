"""Lighter copies: upright, silent about where they were taken, all or none of them, and never a trap for the hub."""

import hashlib
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from content import rendering
from content.picture import size
from content.renditions import Renditions
from tests.fixtures import photos
from tests.fixtures.plug import PlugDisk, PlugPulled

HASH = hashlib.sha256(b"a picture").hexdigest()
STEPS_MAX = 40


def made(tmp_path: Path, data: bytes) -> dict[str, bytes]:
    """The copies that a process of its own makes of a picture, by name."""
    store = Renditions(tmp_path / "renditions")
    (tmp_path / "source").write_bytes(data)
    assert store.make(HASH, tmp_path / "source")
    found = {each.name: store.path(HASH, each.name) for each in store.copies(HASH)}
    return {name: path.read_bytes() for name, path in found.items() if path}


def refused(tmp_path: Path, data: bytes) -> bool:
    """Whether a picture is left as it came because it could not be read, and is remembered so."""
    store = Renditions(tmp_path / "renditions")
    (tmp_path / "source").write_bytes(data)
    is_read = store.make(HASH, tmp_path / "source")
    assert (store.copies(HASH), store.is_done(HASH)) == ((), True)
    return not is_read


def test_a_photo_gets_copies_as_wide_as_pages_show_it(tmp_path: Path) -> None:
    """WebP for most, JPEG for the others; each truly of the sides it is named by, and within its weight."""
    copies = made(tmp_path, photos.photo(2000, 1500))
    assert set(copies) == {
        *("160x120.webp", "360x270.webp", "720x540.webp", "1280x960.webp"),
        *("160x120.jpg", "360x270.jpg", "720x540.jpg"),
    }
    for name, data in copies.items():
        opened = photos.opened(data)
        assert (f"{opened.width}x{opened.height}", opened.format) == (
            name.partition(".")[0],
            "WEBP" if name.endswith("webp") else "JPEG",
        )
        assert len(data) <= rendering.WIDTHS[opened.width] * 1024


def test_a_small_photo_is_never_made_wider(tmp_path: Path) -> None:
    """The widest copy is the picture itself, packed better."""
    assert max(int(name.partition("x")[0]) for name in made(tmp_path, photos.photo(500, 300))) == 500


def test_a_turned_photo_stands_upright(tmp_path: Path) -> None:
    """A camera that was held upright: sides are changed, and what was at the left is at the top."""
    data = photos.photo(1200, 900, turned=True)
    copies = made(tmp_path, data)
    assert "360x480.webp" in copies
    assert size(data) == (900, 1200)
    upright = photos.opened(data).transpose(Image.Transpose.ROTATE_270).resize((360, 480)).convert("L")
    shown = photos.opened(copies["360x480.webp"]).convert("L")
    apart = [abs(one - other) for one, other in zip(upright.tobytes(), shown.tobytes(), strict=True)]
    assert sum(apart) / len(apart) < 12


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_where_a_photo_was_taken_is_not_told(tmp_path: Path, kind: str) -> None:
    """No notes, no place, no comment in any copy; the picture itself had them."""
    data = photos.photo(1000, 700, kind=kind)
    assert photos.PLACE_WORDS in data
    assert photos.opened(data).getexif().get_ifd(photos.GPS)
    copies = made(tmp_path, data)
    assert copies
    for copy in copies.values():
        opened = photos.opened(copy)
        assert not dict(opened.getexif())
        assert opened.info.keys() <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "progressive",
            "progression",
        } | {
            *("loop", "background", "timestamp", "duration"),
        }
        assert not re.search(rb"Neema|Exif|XMP|GPS", copy)


def test_what_shines_through_stays_so(tmp_path: Path) -> None:
    """WebP and PNG with a clear ground, and no JPEG, which has none."""
    copies = made(tmp_path, photos.drawing(900, 600, clear=True))
    assert {name.rpartition(".")[2] for name in copies} == {"webp", "png"}
    for data in copies.values():
        opened = photos.opened(data).convert("RGBA")
        assert opened.getchannel("A").getpixel((opened.width - 2, 1)) == 0


def test_a_drawing_keeps_its_edges(tmp_path: Path) -> None:
    """Few colours are kept without loss where that is lighter."""
    data = photos.drawing(720, 480)
    copy = photos.opened(made(tmp_path, data)["720x480.webp"]).convert("RGB")
    assert copy.tobytes() == photos.opened(data).convert("RGB").tobytes()


def test_a_picture_that_moves_stays_as_it_came(tmp_path: Path) -> None:
    """A copy would stand still."""
    assert not refused(tmp_path, photos.moving(300, 200))


def test_colours_for_printing_are_shown_as_on_a_screen(tmp_path: Path) -> None:
    """CMYK, as scanners and print shops save it."""
    out = io.BytesIO()
    photos.opened(photos.photo(800, 600)).convert("CMYK").save(out, "JPEG", quality=97)
    assert photos.opened(made(tmp_path, out.getvalue())["360x270.jpg"]).mode == "RGB"


@pytest.mark.parametrize(
    "data",
    [
        photos.bomb(9_000),
        photos.photo(800, 600)[:20_000],
        b"\x89PNG\r\n\x1a\n" + bytes(9_000),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>" + b" " * 9_000,
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n" + b" " * 9_000,
        b"",
    ],
    ids=["bomb", "cut short", "nothing behind", "drawing of lines", "a program", "empty"],
)
def test_what_cannot_be_read_stays_as_it_came(tmp_path: Path, data: bytes) -> None:
    """A picture of 81 million pixels in a few kilobytes, broken ones, and what is none of our kinds."""
    assert refused(tmp_path, data)


def test_a_huge_photo_is_read_at_a_fraction(tmp_path: Path) -> None:
    """A JPEG of more pixels than fit into the process is no bomb: it is read as small as it is needed."""
    assert rendering.PIXELS_MAX < 5000 * 3400
    assert "1280x870.webp" in made(tmp_path, photos.photo(5000, 3400, quality=60))


def test_a_process_that_needs_too_much_memory_ends_by_itself() -> None:
    """The limit is the kernel's: it holds whatever a codec does."""
    greedy = f"from content import rendering; rendering.limit(); bytearray({rendering.MEMORY_BYTES})"
    ended = subprocess.run([sys.executable, "-c", greedy], capture_output=True, text=True)
    assert (ended.returncode, "MemoryError" in ended.stderr) == (1, True)


def test_all_copies_come_at_once_or_none(tmp_path: Path) -> None:
    """The plug is pulled before every step: no copies or all, each whole, and the work can be done again."""
    (tmp_path / "whole").mkdir()
    (tmp_path / "source").write_bytes(photos.photo(300, 200))
    whole = made(tmp_path / "whole", photos.photo(300, 200))
    for stop in range(STEPS_MAX):
        root, disk = tmp_path / f"cut-{stop}", PlugDisk(stop, loses=True)
        try:
            Renditions(root, disk).make(HASH, tmp_path / "source")
        except PlugPulled:
            assert standing(root) in ({}, whole)
            assert Renditions(root).make(HASH, tmp_path / "source")
        else:
            disk.lose()
        assert standing(root) == whole
        if disk.steps < stop:
            return
    raise AssertionError("the work has no end")


def standing(root: Path) -> dict[str, bytes]:
    """The copies that a page would find."""
    store = Renditions(root)
    return {each.name: (store.path(HASH, each.name) or root).read_bytes() for each in store.copies(HASH)}


def test_every_copy_is_on_the_disk_before_it_is_seen(tmp_path: Path) -> None:
    """The rename comes after each file was flushed, and the folder that holds them."""
    synced: set[Path] = set()

    class Flushed(PlugDisk):
        def sync_file(self, path: Path) -> None:
            synced.add(path)
            super().sync_file(path)

        def rename(self, old: Path, new: Path) -> None:
            assert set(old.iterdir()) <= synced
            super().rename(old, new)

    (tmp_path / "source").write_bytes(photos.photo(300, 200))
    assert Renditions(tmp_path / "r", Flushed(STEPS_MAX, loses=True)).make(HASH, tmp_path / "source")
    assert len(synced) == 4


def test_copies_that_nobody_shows_are_thrown_away(tmp_path: Path) -> None:
    """Others stay; what a cut left goes too; nothing is taken by a name that is no copy's."""
    store, other = Renditions(tmp_path / "renditions"), hashlib.sha256(b"other").hexdigest()
    (tmp_path / "source").write_bytes(photos.photo(300, 200))
    store.make(HASH, tmp_path / "source")
    store.make(other, tmp_path / "source")
    left = store.root / "staging" / "cut"
    left.mkdir()
    store.prune([other])
    assert (store.copies(HASH), bool(store.copies(other)), left.exists()) == ((), True, False)
    assert store.path(other, "../../secret.webp") is None
    assert store.path("../" * 8 + "etc", "1x1.webp") is None
