"""What a journal entry tells of a statement, read once and made fit for the tables.

Our own entries were checked at the door; those of other hubs were not, so every shape is looked at here and whatever
does not fit raises ValueError before anything is written.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from hub.moments import moment_ms
from hub.parsed import remembered, value_of
from hub.projections.clocks import mark
from hub.projections.definitions import Said, said
from hub.projections.mentions import mentions
from hub.tables.compact import is_id
from hub.tables.learning import BEGUN, FINISHED, OPENED, PASSED
from hub.vocabulary import (
    COMPETENCY,
    HUBS,
    PEOPLE,
    PSEUDONYMS,
    TRIES,
    VERBS,
    Place,
    agent_key,
    index_key,
    place,
)
from sync.ids import cut_id
from sync.journal import Placed

LOCAL = "local"
WRITTEN_WITHIN_MS = 86_400_000
"""How long before it is kept our own pages may have looked at the clock for a statement."""
RESPONSE_CHARS_MAX = 500
"""Characters of a response that tables keep; the whole of it lies in the journal."""
COMPETENCIES_MAX = 8
NAME_CHARS_MAX = 200
MOMENT_MAX = 2**53
"""Milliseconds; 285,000 years, so that a hostile time fits every column."""

STATES = {
    **dict.fromkeys((VERBS["initialized"], VERBS["launched"], VERBS["experienced"]), OPENED),
    **dict.fromkeys((VERBS["completed"], VERBS["failed"]), FINISHED),
    VERBS["passed"]: PASSED,
}
"""Verb → how far it brings an item; every other verb says that something was done in it."""


@dataclass(frozen=True)
class Told:
    """One statement as the tables want it; see `hub.tables.learning` for the columns.

    `place` is None unless a known person met an item of ours; `answer_score` is -1 when nothing was answered.
    `attached` is the data that came with it: hash and size in bytes; what another hub says of that lies there.
    `said` is what it says of activities and agents; `clock` marks the clock that gave `at_ms`, where ours did.
    `brought_from` is the hub that it happened at, where somebody has moved here with it.
    """

    id: str
    stream: str
    seq: int
    hub: str
    stored_ms: int
    at_ms: int
    actor: str
    verb: str
    activity: str
    target: str
    registration: str
    authority: str
    state: int
    score: int
    place: Place | None
    answer_score: int
    response: str
    tries: int
    competencies: tuple[str, ...]
    mentions: tuple[tuple[str, str], ...]
    attached: tuple[tuple[str, int], ...]
    said: tuple[Said, ...]
    clock: str
    brought_from: str


def read(placed: Placed) -> Told:
    """Read one entry of the kind statement. Raises ValueError, KeyError or TypeError when it cannot be one."""
    payload = _table(value_of(placed.entry.payload))
    raw, is_ours = _table(payload["raw"]), placed.audience == LOCAL
    hub = "" if is_ours else placed.hub
    actor, verb, target = _table(raw["actor"]), str(_table(raw["verb"])["id"]), _table(raw["object"])
    authority = payload.get("authority")
    spoken = _spoken(_that_comes_again(raw, authority, is_ours=is_ours))
    where = spoken.place if _is_person(actor) else None
    result = _table(raw["result"]) if "result" in raw else {}
    scaled = _thousandths(result) if where else -1
    at_ms = moment_ms(str(raw.get("timestamp", "")))
    person = agent_key(actor)
    return Told(
        id=_uuid(id_of(placed, payload)),
        stream=placed.stream,
        seq=placed.seq,
        hub=placed.hub,
        stored_ms=_fits(_stored_ms(payload) if is_ours else placed.entry.at_ms),
        at_ms=_fits(placed.entry.at_ms if at_ms is None else at_ms),
        actor=_of_hub(person, hub),
        verb=index_key(verb),
        activity=spoken.activity,
        target=_target(target, hub),
        registration=index_key(str(_table(raw.get("context", {})).get("registration", ""))).lower(),
        authority=_authority(authority, hub),
        state=_state(verb, where, result) if where else 0,
        score=scaled if where and not where.question else -1,
        place=where,
        answer_score=_answered(verb, where, result, scaled),
        response=_plain(result["response"]) if "response" in result else "",
        tries=_tries(result) if "extensions" in result else 1,
        competencies=spoken.competencies,
        mentions=spoken.mentions,
        attached=_attached(payload) if is_ours and "attached" in payload else (),
        said=spoken.said,
        clock=clock_of(placed, payload, raw) if is_ours else "",
        brought_from=str(payload.get("from", "")) if is_ours else "",
    )


@dataclass(frozen=True)
class _Spoken:
    """What a statement speaks of: the object's name when that is an activity, and where of ours that is."""

    activity: str
    place: Place | None
    competencies: tuple[str, ...]
    mentions: tuple[tuple[str, str], ...]
    said: tuple[Said, ...]


def _that_comes_again(raw: dict[str, Any], authority: Any, *, is_ours: bool) -> list[Any]:
    """What of a statement is said again by many: all but who, when, in which sitting and how it went."""
    context, actor = _table(raw.get("context", {})), raw["actor"]
    around = {name: part for name, part in context.items() if name not in ("registration", "extensions")}
    named = actor if "name" in actor or "member" in actor else {}
    account = authority.get("account") if isinstance(authority, dict) else None
    home = account.get("homePage") if isinstance(account, dict) else None
    return [named, raw["object"], around, home, is_ours]


