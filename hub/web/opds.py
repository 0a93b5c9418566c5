"""The library for e-reader programs: an OPDS 2.0 catalogue, with pages, languages and search.

Programs ask for `/opds/` and follow its links; every publication has one file to keep, or a page to look at. Those
that know only OPDS 1.2 are led to `opds_atom`.
"""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response
from flask_babel import gettext as _

from content.package import Manifest
from hub import library
from hub.web import atom, publications, words
from hub.web.here import node, viewer
from hub.web.pages import face
from hub.web.publications import OPEN_ACCESS, PAGE_ITEMS, Picture, Publication

blueprint = Blueprint("opds", __name__, url_prefix="/opds")
blueprint.before_request(publications.only_for_guests_where_welcome)

FEED = "application/opds+json"
PUBLICATION = "application/opds-publication+json"
TYPES = {
    "book": "http://schema.org/Book",
    "video": "http://schema.org/VideoObject",
    "audio": "http://schema.org/AudioObject",
    "pictures": "http://schema.org/ImageGallery",
}
OTHER_TYPE = "http://schema.org/LearningResource"
SECONDS = 60
SHELF = "/opds/publications/"

Link = dict[str, Any]


@blueprint.get("/")
def show() -> Response:
    """Where a reading program begins."""
    everything = _link(SHELF, FEED, rel="subsection", title=_("Everything on the shelf"))
    languages = [
        _link(_address(language=code), FEED, rel="subsection", title=f"{words.language(code)} ({count})")
        for code, count in library.shelves(node(), person=viewer()).languages
    ]
    older = _link("/opds/1.2/", atom.NAVIGATION, rel="alternate", title="OPDS 1.2")
    return _feed(face().name, "/opds/", links=[older], navigation=[everything, *languages])


@blueprint.get("/publications/")
def shelf() -> Response:
    """The shelf, a page at a time, of one language or of all."""
    listed = publications.listed()
    language, number = listed.language, listed.number
    title = words.language(language) if language else _("Everything on the shelf")
    counts = {"numberOfItems": listed.total, "itemsPerPage": PAGE_ITEMS, "currentPage": number}
    links = [_link(_address(language=language, page=number - 1), FEED, rel="previous")] if number > 1 else []
    if listed.has_more:
        links.append(_link(_address(language=language, page=number + 1), FEED, rel="next"))
    own = _address(language=language, page=number)
    return _feed(title, own, metadata=counts, links=links, publications=_published(listed.publications))


@blueprint.get("/publications/<package>/")
def publication(package: str) -> Response:
    """One package."""
    manifest = library.package_for(node(), package, viewer())
    return _answer(_publication(publications.publication(node(), manifest)), PUBLICATION)


@blueprint.get("/search/")
def search() -> Response:
    """Packages with what is looked for, best first, each once."""
    found = publications.found()
    own = f"/opds/search/?{urlencode({'query': publications.asked()})}"
    return _feed(_("Search"), own, metadata={"numberOfItems": len(found)}, publications=_published(found))


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
    return publications.address(SHELF, language=language, page=page)


def _link(href: str, kind: str, **more: Any) -> Link:
    return {"href": href, "type": kind, **more}


def _published(shown: Iterable[Publication]) -> list[Link]:
    return [_publication(each) for each in shown]


def _publication(shown: Publication) -> Link:
    images = [_image(each) for each in shown.pictures]
    return {"metadata": _metadata(shown), "links": _links(shown), "images": images}


def _metadata(shown: Publication) -> Link:
    manifest: Manifest = shown.manifest
    kinds = {item.kind for item in manifest.items}
    told = {
        "author": manifest.author,
        "description": manifest.summary,
        "published": manifest.published,
        "subject": [*(f"SDG {goal}" for goal in manifest.sdg), *manifest.keywords, *_terms(shown)],
        "duration": SECONDS * manifest.minutes_told,
    }
    return {
        "@type": TYPES[kinds.pop()] if len(kinds) == 1 and kinds <= TYPES.keys() else OTHER_TYPE,
        "identifier": shown.id,
        "title": manifest.title,
        "language": manifest.language,
        **{name: value for name, value in told.items() if value},
    }


def _terms(shown: Publication) -> list[Link]:
    return [{"name": each.label, "code": each.term, "scheme": each.scheme} for each in shown.subjects]


def _links(shown: Publication) -> list[Link]:
    own = _link(f"{SHELF}{shown.manifest.id}/", PUBLICATION, rel="self")
    if not shown.file:
        return [own, _link(shown.page, "text/html", rel="preview")]
    taken = _link(shown.file, shown.kind, rel=OPEN_ACCESS)
    return [own, taken, _link(shown.page, "text/html", rel="alternate")]


def _image(picture: Picture) -> Link:
    told = {"rel": picture.rel, "width": picture.width, "height": picture.height}
    return _link(picture.href, picture.kind, **{name: value for name, value in told.items() if value})
