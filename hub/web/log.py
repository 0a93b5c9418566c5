"""`/people/<person>/log/`: what others did to somebody or typed for them, for them to read; nothing of it goes away."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, Response
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from hub import acts
from hub.consent import standing as consents
from hub.consent import whose
from hub.governance import standing
from hub.governance.typed_for import CONSENTED, OBJECTED, PROPOSED, REMARKED, TOOK_BACK, VOTED, typed_for
from hub.node import Node
from hub.people import roster
from hub.people.roster import Person
from hub.web import acts_words, consent_words, decision_words
from hub.web.guards import signed_in
from hub.web.here import node, somebody
from hub.web.pages import page

blueprint = Blueprint("log", __name__, url_prefix="/people")

TYPED: dict[str, object] = {
    PROPOSED: lazy_gettext("Typed a proposal for them."),
    REMARKED: lazy_gettext("Typed a question or a reaction for them."),
    OBJECTED: lazy_gettext("Typed an objection for them."),
    CONSENTED: lazy_gettext("Typed a consent for them."),
    VOTED: lazy_gettext("Typed a vote for them."),
    TOOK_BACK: lazy_gettext("Typed that they take an objection back."),
}


@dataclass(frozen=True)
class Line:
    """One thing that was done; `decision` is the proposal it is about or followed, `number` that of the hub's book."""

    at_ms: int
    who: str
    says: str
    decision: str = ""
    why: str = ""
    number: int = 0
    is_own: bool = False


@blueprint.get("/<person>/log/")
@signed_in
def show(person: str) -> Response:
    """What was done to one person or for them, the latest first: for them, their guardian and who looks after them."""
    here, found = node(), roster.person(node(), person)
    whose.check_sees(here, actor=somebody(), person=found)
    lines = sorted(_lines(here, found), key=lambda each: (-each.at_ms, each.number))[: acts.LINES_MAX]
    wanted = {each.decision for each in lines if each.decision}
    return page(
        "people/log.html",
        shown=found,
        is_own=found.id == somebody().id,
        lines=lines,
        people={each.id: each for each in roster.people(here, is_active=None)},
        decisions={each.id: each for each in standing.read(here, wanted)} if wanted else {},
        command=acts.COMMAND,
        day=decision_words.day,
    )


def _lines(here: Node, person: Person) -> Iterator[Line]:
    for act in acts.about(here, person.id):
        more = {"decision": act.decision, "why": act.why}
        is_own = act.sort in acts_words.PUBLIC and not act.decision
        yield Line(act.done_ms, act.actor, acts_words.says(act), **more, number=act.number, is_own=is_own)
    for said in typed_for(here, person.id):
        yield Line(said.said_ms, said.typist, str(TYPED[said.sort]), decision=said.proposal)
    for each in consents.told(here, person.id):
        if each.witness not in ("", person.id):
            title = consent_words.title(each.purpose)
            yield Line(each.at_ms, each.witness, _("Wrote down a yes or no: %(what)s", what=title))
