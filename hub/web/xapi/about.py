"""The about resource: what is spoken here."""

from flask import Response

from hub.web.xapi.speaking import as_json, blueprint
from hub.xapi import store


@blueprint.get("/about")
def about() -> Response:
    """The versions spoken here; open to everybody."""
    return as_json({"version": list(store.VERSIONS.values()), "extensions": {}})
