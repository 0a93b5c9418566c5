"""`/community/`: what this hub is called, who looks after it, its circles, and what leaves it, in plain words."""

from flask import Blueprint
from werkzeug.wrappers import Response

from hub.people import circles, roster
from hub.web.here import node, viewer
from hub.web.pages import page

blueprint = Blueprint("community", __name__, url_prefix="/community")

TENDERS = ("librarian", "steward", "facilitator")
"""Those whom anybody may want to find; no learner is named on this page."""


@blueprint.get("/")
def show() -> Response:
    """The community as everybody may see it."""
    here, person = node(), viewer()
    leaders = circles.leaders(here)
    return page(
        "community/show.html",
        tenders=[(role, roster.people(here, role=role)) for role in TENDERS],
        circles=[(circle, leaders.get(circle.id, [])) for circle in circles.circles(here)],
        mine={circle.id for circle in circles.circles_of(here, person.id)} if person else frozenset(),
        may_keep=person is not None and not person.roles.isdisjoint(("librarian", "steward", "facilitator")),
    )
