"""The words on the pages of PDFs: in every script, in the order in which people write; and files that are traps."""

import json
import time
from pathlib import Path

import pytest

from content import pdf_reading, texts
from content.catalogue import Catalogue
from content.fulltext import passages
from content.install import install
from content.package import Manifest
from content.search import fold
from content.shelf import Shelf
from content.texts import Text, Texts
from tests.fixtures import packages, pdfs

PAGES = {
    "clean water": ["Boil clean water", "before you drink."],
    "efficace": ["L\u2019e\ufb03cace \ufb01let du \ufb02euve"],
    "safi": ["Maji safi ni uhai"],
    "النظيف": ["ﻒﻴﻈﻨﻟﺍ ﺀﺎﻤﻟﺍ", "ﺔﻠﻛ ٢٠٢٤"],
    "पानी": ["साफ़ पानी पीते हैं"],
    "สะอาด": ["น้ำสะอาดสำหรับทุกคน"],
    "喝水": ["孩子们喝水"],
}
SHA = "ab" * 32


def made(place: Path, source: Path) -> Text:
    """What is read of a file."""
    return Texts(place / "texts").make(SHA, source)


def test_every_script_is_found_on_its_page(tmp_path: Path) -> None:
    """By a word of the page as people write it; the hit names the page, and its words are in their right order."""
    shelf = Shelf(tmp_path / "blobs")
    source = pdfs.written(tmp_path / "booklet.pdf", list(PAGES.values()))
    manifest = install(shelf, source)
    catalogue = Catalogue(tmp_path / "catalogue.db")
    catalogue.rebuild(shelf)
    assert [catalogue.search(asked).total for asked in ("booklet", *PAGES)] == [2, *[0] * len(PAGES)]
    store = Texts.beside(shelf.root)
    sha256 = manifest.files[manifest.items[0].path].sha256
    assert store.make(sha256, shelf.blob_path(sha256)).is_whole
    assert catalogue.rebuild(shelf) == 1
    for number, asked in enumerate(PAGES, start=1):
        (hit,) = catalogue.search(asked).hits
        assert hit.path.endswith(f"#page={number}"), asked
        assert fold(asked) in fold("".join(part.text for part in hit.snippet)), asked
        assert (hit.title, hit.item) == (manifest.title, manifest.items[0].id)
    pages = store.pages(sha256)
    assert pages[3].split() == ["الماء", "النظيف", "كلة", "\u0662\u0660\u0662\u0664"]
    assert "efficace" in pages[1] and "filet" in pages[1]


def test_a_scan_has_pages_and_no_words(tmp_path: Path) -> None:
    """One empty page is read whole."""
    found = made(tmp_path, packages.pdf(tmp_path / "scan.pdf"))
    assert (found, found.has_words) == (Text(("",), is_whole=True), False)
    assert made(tmp_path, tmp_path / "is not looked at again.pdf") == found


