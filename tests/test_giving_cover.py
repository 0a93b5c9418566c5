"""The cover page of a stick, opened from the stick itself in a real browser: works, links, pictures, no script."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import BrowserContext

from hub import library
from hub.giving import asked, cover, out
from hub.node import Node
from tests.fixtures import engines, packages, photos

pytestmark = pytest.mark.sqlite(engines.SHELF)


@pytest.fixture
def folder(node: Node, tmp_path: Path) -> Path:
    """A stick's folder with a lesson in Arabic, a hostile title, a PDF, an album and a film in English."""
    evil = 'Well</title><script>document.title="ran"</script>'
    sources = [
        packages.well(tmp_path / "ar", language="ar", **{'"Keep the well clean"': f"'{evil}'"}),
        packages.pdf(tmp_path / "tree.en.pdf"),
        packages.mp4(tmp_path / "film.en.mp4"),
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
    assert len(hrefs) == 5 and all((folder / unquote(each)).is_file() for each in hrefs)
    assert {Path(unquote(each)).suffix for each in hrefs} == {".html", ".pdf", ".png", ".mp4"}
    shown = "() => [...document.images].every(each => each.complete && each.naturalWidth > 0)"
    assert page.evaluate(shown)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    card = page.locator("article").first
    assert (card.get_attribute("lang"), card.get_attribute("dir")) == ("ar", "rtl")
    assert "<script>" in card.inner_text()
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
    assert "read-1.html" not in (made / "index.html").read_text("utf-8") and not list(
        made.rglob(cover.READ.format(number=1))
    )
