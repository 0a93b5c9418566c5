"""Your brother's turn: a phone changes hands in two taps. And how this browser is used, shared or by one person."""

from flask import Blueprint, abort, g, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.errors import InputWrong
from hub.people import circles, credentials, households, roster, sessions
from hub.people.roster import Person
from hub.web import sign_in
from hub.web.guards import SIGN_IN, secret_address, signed_in
from hub.web.here import node, somebody, viewer
from hub.web.pages import page, say

blueprint = Blueprint("switch", __name__, url_prefix="/people")

DEVICE_COOKIE_S = 365 * 24 * 3600


@blueprint.get("/switch/")
def choose() -> AnyResponse:
    """Whose turn is next: the household first, then the circle."""
    here, person = node(), _here_now()
    if person is None:
        return redirect(SIGN_IN, 303)
    kin = households.companions(here, person.id)
    mates = [each for circle in circles.circles_of(here, person.id) for each in circles.members(here, circle.id)]
    known = {each.id for each in kin} | {person.id}
    return page(
        "people/switch.html",
        me=person,
        is_resting=viewer() is None,
        kin=kin,
        mates=sorted({each for each in mates if each.id not in known}, key=lambda each: each.name.casefold()),
        device=sign_in.device(),
        kind=credentials.kind_of(here, person.id),
    )


@blueprint.post("/switch/")
def hand_over() -> AnyResponse:
    """Sign the one out, and the other in: at once in a trusting household, else at the other's secret."""
    here, person = node(), _here_now()
    if person is None:
        abort(403)
    following = roster.person(here, request.form.get("person", ""))
    if viewer() is not None and following in households.trusted(here, person.id):
        sign_in.begin(following.id)
        return redirect("/", 303)
    sign_in.leave()
    return redirect(secret_address(following.id, "/"), 303)


@blueprint.post("/device/")
@signed_in
def use_as() -> AnyResponse:
    """Say how this browser is used; it stays so for whoever signs in here."""
    person, how = somebody(), request.form.get("device", "")
    if how not in sessions.DEVICES:
        raise InputWrong("A phone is shared or personal. Nothing was changed.")
    sign_in.begin(person.id, how)
    say(_("This phone is yours now.") if how == "personal" else _("This phone asks who is there after a rest."))
    response: AnyResponse = redirect("/people/switch/", 303)
    response.set_cookie(
        sign_in.DEVICE_COOKIE,
        how,
        max_age=DEVICE_COOKIE_S,
        secure=node().settings.https,
        httponly=True,
        samesite="Lax",
    )
    return response


def _here_now() -> Person | None:
    """Who is signed in, also while the phone rests."""
    resting: Person | None = g.resting
    return viewer() or resting