def hostile(place: Path) -> dict[str, Path]:
    """Files that only say that they are PDFs, or that want the whole machine."""
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    start = {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>", 5: font}
    text = b"BT /F1 12 Tf (water) Tj ET "
    bomb = {**start, 3: pdfs.page(3, 4, 5), 4: pdfs.stream(b"BT /F1 9 Tf " + b"(w) Tj " * 40_000_000, packed=True)}
    nested = {**start, 3: pdfs.page(3, 4, 5), 4: pdfs.stream(text + b"[" * 200_000)}
    loop = {**start, 2: b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 9>>", 3: pdfs.page(3, 4, 5), 4: pdfs.stream(text)}
    many = {**start, 2: b"<</Type/Pages/Kids[3 0 R]/Count 999999999>>", 3: pdfs.page(3, 4, 5), 4: pdfs.stream(text)}
    files = {"bomb": bomb, "nested": nested, "loop": loop, "many": many}
    found = {name: pdfs.bound(place / f"{name}.pdf", bodies) for name, bodies in files.items()}
    whole = pdfs.written(place / "whole.pdf", [["water"]] * 3).read_bytes()
    cut, wrong, locked = place / "cut.pdf", place / "wrong.pdf", place / "locked.pdf"
    cut.write_bytes(whole[: len(whole) // 2])
    wrong.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 400 + b"\n%%EOF")
    locked.write_bytes(whole.replace(b"/Root 1 0 R", b"/Root 1 0 R/Encrypt<</Filter/Standard/V 5/R 6>>"))
    return found | {"cut": cut, "wrong": wrong, "locked": locked}


def test_a_trap_is_read_as_far_as_it_can_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """None hangs, none needs more than the limit, and nothing is left beside the answer."""
    monkeypatch.setattr(texts, "WORK_S", 6.0)
    for name, source in hostile(tmp_path).items():
        began = time.monotonic()
        store = Texts(tmp_path / name)
        found = store.make(SHA, source)
        assert time.monotonic() - began < 12, name
        assert sum(map(len, found.pages)) <= texts.PAGE_CHARS_MAX * 3, name
        assert [path.name for path in (tmp_path / name).rglob("*.*")] == [f"{SHA}.json"]
        assert store.get(SHA) == found


def test_what_stops_half_way_keeps_the_pages_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken page is empty and the next has its turn; too many pages are read up to the limit."""
    place = pdfs.written(tmp_path / "five.pdf", [[f"page {number}"] for number in range(5)])
    monkeypatch.setattr(pdf_reading, "PAGES_MAX", 3)
    monkeypatch.setattr(pdf_reading, "limit", lambda: None)
    assert pdf_reading.main(place, tmp_path / "out") == texts.PART
    assert [json.loads(line) for line in (tmp_path / "out").read_text().splitlines()] == ["page 0", "page 1", "page 2"]
    monkeypatch.setattr(pdf_reading, "_words", lambda text: text.replace("page 1", "").strip() or 1 / 0)
    assert pdf_reading.main(place, tmp_path / "out") == texts.PART
    assert [bool(json.loads(line)) for line in (tmp_path / "out").read_text().splitlines()] == [True, False, True]
    monkeypatch.setattr(texts, "BYTES_MAX", 10)
    assert made(tmp_path, place) == Text()


def test_what_was_kept_and_is_broken_is_read_again(tmp_path: Path) -> None:
    """A damaged text counts as none; what was read in part is forgotten on request, others when nobody needs them."""
    store, source = Texts(tmp_path / "texts"), pdfs.written(tmp_path / "one.pdf", [["water"]])
    whole = store.make(SHA, source)
    (kept,) = (tmp_path / "texts").rglob("*.json")
    kept.write_text("{")
    assert store.get(SHA) is None and store.pages(SHA) == ()
    assert store.make(SHA, source) == whole
    store.look_again()
    assert store.get(SHA) == whole
    store.make("cd" * 32, packages.pdf(tmp_path / "scan.pdf"))
    store.prune([SHA])
    assert (store.get("cd" * 32), store.get(SHA)) == (None, whole)
    kept.write_text(json.dumps({"pages": ["a"], "is_whole": False}))
    store.look_again()
    assert store.get(SHA) is None


def test_a_film_is_found_at_the_minute(tmp_path: Path) -> None:
    """What is said together is one passage, which begins with its first word."""
    captions = (
        "WEBVTT\n\n00:00:05.000 --> 00:00:09.000\nBoil water\n\n1\n00:50.000 --> 00:55.000\nlet it cool\n\n"
        "NOTE nothing\n01:10.000 --> 01:12.000\nKunywa maji\n\n01:13.000 --> 01:14.000\nthe end\n"
    )
    place = packages.folder(tmp_path / "well", film__vtt=captions)
    packages.mp4(place / "film.mp4")
    with (place / "package.toml").open("a") as file:
        file.write('\n[[item]]\nid = "film"\nkind = "video"\ntitle = "Film"\npath = "film.mp4"\n')
    shelf = Shelf(tmp_path / "blobs")
    manifest: Manifest = install(shelf, place)
    found = [each for each in passages(manifest, lambda path: shelf.read(manifest, path)) if each.item == "film"]
    assert [(each.title, each.path) for each in found] == [
        ("Film", "film.mp4"),
        ("", "film.mp4#t=5"),
        ("", "film.mp4#t=70"),
    ]
    assert [each.text.split() for each in found[1:]] == [
        ["Boil", "water", "let", "it", "cool"],
        ["Kunywa", "maji", "the", "end"],
    ]
