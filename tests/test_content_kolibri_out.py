"""Channels given out again: the bytes that came, in the folder that Kolibri reads, also by a Kolibri itself."""

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bench import kolibri
from content.channel_out import export
from content.errors import BlobDamaged, PackageUnknown, TargetTaken, TargetUnwritable
from content.formats.kolibri import DATABASE
from content.install import install
from content.refusals import NoOriginal
from content.shelf import Shelf
from tests.fixtures import channels, packages
from tests.fixtures.channels import CHANNEL, FILM

WATER = channels.name("Water")
ONE_BY_ONE = f"kolibri-{CHANNEL}-{WATER}"
STOCK = pytest.mark.skipif(not kolibri.is_here(), reason="Kolibri is not installed in KOLIBRI_ENVIRONMENT")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """A shelf with a rich channel, and one of its topics as a package of its own."""
    found = Shelf(tmp_path / "shelf")
    source = channels.rich(tmp_path / "stick")
    install(found, source, in_part=True)
    install(found, channels.database(source) / WATER, in_part=True)
    return found


def files(place: Path) -> dict[str, str]:
    """Every file below a folder by its path, with its MD5."""
    found = (each for each in place.rglob("*") if each.is_file())
    return {
        each.relative_to(place).as_posix(): hashlib.md5(each.read_bytes(), usedforsecurity=False).hexdigest()
        for each in found
    }


def test_what_came_goes_out(shelf: Shelf, tmp_path: Path) -> None:
    """Every file that was taken, under its MD5; the database byte for byte; a list with its own mark."""
    target = export(shelf, f"kolibri-{CHANNEL}", tmp_path / "out")
    came, gone = files(tmp_path / "stick" / "KOLIBRI_DATA"), files(target)
    assert gone.items() - {("content/manifest.json", gone["content/manifest.json"])} <= came.items()
    lost = {path.rpartition(".")[2] for path in came.keys() - gone.keys()}
    assert lost == {"mp4", "bloompub"}  # the larger of two films, and what has no player
    told = json.loads((target / "content" / "manifest.json").read_bytes())
    mark = hashlib.md5(json.dumps(told["channels"], sort_keys=True).encode(), usedforsecurity=False).hexdigest()
    assert told["channel_list_hash"] == mark
    again = install(Shelf(tmp_path / "another"), target, in_part=True)
    assert again.items == shelf.list()[0].items


def test_topics_of_one_channel_meet_in_one_folder(shelf: Shelf, tmp_path: Path) -> None:
    """A topic brings its own things; the channel after it brings the rest, and other channels stay."""
    other = install(shelf, channels.channel(tmp_path / "other", [FILM], id="d" * 32), in_part=True)
    for package in (other.id, ONE_BY_ONE, ONE_BY_ONE):
        target = export(shelf, package, tmp_path / "out")
    told = json.loads((target / "content" / "manifest.json").read_bytes())["channels"]
    assert [(each["id"], each["version"], len(each["include_node_ids"])) for each in told] == [
        ("d" * 32, 3, 1),
        (CHANNEL, 3, 6),
    ]
    export(shelf, f"kolibri-{CHANNEL}", tmp_path / "out")
    told = json.loads((target / "content" / "manifest.json").read_bytes())["channels"]
    assert len(told[1]["include_node_ids"]) == 8


def test_what_cannot_go_out(shelf: Shelf, tmp_path: Path) -> None:
    """Another version there, a package of our own, a file that is no longer whole, a place that takes nothing."""
    out = tmp_path / "out"
    channels.channel(out, [FILM])
    with pytest.raises(TargetTaken):
        export(shelf, ONE_BY_ONE, out)
    own = install(shelf, packages.folder(tmp_path / "well"))
    with pytest.raises(NoOriginal):
        export(shelf, own.id, out)
    with pytest.raises(PackageUnknown):
        export(shelf, "nothing", out)
    (tmp_path / "file").touch()
    with pytest.raises(TargetUnwritable):
        export(shelf, ONE_BY_ONE, tmp_path / "file")
    manifest = shelf.manifest(ONE_BY_ONE)
    assert manifest is not None
    shelf.blob_path(manifest.files[DATABASE].sha256).write_bytes(b"x" * manifest.files[DATABASE].size)
    with pytest.raises(BlobDamaged):
        export(shelf, ONE_BY_ONE, tmp_path / "new")
    assert not channels.database(tmp_path / "new").exists()


@STOCK
def test_a_stock_kolibri_takes_it_in(shelf: Shelf, tmp_path: Path) -> None:
    """Its own commands import the folder, and everything that was there can be opened there."""
    target, home = export(shelf, f"kolibri-{CHANNEL}", tmp_path / "out"), tmp_path / "home"
    home.mkdir()
    kolibri.manage(home, "importchannel", "disk", CHANNEL, str(target))
    kolibri.manage(home, "importcontent", "disk", CHANNEL, str(target))
    with closing(sqlite3.connect(home / "db.sqlite3")) as database:
        asked = "SELECT title FROM content_contentnode WHERE available AND kind <> 'topic' ORDER BY lft"
        found = [title for (title,) in database.execute(asked)]
    assert found == [each.title for each in channels.things() if each.kind != "bloompub"]
