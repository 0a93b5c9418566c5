"""The doctor: a sentence for everything that can go wrong, and exit status 1 when somebody has to act."""

import re
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from content.starter import packages, stage
from hub import library
from hub.care import doctor, presence
from hub.care.doctor import Check
from hub.config import keep
from hub.node import Node, make_home
from sync import runs
from tests.fixtures import engines
from tests.fixtures.care import fill
from tests.fixtures.process import Running, free_port, mangrove


@pytest.fixture
def examined(node: Node) -> Callable[..., dict[str, Check]]:
    """A function that looks at the node's home and returns the worst check of each name."""

    def look(**options: object) -> dict[str, Check]:
        if node.settings.database:
            keep(node.home, {"database": node.settings.database})
        checks = doctor.examine(node.home, hear_s=0, **options)  # type: ignore[arg-type]
        order = [doctor.GOOD, doctor.NOTE, doctor.BAD]
        return {check.name: check for check in sorted(checks, key=lambda check: order.index(check.state))}

    return look


def test_a_hub_in_order_is_well(node: Node, examined: Callable[..., dict[str, Check]]) -> None:
    """Nothing is bad, and everything was looked at."""
    fill(node)
    found = examined()
    assert doctor.is_well(list(found.values()))
    names = {"version", "settings", "keys", "disk", "backup", "clock", "jobs", "database", "journal", "shelf", "heard"}
    assert names < found.keys()


def test_the_doctor_says_which_languages_are_spoken(make_node: Callable[..., Node]) -> None:
    """Those of this hub; it is a note where one has no voice, and where voices are switched off."""
    for flags, state, says in (
        ({"language": "sw"}, "good", "This hub can speak sw; 0 sentences have a voice."),
        ({"language": "tlh"}, "note", "There is no voice for tlh: record those sentences."),
        ({"sound_max": 0}, "note", "No voices are rendered here"),
    ):
        node = make_node(f"hub-{len(says)}", **flags)
        keep(node.home, {name: str(value) for name, value in {"database": node.settings.database, **flags}.items()})
        found = next(check for check in doctor.examine(node.home, hear_s=0) if check.name == "sound")
        assert (found.state, says in found.says) == (state, True)


def test_a_changed_entry_is_found(node: Node, examined: Callable[..., dict[str, Check]]) -> None:
    """Somebody who rewrites history in the database is found by the running hash."""
    fill(node)
    marker = node.database.param
    node.database.execute_sql(f"UPDATE journal_entry SET raw = {marker} WHERE seq = 3", (b"other",))
    assert "is damaged at entry 3 of 5" in examined()["journal"].says


def test_a_damaged_run_is_found(node: Node, examined: Callable[..., dict[str, Check]]) -> None:
    """Where many entries lie packed in one row, the first of them is named."""
    fill(node)
    node.write(lambda: [node.record("note", b"x") for _ in range(2 * runs.LENGTH)])
    row = f"seq = {2 * runs.LENGTH}"
    (packed,) = node.database.execute_sql(f"SELECT raw FROM journal_entry WHERE {row}").fetchone()
    node.database.execute_sql(f"UPDATE journal_entry SET raw = {node.database.param} WHERE {row}", (packed[:-9],))
    assert f"is damaged at entry {runs.LENGTH + 1} of {2 * runs.LENGTH + 5}" in examined()["journal"].says


def test_a_missing_entry_is_found(node: Node, examined: Callable[..., dict[str, Check]]) -> None:
    """A hole in a stream is found too."""
    fill(node)
    node.database.execute_sql("DELETE FROM journal_entry WHERE seq = 2")
    assert examined()["journal"].state == doctor.BAD


def test_a_lost_tail_is_found(node: Node, examined: Callable[..., dict[str, Check]]) -> None:
    """A stream whose last entry is gone does not pass for a shorter one."""
    fill(node)
    node.database.execute_sql("DELETE FROM journal_entry WHERE seq = 5")
    assert "damaged at entry 5 of 5" in examined()["journal"].says


def test_keys_that_others_can_read_are_bad(node: Node, examined: Callable[..., dict[str, Check]]) -> None:
    """The sentence says which and what to do."""
    (node.home / "keys" / "hub").chmod(0o644)
    assert "Others can read hub; say: chmod" in examined()["keys"].says


def test_a_full_disk_is_bad(make_node: Callable[..., Node]) -> None:
    """When imports would be refused, somebody has to act."""
    node = make_node()
    keep(node.home, {"free_reserve": str(2**40), "database": node.settings.database})
    found = [check for check in doctor.examine(node.home, hear_s=0) if check.name == "disk"]
    assert (found[0].state, doctor.is_well(found)) == (doctor.BAD, False)


def test_a_damaged_file_is_found_by_looking_deep(
    node: Node, examined: Callable[..., dict[str, Check]], tmp_path: Path
) -> None:
    """Without deep only the list is read; with it every byte."""
    starter = packages()[0]
    library.add(node, source=stage(starter, tmp_path / "staged" / starter.id))
    manifest = node.shelf.list()[0]
    blob = node.shelf.blob_path(next(iter(manifest.files.values())).sha256)
    blob.write_bytes(b"!" * blob.stat().st_size)
    assert (examined()["shelf"].state, examined(deep=True)["shelf"].state) == (doctor.GOOD, doctor.BAD)


