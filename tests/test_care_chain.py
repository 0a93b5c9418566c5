"""Reading the journal from end to end where a copied card has made a stream branch."""

import random
import shutil
from collections.abc import Callable

import pytest

from hub.care import chain
from hub.config import load
from hub.node import Node, open_node
from hub.tide import run
from tests.fixtures import tide
from tests.fixtures.clock import HandClock
from tests.fixtures.web import Served


@pytest.fixture
def region(
    make_node: Callable[..., Node],
    serve_node: Callable[[Node], Served],
    database_url: Callable[..., str],
    clock: HandClock,
) -> Node:
    """A region to which two cards with one key have told different things after the same number."""
    hub, region = make_node("hub"), make_node("region", role="region")
    url = serve_node(region).url
    tide.joined(hub, region, url)
    tide.learn(hub, first=1, count=3)
    run.sync_with(hub, url=url)
    hub.close()
    shutil.copytree(hub.home, hub.home.with_name("copy"))
    cards = {hub.home: hub.settings.database, hub.home.with_name("copy"): database_url(hub.settings.database)}
    for number, (home, database) in enumerate(cards.items()):
        settings = load(home, {"database": database}, {})
        card = open_node(home, settings, clock=clock, randomness=random.Random(number).randbytes)
        tide.learn(card, first=10 * (number + 1), count=3)
        run.sync_with(card, url=url)
        card.close()
    return region


def test_branches_are_read_from_where_they_leave(region: Node) -> None:
    """Both cards' entries are there, in a stream and its branch, and both are whole."""
    assert [line for line in region.journal.streams() if line.base]
    assert list(chain.problems(region)) == []


def test_damage_in_a_branch_is_found(region: Node) -> None:
    """Its first entry is checked against the entry it leaves from."""
    branch = next(line for line in region.journal.streams() if line.base)
    marker = region.database.param
    change = f"UPDATE journal_entry SET raw = {marker} WHERE line = {marker} AND seq = {marker}"
    region.database.execute_sql(change, (b"other", branch.number, branch.base + 1))
    assert f"damaged at entry {branch.base + 1}" in next(chain.problems(region))
