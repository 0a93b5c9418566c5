"""Consent: the card that is read out, the two pictures that are pressed, what holds then, and taking it back."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from hub.consent import overview as lists
from hub.consent import purposes, visits, whose
from hub.consent.visits import SOMEBODY_ELSE, Evidence, Said
from hub.errors import InputWrong
from hub.people import rights, roster
from hub.people.roster import Person
from hub.tide import told
from hub.web import consent_words, words
from hub.web.guards import needs, signed_in
from hub.web.here import node, somebody
from hub.web.pages import page
from hub.web.people import LEADERS

blueprint = Blueprint("consents", __name__, url_prefix="/people")

SHOWN_MAX = 100
"""People in one part of the list; the others come up as these are asked."""
WORDS = ("yes", "no")
SEEN_MAX = 256
"""Answers that one form may say it has shown; no person has so many standing side by side."""


@blueprint.get("/consents/")
@needs(*LEADERS)
def show_all() -> Response:
    """Who was not asked, who said no, who said yes, of those whom the viewer looks after."""
    found = lists.overview(node(), somebody())
    return page("consent/list.html", found=found, shown_max=SHOWN_MAX)


@blueprint.get("/<person>/consent/")
@signed_in
def show(person: str) -> Response:
    """The card of one person."""
    return _card(_known(person))


def _card(found: Person, problem: str = "") -> Response:
    here, actor = node(), somebody()
    asked, is_child = consent_words.asked(here, found.id), whose.is_child(here, found)
    return page(
        "consent/card.html",
        status=400 if problem else 200,
        problem=problem,
        shown=found,
        is_asked=is_child,
        speaks=whose.speaks_for(here, actor=actor, person=found),
        givers=whose.givers(here, found),
        following=_following(found),
        asked=[each for each in asked if not each.is_given],
        given=[each for each in asked if each.is_given],
        form=request.form,
        somebody_else=SOMEBODY_ELSE if is_child else "",
        child_asked=purposes.CHILD_ASKED,
        take_back=purposes.TAKE_BACK,
        hows=consent_words.HOWS,
        cards=consent_words.cards(here),
        **_faces(),
    )


@blueprint.post("/<person>/consent/")
@signed_in
def take(person: str) -> AnyResponse:
    """Write down what was said."""
    found = _known(person)
    said = {name: Said(_word(name), _word(f"{name}-child")) for name in purposes.NAMES}
    seen = frozenset(request.form.getlist("seen")[:SEEN_MAX])
    try:
        visits.take(node(), actor=somebody(), person=found, said=said, evidence=_evidence(found), seen=seen)
    except InputWrong as mistake:
        return _card(found, words.said(mistake))
    return redirect(f"/people/{person}/consent/done/", 303)


@blueprint.get("/<person>/consent/done/")
@signed_in
def done(person: str) -> Response:
    """What holds from now on."""
    here, found = node(), _known(person)
    return page(
        "consent/done.html",
        shown=found,
        asked=consent_words.asked(here, found.id),
        told=told.told_of(here, found.id),
        leads=_leads(),
        following=_following(found),
        **_faces(),
    )


@blueprint.get("/<person>/consent/back/<purpose>/")
@signed_in
def ask_back(person: str, purpose: str, problem: str = "") -> Response:
    """Whether to take one consent back: what stops, and what had left already."""
    here, actor, found = node(), somebody(), _known(person)
    asked = next((each for each in consent_words.asked(here, found.id) if each.name == purpose), None)
    if asked is None:
        abort(404)
    is_child = whose.is_child(here, found)
    return page(
        "consent/back.html",
        status=400 if problem else 200,
        problem=problem,
        shown=found,
        asked=asked,
        is_asked=is_child,
        speaks=whose.speaks_for(here, actor=actor, person=found),
        givers=whose.givers(here, found),
        somebody_else=SOMEBODY_ELSE if is_child else "",
        form=request.form,
        told=told.told_of(here, found.id),
    )


@blueprint.post("/<person>/consent/back/<purpose>/")
@signed_in
def take_back(person: str, purpose: str) -> AnyResponse:
    """Take one consent back."""
    found = _known(person)
    try:
        visits.withdraw(node(), actor=somebody(), person=found, purpose=purpose, evidence=_evidence(found))
    except InputWrong as mistake:
        return ask_back(person, purpose, words.said(mistake))
    return redirect(f"/people/{person}/consent/done/", 303)


@blueprint.get("/<person>/consent/paper/")
@signed_in
def paper(person: str) -> Response:
    """The card on paper, to be read out elsewhere and brought back with a mark or a signature."""
    here, found = node(), _known(person)
    return page(
        "consent/paper.html",
        shown=found,
        is_asked=whose.is_child(here, found),
        asked=consent_words.asked(here, found.id),
        child_asked=purposes.CHILD_ASKED,
        take_back=purposes.TAKE_BACK,
        card=consent_words.card(here),
    )


def _known(person_id: str) -> Person:
    """The person of the address, if the viewer may ask for them. Raises NotFound or NotAllowed."""
    found = roster.person(node(), person_id)
    whose.check_asks(node(), actor=somebody(), person=found)
    return found


def _leads() -> bool:
    """Whether the viewer asks one after the other."""
    return rights.keeps(somebody()) or "facilitator" in somebody().roles


def _following(found: Person) -> Person | None:
    """Whom the viewer asks after this one; None for who looks after nobody else."""
    return lists.overview(node(), somebody()).after(found) if _leads() else None


def _word(name: str) -> str:
    """What was pressed under that name; "" for nothing, and for what cannot be pressed."""
    word = request.form.get(name, "")
    return word if word in WORDS else ""


def _evidence(found: Person) -> Evidence:
    """Who says it, as the form tells; who is signed in and speaks for the person needs no telling."""
    here, actor, given = node(), somebody(), request.form
    giver = given.get("giver", "")
    if not giver and whose.speaks_for(here, actor=actor, person=found):
        giver = actor.id
    how = given.get("how", "screen")
    printed = given.get("card", "") if how == "paper" else ""
    return Evidence(
        giver=giver,
        giver_name=given.get("giver_name", "")[: roster.NAME_MAX + 1],
        how=how,
        card=printed or consent_words.card(here),
    )


def _faces() -> dict[str, Any]:
    """How pages draw what holds."""
    return {"answers": consent_words.ANSWERS, "icons": consent_words.ICONS, "tones": consent_words.TONES}
