"""What was seen and what was given, out of the statements of the hub's own pages.

Only those that this hub vouches for, and wrote here, count: a tool or a piece of content can say the same words of
somebody, and is believed in neither; what other hubs tell stays in the index of statements.
"""

from typing import Any

from hub.parsed import value_of
from hub.projections import former
from hub.projections.registers import is_name
from hub.projections.told import LOCAL, Told
from hub.tables import Tables, put, run
from hub.tables.recognition import NOT_YET, TEACHES
from hub.vocabulary import BADGE, COMPETENCY, FEEDBACK, HUBS, PEOPLE, SEEN, VERBS, index_key
from sync.journal import Placed

VERBS_READ = frozenset({VERBS["scored"], VERBS["earned"]})
SENTENCE_CHARS_MAX = 500
"""Characters of a sentence that tables keep; the whole of it lies in the journal."""
_TABLES = ("observation", "award")


def add(tables: Tables, placed: Placed, told: Told, *, is_voided: bool) -> None:
    """Add what a statement that has just come into the index tells; most tell nothing here. Raises nothing: the
    statement is in the index already."""
    if told.verb not in VERBS_READ or placed.audience != LOCAL:
        return
    payload = value_of(placed.entry.payload)
    hub = _account(payload.get("authority"), HUBS)
    if hub != placed.hub and hub not in former.hubs(tables):
        return
    raw = payload["raw"]
    person, object_id = _account(raw["actor"], PEOPLE), str(raw["object"].get("id", ""))
    if person != told.actor or not person:
        return
    shared = {"statement": told.id, "person": person, "sentence": _sentence(raw), "at_ms": told.at_ms}
    by = _account(raw.get("context", {}).get("instructor"), PEOPLE)
    if told.verb == VERBS["earned"] and object_id.startswith(BADGE):
        badge = index_key(object_id.removeprefix(BADGE))
        put(tables.Award, **shared, badge=badge, giver=by, is_voided=int(is_voided))
    elif told.verb == VERBS["scored"] and (seen := _seen(raw, object_id)):
        put(tables.Observation, **shared, **seen, observer=by, is_voided=int(is_voided))


def mark(tables: Tables, statement: str, *, is_voided: bool) -> None:
    """A statement was voided, or is so no longer."""
    for table in _TABLES:
        run(tables, f"UPDATE {table} SET is_voided = ? WHERE statement = ?", int(is_voided), statement)  # noqa: S608


def drop(tables: Tables, statement: str) -> None:
    """A statement made way for another of its id."""
    for table in _TABLES:
        run(tables, f"DELETE FROM {table} WHERE statement = ?", statement)  # noqa: S608 - our names


def move(tables: Tables, clock: int, moved_ms: int) -> None:
    """Statements under a mark of a clock happened at another moment than that clock had said."""
    rows = f"SELECT s.id FROM statement s JOIN statement_row r ON r.rank = s.rank WHERE r.clock = {clock:d}"  # noqa: S608
    for table in _TABLES:
        run(tables, f"UPDATE {table} SET at_ms = at_ms + ? WHERE statement IN ({rows})", moved_ms)  # noqa: S608


def _seen(raw: dict[str, Any], object_id: str) -> dict[str, Any] | None:
    """What was seen and how well; None for a score that is no observation."""
    score = raw.get("result", {}).get("score", {})
    level = score.get("raw") if score.get("max") == TEACHES else None
    if isinstance(level, bool) or not isinstance(level, int) or not NOT_YET <= level <= TEACHES:
        return None
    competency = object_id.removeprefix(COMPETENCY) if object_id.startswith(COMPETENCY) else ""
    if not is_name(competency) and not object_id.startswith(SEEN):
        return None
    language, words = _named(raw["object"].get("definition"))
    said = {"language": _text(language), "words": "" if competency else _text(words)}
    return {"topic": index_key(object_id), "competency": competency, "level": level, **said}


def _named(definition: object) -> tuple[object, object]:
    """The first language in which a definition names something, and the name."""
    named = definition.get("name") if isinstance(definition, dict) else None
    return next(iter(named.items()), ("", "")) if isinstance(named, dict) else ("", "")


def _sentence(raw: dict[str, Any]) -> str:
    return _text((raw.get("result", {}).get("extensions") or {}).get(FEEDBACK, ""))


def _text(value: object) -> str:
    """A text as both databases can keep it."""
    text = value if isinstance(value, str) else ""
    return text[:SENTENCE_CHARS_MAX].replace("\0", "").encode(errors="replace").decode()


def _account(agent: object, home: str) -> str:
    """The name of an agent's account with that home page, "" for any other."""
    account = agent.get("account") if isinstance(agent, dict) else None
    if not isinstance(account, dict) or account.get("homePage") != home or not is_name(account.get("name")):
        return ""
    return str(account["name"])
