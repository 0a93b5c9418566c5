"""`/status/tide/stick/`: what a stick would carry, writing it, and what one brought; by a stick or by a phone."""

from collections.abc import Sequence
from typing import IO

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from content.errors import NoSpace
from hub import jobs, sentences
from hub.errors import InputWrong, NotFound, StorageFull
from hub.giving import bundles, targets
from hub.tide import carried, peers, stick_out
from hub.web import words
from hub.web.files import Blob, send
from hub.web.guards import needs
from hub.web.here import node
from hub.web.keeping import watched
from hub.web.pages import page
from hub.web.tide_words import TIDE_KEEPERS

blueprint = Blueprint("tide_sticks", __name__, url_prefix="/status/tide/stick")

KIND = "application/octet-stream"


@blueprint.get("/")
@needs(*TIDE_KEEPERS)
def show() -> Response:
    """What a stick would carry to each hub, what lies on the sticks that are in, and what is carried for others."""
    return _show("")


@blueprint.post("/write/")
@needs(*TIDE_KEEPERS)
def write() -> AnyResponse:
    """Have a bundle written, onto a stick or for this phone."""
    hub, place = request.form.get("hub", ""), request.form.get("place", "")
    try:
        return _to(bundles.write(node(), hub=hub, place=place, is_near=request.form.get("near") == "yes"))
    except (InputWrong, NotFound, StorageFull) as mistake:
        return _show(words.said(mistake))


@blueprint.post("/take/")
@needs(*TIDE_KEEPERS)
def take() -> AnyResponse:
    """Have the bundles on a stick taken in."""
    try:
        return _to(bundles.take(node(), place=request.form.get("place", "")))
    except NotFound as mistake:
        return _show(words.said(mistake))


@blueprint.post("/send/")
@needs(*TIDE_KEEPERS)
def send_in() -> AnyResponse:
    """Have files of this phone taken in."""
    files: Sequence[tuple[str, IO[bytes]]] = [
        (each.filename or "", each.stream) for each in request.files.getlist("file") if each.filename
    ]
    try:
        return _to(bundles.send(node(), files))
    except (InputWrong, StorageFull, NoSpace) as mistake:
        return _show(words.said(mistake))


@blueprint.get("/<job_id>/")
@needs(*TIDE_KEEPERS)
def watch(job_id: str) -> Response:
    """How far it is; loads itself again until it is over."""
    job = _job(job_id)
    files = [(number, path.name, path.stat().st_size) for number, path in enumerate(bundles.fetched(node(), job), 1)]
    return watched("status/stick_work.html", job, files=files, is_out=job.kind == bundles.OUT_JOB)


@blueprint.get("/<job_id>/<int:number>/")
@needs(*TIDE_KEEPERS)
def fetch(job_id: str, number: int) -> Response:
    """A file for the phone; no browser keeps it but where it is put."""
    path = bundles.file_of(node(), _job(job_id), number)
    answer = send(Blob(lambda: path.open("rb"), path.stat().st_size, f"{job_id}-{number}", KIND))
    answer.headers.set("Content-Disposition", "attachment", filename=path.name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _job(job_id: str) -> jobs.JobShown:
    job = jobs.show(node(), job_id)
    if job.kind not in (bundles.OUT_JOB, bundles.IN_JOB):
        raise NotFound("There is no such job here; finished ones are forgotten after a while.")
    return job


def _to(job: str) -> AnyResponse:
    return redirect(f"{blueprint.url_prefix}/{job}/", 303)


def _show(problem: str) -> Response:
    here = node()
    sticks = targets.targets(here)
    lying = bundles.found(here)
    return page(
        "status/stick.html",
        status=400 if problem else 200,
        problem_text=problem,
        plans=[(each, sentences.speak(each.why) if each.why else "") for each in stick_out.plans(here)],
        sticks=sticks,
        lying=[(each, [file for file in lying if file.place == each.name], bundles.left_out(each)) for each in sticks],
        carried=carried.carried(here),
        called=lambda hub: _("for this hub") if hub == here.identity.hub_id else peers.called(here, hub),
        body_max=words.limit(here.settings.body_max),
        words=words,
    )
