"""ZIM files and packages of QTI in channels of Kolibri: played like all else, and given out again as they came."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from content.channel_out import export
from content.exercise import load
from content.formats import kolibri_items
from content.formats import kolibri_words as words
from content.install import install
from content.refusals import ChannelPartly
from content.shelf import Shelf
from content.zim import Zim
from tests.fixtures import channels, qti2, zims
from tests.fixtures.channels import Thing

CHOICE = qti2.item(
    qti2.asking("choiceInteraction", "What keeps leaves out?", qti2.choices({"A": "A lid", "B": "A rope"})),
    qti2.response("A"),
)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """An empty shelf."""
    return Shelf(tmp_path / "shelf")


def channel(place: Path, preset: str, source: Path) -> Path:
    """A channel with one thing, its title "All about wells"."""
    ending = source.suffix[1:]
    return channels.channel(place, [Thing("All about wells", preset, [(preset, ending, source.read_bytes(), "")])])


def test_an_encyclopaedia_stays_one_file(shelf: Shelf, tmp_path: Path) -> None:
    """Under the title it has in Kolibri, with the picture of its own; it opens where it lies."""
    source = zims.zim(tmp_path / "wells.zim")
    manifest = install(shelf, channel(tmp_path / "c", "zim", source))
    (item,) = manifest.items
    assert (item.kind, item.title, item.path) == ("zim", "All about wells", f"{item.id}/archive.zim")
    there = shelf.blob_path(manifest.files[item.path].sha256)
    assert there.read_bytes() == source.read_bytes()
    assert Zim(there).main
    assert not item.picture or item.picture in manifest.files


@pytest.mark.parametrize("data", [b"", b"ZIM\x04", b"<html>", b"ZIM\x04" + bytes(200)])
def test_what_is_no_encyclopaedia_is_left_out(shelf: Shelf, tmp_path: Path, data: bytes) -> None:
    """And said, like any damaged file; so is one without a page to begin with."""
    (tmp_path / "a.zim").write_bytes(data)
    things = [Thing("Odd", "zim", [("zim", "zim", data, "")]), channels.FILM]
    told = channels.told(channels.channel(tmp_path / "c", things))
    assert (words.MISSING if not data else words.DAMAGED) in told


def test_questions_are_asked_part_by_part(shelf: Shelf, tmp_path: Path) -> None:
    """A bank is one quiz under its title in Kolibri; a test of two parts is two, each with its name."""
    bank = qti2.bank(tmp_path / "bank.zip", CHOICE, CHOICE)
    (item,) = install(shelf, channel(tmp_path / "one", "qti", bank)).items
    assert (item.kind, item.title) == ("quiz", "All about wells")
    kinds = {"t.xml": "imsqti_test_xmlv2p1", "a.xml": "imsqti_item_xmlv2p1"}
    parts = qti2.test(qti2.section(qti2.ref("a.xml"), title="Lids"), qti2.section(qti2.ref("a.xml"), title="Ropes"))
    whole = qti2.zipped(
        tmp_path / "test.zip", {"imsmanifest.xml": qti2.manifest(kinds), "t.xml": parts, "a.xml": CHOICE}
    )
    place = channel(tmp_path / "two", "qti", whole)
    second = install(Shelf(tmp_path / "other"), place)
    assert [(each.kind, each.title) for each in second.items] == [("quiz", "Wells / Lids"), ("quiz", "Wells / Ropes")]
    other = Shelf(tmp_path / "other")
    assert [len(load(other.read(second, each.path)).questions) for each in second.items] == [1, 1]
    assert other.verify() == []


def test_what_cannot_be_asked_is_said_first(tmp_path: Path) -> None:
    """With how many questions it is about; a package with none that can be asked is left out."""
    drawn = qti2.item("<drawingInteraction responseIdentifier='R'/>", qti2.response("A"))
    told = channels.told(channel(tmp_path / "a", "qti", qti2.bank(tmp_path / "a.zip", CHOICE, drawn)))
    assert "(1)" in told
    things = [Thing("None", "qti", [("qti", "zip", qti2.bank(tmp_path / "b.zip", drawn).read_bytes(), "")])]
    told = channels.told(channels.channel(tmp_path / "b", [*things, channels.FILM]))
    assert words.DAMAGED in told


@pytest.mark.parametrize("files", [{"a.txt": "x"}, {"imsmanifest.xml": "<manifest"}, {"imsmanifest.xml": "<x/>"}])
def test_what_is_no_package_of_questions_is_left_out(shelf: Shelf, tmp_path: Path, files: Mapping[str, str]) -> None:
    """And the rest of the channel comes."""
    things = [Thing("Odd", "qti", [("qti", "zip", channels.zipped(files), "")]), channels.FILM]
    place = channels.channel(tmp_path / "c", things)
    with pytest.raises(ChannelPartly, match=words.DAMAGED):
        install(shelf, place)
    assert [item.kind for item in install(shelf, place, in_part=True).items] == ["video"]


def test_questions_take_no_more_memory_than_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is more is left out and said; the others come."""
    monkeypatch.setattr(kolibri_items, "HELD_BYTES_MAX", -1)
    data = qti2.bank(tmp_path / "a.zip", CHOICE).read_bytes()
    things = [Thing("Many", "qti", [("qti", "zip", data, "")]), channels.FILM]
    assert words.FULL in channels.told(channels.channel(tmp_path / "c", things))


def test_the_channel_can_be_given_out_again(shelf: Shelf, tmp_path: Path) -> None:
    """Byte for byte, as every channel."""
    things = [
        Thing("Wells", "zim", [("zim", "zim", zims.zim(tmp_path / "a.zim").read_bytes(), "")]),
        Thing("Asked", "qti", [("qti", "zip", qti2.bank(tmp_path / "a.zip", CHOICE).read_bytes(), "")]),
    ]
    manifest = install(shelf, channels.channel(tmp_path / "c", things))
    target = export(shelf, manifest.id, tmp_path / "out")
    for thing in things:
        data = thing.files[0][2]
        assert any(each.read_bytes() == data for each in (target / "content" / "storage").rglob("*.*"))
