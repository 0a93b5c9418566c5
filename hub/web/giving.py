"""`/library/give/`: works are chosen and put on a stick, for other hubs and for people without one."""

from flask import Blueprint, Response, redirect, request
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from content import channel_out
from content.errors import ContentError
from content.package import Manifest
from hub import jobs, library, sentences
from hub.collections import own
from hub.errors import InputWrong, NotFound
from hub.giving import asked, out, targets
from hub.giving.asked import KOLIBRI, OWN_FORM, TITLE_CHARS_MAX, WORKS_MAX
from hub.web import words
from hub.web.guards import needs
from hub.web.here import node
from hub.web.keeping import watched
from hub.web.library import QUERY_CHARS_MAX, SHELF_KEEPERS, page_number
from hub.web.pages import page

blueprint = Blueprint("giving", __name__, url_prefix="/library/give")

PAGE_ROWS = 100
FORMS = {
    OWN_FORM: lazy_gettext("for hubs like this one, and to open from the stick"),
    KOLIBRI: lazy_gettext("for Kolibri"),
}
WISHES = {"pause": asked.pause, "resume": asked.resume, "call-off": out.call_off}
"""The last part of the address → what is done with the work."""


@blueprint.get("/")
@needs(*SHELF_KEEPERS)
def choose() -> Response:
    """Choose works, by name or all of a collection."""
    return _choose("")


@blueprint.post("/")
@needs(*SHELF_KEEPERS)
def send() -> AnyResponse:
    """See how large it is and where it fits; with a stick chosen, begin."""
    chosen = request.form.getlist("package")[: WORKS_MAX + 1]
    title = request.form.get("title", "")[: 10 * TITLE_CHARS_MAX]
    place, form = request.form.get("place"), request.form.get("form", OWN_FORM)
    try:
        found = asked.manifests(node(), asked.checked(node(), name="", title=title, packages=chosen, form=OWN_FORM))
    except (InputWrong, ContentError) as mistake:
        return _choose(words.said(mistake), chosen)
    if place is None:
        return _to(found, title, "")
    try:
        job = asked.ask(node(), name=place, title=title, packages=chosen, form=form)
    except (InputWrong, NotFound, ContentError) as mistake:
        return _to(found, title, words.said(mistake))
    return redirect(f"{blueprint.url_prefix}/{job}/", 303)


@blueprint.get("/<job_id>/")
@needs(*SHELF_KEEPERS)
def watch(job_id: str) -> Response:
    """How far it is; loads itself again until it is over."""
    job = jobs.show(node(), job_id)
    if job.kind != asked.JOB:
        raise NotFound("There is no such job here; finished ones are forgotten after a while.")
    wanted = asked.of_job(job)
    return watched("library/giving.html", job, wanted=wanted, place=sentences.fact(job.progress, out.PLACE))


@blueprint.post("/<job_id>/<any(pause, resume, 'call-off'):wish>/")
@needs(*SHELF_KEEPERS)
def turn(job_id: str, wish: str) -> AnyResponse:
    """Let it rest, go on, or call it off."""
    WISHES[wish](node(), job_id)
    return redirect(f"{blueprint.url_prefix}/{job_id}/", 303)


def _choose(problem: str, ticked: list[str] | None = None) -> Response:
    here, wanted = node(), " ".join(request.args.get("q", "")[:QUERY_CHARS_MAX].split())
    collections = [each for each in own.collections(here) if each.packages]
    collection = next((each for each in collections if each.id == request.args.get("collection")), None)
    rows = [row for row in library.packages(here) if wanted.casefold() in row.title.casefold()]
    if collection:
        rows = [row for row in rows if row.id in collection.packages]
    number = page_number()
    return page(
        "library/give.html",
        status=400 if problem else 200,
        problem_text=problem,
        rows=rows[(number - 1) * PAGE_ROWS : number * PAGE_ROWS],
        ticked=ticked if ticked is not None else collection.packages if collection else (),
        collections=collections,
        collection=collection,
        asked=wanted,
        number=number,
        more=number + 1 if len(rows) > number * PAGE_ROWS else 0,
        words=words,
    )


def _to(found: list[Manifest], title: str, problem: str) -> Response:
    here = node()
    return page(
        "library/give_to.html",
        status=400 if problem else 200,
        problem_text=problem,
        works=found,
        title=title,
        needed=words.size(asked.needed_bytes(found)),
        places=[(each, _standing(each, found)) for each in targets.targets(here)],
        forms=FORMS if all(channel_out.is_channel(each) for each in found) else {},
        chosen=(request.form.get("place"), request.form.get("form", OWN_FORM)),
        untold=[each for each in found if not each.licence],
        marked=asked.marked(here, found),
        words=words,
    )


def _standing(target: targets.Target, found: list[Manifest]) -> str:
    """Why works do not go there; "" when they do."""
    try:
        asked.fits(target, found, OWN_FORM)
    except InputWrong as mistake:
        return words.said(mistake)
    return ""
