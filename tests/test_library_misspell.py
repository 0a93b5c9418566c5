"""A word typed wrong finds what was meant, and the page says so; a right word is left alone."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest

from hub import library
from hub.node import Node
from tests.fixtures import engines, packages
from tests.fixtures.cast import ROLES, Cast

pytestmark = pytest.mark.sqlite(engines.SHELF)

SHELF = {
    "en": ("Carry water", "The goats drink water beside the mountain."),
    "fr": ("La forêt", "L’école est près de la forêt."),
    "sw": ("Safari", "Mbuzi alipanda kilima kutafuta majani."),
    "ar": ("كِتَابٌ", "المدرسة قريبة من البيت الجديد."),
    "hi": ("विद्यार्थी", "हम किताब पढ़ते हैं और पानी पीते हैं।"),
}
TYPED = [
    ("en", "watr", "water"),
    ("fr", "foert", "forêt"),
    ("sw", "kutafta", "kutafuta"),
    ("ar", "المدرصة", "مدرسة"),
    ("ar", "كِتَبٌ", "كِتَابٌ"),
    ("ar", "كتب", "كِتَابٌ"),
    ("hi", "किटाब", "किताब"),
    ("hi", "विद्यर्थी", "विद्यार्थी"),
]


@pytest.fixture
def shelf(cast: Cast, node: Node, tmp_path: Path) -> Node:
    """A page in each of five languages."""
    for language, (title, text) in SHELF.items():
        page = f'<html lang="{language}"><title>{title}</title><p>{text}'
        library.add(node, source=packages.page_zip(tmp_path / f"page.{language}.zip", page))
    return node


def found(cast: Cast, words: str, more: str = "", role: str = "outsider") -> str:
    """What a search's page says, without its marks."""
    answer = cast.client(role).get(f"/library/?q={quote(words)}{more}")
    assert answer.status_code == 200
    return unescape(re.sub(r"<(?!mark|input)[^>]*>", "", answer.text))


@pytest.mark.parametrize(("language", "typed", "meant"), TYPED)
def test_a_word_typed_wrong_finds_what_was_meant(
    shelf: Node, cast: Cast, language: str, typed: str, meant: str
) -> None:
    """In each script; both words stand on the page, and what was typed stays in the field."""
    text = found(cast, typed)
    assert f"Nothing for “{typed}”. This is what “{meant}” finds:" in text
    assert meant in text.partition("finds:")[2].partition("Search for")[0]
    assert f'value="{typed}"' in text
    (hit,) = {hit.language for hit in library.search(shelf, words=typed).near.hits}
    assert hit == language


def test_everybody_gets_the_same(shelf: Node, cast: Cast) -> None:
    """Guests too; and a link leads to the search for the mended word itself."""
    for role in ROLES:
        text = cast.client(role).get("/library/?q=watr").text
        assert 'href="?q=water"' in text
        assert "Search for “water”" in text


@pytest.mark.parametrize(("language", "typed", "meant"), TYPED)
def test_a_right_word_is_never_replaced(shelf: Node, cast: Cast, language: str, typed: str, meant: str) -> None:
    """It is found as it is."""
    results = library.search(shelf, words=meant)
    assert (results.found.total > 0, results.mended) == (True, "")
    assert "This is what" not in found(cast, meant)


def test_a_word_of_another_language_is_not_mended_into_this_one(shelf: Node, cast: Cast) -> None:
    """What stands on the shelf in another language is shown as such."""
    text = found(cast, "water", "&language=fr")
    assert "Nothing in that language" in text
    assert "This is what" not in text


def test_a_chosen_language_comes_first_among_what_was_mended(shelf: Node, cast: Cast, tmp_path: Path) -> None:
    """And the others are not hidden."""
    page = '<html lang="pt"><title>Water</title><p>water in Portugal'
    library.add(shelf, source=packages.page_zip(tmp_path / "page.pt.zip", page))
    hits = library.search(shelf, words="watr", chosen={"language": "pt"}).near.hits
    assert list(dict.fromkeys(hit.language for hit in hits)) == ["pt", "en"]


@pytest.mark.parametrize("typed", ["zebra", "wxyer", "净干", "นักรัยน", "20266", "' OR 1=1 --", "<b>", "%00", "w" * 299])
def test_what_is_nowhere_near_stays_as_not_found(shelf: Node, cast: Cast, typed: str) -> None:
    """And no sign of HTML comes back as HTML."""
    text = cast.client("outsider").get(f"/library/?q={quote(typed)}").text
    assert "Nothing here has these words" in text
    assert "This is what" not in text
    assert "<b>" not in text.partition("<main")[2].partition("</main")[0]


def test_some_of_the_words_mended_are_told_too(shelf: Node, cast: Cast) -> None:
    """When nothing has them all, what has some of them is shown, and both lines of words."""
    text = found(cast, "watr zebra")
    assert "Nothing for “watr zebra”. This has some of the words “water zebra”:" in text
    assert "<mark>water" in text


def test_only_the_wrong_word_of_several_is_replaced(shelf: Node) -> None:
    """And all of them are looked for together."""
    results = library.search(shelf, words="watr beside")
    assert (results.mended, results.shown) == ("water beside", results.near)


def test_what_was_typed_is_never_noted_to_be_spoken(shelf: Node, cast: Cast) -> None:
    """The sentence around it is one of ours and gets a voice; the words of a search are not written for one."""
    for typed in ("watr", "waterr", "wwater", "watr zebra"):
        found(cast, typed, role="learner")
    noted = [row.text for row in shelf.tables.PageSentence.select()]
    assert any("This is what" in text for text in noted)
    assert [text for text in noted if any(word in text for word in ("watr", "water", "zebra"))] == []
