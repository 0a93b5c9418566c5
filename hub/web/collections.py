"""`/library/collections/`: shelves of a hub's own making for everybody to look through, and for keepers to make."""

from dataclasses import dataclass

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from content.collection import SUMMARY_MAX, TITLE_MAX
from content.package import Manifest
from hub import jobs, library
from hub.collections import own, shelves, subscriptions
from hub.errors import InputWrong, NotFound
from hub.governance.belonging import welcomes_guests
from hub.node import Node
from hub.web import words
from hub.web.guards import lead_to_sign_in, needs
from hub.web.here import node, viewer
from hub.web.library import SHELF_KEEPERS, card, is_keeper, writes
from hub.web.pages import page, say

blueprint = Blueprint("collections", __name__, url_prefix="/library/collections")
PAGE = "/library/collections/"


@dataclass(frozen=True)
class Shelf:
    """A collection as people look through it: those of its packages that stand here."""

    id: str
    title: str
    summary: str
    packages: tuple[str, ...]
    is_own: bool


@blueprint.before_request
def only_for_guests_where_welcome() -> AnyResponse | None:
    """The same door as that of the library's pages."""
    return None if viewer() or welcomes_guests(node()) else lead_to_sign_in()


@blueprint.get("/")
def show() -> Response:
    """All collections that have something in them; for keepers empty ones too, and a way to make one."""
    return _list("", "")


@blueprint.post("/")
@needs(*SHELF_KEEPERS)
def make() -> AnyResponse:
    """Make a collection; the next page fills it."""
    title = request.form.get("title", "")[: 10 * TITLE_MAX]
    try:
        made = own.make(node(), title=title)
    except InputWrong as mistake:
        return _list(words.said(mistake), title)
    return redirect(f"{PAGE}{made.id}/change/", 303)


@blueprint.get("/<collection>/")
def one(collection: str) -> Response:
    """What is in a collection, in its order."""
    here, found = node(), shelf(node(), collection)
    listed = {row.id: row for row in library.packages_for(here, viewer())}
    rows = [listed[each] for each in found.packages if each in listed]
    cards = [card(here, row) for row in rows]
    return page(
        "library/collection.html",
        shelf=found,
        cards=cards,
        words=words,
        may_change=found.is_own and is_keeper(),
        may_write=writes(viewer()),
        form=here.new_id(),
    )


@blueprint.post("/of/<package>/")
@needs(*SHELF_KEEPERS)
def make_of(package: str) -> AnyResponse:
    """Make a collection of a course and what it leads to; pressed twice, there is one."""
    here, manifest = node(), library.package(node(), package)
    listed = (package, *(each for each in manifest.needs if here.shelf.standing(each) is not None))
    title = manifest.title[:TITLE_MAX].strip()
    there = next((each for each in own.collections(here) if (each.title, each.packages) == (title, listed)), None)
    try:
        made = there or own.make(here, title=title, summary=manifest.summary[:SUMMARY_MAX], packages=listed)
    except InputWrong as mistake:
        return _list(words.said(mistake), title)
    shelves.ask(here)
    return redirect(f"{PAGE}{made.id}/change/", 303)


@blueprint.get("/<collection>/change/")
@needs(*SHELF_KEEPERS)
def ask(collection: str) -> Response:
    """Rename, fill, put in order, offer."""
    return _form(collection, "")


@blueprint.post("/<collection>/change/")
@needs(*SHELF_KEEPERS)
def change(collection: str) -> AnyResponse:
    """Take a new name and words."""
    found = own.collection(node(), collection)
    return _changed(found, request.form.get("title", ""), request.form.get("summary", ""), list(found.packages))


@blueprint.post("/<collection>/put/")
@needs(*SHELF_KEEPERS)
def put(collection: str) -> AnyResponse:
    """Put packages behind those that are in it."""
    found = own.collection(node(), collection)
    return _changed(found, found.title, found.summary, [*found.packages, *request.form.getlist("package")])


