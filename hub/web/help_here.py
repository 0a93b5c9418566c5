"""The "?" of every page: what this page is for, what can be done here, and whom to ask.

It opens on the page itself, so that nothing that was typed is lost. A page that must not ask the records (they may be
damaged) has set `g.to_ask` already.
"""

from dataclasses import dataclass
from typing import cast

from flask import current_app, g, request
from werkzeug.exceptions import HTTPException

from hub.people import roster
from hub.people.roster import Person
from hub.web.help_words import HELP, LOST, Help
from hub.web.here import node

ASKED = ("librarian", "steward")
"""Whom people ask, the first role first that somebody here holds."""


@dataclass(frozen=True)
class HelpHere:
    """What the "?" of one page shows; `ask` is None where nobody can be named."""

    words: Help
    ask: Person | None


def help_here() -> HelpHere:
    """The help of the page that is being made."""
    return HelpHere(HELP.get(_page(), LOST), whom_to_ask())


def whom_to_ask() -> Person | None:
    """The one who helps people here, or None; looked up once in a request."""
    if "to_ask" not in g:
        held = (each for role in ASKED for each in roster.people(node(), role=role))
        g.to_ask = next(held, None)
    return cast(Person | None, g.to_ask)


def _page() -> str:
    """The view that shows the page at this address; a form that was refused stands on the page it came from."""
    if request.method in ("GET", "HEAD") or request.routing_exception is not None:
        return request.endpoint or ""
    adapter = current_app.create_url_adapter(request)
    try:
        return str(adapter.match(method="GET")[0]) if adapter is not None else ""
    except HTTPException:
        return ""
