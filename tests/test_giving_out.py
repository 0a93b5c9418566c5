"""Works go onto a stick and onto another hub as they were; pull the plug or the stick anywhere, and nothing is half."""

import errno
import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

import pytest

from bench import kolibri
from content import giving
from content.disk import Disk
from content.formats import describe
from content.install import Step, install
from content.shelf import Shelf
from hub import jobs, library, sticks
from hub.errors import InputWrong, StorageFull
from hub.giving import asked, out, targets
from hub.giving.targets import Target
from hub.node import Node
from hub.worker import HANDLERS, Worker
from tests.fixtures import channels, packages
from tests.fixtures.engines import SHELF
from tests.fixtures.plug import PlugDisk, PlugPulled

pytestmark = pytest.mark.sqlite(SHELF)
STEPS_MAX = 200
DAY = "2026-03-01"


@pytest.fixture
def works(node: Node, tmp_path: Path) -> list[str]:
    """A lesson and a film on the shelf."""
    sources = (packages.folder(tmp_path / "well"), packages.mp4(tmp_path / "film.mp4"))
    return [library.add(node, source=each).package for each in sources]


def ask(node: Node, works: list[str], title: str = "Wells: a start?", form: str = "mangrove") -> str:
    """Ask for a job."""
    return asked.ask(node, name="TEACHER", title=title, packages=works, form=form)


def worked(node: Node, job: str) -> jobs.JobShown:
    """Let the worker do all there is; how the job is."""
    worker = Worker(node, HANDLERS)
    while worker.step():
        pass
    return jobs.show(node, job)


def left(stick: Path) -> list[str]:
    """What lies on the stick beside the owner's letter."""
    return sorted(each.name for each in stick.iterdir() if each.name != "letter.doc")


def test_what_goes_comes_again_as_it_was(
    node: Node, stick: Path, works: list[str], make_node: Callable[..., Node]
) -> None:
    """One folder with a safe name; another hub finds every work in it by its page and takes it in whole."""
    done = worked(node, ask(node, works))
    assert done.state == jobs.DONE and "2 works are on the stick" in done.progress
    (name,) = left(stick)
    assert name == f"Wells a start {asked.today(node)}"
    other = make_node("another")
    object.__setattr__(other.settings, "sticks", str(stick.parent))
    looked = sticks.ask(other, "TEACHER")
    worked(other, looked)
    seen = sticks.seen(other, looked)
    assert seen is not None and sorted(each.title for each in seen.things) == ["Keep the well clean", "film"]
    assert (seen.refused, seen.others) == ([], 2)
    sticks.choose(other, looked, [0, 1])
    worked(other, looked)
    digests = lambda hub: {each.id: each.digest for each in hub.shelf.list()}  # noqa: E731
    assert digests(other) == digests(node)


def test_the_same_day_twice(node: Node, stick: Path, works: list[str]) -> None:
    """The first stays as it is."""
    for _ in range(2):
        worked(node, ask(node, works[:1], title=""))
    title = f"Keep the well clean {asked.today(node)}"
    assert left(stick) == [title, f"{title} (2)"]


@pytest.mark.parametrize("loses", [False, True], ids=["all written is kept", "what was not synced is lost"])
def test_the_plug_is_pulled_at_any_step(node: Node, tmp_path: Path, works: list[str], loses: bool) -> None:
    """A folder with a name only ever holds all of it, and the same job done again finishes it."""
    wanted = asked.checked(node, name="x", title="Wells", packages=works, form="mangrove")
    shelf = node.shelf
    for stop in range(STEPS_MAX):
        stick = tmp_path / f"stick-{stop}"
        stick.mkdir()
        target, disk = Target(targets.DEVICE, stick, 10**9, is_writable=True, largest=0), PlugDisk(stop, loses=loses)
        object.__setattr__(node, "shelf", _with(shelf, disk))
        try:
            out.write(node, wanted, target, mark="1")
        except PlugPulled:
            assert all(each.name.startswith(".") or is_whole(each) for each in stick.iterdir())
            object.__setattr__(node, "shelf", shelf)
            out.write(node, wanted, target, mark="1")
            assert all(is_whole(each) for each in stick.iterdir())
        else:
            disk.lose()
            assert [is_whole(each) for each in stick.iterdir()] == [True]
            assert stop > 20
            return
        finally:
            object.__setattr__(node, "shelf", shelf)
    raise AssertionError("it has no end")


