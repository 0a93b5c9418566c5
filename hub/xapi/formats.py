"""Forms in which a statement is given out: exact, ids (only what names things), canonical (one language each)."""

from collections.abc import Sequence
from typing import Any

from hub.moments import in_utc
from hub.xapi.canonical import Known, canonical
from hub.xapi.rules.actor import NAMED_BY

FORMATS = ("exact", "ids", "canonical")
_AGENT_PARTS = ("actor", "instructor", "team", "agent", "group")


def shaped(
    statement: dict[str, Any], *, form: str, languages: Sequence[str] = (), known: Known = lambda _: {}
) -> dict[str, Any]:
    """The statement in one of FORMATS.

    What matters to canonical alone: `languages` are wished for, best first; `known` tells what activities are.
    """
    if form == "ids":
        return _ids(statement)
    return canonical(statement, languages=languages, known=known) if form == "canonical" else statement


def given(statement: dict[str, Any], *, line: str) -> dict[str, Any]:
    """The statement as who speaks this line of the standard must get it, whatever its bytes are.

    Context activities are lists (xAPI 1.0.3 part 2, 2.4.6.2); in 2.0 moments are in UTC (IEEE 9274.1.1, 4.2.7). Of the
    same kind is a statement within.
    """
    changed = dict(statement)
    context = changed.get("context")
    if isinstance(context, dict) and isinstance(context.get("contextActivities"), dict):
        lists = {kind: _rows(rows) for kind, rows in context["contextActivities"].items()}
        changed["context"] = {**context, "contextActivities": lists}
    if line != "1.0":
        changed |= {name: in_utc(changed[name]) for name in ("timestamp", "stored") if name in changed}
    within = changed.get("object")
    if isinstance(within, dict) and within.get("objectType") == "SubStatement":
        changed["object"] = given(within, line=line)
    return changed


def _ids(statement: dict[str, Any]) -> dict[str, Any]:
    shaped = dict(statement)
    for part in _AGENT_PARTS:
        if part in shaped:
            shaped[part] = _agent(shaped[part])
    shaped["verb"] = {"id": statement["verb"]["id"]}
    shaped["object"] = _target(statement["object"])
    if "context" in shaped:
        shaped["context"] = _context(shaped["context"])
    return shaped


def _target(target: dict[str, Any]) -> dict[str, Any]:
    kind = target.get("objectType", "Activity")
    if kind == "Activity":
        return {"id": target["id"]}
    if kind in ("Agent", "Group"):
        return {"objectType": kind, **_agent(target)}
    return _ids(target) if kind == "SubStatement" else target


def _agent(agent: dict[str, Any]) -> dict[str, Any]:
    named = {name: agent[name] for name in NAMED_BY if name in agent}
    if agent.get("objectType") != "Group":
        return named
    return {"objectType": "Group", **(named or {"member": [_agent(each) for each in agent["member"]]})}


def _context(context: dict[str, Any]) -> dict[str, Any]:
    shaped = dict(context)
    for part in ("instructor", "team"):
        if part in shaped:
            shaped[part] = _agent(shaped[part])
    if "contextActivities" in shaped:
        kinds = shaped["contextActivities"].items()
        shaped["contextActivities"] = {kind: [{"id": row["id"]} for row in _rows(rows)] for kind, rows in kinds}
    for listed, part in (("contextAgents", "agent"), ("contextGroups", "group")):
        if listed in shaped:
            shaped[listed] = [{**row, part: _agent(row[part])} for row in shaped[listed]]
    return shaped


def _rows(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
