"""Search inside a ZIM file: its titles and its words, and titles that are offered while somebody types."""

from flask import Blueprint, Response, jsonify, request
from werkzeug.wrappers import Response as AnyResponse

from hub import learning, zims
from hub.errors import NotFound
from hub.web import words
from hub.web.here import node, viewer
from hub.web.learn import only_for_guests_where_welcome
from hub.web.library import PAGES_MAX
from hub.web.pages import page
from hub.zims import Shelved

blueprint = Blueprint("encyclopaedia", __name__)
blueprint.before_request(only_for_guests_where_welcome)

PAGE_HITS = 20
TITLES_KEPT_S = 300
"""How long a phone keeps titles that were offered: people type the same beginnings."""


@blueprint.get("/learn/<package>/<item>/search/")
def search(package: str, item: str) -> AnyResponse:
    """What a reader's words find in this ZIM file: titles first, then pages that have them."""
    which, asked = _which(package, item), _asked()
    number = request.args.get("page", 1, int)
    number = number if 1 <= number <= PAGES_MAX else 1
    found = zims.inside(node(), which, asked, start=(number - 1) * PAGE_HITS, limit=PAGE_HITS)
    return page(
        "learn/zim_found.html",
        manifest=which.manifest,
        item=which.item,
        address=f"/learn/{package}/{item}/",
        asked=asked,
        titles=zims.titles(node(), which, asked) if number == 1 else [],
        found=found,
        number=number,
        more=number + 1 if found.total > number * PAGE_HITS else 0,
        words=words,
    )


@blueprint.get("/library/suggest/<package>/<item>")
def titles(package: str, item: str) -> Response:
    """Titles that have what was typed so far, for the field's script; a list with their language."""
    which = _which(package, item)
    found = zims.titles(node(), which, _asked())
    answer = jsonify([{"words": each.title, "language": which.manifest.language} for each in found])
    answer.headers["Cache-Control"] = f"private, max-age={TITLES_KEPT_S}"
    return answer


def _asked() -> str:
    return " ".join(request.args.get("q", "")[: zims.QUERY_CHARS_MAX].split())


def _which(package: str, item: str) -> Shelved:
    """Raises NotFound for anything that is no ZIM file."""
    opened = learning.find(node(), package=package, item=item, person=viewer())
    if opened.item.kind != zims.KIND:
        raise NotFound("There is no encyclopaedia here. Look for it in the library.")
    return Shelved(opened.manifest, opened.item)