def _with(shelf: Shelf, disk: Disk) -> Shelf:
    """The same shelf over another disk, whose first steps are not counted."""
    made = Shelf(shelf.root)
    made.disk = disk
    return made


def is_whole(folder: Path) -> bool:
    """Whether a cover and both works lie there, with every file."""
    found = list((folder / giving.PACKAGES).iterdir())
    return (folder / giving.COVER).stat().st_size > 0 and len(found) == len([describe(each) for each in found]) == 2


def test_a_stick_pulled_out_midway(
    node: Node, stick: Path, works: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One sentence; nothing is written where it was; put back in, the rest follows by itself."""
    write, away = Disk.write, tmp_path / "away"

    def pulled(self: Disk, path: Path, pieces: Iterable[bytes]) -> None:
        write(self, path, pieces)
        if stick.exists():
            stick.rename(away)

    monkeypatch.setattr(Disk, "write", pulled)
    job = ask(node, works)
    found = worked(node, job)
    monkeypatch.undo()
    assert (found.state, "the stick is not in" in found.progress, stick.exists()) == (jobs.PAUSED, True, False)
    asked.look_again(node)
    assert jobs.show(node, job).state == jobs.PAUSED
    away.rename(stick)
    asked.look_again(node)
    assert worked(node, job).state == jobs.DONE
    assert is_whole(stick / left(stick)[0])


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "The stick is full"),
        (errno.EROFS, "it can only be read"),
        (errno.EIO, "The stick did not take it"),
    ],
)
def test_a_stick_that_takes_no_more(
    node: Node, stick: Path, works: list[str], monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    """One sentence for each, and nothing of it is left there."""
    job = ask(node, works)
    calls = iter(range(100))
    real = Disk.sync_file

    def refuse(self: Disk, path: Path) -> None:
        if next(calls) == 3:
            raise OSError(number, "no")
        real(self, path)

    monkeypatch.setattr(Disk, "sync_file", refuse)
    found = worked(node, job)
    assert (found.state, said in found.progress, left(stick)) == (jobs.STOPPED, True, [])


def test_what_cannot_be_asked(node: Node, stick: Path, works: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing chosen, too much, another form, what no Kolibri takes, no room, too large a file, a stick for reading."""
    table = (
        ([], "mangrove"),
        (["x"] * 1 + [f"x{n}" for n in range(200)], "mangrove"),
        (works, "zip"),
        (works, "kolibri"),
    )
    for chosen, form in table:
        with pytest.raises(InputWrong):
            ask(node, chosen, form=form)
    for change, said in (
        ({"free_bytes": 10}, "are free on the stick"),
        ({"largest": 10}, "a file of more than 4 GB"),
        ({"is_writable": False}, "can only be read"),
    ):
        values = {"free_bytes": 10**9, "is_writable": True, "largest": 0, **change}
        monkeypatch.setattr(targets, "target", lambda *_, values=values: Target("TEACHER", stick, **values))
        with pytest.raises(InputWrong, match=said):
            ask(node, works)
    assert jobs.jobs(node, kind=asked.JOB) == [] and left(stick) == []


def test_it_rests_goes_on_and_is_called_off(node: Node, stick: Path, works: list[str]) -> None:
    """What is there already stays hidden while it rests, and goes when it is called off."""
    job = ask(node, works)
    asked.pause(node, job)
    assert worked(node, job).progress == asked.RESTS
    hidden = stick / f".mangrove-{job}.part"
    hidden.mkdir()
    out.clear_away(node)
    assert hidden.exists()
    out.call_off(node, job)
    assert (jobs.show(node, job).state, left(stick)) == (jobs.STOPPED, [])
    again = ask(node, works)
    asked.pause(node, again)
    asked.resume(node, again)
    assert worked(node, again).state == jobs.DONE


def test_what_an_ended_job_left_goes_at_the_next_start(node: Node, stick: Path, works: list[str]) -> None:
    """A stick that was away when its job was called off."""
    job = ask(node, works)
    hidden = stick / f".mangrove-{job}.part"
    hidden.mkdir()
    (stick / ".mangrove-other.part").mkdir()
    jobs.call_off(node, job)
    out.clear_away(node)
    assert left(stick) == [".mangrove-other.part"]


def test_a_channel_goes_as_kolibri_reads_it(node: Node, stick: Path, tmp_path: Path) -> None:
    """Its folder at the top of the stick, a cover beside it whose links lead into that."""
    library.add(node, source=channels.rich(tmp_path / "came"), in_part=True)
    (package,) = [each.id for each in library.packages(node)]
    assert worked(node, ask(node, [package], title="Water", form="kolibri")).state == jobs.DONE
    folder = f"Water {asked.today(node)}"
    assert left(stick) == ["KOLIBRI_DATA", folder]
    page = (stick / folder / "index.html").read_text("utf-8")
    assert "import from this drive" in page
    hrefs = [part.partition('"')[0] for part in page.split('href="')[1:]]
    assert hrefs and all((stick / folder / each).is_file() for each in hrefs)


@pytest.fixture
def two_channels(node: Node, stick: Path, tmp_path: Path) -> Path:
    """A topic of one channel and another channel, written onto the stick by one job; the folder for Kolibri."""
    source = channels.rich(tmp_path / "came")
    library.add(node, source=channels.database(source) / channels.name("Water"), in_part=True)
    library.add(node, source=channels.channel(tmp_path / "other", [channels.FILM], id="d" * 32), in_part=True)
    packages = [each.id for each in library.packages(node)]
    assert worked(node, ask(node, packages, title="Water", form="kolibri")).state == jobs.DONE
    return stick / "KOLIBRI_DATA"


def test_kolibri_s_folder_names_what_is_in_it(two_channels: Path) -> None:
    """Each database lies under the id of its channel, each file under its MD5, and its list names nodes that the
    databases have."""
    told = json.loads((two_channels / "content" / "manifest.json").read_bytes())["channels"]
    assert sorted(each["id"] for each in told) == [channels.CHANNEL, "d" * 32]
    for each in told:
        with closing(sqlite3.connect(two_channels / "content" / "databases" / f"{each['id']}.sqlite3")) as database:
            nodes = {row[0] for row in database.execute("SELECT id FROM content_contentnode")}
        assert each["include_node_ids"] and nodes.issuperset(each["include_node_ids"])
    for place in (two_channels / "content" / "storage").rglob("*.*"):
        mark = hashlib.md5(place.read_bytes(), usedforsecurity=False).hexdigest()
        assert (place.stem, place.parent.name, place.parent.parent.name) == (mark, mark[1], mark[0])


@pytest.mark.skipif(not kolibri.is_here(), reason="Kolibri is not installed in KOLIBRI_ENVIRONMENT")
def test_a_stock_kolibri_takes_in_what_the_job_wrote(two_channels: Path, tmp_path: Path) -> None:
    """Its own commands import both channels from the stick; of the topic what is in it can be opened, and no more."""
    (home := tmp_path / "home").mkdir()
    for channel in (channels.CHANNEL, "d" * 32):
        kolibri.manage(home, "importchannel", "disk", channel, str(two_channels))
        kolibri.manage(home, "importcontent", "disk", channel, str(two_channels))
    with closing(sqlite3.connect(home / "db.sqlite3")) as database:
        asked = "SELECT title FROM content_contentnode WHERE available AND kind <> 'topic' ORDER BY channel_id, lft"
        found = [title for (title,) in database.execute(asked)]
    assert found == ["The film", "The test", "The pump", "The sheet", "The goat", "The song", "A film"]


def test_a_damaged_file_is_not_given_on(node: Node, stick: Path, works: list[str]) -> None:
    """The sentence names the work, and nothing of it is left."""
    next(node.shelf.objects.glob("*/*")).write_bytes(b"rot")
    found = worked(node, ask(node, works))
    assert (found.state, left(stick)) == (jobs.STOPPED, [])


def test_the_command_does_the_same(node: Node, tmp_path: Path, works: list[str]) -> None:
    """Into any folder that stands; nothing hidden stays there."""
    wanted = asked.checked(node, name="", title="", packages=works, form="mangrove")
    made = out.into(node, wanted, tmp_path)
    assert is_whole(made) and made.name == f"{node.name} {asked.today(node)}"
    assert not list(tmp_path.glob(".mangrove-*"))
    gone = tmp_path / "gone"
    with pytest.raises((InputWrong, StorageFull)):
        out.into(node, wanted, gone)
    assert not gone.exists()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ('Wells: a "start"?', "Wells a start"),
        ("..", "Mangrove"),
        ("CON", "Mangrove"),
        ("com1.txt", "Mangrove"),
        ("a/b\\c|d*e<f>", "a b c d e f"),
        ("ends. ", "ends"),
        ("\u202eevil", "evil"),
        ("الماء النظيف", "الماء النظيف"),
        ("x" * 300, "x" * 60),
    ],
)
def test_names_that_every_stick_takes(title: str, name: str) -> None:
    """No sign that FAT refuses, no device of old, nothing hidden, and not too long."""
    assert giving.safe_name(title, "Mangrove") == name


