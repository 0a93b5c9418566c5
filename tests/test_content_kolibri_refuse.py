"""Channels of Kolibri that are not whole, not what they say, or made to do harm: each has a sentence."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from content.errors import ContentError, PackageDamaged
from content.install import install
from content.refusals import ChannelEmpty, ChannelMisnamed, ChannelNewer
from content.shelf import Shelf
from tests.fixtures import channels
from tests.fixtures.channels import FILM, Thing


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """An empty shelf."""
    return Shelf(tmp_path / "shelf")


def test_things_without_their_file_are_left_out_and_counted(tmp_path: Path) -> None:
    """Missing, of another size, and not what they say: the others come."""
    place = channels.rich(tmp_path)
    channels.stored(place, b"%PDF-1.4\n%%EOF\n", "pdf").unlink()
    channels.stored(place, b"ID3" + bytes(200), "mp3").write_bytes(b"ID3")
    said = channels.told(place)
    assert "things whose file is not there are left out (2)" in said
    lying = [Thing("A film?", "video", [("high_res_video", "mp4", b"<html>", "")]), FILM]
    lying += [Thing("Zip?", "html5", [("html5_zip", "zip", b"PK\x03\x04 cut", "")])]
    lying += [Thing("No page", "html5", [("html5_zip", "zip", channels.zipped({"a.txt": "a"}), "")])]
    lying += [Thing("Climbs", "html5", [("html5_zip", "zip", channels.zipped({"../index.html": "a"}), "")])]
    lying += [Thing("Bomb", "html5", [("html5_zip", "zip", channels.zipped({"index.html": bytes(9_000_000)}), "")])]
    lying += [Thing("No list", "slideshow", [("slideshow_manifest", "json", b"[" * 99_999, "")])]
    lying += [Thing("No items", "exercise", [("exercise", "perseus", channels.zipped({"exercise.json": "{"}), "")])]
    assert channels.told(channels.channel(tmp_path / "lying", lying)) == (
        "things whose file is damaged or not what it says are left out (7)"
    )


def test_a_file_that_is_not_what_its_name_says_stops_it(shelf: Shelf, tmp_path: Path) -> None:
    """Its MD5 is compared while it is copied; the sentence names the file, and the shelf is as it was."""
    place = channels.channel(tmp_path, [FILM])
    film = channels.stored(place, channels.mp4(), "mp4")
    film.write_bytes(channels.mp4("b"))
    with pytest.raises(PackageDamaged, match=rf"{film.name} is not what its name says"):
        install(shelf, place)
    assert (shelf.list(), list(shelf.objects.glob("*/*"))) == ([], [])


def change(*statements: str) -> Callable[[Path], None]:
    """Something done to the database of a channel."""

    def do(path: Path) -> None:
        with closing(sqlite3.connect(path)) as database, database:
            database.executescript("PRAGMA writable_schema = 1;" + ";".join(statements))

    return do


def filled(data: bytes) -> Callable[[Path], None]:
    """It holds these bytes and nothing else."""

    def do(path: Path) -> None:
        path.write_bytes(data)

    return do


def cut(path: Path) -> None:
    """The second half is lost."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def scratched(path: Path) -> None:
    """A page in the middle holds something else."""
    data = bytearray(path.read_bytes())
    data[8_192:12_288] = os.urandom(4_096)
    path.write_bytes(data)


def renamed(path: Path) -> None:
    """It lies under the name of another channel."""
    path.rename(path.with_name(f"{'e' * 32}.sqlite3"))


VIEW = "CREATE VIEW content_contentnode AS SELECT load_extension('x') AS id"
FTS = "CREATE VIRTUAL TABLE content_file USING fts5(id)"
TWO = (
    "INSERT INTO content_channelmetadata SELECT 'x', name, '', '', '', 1, '', '', '5', '' FROM content_channelmetadata"
)
CIRCLE = (
    "UPDATE content_contentnode SET parent_id = id WHERE kind = 'topic'",
    "UPDATE content_contentnode SET parent_id = (SELECT id FROM content_contentnode WHERE title = 'Water') "
    "WHERE kind <> 'topic'",
)
HOSTILE: dict[str, tuple[Callable[[Path], None], type[ContentError]]] = {
    "cut": (cut, PackageDamaged),
    "scratched": (scratched, PackageDamaged),
    "text": (filled(b"no database"), PackageDamaged),
    "empty": (filled(b""), PackageDamaged),
    "renamed": (renamed, ChannelMisnamed),
    "newer": (change("UPDATE content_channelmetadata SET min_schema_version = '6'"), ChannelNewer),
    "no channel": (change("DELETE FROM content_channelmetadata"), PackageDamaged),
    "two channels": (change(TWO), PackageDamaged),
    "view": (change("DROP TABLE content_contentnode", VIEW), PackageDamaged),
    "virtual": (change("DROP TABLE content_file", FTS), PackageDamaged),
    "huge": (change("UPDATE content_contentnode SET description = hex(zeroblob(4000000))"), PackageDamaged),
    "path": (change("UPDATE content_localfile SET extension = 'mp4/../../../../etc/passwd'"), ChannelEmpty),
    "upper": (change("UPDATE content_file SET local_file_id = upper(local_file_id)"), ChannelEmpty),
    "numbers": (change("UPDATE content_contentnode SET id = rowid"), PackageDamaged),
    "circle": (change(*CIRCLE), ChannelEmpty),
}


@pytest.mark.parametrize("how", HOSTILE)
def test_hostile_databases(shelf: Shelf, tmp_path: Path, how: str) -> None:
    """Each has a sentence, nothing is added, and nothing was written beside it."""
    film = Thing("A film", "video", FILM.files, ("Water",))
    place = channels.channel(tmp_path / "stick", [film])
    do, refused = HOSTILE[how]
    do(channels.database(place))
    before = sorted(place.rglob("*"))
    with pytest.raises(refused, match="Nothing was added"):
        install(shelf, place, in_part=True)
    assert (shelf.list(), sorted(place.rglob("*"))) == ([], before)


def test_a_trigger_a_default_and_an_index_run_nothing(shelf: Shelf, tmp_path: Path) -> None:
    """Clever schemas around honest tables stay what they are: text."""
    place = channels.channel(tmp_path, [FILM])
    change("CREATE TRIGGER t AFTER INSERT ON content_file BEGIN DELETE FROM content_file; END")(
        channels.database(place)
    )
    assert install(shelf, place).items[0].kind == "video"


def test_links_in_the_storage_are_refused(shelf: Shelf, tmp_path: Path) -> None:
    """A link could lead to any file of this machine."""
    place = channels.channel(tmp_path, [FILM])
    film = channels.stored(place, channels.mp4(), "mp4")
    shutil.move(film, tmp_path / "elsewhere.mp4")
    film.symlink_to(tmp_path / "elsewhere.mp4")
    with pytest.raises(ChannelEmpty):
        install(shelf, place)
