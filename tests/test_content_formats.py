"""What formats tell of themselves: books and their chapters, names, films."""

from collections.abc import Callable
from pathlib import Path

import pytest

from content.errors import PackageDamaged
from content.formats import describe
from content.formats.epub import spine
from content.fulltext import page_text
from content.install import install
from content.naming import language_of, slug, title_of
from content.shelf import Shelf
from tests.fixtures import packages

NCX = (
    '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>Moja</text></navLabel>'
    '<content src="one.xhtml"/></navPoint></navMap></ncx>'
)


def reader(shelf: Shelf, source: Path) -> Callable[[str], bytes]:
    """A function that reads the files of a book on the shelf."""
    manifest = install(shelf, source)
    return lambda path: shelf.read(manifest, path)


def test_a_book_tells_its_chapters_in_order(tmp_path: Path) -> None:
    """Names come from the navigation document."""
    chapters = spine(reader(Shelf(tmp_path / "shelf"), packages.epub(tmp_path / "goat.epub")))
    assert [(each.title, each.path) for each in chapters] == [("Mbuzi", "OPS/one.xhtml"), ("Mwezi", "OPS/two.xhtml")]


def test_an_older_book_tells_them_by_its_ncx(tmp_path: Path) -> None:
    """EPUB 2 has no navigation document; a chapter without a name has none."""
    opf = packages.OPF.replace(
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>', ""
    )
    opf = opf.replace("<manifest>", '<manifest><item id="t" href="t.ncx" media-type="application/x-dtbncx+xml"/>')
    book = packages.epub(tmp_path / "old.epub", **{"OPS__book.opf": opf, "OPS__t.ncx": NCX})
    assert [each.title for each in spine(reader(Shelf(tmp_path / "shelf"), book))] == ["Moja", ""]


def test_a_book_tells_its_title_language_and_author(tmp_path: Path) -> None:
    """And two hubs give the same book the same id."""
    one, two = (describe(packages.epub(tmp_path / name)) for name in ("a.epub", "b.epub"))
    assert (one.manifest.title, one.manifest.language, one.manifest.author) == ("The Goat and the Moon", "sw", "Asha")
    assert one.manifest.id == two.manifest.id
    one.close()
    two.close()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("META-INF__container.xml", "<container/>"),
        ("META-INF__container.xml", "not xml"),
        ("META-INF__container.xml", packages.CONTAINER.replace("OPS/book.opf", "../../etc/passwd")),
        ("OPS__book.opf", "<package"),
    ],
)
def test_a_book_that_cannot_be_read_is_refused(tmp_path: Path, name: str, text: str) -> None:
    """Broken tables of contents, and ones that lead outside."""
    with pytest.raises(PackageDamaged):
        describe(packages.epub(tmp_path / "bad.epub", **{name: text}))


def test_scrambled_fonts_are_no_lock(tmp_path: Path) -> None:
    """Such a book reads well without them."""
    tricks = '<e><EncryptionMethod Algorithm="http://www.idpf.org/2008/embedding"/></e>'
    draft = describe(packages.epub(tmp_path / "a.epub", **{"META-INF__encryption.xml": tricks}))
    assert draft.manifest.source_format == "epub"
    draft.close()


@pytest.mark.parametrize(
    ("name", "title", "language"),
    [
        ("Safe_water.fr.pdf", "Safe water", "fr"),
        ("notes.final.pdf", "notes.final", "und"),
        ("film.pt-BR.mp4", "film", "pt-BR"),
        ("كتاب.pdf", "كتاب", "und"),
        ("v1.2.zip", "v1.2", "und"),
    ],
)
def test_names_tell_title_and_language(name: str, title: str, language: str) -> None:
    """An ending that is a language code is one; other endings are words."""
    assert (title_of(Path(name)), language_of(Path(name))) == (title, language)


def test_a_slug_is_always_an_id() -> None:
    """Latin letters stay, others become a hash, nothing gets too long."""
    assert slug("L’Été à l’école!") == "lete-a-lecole"
    assert slug("كتاب").startswith("p")
    assert len(slug("long " * 100)) <= 48


def test_words_of_a_page_are_those_that_are_seen() -> None:
    """Scripts and styles are no words."""
    page = "<head><title>x</title></head><style>a{}</style><p>One <b>two</b><script>three()</script> four"
    assert page_text(page) == "One two four"


def test_a_film_of_another_brand_is_a_film(tmp_path: Path) -> None:
    """A phone's 3gp too; an M4A is a sound."""
    kinds = {}
    for brand in (b"isom", b"3gp4", b"qt  ", b"M4A "):
        draft = describe(packages.mp4(tmp_path / f"{brand.decode().strip()}.mp4", brand=brand))
        kinds[brand] = draft.manifest.items[0].kind
    assert kinds == {b"isom": "video", b"3gp4": "video", b"qt  ": "video", b"M4A ": "audio"}