def test_which_file_system(tmp_path: Path) -> None:
    """The nearest mount tells; a space in its name is written as an octal number."""
    mounts = "/dev/a / ext4 rw 0 0\n/dev/b /media/A\\040stick vfat rw 0 0\n/dev/c /media/B exfat rw 0 0\nbad\n"
    kinds = [giving.file_system(Path(each), mounts) for each in ("/media/A stick/x", "/media/B", "/media", "/media/Bx")]
    assert kinds == ["vfat", "exfat", "ext4", "ext4"]


def test_only_sticks_and_what_settings_allow(node: Node, stick: Path, tmp_path: Path) -> None:
    """An empty folder below the sticks is no stick; a folder of the machine is one only where a setting names it."""
    (stick.parent / "empty").mkdir()
    (stick.parent / "link").symlink_to(tmp_path)
    assert [each.name for each in targets.targets(node)] == ["TEACHER"]
    object.__setattr__(node.settings, "give_folder", str(tmp_path / "given"))
    assert [each.name for each in targets.targets(node)] == ["TEACHER"]
    (tmp_path / "given").mkdir()
    found = targets.targets(node)
    assert [(each.name, each.is_stick) for each in found] == [("TEACHER", True), (targets.DEVICE, False)]
    shutil.rmtree(stick.parent)
    assert [each.name for each in targets.targets(node)] == [targets.DEVICE]


def test_how_far_it_is(node: Node, tmp_path: Path, works: list[str]) -> None:
    """Files and bytes count up to all there are."""
    steps: list[Step] = []
    wanted = asked.checked(node, name="", title="", packages=works, form="mangrove")
    out.write(node, wanted, targets.of_folder(tmp_path), mark="1", watch=steps.append)
    assert steps[-1].files == steps[-1].files_total > 2 and steps[-1].size_bytes == steps[-1].total_bytes > 0


def test_files_that_are_alike_are_one(node: Node, tmp_path: Path) -> None:
    """Under whatever endings: one of them that a browser opens, and the work comes again with all its paths."""
    source = packages.page_zip(tmp_path / "page.zip", a__png="x", b__js="x", c__jpg="x", d__css="y")
    work = library.add(node, source=source).package
    wanted = asked.checked(node, name="", title="", packages=[work], form="mangrove")
    made = out.into(node, wanted, tmp_path)
    names = sorted(each.name[64:] for each in made.rglob("objects/*/*"))
    assert names == ["", "", ".png"]
    again = install(Shelf(tmp_path / "other"), made / giving.PACKAGES / work)
    assert again.digest == library.delivered(node, work).digest
