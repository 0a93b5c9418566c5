"""Signing in by picture: find your circle, find yourself, then show your secret. And whose browser this is.

Who I am is apart from what only I know: the first is open to see, the second is three pictures in order or a PIN.
"""

from flask import Blueprint, Response, abort, g, redirect, request, session
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.governance.belonging import welcomes_guests
from hub.people import circles, roster, sessions
from hub.people.roster import Person
from hub.web import held
from hub.web.guards import SIGN_IN, came_from, lead_to_sign_in, safe_next, secret_address
from hub.web.here import node, viewer
from hub.web.pages import page

blueprint = Blueprint("sign_in", __name__, url_prefix="/people")

TOKEN_HEADER = "X-CSRFToken"  # noqa: S105 - a name
"""Where a script has the form's token."""
DEVICE_COOKIE = "mangrove-device"
OPEN_ALWAYS = (
    "/static/",
    SIGN_IN,
    "/people/sign-out/",
    "/people/switch/",
    "/people/device/",
    "/language/",
    "/help/",
    "/manifest.webmanifest",
    "/worker.js",
    "/setup/",
    "/demo/",
    "/healthz",
    "/metrics",
    "/sync/v1/",
    "/api/",
)
"""What answers while nobody is signed in, or while a phone rests: the way in, and what machines ask."""
FILTER_FROM = 24
"""With more people than this a page offers to look for a name."""


def look() -> None:
    """Note who looks: `g.viewer`, or `g.resting` when a shared phone must ask first. Before every request."""
    g.viewer = g.resting = None
    if request.path.startswith("/static/"):
        return
    visit = sessions.find(node(), session.get("token", ""))
    if visit is not None and visit.is_resting:
        g.resting = visit.person
    elif visit is not None:
        g.viewer = visit.person


def begin(person_id: str, how: str = "") -> None:
    """Sign somebody in on this browser; whoever was signed in before is out, and nothing of theirs stays.

    `how` is shared or personal; the browser's own way when it is not said.
    """
    here, found, kept = node(), roster.person(node(), person_id), held.of(person_id)
    how = how or device()
    _empty_session()
    session["token"] = sessions.begin(here, person=person_id, device=how, label=request.user_agent.string)
    session.permanent = how == "personal"
    if kept is not None:
        held.put_back(kept)
    g.viewer = found


def leave() -> None:
    """Sign this browser out and forget everything about who used it."""
    _empty_session()


def device() -> str:
    """How this browser is used: shared or personal; the hub's setting until it says otherwise."""
    chosen = request.cookies.get(DEVICE_COOKIE, "")
    return chosen if chosen in sessions.DEVICES else node().settings.device


def _empty_session() -> None:
    """End the standing sign-in; only the phone's own language stays."""
    sessions.end(node(), token=session.get("token", ""))
    language = session.get("language", "")
    session.clear()
    if language:
        session["language"] = language
    g.viewer = g.resting = None


@blueprint.before_app_request
def ask_first() -> AnyResponse | None:
    """Ask a phone that rested whether it is still the same person; lead guests in where they may not look around."""
    if request.path.startswith(OPEN_ALWAYS):
        return None
    if viewer() is not None:
        held.drop_sent()
        return None
    if g.resting is not None:
        return _still_you(g.resting)
    return None if welcomes_guests(node()) or request.path == "/" else lead_to_sign_in()


def _still_you(person: Person) -> AnyResponse:
    """Lead to the person's secret; a form that was on its way is held until then. A script is refused, and asks."""
    if TOKEN_HEADER in request.headers:
        abort(403)
    if request.method in ("GET", "HEAD"):
        back = request.full_path if request.query_string else request.path
    else:
        back = held.take(person.id)
    return redirect(secret_address(person.id, back), 303)


@blueprint.get("/sign-in/")
def choose_circle() -> Response:
    """The circles as pictures, and a door for everybody who is in none."""
    here = node()
    return page(
        "people/choose_circle.html",
        circles=circles.circles(here),
        others=circles.is_anybody_outside(here),
        guests=welcomes_guests(here),
        tail=came_from(request.args.get("next")),
    )


@blueprint.get("/sign-in/in/<circle>/")
def choose_in_circle(circle: str) -> Response:
    """The people of one circle."""
    here = node()
    found = circles.circle(here, circle)
    door = f"{SIGN_IN}in/{circle}/new/{came_from(request.args.get('next'))}" if found.is_open else ""
    return _choose_person(circles.members(here, circle), title=found.name, picture=found.picture, newcomers=door)


@blueprint.get("/sign-in/others/")
def choose_among_others() -> Response:
    """The people who are in no circle."""
    return _choose_person(circles.outside(node()), title=_("Everybody else"), picture="lamp")


def _choose_person(people: list[Person], *, title: str, picture: str, newcomers: str = "") -> Response:
    words = request.args.get("q", "")[: roster.NAME_MAX]
    back = safe_next(request.args.get("next"))
    shown = [each for each in people if words.casefold().strip() in each.name.casefold()]
    return page(
        "people/choose_person.html",
        title=title,
        place=picture,
        words=words,
        is_long=len(people) > FILTER_FROM,
        people=[(each, secret_address(each.id, back)) for each in shown],
        back=back,
        tail=came_from(back),
        newcomers=newcomers,
    )


@blueprint.post("/sign-out/")
def sign_out() -> AnyResponse:
    """End this browser's sign-in; go to the front page, or let somebody else sign in."""
    leave()
    return redirect(SIGN_IN if request.form.get("then") == "sign-in" else "/", 303)


@blueprint.get("/go-on/")
def go_on() -> AnyResponse:
    """Send what was held while the phone asked who is there."""
    person = viewer()
    kept = held.of(person.id) if person is not None else None
    if kept is None:
        return redirect("/", 303)
    return page("people/go_on.html", held=kept)
