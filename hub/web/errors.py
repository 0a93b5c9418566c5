"""One table from mistakes to pages: each says what happened, what is safe and what to do next."""

import logging
from dataclasses import dataclass
from typing import cast

from flask import Flask, Response, g, jsonify, request
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from content.errors import ContentError, DiskFull, FileUnknown, NoSpace, PackageUnknown, ShelfBusy
from hub import sentences
from hub.errors import (
    DatabaseDamaged,
    HubError,
    InputWrong,
    NotAllowed,
    NotFound,
    ServerAway,
    StatementConflict,
    StatementTooLarge,
    StorageFull,
    StorageSlow,
    TooMany,
    WriterClosed,
)
from hub.web import aloud, forms, words
from hub.web.here import node
from hub.web.pages import HubFace, page
from sync.errors import JournalDamaged, SyncError

MACHINE_DOORS = ("/sync/", "/api/", "/opds/", "/healthz", "/metrics", "/library/add/uploads/")
"""What machines ask is refused in a sentence of JSON, not with a page."""

END_SIGNS = ".。।؟! "
"""What a sentence may end with."""


@dataclass(frozen=True)
class Sorry:
    """What a page for a mistake says: what happened, more closely where that is known, what is safe, what next."""

    title: str
    happened: str
    safe: str
    then: str
    icon: str


WORDS: dict[int, tuple[object, object, object, str]] = {
    400: (_("We could not read that"), _("Nothing was changed."), _("Go back and try once more."), "info"),
    403: (_("This page is not for you"), _("Nothing was changed."), _("Go home, or sign in as somebody else."), "lock"),
    404: (_("There is nothing here"), _("Nothing was changed."), _("Go home, or search the library."), "search"),
    405: (_("That cannot be done here"), _("Nothing was changed."), _("Go back and try once more."), "info"),
    408: (
        _("That came too slowly"),
        _("Nothing was changed."),
        _("Go nearer to the hub and try once more."),
        "clock",
    ),
    409: (_("Something else stands there already"), _("Nothing was changed."), _("Look at what is there."), "info"),
    410: (_("That is no longer here"), _("Nothing was changed."), _("Go home, or search the library."), "search"),
    413: (_("That is too large"), _("Nothing was changed."), _("Send something smaller, or in parts."), "info"),
    429: (
        _("That was many times in a short while"),
        _("Your work is safe."),
        _("Rest a few minutes, or ask your facilitator."),
        "clock",
    ),
    500: (
        _("Something went wrong on our side"),
        _("What was saved is safe."),
        _("Try once more; if it stays so, tell your librarian."),
        "warning",
    ),
    501: (_("That comes with a later version"), _("Nothing was changed."), _("Go home."), "sprout"),
    503: (_("The hub is busy"), _("What was saved is safe."), _("Try once more in a minute."), "clock"),
    507: (
        _("The hub's disk is full"),
        _("This was not saved; what was saved before is safe."),
        _("Tell your librarian."),
        "disk",
    ),
}
"""HTTP status → what happened, what is safe, what next, icon."""
DAMAGED = (
    _("The hub's records are damaged"),
    _("A backup brings back what was saved."),
    _("Tell your librarian."),
    "disk",
)
"""The same of a database that is not whole, whatever was asked for."""

Rows = tuple[tuple[type[Exception], int], ...]
STATUS: Rows = (
    (NotFound, 404),
    (NotAllowed, 403),
    (TooMany, 429),
    (InputWrong, 400),
    (StatementTooLarge, 413),
    (StatementConflict, 409),
    (StorageFull, 507),
    (StorageSlow, 503),
    (ServerAway, 503),
    (WriterClosed, 503),
    (DatabaseDamaged, 503),
    (PackageUnknown, 404),
    (FileUnknown, 404),
    (ShelfBusy, 503),
    (NoSpace, 507),
    (DiskFull, 507),
    (HubError, 400),
    (ContentError, 500),
    (JournalDamaged, 503),
    (SyncError, 400),
)
"""The first family that fits names the status. What the shelf or the catalogue cannot give is a fault of ours."""