@blueprint.post("/<collection>/move/")
@needs(*SHELF_KEEPERS)
def move(collection: str) -> AnyResponse:
    """Move a package one place up, or take it out of the collection."""
    found = own.collection(node(), collection)
    package, listed = request.form.get("package", ""), list(found.packages)
    if package in listed:
        place = listed.index(package)
        listed.remove(package)
        if request.form.get("way") == "up":
            listed.insert(max(0, place - 1), package)
    return _changed(found, found.title, found.summary, listed)


@blueprint.post("/<collection>/offer/")
@needs(*SHELF_KEEPERS)
def offer(collection: str) -> AnyResponse:
    """Ask the worker to sign it as it is now, one version up."""
    try:
        own.ask_to_publish(node(), collection)
    except InputWrong as mistake:
        return _form(collection, words.said(mistake))
    say(_("It is being made ready for other hubs. Long files take a while; you can leave this page."))
    return redirect(f"{PAGE}{collection}/change/", 303)


@blueprint.post("/<collection>/delete/")
@needs(*SHELF_KEEPERS)
def delete(collection: str) -> AnyResponse:
    """Delete a collection; packages stay."""
    own.delete(node(), collection)
    shelves.ask(node())
    say(_("The collection is gone. All its packages stand on the shelf as before."))
    return redirect(PAGE, 303)


def _changed(found: own.Own, title: str, summary: str, packages: list[str]) -> AnyResponse:
    try:
        own.change(node(), found.id, title=title, summary=summary, packages=packages)
    except InputWrong as mistake:
        return _form(found.id, words.said(mistake))
    shelves.ask(node())
    return redirect(f"{PAGE}{found.id}/change/", 303)


def _list(problem: str, title: str) -> Response:
    here = node()
    keeps = is_keeper()
    shown = [each for each in _shelves(here) if keeps or _count(here, each)]
    return page(
        "library/collections.html",
        status=400 if problem else 200,
        shelves=[(each, _count(here, each)) for each in shown],
        may_make=keeps,
        problem_text=problem,
        title=title,
    )


def _form(collection: str, problem: str) -> Response:
    here, found = node(), own.collection(node(), collection)
    rows = {row.id: row for row in library.packages(here)}
    working = [job for job in jobs.unfinished(here, kind=own.JOB) if job.arguments.get("collection") == collection]
    return page(
        "library/collection_change.html",
        status=400 if problem else 200,
        found=found,
        listed=[(each, rows.get(each)) for each in found.packages],
        beside=_beside(here, found),
        others=[row for row in rows.values() if row.id not in found.packages],
        is_working=bool(working),
        problem_text=problem,
        words=words,
    )


def _beside(here: Node, found: own.Own) -> list[Manifest]:
    """The works that courses in a collection lead through, that stand here and are not in it."""
    listed = [here.shelf.standing(each) for each in found.packages]
    names = dict.fromkeys(name for each in listed if each for name in each.needs if name not in found.packages)
    return [each for name in names if (each := here.shelf.standing(name))]


def shelf(here: Node, collection: str) -> Shelf:
    """One collection, of ours or from elsewhere. Raises NotFound."""
    found = next((each for each in _shelves(here) if each.id == collection), None)
    if found is None:
        raise NotFound("There is no such collection here. Nothing was changed.")
    return found


def _shelves(here: Node) -> list[Shelf]:
    """Our own collections, then those that were taken from elsewhere."""
    ours = [Shelf(each.id, each.title, each.summary, each.packages, is_own=True) for each in own.collections(here)]
    taken = [each.collection for each in subscriptions.subscriptions(here)]
    return ours + [
        Shelf(each.id, each.title, each.summary, tuple(row.id for row in each.packages), is_own=False) for each in taken
    ]


def _count(here: Node, shelf: Shelf) -> int:
    """How many of its packages stand here."""
    return sum(here.shelf.standing(each) is not None for each in shelf.packages)
