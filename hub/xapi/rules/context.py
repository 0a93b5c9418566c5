"""Where it belongs: the context of a statement (xAPI 1.0.3 part 2, 2.4.6; 2.0 adds contextAgents and contextGroups)."""

from typing import Any

from hub.xapi.rules.actor import actor, agent, group
from hub.xapi.rules.target import activity, statement_ref
from hub.xapi.rules.values import Check, extensions, iri, language, remembered, rows, table, text, uuid, wrong

KINDS_OF_CONTEXT = ("parent", "grouping", "category", "other")


def context(value: Any, at: str) -> None:
    """The context of a statement of the 1.0 line."""
    table(value, at, _CONTEXT)


def context_2(value: Any, at: str) -> None:
    """The context of a statement of the 2.0 line."""
    table(value, at, _CONTEXT_2)


def fits(value: dict[str, Any], target: dict[str, Any], at: str) -> None:
    """Revision and platform speak of activities only."""
    if target.get("objectType", "Activity") != "Activity":
        for name in ("revision", "platform"):
            if name in value:
                wrong(f"{at}.{name}", "belongs only to a statement about an activity")


def _activities(value: Any, at: str) -> None:
    table(value, at, dict.fromkeys(KINDS_OF_CONTEXT, _one_or_more))


def _one_or_more(value: Any, at: str) -> None:
    rows(value if isinstance(value, list) else [value], at, activity)


def _relevant(value: Any, at: str) -> None:
    if not rows(value, at, iri):
        wrong(at, "must not be empty")


def _context_agent(value: Any, at: str) -> None:
    table(value, at, {"objectType": text, "agent": agent, "relevantTypes": _relevant}, ("objectType", "agent"))
    if value["objectType"] != "contextAgent":
        wrong(f"{at}.objectType", "must be contextAgent")


def _context_group(value: Any, at: str) -> None:
    table(value, at, {"objectType": text, "group": group, "relevantTypes": _relevant}, ("objectType", "group"))
    if value["objectType"] != "contextGroup":
        wrong(f"{at}.objectType", "must be contextGroup")


def _context_agents(value: Any, at: str) -> None:
    rows(value, at, _context_agent)


def _context_groups(value: Any, at: str) -> None:
    rows(value, at, _context_group)


_CONTEXT: dict[str, Check] = {
    "registration": uuid,
    "instructor": remembered(actor),
    "team": remembered(group),
    "contextActivities": remembered(_activities),
    "revision": text,
    "platform": text,
    "language": language,
    "statement": statement_ref,
    "extensions": extensions,
}
_CONTEXT_2: dict[str, Check] = {
    **_CONTEXT,
    "contextAgents": _context_agents,
    "contextGroups": _context_groups,
}
