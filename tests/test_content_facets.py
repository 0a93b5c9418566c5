"""What a search may be narrowed by: which marks things have, and how many hits each choice would leave."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as some

from content import counting, facets
from content.catalogue import Catalogue
from content.fulltext import Passage
from content.package import Competency, FileEntry, Item, Manifest

FILE = FileEntry("0" * 64, 1)
KINDS = ("lesson", "quiz", "video", "audio", "pdf", "book", "html5", "pictures")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "language": ("en", "pt", "pt-BR", "ar"),
    "kind": ("video", "lesson"),
    "level": ("beginner", "advanced"),
    "time": facets.TIMES,
    "sound": (facets.SILENT,),
    "competency": ("work/clean", "work/dig"),
    "goal": ("4", "6"),
    "collection": ("one", "two"),
}
SHELVED = {"p1": ("two",), "p4": ("one", "two"), "p7": ("one",), "p9": ()}
"""Package → the collections that the catalogue is told, before the package comes or after."""


def manifest(package: str = "a", *files: str, items: tuple[Item, ...] = (), language: str = "en") -> Manifest:
    """A package with these items and files."""
    known = (Competency("clean", "I can keep a well clean."), Competency("dig", "I can dig a well."))
    paths = MappingProxyType(dict.fromkeys([*(item.path for item in items), *files], FILE))
    told = {"level": "beginner", "sdg": ("6.1", "6.2", "4")}
    return Manifest(package, "work", 1, package, language, items, paths, "folder", competencies=known, **told)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "files", "is_silent"),
    [
        *((kind, (), kind not in ("video", "audio", "html5")) for kind in KINDS),
        *((kind, ("song.mp3",), kind in ("pdf", "pictures")) for kind in KINDS),
        ("video", ("part.vtt",), True),
        ("video", ("part.fr.vtt",), True),
        ("audio", ("part.vtt",), False),
        ("lesson", ("film.mp4", "film.vtt"), True),
        ("lesson", ("FILM.WEBM",), False),
    ],
)
def test_what_works_without_sound(kind: str, files: tuple[str, ...], is_silent: bool) -> None:  # noqa: FBT001
    """Each kind, alone, beside a sound, and with captions."""
    item = Item("part", kind, "Part", "part.x")
    package = manifest("a", *files, items=(item,))
    assert facets.works_without_sound(package, item) == is_silent
    assert ("sound=none" in facets.of_item(package, item)) == is_silent
    assert ("sound=none" in facets.of_package(package)) == is_silent


@pytest.mark.parametrize(
    ("minutes", "times"), [(0, []), (1, ["10", "30"]), (10, ["10", "30"]), (11, ["30"]), (30, ["30"]), (31, ["more"])]
)
def test_what_is_short(minutes: int, times: list[str]) -> None:
    """Ten minutes are also at most thirty; a time that is not told is none."""
    package = manifest(items=(Item("part", "lesson", "Part", "part.md", minutes=minutes),))
    assert [each for each in facets.TIMES if f"time={each}" in facets.of_item(package, package.items[0])] == times


def test_an_item_has_its_own_kind_and_abilities_and_the_goals_of_its_package() -> None:
    """And the package has those of all; two targets of a goal are one goal."""
    film = Item("film", "video", "Film", "film.mp4", minutes=20, competencies=("clean",))
    package = manifest(items=(film, Item("read", "lesson", "Read", "read.md", minutes=20)))
    assert facets.of_item(package, film) == (
        *("competency=work/clean", "for=12", "for=16", "for=18", "for=8", "for=all", "goal=4", "goal=6", "kind=video"),
        *("language=en", "level=beginner", "time=30"),
    )
    whole = facets.of_package(package)
    assert {"kind=video", "kind=lesson", "time=more", "competency=work/dig"} <= set(whole)
    assert "sound=none" not in whole


def filled(place: Path, most: int) -> tuple[Catalogue, list[tuple[str, tuple[str, ...]]]]:
    """A catalogue of packages unlike each other, all about water; package and marks of every passage."""
    catalogue, told = Catalogue(place / f"{most}.db", ranked_max=most), []
    catalogue.shelve("p4", ["two", "one"])
    catalogue.shelve("p7", ["two"])
    for number, language in enumerate(CHOICES["language"] * 3):
        kinds = KINDS[number % 5 : number % 5 + 3]
        items = tuple(
            Item(f"i{place}", kind, kind, f"{place}.x", 7 * number, ("clean", "dig")[: place % 3])
            for place, kind in enumerate(kinds)
        )
        package = manifest(f"p{number}", *(["0.vtt"] if number % 2 else []), items=items, language=language)
        found = [Passage("", "", f"Water {number}", "water")]
        found += [Passage(item.id, item.path, item.title, "clean water") for item in items]
        catalogue.add(package, found)
        marked = [facets.of_package(package), *(facets.of_item(package, item) for item in items)]
        told += [(package.id, facets.in_collections(each, SHELVED.get(package.id, ()))) for each in marked]
    for shelved in ("p1", "p7", "p9"):
        catalogue.shelve(shelved, SHELVED[shelved])
    assert catalogue.shelved() == {name: within for name, within in SHELVED.items() if within}
    return catalogue, told


@pytest.fixture(scope="module")
def shelves(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Catalogue, list[tuple[str, tuple[str, ...]]]]]:
    """The same shelf twice: once its hits are looked at one by one, once water is a very common word."""
    place = tmp_path_factory.mktemp("facets")
    return [filled(place, most) for most in (2_000, 5)]


@given(chosen=some.fixed_dictionaries({}, optional={name: some.sampled_from(each) for name, each in CHOICES.items()}))
def test_counts_and_hits_are_those_of_looking_at_everything(
    shelves: list[tuple[Catalogue, list[tuple[str, tuple[str, ...]]]]], chosen: dict[str, str]
) -> None:
    """Whatever is chosen: a choice leaves as many as its number says, and what it leaves has the marks."""
    for catalogue, told in shelves:
        fitting = [package for package, marks in told if facets.suits(marks, chosen)]
        found = catalogue.search("water", chosen=chosen, limit=100)
        if not found.is_capped:
            assert found.total == len(fitting)
            assert sorted(hit.package for hit in found.hits) == sorted(fitting)
        wanted = {
            mark: number
            for facet in facets.FACETS
            for mark in {each for _, marks in told for each in marks if each.startswith(f"{facet}=")}
            if (number := sum(mark in marks and facets.suits(marks, chosen, but=facet) for _, marks in told))
        }
        assert catalogue.counts("water", chosen=chosen) == wanted


def test_a_very_common_value_is_counted_no_further(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One more than what is counted stands for any more."""
    monkeypatch.setattr(counting, "COUNTED_MAX", 5)
    catalogue, _ = filled(tmp_path, 5)
    with closing(catalogue):
        assert catalogue.counts("water")["kind=html5"] == 4
        assert catalogue.counts("water")["level=beginner"] == 6
        assert catalogue.counts("") == {}


def test_what_goes_takes_its_marks_along(tmp_path: Path) -> None:
    """After a package went, nothing of it is counted, found or named."""
    catalogue, told = filled(tmp_path, 5)
    with closing(catalogue):
        for package in {package for package, _ in told} - {"p3"}:
            catalogue.remove(package)
        counted = catalogue.counts("water")
        assert (counted["language=ar"], set(counted) & {"language=en", "language=pt"}) == (4, set())
        assert catalogue.statements(["work/clean"]) == {"work/clean": [("ar", "I can keep a well clean.")]}
        catalogue.remove("p3")
        assert (catalogue.counts("water"), catalogue.statements(["work/clean"])) == ({}, {"work/clean": []})
