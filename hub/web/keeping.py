"""The pages of whoever keeps the shelf: put something on it, watch it come, take something off."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from content.errors import StandsAgain
from content.package import Manifest
from hub import agreeing, courses, inbox, jobs, library, sentences, sticks, undoing, uploads
from hub.agreeing import Thing
from hub.errors import InputWrong, NotFound, StorageFull
from hub.jobs import JobShown
from hub.node import Node
from hub.sentences import Sentence, lasting
from hub.uploads import Upload
from hub.web import words
from hub.web.guards import needs
from hub.web.here import node, somebody
from hub.web.library import SHELF_KEEPERS
from hub.web.pages import page, say

blueprint = Blueprint("keeping", __name__, url_prefix="/library")

LOOK_AGAIN_S = 2
"""How often the page of a job loads itself again, without script."""
JOBS_SHOWN = 5
PIECE_MOST = 4 * 1024 * 1024
"""The largest piece of a file that the page sends in one request: a few seconds on a usual line."""


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
def watch(job_id: str) -> AnyResponse:
    """How far it is; loads itself again until it is over."""
    here, job = node(), jobs.show(node(), job_id)
    if job.kind == sticks.JOB:
        return redirect(f"/library/add/stick/{job_id}/", 303)
    brought = here.shelf.standing(sentences.fact(job.progress, inbox.PACKAGE))
    icon = words.icon_of([item.kind for item in brought.items]) if brought else ""
    return watched("library/coming.html", job, brought=brought, icon_name=icon, looks=False, asked=_asked(here, job))


WISHES = {"pause": inbox.pause, "resume": inbox.resume, "call-off": inbox.call_off}
"""The last part of the address → what is done with an import, or with the look at a stick."""


@blueprint.post("/add/<job_id>/<any(pause, resume, 'call-off'):wish>/")
@needs(*SHELF_KEEPERS)
def turn(job_id: str, wish: str) -> AnyResponse:
    """Let it rest, go on, or call it off."""
    WISHES[wish](node(), job_id)
    return redirect(f"/library/add/{job_id}/", 303)


@blueprint.post("/add/thrown-away/")
@needs(*SHELF_KEEPERS)
def throw_away() -> AnyResponse:
    """Forget a file of which a part came; what is gone already stays gone."""
    here = node()
    try:
        uploads.throw_away(here, uploads.upload(here, request.form.get("upload", ""), person=somebody().id))
    except (NotFound, uploads.UploadBusy) as mistake:
        return _ask(words.said(mistake))
    say(_("It is thrown away. Nothing else was changed."))
    return redirect("/library/add/", 303)


@blueprint.post("/add/<job_id>/in-part/")
@needs(*SHELF_KEEPERS)
def agree(job_id: str) -> AnyResponse:
    """Put it on as it was told, which the librarian has read."""
    try:
        job = agreeing.agree(node(), job_id)
    except InputWrong as mistake:
        return _ask(words.said(mistake))
    return redirect(f"/library/add/{job}/", 303)


@dataclass(frozen=True)
class Asked:
    """What somebody has to agree to: the parts that would be left out, whether those say how many or which, and all
    that the look found, None where the list showed it before."""

    losses: list[Sentence]
    counts: bool
    thing: Thing | None


def _asked(here: Node, job: JobShown) -> Asked | None:
    if not agreeing.is_asked(job):
        return None
    return Asked(agreeing.losses(job), agreeing.counts(job), agreeing.seen(here, job))


def watched(template: str, job: JobShown, **context: Any) -> Response:
    """The page of a job, which loads itself again until the job is over."""
    far = job.progress.facts if sentences.fact(job.progress, "total_bytes") not in ("", "0") else None  # type: ignore[attr-defined]
    answer = page(template, job=job, far=far, words=words, **context)
    if job.is_open or sentences.fact(job.progress, inbox.AWAY):
        answer.headers["Refresh"] = str(LOOK_AGAIN_S)
    return answer


@blueprint.get("/<package>/remove/")
@needs(*SHELF_KEEPERS)
def ask(package: str) -> Response:
    """A second look before something is taken off."""
    manifest = _standing(package)
    title, leading = _title(package, manifest), courses.needing(node(), package)
    return page("library/remove.html", id=package, package=manifest, title=title, leading=leading, words=words)


@blueprint.post("/<package>/remove/")
@needs(*SHELF_KEEPERS)
def remove(package: str) -> AnyResponse:
    """Take it off the shelf."""
    here = node()
    title = _title(package, _standing(package))
    key, freed = undoing.take_off(here, package)
    if key:
        say(_("%(title)s is off the shelf. You can bring it back.", title=title))
        return redirect("/library/removed/", 303)
    say(_("%(title)s is off the shelf; that freed %(size)s.", title=title, size=words.size(freed)))
    return redirect("/library/", 303)


@blueprint.get("/removed/")
@needs(*SHELF_KEEPERS)
def show_removed() -> Response:
    """What was taken off the shelf and can be brought back."""
    here = node()
    rows = [(each, lasting(left)) for each, left in undoing.listed(here)]
    return page("library/removed.html", rows=rows, most=words.size(here.settings.aside_max), words=words)


@blueprint.post("/removed/<key>/back/")
@needs(*SHELF_KEEPERS)
def bring_back(key: str) -> AnyResponse:
    """Put one on the shelf again."""
    try:
        title = undoing.bring_back(node(), key)
    except StandsAgain as mistake:
        say(words.said(mistake), tone="warn")
        return redirect("/library/removed/", 303)
    say(_("%(title)s stands on the shelf again.", title=title))
    return redirect("/library/", 303)


@blueprint.post("/removed/<key>/forget/")
@needs(*SHELF_KEEPERS)
def forget(key: str) -> AnyResponse:
    """Let go of one for good."""
    say(_("It is gone; that freed %(size)s.", size=words.size(undoing.forget(node(), key))))
    return redirect("/library/removed/", 303)


def _standing(package: str) -> Manifest | None:
    """What the shelf has of that id; None when it is damaged, which can be taken off too. Raises PackageUnknown."""
    return None if package in library.damaged(node()) else library.package(node(), package)


def _title(package: str, manifest: Manifest | None) -> str:
    return manifest.title if manifest else package


def _fingerprint(upload: Upload) -> str:
    """What tells a file on a phone from others, as the page's script said; "" where another program sends it."""
    return uploads.metadata(upload.metadata).get("fingerprint", "")


def _ask(problem: str) -> Response:
    here = node()
    asking = agreeing.asking(here)
    lately = [job for job in jobs.jobs(here, kind=inbox.JOB)[:JOBS_SHOWN] if job not in asking]
    return page(
        "library/add.html",
        status=400 if problem else 200,
        problem_text=problem,
        waiting=inbox.waiting(here),
        jobs=[*asking, *lately],
        body_max=words.limit(here.settings.body_max),
        upload_max=words.limit(here.settings.upload_max),
        piece=min(PIECE_MOST, here.settings.body_max),
        unfinished=[(each, _fingerprint(each)) for each in uploads.uploads(here, person=somebody().id) if not each.job],
        places=[each for each in sticks.places(here) if each.is_stick],
        own=sticks.OWN,
        words=words,
    )
