"""A lesson with everything inside it: pictures and small sounds as they are, and words where something is too heavy."""

import base64
from pathlib import Path

import pytest

from content import inlined
from content.inlined import Inlined
from content.install import install
from content.package import Manifest
from content.shelf import Shelf
from tests.fixtures import packages

LESSON = """# Well

![A **well**](a.png) ![Big](big.png) ![Sung](song.mp3) ![A film](film.mp4)

On to [the quiz](try.toml), [a file](a.png) and [away](https://example.org/x).
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """An empty shelf."""
    return Shelf(tmp_path / "shelf")


@pytest.fixture
def manifest(shelf: Shelf, tmp_path: Path) -> Manifest:
    """A package whose lesson shows something of every kind."""
    place = packages.folder(tmp_path / "well")
    item = next(each for each in install(shelf, place).items if each.kind == "lesson")
    shelf.remove(shelf.list()[0].id)
    (place / item.path).write_text(LESSON, encoding="utf-8")
    (place / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"a" * 20)
    (place / "big.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"b" * inlined.PICTURE_BYTES_MAX)
    (place / "song.mp3").write_bytes(b"ID3" + b"s" * 20)
    packages.mp4(place / "film.mp4")
    return install(shelf, place)


def _lesson(shelf: Shelf, manifest: Manifest, page: Inlined) -> str:
    item = next(each for each in manifest.items if each.kind == "lesson")
    return page.lesson(item, {"try.toml": "#quiz"})


def test_pictures_and_sounds_stand_inside(shelf: Shelf, manifest: Manifest) -> None:
    """As data, whole; a picture keeps its description and a sound its name."""
    page = Inlined(shelf, manifest)
    html = _lesson(shelf, manifest, page)
    picture = base64.b64encode(shelf.read(manifest, "a.png")).decode()
    assert f'src="data:image/png;base64,{picture}" alt="A well"' in html
    assert 'src="data:audio/mpeg;base64,' in html
    assert page.size >= len(picture)


def test_what_is_too_heavy_is_told_in_words(shelf: Shelf, manifest: Manifest) -> None:
    """The description of a picture; a film waits at the hub. Both are counted."""
    page = Inlined(shelf, manifest)
    html = _lesson(shelf, manifest, page)
    assert '<span class="away">Big</span>' in html
    assert "<video" not in html
    assert "A film" in html
    assert sorted(page.left_out) == ["big.png", "film.mp4"]


def test_links_lead_within_the_page_or_nowhere(shelf: Shelf, manifest: Manifest) -> None:
    """To the item that is in it; anything else is words."""
    html = _lesson(shelf, manifest, Inlined(shelf, manifest))
    assert 'href="#quiz"' in html
    assert html.count("href=") == 1
    assert "(https://example.org/x)" in html


def test_a_lighter_copy_is_taken_instead(shelf: Shelf, manifest: Manifest, tmp_path: Path) -> None:
    """Where there is one, the picture stands inside after all."""
    copy = tmp_path / "720x540.jpg"
    copy.write_bytes(b"\xff\xd8small")
    heavy = manifest.files["big.png"].sha256
    page = Inlined(shelf, manifest, lambda sha256: copy if sha256 == heavy else None)
    _lesson(shelf, manifest, page)
    assert page.address("big.png") == "data:image/jpeg;base64," + base64.b64encode(copy.read_bytes()).decode()
    assert page.left_out == ["film.mp4"]


@pytest.mark.parametrize("path", ["", "nowhere.png", "try.toml"])
def test_what_is_no_picture_has_no_address(shelf: Shelf, manifest: Manifest, path: str) -> None:
    """Nothing of the package goes along that no page shows."""
    assert Inlined(shelf, manifest).address(path) == ""