def _speaks_of(part: list[Any]) -> _Spoken:
    """What follows from the part of a statement that `_that_comes_again` cut out."""
    actor, target, around, home, is_ours = part
    raw = {"actor": actor, "object": target, "context": around}
    name = _activity(target)
    where = place(name) if name == index_key(name) else None
    return _Spoken(
        activity=index_key(name),
        place=where if where is not None and where.item else None,
        competencies=_competencies(raw),
        mentions=tuple(mentions(raw)),
        said=said(raw, {"account": {"homePage": home}}, is_ours=is_ours),
    )


_spoken = remembered(_speaks_of, 3_000)


def id_of(placed: Placed, payload: dict[str, Any]) -> str:
    """The id that an entry's statement has here: our own as it is, a copy from another hub after that hub's name."""
    if placed.audience == LOCAL:
        return str(payload["id"])
    if "id" not in payload["raw"]:
        return _copy_id(placed.hub, placed.id)
    return _copy_id(placed.hub, payload["raw"]["id"])


def _copy_id(hub: str, name: object) -> str:
    """The id here of a copy that a hub named: equal for equal names, and no hub can take the name of another's."""
    return cut_id(hashlib.sha256(f"{hub} {name}".encode()).digest())


def _uuid(text: str) -> str:
    if not is_id(text):
        raise ValueError("an id that is no UUID")
    return text


def _target(target: dict[str, Any], hub: str) -> str:
    if target.get("objectType") != "StatementRef":
        return ""
    name = str(target["id"]).lower()
    return _copy_id(hub, name) if hub else _uuid(name)


def _table(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("a JSON object is missing")
    return value


def _of_hub(name: str, hub: str) -> str:
    """A name from another hub with that hub behind it, so that it never means somebody of ours."""
    return index_key(f"{name}@{hub}") if hub and name else name


def _authority(agent: Any, hub: str) -> str:
    """Who wrote it, "" for a hub's own pages."""
    key = agent_key(agent) if isinstance(agent, dict) else ""
    return "" if key.startswith(f"account:{HUBS}|") else _of_hub(key, hub)


def _activity(target: dict[str, Any]) -> str:
    is_activity = target.get("objectType", "Activity") == "Activity"
    return str(target["id"]) if is_activity else ""


def _is_person(actor: dict[str, Any]) -> bool:
    return "account" in actor and actor["account"]["homePage"] in (PEOPLE, PSEUDONYMS)


def _stored_ms(payload: dict[str, Any]) -> int:
    found = moment_ms(str(payload["stored"]))
    if found is None:
        raise ValueError("no moment of storing")
    return found


def clock_of(placed: Placed, payload: dict[str, Any], raw: dict[str, Any]) -> str:
    """The mark of our clock when it gave a statement's moment: the statement has none, or our own page wrote it.

    What a page wrote long before it was kept, as marks from paper or what comes back from home, has another moment.
    """
    stored_ms = _stored_ms(payload)
    if "timestamp" in raw:
        account = (payload.get("authority") or {}).get("account", {})
        if account.get("homePage") != HUBS or abs(placed.entry.at_ms - stored_ms) > WRITTEN_WITHIN_MS:
            return ""
    return mark(placed, stored_ms)


def _fits(moment: int) -> int:
    if abs(moment) > MOMENT_MAX:
        raise ValueError("a moment out of range")
    return moment


def _thousandths(result: dict[str, Any]) -> int:
    """The scaled score in thousandths, 0 for less than nothing, -1 for none."""
    scaled = _table(result.get("score", {})).get("scaled")
    if isinstance(scaled, bool) or not isinstance(scaled, int | float) or not -1 <= scaled <= 1:
        return -1
    return max(0, round(scaled * 1000))


def _state(verb: str, where: Place, result: dict[str, Any]) -> int:
    if where.question:
        return BEGUN
    return max(STATES.get(verb, BEGUN), FINISHED if result.get("completion") is True else OPENED)


def _answered(verb: str, where: Place | None, result: dict[str, Any], scaled: int) -> int:
    """The score of an answer in thousandths, or -1 when the statement is none."""
    if where is None or not where.question or verb != VERBS["answered"]:
        return -1
    success = result.get("success")
    return scaled if scaled >= 0 or not isinstance(success, bool) else 1000 * success


def _plain(response: Any) -> str:
    text = response if isinstance(response, str) else ""
    return text[:RESPONSE_CHARS_MAX].replace("\0", "").encode(errors="replace").decode()


def _tries(result: dict[str, Any]) -> int:
    found = _table(result.get("extensions", {})).get(TRIES)
    return found if isinstance(found, int) and 1 <= found <= 99 else 1


def _competencies(raw: dict[str, Any]) -> tuple[str, ...]:
    """The competencies that the context names, sorted, each once."""
    others = _table(_table(raw.get("context", {})).get("contextActivities", {})).get("other", [])
    rows = others if isinstance(others, list) else [others]
    names = {str(_table(row).get("id", "")) for row in rows}
    fitting = {
        name.removeprefix(COMPETENCY)
        for name in names
        if name.startswith(COMPETENCY) and len(name) <= NAME_CHARS_MAX and name.isprintable() and " " not in name
    }
    return tuple(sorted(fitting)[:COMPETENCIES_MAX])


def _attached(payload: dict[str, Any]) -> tuple[tuple[str, int], ...]:
    return tuple((index_key(str(sha2)), int(size)) for sha2, size in _table(payload.get("attached", {})).items())
