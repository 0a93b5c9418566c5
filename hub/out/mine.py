"""What the hub keeps of one person, told by itself: statements, register, consents, words, drafts and voices.

Nothing in it is about anybody else: other people in a statement become `SOMEBODY`, members of a group but the person
are left out, and whoever gave or wrote down a consent is told as who they are to the person, never by name.
"""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from hub import acts, keys
from hub.acts import Act
from hub.consent import standing, whose
from hub.learning import progress
from hub.moments import moment_text
from hub.node import Node
from hub.out import records, sent
from hub.out.records import Statement
from hub.people import booklooks, circles, credentials, households
from hub.people.roster import Person
from hub.tide import told
from hub.vocabulary import HUBS, KEYS, LAUNCHES, PEOPLE, agent_key, person_actor
from hub.xapi.query import Query
from hub.xapi.rules.actor import NAMED_BY

SOMEBODY = {"objectType": "Agent", "account": {"homePage": PEOPLE, "name": "somebody-else"}}
"""In place of everybody else."""
NO_PEOPLE = (HUBS, KEYS, LAUNCHES)
"""The homes of accounts that are hubs, tools and activities."""
SAID = {
    "Proposal": ("proposer", "title"),
    "ProposalVersion": ("author", "text"),
    "Remark": ("person", "text"),
    "Objection": ("person", "reason"),
    "ProposalConsent": ("person", "concern"),
    "Ballot": ("person", "choices"),
}
"""Where what somebody said in what is decided together stands: table → whose it is, and the words."""


def statements(node: Node, person: str) -> Iterator[Statement]:
    """Every statement about a person, as actor, object or member, oldest first; voided ones carry their mark."""
    asked = Query(agent=agent_key(person_actor(person)), ascending=True, with_voided=True)
    for each in records.every(node, asked):
        yield about(each, person)


def about(statement: Statement, person: str) -> Statement:
    """A statement with nobody in it but the person; what is no person (a tool, a hub, an activity) stays."""
    cleared = {name: _cleared(part, person) for name, part in statement.items() if name != "authority"}
    authority = statement["authority"]
    is_thing = (authority.get("account") or {}).get("homePage") in NO_PEOPLE
    return {**cleared, "authority": authority if is_thing else _cleared(authority, person)}


def _cleared(part: Any, person: str) -> Any:
    if isinstance(part, list):
        return [_cleared(each, person) for each in part]
    if not isinstance(part, dict):
        return part
    if part.get("objectType") == "Group" or "member" in part:
        return _group(part, person)
    if any(name in part for name in NAMED_BY) and part.get("objectType", "Agent") == "Agent" and "id" not in part:
        is_thing = isinstance(part.get("account"), dict) and part["account"].get("homePage") in NO_PEOPLE
        return part if is_thing or _key(part) == person else dict(SOMEBODY)
    return {name: _cleared(each, person) for name, each in part.items()}


def _group(group: dict[str, Any], person: str) -> dict[str, Any]:
    """A group without its other members; what names the group itself stays."""
    kept = {name: part for name, part in group.items() if name not in ("member", "name")}
    mine = [each for each in group.get("member", ()) if _key(each) == person]
    return {**kept, "member": mine} if mine or not any(name in kept for name in NAMED_BY) else kept


def _key(agent: Any) -> str:
    try:
        return agent_key(agent)
    except (KeyError, TypeError, ValueError):
        return ""


def facts(node: Node, person: Person) -> dict[str, Any]:
    """All else that is kept under a person's name, as JSON takes it. Moments are ISO 8601, UTC; no secret is in it."""
    return {
        "hub": {"id": node.identity.hub_id, "name": node.name},
        "made": moment_text(node.clock.now_ms()),
        "person": _register(node, person),
        "circles": _circles(node, person.id),
        "households": _households(node, person.id),
        "phones": _rows(node.tables.SignIn, "person", person.id, ("label", "device", "begun_ms", "seen_ms")),
        "consents": [_consent(node, person, act) for act in standing.told(node, person.id)],
        "consent_cards": _cards(node, person.id),
        "progress": _rows(
            node.tables.Progress,
            "person",
            person.id,
            ("hub", "package", "item", "state", "score", "first_ms", "last_ms"),
        ),
        "can_do": _garden(node, person),
        "taken_home": _rows(node.tables.Copy, "person", person.id, ("pack", "carrier", "number", "given_ms", "state")),
        "borrowed": _borrowed(node, person.id),
        "asked_to_borrow": _asked(node, person.id),
        "said_in_decisions": _said(node, person.id),
        "done_by_others": [_done(each) for each in acts.about(node, person.id)],
        "keys_made": [
            {"id": each.id, "name": each.name, "scopes": each.scopes}
            for each in keys.keys(node)
            if each.maker == person.id
        ],
        "left_by_the_tide": [_told(each) for each in told.told_of(node, person.id)],
        "forwarded": [_told(each) for each in sent.told_of(node, person.id)],
    }


