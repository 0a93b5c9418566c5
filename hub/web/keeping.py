"""The pages of whoever keeps the shelf: put something on it, watch it come, take something off."""

from typing import Any

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from content.package import Manifest
from hub import inbox, jobs, library, sentences
from hub.errors import InputWrong, StorageFull
from hub.jobs import JobShown
from hub.web import words
from hub.web.guards import needs
from hub.web.here import node
from hub.web.library import SHELF_KEEPERS
from hub.web.pages import page, say

blueprint = Blueprint("keeping", __name__, url_prefix="/library")

LOOK_AGAIN_S = 2
"""How often the page of a job loads itself again, without script."""
JOBS_SHOWN = 5


@blueprint.get("/add/")
@needs(*SHELF_KEEPERS)
def add() -> Response:
    """Send a file, or choose what was laid into the folder."""
    return _ask("")


@blueprint.post("/add/")
@needs(*SHELF_KEEPERS)
def send() -> AnyResponse:
    """Take a file that was sent."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _ask(_("No file was chosen. Choose one, then send it."))
    try:
        job = inbox.send(node(), name=sent.filename, file=sent.stream)
    except (InputWrong, StorageFull) as mistake:
        return _ask(words.said(mistake))
    return redirect(f"/library/add/{job}/", 303)


@blueprint.post("/add/waiting/")
@needs(*SHELF_KEEPERS)
def choose() -> AnyResponse:
    """Take what was laid into the folder."""
    try:
        job = inbox.ask_for(node(), name=request.form.get("name", ""))
    except InputWrong as mistake:
        return _ask(words.said(mistake))
    return redirect(f"/library/add/{job}/", 303)


@blueprint.get("/add/<job_id>/")
@needs(*SHELF_KEEPERS)
def watch(job_id: str) -> Response:
    """How far it is; loads itself again until it is over."""
    here, job = node(), jobs.show(node(), job_id)
    brought = here.shelf.standing(sentences.fact(job.progress, inbox.PACKAGE))
    icon = words.icon_of([item.kind for item in brought.items]) if brought else ""
    return watched("library/coming.html", job, brought=brought, icon_name=icon, losses=inbox.losses(job))


@blueprint.post("/add/<job_id>/in-part/")
@needs(*SHELF_KEEPERS)
def agree(job_id: str) -> AnyResponse:
    """Put it on without what would be left out, which the librarian has read."""
    try:
        job = inbox.agree(node(), job_id)
    except InputWrong as mistake:
        return _ask(words.said(mistake))
    return redirect(f"/library/add/{job}/", 303)


def watched(template: str, job: JobShown, **context: Any) -> Response:
    """The page of a job, which loads itself again until the job is over."""
    answer = page(template, job=job, **context)
    if job.is_open:
        answer.headers["Refresh"] = str(LOOK_AGAIN_S)
    return answer


@blueprint.get("/<package>/remove/")
@needs(*SHELF_KEEPERS)
def ask(package: str) -> Response:
    """A second look before something is taken off."""
    manifest = _standing(package)
    return page("library/remove.html", id=package, package=manifest, title=_title(package, manifest), words=words)


@blueprint.post("/<package>/remove/")
@needs(*SHELF_KEEPERS)
def remove(package: str) -> AnyResponse:
    """Take it off the shelf."""
    here = node()
    title = _title(package, _standing(package))
    freed = library.remove(here, package)
    say(_("%(title)s is off the shelf; that freed %(size)s.", title=title, size=words.size(freed)))
    return redirect("/library/", 303)


def _standing(package: str) -> Manifest | None:
    """What the shelf has of that id; None when it is damaged, which can be taken off too. Raises PackageUnknown."""
    return None if package in library.damaged(node()) else library.package(node(), package)


def _title(package: str, manifest: Manifest | None) -> str:
    return manifest.title if manifest else package


def _ask(problem: str) -> Response:
    here = node()
    return page(
        "library/add.html",
        status=400 if problem else 200,
        problem_text=problem,
        waiting=inbox.waiting(here),
        jobs=jobs.jobs(here, kind=inbox.JOB)[:JOBS_SHOWN],
        body_max=words.limit(here.settings.body_max),
        words=words,
    )
