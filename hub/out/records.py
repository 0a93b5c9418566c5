"""Learning records as a file: JSON lines with each statement as xAPI gives it, or a flat table in Parquet.

Statements go in the order in which they were stored here, and one page of them at a time is in memory.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from hub import handout, parquet
from hub.errors import StatementWrong
from hub.moments import moment_ms
from hub.node import Node
from hub.parquet import JSON, MOMENT, NUMBER, TEXT, TRUTH, Column
from hub.vocabulary import agent_key
from hub.xapi import find, query
from hub.xapi.query import Query

FORMS = ("jsonl", "parquet")
VOIDED = "voided"
"""In a line of its own making: true for a statement that was voided, which is given out only when asked for."""
CONTEXTS = ("parent", "grouping", "category", "other")
COLUMNS = (
    Column("id", TEXT),
    Column("stored", MOMENT),
    Column("timestamp", MOMENT),
    Column("actor", TEXT),
    Column("actor_name", TEXT),
    Column("verb", TEXT),
    Column("object_type", TEXT),
    Column("object", TEXT),
    Column("registration", TEXT),
    Column("scaled", NUMBER),
    Column("raw", NUMBER),
    Column("success", TRUTH),
    Column("completion", TRUTH),
    Column("duration", TEXT),
    Column("response", TEXT),
    *(Column(name, JSON) for name in CONTEXTS),
    Column("authority", TEXT),
    Column("version", TEXT),
    Column(VOIDED, TRUTH),
    Column("statement", JSON),
)
"""The table: docs/out.md says what each column holds."""

Statement = dict[str, Any]


def export(node: Node, *, form: str, to: Path, words: Mapping[str, str], with_voided: bool = False) -> int:
    """Write the statements that fit into the file `to`; returns how many.

    `words` are filters as the statements resource knows them (since, until, agent, verb, activity, registration,
    related_…). Raises StatementWrong for a filter that cannot be, InputWrong when the file cannot be written.
    """
    asked = query.asked({**words, "ascending": "true"})
    if not isinstance(asked, Query):
        raise StatementWrong("statementId: one statement is asked for at /xapi/statements; nothing was written.")
    counted = Counted(every(node, replace(asked, with_voided=with_voided)))
    handout.stream(to, pieces(counted, form))
    return counted.count


def every(node: Node, asked: Query) -> Iterator[Statement]:
    """All statements that fit, page by page; those voided, where they are asked for, carry VOIDED."""
    more: Query | None = asked
    while more is not None:
        page = find.page(node, more)
        marked = find.voided_among(node, [each["id"] for each in page.statements]) if asked.with_voided else frozenset()
        for each in page.statements:
            yield {**each, VOIDED: True} if each["id"] in marked else each
        more = query.from_token(node.cookie_key, page.more) if page.more else None


def pieces(statements: Iterable[Statement], form: str) -> Iterator[bytes]:
    """A file of these statements in one of FORMS, piece by piece."""
    return parquet.written(COLUMNS, map(row, statements)) if form == "parquet" else map(line, statements)


def line(statement: Statement) -> bytes:
    """One line of JSON lines."""
    return json.dumps(statement, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


class Counted:
    """Statements, counted as they pass."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self._statements = statements
        self.count = 0

    def __iter__(self) -> Iterator[Statement]:
        for each in self._statements:
            self.count += 1
            yield each


def row(statement: Statement) -> tuple[Any, ...]:
    """One statement as a row of COLUMNS."""
    actor, target, result = statement["actor"], statement["object"], statement.get("result", {})
    context, score = statement.get("context", {}), statement.get("result", {}).get("score", {})
    about = context.get("contextActivities", {})
    plain = {name: each for name, each in statement.items() if name != VOIDED}
    return (
        statement["id"],
        moment_ms(statement["stored"]),
        moment_ms(statement["timestamp"]),
        agent_key(actor) or None,
        actor.get("name"),
        statement["verb"]["id"],
        target.get("objectType", "Activity"),
        _name_of(target),
        context.get("registration"),
        _number(score.get("scaled")),
        _number(score.get("raw")),
        result.get("success"),
        result.get("completion"),
        result.get("duration"),
        result.get("response"),
        *(_ids(about.get(name)) for name in CONTEXTS),
        agent_key(statement["authority"]) or None,
        statement["version"],
        statement.get(VOIDED, False),
        json.dumps(plain, ensure_ascii=False, separators=(",", ":")),
    )


def _name_of(target: dict[str, Any]) -> str | None:
    """What names an object: its id, or whom it is; None for a statement within a statement."""
    if target.get("objectType") in ("Agent", "Group"):
        return agent_key(target) or None
    name = target.get("id")
    return None if name is None else str(name)


def _ids(activities: Any) -> str | None:
    """The names of activities as a JSON list; None for none."""
    rows = activities if isinstance(activities, list) else [activities] if activities else []
    return json.dumps([each["id"] for each in rows], ensure_ascii=False) if rows else None


def _number(value: Any) -> float | None:
    """A number as a double holds it; None where it cannot."""
    try:
        return None if value is None else float(value)
    except OverflowError:
        return None
