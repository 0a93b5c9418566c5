"""What was read from the records is remembered until anybody changes them: here, in another process, or not at all."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from hub import first_boot
from hub.database import is_sqlite
from hub.node import Node
from hub.people import roster
from hub.remembered import KEPT_MAX
from tests.fixtures.cast import Cast

FROM_ELSEWHERE = """
import sys
from hub.config import load
from hub.first_boot import name_hub
from hub.node import open_node
from pathlib import Path
home = Path(sys.argv[1])
node = open_node(home, load(home, {"database": sys.argv[2]}, {}))
name_hub(node, sys.argv[3])
node.close()
"""


def counted(node: Node) -> Callable[[], tuple[str, int]]:
    """What says the hub's name by what is remembered, and how often it was read."""
    read = 0

    def name() -> str:
        nonlocal read
        read += 1
        return node.name

    return lambda: (node.remembered.of("name", name), read)


def test_it_is_read_once_until_something_changes(node: Node) -> None:
    """Where the database tells of changes; where it does not, it is read each time. Both say what stands."""
    first_boot.name_hub(node, "Mbuyu")
    ask = counted(node)
    assert [ask(), ask(), ask()][-1] == ("Mbuyu", 1 if is_sqlite(node.database) else 3)
    for number in range(5):
        first_boot.name_hub(node, f"Mbuyu {number}")
        assert ask()[0] == f"Mbuyu {number}"


def test_what_another_process_wrote_is_seen_at_once(node: Node) -> None:
    """The command, or a second serving process."""
    ask = counted(node)
    ask()
    elsewhere = [sys.executable, "-c", FROM_ELSEWHERE, str(node.home), node.settings.database, "Neema's hub"]
    subprocess.run(elsewhere, check=True)
    assert ask()[0] == "Neema's hub"


def test_nothing_of_a_change_that_was_not_kept_is_remembered(node: Node) -> None:
    """What is read inside a change is its own; when it is taken back, everybody reads what stood before."""
    first_boot.name_hub(node, "Mbuyu")
    ask = counted(node)

    def work() -> None:
        first_boot.name_hub(node, "Never")
        assert ask()[0] == "Never"
        raise RuntimeError

    assert ask()[0] == "Mbuyu"
    with pytest.raises(RuntimeError):
        node.write(work)
    assert ask()[0] == "Mbuyu"


def test_many_who_read_while_others_write_see_no_older_state(node: Node) -> None:
    """Whoever asks after a change was answered reads that change or a later one."""
    first_boot.name_hub(node, "0")
    ask, done = counted(node), [0]

    def read() -> None:
        while done[0] < 60:
            least = done[0]
            assert int(ask()[0]) >= least

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read) for _ in range(4)]
        for number in range(1, 61):
            first_boot.name_hub(node, str(number))
            done[0] = number
        for reader in readers:
            reader.result()


def test_it_has_its_bound(node: Node) -> None:
    """Names that come from outside cannot fill the memory."""
    for number in range(3 * KEPT_MAX):
        assert node.remembered.of(number, lambda number=number: number) == number
    assert len(node.remembered) <= KEPT_MAX


def test_pages_say_what_stands(cast: Cast, node: Node, app: Flask) -> None:
    """The hub's name and whom to ask, from one page to the next, on the browser of somebody and of a guest."""
    pages = [cast.client("learner"), app.test_client()]
    for number in range(3):
        first_boot.name_hub(node, f"Mbuyu {number}")
        roster.change_person(node, person=cast.person("librarian").id, name=f"Lucía {number}")
        for browser in pages:
            page = browser.get("/library/").text
            assert f"<b><bdi>Mbuyu {number}</bdi></b>" in page
            assert f"Ask <bdi>Lucía {number}</bdi>." in page
