"""What a page asks the database grows with what it shows, and not with how many are here."""

import pytest
from flask.testing import FlaskClient

from content.shelf import Shelf
from hub import library
from hub.node import Node
from hub.people import circles, roster
from tests.fixtures import packages
from tests.fixtures.cast import OUTSIDER, Cast
from tests.fixtures.learning import Tool, statement
from tests.fixtures.questions import counted

PAGES = {
    "/learn/classes/": "steward",
    "/people/circles/": "librarian",
    "/community/": "learner",
    "/people/sign-in/": OUTSIDER,
    "/people/sign-in/others/": OUTSIDER,
    "/people/": "steward",
}
MORE = 12
"""Circles that come to the cast's one, with two people each."""


def grow(node: Node) -> None:
    """Many more circles, each with somebody who leads it and somebody who learns, and as many in none."""

    def work() -> None:
        for number in range(MORE):
            circle = circles.add_circle(node, name=f"Circle {number}", picture="market").id
            for role, picture in (("learner", "drum"), ("facilitator", "tree")):
                circles.take_in(node, {"name": f"{role} {number}", "picture": picture}, roles=(role,), circle=circle)
            roster.add_person(node, name=f"Else {number}", picture="goat", roles=("guardian",))

    node.write(work)


def asked(client: FlaskClient, address: str) -> int:
    """How many questions a page costs when it is opened again, and the first look has noted what it notes."""
    assert [client.get(address).status_code for _ in range(2)] == [200, 200]
    with counted() as found:
        client.get(address)
    return len(found)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_costs_the_same_for_many(node: Node, cast: Cast, address: str) -> None:
    """A hundred circles are asked for together, and nobody is read who is not shown.

    PostgreSQL is asked less often for many than for few.
    """
    client = cast.client(PAGES[address])
    before = asked(client, address)
    grow(node)
    assert asked(client, address) <= before
    assert before <= 26


def test_the_way_in_reads_nobody(node: Node, cast: Cast) -> None:
    """Who asks for the circles is not made to wait for a list of everybody: just of whom one can ask for help.

    While a voice is still to come for one of its sentences, names alone are asked for: so that none is ever spoken.
    """
    client = cast.client(OUTSIDER)
    client.get("/people/sign-in/")
    with counted() as found:
        client.get("/people/sign-in/")
    named = [sql for sql in found if '"t1"."name", ' in sql and 'FROM "person"' in sql]
    assert [sql for sql in named if '"t2"."role" = ' not in sql] == []
    assert len(named) == 1


def test_a_static_file_asks_nothing(cast: Cast) -> None:
    """Not the hub's name either."""
    client = cast.client("learner")
    address = client.get("/").text.partition('href="/static/')[2].partition('"')[0]
    assert client.get(f"/static/{address}").status_code == 200
    with counted() as found:
        client.get(f"/static/{address}")
    assert found == []
    assert client.get("/static/0/nothing").status_code == 404


def test_a_page_of_records_asks_for_them_together(node: Node, tool: Tool) -> None:
    """Forty cost as much as four."""
    costs = []
    for count in (4, 36):
        tool.send(*(statement() for _ in range(count)))
        with counted() as found:
            assert tool.ask("GET").status_code == 200
        costs.append(len(found))
    assert costs[1] <= costs[0] <= 15


def test_a_book_is_opened_once_for_all_that_was_found_in_it(
    node: Node, cast: Cast, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every chapter of a book has the word; its table of contents is read as if one had."""
    library.add(node, source=packages.epub(node.home / "goat.epub"))
    reads, read = [], Shelf.read
    monkeypatch.setattr(Shelf, "read", lambda shelf, *given, **more: reads.append(given) or read(shelf, *given, **more))
    counts = []
    for words in ("mlima", "mbuzi mwezi alipanda ulikuwa"):
        reads.clear()
        assert "?chapter=" in cast.client("learner").get(f"/library/?q={words}").text
        counts.append(len(reads))
    assert counts[0] == counts[1]
