"""Pages that find by looking: `/library/by/<facet>/`, and what somebody types may become, `/library/suggest`."""

from flask import Blueprint, Response, abort, jsonify, request

from hub import finding
from hub.web import choosing, words
from hub.web.here import node, viewer
from hub.web.library import QUERY_CHARS_MAX, only_for_guests_where_welcome
from hub.web.pages import page

blueprint = Blueprint("finding", __name__, url_prefix="/library")
blueprint.before_request(only_for_guests_where_welcome)

SUGGEST_KEPT_S = 300
"""Seconds for which a browser keeps suggestions: who types and takes letters back asks no more."""


@blueprint.get("/by/<facet>/")
def by(facet: str) -> Response:
    """Everything there is in one respect, as large cards."""
    if facet not in choosing.BROWSED:
        abort(404)
    browsed = finding.browse(node(), preferred=words.reading(viewer()), person=viewer())
    found = [group for group in choosing.groups(browsed.facets, {}) if group.name == facet]
    title, icon = choosing.titled(facet)
    return page("library/by.html", group=found[0] if found else None, title=title, icon_name=icon)


@blueprint.get("/suggest")
def suggest() -> Response:
    """Titles and words that what is typed in `q` may become, for the field's script; a list with their languages."""
    typed = request.args.get("q", "")[:QUERY_CHARS_MAX]
    found = finding.suggestions(node(), typed, words.reading(viewer()), viewer())
    answer = jsonify([{"words": told, "language": language} for told, language in found])
    answer.headers["Cache-Control"] = f"private, max-age={SUGGEST_KEPT_S}"
    return answer
