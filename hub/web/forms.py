"""What every form must carry: a token of ours, and an origin that is this hub."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, request
from flask_wtf import CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from hub.web.here import viewer

P = ParamSpec("P")

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OUR_SITES = frozenset({"same-origin", "none"})
"""Who may send a form, in the words of Sec-Fetch-Site. Not `same-site`: packages run on this host, on another port."""
PLAIN = "application/x-www-form-urlencoded"
"""The type of a form without files."""
UNREAD = "mangrove.unread"
"""In the environment of a request: it was too large, and nothing of its body was read."""
PROTECT = CSRFProtect()
"""Flask-WTF's guard. It holds no state of its own; `PROTECT.exempt` marks doors that machines sign by themselves."""


def protect(app: Flask) -> None:
    """Ask every changing request for the form's token."""
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    PROTECT.init_app(app)


def limit() -> None:
    """Let a plain form be as long as text may be: it is read whole, and millions of fields would fill the memory."""
    limits = (current_app.config["MAX_CONTENT_LENGTH"], current_app.config["MAX_FORM_MEMORY_SIZE"])
    if request.mimetype == PLAIN:
        request.max_content_length = min(limits)


def refuse_unread() -> None:
    """Refuse (413) what the server found too large to be read, whatever it was for."""
    if request.environ.get(UNREAD):
        abort(413)


def ask_token() -> None:
    """Ask for the form's token now, in a blueprint that is exempt because it asks for something else first."""
    if current_app.config["WTF_CSRF_ENABLED"]:
        PROTECT.protect()


def guests_need_no_token(view: Callable[P, AnyResponse]) -> Callable[P, AnyResponse]:
    """A form that stands on pages for guests and keeps no more than a choice on this phone: theirs has no token.

    A token needs a cookie, and who only looks gets none. No other site may send the form all the same; where somebody
    is signed in, the token is asked for as everywhere.
    """

    @wraps(view)
    def asked(*values: P.args, **named: P.kwargs) -> AnyResponse:
        if viewer() is not None:
            ask_token()
        return view(*values, **named)

    PROTECT.exempt(asked)
    return asked


def refuse_foreign() -> None:
    """Refuse (403) a changing request that another site's page, or a package's page, sent.

    Browsers name the origin on every POST; tools that are not browsers name none and prove themselves otherwise.
    """
    if request.method in SAFE_METHODS or is_machine_door(request.path):
        return
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        abort(403)
    if request.headers.get("Sec-Fetch-Site", "none") not in OUR_SITES:
        abort(403)


def is_machine_door(path: str) -> bool:
    """Doors that never look at cookies, so that a foreign page gains nothing by knocking."""
    return path.startswith(("/xapi/", "/sync/v1/"))
