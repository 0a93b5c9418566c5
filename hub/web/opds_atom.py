"""The same catalogue as OPDS 1.2, for e-reader programs that know only Atom: `/opds/1.2/` and what it leads to.

https://specs.opds.io/opds-1.2; paragraphs are named where a line follows from one. Each entry is whole (5.1.2), so
that a program asks once for a list. What a publication is stands in `publications`.
"""

from urllib.parse import quote, urlencode
from xml.etree.ElementTree import Element

from flask import Blueprint, Response
from flask_babel import gettext as _

from hub import library
from hub.moments import moment_text
from hub.web import atom, opds, origins, publications, words
from hub.web.atom import ACQUISITION, DESCRIPTION, NAVIGATION, link, put
from hub.web.here import node, viewer
from hub.web.json_ld import GOALS
from hub.web.pages import face
from hub.web.publications import IMAGE, OPEN_ACCESS, PAGE_ITEMS, RASTER, THUMBNAIL, Listed, Picture, Publication

blueprint = Blueprint("opds_atom", __name__, url_prefix="/opds/1.2")
blueprint.before_request(publications.only_for_guests_where_welcome)

START = "/opds/1.2/"
SHELF = f"{START}publications/"
SAMPLE = "http://opds-spec.org/acquisition/sample"
"""To look at, where there is no one file to keep: the `preview` of OPDS 2.0."""
FACET = "http://opds-spec.org/facet"
THUMBNAIL_WIDTH_LEAST = 300
"""Pixels of the one thumbnail that is told: readers of paper's size show it a third of the screen wide."""
SHORT_NAME_MAX, DESCRIPTION_MAX = 16, 1_024
"""Letters that OpenSearch allows."""


@blueprint.get("/")
def show() -> Response:
    """Where a reading program begins."""
    shelves, feed = library.shelves(node(), person=viewer()), _feed(NAVIGATION, face().name, START)
    link(feed, "alternate", "/opds/", opds.FEED)
    _lead_on(feed, f"{_('Everything on the shelf')} ({shelves.total})", "")
    for code, count in shelves.languages:
        _lead_on(feed, f"{words.language(code)} ({count})", code)
    return _answer(feed, NAVIGATION)


@blueprint.get("/publications/")
def shelf() -> Response:
    """The shelf, a page at a time, of one language or of all."""
    listed = publications.listed()
    language, number = listed.language, listed.number
    title = words.language(language) if language else _("Everything on the shelf")
    feed = _feed(ACQUISITION, title, _address(language, number), _mark("publications", language))
    if number > 1:
        link(feed, "previous", _address(language, number - 1), ACQUISITION)
    if listed.has_more:
        link(feed, "next", _address(language, number + 1), ACQUISITION)
    _facets(feed, listed)
    _counts(feed, listed.total, (number - 1) * PAGE_ITEMS + 1)
    return _entries(feed, listed.publications)


@blueprint.get("/search/")
def search() -> Response:
    """Packages with what is looked for, best first, each once."""
    asked, found = publications.asked(), publications.found()
    own = f"{START}search/?{urlencode({'query': asked})}"
    feed = _feed(ACQUISITION, _("Search"), own, _mark("search", asked))
    _counts(feed, len(found), 1)
    return _entries(feed, found)


@blueprint.get("/search.xml")
def describe_search() -> Response:
    """How to search (OpenSearch 1.1); the template is a whole address, and asks for nothing that may be left out."""
    told, name = atom.root("OpenSearchDescription", atom.SEARCH), face().name
    put(told, "ShortName", name[:SHORT_NAME_MAX])
    put(told, "Description", f"{_('Library')} – {name}"[:DESCRIPTION_MAX])
    put(told, "InputEncoding", "UTF-8")
    put(told, "OutputEncoding", "UTF-8")
    template = f"{origins.pages()}{START}search/?query={{searchTerms}}"
    put(told, "Url", attributes={"type": ACQUISITION, "template": template})
    return _answer(told, DESCRIPTION)


def _feed(kind: str, title: str, own: str, mark: str = "") -> Element:
    """A feed with what each must have: id, title, time, who makes it, the ways to itself, the start and the search."""
    feed = atom.root("feed", atom.ATOM, atom.PREFIXES)
    _head(feed, _id(mark), title, node().shelf.changed_ms())
    put(put(feed, "author"), "name", face().name)
    link(feed, "self", own, kind)
    link(feed, "start", START, NAVIGATION)
    link(feed, "search", f"{START}search.xml", DESCRIPTION)
    if kind == ACQUISITION:
        link(feed, "up", START, NAVIGATION)
    return feed


