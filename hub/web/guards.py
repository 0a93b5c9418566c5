"""Who may see a page. A guest who asks for one is led to sign in; a form that may not be sent is refused."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec
from urllib.parse import urlencode, urlsplit

from flask import abort, redirect, request
from werkzeug.wrappers import Response

from hub.people.roster import Person
from hub.web.here import viewer

P = ParamSpec("P")
View = Callable[P, Response]

SIGN_IN = "/people/sign-in/"
ADDRESS_MAX = 500
"""Letters in an address to come back to; ours are far shorter."""


RECORDERS = ("facilitator", "librarian")
"""Who may speak sentences for everybody."""


def may_record(person: Person | None) -> bool:
    """Whether somebody may record sentences, and is shown the way there."""
    return person is not None and not person.roles.isdisjoint(RECORDERS)


def signed_in(view: View[P]) -> View[P]:
    """Only for somebody who is signed in."""
    return _guarded(view, frozenset())


def needs(*roles: str) -> Callable[[View[P]], View[P]]:
    """Only for somebody who holds one of these roles."""
    return lambda view: _guarded(view, frozenset(roles))


def _guarded(view: View[P], roles: frozenset[str]) -> View[P]:
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
        person = viewer()
        if person is None:
            return lead_to_sign_in()
        if roles and not roles & person.roles:
            abort(403)
        return view(*args, **kwargs)

    return guarded


def lead_to_sign_in() -> Response:
    """Lead a reader to the sign-in and back afterwards; refuse (403) anything that would change something."""
    if request.method not in ("GET", "HEAD"):
        abort(403)
    return redirect(SIGN_IN + came_from(request.full_path if request.query_string else request.path), 303)


def secret_address(person: str, back: str) -> str:
    """Where one person shows the secret, to come back to `back`."""
    return f"{SIGN_IN}as/{person}/{came_from(back)}"


def came_from(back: str | None) -> str:
    """The tail of a sign-in address that remembers where to come back to; '' for the front page."""
    address = safe_next(back)
    return "" if address == "/" else f"?{urlencode({'next': address})}"


def safe_next(address: str | None) -> str:
    """An address of ours to come back to; anything that could lead elsewhere becomes the front page."""
    if not address or not address.startswith("/") or len(address) > ADDRESS_MAX:
        return "/"
    if address.startswith("//") or "\\" in address or not address.isprintable() or " " in address:
        return "/"
    parts = urlsplit(address)
    leads_here = not parts.scheme and not parts.netloc and not parts.path.startswith(SIGN_IN)
    return address if leads_here else "/"
