"""Moving to another hub: the file that somebody takes along, the page where it is opened, and the receipt."""

from flask import Blueprint, Response, redirect, request, session
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.consent import whose
from hub.errors import InputWrong, TooMany
from hub.moving import making, opening, posted, receipt, sealed
from hub.people import circles, rights, roster
from hub.people.roster import Person
from hub.web import words
from hub.web.guards import needs, signed_in
from hub.web.here import node, somebody
from hub.web.install import drawn
from hub.web.keeping import watched
from hub.web.pages import page, say

blueprint = Blueprint("moving", __name__, url_prefix="/people")
CODE = "moving code"
"""Where the page's own cookie keeps the code until the next one: the hub keeps it nowhere."""
LEADERS = ("facilitator", "librarian", "steward")


@blueprint.get("/<person>/moving/")
@signed_in
def show(person: str, problem: str = "") -> Response:
    """What moving means, the press that makes the file, and where somebody has moved to."""
    here, found = node(), _seen(person)
    return page(
        "moving/show.html",
        status=400 if problem else 200,
        problem=problem,
        shown=found,
        is_own=found.id == somebody().id,
        is_grown_up=not whose.is_child(here, found),
        may_make=making.may_make(here, actor=somebody(), person=found),
        moved=receipt.moved(here, found.id),
    )


@blueprint.post("/<person>/moving/")
@signed_in
def ask(person: str) -> AnyResponse:
    """Have the file made; the next page tells the code, once."""
    found = _seen(person)
    job, code = making.ask(node(), actor=somebody(), person=found)
    session[CODE] = [job, code]
    return redirect(f"/people/{found.id}/moving/{job}/", 303)


@blueprint.get("/<person>/moving/<job>/")
@signed_in
def watch(person: str, job: str) -> Response:
    """The code, the file once it is ready, and its address for another phone."""
    found = _seen(person)
    made = making.made(node(), job, actor=somebody(), person=found)
    of_job, code = session.get(CODE) or ("", "")
    address = f"{request.host_url}people/moving/{made.token}/{making.FILE}"
    answer = watched(
        "moving/made.html",
        made.job,
        shown=found,
        made=made,
        size=words.size(made.size),
        code=code if of_job == job else "",
        code_drawn=drawn(code, _("The code, for a camera")) if of_job == job else "",
        address=address,
        address_drawn=drawn(address) if made.size else "",
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get(f"/moving/<token>/{making.FILE}")
def file(token: str) -> Response:
    """The sealed file, for whoever has its address: nobody can read it without the code."""
    answer = Response(making.fetch(node(), token), content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f"attachment; filename={making.FILE}"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/moving/receipt/")
@needs(*LEADERS)
def take_receipt() -> AnyResponse:
    """Note that somebody has moved, by the receipt they brought."""
    sent = request.files.get("file")
    try:
        found = receipt.take(node(), sent.read(receipt.BYTES_MAX) if sent else b"")
    except InputWrong as mistake:
        return _ask_file(words.said(mistake))
    say(_("It is written down."))
    return redirect(f"/people/{found.id}/moving/", 303)


@blueprint.get("/arriving/")
@signed_in
def ask_file() -> Response:
    """Where somebody who comes from another hub opens their file."""
    return _ask_file("")


@blueprint.post("/arriving/")
@signed_in
def take_file() -> AnyResponse:
    """Open the file with its code, and have it taken in."""
    sent, given = request.files.get("file"), request.form
    try:
        job = opening.ask(
            node(),
            actor=somebody(),
            data=sent.read(sealed.FILE_BYTES_MAX + 1) if sent else b"",
            code=given.get("code", ""),
            circle=given.get("circle", ""),
            address=request.remote_addr or "",
            wants_receipt=given.get("receipt") == "yes",
        )
    except (InputWrong, TooMany) as mistake:
        return _ask_file(words.said(mistake))
    return redirect(f"/people/arriving/{job}/", 303)


@blueprint.get("/arriving/<job>/")
@signed_in
def watch_arriving(job: str) -> Response:
    """How far it is, then the person and the receipt."""
    found = opening.arrived(node(), job, actor=somebody())
    known = roster.find(node(), found.person)
    is_plain, may_send = somebody().is_plain, False
    if found.has_receipt:
        may_send = posted.may_send(node(), opening.receipt_of(node(), found))
    return watched("moving/arrived.html", found.job, arrived=found, known=known, is_plain=is_plain, may_send=may_send)


@blueprint.post("/arriving/<job>/send/")
@signed_in
def send_receipt(job: str) -> AnyResponse:
    """Let the receipt ride in the next tide, sealed to the hub that was left."""
    posted.send(node(), opening.receipt_of(node(), opening.arrived(node(), job, actor=somebody())))
    say(_("The receipt goes with the next tide, sealed: only the hub that was left can read it."))
    return redirect(f"/people/arriving/{job}/", 303)


@blueprint.get("/arriving/<job>/receipt.json")
@signed_in
def file_receipt(job: str) -> Response:
    """The receipt for the hub that was left."""
    found = opening.arrived(node(), job, actor=somebody())
    answer = Response(opening.receipt_of(node(), found), content_type="application/json")
    answer.headers["Content-Disposition"] = "attachment; filename=receipt.json"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _ask_file(problem: str) -> Response:
    here, actor = node(), somebody()
    led = [] if actor.is_plain else [(each.id, each.name) for each in rights.circles_of(here, actor)]
    return page(
        "moving/arriving.html",
        status=400 if problem else 200,
        problem=problem,
        circles=led,
        is_plain=actor.is_plain,
        keeps=rights.keeps(actor),
        is_anywhere=bool(circles.circles(here)),
    )


def _seen(person: str) -> Person:
    """The person of the address, when the viewer may make the file or see their page. Raises NotFound or NotAllowed."""
    here, actor = node(), somebody()
    found = roster.person(here, person)
    if actor.id != found.id and not making.may_make(here, actor=actor, person=found):
        rights.check_sees(here, actor=actor, person=found)
    return found
