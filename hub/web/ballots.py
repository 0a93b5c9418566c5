"""Voting: one's own ballot, what a steward counts in a room, and lots drawn with dice."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from hub.governance import ballots, proposals, voices
from hub.governance.ballots import Counted
from hub.governance.rounds import Speech
from hub.governance.standing import Proposal
from hub.governance.tally import AS_IT_IS, DOTS, DOTS_EACH, LOTTERY, MAJORITY, of_version
from hub.web import groups
from hub.web.decision_words import FACES, Face
from hub.web.decisions import ADDRESS, facts, only_for_those_here
from hub.web.guards import needs
from hub.web.here import node, somebody
from hub.web.pages import page
from hub.web.people import people_to_choose

blueprint = Blueprint("ballots", __name__, url_prefix=ADDRESS)
blueprint.before_request(only_for_those_here)

DIGITS_MAX = 4
MARKS: Mapping[str, Mapping[int, Face]] = {DOTS: {each: Face(str(each), "", "leaf") for each in range(DOTS_EACH + 1)}}
"""Method → what can be given to one option."""


@blueprint.get("/<proposal>/ballot/")
def ask(proposal: str, problem: str = "") -> Response:
    """One's own ballot; a steward may fill it in for somebody in the room."""
    here, found, actor = node(), proposals.proposal(node(), proposal), somebody()
    people = voices.voices(here, found.circle) if voices.keeps(actor) else []
    has_voice = voices.has_voice(here, person=actor, circle=found.circle)
    is_room = request.args.get("for") == "room" or not has_voice
    speaker = request.form.get("person", "" if is_room else actor.id)
    mine = [each.choices for each in of_version(found.ballots, found) if each.person == actor.id and not is_room]
    more = {"choosable": people_to_choose(people), "speaker": speaker, "mine": _mine(found, mine)}
    return _page("ballot", found, problem, marks=MARKS.get(found.method, FACES), **more)


@blueprint.post("/<proposal>/ballot/")
def vote(proposal: str) -> AnyResponse:
    """Write the ballot down."""

    def work() -> None:
        found, form = proposals.proposal(node(), proposal), request.form
        speech = Speech(somebody(), form.get("person", somebody().id))
        ballots.vote(node(), proposal=proposal, version=form.get("version", ""), speech=speech, choices=_choices(found))

    return _done(proposal, work, ask)


@blueprint.get("/<proposal>/count/")
@needs("steward")
def ask_count(proposal: str, problem: str = "") -> Response:
    """How many for each option, and who saw it."""
    return _ask_room("count", proposal, problem, ("sort", "people", "first", "second"))


@blueprint.post("/<proposal>/count/")
@needs("steward")
def count(proposal: str) -> AnyResponse:
    """Write down what was counted."""

    def work() -> None:
        found, form = proposals.proposal(node(), proposal), request.form
        numbers = {each: _number(f"option-{each}", 0) for each in _numbers(found)}
        saw = [form.get("first", ""), form.get("second", "")]
        counted = Counted(form.get("sort", ""), _number("people", -1), numbers, saw)
        sent = {"proposal": proposal, "version": form.get("version", "")}
        ballots.count(node(), actor=somebody(), counted=counted, **sent)

    return _done(proposal, work, ask_count)


@blueprint.get("/<proposal>/draw/")
@needs("steward")
def ask_draw(proposal: str, problem: str = "") -> Response:
    """What the dice show, and who saw it."""
    return _ask_room("draw", proposal, problem, ("dice", "first", "second"))


@blueprint.post("/<proposal>/draw/")
@needs("steward")
def draw(proposal: str) -> AnyResponse:
    """Draw the lots."""

    def work() -> None:
        sent = groups.given("version", "dice", "first", "second")
        saw = [sent.pop("first"), sent.pop("second")]
        ballots.draw(node(), actor=somebody(), proposal=proposal, witnesses=saw, **sent)

    return _done(proposal, work, ask_draw)


def _done(proposal: str, work: Callable[[], object], again: Callable[[str, str], AnyResponse]) -> AnyResponse:
    def whole() -> AnyResponse:
        work()
        return groups.changed(f"{ADDRESS}/{proposal}/")

    return groups.tried(whole, lambda problem: again(proposal, problem))


def _ask_room(name: str, proposal: str, problem: str, fields: tuple[str, ...]) -> Response:
    found = proposals.proposal(node(), proposal)
    witnesses = [each for each in voices.voices(node(), found.circle) if each.id != somebody().id]
    given = groups.given(*fields, *(f"option-{each}" for each in _numbers(found)))
    return _page(name, found, problem, given=given, witnesses=people_to_choose(witnesses))


def _page(name: str, found: Proposal, problem: str, **more: Any) -> Response:
    status = 400 if problem else 200
    shown = {**facts(found), **more, "numbers": _numbers(found)}
    return page(f"decisions/{name}.html", status=status, problem=problem, **shown)


def _numbers(found: Proposal) -> list[int]:
    return [*(each.number for each in found.options), AS_IT_IS]


def _mine(found: Proposal, heads: list[Mapping[int, int]]) -> Mapping[int, int]:
    """What is filled in: as it was sent, or as one has voted."""
    return _choices(found) if request.method == "POST" else (heads[0] if heads else {})


def _choices(found: Proposal) -> dict[int, int]:
    """What the form says, by option."""
    form = request.form
    if found.method == LOTTERY:
        return {AS_IT_IS: 1} if form.get("in") == "yes" else {}
    if found.method == MAJORITY:
        return {_number("option", -1): 1}
    return {each: _number(f"option-{each}", 0) for each in _numbers(found) if f"option-{each}" in form}


def _number(name: str, otherwise: int) -> int:
    """A whole number of the form; -1 for what is none, `otherwise` for nothing."""
    typed = request.form.get(name, "").strip()
    if not typed:
        return otherwise
    return int(typed) if typed.isdecimal() and len(typed) <= DIGITS_MAX else -1
