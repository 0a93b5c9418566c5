"""Channels of Kolibri on the shelf: what becomes of each kind, older forms, topics, newer versions; what is refused."""

import base64
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.errors import PackageOlder, PackagePartly, SourceMissing
from content.exercise import load
from content.formats import describe, kolibri, parts, perseus
from content.formats import kolibri_words as words
from content.formats.h5p import FILMS
from content.formats.kolibri_items import written
from content.fulltext import passages
from content.install import install
from content.limits import Limits
from content.package import Manifest, dump, parse
from content.refusals import (
    ChannelPartly,
    ChannelsSeveral,
    ChannelTooLarge,
)
from content.shelf import Shelf
from content.topics import tree
from tests.fixtures import channels, h5p, photos
from tests.fixtures.channels import CHANNEL, FILM, Thing

DATABASES = "KOLIBRI_DATA/content/databases"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """An empty shelf."""
    return Shelf(tmp_path / "shelf")


def text_of(shelf: Shelf, manifest: Manifest, title: str) -> str:
    """The file of the last item of that title."""
    item = [each for each in manifest.items if each.title == title][-1]
    return shelf.read(manifest, item.path).decode()


def test_a_channel_becomes_one_package_with_topics(shelf: Shelf, tmp_path: Path) -> None:
    """Each kind is an item of ours in its topic, under the names that it has in Kolibri."""
    manifest = install(shelf, channels.rich(tmp_path), in_part=True)
    assert (manifest.id, manifest.version, manifest.language) == (f"kolibri-{CHANNEL}", 3, "en")
    assert (manifest.licence, manifest.author, manifest.level) == ("CC-BY-SA-4.0", "Neema", "beginner")
    kinds = ["video", "quiz", "lesson", "html5", "pdf", "book", "audio", "pictures", "pdf"]
    assert [item.kind for item in manifest.items] == kinds
    film = manifest.items[0]
    assert (film.topics, film.minutes, film.summary) == (("Water",), 2, "How a lid is made.")
    assert film.source_id == channels.name("content", film.id)
    assert {path for path in manifest.files if path.startswith(film.id)} == {
        f"{film.id}/film.{each}" for each in ("mp4", "en.vtt", "fr.vtt")
    }
    assert manifest.cover == film.picture == f"covers/{film.id}.png"
    found = [(each.number, each.title, each.total) for each in tree(manifest)]
    assert found == [(0, "Clean water", 9), (1, "Water", 7), (2, "Deep wells", 4), (3, "Plans", 1)]
    assert parse(dump(manifest)) == manifest
    assert shelf.verify() == []


def test_what_does_not_fit_is_said_first(shelf: Shelf, tmp_path: Path) -> None:
    """Nothing is added until somebody agrees to what is left out, with how many it is about."""
    with pytest.raises(
        ChannelPartly, match=r"how many it is about: of films in two sizes the smaller one is taken \(1\)"
    ):
        install(shelf, channels.rich(tmp_path))
    assert shelf.list() == []
    assert "books in the format BloomPUB are left out (1)" in channels.told(channels.rich(tmp_path))
    assert issubclass(ChannelPartly, PackagePartly)


def test_a_task_of_h5p_plays(shelf: Shelf, tmp_path: Path) -> None:
    """With its libraries, its first picture, and what of it cannot work here; one without them is left out."""
    content = {**h5p.CONTENT, "film": {"mime": "video/YouTube", "path": "https://youtu.be/x"}}
    files = [h5p.package(tmp_path / "a.h5p", content=content), h5p.package(tmp_path / "b.h5p", **{h5p.BASE_JSON: None})]
    things = [Thing(each.name, "h5p", [("h5p", "h5p", each.read_bytes(), "")]) for each in files]
    place = channels.channel(tmp_path / "channel", things)
    with pytest.raises(ChannelPartly, match=f"{FILMS} .1.; {words.DAMAGED} .1."):
        install(shelf, place)
    (item,) = install(shelf, place, in_part=True).items
    assert (item.kind, item.path) == ("h5p", f"{item.id}/h5p.json")
    assert item.picture == f"{item.id}/content/images/well.png"


