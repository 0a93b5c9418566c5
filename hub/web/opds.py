"""The library for e-reader programs: an OPDS 2.0 catalogue, with pages, languages and search.

Programs ask for `/opds/` and follow its links; every publication has one file to keep, or a page to look at.
"""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, g, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from content import packed
from content.catalogue import Row
from content.package import Manifest
from hub import library
from hub.node import Node
from hub.web import pictures, words
from hub.web.files import KINDS, kind_of, media_address
from hub.web.guards import lead_to_sign_in
from hub.web.here import node, viewer
from hub.web.library import QUERY_CHARS_MAX, page_number
from hub.web.pages import face

blueprint = Blueprint("opds", __name__, url_prefix="/opds")

FEED = "application/opds+json"
PUBLICATION = "application/opds-publication+json"
OPEN_ACCESS = "http://opds-spec.org/acquisition/open-access"
IMAGE, THUMBNAIL = "http://opds-spec.org/image", "http://opds-spec.org/image/thumbnail"
THUMBNAIL_WIDTH_MAX = 720
"""Pixels of a cover in a list, on the sharpest of screens."""
PAGE_ITEMS = 50
RASTER = ("image/jpeg", "image/png", "image/gif")
"""A publication must have a picture of one of these kinds; a drawing of ours goes beside it."""
TYPES = {
    "book": "http://schema.org/Book",
    "video": "http://schema.org/VideoObject",
    "audio": "http://schema.org/AudioObject",
}
OTHER_TYPE = "http://schema.org/LearningResource"

Link = dict[str, Any]


@blueprint.before_request
def only_for_guests_where_welcome() -> AnyResponse | None:
    """The same door as that of the library's pages."""
    return None if viewer() or node().settings.guests else lead_to_sign_in()


@blueprint.get("/")
def show() -> Response:
    """Where a reading program begins."""
    shelves = library.shelves(node())
    everything = _link("/opds/publications/", FEED, rel="subsection", title=_("Everything on the shelf"))
    languages = [
        _link(_address(language=code), FEED, rel="subsection", title=f"{words.language(code)} ({count})")
        for code, count in shelves.languages
    ]
    return _feed(face().name, "/opds/", navigation=[everything, *languages])


@blueprint.get("/publications/")
def publications() -> Response:
    """The shelf, a page at a time, of one language or of all."""
    language, number = request.args.get("language", ""), page_number()
    rows = library.packages(node(), language=language)
    shown = rows[(number - 1) * PAGE_ITEMS : number * PAGE_ITEMS]
    title = words.language(language) if language else _("Everything on the shelf")
    counts = {"numberOfItems": len(rows), "itemsPerPage": PAGE_ITEMS, "currentPage": number}
    links = [_link(_address(language=language, page=number - 1), FEED, rel="previous")] if number > 1 else []
    if len(rows) > number * PAGE_ITEMS:
        links.append(_link(_address(language=language, page=number + 1), FEED, rel="next"))
    address = _address(language=language, page=number)
    return _feed(title, address, metadata=counts, links=links, publications=_published(node(), shown))


@blueprint.get("/publications/<package>/")
def publication(package: str) -> Response:
    """One package."""
    return _answer(_publication(node(), library.package(node(), package)), PUBLICATION)


@blueprint.get("/search/")
def search() -> Response:
    """Packages with what is looked for, best first, each once."""
    asked = request.args.get("query", "")[:QUERY_CHARS_MAX]
    results = library.search(node(), words=asked, language=request.args.get("language", ""), limit=PAGE_ITEMS)
    names = dict.fromkeys(hit.package for hit in results.found.hits)
    rows = [row for name in names if (row := node().catalogue.get(name))]
    address = f"/opds/search/?{urlencode({'query': asked})}"
    return _feed(_("Search"), address, metadata={"numberOfItems": len(rows)}, publications=_published(node(), rows))


def _feed(
    title: str, address: str, *, metadata: Link | None = None, links: Iterable[Link] = (), **parts: Any
) -> Response:
    always = [
        _link(address, FEED, rel="self"),
        _link("/opds/", FEED, rel="start"),
        _link("/opds/search/{?query,language}", FEED, rel="search", templated=True),
    ]
    return _answer({"metadata": {"title": title} | (metadata or {}), "links": [*always, *links], **parts}, FEED)


def _answer(values: Link, kind: str) -> Response:
    return Response(json.dumps(values, ensure_ascii=False, separators=(",", ":")), content_type=kind)


def _address(*, language: str = "", page: int = 1) -> str:
    asked = {"language": language} if language else {}
    query = urlencode(asked | ({"page": str(page)} if page > 1 else {}))
    return f"/opds/publications/?{query}" if query else "/opds/publications/"


def _link(href: str, kind: str, **more: Any) -> Link:
    return {"href": href, "type": kind, **more}


def _published(here: Node, rows: Iterable[Row]) -> list[Link]:
    manifests = (here.shelf.standing(row.id) for row in rows)
    return [_publication(here, manifest) for manifest in manifests if manifest]


def _publication(here: Node, manifest: Manifest) -> Link:
    return {"metadata": _metadata(manifest), "links": _links(manifest), "images": _images(here, manifest)}


def _metadata(manifest: Manifest) -> Link:
    kinds = {item.kind for item in manifest.items}
    told = {
        "author": manifest.author,
        "description": manifest.summary,
        "published": manifest.published,
        "subject": [f"SDG {goal}" for goal in manifest.sdg],
    }
    return {
        "@type": TYPES[kinds.pop()] if len(kinds) == 1 and kinds <= TYPES.keys() else OTHER_TYPE,
        "identifier": f"urn:mangrove:package:{manifest.id}",
        "title": manifest.title,
        "language": manifest.language,
        **{name: value for name, value in told.items() if value},
    }


def _links(manifest: Manifest) -> list[Link]:
    page = f"/library/{manifest.id}/"
    own = _link(f"/opds/publications/{manifest.id}/", PUBLICATION, rel="self")
    if not packed.is_offered(manifest):
        return [own, _link(page, "text/html", rel="preview")]
    path = packed.single(manifest)
    kind = kind_of(manifest, path, KINDS) if path else packed.media_type(manifest)
    taken = _link(f"{page}download/", kind, rel=OPEN_ACCESS)
    return [own, taken, _link(page, "text/html", rel="alternate")]


def _images(here: Node, manifest: Manifest) -> list[Link]:
    """The cover, the whole one first; its lighter copies are marked as thumbnails, so that lists stay small."""
    plain = _link(g.assets.address("cover.png"), "image/png", width=300, height=400)
    if not manifest.cover:
        return [plain]
    kind = kind_of(manifest, manifest.cover, KINDS)
    cover = _link(media_address(manifest, manifest.cover), kind, rel=IMAGE)
    thumbnails = [
        _link(address, KINDS[copy.ending], rel=THUMBNAIL, width=copy.width, height=copy.height)
        for address, copy in pictures.light(here, manifest, manifest.cover)
        if copy.width <= THUMBNAIL_WIDTH_MAX
    ]
    has_raster = bool(thumbnails) or kind in RASTER
    return [cover, *thumbnails] if has_raster else [cover, plain]
