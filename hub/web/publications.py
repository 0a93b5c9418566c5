"""What reading programs are told of the shelf, the same in each version of OPDS.

`opds` says it in JSON, `opds_atom` in XML. Here is who may ask, which packages a list holds, and what there is of
each: a file to keep, a page, pictures.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import urlencode

from flask import g, request
from werkzeug.wrappers import Response as AnyResponse

from content import packed
from content.entries import Row
from content.package import Manifest, field_id
from hub import finding, library, seeing, vocabulary
from hub.governance.belonging import welcomes_guests
from hub.node import Node
from hub.web import pictures
from hub.web.files import KINDS, kept_kind
from hub.web.guards import lead_to_sign_in
from hub.web.here import node, viewer
from hub.web.json_ld import PACKAGE
from hub.web.library import QUERY_CHARS_MAX, page_number

OPEN_ACCESS = "http://opds-spec.org/acquisition/open-access"
IMAGE, THUMBNAIL = "http://opds-spec.org/image", "http://opds-spec.org/image/thumbnail"
THUMBNAIL_WIDTH_MAX = 720
"""Pixels of a cover in a list, on the sharpest of screens."""
RESOURCE_TYPE = "https://schema.org/learningResourceType"
PAGE_ITEMS = 50
RASTER = ("image/jpeg", "image/png", "image/gif")
"""A publication must have a picture of one of these kinds; a drawing of ours goes beside it."""
PLAIN_SIDES = (300, 400)
"""Width and height of that drawing."""


@dataclass(frozen=True)
class Picture:
    """A picture at an address; `rel` is IMAGE, THUMBNAIL or "" for our own drawing, a side 0 when it is not known."""

    href: str
    kind: str
    rel: str = ""
    width: int = 0
    height: int = 0


class Subject(NamedTuple):
    """A word of somebody's list: whose list it is, the word as programs know it, and as people read it."""

    scheme: str
    term: str
    label: str


@dataclass(frozen=True)
class Publication:
    """A package: its page for people, its one file to keep with its type ("" when it has none), and its pictures.

    `subjects` are what one can do afterwards, and what one does with it.
    """

    manifest: Manifest
    page: str
    file: str
    kind: str
    pictures: tuple[Picture, ...]
    subjects: tuple[Subject, ...]

    @property
    def id(self) -> str:
        """Its name, the same on every hub."""
        return f"{PACKAGE}{self.manifest.id}"


@dataclass(frozen=True)
class Listed:
    """One page of a list, from number 1; `total` counts what is on all of its pages, `languages` what may be chosen."""

    publications: tuple[Publication, ...]
    number: int
    total: int
    language: str
    languages: tuple[tuple[str, int], ...]

    @property
    def has_more(self) -> bool:
        """Whether another page follows."""
        return self.total > self.number * PAGE_ITEMS


def only_for_guests_where_welcome() -> AnyResponse | None:
    """The same door as that of the library's pages."""
    return None if viewer() or welcomes_guests(node()) else lead_to_sign_in()


def listed() -> Listed:
    """The page of the shelf that is asked for, of one language or of all."""
    language, number = request.args.get("language", ""), page_number()
    shelves = library.shelves(node(), language=language, person=viewer())
    shown = shelves.packages[(number - 1) * PAGE_ITEMS : number * PAGE_ITEMS]
    return Listed(_standing(node(), shown), number, len(shelves.packages), language, shelves.languages)


def asked() -> str:
    """The words that are looked for."""
    return request.args.get("query", "")[:QUERY_CHARS_MAX]


def found() -> tuple[Publication, ...]:
    """The packages with what is looked for, best first, each once."""
    language = request.args.get("language", "")
    chosen = {"language": language} if language else {}
    results = library.search(node(), words=asked(), chosen=chosen, limit=PAGE_ITEMS, person=viewer())
    names = dict.fromkeys(hit.package for hit in results.found.hits)
    return _standing(node(), [row for name in names if (row := node().catalogue.get(name))])


def publication(here: Node, manifest: Manifest) -> Publication:
    """What there is of one package."""
    page = f"/library/{manifest.id}/"
    file, kind = (f"{page}download/", kept_kind(manifest)) if packed.is_offered(manifest) else ("", "")
    return Publication(manifest, page, file, kind, tuple(_pictures(here, manifest)), tuple(_subjects(here, manifest)))


def address(start: str, *, language: str = "", page: int = 1) -> str:
    """Where a page of the shelf is, below the address at which its list starts."""
    told = {"language": language} if language else {}
    query = urlencode(told | ({"page": str(page)} if page > 1 else {}))
    return f"{start}?{query}" if query else start


def _standing(here: Node, rows: Iterable[Row]) -> tuple[Publication, ...]:
    """A package that is damaged counts as absent."""
    manifests = (here.shelf.standing(row.id) for row in rows)
    shown = (seeing.seen(here, manifest, viewer()) for manifest in manifests if manifest)
    return tuple(publication(here, manifest) for manifest in shown)


def _subjects(here: Node, manifest: Manifest) -> list[Subject]:
    named = {field_id(manifest, each.id): each.statement for each in manifest.competencies}
    others = finding.abilities(here, manifest.abilities, [manifest.language]) if manifest.abilities else {}
    named |= {name: says for name, (says, _language) in others.items()}
    able = [Subject(vocabulary.COMPETENCY, vocabulary.competency(name), says) for name, says in named.items()]
    return able + ([Subject(RESOURCE_TYPE, manifest.use, manifest.use)] if manifest.use else [])


def _pictures(here: Node, manifest: Manifest) -> list[Picture]:
    """The cover, the whole one first; its lighter copies are marked as thumbnails, so that lists stay small."""
    plain = Picture(g.assets.address("cover.png"), "image/png", "", *PLAIN_SIDES)
    stands = pictures.cover(here, manifest)
    if stands is None:
        return [Picture(f"/library/{manifest.id}/cover.svg", KINDS["svg"], IMAGE), plain]
    thumbnails = [
        Picture(href, KINDS[copy.ending], THUMBNAIL, copy.width, copy.height)
        for href, copy in pictures.light(here, manifest, stands.sha256)
        if copy.width <= THUMBNAIL_WIDTH_MAX
    ]
    if not stands.address:
        return [replace(thumbnails[-1], rel=IMAGE), *thumbnails]
    has_raster = bool(thumbnails) or stands.kind in RASTER
    whole = Picture(stands.address, stands.kind, IMAGE)
    return [whole, *thumbnails] if has_raster else [whole, plain]
