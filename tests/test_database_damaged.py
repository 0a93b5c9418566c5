"""A database file with a damaged place in it: whoever meets it says what to do, and nobody shows a trace."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path

import pytest
from click.testing import CliRunner

from hub import first_boot, jobs
from hub.app import create_app
from hub.care import backup, doctor
from hub.cli import main
from hub.config import load
from hub.database import FILE_NAME
from hub.discovery import announced
from hub.errors import DatabaseDamaged
from hub.node import Node, open_node
from hub.worker import Worker
from tests.fixtures import engines
from tests.fixtures.care import in_a_file, stick

pytestmark = pytest.mark.sqlite(engines.FILE)

SENTENCE = r"The database file .*mangrove\.db is damaged .* mangrove restore FILE --force"
SPOILT = ("hub", "person", "hubpackage", "statement_row", "statement_name")
PAGES = "SELECT rootpage FROM sqlite_master WHERE tbl_name = ?"
COMMANDS = [
    ["rebuild"],
    ["people", "list"],
    ["people", "export"],
    ["init", "--name", "Baobab"],
    ["outcomes", "export", "--format", "csv", "--to", "q.csv"],
    ["backup"],
]


def spoil(home: Path) -> None:
    """Write over the pages that those tables and their indexes begin with."""
    file = home / FILE_NAME
    with closing(sqlite3.connect(file)) as opened:
        pages = [opened.execute(PAGES, [table]).fetchall() for table in SPOILT]
        size = opened.execute("PRAGMA page_size").fetchone()[0]
    with file.open("r+b") as raw:
        for (page,) in chain(*pages):
            raw.seek((page - 1) * size)
            raw.write(b"\x55" * size)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A hub whose name, people and learning cannot be read any more."""
    home = tmp_path / "filed"
    with in_a_file(home) as node:
        first_boot.settle(node, name="Mbuyu", keeper="Lucía", secret="246813")
    spoil(home)
    return home


@pytest.fixture
def node(home: Path) -> Iterator[Node]:
    """That hub, which opens all the same: looking through a long file at each start would take too long."""
    node = open_node(home, load(home, {}, {}))
    yield node
    node.close()


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_says_what_to_do(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    """One sentence, status 1, and no file that looks as if it held something."""
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, [*words, "--home", str(home)])
    assert (result.exit_code, type(result.exception)) == (1, SystemExit), result.output
    assert "is damaged" in result.stderr and result.stderr.count("\n") == 1
    assert not (tmp_path / "q.csv").exists()


def test_pages_say_it_and_healthz_is_503(node: Node, caplog: pytest.LogCaptureFixture) -> None:
    """A whole page of ours without the hub's name; the file's path is for the log and for /healthz."""
    client = create_app(node).test_client()
    for path in ("/", "/library/", "/people/sign-in/", "/nothing/"):
        answer = client.get(path)
        text = answer.get_data(as_text=True)
        assert (answer.status_code, "Tell your librarian." in text, "</html>" in text) == (503, True, True), path
        assert '<details class="help' in text and 'href="/"' in text, path
        assert FILE_NAME not in text
    assert FILE_NAME in caplog.text and "Traceback" not in caplog.text
    found = client.get("/healthz")
    assert (found.status_code, found.get_json()["ok"]) == (503, False)
    assert "is damaged" in found.get_json()["problem"]


def test_the_worker_looks_and_stops(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to meet the place first; jobs are left alone, and the daily backups stay those that are whole."""
    monkeypatch.setattr("hub.worker.DUE_S", 0.0)
    monkeypatch.setattr("hub.worker.library.mend", lambda _node: [])
    worker = Worker(node)
    worker.start()
    worker._thread.join(10)  # noqa: SLF001 - it ends by itself
    assert "is damaged" in node.database.damage
    assert jobs.jobs(node, kind="backup") == []
    worker.stop()


def test_no_backup_is_made_of_it(node: Node, tmp_path: Path) -> None:
    """And the sentence speaks of the hub's file, not of room on the stick."""
    with pytest.raises(DatabaseDamaged, match=SENTENCE):
        backup.make(node, stick(tmp_path))
    assert list((tmp_path / "stick").iterdir()) == []


def test_the_doctor_says_it_in_a_line(home: Path) -> None:
    """Also when what it wanted to count lies there."""
    found = {check.name: check for check in doctor.examine(home, hear_s=0)}
    assert (found["database"].state, found["database"].says.count("\n")) == (doctor.BAD, 0)
    assert "mangrove restore FILE --force" in found["database"].says


def test_the_announcer_lives_on(node: Node, caplog: pytest.LogCaptureFixture) -> None:
    """A hub without a name to announce is not announced."""
    with caplog.at_level(logging.DEBUG), announced(node):
        pass
    assert "Traceback" not in caplog.text
