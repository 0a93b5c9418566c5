"""What statements say in passing: what an activity is, and how an agent is called.

Each different thing that was said is kept with the last place at which it was said, so that whoever reads can put the
later over the earlier (`hub.xapi.described`), in whatever order entries came. Of one activity or agent only the latest
few stay: those are the same ones in any order too, since what is left out always has so many later ones.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import orjson

from hub.tables import Tables, among, insert, many, run
from hub.vocabulary import LAUNCHES, agent_key, index_key
from sync.journal import Placed
from sync.stream import LOCAL

if TYPE_CHECKING:
    from hub.projections.told import Told

ACTIVITY, AGENT = "activity", "agent"
KEPT_MAX = 16
"""Different definitions of one activity, and names of one agent, that are kept."""
SAID_MAX = 40
"""Things that one statement may say of these kinds; a class has 60 members, and their names seldom change."""
NAME_CHARS_MAX = 200
SEQ_BITS = 20
MOMENT_BITS = 42
"""Enough for milliseconds until the year 2109; what says it is later counts as the last moment."""
ELSEWHERE = 1 << (MOMENT_BITS + SEQ_BITS)
"""Taken from the place of what other hubs say: it stands only where nobody here says anything."""

Said = tuple[str, str, str, str]
"""What is equal for equal things said; kind, subject, and the definition or the name as JSON."""
Part = tuple[str, str, Any]
"""Kind, subject, and the definition or the name."""

_RAISE = "UPDATE description SET place = ? WHERE id = ? AND place < ?"
_KEEP = "description (id, kind, subject, text, place)"
_CUT = (
    "DELETE FROM description WHERE subject = ? AND kind = ? AND id NOT IN"  # noqa: S608 - our number
    f" (SELECT id FROM description WHERE subject = ? AND kind = ? ORDER BY place DESC, id DESC LIMIT {KEPT_MAX})"
)


def said(raw: dict[str, Any], authority: Any, *, is_ours: bool) -> tuple[Said, ...]:
    """What a statement says of activities and agents. Raises ValueError, KeyError or TypeError.

    Content that was launched speaks of its own activity alone, and another hub names nobody: its people are not ours.
    """
    home = authority.get("account", {}).get("homePage") if isinstance(authority, dict) else None
    found = list(_activities(raw, within=home != LAUNCHES))[:SAID_MAX]
    if is_ours:
        found += list(_names(raw))[:SAID_MAX]
    texts = [(kind, subject, _text(value)) for kind, subject, value in found]
    return tuple((_name(*each), *each) for each in dict.fromkeys(texts) if each[2])


def add(tables: Tables, found: Sequence[tuple[Placed, "Told"]]) -> None:
    """Keep what statements say, whether or not they stand."""
    places: dict[Said, int] = {}
    for placed, told in found:
        place = _place(told, is_ours=placed.audience == LOCAL) if told.said else 0
        for each in told.said:
            places[each] = max(place, places.get(each, place))
    asked = "SELECT id FROM description WHERE id IN ({})"
    standing = {row[0] for row in among(tables, asked, [each[0] for each in places])}
    many(tables, _RAISE, [(place, each[0], place) for each, place in places.items() if each[0] in standing])
    _keep(tables, {each: place for each, place in places.items() if each[0] not in standing})


def _name(kind: str, subject: str, text: str) -> str:
    return hashlib.blake2b(f"{kind} {subject}\n{text}".encode(), digest_size=16).hexdigest()


def _keep(tables: Tables, fresh: Mapping[Said, int]) -> None:
    """Write what was not said before, and cut what is told of one thing down to the latest."""
    insert(tables, _KEEP, [(*each, place) for each, place in fresh.items()], "ON CONFLICT DO NOTHING")
    asked = "SELECT kind, subject FROM description WHERE subject IN ({}) GROUP BY kind, subject"
    more = f"{asked} HAVING COUNT(*) > {KEPT_MAX}"
    for kind, subject in list(among(tables, more, [each[2] for each in fresh])):
        run(tables, _CUT, subject, kind, subject, kind)


def _text(value: Any) -> str:
    """JSON that is equal for equal values; "" for what no database keeps."""
    with suppress(TypeError):
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    try:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        text.encode()
    except (ValueError, RecursionError):
        return ""
    return text


def _place(told: "Told", *, is_ours: bool) -> int:
    moment = min(max(told.stored_ms, 0), (1 << MOMENT_BITS) - 1)
    place = moment << SEQ_BITS | told.seq & ((1 << SEQ_BITS) - 1)
    return place if is_ours else place - ELSEWHERE


def _activities(statement: dict[str, Any], *, within: bool) -> Iterator[Part]:
    """The definitions of a statement: of its object, and if `within` of what stands in its context and inside it."""
    target = statement["object"]
    kind = target.get("objectType", "Activity")
    if kind == "Activity":
        yield from _defined(target)
    if not within:
        return
    if kind == "SubStatement":
        yield from _activities(target, within=True)
    for rows in statement.get("context", {}).get("contextActivities", {}).values():
        for row in rows if isinstance(rows, list) else [rows]:
            yield from _defined(row)


def _defined(activity: dict[str, Any]) -> Iterator[Part]:
    definition = activity.get("definition")
    if isinstance(definition, dict) and definition:
        yield ACTIVITY, index_key(str(activity["id"])), definition


def _names(statement: dict[str, Any]) -> Iterator[Part]:
    for agent in _agents(statement):
        name, key = agent.get("name"), agent_key(agent)
        if key and isinstance(name, str) and 0 < len(name) <= NAME_CHARS_MAX:
            yield AGENT, key, name


def _agents(statement: dict[str, Any]) -> Iterator[dict[str, Any]]:
    context = statement.get("context", {})
    target = statement["object"]
    listed = ("contextAgents", "agent"), ("contextGroups", "group")
    within = [row[part] for name, part in listed for row in context.get(name, ())]
    some: Iterable[Any] = (statement["actor"], context.get("instructor"), context.get("team"), *within)
    for agent in (*some, target) if target.get("objectType") in ("Agent", "Group") else some:
        if isinstance(agent, dict):
            yield agent
            yield from agent.get("member", ())
    if target.get("objectType") == "SubStatement":
        yield from _agents(target)
