"""`/community/`: what this hub is called, who looks after it, its circles, and what leaves it, in plain words."""

from flask import Blueprint, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hub import first_boot
from hub.config import NAME_MAX
from hub.errors import InputWrong
from hub.governance import standing, voices
from hub.people import circles, roster
from hub.sharing import read
from hub.sharing.standing import in_force
from hub.tide import spoken
from hub.web import tide_words, words
from hub.web.guards import needs
from hub.web.here import node, viewer
from hub.web.pages import page, say

blueprint = Blueprint("community", __name__, url_prefix="/community")

TENDERS = ("librarian", "steward", "facilitator")
"""Those whom anybody may want to find; no learner is named on this page."""


@blueprint.get("/")
def show() -> Response:
    """The community as everybody may see it."""
    return _shown("", "")


@blueprint.post("/name/")
@needs("steward")
def rename() -> Response:
    """Call the hub otherwise."""
    given = request.form.get("name", "")
    try:
        first_boot.name_hub(node(), given)
    except InputWrong as mistake:
        return _shown(given, words.said(mistake))
    say(_("The hub has its new name. Other hubs hear it with the next tide."))
    return redirect("/community/", 303)


def _shown(name: str, problem: str) -> Response:
    """The page, with a name that could not be taken and why."""
    here, person = node(), viewer()
    leaders = circles.leaders(here)
    roles = person.roles if person else frozenset()
    return page(
        "community/show.html",
        status=400 if problem else 200,
        tenders=[(role, roster.people(here, role=role)) for role in TENDERS],
        circles=[(circle, leaders.get(circle.id, [])) for circle in circles.circles(here)],
        mine={circle.id for circle in circles.circles_of(here, person.id)} if person else frozenset(),
        may_keep=not roles.isdisjoint(TENDERS),
        may_name="steward" in roles,
        may_look=person is not None and voices.may_look(person),
        proposals_open=sum(each.is_open for each in standing.read(here)) if person else 0,
        leaves=[(read.way(row), spoken.row(here, row)) for row in in_force(here).rows],
        ways=tide_words.WAYS,
        name=name,
        name_max=NAME_MAX,
        problem=problem,
    )
