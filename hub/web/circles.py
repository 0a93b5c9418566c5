"""The circles of the hub, for librarians and stewards: who meets, who leads, who is in them."""

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.errors import InputWrong
from hub.people import circles, roster
from hub.people.pictures import AVATARS, PLACES
from hub.web import words
from hub.web.guards import needs
from hub.web.here import node
from hub.web.names import CIRCLE_NAMES, PART_NAMES, PICTURE_NAMES
from hub.web.pages import page, say
from hub.web.people import KEEPERS, people_to_choose

blueprint = Blueprint("circles", __name__, url_prefix="/people/circles")


@blueprint.get("/")
@needs(*KEEPERS)
def show_all() -> Response:
    """Every circle, with how many are in it; and the form for a new one."""
    return _show_all()


@blueprint.post("/")
@needs(*KEEPERS)
def add() -> AnyResponse:
    """A new circle."""
    given = request.form
    try:
        facts = {name: given.get(name, "") for name in ("name", "picture", "kind")}
        made = circles.add_circle(node(), **facts, is_open="is_open" in given)
    except InputWrong as mistake:
        return _show_all(words.said(mistake))
    say(_("The circle %(name)s is there.", name=made.name))
    return redirect(f"/people/circles/{made.id}/", 303)


def _show_all(problem: str = "") -> Response:
    here = node()
    return page(
        "people/circles.html",
        status=400 if problem else 200,
        given={field: request.form.get(field, "") for field in ("name", "picture", "kind", "is_open")},
        problem=problem,
        circles=circles.circles(here),
        sizes=circles.sizes(here),
        pictures=(*PLACES, *AVATARS),
        names=PICTURE_NAMES,
        kinds=CIRCLE_NAMES,
    )


@blueprint.get("/<circle>/")
@needs(*KEEPERS)
def show(circle: str) -> Response:
    """One circle: its facts and its people."""
    return _show(circle)


@blueprint.post("/<circle>/")
@needs(*KEEPERS)
def change(circle: str) -> AnyResponse:
    """Change name, picture, kind, and whether newcomers may join by themselves."""
    given = request.form
    try:
        facts = {name: given.get(name, "") for name in ("name", "picture", "kind")}
        circles.change_circle(node(), circle=circle, **facts, is_open="is_open" in given)
    except InputWrong as mistake:
        return _show(circle, words.said(mistake))
    return _changed(circle)


@blueprint.post("/<circle>/members/")
@needs(*KEEPERS)
def put_in(circle: str) -> AnyResponse:
    """Put somebody in, or into another part."""
    given = request.form
    try:
        circles.join(node(), circle=circle, person=given.get("person", ""), part=given.get("part", "learner"))
    except InputWrong as mistake:
        return _show(circle, words.said(mistake))
    return _changed(circle)


@blueprint.post("/<circle>/leave/")
@needs(*KEEPERS)
def take_out(circle: str) -> AnyResponse:
    """Take somebody out; what they learned stays theirs."""
    circles.leave(node(), circle=circle, person=request.form.get("person", ""))
    return _changed(circle)


@blueprint.post("/<circle>/end/")
@needs(*KEEPERS)
def end(circle: str) -> AnyResponse:
    """Close the circle for good."""
    circles.end_circle(node(), circle=circle)
    say(_("The circle is closed. Its people and what they learned are still here."))
    return redirect("/people/circles/", 303)


def _show(circle_id: str, problem: str = "") -> Response:
    here = node()
    found = circles.circle(here, circle_id)
    parts = {part: circles.members(here, circle_id, part) for part in circles.PARTS}
    inside = {each.id for people in parts.values() for each in people}
    return page(
        "people/circle.html",
        status=400 if problem else 200,
        circle=found,
        problem=problem,
        facilitators=parts["facilitator"],
        learners=parts["learner"],
        others=people_to_choose(each for each in roster.people(here) if each.id not in inside),
        pictures=(*PLACES, *AVATARS),
        names=PICTURE_NAMES,
        kinds=CIRCLE_NAMES,
        parts=PART_NAMES,
    )


def _changed(circle_id: str) -> AnyResponse:
    say(_("It is written down."))
    return redirect(f"/people/circles/{circle_id}/", 303)
