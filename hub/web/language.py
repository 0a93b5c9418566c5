"""`/language/`: choosing the language of the pages. A signed-in person's choice goes with the person, a guest's stays
with the phone."""

from flask import Blueprint, redirect, request, session
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hub.errors import InputWrong
from hub.people import roster
from hub.web.guards import safe_next
from hub.web.here import node, viewer
from hub.web.pages import page
from hub.web.tongues import languages, own_name

blueprint = Blueprint("language", __name__)


@blueprint.get("/language/")
def show() -> Response:
    """The languages, each in its own words."""
    names = [(code, own_name(code)) for code in languages()]
    return page("language/show.html", names=names, back=safe_next(request.args.get("next")))


@blueprint.post("/language/")
def choose() -> Response:
    """Take the choice and go back to the page one came from."""
    chosen = request.form.get("language", "")
    if chosen not in languages():
        raise InputWrong(_("The pages do not speak that language yet. Nothing was changed; choose one from the list."))
    person = viewer()
    if person is not None:
        roster.change_person(node(), person=person.id, language=chosen)
    session["language"] = chosen
    return redirect(safe_next(request.form.get("next")), 303)
