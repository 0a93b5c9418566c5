"""`mangrove rebuild`: every table again from the journal, byte for byte."""

import json

from click.testing import CliRunner

from hub import projections
from hub.cli import main
from hub.config import keep
from hub.node import Node
from tests.fixtures.care import fill


def test_rebuilt_tables_are_the_same(node: Node) -> None:
    """The fingerprint that the command prints is that of the tables before, even when they were spoilt."""
    fill(node)
    before = projections.fingerprint(node.tables)
    node.write(node.tables.Person.delete().execute)
    if node.settings.database:
        keep(node.home, {"database": node.settings.database})
    result = CliRunner().invoke(main, ["rebuild", "--home", str(node.home), "--json"])
    assert (result.exit_code, json.loads(result.stdout)) == (0, {"entries": 5, "fingerprint": before})
