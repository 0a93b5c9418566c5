"""The library's pages: look around, search, see what a package is, take it along."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from content import packed
from content.catalogue import Hit
from content.entries import Row
from content.package import Manifest
from content.topics import tree
from hub import courses, finding, library, seeing, texts, undoing
from hub.collections import shelves
from hub.finding import Facet
from hub.governance.belonging import welcomes_guests
from hub.learning import progress
from hub.lending import things
from hub.lending.things import lends
from hub.node import Node
from hub.people.roster import Person
from hub.tables.learning import FINISHED
from hub.takehome.asked import CARRIED
from hub.web import choosing, drawn, json_ld, unanswered, words
from hub.web.files import KINDS, STILL, Blob, blob, blob_of, send
from hub.web.guards import lead_to_sign_in, may_record
from hub.web.here import node, viewer
from hub.web.names import THING_ICONS
from hub.web.pages import page
from hub.web.pictures import COVER_BYTES_MAX, cover_address, cover_thumb, thumb
from hub.web.players import POINTS, STEPS, place_in, step_numbers
from hub.web.today import art
from hub.writing import drafts
from hub.writing.roles import WRITERS

blueprint = Blueprint("library", __name__, url_prefix="/library")

SHELF_KEEPERS = ("librarian", "steward")
"""Who puts things on the shelf and takes them off."""
TOPIC_ITEMS = 40
"""Items on one page of a topic."""
PAGE_CARDS = 24
THINGS_SHOWN = 12
"""Things to borrow above the places of a search; the list of things has the others."""
QUERY_CHARS_MAX = 300
PAGES_MAX = 10_000


@dataclass(frozen=True)
class Card:
    """A package in a list; `cover` is an address, or "" where icon and tone are drawn."""

    row: Row
    href: str
    cover: str
    icon: str
    tone: str


@dataclass(frozen=True)
class Line:
    """One passage found; `kind` is that of its item, "" for the package itself."""

    hit: Hit
    href: str
    kind: str


@blueprint.before_request
def only_for_guests_where_welcome() -> AnyResponse | None:
    """Lead guests to the sign-in where the hub does not receive guests."""
    return None if viewer() or welcomes_guests(node()) else lead_to_sign_in()


@blueprint.get("/")
def show() -> Response:
    """The shelf, or what a search found on it."""
    asked = " ".join(request.args.get("q", "")[:QUERY_CHARS_MAX].split())
    choices = choosing.chosen()
    if asked:
        return _found(asked, choices)
    browsed = finding.browse(node(), chosen=choices, preferred=words.reading(viewer()), person=viewer())
    number = page_number()
    cards = [card(node(), row) for row in browsed.packages[(number - 1) * PAGE_CARDS : number * PAGE_CARDS]]
    more = number + 1 if len(browsed.packages) > number * PAGE_CARDS else 0
    return page(
        "library/shelf.html",
        total=browsed.total,
        cards=cards,
        choices=choices,
        groups=choosing.groups(browsed.facets, choices, total=len(browsed.packages)),
        taken=choosing.taken,
        ways=_ways(browsed.facets) if not choices and number == 1 else (),
        here=choosing.address("", choices),
        number=number,
        more=more,
        words=words,
        may_add=is_keeper(),
        may_write=writes(viewer()),
        has_collections=shelves.titles(node()) != {},
        damaged=library.damaged(node()) if is_keeper() else [],
        has_removed=is_keeper() and undoing.listed(node()) != [],
        has_things=lends(viewer()) or things.things(node()) != [],
    )


@blueprint.get("/<package>/")
def package(package: str) -> Response:
    """What a package is, and what is in it in order: its topics, where it has some."""
    here, manifest, person = node(), _seen(package), viewer()
    states = library.states(here, person=person.id, package=manifest.id) if person else {}
    others = _others(here, manifest)
    course = courses.course(here, manifest, person)
    states |= {each.item.id: FINISHED for each in course.sections if each.is_done} if course else {}
    open_items = [item for item in manifest.items if states.get(item.id, 0) < FINISHED]
    return page(
        "library/package.html",
        package=manifest,
        states=states,
        course=course,
        leading=courses.leading_to(here, manifest.id, person),
        lacking=course.gone if course and is_keeper() else [],
        topic=tree(manifest)[0],
        finished=_finished(states),
        done=len(manifest.items) - len(open_items),
        next=next(iter(open_items), None),
        onward=progress.leads_on(here, person.id) if person and not open_items else None,
        translations=library.translations(here, manifest, person),
        thumb=lambda path: thumb(here, manifest, path),
        is_packed=packed.is_offered(manifest),
        takes_home=any(item.kind in CARRIED for item in manifest.items),
        art=art,
        words=words,
        described=json_ld.described(
            manifest, image=cover_address(here, manifest), others={name: says for name, (says, _) in others.items()}
        ),
        others=list(others.values()),
        may_remove=is_keeper(),
        draft=drafts.of_package(here, manifest.id) if is_keeper() else None,
        wordless=texts.wordless(here, manifest) if is_keeper() else [],
        may_record=may_record(viewer()),
    )


@blueprint.get("/<package>/topics/<int:number>/")
def topic(package: str, number: int) -> Response:
    """What lies in one topic of a package, a page at a time."""
    here, manifest, person = node(), _seen(package), viewer()
    topics = tree(manifest)
    if not 0 < number < len(topics):
        abort(404)
    states = library.states(here, person=person.id, package=manifest.id) if person else {}
    shown, at = topics[number], page_number()
    return page(
        "library/topic.html",
        package=manifest,
        topic=shown,
        above=next(iter(shown.way[-1:]), None),
        items=shown.items[(at - 1) * TOPIC_ITEMS : at * TOPIC_ITEMS],
        number=at,
        more=at + 1 if len(shown.items) > at * TOPIC_ITEMS else 0,
        next=next((item for item in shown.all_items if states.get(item.id, 0) < FINISHED), None),
        states=states,
        finished=_finished(states),
        thumb=lambda path: thumb(here, manifest, path),
        words=words,
    )


@blueprint.get("/<package>/files/<sha256>/<path:path>")
def file(package: str, sha256: str, path: str) -> Response:
    """A picture, sound, film, captions or PDF, for our own pages."""
    found, headers = file_of(node(), package=package, sha256=sha256, path=path, person=viewer())
    if found is None:
        abort(404)
    answer = send(found)
    answer.headers.update(headers)
    return answer


def file_of(
    here: Node, *, package: str, sha256: str, path: str, person: Person | None
) -> tuple[Blob | None, dict[str, str]]:
    """A file of a package as somebody sees it, None for none, and headers of its own. Raises PackageUnknown."""
    manifest = library.package_for(here, package, person)
    found = blob_of(here, manifest, path, KINDS)
    if found is None or found.mark != sha256:
        return None, {}
    return found, {"Content-Security-Policy": STILL} if found.kind == KINDS["svg"] else {}


@blueprint.get("/<package>/download/")
def download(package: str) -> AnyResponse:
    """The package as one file to keep."""
    here, manifest = node(), _seen(package)
    path = packed.single(manifest)
    if path:
        answer = send(blob(here, manifest, path, KINDS))
        return _kept_as(answer, f"{manifest.id}.{path.rpartition('.')[2].lower()}")
    return _kept_as(_packed(here, manifest), f"{manifest.id}.{packed.ending(manifest)}")


def card(here: Node, row: Row) -> Card:
    """A package as it is shown in lists."""
    standing = here.shelf.standing(row.id)
    manifest = seeing.seen(here, standing, viewer()) if standing else None
    cover = cover_thumb(here, manifest, most=COVER_BYTES_MAX) if manifest else ""
    return Card(row, f"/library/{row.id}/", cover, words.icon_of(row.kinds), drawn.tone_of(row.work))


def _others(here: Node, manifest: Manifest) -> dict[str, tuple[str, str]]:
    """What one can do after it that other works name: name → sentence, language; without those that left the shelf."""
    names = [each for each in manifest.abilities if not each.startswith(f"{manifest.work}/")]
    return finding.abilities(here, names, words.reading(viewer())) if names else {}


def _seen(package: str) -> Manifest:
    """A package as whoever looks sees it. Raises PackageUnknown when there is nothing in it for them."""
    return library.package_for(node(), package, viewer())


def _finished(states: Mapping[str, int]) -> set[str]:
    return {item for item, state in states.items() if state >= FINISHED}


def is_keeper() -> bool:
    """Whether who looks may change the shelf."""
    person = viewer()
    return person is not None and bool(person.roles & set(SHELF_KEEPERS))


def writes(person: Person | None) -> bool:
    """Whether somebody may write lessons here."""
    return person is not None and not WRITERS.isdisjoint(person.roles)


def page_number() -> int:
    """Which page of a list is asked for, from 1."""
    number = request.args.get("page", 1, int)
    return number if 1 <= number <= PAGES_MAX else 1


def _ways(facets: Sequence[Facet]) -> tuple[tuple[str, str, str], ...]:
    """The ways to look around: facet, title and icon of each that has something to choose."""
    there = {facet.name for facet in facets}
    return tuple((each, *choosing.titled(each)) for each in choosing.BROWSED if each in there)


def _found(asked: str, choices: dict[str, str]) -> Response:
    here, number = node(), page_number()
    start, preferred = (number - 1) * library.PAGE_HITS, words.reading(viewer())
    results = library.search(here, words=asked, chosen=choices, preferred=preferred, start=start, person=viewer())
    borrowed = things.things(here, words=asked)[:THINGS_SHOWN] if number == 1 else []
    if not borrowed:
        unanswered.note(results)
    shown = results.shown
    is_itself = shown is results.found
    more = number + 1 if is_itself and results.found.total > number * library.PAGE_HITS else 0
    there = results.found.total or results.elsewhere.total
    facets = finding.beside(here, asked, chosen=choices, person=viewer()) if there else ()
    return page(
        "library/found.html",
        results=results,
        lines=_lines(here, shown.hits),
        things=borrowed,
        thing_icons=THING_ICONS,
        choices=choices,
        groups=choosing.groups(facets, choices, asked, total=results.found.total),
        taken=choosing.taken,
        here=choosing.address(asked, choices),
        number=number,
        more=more,
        words=words,
    )


def _lines(here: Node, hits: Sequence[Hit]) -> list[Line]:
    """What was found, with where each leads; a book's table of contents is read once, however often it is found."""
    found = {name: manifest for name in {hit.package for hit in hits} if (manifest := here.shelf.standing(name))}
    inside = {hit.package for hit in hits if hit.path and hit.package in found}
    numbers = {name: step_numbers(here, found[name]) for name in inside}
    return [_line(hit, found.get(hit.package), numbers.get(hit.package, {})) for hit in hits]


