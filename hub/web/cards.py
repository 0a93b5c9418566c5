"""A new secret in ten seconds: one tap makes it, and a card shows it once, to print or to copy by hand.

Between the tap and the card it waits in the signed cookie of the browser that asked, and nowhere else.
"""

from flask import Blueprint, redirect, session
from werkzeug.wrappers import Response

from hub.acts import By
from hub.people import circles, credentials, rights, roster, sessions
from hub.web.guards import needs
from hub.web.here import node, somebody
from hub.web.names import SECRET_NAMES
from hub.web.pages import page
from hub.web.people import LEADERS

blueprint = Blueprint("cards", __name__, url_prefix="/people")


@blueprint.post("/<person>/reset/")
@needs(*LEADERS)
def reset(person: str) -> Response:
    """Make a new secret; the old one ends, and every phone of theirs is signed out."""
    here, found = node(), roster.person(node(), person)
    rights.check_resets(here, actor=somebody(), person=found)
    secret = credentials.fresh(here, person=found.id, by=By(somebody().id))
    sessions.end_all(here, person=found.id)
    session["card"] = [found.id, *([secret] if isinstance(secret, str) else secret)]
    return redirect(f"/people/{person}/card/", 303)


@blueprint.get("/<person>/card/")
@needs(*LEADERS)
def card(person: str) -> Response:
    """The card, once; opened again it leads back to the person."""
    here, waiting = node(), session.pop("card", [""])
    if waiting[0] != person:
        return redirect(f"/people/{person}/", 303)
    return page(
        "people/card.html",
        shown=roster.person(here, person),
        circle=next(iter(circles.circles_of(here, person)), None),
        secret=waiting[1:],
        names=SECRET_NAMES,
    )
