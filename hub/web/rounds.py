"""Keeping the rounds: stewards open, move, count, close and review; whoever proposed amends and withdraws too."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, request
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.governance import adopting, proposals, rounds, voices
from hub.governance.adopting import REVIEW_DEFAULT, Look
from hub.governance.changes import Part, changes
from hub.governance.proposals import OPTIONS, PLACES_DRAWN, Amendment, Way, Words
from hub.governance.standing import ADOPTED, CHANGE, END, KEEP, Proposal
from hub.people import circles, roster
from hub.people.pictures import AVATARS, PLACES
from hub.typed import TEXT_MAX, TITLE_MAX, WORDS_MAX
from hub.web import clips, groups
from hub.web.decision_words import MONTHS, day
from hub.web.decisions import ADDRESS, again, facts, only_for_those_here, words
from hub.web.guards import needs
from hub.web.here import node, somebody
from hub.web.names import PICTURE_NAMES
from hub.web.pages import page, say
from hub.web.people import circles_to_choose, people_to_choose

blueprint = Blueprint("rounds", __name__, url_prefix=ADDRESS)
blueprint.before_request(only_for_those_here)

DIGITS_MAX = 4
NEW = ("title", "text", "picture", "circle", "proposer", "method", "options", "places")


@blueprint.get("/new/")
@needs("steward")
def ask_new(problem: str = "") -> Response:
    """The form for a new proposal."""
    here = node()
    return page(
        "decisions/new.html",
        problem=problem,
        status=400 if problem else 200,
        given=groups.given(*NEW),
        everybody=people_to_choose(each for each in roster.people(here) if voices.may_look(each)),
        choosable_circles=circles_to_choose(circles.circles(here)),
        options_most=OPTIONS[-1],
        places_most=PLACES_DRAWN[-1],
        **_form(),
        **words(here),
    )


@blueprint.post("/new/")
@needs("steward")
def open_new() -> AnyResponse:
    """Open a proposal."""

    def work() -> AnyResponse:
        given = groups.given("circle", "proposer")
        made = proposals.open_proposal(node(), actor=somebody(), words=_typed(), **given)
        say(_("The proposal is open. Now is the time for questions."))
        return redirect(f"{ADDRESS}/{made.id}/", 303)

    return groups.tried(work, ask_new)


@blueprint.post("/<proposal>/step/")
@needs("steward")
def move(proposal: str) -> AnyResponse:
    """Go on to the next round."""

    def work() -> AnyResponse:
        proposals.move(node(), actor=somebody(), proposal=proposal, **groups.given("step"))
        return groups.changed(f"{ADDRESS}/{proposal}/")

    return groups.tried(work, lambda problem: again(proposal, problem))


@blueprint.get("/<proposal>/amend/")
def ask_amend(proposal: str, problem: str = "") -> Response:
    """The text to change, beside what was objected to it."""
    found = proposals.proposal(node(), proposal)
    voices.check_changes(somebody(), found)
    more = {"given": groups.given("text"), "ticked": request.form.getlist("integrates"), "meanwhile": _meanwhile(found)}
    return _page("amend", proposal, problem, text_max=TEXT_MAX, **more)


@blueprint.post("/<proposal>/amend/")
def amend(proposal: str) -> AnyResponse:
    """Change the text; everybody is asked anew."""

    def work() -> AnyResponse:
        answers = request.form.getlist("integrates")
        said = {**groups.given("version", "text"), "sound": clips.spoken(), "photo": clips.shown()}
        proposals.amend(node(), actor=somebody(), proposal=proposal, amendment=Amendment(**said, integrates=answers))
        say(_("The proposal has a new text. Everybody is asked anew."))
        return redirect(f"{ADDRESS}/{proposal}/", 303)

    return groups.tried(work, lambda problem: ask_amend(proposal, problem))


@blueprint.post("/<proposal>/withdraw/")
def withdraw(proposal: str) -> AnyResponse:
    """Take it back before it is adopted."""

    def work() -> AnyResponse:
        proposals.withdraw(node(), actor=somebody(), proposal=proposal)
        say(_("The proposal is taken back. What was said of it can still be read."))
        return redirect(f"{ADDRESS}/{proposal}/", 303)

    return groups.tried(work, lambda problem: again(proposal, problem))


@blueprint.get("/<proposal>/hands/")
@needs("steward")
def ask_hands(proposal: str, problem: str = "") -> Response:
    """How many hands were up, and who saw it."""
    found = proposals.proposal(node(), proposal)
    witnesses = [each for each in voices.voices(node(), found.circle) if each.id != somebody().id]
    given = groups.given("hands", "first", "second")
    return _page("hands", proposal, problem, given=given, witnesses=people_to_choose(witnesses))


@blueprint.post("/<proposal>/hands/")
@needs("steward")
def count(proposal: str) -> AnyResponse:
    """Write the hands down."""

    def work() -> AnyResponse:
        form = request.form
        saw = [form.get("first", ""), form.get("second", "")]
        sent: dict[str, Any] = {"version": form.get("version", ""), "hands": _number("hands"), "witnesses": saw}
        rounds.count_hands(node(), actor=somebody(), proposal=proposal, **sent)
        return groups.changed(f"{ADDRESS}/{proposal}/")

    return groups.tried(work, lambda problem: ask_hands(proposal, problem))


@blueprint.get("/<proposal>/adopt/")
@needs("steward")
def ask_adopt(proposal: str, problem: str = "") -> AnyResponse:
    """The text once more, who was heard, and when it is looked at again; back while it may not be adopted."""
    if not problem:
        found = proposals.proposal(node(), proposal)
        return groups.tried(lambda: _adopting(found), lambda why: again(proposal, why))
    return _adopting(proposals.proposal(node(), proposal), problem)


def _adopting(found: Proposal, problem: str = "") -> Response:
    if not problem:
        proposals.check_open(found)
        adopting.check_ripe(node(), found, somebody())
    return _page("adopt", found.id, problem, months=MONTHS, chosen=REVIEW_DEFAULT)


@blueprint.post("/<proposal>/adopt/")
@needs("steward")
def adopt(proposal: str) -> AnyResponse:
    """Close the round."""

    def work() -> AnyResponse:
        sent: dict[str, Any] = {**groups.given("version"), "months": _number("months")}
        adopting.adopt(node(), actor=somebody(), proposal=proposal, **sent)
        say(_("It is decided. Its day of review comes up by itself."))
        return redirect(f"{ADDRESS}/{proposal}/", 303)

    return groups.tried(work, lambda problem: ask_adopt(proposal, problem))


@blueprint.get("/<proposal>/review/")
@needs("steward")
def ask_review(proposal: str, problem: str = "") -> AnyResponse:
    """Keep it, change it, or end it."""
    found = proposals.proposal(node(), proposal)
    if found.is_changing:
        return again(proposal, _("A change of it is proposed already. Until that is adopted, it holds as it is."))
    if found.state != ADOPTED:
        return again(proposal, problem or _("There is no decision in force to look at."))
    months = _number("months")
    more = {
        "months": MONTHS,
        "chosen": months if months in MONTHS else REVIEW_DEFAULT,
        "given": groups.given("note", "title", "text", "picture"),
    }
    return _page("review", proposal, problem, outcome=request.values.get("outcome", KEEP), **more, **_form())


@blueprint.post("/<proposal>/review/")
@needs("steward")
def review(proposal: str) -> AnyResponse:
    """Write down what came of looking at it again."""

    def work() -> AnyResponse:
        here, outcome = node(), request.form.get("outcome", "")
        look = Look(somebody(), proposal, _number("number"), request.form.get("note", ""))
        if outcome == CHANGE:
            made = adopting.change(here, look, words=_typed())
            say(_("The proposal to change it is open. Until it is adopted, the decision holds as it is."))
            return redirect(f"{ADDRESS}/{made.id}/", 303)
        if outcome == KEEP:
            adopting.keep(here, look, months=_number("months"))
        elif outcome == END:
            adopting.end(here, look)
        else:
            abort(400)
        return groups.changed(f"{ADDRESS}/{proposal}/")

    return groups.tried(work, lambda problem: ask_review(proposal, problem))


def _page(name: str, proposal: str, problem: str, **more: object) -> Response:
    status = 400 if problem else 200
    found = facts(proposals.proposal(node(), proposal))
    return page(f"decisions/{name}.html", status=status, problem=problem, **more, **found)


def _meanwhile(found: Proposal) -> list[Part]:
    """What changed between the version that somebody amended and the one that counts now."""
    read = next((each for each in (*found.line, *found.beside) if each.id == request.form.get("version")), None)
    return changes(read.text, found.version.text) if read not in (None, found.version) else []


def _form() -> dict[str, object]:
    limits = {"title_max": TITLE_MAX, "text_max": TEXT_MAX, "words_max": WORDS_MAX}
    return {"pictures": (*PLACES, *AVATARS), "names": PICTURE_NAMES, **limits}


def _typed() -> Words:
    """What is proposed; who only speaks need not type a title."""
    form, sound = request.form, clips.spoken()
    typed: dict[str, Any] = groups.given("title", "text", "picture")
    options = tuple(each for each in form.get("options", "").split("\n") if each.strip())
    if "method" in form:
        typed["way"] = Way(form["method"], options, _number("places"))
    if sound and not typed["title"].strip():
        typed["title"] = _("Proposal of %(day)s", day=day(node().clock.now_ms()))
    return Words(**typed, language=str(get_locale()), sound=sound, photo=clips.shown())


def _number(name: str) -> int:
    """A whole number of the form; -1 for what is none, which no service takes."""
    typed = request.form.get(name, "").strip()
    return int(typed) if typed.isdecimal() and len(typed) <= DIGITS_MAX else -1