def test_questions_of_perseus(shelf: Shelf, tmp_path: Path) -> None:
    """What is exactly ours becomes a question; the rest is told with its picture, its choices and its hints."""
    manifest = install(shelf, channels.rich(tmp_path), in_part=True)
    quiz, page = (item for item in manifest.items if item.title == "The test")
    first, second = load(shelf.read(manifest, quiz.path)).questions
    assert (first.kind, first.answer, first.hint) == ("choice", ("a",), "Think of a pot.")
    assert (second.kind, second.answer, second.tolerance) == ("number", ("12.5",), 0.5)
    text = text_of(shelf, manifest, "The test")
    assert text.startswith("# The test\n\n## 3\n\nDraw the well: ![the well](")
    assert f"{page.id.removesuffix('-told')}/well.png" in manifest.files
    assert "> It is round." in text


@pytest.mark.parametrize(
    ("item", "becomes"),
    [
        (channels.asks("Which?", "radio", {"choices": [{"content": "x", "correct": True}] * 2}), "several right"),
        (channels.asks("How much is $\\frac{1}{2}$?", "input-number", {"value": 0.5}), "formula"),
        (channels.asks("Order", "sorter", {"correct": ["a", "b"]}), "field"),
        (channels.asks("![a](x.png) Which?", "input-number", {"value": 1}), "picture that is not there"),
        (channels.asks("Nothing is asked"), "no field"),
    ],
)
def test_what_is_not_ours_is_told(item: dict[str, Any], becomes: str) -> None:
    """No question is bent until it fits."""
    found = perseus.read(_zip(item), folder="f", title="T", language="en")
    assert (found.questions, found.told, found.page.startswith("# T\n\n## 1")) == ([], 1, True), becomes


