"""A cmi5 course and its learner: how a part is opened, what it may say, and what follows for its course.

The hub says `launched`, `abandoned` and `satisfied`; a part says the rest through the door, each statement looked at
by the rules of the standard before it is kept. How far somebody is stands in `enrolment`.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from content.formats import cmi5
from content.formats.cmi5_course import Course, Unit
from content.package import Manifest
from hub.errors import KeyWrong, NotAllowed
from hub.keys import TICKET_MS, TO_FETCH, Ticket
from hub.learning import cmi5_rules, enrolment
from hub.learning.cmi5_rules import NORMAL, Standing
from hub.learning.enrolment import WHOLE, Enrolment, Session
from hub.learning.items import Opened
from hub.learning.records import duration
from hub.learning.sittings import Sitting
from hub.moments import moment_text
from hub.node import Node
from hub.vocabulary import (
    BLOCK_TYPE,
    CMI5,
    COURSE_TYPE,
    ITEM_TYPES,
    LAUNCH_MODE,
    LAUNCH_PARAMETERS,
    LAUNCH_URL,
    MASTERY_SCORE,
    MOVE_ON,
    SESSION_ID,
    VERBS,
    activity,
    block,
    person_actor,
)
from hub.xapi import documents, places, store
from hub.xapi.documents import Condition
from hub.xapi.places import AGENT_PROFILE
from hub.xapi.reading import read
from hub.xapi.senders import LAUNCH_DATA, PREFERENCES

KIND = "cmi5"
REVIEW = "Review"
OVER = "This part was closed, or opened again elsewhere. What it sent before is safe; open it again."
FETCHED = "The proof was fetched already"


@dataclass(frozen=True)
class Addresses:
    """Where a part runs, without what the hub puts behind it, and where it leads when it is over."""

    runs_at: str
    returns_to: str


@dataclass(frozen=True)
class Begun:
    """An opening of a part: the registration of its course and the name of the session."""

    registration: str
    session: str


def unit(node: Node, opened: Opened) -> Unit:
    """The part that an item stands for. Raises ContentError."""
    return cmi5.unit_of(_course(node, opened.manifest), opened.item.id)


def sitting(node: Node, *, person: str, opened: Opened) -> Sitting:
    """The one sitting of somebody with a part: that of its course, since a part itself says when it begins and ends."""
    registration = enrolment.registration_of(node, person, opened.manifest.id)
    found = enrolment.find(node, person=person, package=opened.manifest.id)
    is_finished = found is not None and bool(found.results.get(opened.item.id))
    return Sitting(registration, node.clock.now_ms(), is_finished, ())


def begin(node: Node, *, person: str, opened: Opened, languages: Sequence[str], addresses: Addresses) -> Begun:
    """Open a part. An opening of it that stands still is abandoned, and so are those whose ticket has ended.

    `languages` are those that the learner reads, best first. Raises ContentError, DocumentTooLarge, StorageFull.
    """
    told, package = _course(node, opened.manifest), opened.manifest.id
    here = cmi5.unit_of(told, opened.item.id)

    def write() -> Begun:
        now_ms = node.clock.now_ms()
        kept = enrolment.find(node, person=person, package=package)
        after = kept or Enrolment(enrolment.registration_of(node, person, package))
        about = _About(node, person, opened.manifest, told, after)
        made = about.satisfied(node.new_id()) if kept is None else []
        for item, each in list(after.sessions.items()):
            if item == opened.item.id or each.launched_ms + TICKET_MS < now_ms:
                made.append(about.abandoned(item, each))
                del after.sessions[item]
        session = Session(node.new_id(), REVIEW if after.is_done(here) else NORMAL, now_ms, now_ms)
        after.sessions[opened.item.id] = session
        _put_launch_data(node, person, opened, after.registration, _launch_data(here, session, addresses))
        _put_preferences(node, person, languages)
        made.append(about.launched(opened.item.id, here, session, addresses.runs_at))
        enrolment.keep(node, person=person, package=package, enrolment=after)
        store.keep_own(node, made)
        return Begun(after.registration, session.id)

    return node.write(write)


def fetch(node: Node, ticket: Ticket) -> str:
    """Give the session behind a word that fetches, this once. Raises KeyWrong, NotAllowed when it was given before."""
    name = ticket.session.removeprefix(TO_FETCH)
    if name == ticket.session:
        raise KeyWrong(OVER)

    def write() -> str:
        package, after, session = _standing(node, ticket, name)
        if session.is_fetched:
            raise NotAllowed(FETCHED)
        session.is_fetched = True
        enrolment.keep(node, person=ticket.person, package=package, enrolment=after)
        return name

    return node.write(write)


def check_open(node: Node, ticket: Ticket) -> None:
    """Raise NotAllowed unless the session of a ticket stands still."""
    _standing(node, ticket, ticket.session)


def note_read(node: Node, ticket: Ticket) -> None:
    """Note that a part has read what its learner prefers."""
    package, after, session = _standing(node, ticket, ticket.session)
    if session.has_read:
        return

    def write() -> None:
        _, after, session = _standing(node, ticket, ticket.session)
        session.has_read = True
        enrolment.keep(node, person=ticket.person, package=package, enrolment=after)

    node.write(write)


def take(node: Node, ticket: Ticket, statements: Sequence[bytes], keep: Callable[[], store.Taken]) -> store.Taken:
    """Keep what a part says, by the rules, and what follows for its course; all of it or nothing.

    What is kept already is no second time. `keep` keeps the statements. Raises NotAllowed, and what `keep` raises.
    """

    def write() -> store.Taken:
        package, after, session = _standing(node, ticket, ticket.session)
        manifest, item = _shelved(node, package), _item_of(ticket)
        told = _course(node, manifest)
        here = cmi5.unit_of(told, item)
        for raw in statements:
            said = read(raw)
            if store.is_kept(node, str(said.get("id", ""))):
                continue
            results = after.results.setdefault(item, [])
            name = cmi5_rules.check(said, Standing(here, session, results, ticket.activity))
            session.verbs += [name] if name else []
            results += [name] if name in ("completed", "passed") else []
            session.last_ms = node.clock.now_ms()
        if "terminated" in session.verbs:
            del after.sessions[item]
        taken = keep()
        store.keep_own(node, _About(node, ticket.person, manifest, told, after).satisfied(session.id))
        enrolment.keep(node, person=ticket.person, package=package, enrolment=after)
        return taken

    return node.write(write)


def _course(node: Node, manifest: Manifest) -> Course:
    return cmi5.course_of(manifest, lambda path: node.shelf.read(manifest, path))


def _shelved(node: Node, package: str) -> Manifest:
    found = node.shelf.manifest(package)
    if found is None:
        raise NotAllowed(OVER)
    return found


def _item_of(ticket: Ticket) -> str:
    return ticket.activity.rpartition(":")[2]


def _standing(node: Node, ticket: Ticket, name: str) -> tuple[str, Enrolment, Session]:
    """The package, how far its learner is, and the session of that name. Raises NotAllowed when it is over."""
    package = ticket.activity.removeprefix(activity("")).split(":")[0]
    after = enrolment.find(node, person=ticket.person, package=package)
    found = after.session(name) if after else None
    if after is None or found is None or found[0] != _item_of(ticket):
        raise NotAllowed(OVER)
    return package, after, found[1]


def _launch_data(here: Unit, session: Session, addresses: Addresses) -> dict[str, Any]:
    """What a part is told at its start (cmi5, 10.2)."""
    template = {
        "contextActivities": {"grouping": [{"id": here.publisher}]},
        "extensions": {SESSION_ID: session.id},
    }
    data: dict[str, Any] = {"contextTemplate": template, "launchMode": session.mode, "moveOn": here.move_on}
    data |= {"launchParameters": here.launch_parameters} if here.launch_parameters else {}
    data |= {"masteryScore": here.mastery} if here.mastery is not None else {}
    data |= {"entitlementKey": {"courseStructure": here.entitlement_key}} if here.entitlement_key else {}
    return {**data, "returnURL": addresses.returns_to}


def _put_launch_data(node: Node, person: str, opened: Opened, registration: str, data: Mapping[str, Any]) -> None:
    place = enrolment.state_of(person, opened, registration, LAUNCH_DATA)
    documents.put(node, place, body=_packed(data), content_type=documents.JSON, line="1.0")


def _put_preferences(node: Node, person: str, languages: Sequence[str]) -> None:
    """What the learner prefers, where it is another than stands there."""
    place = places.one(AGENT_PROFILE, {"agent": json.dumps(person_actor(person)), "profileId": PREFERENCES})
    body = _packed({"languagePreference": ",".join(languages), "audioPreference": "on"})
    standing = documents.get(node, place)
    if standing is None or standing.body != body:
        condition = Condition(none_match=frozenset("*")) if standing is None else Condition(match=frozenset("*"))
        documents.put(node, place, body=body, content_type=documents.JSON, condition=condition)


def _packed(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True)
class _About:
    """Makes the hub's own statements about one learner and one course."""

    node: Node
    person: str
    manifest: Manifest
    told: Course
    enrolment: Enrolment

    def launched(self, item: str, here: Unit, session: Session, address: str) -> dict[str, Any]:
        """A part is opened (cmi5, 9.3.1)."""
        how: dict[str, Any] = {LAUNCH_MODE: session.mode, LAUNCH_URL: address, MOVE_ON: here.move_on}
        how |= {LAUNCH_PARAMETERS: here.launch_parameters} if here.launch_parameters else {}
        how |= {MASTERY_SCORE: here.mastery} if here.mastery is not None else {}
        return self._statement("launched", self._unit(item), here.publisher, {SESSION_ID: session.id, **how})

    def abandoned(self, item: str, session: Session) -> dict[str, Any]:
        """A part was left without saying that it is over (9.3.6)."""
        lasted = {"duration": duration(session.last_ms - session.launched_ms)}
        publisher = cmi5.unit_of(self.told, item).publisher
        return self._statement("abandoned", self._unit(item), publisher, {SESSION_ID: session.id}, lasted)

    def satisfied(self, session: str) -> list[dict[str, Any]]:
        """What of the course is done now and was not told before (9.3.9)."""
        return [self._satisfied(name, session) for name in self.enrolment.newly_satisfied(self.told)]

    def _satisfied(self, name: str, session: str) -> dict[str, Any]:
        package = self.manifest.id
        target, kind = (activity(package), COURSE_TYPE) if name == WHOLE else (block(package, name), BLOCK_TYPE)
        about = {"id": target, "definition": {"type": kind}}
        return self._statement("satisfied", about, name or self.told.publisher, {SESSION_ID: session})

    def _unit(self, item: str) -> dict[str, Any]:
        found = self.manifest.item(item)
        name = {"name": {self.manifest.language: found.title}} if found else {}
        return {"id": activity(self.manifest.id, item), "definition": {"type": ITEM_TYPES[KIND], **name}}

    def _statement(
        self, verb: str, target: dict[str, Any], publisher: str, how: dict[str, Any], result: Mapping[str, Any] = {}
    ) -> dict[str, Any]:
        made = {
            "id": self.node.new_id(),
            "actor": person_actor(self.person),
            "verb": {"id": VERBS[verb], "display": {"en": verb}},
            "object": target,
            "timestamp": moment_text(self.node.clock.now_ms()),
            "context": {
                "registration": self.enrolment.registration,
                "contextActivities": {
                    "category": [{"id": CMI5}],
                    "grouping": [{"id": publisher}, {"id": activity(self.manifest.id)}],
                },
                "extensions": how,
            },
        }
        return {**made, "result": dict(result)} if result else made