def register(app: Flask) -> None:
    """Show our own pages for every mistake."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _stale_form)
    for family in (HubError, ContentError, SyncError):
        app.register_error_handler(family, _ours)
    app.register_error_handler(Exception, _unforeseen)


def status_of(mistake: Exception, closer: Rows = ()) -> int:
    """The status of a mistake; a door says with `closer` what differs for those who knock there."""
    return next(status for family, status in (*closer, *STATUS) if isinstance(mistake, family))


def _http(mistake: HTTPException) -> AnyResponse:
    if mistake.response is not None:
        return cast(AnyResponse, mistake.response)
    answer = _unread() if request.environ.get(forms.UNREAD) else sorry(mistake.code or 500)
    answer.headers.extend((name, value) for name, value in mistake.get_headers() if name != "Content-Type")
    return answer


def _unread() -> Response:
    """What was sent is more than a page may bring: how much that is, and by which ways more comes in."""
    title, safe, _then, icon_name = WORDS[413]
    most = words.limit(node().settings.body_max)
    happened = sentences.gettext(
        "What was sent is larger than %(size)s, so it was not read. Nothing was changed.", size=most
    )
    then = sentences.gettext(
        "Send a file of up to %(size)s, bring it on a stick, or use a phone where script is on: then it may be larger.",
        size=most,
    )
    return _answer(413, title, safe, then, icon_name, happened=happened)


def _stale_form(_mistake: CSRFError) -> Response:
    return sorry(400, happened=str(_("That form was old, or came from elsewhere. Open the page again and repeat it.")))


def _ours(mistake: Exception) -> Response:
    if isinstance(mistake, DatabaseDamaged | JournalDamaged):
        return _damaged(mistake)
    status = status_of(mistake)
    if status == 500:
        logging.getLogger("mangrove").error("%s %s: %s", request.method, request.path, mistake)
    return sorry(status, happened=words.said(mistake))


def _damaged(mistake: DatabaseDamaged | JournalDamaged) -> Response:
    """A page that asks the records neither who looks nor what the hub is called; where the file is, the log says."""
    logging.getLogger("mangrove").error("%s %s: %s", request.method, request.path, mistake)
    settings = node().settings
    g.viewer = g.resting = g.to_ask = None
    g.hearing = aloud.deaf()
    g.face = HubFace(settings.name, settings.role, is_demo=False)
    return _answer(503, *DAMAGED)


def _unforeseen(mistake: Exception) -> Response:
    """The last net: the trace goes to the log, the person gets a sentence."""
    logging.getLogger("mangrove").error("%s %s", request.method, request.path, exc_info=mistake)
    return sorry(500)


def sorry(status: int, happened: str | None = None) -> Response:
    """The answer for a status: a page, or JSON where machines ask; `happened` says it more closely than the table."""
    found = WORDS.get(status, WORDS[500 if status >= 500 else 400])
    try:
        return _answer(status, *found, happened=happened)
    except DatabaseDamaged as mistake:
        return _damaged(mistake)


def _answer(
    status: int, title: object, safe: object, then: object, icon_name: str, *, happened: str | None = None
) -> Response:
    if request.path.startswith(MACHINE_DOORS):
        answer = jsonify({"message": happened or f"{title}. {safe} {then}"})
        answer.status_code = status
        return answer
    told = _told(str(title), happened or "", str(safe), str(then), icon_name)
    return page("errors/page.html", status=status, told=told)


def _told(title: str, happened: str, safe: str, then: str, icon_name: str) -> Sorry:
    """The same parts; what the closer sentence has said already is not said twice."""
    is_said = safe.rstrip(END_SIGNS) in happened
    return Sorry(title, happened, "" if is_said else safe, then, icon_name)
