"""`mangrove statements export`: every learning record in a file, in order, with flat memory, read by others."""

import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner, Result

from hub import parquet
from hub.cli import main
from hub.config import keep
from hub.errors import InputWrong
from hub.node import Node
from hub.out import records
from hub.vocabulary import VERBS, VOIDED, activity, person_actor
from hub.xapi import find, store
from hub.xapi.query import Query
from tests.fixtures import learning, tide

Export = Callable[..., Result]
AMINA = "11111111-1111-4111-8111-111111111111"
KOFI = "22222222-2222-4222-8222-222222222222"
SCORE = {"scaled": 0.75, "raw": 3, "min": 0, "max": 4}


def _send(node: Node, *statements: dict[str, Any]) -> list[str]:
    tool = {"objectType": "Agent", "account": {"homePage": "https://tool.example", "name": "tool"}}
    return store.take(node, [json.dumps(each).encode() for each in statements], authority=tool)


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def export(node: Node) -> Export:
    """A function that runs the command over the hub."""
    keep(node.home, {"database": node.settings.database})

    def run(*words: object) -> Result:
        return CliRunner().invoke(main, ["statements", "export", "--home", str(node.home), *map(str, words)])

    return run


def _written(export: Export, tmp_path: Path, *words: object) -> list[dict[str, Any]]:
    result = export("--format", "jsonl", "--to", tmp_path / "out.jsonl", *words)
    assert result.exit_code == 0, result.output
    return _lines(tmp_path / "out.jsonl")


def test_lines_are_what_the_resource_gives(node: Node, export: Export, tmp_path: Path) -> None:
    """Exact, with what the hub added, oldest first, over several pages and read once each."""
    _send(node, *(learning.statement(result={"response": f"Número {number}\n"}) for number in range(450)))
    asked: Query | None = Query(ascending=True)
    wanted = list(records.every(node, asked)) if asked else []
    assert _written(export, tmp_path) == wanted and len({each["id"] for each in wanted}) == 450
    first = find.page(node, Query(ascending=True, limit=1)).statements[0]
    assert wanted[0] == first and {"stored", "authority", "version", "timestamp"} <= set(first)


def test_filters_are_those_of_the_resource(node: Node, export: Export, tmp_path: Path) -> None:
    """A person, a verb by its last word, a package with what is in it; one that cannot be is one sentence."""
    kept = _send(
        node,
        learning.statement(actor=person_actor(AMINA)),
        learning.statement(actor=person_actor(KOFI), verb={"id": VERBS["passed"]}),
        learning.statement(actor=person_actor(KOFI), object={"id": activity("water", "look")}),
    )
    for words, wanted in (
        (("--agent", AMINA), kept[:1]),
        (("--agent", json.dumps(person_actor(KOFI))), kept[1:]),
        (("--verb", "passed"), kept[1:2]),
        (("--verb", VERBS["completed"]), [kept[0], kept[2]]),
        (("--activity", "water"), kept[2:]),
        (("--since", "2999-01-01T00:00:00Z"), []),
        (("--until", "2999-01-01T00:00:00Z"), kept),
    ):
        assert sorted(each["id"] for each in _written(export, tmp_path, *words)) == sorted(wanted), words
    result = export("--format", "jsonl", "--to", tmp_path / "no.jsonl", "--since", "yesterday")
    assert (result.exit_code, (tmp_path / "no.jsonl").exists()) == (1, False)
    assert result.stderr.startswith("since: ") and "Traceback" not in result.stderr


def test_what_was_voided_is_asked_for(node: Node, export: Export, tmp_path: Path) -> None:
    """It is left out, and comes with a mark when somebody asks; the one that voids is there both times."""
    kept = _send(node, learning.statement(), learning.statement(verb={"id": VERBS["passed"]}))
    ref = {"objectType": "StatementRef", "id": kept[0]}
    voiding = _send(node, learning.statement(verb={"id": VOIDED}, object=ref))
    plain = {each["id"] for each in _written(export, tmp_path)}
    assert plain == {kept[1], *voiding}
    marks = {each["id"]: each.get("voided", False) for each in _written(export, tmp_path, "--with-voided")}
    assert marks == {kept[0]: True, kept[1]: False, voiding[0]: False}


