"""Forgetting a person, in two steps: what would go is read first, and asked once more; and where it has gone since."""

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from hub import jobs
from hub.acts import By
from hub.errors import InputWrong
from hub.forgetting import backups
from hub.forgetting import people as forgetting
from hub.people import rights, roster
from hub.people.roster import Person
from hub.tide import erased, report, told
from hub.web import words
from hub.web.guards import needs
from hub.web.here import node, somebody
from hub.web.pages import page, say

blueprint = Blueprint("forgetting", __name__)

KEEPERS = ("steward", "librarian")
FORGETTERS = (*KEEPERS, "facilitator")
WISHES = {
    forgetting.PERSON: lazy_gettext("The person"),
    forgetting.GUARDIAN: lazy_gettext("A guardian, for a child"),
    forgetting.COMMUNITY: lazy_gettext("The community"),
}
SINCE = {
    forgetting.PERSON: lazy_gettext("Somebody was forgotten, who wished it."),
    forgetting.GUARDIAN: lazy_gettext("A child was forgotten, as a guardian wished."),
    forgetting.COMMUNITY: lazy_gettext("Somebody was forgotten, as the community wished."),
}


@blueprint.get("/people/<person>/forget/")
@needs(*FORGETTERS)
def ask(person: str) -> Response:
    """What would go, what stays, what cannot be reached."""
    return _ask(_whom(person))


@blueprint.post("/people/<person>/forget/")
@needs(*FORGETTERS)
def ask_again(person: str) -> Response:
    """The second step: once more, with who wishes it."""
    found, wish = _whom(person), request.form.get("wish", "")
    if wish not in WISHES:
        return _ask(found, _("It is not said who wishes it. Nothing was changed; choose one of the three."))
    return page("people/forget_sure.html", shown=found, wish=wish, wishes=WISHES)


@blueprint.post("/people/<person>/forget/now/")
@needs(*FORGETTERS)
def forget(person: str) -> AnyResponse:
    """Do it."""
    found = _whom(person)
    try:
        forgetting.forget(node(), person=found.id, wish=request.form.get("wish", ""), by=By(somebody().id))
    except InputWrong as mistake:
        return _ask(found, words.said(mistake))
    say(_("It is done. Nothing here speaks of this person any more."))
    return redirect("/status/forgotten/", 303)


@blueprint.get("/status/forgotten/")
@needs(*FORGETTERS)
def show_all() -> Response:
    """Who was forgotten, without a name: at how many places, which is missing, and which old copies stand."""
    here = node()
    return page(
        "status/forgotten.html",
        erasures=erased.erasures(here),
        keeps=rights.keeps(somebody()),
        since=SINCE,
        old=backups.old(here),
        work=next(iter(jobs.jobs(here, kind=backups.JOB)), None),
        when=report.clock_time,
    )


@blueprint.post("/status/forgotten/backups/")
@needs(*KEEPERS)
def make_anew() -> AnyResponse:
    """Ask for a new backup in place of those that still hold somebody."""
    jobs.add(node(), backups.JOB, arguments={})
    say(_("A new backup is being made; those from before go then."))
    return redirect("/status/forgotten/", 303)


def _whom(person_id: str) -> Person:
    here = node()
    found = roster.person(here, person_id)
    forgetting.check_forgets(here, actor=somebody(), person=found)
    return found


def _ask(found: Person, problem: str = "") -> Response:
    here = node()
    return page(
        "people/forget.html",
        status=400 if problem else 200,
        shown=found,
        problem=problem,
        outlook=forgetting.look(here, found),
        kept=told.kept_of(here, found.id),
        wishes=WISHES,
    )
