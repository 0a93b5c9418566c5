"""What is on a stick: one press looks through it, a list says what the shelf would take, ticks choose."""

import re

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from content import offer
from content.errors import NoSpace
from hub import jobs, room, sticks
from hub.errors import InputWrong, NotFound
from hub.web import words
from hub.web.guards import needs
from hub.web.here import node
from hub.web.keeping import watched
from hub.web.library import SHELF_KEEPERS
from hub.web.pages import page

blueprint = Blueprint("sticks", __name__, url_prefix="/library/add/stick")

NUMBER = re.compile(r"[0-9]{1,5}")
STAYS = (offer.SAME, offer.OLDER)
"""What need not be chosen."""


@blueprint.post("/")
@needs(*SHELF_KEEPERS)
def ask() -> AnyResponse:
    """Look through a stick, or the hub's own folder."""
    return redirect(f"{blueprint.url_prefix}/{sticks.ask(node(), request.form.get('place', ''))}/", 303)


@blueprint.get("/<job_id>/")
@needs(*SHELF_KEEPERS)
def show(job_id: str) -> Response:
    """What is there, or how far the look is."""
    return _show(job_id, "")


@blueprint.post("/<job_id>/")
@needs(*SHELF_KEEPERS)
def choose(job_id: str) -> AnyResponse:
    """Put what was ticked on the shelf."""
    numbers = [
        int(each) for each in request.form.getlist("thing") if each.isascii() and each.isdigit() and len(each) < 6
    ]
    found, whole = sticks.seen(node(), job_id), request.form.get("whole")
    if found and whole in sticks.folders(found):
        numbers = sticks.within(found, whole)[: sticks.CHOSEN_MAX]
    try:
        begun = sticks.choose(node(), job_id, numbers)
    except (InputWrong, NotFound, NoSpace) as mistake:
        return _show(job_id, words.said(mistake))
    return redirect(f"/library/add/{begun[0]}/" if len(begun) == 1 else "/library/add/", 303)


def _show(job_id: str, problem: str) -> Response:
    job = jobs.show(node(), job_id)
    if job.kind != sticks.JOB:
        raise NotFound("There is no such job here; finished ones are forgotten after a while.")
    seen = sticks.seen(node(), job_id) if job.state == jobs.DONE else None
    if seen is None:
        return watched("library/coming.html", job, brought=None, icon_name="", asked=None, looks=True)
    return page(
        "library/stick.html",
        status=400 if problem else 200,
        problem_text=problem,
        job=job,
        seen=seen,
        twins=sticks.twins(seen),
        is_own=seen.place == sticks.OWN,
        stays=STAYS,
        folders=sticks.folders(seen),
        free=words.size(max(0, room.free_bytes(node()) - node().settings.free_reserve)),
        words=words,
        told=sticks.told,
    )
