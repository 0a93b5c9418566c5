"""What goes to an outside store, and in which form: the rule that a steward chooses for one destination.

At its narrowest, and so it begins, nothing goes but what people said yes to, under a made-up name that no other
audience knows, to the day, without a word that anybody wrote. The single rules (which verbs and names say nothing of a
person, what a number may be) are those of `hub.tide.policy`; here is what a steward may open beyond them.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from content.errors import N_
from hub.errors import InputWrong
from hub.moments import moment_ms, moment_text
from hub.tide import policy
from hub.tide.policy import Stand
from hub.vocabulary import COMPETENCY, FEEDBACK, HUBS, PEOPLE, PSEUDONYMS, TRIES, VERBS, VOIDED, agent_key, place

MADE_UP, ACCOUNT = "made-up", "account"
"""How people are named: made up for this destination alone, or by the account that this hub gave them."""
PEOPLE_NAMED = (MADE_UP, ACCOUNT)
DAY, HOUR, EXACT = "day", "hour", "exact"
STEP_MS = {DAY: 86_400_000, HOUR: 3_600_000, EXACT: 1}
"""How time is told → the milliseconds that it is rounded down to."""
LIST_MAX = 100
NAME_CHARS_MAX = 200
UNDECIDED = N_(
    "Accounts go out only by a decision that is in force, and only of people who said yes. Nothing was sent; name the"
    " decision, or choose made-up names."
)
NAMES = {iri: word for word, iri in VERBS.items()}


@dataclass(frozen=True)
class Sharing:
    """One destination's rule. `verbs` and `packages` narrow what goes, () for all.

    `unasked` lets records go of people whom nobody has asked yet; `past` also those from before the destination was
    made. `answers`, `extensions`, `titles` and `tools` add what was written, extensions, the titles of what was
    learned, and how outside tools name things. `decision` is the proposal by which the community agreed to ACCOUNT.
    """

    people: str = MADE_UP
    decision: str = ""
    times: str = DAY
    verbs: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    unasked: bool = False
    past: bool = False
    answers: bool = False
    extensions: bool = False
    titles: bool = False
    tools: bool = False


def checked(sharing: Sharing) -> Sharing:
    """The same rule, with verbs by their addresses. Raises InputWrong when it cannot be one."""
    names = (*sharing.verbs, *sharing.packages)
    is_known = sharing.people in PEOPLE_NAMED and sharing.times in STEP_MS
    is_short = max(len(sharing.verbs), len(sharing.packages)) <= LIST_MAX
    if not (is_known and is_short and all(0 < len(each) <= NAME_CHARS_MAX and each.isprintable() for each in names)):
        raise InputWrong("Such a rule there cannot be. Nothing was changed; choose from what is offered.")
    if sharing.people == ACCOUNT and (sharing.unasked or not sharing.decision):
        raise InputWrong(UNDECIDED)
    return Sharing(**{**asdict(sharing), "verbs": tuple(VERBS.get(each, each) for each in sharing.verbs)})


def packed(sharing: Sharing) -> str:
    """A rule as text that a table keeps."""
    return json.dumps(asdict(sharing), ensure_ascii=False)


def unpacked(text: str) -> Sharing:
    """The rule that `packed` packed."""
    kept: dict[str, Any] = json.loads(text)
    return Sharing(**{**kept, "verbs": tuple(kept["verbs"]), "packages": tuple(kept["packages"])})


def shared(statement: dict[str, Any], sharing: Sharing, stand: Stand) -> dict[str, Any] | None:
    """What a destination gets of a whole statement of this hub, or None when it is none of what goes there.

    Raises KeyError, TypeError or ValueError when the statement is not as it should be.
    """
    is_ours = policy.is_ours_by(statement.get("authority"))
    if not _is_asked_for(statement, sharing, is_ours=is_ours):
        return None
    open_to_tools = is_ours or sharing.tools
    result, context = statement.get("result") or {}, statement.get("context") or {}
    parts = {
        "id": stand.statement(statement["id"]),
        "actor": {"objectType": "Agent", "account": _account(agent_key(statement["actor"]), sharing, stand)},
        "verb": _verb(statement["verb"]["id"], sharing),
        "object": _object(statement, is_ours=is_ours, sharing=sharing, stand=stand),
        "result": _result(result, sharing),
        "context": _context(context, sharing, stand, is_open=open_to_tools),
        "timestamp": _moment(statement["timestamp"], sharing),
    }
    return {name: part for name, part in parts.items() if part}


def voiding(statement_id: str, *, hub: str, at_ms: int, sharing: Sharing, stand: Stand) -> dict[str, Any]:
    """What takes a statement back that went out under the stand-in of `statement_id`; the hub itself says it."""
    return {
        "id": stand.statement(f"void {statement_id}"),
        "actor": {"objectType": "Agent", "account": {"homePage": HUBS, "name": hub}},
        "verb": {"id": VOIDED, "display": {"en": "voided"}},
        "object": {"objectType": "StatementRef", "id": stand.statement(statement_id)},
        "timestamp": moment_text(at_ms - at_ms % STEP_MS[sharing.times]),
    }


def _is_asked_for(statement: dict[str, Any], sharing: Sharing, *, is_ours: bool) -> bool:
    """Whether the rule names it: an agent's, of its verbs and packages, and nothing that is for this place alone."""
    if not agent_key(statement["actor"]) or statement["actor"].get("objectType") == "Group":
        return False
    name = statement["object"].get("id", "")
    if policy.is_private(statement, is_ours=is_ours) or statement["verb"]["id"] == VOIDED:
        return False
    if sharing.verbs and statement["verb"]["id"] not in sharing.verbs:
        return False
    where = place(name) if isinstance(name, str) else None
    return not sharing.packages or (where is not None and where.package in sharing.packages)


