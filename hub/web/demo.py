"""`/demo/`: look at the hub as somebody else, and clear the demo to begin. A real hub knows nothing of it (404)."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, redirect
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from hub.demo import clear, marks
from hub.demo.cast import PIN, SECRET
from hub.people.roster import Person
from hub.tide import peers
from hub.web import sign_in
from hub.web.forms import PROTECT, ask_token
from hub.web.here import node
from hub.web.names import SECRET_NAMES
from hub.web.pages import page, say

blueprint = Blueprint("demo", __name__, url_prefix="/demo")
PROTECT.exempt(blueprint)

SIGHTS: dict[str, tuple[object, object, str]] = {
    "child": (lazy_gettext("a child"), lazy_gettext("One thing to go on with, and a garden that grows."), "leaf"),
    "learner": (lazy_gettext("a grown-up learner"), lazy_gettext("Ten minutes after work; a skill to show."), "leaf"),
    "guardian": (lazy_gettext("a mother"), lazy_gettext("How the children are doing, in pictures."), "clay"),
    "facilitator": (lazy_gettext("a facilitator"), lazy_gettext("Who needs help with what, and who is ready."), "clay"),
    "librarian": (lazy_gettext("a librarian"), lazy_gettext("The shelf, and whether all is well."), "tide"),
    "steward": (lazy_gettext("a steward"), lazy_gettext("What the place decides, and what would leave it."), "tide"),
    "partner": (lazy_gettext("a partner"), lazy_gettext("A nurse who helps people learn."), "clay"),
    "region": (lazy_gettext("the region"), lazy_gettext("How the hubs are doing, and never a child's name."), "tide"),
}
"""Role → what it is, what there is to see, and the colour of its card."""


@dataclass(frozen=True)
class Card:
    """One of the cast, ready to be looked at as."""

    role: str
    person: Person
    what: object
    sight: object
    tone: str


@blueprint.before_request
def only_in_a_demo() -> None:
    """A real hub has no such pages, whether a form has its token or not; in a demo it must have one."""
    if not marks.is_demo(node()):
        abort(404)
    ask_token()


@blueprint.get("/")
def show() -> Response:
    """The cast, their secrets, and the way to a hub of one's own."""
    here = node()
    return page(
        "demo/show.html",
        cards=[Card(role, person, *SIGHTS[role]) for role, person in marks.players(here).items()],
        secret=[(name, SECRET_NAMES[name]) for name in SECRET],
        pin=PIN,
        has_told=bool(peers.peers(here)),
    )


@blueprint.post("/as/<role>", strict_slashes=False)
def look_as(role: str) -> AnyResponse:
    """Sign this browser in as the one who plays the role, and go home."""
    player = marks.players(node()).get(role)
    if player is None:
        abort(404)
    sign_in.begin(player.id, how="personal")
    return redirect("/", 303)


@blueprint.post("/clear/")
def begin() -> AnyResponse:
    """Clear the demo and lead to the set-up."""
    clear.clear(node())
    sign_in.leave()
    say(gettext("The demo is cleared. This hub is yours now."))
    return redirect("/setup/", 303)
