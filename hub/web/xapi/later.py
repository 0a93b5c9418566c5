"""Resources that come with a later version say so; anything else is not here."""

from flask import Response
from werkzeug.exceptions import MethodNotAllowed

from hub.errors import NotYet
from hub.web.xapi.speaking import blueprint

HERE = ("about", "statements")
LATER = ("activities/state", "activities/profile", "agents/profile", "activities", "agents")


@blueprint.route("/<path:resource>", methods=["GET", "PUT", "POST", "DELETE"])
def later(resource: str) -> Response:
    """Resources of a later version say so; anything else is not here."""
    if resource in LATER:
        raise NotYet(f"The resource {resource} comes with a later version of this hub; nothing was changed.")
    if resource in HERE:
        raise MethodNotAllowed
    return Response("There is no such resource.\n", 404, content_type="text/plain")
