"""Coming in by oneself: an open circle has a tile for who is new; one tap on a picture makes the person."""

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from hub.errors import InputWrong
from hub.people import circles, newcomers
from hub.people.pictures import AVATARS
from hub.web import words
from hub.web.guards import came_from, secret_address
from hub.web.here import node
from hub.web.names import PICTURE_NAMES
from hub.web.pages import page

blueprint = Blueprint("newcomers", __name__, url_prefix="/people/sign-in/in")


@blueprint.get("/<circle>/new/")
def ask(circle: str) -> AnyResponse:
    """The pictures that nobody in the circle has; a circle that is not open leads back to its people."""
    if not circles.circle(node(), circle).is_open:
        return redirect(f"/people/sign-in/in/{circle}/", 303)
    return _ask(circle)


@blueprint.post("/<circle>/new/")
def come_in(circle: str) -> AnyResponse:
    """Make the person and go on to the three secret pictures. Without a typed name the picture is the name."""
    given = request.form
    picture = given.get("picture", "")
    name = given.get("name", "").strip() or str(PICTURE_NAMES.get(picture, "")).capitalize()
    try:
        made = newcomers.welcome(
            node(),
            circle=circle,
            name=name,
            picture=picture,
            ticket=given.get("ticket", ""),
            address=request.remote_addr or "",
        )
    except InputWrong as mistake:
        return _ask(circle, words.said(mistake))
    return redirect(secret_address(made.id, request.args.get("next", "/")), 303)


def _ask(circle_id: str, problem: str = "") -> Response:
    here = node()
    taken = {each.picture for each in circles.members(here, circle_id)}
    return page(
        "people/new_here.html",
        status=400 if problem else 200,
        circle=circles.circle(here, circle_id),
        problem=problem,
        pictures=[each for each in AVATARS if each not in taken] or AVATARS,
        names=PICTURE_NAMES,
        name=request.form.get("name", ""),
        ticket=here.new_id(),
        tail=came_from(request.args.get("next")),
    )
