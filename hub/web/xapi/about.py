"""The about resource: what is spoken here, and how much is taken."""

from flask import Response

from hub.web.here import node
from hub.web.xapi.speaking import as_json, blueprint, words
from hub.xapi import store
from hub.xapi.limits import limits
from hub.xapi.places import check_words
from hub.xapi.query import PAGE_MAX

LIMITS = "urn:mangrove:extension:limits"
"""What stands under this name: bytes and counts, for whoever writes a tool."""


@blueprint.get("/about")
def about() -> Response:
    """The versions spoken here; open to everybody."""
    check_words(words(), must=())
    allowed = limits(node())
    sizes = {
        "statementBytes": allowed.statement_bytes,
        "statementsPerRequest": allowed.statements,
        "statementsPerAnswer": PAGE_MAX,
        "documentBytes": allowed.document_bytes,
    }
    return as_json({"version": list(store.VERSIONS.values()), "extensions": {LIMITS: sizes}})
