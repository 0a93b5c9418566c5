"""`/library/elsewhere/`: what other hubs offer of their shelves, for whoever keeps ours: choose, watch, let rest."""

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from content.collection import Collection
from hub import jobs, sentences
from hub.collections import fetch, offers, pace, subscriptions
from hub.collections.subscriptions import HERE, OTHER
from hub.errors import InputWrong
from hub.node import Node
from hub.tide import peers
from hub.web import words
from hub.web.guards import needs
from hub.web.here import node
from hub.web.keeping import LOOK_AGAIN_S
from hub.web.library import SHELF_KEEPERS
from hub.web.pages import page, say

blueprint = Blueprint("elsewhere", __name__, url_prefix="/library/elsewhere")
PAGE = "/library/elsewhere/"


@blueprint.get("/")
@needs(*SHELF_KEEPERS)
def show() -> Response:
    """What is offered and what is taken."""
    here = node()
    taken = subscriptions.subscriptions(here)
    ids = {each.id for each in taken}
    offered = [each.collection for each in offers.offered(here) if each.collection.id not in ids]
    looks = jobs.jobs(here, kind=fetch.LOOK_JOB)
    answer = page(
        "library/elsewhere.html",
        taken=[(each, len(subscriptions.wanted(here, each))) for each in taken],
        offered=[(each, _publisher(here, each)) for each in offered],
        look=looks[0] if looks else None,
        has_peers=bool(peers.peers(here)),
        words=words,
    )
    return _again(answer, any(job.is_open for job in looks))


@blueprint.post("/look/")
@needs(*SHELF_KEEPERS)
def look() -> AnyResponse:
    """Ask the worker to hear what hubs offer."""
    jobs.add(node(), fetch.LOOK_JOB, arguments={})
    return redirect(PAGE, 303)


@blueprint.get("/<collection>/")
@needs(*SHELF_KEEPERS)
def one(collection: str) -> Response:
    """One collection: what stands here, what would travel, and how it is taken."""
    return _one(collection, "")


@blueprint.post("/<collection>/")
@needs(*SHELF_KEEPERS)
def take(collection: str) -> AnyResponse:
    """Take it, or change how it is taken; choosing every package takes later ones too."""
    here, form = node(), request.form
    listed = [each.id for each in subscriptions.found(here, collection).packages]
    chosen = form.getlist("package")
    if not chosen:
        return _one(collection, _("Nothing was chosen. Choose at least one package; nothing was changed."))
    try:
        subscriptions.subscribe(
            here,
            collection,
            chosen=[] if set(chosen) >= set(listed) else chosen,
            priority=form.get("priority", 2, int),
            is_night=form.get("night") == "1",
        )
    except InputWrong as mistake:
        return _one(collection, words.said(mistake))
    if fetch.is_due(here):
        jobs.add(here, fetch.JOB, arguments={})
    return redirect(f"{PAGE}{collection}/", 303)


@blueprint.post("/<collection>/now/")
@needs(*SHELF_KEEPERS)
def now(collection: str) -> AnyResponse:
    """Fetch at once, whatever the hour, and hear first what is new."""
    here = node()
    subscriptions.ask_now(here, collection)
    jobs.add(here, fetch.JOB, arguments={})
    return redirect(f"{PAGE}{collection}/", 303)


@blueprint.post("/<collection>/rest/")
@needs(*SHELF_KEEPERS)
def rest(collection: str) -> AnyResponse:
    """Let it rest; what came is kept."""
    subscriptions.pause(node(), collection, is_paused=True)
    return redirect(f"{PAGE}{collection}/", 303)


@blueprint.post("/<collection>/leave/")
@needs(*SHELF_KEEPERS)
def leave(collection: str) -> AnyResponse:
    """Take it no longer; what came of it stays."""
    subscriptions.leave(node(), collection)
    say(_("It is not fetched any more. What came of it stays on the shelf."))
    return redirect(PAGE, 303)


@blueprint.post("/<collection>/keep/")
@needs(*SHELF_KEEPERS)
def keep(collection: str) -> AnyResponse:
    """Keep a package that its publisher lists no longer."""
    subscriptions.keep_dropped(node(), collection, request.form.get("package", ""))
    return redirect(f"{PAGE}{collection}/", 303)


def _one(collection: str, problem: str) -> Response:
    here = node()
    found, taken = subscriptions.found(here, collection), subscriptions.subscription(here, collection)
    standing = subscriptions.stands(here, found, taken)
    missing = sum(each.missing_bytes for each in standing if each.is_chosen)
    seconds = subscriptions.seconds(here, missing)
    working = [job for job in jobs.unfinished(here, kind=fetch.JOB)] if taken else []
    answer = page(
        "library/elsewhere_one.html",
        status=400 if problem else 200,
        found=found,
        taken=taken,
        standing=standing,
        here_states=(HERE, OTHER),
        missing=missing,
        lasts=sentences.lasting(seconds * 1000) if seconds else "",
        publisher=_publisher(here, found),
        dropped=[(each, manifest) for each in taken.dropped if (manifest := here.shelf.standing(each))]
        if taken
        else [],
        working=working[0] if working else None,
        is_clock_trusted=pace.is_clock_trusted(here),
        is_spent=pace.is_spent(here),
        night=(here.settings.night_from, here.settings.night_until),
        problem_text=problem,
        words=words,
    )
    return _again(answer, bool(working))


def _again(answer: Response, is_working: bool) -> Response:  # noqa: FBT001
    if is_working:
        answer.headers["Refresh"] = str(LOOK_AGAIN_S)
    return answer


def _publisher(here: Node, collection: Collection) -> str:
    """What the hub that signs a collection is called here; the front of its key when it is not known."""
    row = here.tables.Hub.get_or_none(here.tables.Hub.id == collection.publisher)
    peer = peers.peer(here, collection.publisher)
    return str(row.name if row is not None and row.name else peer.name if peer else collection.publisher[:8])