def test_several_and_plain_numbers_are_ours() -> None:
    """The other two simple fields."""
    several = {"choices": [{"content": "a", "correct": True}, {"content": "b", "correct": True}, {"content": "c"}]}
    items = (
        channels.asks("Which?", "radio", {**several, "multipleSelect": True}),
        channels.asks("2 + 2 =", "input-number", {"value": 4, "maxError": 0.1, "inexact": False}),
    )
    found = perseus.read(_zip(*items), folder="f", title="T", language="en")
    assert [(each.kind, each.answer, each.tolerance) for each in found.questions] == [
        ("several", ("a", "b"), 0.0),
        ("number", ("4",), 0.0),
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "content",
                    "widgets",
                    "radio 1",
                    "type",
                    "options",
                    "choices",
                    "value",
                    "answers",
                    "hints",
                    "correct",
                    "url",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(asks=JSON, text=st.text(max_size=60), kind=st.sampled_from(["radio", "numeric-input", "image"]))
def test_no_exercise_breaks_the_reader(asks: Any, text: str, kind: str) -> None:
    """Whatever stands in an item becomes a question, a page, or nothing."""
    item = {
        "question": {
            "content": f"{text} [[\u2603 {kind} 1]]",
            "widgets": {f"{kind} 1": {"type": kind, "options": asks}},
        }
    }
    found = perseus.read(_zip({**item, "hints": asks}), folder="f", title="T", language="en")
    assert len(found.questions) + found.told == 1


def _zip(*items: Any) -> dict[str, Any]:
    """The files of an exercise, as a reader of zips gives them."""
    listed = [f"i{number}" for number, _item in enumerate(items)]
    texts = {f"{name}.json": item for name, item in zip(listed, items, strict=True)}
    return {name: written(json.dumps(each).encode()) for name, each in texts.items()} | {
        "exercise.json": written(json.dumps({"all_assessment_items": listed}).encode())
    }


@pytest.mark.parametrize("schema", [0, 1, 2, 3, 4, 5])
def test_every_form_of_the_tables(tmp_path: Path, schema: int) -> None:
    """Channels keep the form that they were made in; what an old one does not know is left open."""
    with closing(describe(channels.rich(tmp_path, schema=schema))) as draft:
        manifest = draft.manifest
    assert [item.kind for item in manifest.items].count("pdf") == 2
    assert (manifest.items[0].minutes, manifest.level) == ((2, "beginner") if schema == 5 else (0, ""))
    assert any(item.facilitators_only for item in manifest.items) == (schema > 1)
    assert manifest.licence == "CC-BY-SA-4.0"


@pytest.mark.parametrize(
    "inner", ["", "KOLIBRI_DATA", "KOLIBRI_DATA/content", f"KOLIBRI_DATA/content/databases/{CHANNEL}.sqlite3"]
)
def test_the_folder_may_be_named_at_any_height(tmp_path: Path, inner: str) -> None:
    """The stick, the folder that Kolibri makes on it, the content in that, or the channel itself."""
    with closing(describe(channels.channel(tmp_path, [FILM]) / inner)) as draft:
        assert draft.manifest.title == "Clean water"


def test_several_channels_are_taken_one_by_one(shelf: Shelf, tmp_path: Path) -> None:
    """One package is one channel; the folder says which there are."""
    other = channels.channel(channels.channel(tmp_path, [FILM]), [FILM], id="d" * 32, name="Goats")
    with pytest.raises(ChannelsSeveral, match="holds 2 packages"):
        describe(other)
    assert [each.title for each in parts(other)] == ["Clean water", "Goats"]
    assert [install(shelf, each.path).title for each in parts(other)] == ["Clean water", "Goats"]


def test_a_topic_is_a_package_of_its_own(shelf: Shelf, tmp_path: Path) -> None:
    """It is named below the channel; only its things come, under the topics inside it."""
    source = channels.database(channels.rich(tmp_path)) / channels.name("Water")
    manifest = install(shelf, source, in_part=True)
    assert (manifest.title, len(manifest.items)) == ("Clean water – Water", 7)
    assert manifest.id == f"kolibri-{CHANNEL}-{channels.name('Water')}"
    assert {item.topics for item in manifest.items} == {(), ("Deep wells",)}
    with pytest.raises(SourceMissing):
        describe(source.with_name("e" * 32))


def test_a_channel_beyond_the_limit_is_taken_topic_by_topic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is too large for one package says so, with what to do; its topics are named instead of it."""
    source = channels.database(channels.rich(tmp_path))
    monkeypatch.setattr(kolibri, "ITEMS_MAX", 7)
    with pytest.raises(ChannelTooLarge, match=rf"take its topics one by one, such as .*/{channels.name('Water')}"):
        describe(source)
    names = ["Clean water – Water", "Clean water – Plans"]
    assert [each.title for each in parts(source)] == names
    monkeypatch.setattr(kolibri, "ITEMS_MAX", 5)
    assert [each.title for each in parts(source)] == ["Clean water – Water – Deep wells", "Clean water – Plans"]
    with pytest.raises(ChannelTooLarge, match="its number of files is 11 or more, and the limit is 10"):
        describe(source.parent / source.name / channels.name("Water"), Limits(files=10))


def test_a_newer_version_costs_only_what_is_new(shelf: Shelf, tmp_path: Path) -> None:
    """It replaces the older one, and an older one never replaces it."""
    install(shelf, channels.rich(tmp_path / "old"), in_part=True)
    before = {path.name for path in shelf.objects.glob("*/*")}
    more = Thing("More", "audio", [("audio", "mp3", b"ID3" + bytes(99), "")])
    newer = channels.channel(tmp_path / "new", [*channels.things(), more], version=4)
    manifest = install(shelf, newer, in_part=True)
    fresh = {path.name for path in shelf.objects.glob("*/*")} - before
    paths = {path for path, entry in manifest.files.items() if entry.sha256 in fresh}
    assert paths == {f"{manifest.items[-1].id}/sound.mp3", kolibri.DATABASE, kolibri.NAMES}
    with pytest.raises(PackageOlder):
        install(shelf, channels.rich(tmp_path / "old"), in_part=True)


def test_an_activity_and_a_book_are_found_by_their_words(shelf: Shelf, tmp_path: Path) -> None:
    """Chapters lie below the folder of their book; captions and descriptions belong to their film."""
    manifest = install(shelf, channels.rich(tmp_path), in_part=True)
    told = passages(manifest, lambda path: shelf.read(manifest, path))
    found = {each.title: each for each in told}
    assert found["Mbuzi"].path.endswith("/OPS/one.xhtml") and found["Mbuzi"].path in manifest.files
    film = " ".join(each.text for each in told if each.title == "The film")
    assert "How a lid is made." in film


def test_a_channel_brings_its_own_cover(shelf: Shelf, tmp_path: Path) -> None:
    """The picture in its own row; what is none is passed over."""
    picture = "data:image/png;base64," + base64.b64encode(photos.drawing(40, 30)).decode()
    assert install(shelf, channels.channel(tmp_path / "a", [FILM], thumbnail=picture)).cover == "covers/channel.png"
    assert install(shelf, channels.channel(tmp_path / "b", [FILM], thumbnail="data:image/png;base64,AA")).cover == ""
