"""Documents outlive what happens to a hub: backups carry them, rebuilding leaves them, older homes gain a place."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.care import backup
from hub.care.restore import restore
from hub.config import keep, load
from hub.node import Node, make_home, open_node
from hub.tables import local
from hub.xapi import documents, places
from tests.fixtures.care import copy_keys, fill, stick

WORDS = {"activityId": "http://a.org/play", "agent": '{"mbox":"mailto:kofi@a.org"}'}
BYTES = bytes(range(256)) * 300


def _place(name: str = "bookmark") -> places.Place:
    return places.one(places.STATE, {**WORDS, "stateId": name})


def test_a_backup_carries_them(node: Node, tmp_path: Path, database_url: Callable[[], str]) -> None:
    """Byte for byte, more of them than are copied at once, into a database of the same or the other kind."""
    fill(node)
    for number in range(20):
        documents.put(node, _place(str(number)), body=BYTES + b"%d" % number, content_type="image/png")
    saved = backup.make(node, stick(tmp_path))
    home = tmp_path / "second"
    make_home(home)
    keep(home, {"database": database_url()})
    copy_keys(node.home, home)
    restore(home, saved)
    again = open_node(home, load(home, {}, {}))
    found = [documents.get(again, _place(str(number))) for number in range(20)]
    again.close()
    assert [each and each.body for each in found] == [BYTES + b"%d" % number for number in range(20)]
    assert {each.content_type for each in found if each} == {"image/png"}


def test_a_home_of_before_gains_a_place_for_them(
    make_node: Callable[..., Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The step comes at the next start, and documents can be kept at once."""
    step = next(number for number, step in enumerate(local.STEPS) if "document" in step[0])
    node = make_node("before")
    node.write(lambda: node.database.execute_sql("DROP TABLE document"))
    done = f"UPDATE version SET done = '{step}' WHERE name = 'local'"
    node.write(lambda: node.database.execute_sql(done))
    node.close()
    monkeypatch.setattr(local, "STEPS", local.STEPS[: step + 1])
    again = open_node(node.home, node.settings)
    documents.put(again, _place(), body=BYTES, content_type="image/png")
    found = documents.get(again, _place())
    again.close()
    assert found is not None
    assert found.body == BYTES


def test_parallel_merges_lose_nothing(node: Node) -> None:
    """Each adds its own property, all at once: every one of them is there."""
    ready = threading.Barrier(6)

    def add(number: int) -> None:
        ready.wait()
        for part in range(5):
            body = b'{"%d-%d": %d}' % (number, part, part)
            documents.merge(node, _place(), body=body, content_type="application/json")

    threads = [threading.Thread(target=add, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = documents.get(node, _place())
    assert found is not None
    assert found.body.count(b":") == 30


def test_a_refused_change_changes_nothing_beside_it(node: Node) -> None:
    """Of changes that share a transaction, one that is refused takes none of the others with it."""
    documents.put(node, _place("stands"), body=b"1", content_type="text/plain")
    ready = threading.Barrier(8)
    refused: list[int] = []

    def write(number: int) -> None:
        ready.wait()
        try:
            name = "stands" if number % 2 else f"fresh {number}"
            documents.put(node, _place(name), body=b"2", content_type="text/plain")
        except documents.DocumentConflict:
            refused.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    series = places.series(places.STATE, WORDS)
    names = [each.name for each in documents.names(node, series)]
    assert (sorted(refused), names) == ([1, 3, 5, 7], ["fresh 0", "fresh 2", "fresh 4", "fresh 6", "stands"])
    stands = documents.get(node, _place("stands"))
    assert stands is not None
    assert stands.body == b"1"