def _answer(element: Element, kind: str) -> Response:
    return Response(atom.written(element), content_type=kind)


def _entries(feed: Element, shown: tuple[Publication, ...]) -> Response:
    for each in shown:
        _entry(feed, each)
    return _answer(feed, ACQUISITION)


def _head(parent: Element, id_: str, title: str, changed_ms: int) -> None:
    """What Atom asks of every feed and entry (RFC 4287, 4.1)."""
    put(parent, "id", id_)
    put(parent, "title", title)
    put(parent, "updated", moment_text(changed_ms))


def _id(mark: str) -> str:
    """The lasting name of a list of this hub."""
    return f"urn:mangrove:catalogue:{node().identity.hub_id}{mark}"


def _mark(*parts: str) -> str:
    return "".join(f":{quote(part, safe='')}" for part in parts if part)


def _address(language: str, page: int) -> str:
    return publications.address(SHELF, language=language, page=page)


def _lead_on(feed: Element, title: str, language: str) -> None:
    """An entry that leads to a list. One without `content` would need a page beside it (RFC 4287, 4.1.2)."""
    entry = put(feed, "entry")
    _head(entry, _id(_mark("publications", language)), title, node().shelf.changed_ms())
    put(entry, "content", title, {"type": "text"})
    link(entry, "subsection", _address(language, 1), ACQUISITION)


def _facets(feed: Element, listed: Listed) -> None:
    """The languages to choose from (4), where there is a choice."""
    if len(listed.languages) > 1:
        everything = sum(count for _code, count in listed.languages)
        _facet(feed, _("All languages"), "", everything, listed.language)
        for code, count in listed.languages:
            _facet(feed, words.language(code), code, count, listed.language)


def _facet(feed: Element, title: str, language: str, count: int, chosen: str) -> None:
    told = {"title": title, "opds:facetGroup": _("Language"), "thr:count": str(count)}
    active = {"opds:activeFacet": "true"} if language == chosen else {}
    link(feed, FACET, _address(language, 1), ACQUISITION, told | active)


def _counts(feed: Element, total: int, start: int) -> None:
    for name, number in (("totalResults", total), ("itemsPerPage", PAGE_ITEMS), ("startIndex", start)):
        put(feed, f"opensearch:{name}", str(number))


def _entry(feed: Element, shown: Publication) -> None:
    """One publication; an author that is not told is left to the feed, whose author stands in (RFC 4287, 4.2.1)."""
    manifest = shown.manifest
    entry = put(feed, "entry", attributes={"xml:lang": manifest.language})
    _head(entry, shown.id, manifest.title, node().shelf.changed_ms(manifest.id))
    if manifest.author:
        put(put(entry, "author"), "name", manifest.author)
    put(entry, "dc:language", manifest.language)
    for name, text in (("dc:issued", manifest.published), ("rights", manifest.licence)):
        if text:
            put(entry, name, text)
    if manifest.summary:
        put(entry, "summary", manifest.summary, {"type": "text"})
    for goal in manifest.sdg:
        put(entry, "category", attributes={"scheme": GOALS, "term": goal, "label": f"SDG {goal}"})
    for each in shown.subjects:
        put(entry, "category", attributes={"scheme": each.scheme, "term": each.term, "label": each.label})
    _links(entry, shown)


def _links(entry: Element, shown: Publication) -> None:
    """The way to get it (one is a must, 5), its page, its pictures."""
    link(entry, *((OPEN_ACCESS, shown.file, shown.kind) if shown.file else (SAMPLE, shown.page, "text/html")))
    link(entry, "alternate", shown.page, "text/html")
    raster = [each for each in shown.pictures if each.kind in RASTER]
    whole = next((each for each in raster if each.rel == IMAGE), raster[-1])
    small = _small(raster) or whole
    link(entry, IMAGE, whole.href, whole.kind)
    link(entry, THUMBNAIL, small.href, small.kind)


def _small(raster: list[Picture]) -> Picture | None:
    """The narrowest thumbnail that is wide enough, else the widest."""
    thumbnails = [each for each in raster if each.rel == THUMBNAIL]
    enough = (each for each in thumbnails if each.width >= THUMBNAIL_WIDTH_LEAST)
    return next(enough, thumbnails[-1] if thumbnails else None)
