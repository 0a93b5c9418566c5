"""The "?" of every page: what this page is for, what can be done here, and whom to ask.

It opens on the page itself, so that nothing that was typed is lost. A page that must not ask the records (they may be
damaged) has set `g.to_ask` already.
"""

from dataclasses import dataclass
from typing import cast

from flask import current_app, g, request, session
from flask_babel import get_locale
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from hub.node import Node
from hub.people import roster
from hub.people.roster import Person
from hub.web.help_kind import Help
from hub.web.help_words import HELP, LOST
from hub.web.here import node

DRAWN_MS = 60_000
MENDING = "mending"
"""While this stands in the session, each page ends with the texts that it says (`hub.web.wordings`)."""
ASKED = ("librarian", "steward")
"""Whom people ask, the first role first that somebody here holds."""


@dataclass(frozen=True)
class HelpHere:
    """What the "?" of one page shows; `ask` is None where nobody can be named."""

    words: Help
    ask: Person | None


def help_card() -> Markup:
    """The "?" of the page that is being made, with its card.

    It is drawn once for each page, language and state of the records, a third of most pages' time; anew where it says
    something else: to whoever mends the words of pages, and where the records cannot be asked.
    """
    if "to_ask" in g or MENDING in session:
        return _drawn()
    name = ("help", g.assets, _page(), str(get_locale()), request.method == "GET", _minute())
    return node().remembered.of(name, _drawn)


def help_here() -> HelpHere:
    """The help of the page that is being made."""
    return HelpHere(HELP.get(_page(), LOST), whom_to_ask())


def whom_to_ask() -> Person | None:
    """The one who helps people here, or None; looked up once in a request."""
    if "to_ask" not in g:
        here = node()
        g.to_ask = here.remembered.of("whom to ask", lambda: _whom(here))
    return cast(Person | None, g.to_ask)


def _whom(here: Node) -> Person | None:
    return next((each for role in ASKED for each in roster.people(here, role=role)), None)


def _drawn() -> Markup:
    template = current_app.jinja_env.get_template("help/_here.html")
    return Markup(template.render())  # noqa: S704 - the template escapes what it shows


def _minute() -> int:
    """Sounds come to lie on the disk without a word in the records: a card is looked at again after a minute."""
    return node().clock.monotonic_ms() // DRAWN_MS


def _page() -> str:
    """The view that shows the page at this address; a form that was refused stands on the page it came from."""
    if request.method in ("GET", "HEAD") or request.routing_exception is not None:
        return request.endpoint or ""
    adapter = current_app.create_url_adapter(request)
    try:
        return str(adapter.match(method="GET")[0]) if adapter is not None else ""
    except HTTPException:
        return ""