def _register(node: Node, person: Person) -> dict[str, Any]:
    row = node.tables.Person.get_by_id(person.id)
    return {
        **{name: getattr(person, name) for name in ("id", "name", "picture", "birth_year", "language", "is_active")},
        "learns": list(person.learns),
        "book_look": asdict(booklooks.kept(node, person.id)),
        "roles": sorted(person.roles),
        "number_in_another_register": row.sourced_id,
        "signs_in_by": credentials.kind_of(node, person.id),
    }


def _circles(node: Node, person: str) -> list[dict[str, str]]:
    table = node.tables.Membership
    rows = table.select().where((table.person == person) & (table.is_member == 1))
    parts = {row.circle: row.part for row in rows}
    met = {each.id: each for each in (*circles.circles_of(node, person), *circles.led_by(node, person))}
    return [{"name": each.name, "kind": each.kind, "part": parts.get(each.id, "")} for each in met.values()]


def _households(node: Node, person: str) -> list[dict[str, str]]:
    return [
        {"name": home.name, "relation": kin.relation}
        for home in households.households_of(node, person)
        for kin in households.kin(node, home.id)
        if kin.person.id == person
    ]


def _consent(node: Node, person: Person, act: standing.Act) -> dict[str, str]:
    """One answer with its evidence; who gave it is told by what they are to the person."""
    guardians = {each.id for each in whose.guardians(node, person)}
    giver = "the person" if act.giver == person.id else "a guardian" if act.giver in guardians else "somebody else"
    kept = {name: getattr(act, name) for name in ("purpose", "answer", "said", "assent", "how", "card")}
    return {**kept, "given_by": giver, "at": moment_text(act.at_ms)}


def _cards(node: Node, person: str) -> list[dict[str, str]]:
    """The words that were read out, for each version that one of the consents names."""
    table, versions = node.tables.ConsentCard, sorted({act.card for act in standing.told(node, person) if act.card})
    rows = table.select().where(table.id.in_(versions)) if versions else ()
    return [{"version": row.id, "language": row.language, "words": row.words} for row in rows]


def _garden(node: Node, person: Person) -> list[dict[str, Any]]:
    found = progress.garden(node, person.id, languages=person.learns)
    return [{"competency": each.competency, "sentence": each.statement, "state": each.state} for each in found]


def _borrowed(node: Node, person: str) -> list[dict[str, str]]:
    """What somebody borrowed under the own name, the oldest first; "" for the day it came back while it is out."""
    table, names = node.tables.Loan, {row.id: row.name for row in node.tables.Thing.select()}
    mine = table.select().where((table.borrower == person) & (table.borrower_kind == "person"))
    return [
        {
            "thing": names.get(row.thing, ""),
            "copy": row.copy,
            "lent": moment_text(row.lent_ms),
            "due": moment_text(row.due_ms),
            "back": moment_text(row.back_ms) if row.back_ms else "",
            "came_back": row.outcome or "whole",
            "note": row.note,
        }
        for row in mine.order_by(table.lent_ms, table.id)
    ]


def _asked(node: Node, person: str) -> list[dict[str, str]]:
    table, names = node.tables.Wish, {row.id: row.name for row in node.tables.Thing.select()}
    mine = table.select().where((table.person == person) & (table.is_open == 1))
    return [
        {"thing": names.get(row.thing, ""), "asked": moment_text(row.asked_ms)}
        for row in mine.order_by(table.asked_ms, table.id)
    ]


def _said(node: Node, person: str) -> list[dict[str, str]]:
    """What somebody said in what is decided together, the oldest first."""
    found = []
    for name, (whose_column, words) in SAID.items():
        table: Any = getattr(node.tables, name)
        for row in table.select().where(getattr(table, whose_column) == person).dicts():
            at_ms = row.get("said_ms", row.get("opened_ms"))
            more = {field: row.get(field, "") for field in ("sound", "photo")}
            found.append({"what": name, "at": moment_text(at_ms), "words": row[words], **more})
    return sorted(found, key=lambda each: (each["at"], each["what"]))


def clips(node: Node, person: str) -> list[str]:
    """The files of what somebody spoke or photographed in what is decided together."""
    named = [each for one in _said(node, person) for each in (one["sound"], one["photo"]) if each]
    return sorted(set(named))


def _done(act: Act) -> dict[str, str]:
    """What was done to somebody in an office; not by whom."""
    return {"at": moment_text(act.done_ms), "sort": act.sort, "what": act.what, "decision": act.decision}


def _rows(table: Any, column: str, person: str, names: tuple[str, ...]) -> list[dict[str, Any]]:
    """Rows of a table about a person, moments as ISO 8601."""
    rows = table.select().where(getattr(table, column) == person).order_by(table.id).dicts()
    return [{name.removesuffix("_ms"): _plain(name, row[name]) for name in names} for row in rows]


def _plain(name: str, value: Any) -> Any:
    return moment_text(value) if name.endswith("_ms") else value


def _told(each: told.Told | sent.Told) -> dict[str, Any]:
    moments = {"first": moment_text(each.first_ms), "last": moment_text(each.last_ms)}
    if isinstance(each, sent.Told):
        return {"to": each.name, "records": each.records, "taken_back": each.voided, **moments}
    return {"to": each.audience, "under": each.name, "records": each.records, **moments}
