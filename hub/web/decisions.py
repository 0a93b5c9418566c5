"""What is decided together, to look at: the list, one proposal, its minutes, and the register of decisions."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, redirect
from werkzeug.wrappers import Response as AnyResponse

from hub import acts
from hub.governance import adopting, ballots, matters, proposals, standing, voices
from hub.governance.changes import changes
from hub.governance.spoken import Consent, Objection
from hub.governance.standing import Proposal
from hub.governance.tally import CONSENT_METHOD, of_version
from hub.node import Node
from hub.people import circles, roster
from hub.people.roster import Person
from hub.web import acts_words, decision_words, sharing
from hub.web.guards import lead_to_sign_in
from hub.web.here import node, somebody, viewer
from hub.web.pages import page, say

ADDRESS = "/community/decisions"
blueprint = Blueprint("decisions", __name__, url_prefix=ADDRESS)
SHOWN_MAX = 200
"""Decisions of one kind on one page; older ones stay in the journal."""


@dataclass(frozen=True)
class Voices:
    """Who is heard in a proposal: how many have a voice, who has used it, and who has not; what the viewer said."""

    total: int
    silent: list[Person]
    has_voice: bool
    consent: Consent | None
    objection: Objection | None


def only_for_those_here() -> AnyResponse | None:
    """Guests are led to sign in, and whoever is only of the region gets nothing: people are named on these pages."""
    person = viewer()
    if person is None:
        return lead_to_sign_in()
    if not voices.may_look(person):
        abort(403)
    return None


blueprint.before_request(only_for_those_here)


@blueprint.get("/")
def show_all() -> Response:
    """What waits for a decision first, then what was decided, then what is past."""
    here, person = node(), somebody()
    now_ms, found = here.clock.now_ms(), standing.read(here)
    due = sorted((each for each in found if each.is_due(now_ms)), key=lambda each: each.review_ms)
    opened, said = [each for each in found if each.is_open], _said_by(person, found)
    in_force = [each for each in found if each.state == standing.ADOPTED]
    past = [each for each in found if not each.is_open and each not in in_force]
    return page(
        "decisions/list.html",
        first=_first(here, person, due, [each for each in opened if each.id not in said]),
        open=opened,
        due=due,
        in_force=sorted((each for each in in_force if each not in due), key=lambda each: each.review_ms)[:SHOWN_MAX],
        past=past[:SHOWN_MAX],
        keeps=voices.keeps(person),
        said=said,
        **words(here),
    )


@blueprint.get("/register/")
def register() -> Response:
    """The decisions in force, on paper: what was decided, by whom, and when it is looked at again."""
    here = node()
    found = [each for each in standing.read(here) if each.state == standing.ADOPTED]
    found.sort(key=lambda each: (each.review_ms, each.id))
    return page(
        "decisions/register.html",
        found=found[:SHOWN_MAX],
        now_ms=here.clock.now_ms(),
        own=acts.by_themselves(here, acts_words.PUBLIC),
        said=acts_words.says,
        command=acts.COMMAND,
        **words(here),
    )


@blueprint.get("/<proposal>/")
def show(proposal: str) -> Response:
    """One proposal: how far it is, its text, and the one thing to do now."""
    return page("decisions/show.html", **facts(proposals.proposal(node(), proposal)))


@blueprint.get("/<proposal>/minutes/")
def minutes(proposal: str) -> Response:
    """All that was said, on paper."""
    return page("decisions/minutes.html", **facts(proposals.proposal(node(), proposal)))


def facts(found: Proposal) -> dict[str, Any]:
    """What every page about one proposal may show."""
    here, person = node(), somebody()
    families = [each for each in (found.parent, *found.successors) if each]
    return {
        "found": found,
        "heard": _voices(here, found, person),
        "changes": [
            (each, changes(former.text, each.text)) for former, each in zip(found.line, found.line[1:], strict=False)
        ],
        "family": {each.id: each for each in standing.read(here, families)} if families else {},
        "keeps": voices.keeps(person),
        "may_change": voices.keeps(person) or person.id == found.proposer,
        "is_ripe": adopting.is_ripe(here, found, person),
        "awaited": adopting.awaited(here, found),
        "is_due": found.is_due(here.clock.now_ms()),
        "carried": sharing.carried(here, found.id) or _settled(here, found.id),
        **words(here),
    }


def _settled(here: Node, proposal: str) -> list[tuple[str, bool]]:
    """What a proposal would settle of the settings that matter, with whether that changes what holds."""
    found = matters.of_proposal(here, proposal)
    if found is None:
        return []
    of, chosen = found
    return [(str(acts_words.SAYS[of.name][chosen]), matters.value(here, of) != chosen)]


def again(proposal: str, problem: str) -> AnyResponse:
    """Back to the proposal, which says why nothing was changed."""
    say(problem, "warn")
    return redirect(f"{ADDRESS}/{proposal}/", 303)


def words(here: Node) -> dict[str, Any]:
    """Names and drawings that these pages share."""
    return {
        "people": {each.id: each for each in roster.people(here, is_active=None)},
        "circles": {each.id: each for each in circles.circles(here)},
        "states": decision_words.STATES,
        "steps": decision_words.STEPS,
        "vote_face": decision_words.VOTE,
        "sorts": decision_words.SORTS,
        "methods": decision_words.METHODS,
        "as_it_is": decision_words.AS_IT_IS_SAID,
        "tally": lambda found: ballots.said(node(), found),
        "asks": decision_words.ASKS,
        "outcomes": decision_words.OUTCOMES,
        "day": decision_words.day,
        "now": lambda found: decision_words.now(found, here.clock.now_ms()),
        "root": ADDRESS,
    }


def _voices(here: Node, found: Proposal, person: Person) -> Voices:
    everybody = voices.voices(here, found.circle)
    spoken = _spoken(found)
    return Voices(
        total=len(everybody),
        silent=[each for each in everybody if each.id not in spoken],
        has_voice=voices.has_voice(here, person=person, circle=found.circle),
        consent=next((each for each in found.consenting if each.person == person.id), None),
        objection=next((each for each in found.open_objections if each.person == person.id), None),
    )


def _first(here: Node, person: Person, due: list[Proposal], unsaid: list[Proposal]) -> Proposal | None:
    """What waits for this viewer: a review for whoever keeps the rounds, else what they have a voice in."""
    if due and voices.keeps(person):
        return due[0]
    matters = voices.matters(here, person)
    return next((each for each in unsaid if each.circle in matters), None)


def _said_by(person: Person, found: list[Proposal]) -> set[str]:
    """The open proposals in whose consent round somebody has used their voice."""
    return {each.id for each in found if person.id in _spoken(each)}


def _spoken(found: Proposal) -> set[str]:
    """Who has used their voice for the version that counts."""
    if found.method != CONSENT_METHOD:
        return {each.person for each in of_version(found.ballots, found)}
    return {each.person for each in found.consenting} | {each.person for each in found.open_objections}
