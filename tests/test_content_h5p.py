"""H5P packages on their way to the shelf: what becomes of them, what is said before, and what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.draft import Draft
from content.errors import ContentError
from content.formats import describe
from content.formats import h5p as format_
from content.formats import h5p_libraries as libraries
from content.formats.h5p_libraries import Inside, Named, Whole
from content.fulltext import passages
from content.install import install
from content.limits import Limits
from content.package import Item
from content.shelf import Shelf
from tests.fixtures import h5p
from tests.fixtures.packages import zipped


def drafted(source: Path) -> Draft:
    """The draft of a package, closed again."""
    draft = describe(source)
    draft.close()
    return draft


def inside(files: dict[str, Any]) -> Inside:
    """Files as the reader of libraries meets them; tables are written as JSON."""
    told = {path: body if isinstance(body, bytes) else json.dumps(body).encode() for path, body in files.items()}
    return Inside(told, told.__getitem__, "a.h5p")


def loaded(about: Any, content: Any, found: dict[str, Any]) -> Whole:
    """A content with its libraries."""
    return libraries.load(inside({"h5p.json": about, "content/content.json": content, **found}))


def test_a_task_becomes_one_activity(tmp_path: Path) -> None:
    """With what it tells of itself; what H5P takes no notice of stays out."""
    draft = drafted(h5p.package(tmp_path / "a.h5p", **{"notes.txt": "x", "content__.hid": "x"}))
    found = draft.manifest
    assert found.items == (Item("item", "h5p", "Clean water & wells", "h5p.json", picture="content/images/well.png"),)
    assert (found.title, found.language, found.licence) == ("Clean water & wells", "en", "CC-BY-SA-4.0")
    assert (found.author, found.source_format, found.cover) == ("Amina, Joseph", "h5p", "content/images/well.png")
    assert {"content/.DS_Store", "content/.hid", "notes.txt"}.isdisjoint(draft.origins)
    assert {"h5p.json", "content/content.json", "H5P.MangroveBase-1.0/scripts/main.js"} <= draft.origins.keys()
    assert draft.left_out == ()


def test_its_words_are_found(tmp_path: Path) -> None:
    """What is asked and offered, without HTML and without what its reader never sees."""
    shelf = Shelf(tmp_path / "shelf")
    manifest = install(shelf, h5p.a_set(tmp_path / "a.h5p"))
    texts = [each.text for each in passages(manifest, lambda path: shelf.read(manifest, path))]
    assert "Is boiled water safe?\nYes\nNo" in texts[1]
    assert "MangroveChoice" not in texts[1]
    said = {**h5p.CONTENT, "correct": "true", "feedback": "You got @score of @total"}
    assert format_.texts(said, "a") == "What keeps leaves out of a well?\nA lid\nA rope"


def test_libraries_come_in_order() -> None:
    """Each after those it needs, however h5p.json lists them; those that only a part names come along."""
    found = {
        "H5P.A-1.0/library.json": h5p.library("H5P.A 1.0", ("H5P.B 1.0", "H5P.C 2.1"), preloadedJs=[]),
        "H5P.B/library.json": h5p.library("H5P.B 1.0", ("H5P.C 2.1",), preloadedJs=[{"path": "./x/../b.js"}]),
        "H5P.B/b.js": b"",
        "H5P.C-2.1.7/library.json": h5p.library("H5P.C 2.1", ("H5P.A 1.0",), preloadedJs=[], majorVersion="2"),
        "H5P.D-1.0/library.json": h5p.library("H5P.D 1.0", preloadedJs=[]),
    }
    about = {"mainLibrary": "H5P.A", "preloadedDependencies": h5p.dependencies("H5P.A 1.0")}
    whole = loaded(about, {"part": [{"library": "H5P.D 1.0"}, {"library": ""}]}, found)
    assert [each.named.name for each in whole.libraries] == ["H5P.C", "H5P.B", "H5P.A", "H5P.D"]
    assert [each.folder for each in whole.libraries] == ["H5P.C-2.1.7", "H5P.B", "H5P.A-1.0", "H5P.D-1.0"]
    assert whole.libraries[1].scripts == ("H5P.B/b.js",)
    assert whole.main.named == Named("H5P.A", 1, 0)


def using(name: str) -> dict[str, Any]:
    """h5p.json and a library that is called so."""
    about = {**h5p.ABOUT, "preloadedDependencies": h5p.dependencies(h5p.CHOICE_NAME, h5p.BASE_NAME, f"{name} 1.0")}
    return {
        "h5p.json": json.dumps(about),
        f"{name}-1.0/library.json": json.dumps(h5p.library(f"{name} 1.0", preloadedJs=[])),
    }


@pytest.mark.parametrize(("name", "said"), format_.AWAY.items())
def test_types_that_need_more_than_a_hub_are_said(tmp_path: Path, name: str, said: str) -> None:
    """Before anything is added."""
    told = {"content/content.json": json.dumps(h5p.CONTENT), **using(name)}
    assert [str(each) for each in drafted(h5p.packed(tmp_path / "a.h5p", told)).left_out] == [said]


def test_films_and_files_on_the_internet_are_said(tmp_path: Path) -> None:
    """Films that are no files before anything is added; every address on the package's page."""
    film = {"files": [{"path": "https://www.youtube.com/watch?v=x", "mime": "video/YouTube"}]}
    more = {"more": {"path": "https:\\/\\/cdn.example\\/a.png", "mime": "image/png"}}
    text = json.dumps({**h5p.CONTENT, "video": film, **more}).replace("\\\\/", "\\/")
    source = h5p.packed(tmp_path / "a.h5p", {"h5p.json": json.dumps(h5p.ABOUT), "content/content.json": text})
    assert [str(each) for each in drafted(source).left_out] == [format_.FILMS]
    found = install(Shelf(tmp_path / "shelf"), source, in_part=True)
    assert found.remote == ("https://cdn.example/a.png", "https://www.youtube.com/watch?v=x")


