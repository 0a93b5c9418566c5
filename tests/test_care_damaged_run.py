"""A packed run of entries that is not what was written: whoever meets it hears so, and nothing of it is shown."""

from click.testing import CliRunner

from hub.cli import main
from hub.config import keep
from hub.node import Node
from hub.xapi import store
from sync import runs
from tests.fixtures.learning import Tool, statement

IDS = [f"aaaaaaaa-2222-4333-8444-{number:012d}" for number in range(2 * runs.LENGTH)]


def spoil(node: Node) -> None:
    """Keep statements for two runs, and turn a bit in the second one's row."""
    store.keep_own(node, [{**statement(), "id": each} for each in IDS])
    row = f"seq = {2 * runs.LENGTH}"
    (kept,) = node.database.execute_sql(f"SELECT raw FROM journal_entry WHERE {row}").fetchone()
    spoilt = bytearray(bytes(kept))
    spoilt[len(spoilt) // 2] ^= 255
    change = f"UPDATE journal_entry SET raw = {node.database.param} WHERE {row}"
    node.write(lambda: node.database.execute_sql(change, (bytes(spoilt),)))


def test_a_tool_hears_that_the_records_are_damaged(node: Node, tool: Tool) -> None:
    """503 with a sentence, for one statement and for a page; those of other runs are given."""
    spoil(node)
    for asked in (f"statements?statementId={IDS[-9]}", "statements"):
        answer = tool.ask("GET", asked)
        assert (answer.status_code, "records" in answer.text) == (503, True), answer.text
    assert tool.ask("GET", f"statements?statementId={IDS[3]}").status_code == 200


def test_the_same_statement_again_is_no_conflict_in_the_dark(node: Node, tool: Tool) -> None:
    """Whether it says the same cannot be told; it is neither taken nor called another one."""
    spoil(node)
    answer = tool.ask("PUT", f"statements?statementId={IDS[-9]}", {**statement(), "id": IDS[-9]})
    assert answer.status_code == 503


def test_rebuilding_says_what_to_do(node: Node) -> None:
    """One sentence, status 1, and the tables stay as they were."""
    spoil(node)
    keep(node.home, {"database": node.settings.database})
    before = node.tables.Statement.select().count()
    result = CliRunner().invoke(main, ["rebuild", "--home", str(node.home)])
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1), result.output
    assert f"Entry {2 * runs.LENGTH} of the stream" in result.stderr and "mangrove restore FILE" in result.stderr
    assert node.tables.Statement.select().count() == before
