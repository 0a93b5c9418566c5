"""Setting the hub up: its name and the person who looks after it. Until both are there, every page leads here."""

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub import first_boot
from hub.errors import InputWrong
from hub.web import sign_in, words
from hub.web.here import node
from hub.web.pages import page, say

blueprint = Blueprint("setup", __name__)

OPEN_BEFORE = ("/setup/", "/static/", "/healthz", "/metrics", "/sync/v1/", "/demo/", "/api/")
"""What answers before the set-up: itself, what it is drawn with, and what machines ask."""


@blueprint.before_app_request
def lead_here() -> AnyResponse | None:
    """Lead every page to the set-up while the hub has no name or no keeper."""
    if request.path.startswith(OPEN_BEFORE) or first_boot.is_begun(node()):
        return None
    return redirect("/setup/", 303)


@blueprint.get("/setup/")
def show() -> AnyResponse:
    """The two questions; a hub that is set up leads to its front page."""
    if first_boot.is_begun(node()):
        return redirect("/", 303)
    return _ask({}, "")


@blueprint.post("/setup/")
def finish() -> AnyResponse:
    """Take the answers, sign the keeper in and go to the front page."""
    here = node()
    if first_boot.is_begun(here):
        return redirect("/", 303)
    given = {field: request.form.get(field, "") for field in ("hub_name", "name", "secret")}
    try:
        keeper = first_boot.begin(here, hub_name=given["hub_name"], keeper=given["name"], secret=given["secret"])
    except InputWrong as mistake:
        return _ask(given, words.said(mistake))
    sign_in.begin(keeper.id)
    say(_("Your hub is ready. Everything else can wait until you need it."))
    return redirect("/", 303)


def _ask(given: dict[str, str], problem: str) -> Response:
    return page("setup/show.html", status=400 if problem else 200, given=given, problem=problem)
