"""Manifests: what is dumped is parsed to the same, and says the same in every order."""

import dataclasses
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.errors import ContentError
from content.package import Competency, FileEntry, Item, Manifest, captions, dump, parse

NAMES = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,20}", fullmatch=True)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20)
ENTRIES = st.builds(FileEntry, sha256=st.from_regex(r"[0-9a-f]{64}", fullmatch=True), size=st.integers(0, 10**9))


@st.composite
def manifests(draw: st.DrawFn) -> Manifest:
    """Manifests as a careful author would write them."""
    paths = draw(st.lists(NAMES, min_size=1, max_size=4, unique_by=str.casefold))
    known = tuple(Competency(name, draw(WORDS)) for name in draw(st.lists(NAMES, max_size=3, unique=True)))
    items = tuple(
        Item(name, draw(st.sampled_from(["lesson", "pdf", "html5"])), draw(WORDS), draw(st.sampled_from(paths)))
        for name in draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    )
    return Manifest(
        id=draw(NAMES),
        work=draw(NAMES),
        version=draw(st.integers(1, 10**6)),
        title=draw(WORDS),
        language=draw(st.sampled_from(["en", "sw", "pt-BR", "zh-Hant-TW"])),
        items=items,
        files=MappingProxyType({path: draw(ENTRIES) for path in paths}),
        source_format="folder",
        summary=draw(WORDS),
        competencies=known,
        remote=tuple(draw(st.lists(WORDS, max_size=2, unique=True))),
    )


@given(manifests())
@settings(max_examples=100, deadline=None)
def test_what_is_dumped_is_parsed_to_the_same(manifest: Manifest) -> None:
    """`parse` is the inverse of `dump`, and dumping again gives the same bytes."""
    again = parse(dump(manifest))
    assert again == manifest
    assert dump(again) == dump(manifest)


@given(manifests())
@settings(max_examples=30, deadline=None)
def test_the_digest_names_the_content(manifest: Manifest) -> None:
    """Remote addresses are worked out by each hub and do not count; the order of files does not; a byte does."""
    turned = MappingProxyType(dict(reversed(manifest.files.items())))
    assert dataclasses.replace(manifest, remote=(), files=turned).digest == manifest.digest
    assert dataclasses.replace(manifest, version=manifest.version + 1).digest != manifest.digest


@given(st.binary(max_size=200) | st.recursive(st.none() | st.text(), lambda inner: st.dictionaries(st.text(), inner)))
@settings(max_examples=100, deadline=None)
def test_anything_else_is_refused_by_name(data: object) -> None:
    """Whatever stands in the file, the answer is one of our own mistakes."""
    raw = data if isinstance(data, bytes) else repr(data).replace("'", '"').encode()
    with pytest.raises(ContentError):
        parse(raw)


def test_captions_are_found_by_name() -> None:
    """The language stands before the ending; without one it is that of the package."""
    entry = FileEntry("0" * 64, 1)
    files = dict.fromkeys(["film.mp4", "film.vtt", "film.fr.vtt", "film.notes!.vtt", "film2.vtt"], entry)
    item = Item("item", "video", "Film", "film.mp4")
    manifest = Manifest("film", "film", 1, "Film", "sw", (item,), MappingProxyType(files), "video")
    assert captions(manifest, item) == [("fr", "film.fr.vtt"), ("sw", "film.vtt")]
