"""What time the hub thinks it is (`/status/clock/`), and a form to tell it; and the time of phones that sign in."""

from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub import sentences, timekeeping
from hub.errors import InputWrong
from hub.moments import moment_ms
from hub.people.roster import Person
from hub.web import words
from hub.web.guards import needs
from hub.web.here import node, somebody
from hub.web.pages import page, say
from sync.clock import CROWD, FIRST_POSSIBLE_MS

blueprint = Blueprint("clock", __name__, url_prefix="/status/clock")

TELLERS = ("facilitator", "librarian", "steward", "region")
"""Whose word about the time counts alone: those who look after learners or the hub."""
PHONE_FIELD = "now"
"""In the forms of signing in, filled by script with the phone's time: milliseconds since 1970."""
DIGITS_MAX = 15
HOUR_CHARS = len("2026-01-01T00:00")
HOUR_FORM = "%Y-%m-%dT%H:%M"


@blueprint.get("/")
@needs(*TELLERS)
def show() -> Response:
    """What time it is here, how that is known, and a form to say it."""
    return _show("")


@blueprint.post("/")
@needs(*TELLERS)
def tell() -> AnyResponse:
    """Somebody says what time it is, in the community's own time."""
    try:
        said_ms = _read(request.form.get("time", ""))
        changed = timekeeping.set_by_hand(node(), is_keeper=_is_teller(somebody()), moment_ms=said_ms)
    except InputWrong as mistake:
        return _show(words.said(mistake))
    say(_("The hub knows the time now. Earlier dates were mended.") if changed else _("The hub had that time already."))
    return redirect("/status/clock/", 303)


def hear(person: Person) -> None:
    """Take the time of the phone that somebody has signed in on just now, where the form brought it."""
    digits = request.form.get(PHONE_FIELD, "")
    if digits.isascii() and digits.isdecimal() and len(digits) <= DIGITS_MAX:
        timekeeping.hear_phone(
            node(),
            person=person.id,
            is_keeper=_is_teller(person),
            phone=request.remote_addr or "",
            moment_ms=int(digits),
        )


def is_asked() -> bool:
    """Whether the hub would like to hear what time it is."""
    return node().clock.quality <= CROWD


def _show(problem: str) -> Response:
    here = node()
    now_ms, ahead = here.clock.now_ms(), timedelta(minutes=here.settings.utc_ahead)
    moment = datetime.fromtimestamp(now_ms / 1000, UTC) + ahead
    is_known = now_ms >= FIRST_POSSIBLE_MS
    return page(
        "status/clock.html",
        status=400 if problem else 200,
        problem=problem,
        quality=here.clock.quality,
        is_carried=timekeeping.is_carried(here),
        now=sentences.day(moment) + " · " + sentences.clock_hour(moment) if is_known else "",
        given=request.form.get("time", "")[:HOUR_CHARS] or (moment.strftime(HOUR_FORM) if is_known else ""),
        estimated=timekeeping.estimated(here),
        may_tell=here.clock.quality <= CROWD,
    )


def _read(text: str) -> int:
    """A day and an hour of the community's time as the form sends them. Raises InputWrong."""
    found = moment_ms(f"{text}Z") if len(text) == HOUR_CHARS else None
    if found is None:
        raise InputWrong("A time is written like 2026-11-30T14:05. Nothing was changed.")
    return found - node().settings.utc_ahead * 60_000


def _is_teller(person: Person) -> bool:
    return not person.roles.isdisjoint(TELLERS)
