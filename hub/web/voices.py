"""What people say of a proposal: a question, an answer, a reaction, consent, a concern, an objection."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, request
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.governance import proposals, rounds, voices
from hub.governance.rounds import FROM_STEP, Speech
from hub.governance.standing import Proposal
from hub.tables.governance import ANSWER
from hub.typed import WORDS_MAX
from hub.web import clips, groups
from hub.web.decision_words import ASKS
from hub.web.decisions import ADDRESS, again, facts, only_for_those_here
from hub.web.here import node, somebody
from hub.web.pages import page, say
from hub.web.people import people_to_choose

blueprint = Blueprint("voices", __name__, url_prefix=ADDRESS)
blueprint.before_request(only_for_those_here)

SAID = ("text", "person", "about")


@blueprint.get("/<proposal>/say/<how>/")
def ask(proposal: str, how: str, problem: str = "") -> Response:
    """A page to say one thing on; a steward may type it for somebody in the room."""
    if how not in ASKS:
        abort(404)
    here, found = node(), proposals.proposal(node(), proposal)
    about = next((each for each in found.remarks if each.id == request.values.get("about", "")), None)
    if how == ANSWER and about is None:
        abort(404)
    people = voices.voices(here, found.circle) if voices.keeps(somebody()) else []
    return page(
        "decisions/say.html",
        status=400 if problem else 200,
        problem=problem,
        how=how,
        given=groups.given(*SAID),
        about=about,
        choosable=people_to_choose(people),
        speaker=_speaker([each.id for each in people]),
        words_max=WORDS_MAX,
        **facts(found),
    )


@blueprint.post("/<proposal>/say/<how>/")
def take(proposal: str, how: str) -> AnyResponse:
    """Write down what was said."""
    if how not in ASKS:
        abort(404)

    def work() -> AnyResponse:
        _said(proposal, how)
        say(_("It is written down."))
        return redirect(f"{ADDRESS}/{proposal}/", 303)

    return groups.tried(work, lambda problem: ask(proposal, how, problem))


@blueprint.post("/<proposal>/objections/<objection>/withdraw/")
def take_back(proposal: str, objection: str) -> AnyResponse:
    """An objection is taken back."""

    def work() -> AnyResponse:
        rounds.withdraw_objection(node(), actor=somebody(), proposal=proposal, objection=objection)
        say(_("The objection is taken back."))
        return redirect(f"{ADDRESS}/{proposal}/", 303)

    return groups.tried(work, lambda problem: again(proposal, problem))


def _speaker(people: list[str]) -> str:
    """Who is chosen as the one who says it: as sent; nobody where a steward types for the room or has no voice."""
    mine = somebody().id
    preset = "" if request.args.get("for") == "room" or mine not in people else mine
    return request.form.get("person", preset)


def _said(proposal: str, how: str) -> Proposal:
    here, actor, form = node(), somebody(), request.form
    text = "" if how == "consent" else form.get("text", "")
    speech = Speech(actor, form.get("person", actor.id), text, str(get_locale()), clips.spoken())
    if how == "concern":
        speech.checked()
    if how in FROM_STEP:
        return rounds.remark(here, proposal=proposal, sort=how, speech=speech, about=form.get("about", ""))
    voice: dict[str, Any] = {"proposal": proposal, "version": form.get("version", ""), "speech": speech}
    if how == "objection":
        return rounds.object_to(here, **voice)
    return rounds.consent(here, **voice)
