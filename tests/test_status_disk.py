"""The picture of the disk: what the records take up, on either database, and what is said when they lie elsewhere."""

import pytest

from hub.care import growth
from hub.care.health import health
from hub.connections import is_another_machine
from hub.node import Node
from tests.fixtures.cast import Cast

BYTES_MIN = 100_000
"""The tables alone, with nothing in them, are larger on both databases."""


def test_records_have_a_size_on_either_database(node: Node, cast: Cast) -> None:
    """Never nothing: the picture, the table behind it and what a monitor reads say the same."""
    facts = health(node)
    assert facts.database_bytes > BYTES_MIN and not facts.database_is_elsewhere
    used = growth.use(node, facts)
    assert (used.records, used.elsewhere) == (facts.database_bytes, 0)
    assert "on another machine" not in cast.client("librarian").get("/status/").text


def test_records_on_another_machine_are_no_part_of_this_disk(
    node: Node, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are told in words, with their size; the parts still make the whole disk."""
    monkeypatch.setattr(type(node.database), "is_elsewhere", lambda _: True)
    facts = health(node)
    used = growth.use(node, facts)
    assert (used.records, used.elsewhere) == (0, facts.database_bytes)
    assert used.total == facts.disk.total
    text = cast.client("librarian").get("/status/").text
    assert "kept by a database on another machine, where they take up" in text
    assert "on another machine, where" not in cast.client("learner").get("/status/").text


@pytest.mark.parametrize(
    ("server", "client", "is_another"),
    [
        (None, None, False),
        ("127.0.0.1", "127.0.0.1", False),
        ("127.0.1.1", "127.0.0.1", False),
        ("::1", "::1", False),
        ("192.0.2.7", "192.0.2.7", False),
        ("192.0.2.7", "192.0.2.9", True),
        ("2001:db8::7", "2001:db8::9", True),
    ],
)
def test_another_machine_is_told_by_its_address(server: str | None, client: str | None, is_another: bool) -> None:
    """A socket, loopback and this machine's own address are here."""
    assert is_another_machine(server, client) is is_another
