"""`/library/whole/`: when all files were last read, what is not whole, and how it is mended."""

from flask import Blueprint, Response, redirect
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from hub import jobs, sentences, wholeness
from hub.tide import peers, report
from hub.web import words
from hub.web.guards import needs
from hub.web.here import node
from hub.web.library import SHELF_KEEPERS
from hub.web.pages import page

blueprint = Blueprint("wholeness", __name__, url_prefix="/library/whole")

SHOWN = 100
LOOK_AGAIN_S = 10
"""How often the page loads itself again while the reading goes on."""
STATES = {
    "manifest": lazy_gettext("its list of files cannot be read"),
    "missing": lazy_gettext("missing"),
    "changed": lazy_gettext("changed"),
}


@blueprint.get("/")
@needs(*SHELF_KEEPERS)
def show() -> Response:
    """When all was last read, what is not whole, and what can be done."""
    here, found = node(), wholeness.report(node())
    work = [job for kind in (wholeness.JOB, wholeness.HEAL_JOB) for job in jobs.unfinished(here, kind=kind)]
    healed = next((job for job in jobs.jobs(here, kind=wholeness.HEAL_JOB) if not job.may_be_called_off), None)
    done, total = wholeness.share(here)
    answer = page(
        "library/whole.html",
        found=found,
        broken=found.broken[:SHOWN],
        states=STATES,
        read_at=report.clock_time(found.at_ms) if found.at_ms else "",
        every=sentences.lasting(here.settings.verify_every * 1000) if here.settings.verify_every else "",
        work=work,
        healed=healed if healed and healed.changed_ms >= found.at_ms else None,
        done=done,
        total=total,
        has_peers=peers.peers(here) != [],
        words=words,
    )
    if any(job.is_open for job in work):
        answer.headers["Refresh"] = str(LOOK_AGAIN_S)
    return answer


@blueprint.post("/look/")
@needs(*SHELF_KEEPERS)
def look() -> AnyResponse:
    """Read all now."""
    wholeness.ask_to_look(node())
    return redirect(f"{blueprint.url_prefix}/", 303)


@blueprint.post("/mend/")
@needs(*SHELF_KEEPERS)
def mend() -> AnyResponse:
    """Fetch what is not whole from other hubs."""
    wholeness.ask_to_heal(node())
    return redirect(f"{blueprint.url_prefix}/", 303)


@blueprint.post("/<job_id>/<any(pause, resume, 'call-off'):wish>/")
@needs(*SHELF_KEEPERS)
def turn(job_id: str, wish: str) -> AnyResponse:
    """Let the reading rest, go on, or end it."""
    wholeness.WISHES[wish](node(), job_id)
    return redirect(f"{blueprint.url_prefix}/", 303)
