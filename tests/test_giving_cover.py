"""The cover page of a stick, opened from the stick itself in a real browser: works, links, pictures, no script."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as some
from playwright.sync_api import BrowserContext

from content import chapters
from content.question import Option, Question
from hub import library
from hub.giving import asked, out, reading
from hub.node import Node
from tests.fixtures import engines, packages, photos

pytestmark = pytest.mark.sqlite(engines.SHELF)


@pytest.fixture
def folder(node: Node, tmp_path: Path) -> Path:
    """A stick's folder with a lesson and a quiz in Arabic, a hostile title, a PDF, an album and a film in English.

    And an activity in Arabic, which only a hub opens."""
    evil = 'Well</title><script>document.title="ran"</script>'
    sources = [
        packages.well(tmp_path / "ar", language="ar", **{'"Keep the well clean"': f"'{evil}'"}),
        packages.pdf(tmp_path / "tree.en.pdf"),
        packages.mp4(tmp_path / "film.en.mp4"),
        packages.page_zip(tmp_path / "game.zip", '<html lang="ar"><title>لعبة</title></html>'),
        packages.zipped(tmp_path / "album.zip", {"2.png": photos.drawing(8, 6), "10.png": photos.drawing(9, 6)}),
    ]
    works = [library.add(node, source=each).package for each in sources]
    wanted = asked.checked(node, name="", title="Our valley", packages=works, form="mangrove")
    return out.into(node, wanted, tmp_path)


@pytest.mark.browser
def test_it_opens_from_the_stick(folder: Path, phone: Callable[..., BrowserContext]) -> None:
    """Every link leads to a file, pictures are seen, the lesson has its own; nothing runs or asks outside."""
    page = phone().new_page()
    asked_for: list[str] = []
    page.on("request", lambda request: asked_for.append(request.url))
    page.goto((folder / "index.html").as_uri())
    assert page.title() == "Our valley"
    hrefs = page.eval_on_selector_all("a[href]", "all => all.map(each => each.getAttribute('href'))")
    assert len(hrefs) == 6 and all((folder / unquote(each)).is_file() for each in hrefs)
    assert {Path(unquote(each)).suffix for each in hrefs} == {".html", ".pdf", ".png", ".mp4"}
    shown = "() => [...document.images].every(each => each.complete && each.naturalWidth > 0)"
    assert page.evaluate(shown)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    card = page.locator("article").first
    assert (card.get_attribute("lang"), card.get_attribute("dir")) == ("ar", "rtl")
    assert "<script>" in card.inner_text()
    assert page.locator("a[href$='read-2.html']").count() == 1
    page.locator("a[href$='.html']").first.click()
    assert "A lid keeps leaves out" in page.inner_text("main") and page.evaluate(shown)
    assert all(each.startswith(folder.as_uri()[:12]) for each in asked_for)


def test_what_it_says(folder: Path) -> None:
    """How it comes onto a hub, in the works' languages; licence and author; what is not told is said."""
    page = (folder / "index.html").read_text("utf-8")
    assert page.count("<section") == 2 and 'dir="rtl"' in page and "See what is on it" in page
    for word in ("CC-BY-SA-4.0", "Neema", "no licence is told", "الباقي يُفتح على مركز", "0.1 MB"):
        assert word in page
    assert "<script" not in page


def test_what_is_for_facilitators_is_not_linked(node: Node, tmp_path: Path) -> None:
    """The work goes whole to another hub; whoever opens the stick meets what learners meet."""
    text = packages.DESCRIPTION.format(version=1).replace(
        'path = "read.md"', 'path = "read.md"\nfacilitators_only = true'
    )
    work = library.add(node, source=packages.folder(tmp_path / "well", package__toml=text)).package
    wanted = asked.checked(node, name="", title="", packages=[work], form="mangrove")
    made = out.into(node, wanted, tmp_path)
    pages = [each.read_text("utf-8") for each in made.rglob("*.html")]
    assert len(pages) == 2 and not any("A clean well" in each or "A lid keeps" in each for each in pages)


CHAPTERS = {
    "one": """<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/>
<script src="far.js"/><style>p{color:red}</style></head><body onload="steal()"><h1 id="top">The goat</h1>
<p style="position:fixed">It <a id="x"/>sees the <em>moon</em>. <a href="two.xhtml#end">On</a> <a href="http://far.net">far</a></p>
<svg xmlns:xlink="x"><image width="9" xlink:href="moon.png"/></svg><img src="../../../keys/hub" alt="no"/>
<iframe src="two.xhtml"/></body></html>""",
    "two": """<html xmlns="http://www.w3.org/1999/xhtml"><body><p id="end">The end. <a href="one.xhtml">Again</a></p>
</body></html>""",
    "empty": '<html xmlns="http://www.w3.org/1999/xhtml"><body><p> </p></body></html>',
}


