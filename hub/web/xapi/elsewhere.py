"""Addresses and methods below `/xapi/` that nothing else answers."""

from flask import Response
from werkzeug.exceptions import MethodNotAllowed, NotFound

from hub.web.xapi.speaking import blueprint
from hub.xapi.places import KINDS

READ = ("GET", "HEAD", "OPTIONS")
ANSWERED = {
    "about": READ,
    "statements": (*READ, "PUT", "POST"),
    "activities": READ,
    "agents": READ,
    **dict.fromkeys(KINDS, (*READ, "PUT", "POST", "DELETE")),
}
"""Resource → the methods it answers."""
METHODS = ("GET", "PUT", "POST", "DELETE", "PATCH")


@blueprint.route("/", defaults={"resource": ""}, methods=METHODS)
@blueprint.route("/<path:resource>", methods=METHODS)
def elsewhere(resource: str) -> Response:
    """What is there answers other methods; anything else is not there."""
    if resource in ANSWERED:
        raise MethodNotAllowed(ANSWERED[resource])
    raise NotFound
