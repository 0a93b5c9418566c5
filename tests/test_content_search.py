"""Folding and searching: what a reader types finds what was written, in the scripts of our readers."""

from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.catalogue import Catalogue
from content.fulltext import Passage
from content.package import Item, Manifest
from content.search import fold, indexed, query, words

FINDS = [
    ("en", "The goats drank clear water", "WATER"),
    ("en", "The goats drank clear water", "goat wat"),
    ("fr", "L’école est près de la forêt", "ecole foret"),
    ("fr", "Le cœur et l’œuf", "oeuf"),
    ("es", "El niño come una manzana", "nino manz"),
    ("pt-BR", "Água limpa para beber", "agua"),
    ("sw", "Mbuzi alipanda mlima mrefu", "mlima"),
    ("ar", "كِتَابٌ عَنِ الْمَاءِ", "كتاب"),
    ("ar", "كِتَابٌ عَنِ الْمَاءِ", "الماء"),
    ("ar", "المدرسة قريبة", "مدرسه"),
    ("ar", "إلى الأمام", "الامام"),
    ("hi", "विद्यार्थी किताब पढ़ता है", "किताब"),
    ("hi", "विद्यार्थी किताब पढ़ता है", "विद्यार्थी"),
    ("th", "นักเรียนดื่มน้ำสะอาด", "น้ำ"),
    ("zh", "学生喝干净的水", "干净"),
    ("zh", "学生喝干净的水", "水"),
    ("km", "សិស្សផឹកទឹកស្អាត", "ទឹក"),
    ("am", "ንጹህ ውሃ ይጠጡ", "ውሃ"),
    ("vi", "Nước sạch ở đồng bằng", "dong bang"),
]
FINDS_NOT = [
    ("hi", "विद्यार्थी किताब पढ़ता है", "काताब"),
    ("zh", "学生喝干净的水", "净干"),
    ("en", "The goats drank clear water", "goat sheep"),
    ("en", "The goats drank clear water", "oats"),
    ("en", "The forest drank clear water", "for water"),
    ("en", "The goats drank clear water", "w"),
]
HOSTILE = [
    '"',
    "*",
    "a OR",
    "NEAR(",
    "title:water",
    "^water",
    "-",
    "(",
    "{text} : x",
    "\0",
    "water\x00 AND",
    "a" * 5000,
]


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    """An empty catalogue."""
    return Catalogue(tmp_path / "catalogue.db")


def put(catalogue: Catalogue, text: str, *, language: str = "en", name: str = "one", title: str = "Title") -> None:
    """Put a package with one passage in."""
    item = Item("item", "lesson", title, "a.md")
    manifest = Manifest(name, name, 1, title, language, (item,), MappingProxyType({}), "folder")
    catalogue.add(manifest, [Passage("item", "a.md", title, text)])


@pytest.mark.parametrize(("language", "text", "asked"), FINDS)
def test_it_is_found_and_marked(catalogue: Catalogue, language: str, text: str, asked: str) -> None:
    """Found with and without its language, and the found words are marked in the original text."""
    put(catalogue, text, language=language)
    assert catalogue.search(asked).total == catalogue.search(asked, chosen={"language": language}).total == 1
    snippet = catalogue.search(asked).hits[0].snippet
    assert "".join(part.text for part in snippet) == text
    assert any(part.is_match for part in snippet)


@pytest.mark.parametrize(("language", "text", "asked"), FINDS_NOT)
def test_it_is_not_found(catalogue: Catalogue, language: str, text: str, asked: str) -> None:
    """What only looks alike is another word."""
    put(catalogue, text, language=language)
    assert catalogue.search(asked).total == 0


@pytest.mark.parametrize("asked", HOSTILE)
def test_nothing_typed_breaks_out(catalogue: Catalogue, asked: str) -> None:
    """Every term is quoted: signs of the query language are only signs."""
    put(catalogue, "clear water")
    assert catalogue.search(asked, chosen={"language": 'en" OR "'}).total == 0
    assert catalogue.search(asked, any_term=True).total in (0, 1)


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_folding_twice_is_folding_once(text: str) -> None:
    """What is folded stays as it is, so that index and query always meet."""
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_a_text_finds_itself(text: str) -> None:
    """Every token of a query but the last, which may be a beginning, stands in what is indexed."""
    told = indexed(text).split()
    for term in query(" ".join(words(text)[:12])).replace("*", "").split('"')[1::2]:
        assert all(any(each.startswith(token) for each in told) for token in term.split())


def test_a_language_finds_its_own_and_its_kin(catalogue: Catalogue) -> None:
    """ "pt" finds Brazil's Portuguese; a code that only begins alike is another language."""
    put(catalogue, "água", language="pt-BR", name="a")
    put(catalogue, "agua", language="es", name="b")
    assert [hit.package for hit in catalogue.search("agua", chosen={"language": "pt"}).hits] == ["a"]
    assert catalogue.search("agua", chosen={"language": "p"}).total == 0


def test_the_title_counts_more(catalogue: Catalogue) -> None:
    """A lesson about wells stands before one that mentions them."""
    put(catalogue, "We dig a well. The well is deep.", name="a", title="Digging")
    put(catalogue, "We dig deep.", name="b", title="A well")
    assert [hit.package for hit in catalogue.search("well").hits] == ["b", "a"]


def test_a_long_text_is_cut_around_the_match(catalogue: Catalogue) -> None:
    """The snippet is short, begins and ends with whole words, and shows the word."""
    put(catalogue, "sand " * 2000 + "the goat stood " + "grass " * 200)
    text = "".join(part.text for part in catalogue.search("goat").hits[0].snippet)
    assert "goat" in text
    assert len(text) <= 180
    assert set(text.split()) == {"sand", "the", "goat", "stood", "grass"}
