"""Whom and what a statement speaks of beyond its actor and its object, for the filters of the statements resource.

`explicit` gives everything, for looking closely at one statement; `mentions` leaves out what can be told from the
columns of the index: the names above an activity of ours.
"""

from collections.abc import Iterator
from typing import Any

from hub.vocabulary import ACTIVITY, agent_key, index_key

MENTIONS_MAX = 4_000
"""Names of one statement that are indexed: more than fit into the bytes it may have."""
RELATED = "related "

Mention = tuple[str, str]


def mentions(raw: dict[str, Any]) -> list[Mention]:
    """(kind, name) to index, each once, at most MENTIONS_MAX. Raises ValueError, KeyError or TypeError."""
    own = str(raw["object"].get("id", ""))
    found = []
    for mention in dict.fromkeys(explicit(raw)):
        kind, name = mention
        is_above = own.startswith(ACTIVITY) and own.startswith(name)
        if name and not is_above:
            found.append((kind, index_key(name)))
    return found[:MENTIONS_MAX]


def explicit(raw: dict[str, Any]) -> Iterator[Mention]:
    """Every agent and activity in a statement that is not its plain actor, by kind."""
    yield from _members("agent", raw["actor"])
    yield from _target("", raw["object"])
    yield from _context(raw.get("context"))


def _target(prefix: str, target: dict[str, Any]) -> Iterator[Mention]:
    kind = target.get("objectType", "Activity")
    if kind == "Activity" and prefix:
        yield f"{prefix}activity", str(target["id"])
    elif kind in ("Agent", "Group"):
        yield from _agents(f"{prefix}agent", target)
    elif kind == "SubStatement":
        yield from _agents(f"{RELATED}agent", target["actor"])
        yield from _target(RELATED, target["object"])
        yield from _context(target.get("context"))


def _context(context: Any) -> Iterator[Mention]:
    if not isinstance(context, dict):
        return
    yield from _agents(f"{RELATED}agent", context.get("instructor"))
    yield from _agents(f"{RELATED}agent", context.get("team"))
    for listed, part in (("contextAgents", "agent"), ("contextGroups", "group")):
        for row in context.get(listed, ()):
            yield from _agents(f"{RELATED}agent", row[part])
    for kind in context.get("contextActivities", {}).values():
        for row in kind if isinstance(kind, list) else [kind]:
            yield f"{RELATED}activity", str(row["id"])


def _agents(kind: str, agent: Any) -> Iterator[Mention]:
    if isinstance(agent, dict):
        yield kind, agent_key(agent)
        yield from _members(kind, agent)


def _members(kind: str, agent: dict[str, Any]) -> Iterator[Mention]:
    for member in agent.get("member", ()):
        yield kind, agent_key(member)