@pytest.mark.parametrize("deep", [False, True])
def test_a_damaged_manifest_is_found_without_looking_deep(
    node: Node, examined: Callable[..., dict[str, Check]], tmp_path: Path, *, deep: bool
) -> None:
    """A package that pages leave out is never called good."""
    starter = packages()[0]
    library.add(node, source=stage(starter, tmp_path / "staged" / starter.id))
    (node.home / "blobs" / "packages" / f"{starter.id}.json").write_text("{}", encoding="utf-8")
    found = examined(deep=deep)["shelf"]
    assert (found.state, found.says) == (
        doctor.BAD,
        f"The manifest of {starter.id} is damaged; add the package again.",
    )


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda home: (home / "settings.toml").write_text("prot = 1"), "no setting called 'prot'"),
        (lambda home: (home / "keys" / "hub").write_bytes(b"x"), "key .* is damaged"),
        (lambda home: (home / "keys" / "hub").unlink(), "keys/hub cannot be read"),
        (lambda home: home.rename(home.with_name("gone")), "There is no hub in"),
        (lambda home: (home / "restoring").write_text(""), "restore into .* was cut off"),
    ],
    ids=["settings", "key", "lost key", "home", "half restored"],
)
def test_a_hub_that_cannot_open_is_explained(node: Node, spoil: Callable[[Path], object], sentence: str) -> None:
    """What keeps a hub from starting is one sentence, not a trace."""
    node.close()
    spoil(node.home)
    assert re.search(sentence, doctor.examine(node.home, hear_s=0)[-1].says)


def _seen(home: Path) -> dict[str, bytes]:
    """Every file in a home but what is only a lock or SQLite's own, and what it holds."""
    own = (".db", ".db-wal", ".db-shm", ".lock")
    return {str(path): path.read_bytes() for path in home.rglob("*") if path.is_file() and not path.name.endswith(own)}


@pytest.mark.parametrize("lost", ["hub", "cookies", "pseudonyms"])
def test_the_doctor_makes_no_key(node: Node, examined: Callable[..., dict[str, Check]], lost: str) -> None:
    """What is away is said, and is still away afterwards."""
    fill(node)
    (node.home / "keys" / lost).unlink()
    examined()
    before = _seen(node.home)
    assert examined().get("keys", Check("keys", "none", "")).state != "good"
    assert (_seen(node.home), (node.home / "keys" / lost).exists()) == (before, False)


def test_the_doctor_brings_nothing_up_to_date(node: Node, examined: Callable[..., dict[str, Check]]) -> None:
    """Records of an older version are left for the next start of the hub, and said."""
    fill(node)
    node.write(lambda: node.database.execute_sql("UPDATE version SET done = '0' WHERE name = 'projections'"))
    node.write(node.tables.Person.delete().execute)
    assert "the next start" in examined()["database"].says
    assert node.tables.Person.select().count() == 0


def test_the_doctor_begins_no_stream(node: Node, examined: Callable[..., dict[str, Check]]) -> None:
    """A database that is older than what others have seen goes on in new streams, but not because somebody looked."""
    fill(node)
    node.identity.mark(node.journal.streams()[0].stream, 100)
    before = node.journal.streams()
    examined()
    assert (node.journal.streams(), len(node.identity.marks())) == (before, 1)


@pytest.mark.sqlite(engines.FILE)
def test_a_home_without_records_gets_none_by_looking(tmp_path: Path) -> None:
    """Between `init` being cut and said again there is nothing to look at, and the doctor makes nothing."""
    make_home(tmp_path / "hub")
    found = {check.name: check for check in doctor.examine(tmp_path / "hub", hear_s=0)}
    assert "no records" in found["database"].says
    assert not (tmp_path / "hub" / "mangrove.db").exists()


def _of_ports(home: Path) -> list[tuple[str, str]]:
    return [(check.state, check.says) for check in doctor.examine(home, hear_s=0) if check.name == "ports"]


def test_a_hub_is_looked_for_on_the_ports_it_was_started_with(
    tmp_path: Path, serve_process: Callable[..., Running], database_url: Callable[[], str]
) -> None:
    """Not on those of its settings, where another hub may be; once it has stopped, that is what is said of them."""
    home, other = tmp_path / "hub", free_port()
    assert mangrove("init", "--home", home, "--role", "region", "--database", database_url()).returncode == 0
    keep(home, {"port": str(other), "content_port": str(free_port())})
    running = serve_process(home)
    while presence.ports(home) is None:
        time.sleep(0.05)
    assert _of_ports(home) == [
        ("good", f"The hub is running, and port {port} answers.") for port in (running.port, running.content_port)
    ]
    running.stop()
    with socket.create_server(("127.0.0.1", other)):
        assert _of_ports(home)[0] == (
            "note",
            f"The hub is not running, and port {other} is taken by another program.",
        )


def test_a_hub_that_never_ran_is_not_running(examined: Callable[..., dict[str, Check]]) -> None:
    """There is no lock yet, and the doctor makes none."""
    assert "The hub is not running" in examined()["ports"].says
