"""`/learn/<package>/go-on/`: on to the next step of a course; `library` and `learn` show what it is."""

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from hub import courses, library
from hub.governance.belonging import welcomes_guests
from hub.web.guards import lead_to_sign_in
from hub.web.here import node, viewer

blueprint = Blueprint("courses", __name__, url_prefix="/learn")


@blueprint.before_request
def only_for_guests_where_welcome() -> AnyResponse | None:
    """The same door as that of the learner's pages."""
    return None if viewer() is not None or welcomes_guests(node()) else lead_to_sign_in()


@blueprint.post("/<package>/go-on/")
def go_on(package: str) -> AnyResponse:
    """On to the next step that is not done, first in the section that the form names; at the end, back to its page."""
    here, person = node(), viewer()
    manifest = library.package_for(here, package, person)
    href = courses.go_on(here, manifest, person, item=request.form.get("item", ""))
    return redirect(href or f"/library/{manifest.id}/", 303)