@pytest.fixture
def reader(node: Node, tmp_path: Path) -> Path:
    """A stick's folder with a book of three chapters and a lesson with a quiz."""
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i"><metadata'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="i">b</dc:identifier><dc:title>Goats</dc:title>'
        "<dc:language>en</dc:language></metadata><manifest>"
        + "".join(f'<item id="{n}" href="{n}.xhtml" media-type="application/xhtml+xml"/>' for n in CHAPTERS)
        + '<item id="m" href="moon.png" media-type="image/png"/></manifest><spine>'
        + "".join(f'<itemref idref="{n}"/>' for n in ("one", "empty", "two"))
        + "</spine></package>"
    )
    files = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="b/b.opf"/></rootfiles></container>',
        "b/b.opf": opf,
        "b/moon.png": photos.drawing(8, 6),
        **{f"b/{name}.xhtml": text for name, text in CHAPTERS.items()},
    }
    sources = [packages.zipped(tmp_path / "goats.epub", files), packages.folder(tmp_path / "well")]
    works = [library.add(node, source=each).package for each in sources]
    wanted = asked.checked(node, name="", title="Read", packages=works, form="mangrove")
    return out.into(node, wanted, tmp_path)


def test_a_book_is_read_chapter_by_chapter(reader: Path) -> None:
    """Words, pictures and links between chapters stay; scripts, styles, frames and all that lies outside go."""
    (one,) = reader.rglob("read-1-1.html")
    page = one.read_text("utf-8")
    body = page.partition("<body>")[2]
    for word in ("The goat", "<em>moon</em>", 'id="top"', 'href="read-1-3.html#end"'):
        assert word in body, word
    for word in ("<script", "<style", "<iframe", "onload", "position", "far.net", "keys/hub"):
        assert word not in body, word
    pictures = [each.partition('"')[0] for each in body.split('src="')[1:]]
    assert len(pictures) == 1 and (one.parent / pictures[0]).is_file()
    assert not list(reader.rglob("read-1-2.html"))
    assert '<nav><a href="read-1.html">Contents</a> <a href="read-1-3.html">Next</a></nav>' in body
    last = one.with_name("read-1-3.html").read_text("utf-8")
    assert 'href="read-1-1.html">Again' in last and '<a href="read-1-1.html">Before</a>' in last
    contents = one.with_name("read-1.html").read_text("utf-8")
    assert contents.count("<li>") == 2 and "/read-1.html" in (reader / "index.html").read_text("utf-8")


def test_a_quiz_is_read_with_its_answers_folded_away(reader: Path) -> None:
    """Each question with what may be chosen, and below it what is right and why."""
    (quiz,) = reader.rglob("read-2.html")
    page = quiz.read_text("utf-8")
    assert page.count("<details>") == page.count("<section>") >= 1
    before, _mark, after = page.partition("<details><summary>Answer</summary>")
    assert "Question 1" in before and "<li>" in before and "<li>" in after
    assert (reader / "index.html").read_text("utf-8").count("read-2.html") == 1


def test_what_is_right_is_told_in_words() -> None:
    """Pairs by their texts, numbers with what is still right, orders in their order."""
    two = (Option("a", "one"), Option("b", "two"))
    told = {
        ("match", ("a=b",), 0.0): ["one – two"],
        ("number", ("4",), 0.5): ["4 ± 0.5"],
        ("order", ("b", "a"), 0.0): ["two", "one"],
        ("text", ("Lid",), 0.0): ["Lid"],
    }
    for (kind, answer, tolerance), right in told.items():
        options = {"left": two, "right": two} if kind == "match" else {"options": two} if kind == "order" else {}
        assert reading._right(Question("q", kind, "?", answer, tolerance=tolerance, **options)) == right


def test_a_book_that_is_too_long_is_read_in_part(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: Path
) -> None:
    """The chapters that fit; all of it goes to a hub."""
    monkeypatch.setattr(reading, "CHAPTERS_MAX", 1)
    wanted = asked.checked(node, name="", title="Part", packages=[library.packages(node)[0].id], form="mangrove")
    made = out.into(node, wanted, tmp_path)
    assert len(list(made.rglob("read-1-*.html"))) == 1


@given(data=some.binary(max_size=200) | some.text(alphabet="<>/ab\"'= image:href#", max_size=200).map(str.encode))
def test_whatever_a_chapter_holds_is_plain(data: bytes) -> None:
    """Any bytes give HTML without anything that runs or leads outside."""
    found = chapters.plain(data, "a/b.xhtml", lambda _path: "there")
    assert "<script" not in found and "javascript:" not in found.replace(" ", "").partition("href")[2][:40]
