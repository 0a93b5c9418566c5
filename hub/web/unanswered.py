"""`/library/asked/`: what people looked for and nothing here has, for whoever keeps the shelf."""

from itertools import islice

from flask import Blueprint, Response, current_app, redirect, request
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub import unanswered
from hub.library import Results
from hub.people.roster import KEEPERS
from hub.unanswered import Gathering
from hub.web.guards import needs
from hub.web.here import node
from hub.web.pages import page, say

blueprint = Blueprint("unanswered", __name__, url_prefix="/library/asked")

GATHERING = "unanswered"
PAGE_LINES = 40
PAGES_MAX = unanswered.KEPT_MAX // PAGE_LINES + 1


@blueprint.record
def _begin(state: BlueprintSetupState) -> None:
    """One gathering for each application."""
    state.app.extensions[GATHERING] = Gathering(state.app.extensions["node"])


@blueprint.get("/")
@needs(*KEEPERS)
def show() -> Response:
    """The list, the most asked first. What waits to be written is written first, so that it is whole."""
    _gathering().write()
    number = min(max(request.args.get("page", 1, int), 1), PAGES_MAX)
    start = (number - 1) * PAGE_LINES
    lines = list(islice(unanswered.unanswered(node()), start, start + PAGE_LINES + 1))
    more = number + 1 if len(lines) > PAGE_LINES else 0
    return page("library/asked.html", lines=lines[:PAGE_LINES], number=number, more=more)


@blueprint.post("/done/")
@needs(*KEEPERS)
def done() -> AnyResponse:
    """Take one search off the list."""
    unanswered.put_away(node(), request.form.get("words", ""))
    say(_("It is off the list. When somebody asks again, it comes back."))
    return redirect("/library/asked/", 303)


def note(results: Results) -> None:
    """Remember a search that found nothing with all its words, when a page of it was asked for.

    A browser that only looks ahead, or asks for the head of a page, has nobody who wants to know.
    """
    looks_ahead = "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    if request.method == "GET" and not looks_ahead and not results.found.total and not results.elsewhere.total:
        _gathering().note(results.words, results.mended if results.near.total else "")


def _gathering() -> Gathering:
    found: Gathering = current_app.extensions[GATHERING]
    return found