def _account(person: str, sharing: Sharing, stand: Stand) -> dict[str, str]:
    is_plain = not set(person) & set(":~@")
    if sharing.people == ACCOUNT and is_plain:
        return {"homePage": PEOPLE, "name": person}
    return {"homePage": PSEUDONYMS, "name": stand.of("", person)}


def _verb(verb: str, sharing: Sharing) -> dict[str, Any]:
    name = verb if sharing.tools else policy.verb_of(verb)
    return {"id": name, "display": {"en": NAMES[name]}} if name in NAMES else {"id": name}


def _object(statement: dict[str, Any], *, is_ours: bool, sharing: Sharing, stand: Stand) -> dict[str, Any]:
    """What was learned, with its kind where our own pages wrote it."""
    thing = statement["object"]
    is_activity = thing.get("objectType", "Activity") == "Activity"
    if is_activity and is_ours and str(thing["id"]).startswith(COMPETENCY):
        return {"objectType": "Activity", "id": thing["id"]}
    if is_activity and sharing.tools:
        return {"objectType": "Activity", "id": thing["id"], **_definition(thing, sharing)}
    made = policy.object_of(statement, is_ours=is_ours, stand=stand)
    if "objectType" in made:
        return made
    is_same = made.get("id") == thing.get("id")
    return {"objectType": "Activity", **made, **(_definition(thing, sharing) if is_same else {})}


def _definition(thing: dict[str, Any], sharing: Sharing) -> dict[str, Any]:
    """The kind of an activity, and its title where the rule opens it; nothing else that a definition may hold."""
    whole = thing.get("definition") or {}
    kept = {name: whole[name] for name in ("type", *(["name"] if sharing.titles else [])) if whole.get(name)}
    return {"definition": kept} if kept else {}


def _result(result: dict[str, Any], sharing: Sharing) -> dict[str, Any]:
    kept = policy.numbers(result)
    if isinstance(result.get("duration"), str):
        kept["duration"] = result["duration"]
    if sharing.answers and isinstance(result.get("response"), str):
        kept["response"] = result["response"]
    extensions = _extensions(result, sharing) | kept.get("extensions", {})
    return {**kept, "extensions": extensions} if extensions else kept


def _context(context: dict[str, Any], sharing: Sharing, stand: Stand, *, is_open: bool) -> dict[str, Any]:
    kept = policy.competencies(context) if is_open else {}
    if context.get("registration"):
        kept["registration"] = stand.statement(f"registration {context['registration']}".lower())
    extensions = _extensions(context, sharing)
    return {**kept, "extensions": extensions} if extensions else kept


def _extensions(part: dict[str, Any], sharing: Sharing) -> dict[str, Any]:
    """Extensions where the rule opens them; a sentence that somebody wrote counts as an answer."""
    found = part.get("extensions") or {}
    if not sharing.extensions:
        return {}
    return {name: each for name, each in found.items() if name != TRIES and (sharing.answers or name != FEEDBACK)}


def _moment(text: str, sharing: Sharing) -> str:
    found = moment_ms(text)
    if found is None:
        raise ValueError("no moment")
    return moment_text(found - found % STEP_MS[sharing.times])


def names_in(texts: Iterable[str]) -> tuple[str, ...]:
    """The names that stand in some texts, parted by spaces or commas, each once."""
    return tuple(dict.fromkeys(name for text in texts for name in text.replace(",", " ").split()))