def _line(hit: Hit, manifest: Manifest | None, steps: dict[str, int]) -> Line:
    item = manifest.item(hit.item) if manifest else None
    if manifest is None or item is None:
        return Line(hit=hit, href=f"/library/{hit.package}/", kind="")
    address = f"/learn/{manifest.id}/{item.id}/"
    if item.kind == "zim" and hit.path != item.path:
        return Line(hit=hit, href=f"{address}?{urlencode({'at': hit.path})}", kind=item.kind)
    step = steps.get(hit.path, 0) if item.kind in STEPS else place_in(hit.path)
    name = (STEPS | POINTS).get(item.kind)
    return Line(hit=hit, href=f"{address}?{name}={step}" if name and step else address, kind=item.kind)


def _packed(here: Node, manifest: Manifest) -> Response:
    """The package packed into a file without a name, which is gone when it has been sent."""
    with tempfile.TemporaryFile(dir=here.home) as file:
        packed.pack(here.shelf, manifest, file)
        kind = packed.media_type(manifest)
        # Sending may go on after this block: it has a handle of its own.
        found = Blob(lambda: os.fdopen(os.dup(file.fileno()), "rb"), file.tell(), f"{manifest.digest}-packed", kind)
        return send(found)


def _kept_as(answer: Response, name: str) -> Response:
    # The address names no hash: the next version of the package stands at it too.
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
