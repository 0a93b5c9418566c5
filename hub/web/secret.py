"""The second half of signing in: three pictures in order, or a PIN or passphrase; and choosing one's own at first.

Each tap on a picture is a small form of its own, so that it works without script; what was tapped so far waits in
the browser's signed cookie, for this person only.
"""

import hashlib

from flask import Blueprint, Response, g, redirect, request, session
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.errors import InputWrong, NotFound, TooMany
from hub.people import credentials, roster, sessions
from hub.people.pictures import SECRET_LENGTH, SECRETS
from hub.people.roster import Person
from hub.web import clock, sign_in, words
from hub.web.guards import came_from, safe_next, secret_address, signed_in
from hub.web.here import node, somebody
from hub.web.names import SECRET_NAMES
from hub.web.pages import page, say

blueprint = Blueprint("secret", __name__, url_prefix="/people")


@blueprint.get("/sign-in/as/<person>/")
def ask(person: str) -> Response:
    """Ask for the secret of one person."""
    return _ask(_known(person))


@blueprint.post("/sign-in/as/<person>/")
def show(person: str) -> AnyResponse:
    """Take a tap, a typed secret, or a new secret of one's own."""
    found = _known(person)
    kind = credentials.kind_of(node(), person)
    if "again" in request.form:
        session.pop("taps", None)
        return _same_page(found)
    if "pick" in request.form:
        return _take_tap(found, kind)
    if kind == "new":
        return _choose_own(found)
    return _try(found, request.form.get("secret", ""))


def _known(person_id: str) -> Person:
    """The active person of the address. Raises NotFound."""
    found = roster.person(node(), person_id)
    if not found.is_active:
        raise NotFound("Nobody signs in here at this address. Look for yourself among the circles.")
    return found


def _take_tap(person: Person, kind: str) -> AnyResponse:
    """One more picture; the third of a standing secret is the moment of truth."""
    name, taps = request.form["pick"], _taps(person)
    if name in SECRETS and name not in taps and len(taps) < SECRET_LENGTH:
        taps = (*taps, name)
    if len(taps) == SECRET_LENGTH and kind == "picture":
        session.pop("taps", None)
        return _try(person, taps)
    session["taps"] = [person.id, *taps]
    return _same_page(person)


def _try(person: Person, secret: credentials.Secret) -> AnyResponse:
    """Sign in with the right secret; say kindly that it was another one, or that it is time for a rest."""
    try:
        fits = credentials.verify(node(), person=person.id, secret=secret, address=request.remote_addr or "")
    except TooMany:
        return _rest(person)
    if not fits:
        return _ask(person, problem=_("That was not it. Nothing is lost: try once more."), status=403)
    return _enter(person)


def _choose_own(person: Person) -> AnyResponse:
    """Keep the three pictures, or the PIN, that somebody has chosen at the first sign-in."""
    secret = _taps(person) if "mine" in request.form else request.form.get("secret", "")
    try:
        credentials.set_secret(node(), person=person.id, secret=secret)
    except InputWrong as mistake:
        return _ask(person, problem=words.said(mistake), status=400)
    return _enter(person)


def _enter(person: Person) -> AnyResponse:
    sign_in.begin(person.id)
    clock.hear(person)
    return redirect(safe_next(request.args.get("next")), 303)


def _same_page(person: Person) -> AnyResponse:
    return redirect(secret_address(person.id, safe_next(request.args.get("next"))), 303)


def _taps(person: Person) -> tuple[str, ...]:
    """What this person has tapped so far in this browser."""
    kept = session.get("taps", [])
    return tuple(kept[1:]) if kept and kept[0] == person.id else ()


def _ask(person: Person, *, problem: str = "", status: int = 200) -> Response:
    kind = credentials.kind_of(node(), person.id)
    by_pictures = kind == "picture" or (kind == "new" and request.args.get("by") != "letters")
    back = safe_next(request.args.get("next"))
    return page(
        "people/pictures.html" if by_pictures else "people/letters.html" if kind else "people/no_secret.html",
        status=status,
        asked=person,
        kind=kind,
        problem=problem,
        taps=_taps(person) if not problem else (),
        twelve=in_order_of(person.id),
        names=SECRET_NAMES,
        is_still_you=g.resting is not None and g.resting.id == person.id,
        address=secret_address(person.id, back),
        tail=came_from(back),
        asks_time=clock.is_asked(),
    )


def _rest(person: Person) -> Response:
    response = page("people/rest.html", status=429, asked=person, kind=credentials.kind_of(node(), person.id))
    response.headers["Retry-After"] = str(node().settings.sign_in_rest)
    return response


def in_order_of(person_id: str) -> list[str]:
    """The twelve in the one order this person always sees; each person's is another."""
    return sorted(SECRETS, key=lambda name: hashlib.sha256(f"{person_id}/{name}".encode()).digest())


@blueprint.get("/my-secret/")
@signed_in
def my_secret() -> Response:
    """Choose another PIN or passphrase."""
    return _my_secret()


@blueprint.post("/my-secret/")
@signed_in
def change_my_secret() -> AnyResponse:
    """Take the standing secret and the new one; every other browser is signed out."""
    here, person = node(), somebody()
    given = request.form
    try:
        fits = credentials.verify(
            here, person=person.id, secret=given.get("old", ""), address=request.remote_addr or ""
        )
        if fits:
            credentials.set_secret(here, person=person.id, secret=given.get("secret", ""))
    except TooMany:
        return _rest(person)
    except InputWrong as mistake:
        return _my_secret(words.said(mistake))
    if not fits:
        return _my_secret(_("That is not the secret you have now. Nothing was changed."))
    sessions.end_all(here, person=person.id)
    sign_in.begin(person.id)
    say(_("Your new secret stands. Every other phone was signed out."))
    return redirect("/people/switch/", 303)


def _my_secret(problem: str = "") -> Response:
    kind = credentials.kind_of(node(), somebody().id)
    return page("people/my_secret.html", status=400 if problem else 200, kind=kind, problem=problem)
