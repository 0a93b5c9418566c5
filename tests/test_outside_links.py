"""A stick that somebody prepared with links: nothing is written over, read or listed through one, by anybody."""

import os
from pathlib import Path

import pytest

from content import channel_out, outside
from content.errors import TargetUnwritable
from content.install import export
from hub import handout, jobs, library, sticks
from hub.care import archive, backup
from hub.errors import InputWrong, StorageFull
from hub.giving import asked, bundles, out
from hub.node import Node
from hub.people.lists import opening
from hub.tide import stick_in, stick_out
from tests.fixtures import channels, packages, tide
from tests.fixtures.engines import SHELF
from tests.fixtures.mules import coast, village

__all__ = ["coast", "village"]
KEPT = b"the hub's own file"


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """A file that the hub's user may write, outside the stick."""
    made = tmp_path / "victim"
    made.write_bytes(KEPT)
    return made


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder that the hub's user may write, outside the stick."""
    made = tmp_path / "elsewhere"
    made.mkdir()
    return made


@pytest.fixture
def media(tmp_path: Path) -> Path:
    """A stick."""
    made = tmp_path / "media" / "MULE"
    made.mkdir(parents=True)
    return made


def test_a_bundle_and_a_receipt_are_written_over_no_link(village: Node, coast: Node, media: Path, victim: Path) -> None:
    """The links at the names of the drafts go; what they lead to is as it was."""
    tide.learn(village, first=1, count=3)
    for name in (".Coast.tide.part", ".Alder hill.receipt.tide.part"):
        (media / name).symlink_to(victim)
    made = stick_out.export(village, hub="Coast", to=media)
    came = stick_in.take_in(coast, made.files[0])
    assert came.records == 3 and came.receipt_file is not None
    assert victim.read_bytes() == KEPT
    assert [outside.is_plain(each) for each in (*made.files, came.receipt_file)] == [True, True]
    assert list(media.glob(".*")) == []


def test_a_link_is_no_bundle(village: Node, coast: Node, media: Path, victim: Path) -> None:
    """It is not listed with its size, not counted as a further file, and not opened; neither is a pipe."""
    object.__setattr__(coast.settings, "sticks", str(media.parent))
    (media / "sym.tide").symlink_to(victim)
    os.mkfifo(media / "pipe.tide")
    assert stick_in.files(media) == bundles.found(coast) == []
    with pytest.raises(InputWrong, match="no bundle of the tide"):
        stick_in.take_in(coast, media / "sym.tide")
    made = stick_out.export(village, hub="Coast", to=media).files[0]
    (media / "Coast.2.tide").symlink_to(victim)
    assert stick_in.files(made) == [made]
    for name in ("sym.tide", "pipe.tide"):
        with pytest.raises(OSError, match="a link or a device"):
            next(stick_in.read_parts(media / name))


@pytest.mark.sqlite(SHELF)
def test_works_are_given_through_no_link(node: Node, media: Path, victim: Path, home: Path, tmp_path: Path) -> None:
    """Neither into the hidden folder that a job fills, nor over a file in it."""
    work = library.add(node, source=packages.folder(tmp_path / "well")).package
    wanted = asked.checked(node, name="", title="Wells", packages=[work], form=asked.OWN_FORM)
    (media / ".mangrove-by-hand.part").symlink_to(home)
    with pytest.raises(StorageFull, match="did not take it"):
        out.into(node, wanted, media)
    assert list(home.iterdir()) == []
    (media / ".mangrove-by-hand.part").unlink()
    (media / ".mangrove-by-hand.part").mkdir()
    for name in ("index.html", ".index.html.part"):
        (media / ".mangrove-by-hand.part" / name).symlink_to(victim)
    assert outside.is_plain(out.into(node, wanted, media) / "index.html")
    assert victim.read_bytes() == KEPT


@pytest.mark.sqlite(SHELF)
def test_a_work_that_lies_there_by_a_link_is_written(node: Node, media: Path, tmp_path: Path) -> None:
    """What another file holds by chance or by skill is not what lies on the stick."""
    work = library.add(node, source=packages.folder(tmp_path / "well")).package
    wanted = asked.checked(node, name="", title="Wells", packages=[work], form=asked.OWN_FORM)
    first = out.into(node, wanted, media)
    part = media / ".mangrove-by-hand.part"
    first.rename(part)
    for number, found in enumerate(each for each in sorted(part.rglob("*")) if each.is_file()):
        found.symlink_to(found.rename(tmp_path / f"same {number}"))
    made = out.into(node, wanted, media)
    assert [each for each in made.rglob("*") if each.is_symlink()] == []


@pytest.mark.sqlite(SHELF)
def test_a_package_is_exported_through_no_link(node: Node, media: Path, home: Path, tmp_path: Path) -> None:
    """The hidden folder of an export is one."""
    work = library.add(node, source=packages.folder(tmp_path / "well")).package
    (media / f".{work}.part").symlink_to(home)
    with pytest.raises(TargetUnwritable, match="not a folder"):
        export(node.shelf, work, media)
    assert list(home.iterdir()) == []


@pytest.mark.sqlite(SHELF)
def test_a_channel_goes_through_no_link(node: Node, media: Path, home: Path, tmp_path: Path) -> None:
    """Neither in place of Kolibri's folder, nor is a list read that lies elsewhere."""
    package = library.add(node, source=channels.rich(tmp_path / "came"), in_part=True).package
    (media / channel_out.FOLDER).symlink_to(home)
    with pytest.raises(TargetUnwritable, match="not a folder"):
        channel_out.export(node.shelf, package, media)
    assert list(home.iterdir()) == []
    (media / channel_out.FOLDER).unlink()
    (media / channel_out.FOLDER / "content").mkdir(parents=True)
    (tmp_path / "private.json").write_text('{"channels": [{"id": "private"}]}')
    (media / channel_out.FOLDER / "content" / channel_out.LIST).symlink_to(tmp_path / "private.json")
    with pytest.raises(TargetUnwritable, match="a link or a device"):
        channel_out.export(node.shelf, package, media)


def test_a_backup_and_a_list_are_written_over_no_link(node: Node, media: Path, victim: Path) -> None:
    """And each is a file that only those may read who could before."""
    (media / ".b.zip.part").symlink_to(victim)
    made = backup.make(node, media, name="b.zip")
    assert archive.check(made).hub == node.identity.hub_id and made.stat().st_mode & 0o777 == archive.PRIVATE_MODE
    (media / ".people.csv.part").symlink_to(victim)
    handout.write(media / "people.csv", "name\n")
    assert outside.is_plain(media / "people.csv") and victim.read_bytes() == KEPT


def test_a_list_of_people_reads_no_link_beside_it(media: Path, victim: Path) -> None:
    """A OneRoster folder is read by names that its own files have."""
    (media / "users.csv").write_text("sourcedId,givenName,familyName,role\n1,Amina,Diallo,student\n")
    victim.write_bytes(b"secret\n\xff\xfe")
    for name in ("classes.csv", "enrollments.csv"):
        (media / name).symlink_to(victim)
    assert len(opening.open_path(media / "users.csv").people) == 1


def test_no_pipe_is_waited_for(node: Node, media: Path) -> None:
    """A stick that is looked through holds one: the look ends."""
    os.mkfifo(media / "pipe.epub")
    os.mkfifo(media / "pipe.mp4")
    object.__setattr__(node.settings, "sticks", str(media.parent))
    sticks.scan(node, jobs.add(node, sticks.JOB, arguments={"path": "MULE"}), "MULE", lambda _said: None, lambda: None)
