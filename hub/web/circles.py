"""The circles of the hub, for librarians and stewards: who meets, who leads, who is in them."""

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.governance import offices
from hub.people import circles
from hub.people.roster import KEEPERS
from hub.web import groups
from hub.web.guards import needs
from hub.web.here import node, somebody
from hub.web.names import CIRCLE_NAMES, PART_NAMES
from hub.web.pages import say

blueprint = Blueprint("circles", __name__, url_prefix="/people/circles")

FACTS = ("name", "picture", "kind")


@blueprint.get("/")
@needs(*KEEPERS)
def show_all(problem: str = "") -> Response:
    """Every circle, with how many are in it; and the form for a new one."""
    here = node()
    return groups.shown(
        "people/circles.html",
        problem,
        given=groups.given(*FACTS, "is_open"),
        circles=circles.circles(here),
        sizes=circles.sizes(here),
        kinds=CIRCLE_NAMES,
    )


@blueprint.post("/")
@needs(*KEEPERS)
def add() -> AnyResponse:
    """A new circle."""

    def work() -> AnyResponse:
        made = circles.add_circle(node(), **groups.given(*FACTS), is_open="is_open" in request.form)
        say(_("The circle %(name)s is there.", name=made.name))
        return redirect(_address(made.id), 303)

    return groups.tried(work, show_all)


@blueprint.get("/<circle>/")
@needs(*KEEPERS)
def show(circle: str, problem: str = "") -> Response:
    """One circle: its facts and its people."""
    here = node()
    found = circles.circle(here, circle)
    parts = {part: circles.members(here, circle, part) for part in circles.PARTS}
    return groups.shown(
        "people/circle.html",
        problem,
        circle=found,
        facilitators=parts["facilitator"],
        learners=parts["learner"],
        others=groups.others({each.id for people in parts.values() for each in people}),
        kinds=CIRCLE_NAMES,
        parts=PART_NAMES,
    )


@blueprint.post("/<circle>/")
@needs(*KEEPERS)
def change(circle: str) -> AnyResponse:
    """Change name, picture, kind, and whether newcomers may join by themselves."""

    def work() -> AnyResponse:
        circles.change_circle(node(), circle=circle, **groups.given(*FACTS), is_open="is_open" in request.form)
        return groups.changed(_address(circle))

    return groups.tried(work, lambda problem: show(circle, problem))


@blueprint.post("/<circle>/members/")
@needs(*KEEPERS)
def put_in(circle: str) -> AnyResponse:
    """Put somebody in, or into another part."""
    part = request.form.get("part", "learner")

    def work() -> AnyResponse:
        offices.join(node(), actor=somebody(), circle=circle, **groups.given("person"), part=part)
        return groups.changed(_address(circle))

    return groups.tried(work, lambda problem: show(circle, problem))


@blueprint.post("/<circle>/leave/")
@needs(*KEEPERS)
def take_out(circle: str) -> AnyResponse:
    """Take somebody out; what they learned stays theirs."""
    circles.leave(node(), circle=circle, **groups.given("person"))
    return groups.changed(_address(circle))


@blueprint.post("/<circle>/end/")
@needs(*KEEPERS)
def end(circle: str) -> AnyResponse:
    """Close the circle for good."""
    circles.end_circle(node(), circle=circle)
    say(_("The circle is closed. Its people and what they learned are still here."))
    return redirect("/people/circles/", 303)


def _address(circle: str) -> str:
    return f"/people/circles/{circle}/"