DEEP = b'{"a":' * 100 + b"1" + b"}" * 100
BRACKETS = b"[" * 200_000
HOSTILE: dict[str, tuple[dict[str, Any], str]] = {
    "no libraries": (
        {path: None for path in h5p.FILES if path.startswith("H5P")},
        "came without H5P.MangroveChoice 1.2",
    ),
    "a library of a library": ({"H5P.MangroveBase-1.0/library.json": None}, "came without H5P.MangroveBase 1.0"),
    "a library that is another": (
        {"H5P.MangroveBase-1.0/library.json": json.dumps(h5p.library("H5P.Other 1.0"))},
        "came without H5P.MangroveBase 1.0",
    ),
    "a script that is missing": ({"H5P.MangroveBase-1.0/scripts/main.js": None}, "scripts/main.js, which is not in it"),
    "a script outside": (
        {
            "H5P.MangroveBase-1.0/library.json": json.dumps(
                h5p.library(h5p.BASE_NAME, preloadedJs=[{"path": "../h5p.json"}])
            )
        },
        "../h5p.json, which is not in it",
    ),
    "a script that is a number": (
        {"H5P.MangroveBase-1.0/library.json": json.dumps(h5p.library(h5p.BASE_NAME, preloadedJs=[{"path": 3}]))},
        "not what H5P asks for",
    ),
    "no content": ({"content/content.json": None}, "content/content.json, which is not in it"),
    "no JSON": ({"h5p.json": b"{"}, "its JSON cannot be read"),
    "a list": ({"h5p.json": b"[]"}, "not what H5P asks for"),
    "brackets": ({"content/content.json": BRACKETS}, "its JSON cannot be read"),
    "depth": ({"content/content.json": DEEP}, "the depth of its content"),
    "numbers without end": ({"content/content.json": b'{"a":' + b"9" * 5_000 + b"}"}, "its JSON cannot be read"),
    "values without end": ({"content/content.json": b'{"a":[' + b"0," * 210_000 + b"0]}"}, "the number of values"),
    "too much JSON": ({"content/content.json": b" " * (9 * 1024 * 1024)}, "too large"),
    "no main library": ({"h5p.json": json.dumps({"mainLibrary": "H5P.X"})}, "does not say which library plays it"),
    "a name that climbs": (
        {"h5p.json": json.dumps({**h5p.ABOUT, "preloadedDependencies": [{"machineName": "../x"}]})},
        "not what H5P asks for",
    ),
    "a program in its content": ({"content/run.exe": b"MZ"}, "H5P takes no files of this kind"),
    "a page in a library": ({"H5P.MangroveBase-1.0/index.php": b"x"}, "H5P takes no files of this kind"),
    "a script in its content": ({"content/x.js": b"x"}, "H5P takes no files of this kind"),
    "a way out": ({"content/../../x.json": b"x"}, "leads out of the package"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_package_is_refused(tmp_path: Path, case: str) -> None:
    """One sentence, and the shelf is as it was."""
    files, sentence = HOSTILE[case]
    told = {"h5p.json": json.dumps(h5p.ABOUT), "content/content.json": json.dumps(h5p.CONTENT)}
    whole = {**h5p.FILES, **told, **files}
    source = zipped(tmp_path / "a.h5p", {path: body for path, body in whole.items() if body is not None})
    shelf = Shelf(tmp_path / "shelf")
    with pytest.raises(ContentError) as refused:
        install(shelf, source, in_part=True)
    assert sentence in str(refused.value)
    assert shelf.list() == []


def test_what_is_cut_short_or_has_too_much_in_it_is_refused(tmp_path: Path) -> None:
    """By the care that every zip gets: its end, and the number of its files."""
    source = h5p.package(tmp_path / "a.h5p")
    with pytest.raises(ContentError, match="its number of files"):
        describe(source, Limits(files=5))
    source.write_bytes(source.read_bytes()[:-60])
    with pytest.raises(ContentError, match="damaged"):
        describe(source)


FOLDER = (
    'id = "a"\nwork = "a"\nversion = 1\ntitle = "A"\nlanguage = "en"\n[[item]]\nid = "i"\nkind = "h5p"\ntitle = "T"\n'
)
UNFOLDED: dict[str, tuple[str, dict[str, str | bytes], str]] = {
    "a path to something else": ("task/content/content.json", {}, "must lead to its h5p.json"),
    "a library that is broken": ("task/h5p.json", {"task/H5P.MangroveBase-1.0/library.json": b""}, "JSON"),
    "a file of another kind": ("task/h5p.json", {"task/content/run.exe": b"MZ"}, "H5P takes no files of this kind"),
}


@pytest.mark.parametrize("case", UNFOLDED)
def test_a_task_in_a_lesson_folder_is_looked_at_as_well(tmp_path: Path, case: str) -> None:
    """With the same sentences."""
    path, files, sentence = UNFOLDED[case]
    told = {"h5p.json": json.dumps(h5p.ABOUT), "content/content.json": json.dumps(h5p.CONTENT)}
    plain = {name: body for name, body in {**h5p.FILES, **told}.items() if "/_" not in name and "/." not in name}
    inner = {f"task/{name}": body for name, body in plain.items()}
    source = zipped(tmp_path / "a.zip", {"package.toml": f'{FOLDER}path = "{path}"\n', **inner, **files})
    with pytest.raises(ContentError) as refused:
        install(Shelf(tmp_path / "shelf"), source)
    assert sentence in str(refused.value)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["H5P.MangroveBase 1.0", "\ud800", "video/YouTube", "../x"]),
    lambda each: (
        st.lists(each, max_size=3)
        | st.dictionaries(st.sampled_from(["library", "params", "path", "mime", "text"]), each, max_size=3)
    ),
    max_leaves=12,
)
KEYS = ["title", "language", "authors", "license", "licenseVersion", "mainLibrary", "preloadedDependencies", "x"]


@given(about=st.dictionaries(st.sampled_from(KEYS), JSON), content=JSON, told=JSON)
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_any_json_is_read_or_refused(tmp_path: Path, about: Any, content: Any, told: Any) -> None:
    """Whatever stands in it, there is a draft that can be stored, or a sentence."""
    files = {
        "h5p.json": json.dumps({**h5p.ABOUT, **about}),
        "content/content.json": json.dumps({**h5p.CONTENT, "more": content}),
    }
    base = json.dumps(h5p.library(h5p.BASE_NAME, title=told, dropLibraryCss=told))
    source = h5p.packed(tmp_path / "a.h5p", files, **{"H5P.MangroveBase-1.0__library.json": base})
    try:
        draft = drafted(source)
    except ContentError as refused:
        assert "Nothing was added" in str(refused)
    else:
        draft.manifest.title.encode()
        assert format_.texts({"more": content}, "a").encode() is not None