def test_another_program_reads_the_table(node: Node, export: Export, tmp_path: Path) -> None:
    """Flat columns with their types; what is absent is null; the statement stands whole in the last one."""
    whole = learning.statement(
        actor={"name": "Ámina", "mbox": "mailto:amina@example.org"},
        timestamp="2026-03-01T10:00:00.250+02:00",
        result={"score": SCORE, "success": False, "completion": True, "duration": "PT4S", "response": "mangue"},
        context={
            "registration": AMINA,
            "contextActivities": {"parent": {"id": activity("market.en", "quiz")}},
        },
    )
    bare = learning.statement(object={"objectType": "Agent", "mbox": "mailto:other@example.org"})
    kept = _send(node, whole, bare)
    assert export("--format", "parquet", "--to", tmp_path / "out.parquet").exit_code == 0
    table = duckdb.sql(
        f"SELECT *, epoch_ms(\"timestamp\") AS at_ms FROM '{tmp_path}/out.parquet'"  # noqa: S608
    )
    rows = {row["id"]: row for row in (dict(zip(table.columns, each, strict=True)) for each in table.fetchall())}
    found, other = rows[kept[0]], rows[kept[1]]
    wanted = {"actor": "mailto:amina@example.org", "actor_name": "Ámina", "verb": VERBS["completed"], "scaled": 0.75}
    wanted |= {"raw": 3.0, "success": False, "completion": True, "duration": "PT4S", "response": "mangue"}
    wanted |= {"registration": AMINA, "object": activity("market.en", "look"), "object_type": "Activity"}
    wanted |= {"parent": '["urn:mangrove:activity:market.en:quiz"]', "at_ms": 1_772_352_000_250, "voided": False}
    assert {name: found[name] for name in wanted} == wanted
    assert (other["object"], other["object_type"]) == ("mailto:other@example.org", "Agent")
    assert [other[name] for name in ("scaled", "success", "response", "registration", "parent")] == [None] * 5
    assert json.loads(found["statement"])["result"]["score"] == SCORE
    assert set(rows) == set(kept)


def test_an_empty_hub_gives_an_empty_table(export: Export, tmp_path: Path) -> None:
    """A file with columns and no rows; an empty one in JSON lines."""
    assert export("--format", "parquet", "--to", tmp_path / "out.parquet").exit_code == 0
    assert duckdb.read_parquet(str(tmp_path / "out.parquet")).fetchall() == []
    assert _written(export, tmp_path) == []


def test_memory_is_flat(node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three times the records take no more memory: no list of all is ever made, nor of more than a group of rows."""
    monkeypatch.setattr(parquet, "ROWS_MAX", 50)
    peaks: dict[str, list[int]] = {form: [] for form in records.FORMS}
    for first, count in ((0, 400), (400, 800)):
        tide.learn(node, first=first, count=count)
        for form, found in peaks.items():
            tracemalloc.start()
            wrote = records.export(node, form=form, to=tmp_path / f"out.{form}", words={})
            found.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
            assert wrote == first + count
    assert [form for form, (few, many) in peaks.items() if many > few * 1.3] == [], peaks


def test_a_file_is_there_whole_or_not_at_all(node: Node, tmp_path: Path) -> None:
    """What stood there stays when the export breaks in the middle, and nothing is left beside it."""
    _send(node, *(learning.statement() for _ in range(3)))
    to = tmp_path / "out" / "all.jsonl"
    to.parent.mkdir()
    to.write_text("as it was")

    def breaking() -> Any:
        yield records.line({"id": "1"})
        raise OSError(28, "No space left on device")

    with pytest.raises(InputWrong):
        records.handout.stream(to, breaking())
    assert to.read_text() == "as it was" and list(to.parent.iterdir()) == [to]
    with pytest.raises(InputWrong):
        records.export(node, form="jsonl", to=tmp_path / "nowhere" / "all.jsonl", words={})
