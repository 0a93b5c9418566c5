"""`/status/tide/leave/`: what leaving the region means, and the press that does it; the worker goes to the tide."""

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from hub import jobs
from hub.errors import NotFound
from hub.tide import leaving, peers, report
from hub.web.chores import TIDE_PAGE
from hub.web.guards import needs
from hub.web.here import node
from hub.web.pages import page

blueprint = Blueprint("leaving", __name__, url_prefix="/status/tide/leave")


@blueprint.get("/<hub>/")
@needs("steward")
def show(hub: str) -> Response:
    """What will happen, what goes along, and what is kept elsewhere."""
    here, found = node(), _region(hub)
    state = next((each for each in report.states(here) if each.peer.hub == found.hub), None)
    return page(
        "status/leave.html",
        left=hub,
        name=peers.called(here, hub),
        safe=state.safe if state else 0,
        waits=any(job.is_open for job in jobs.jobs(here, kind=leaving.JOB)),
    )


@blueprint.post("/")
@needs("steward")
def leave() -> Response:
    """Ask that the hub leave; what comes of it stands on the page of the tide."""
    found = _region(request.form.get("hub", ""))
    jobs.add(node(), leaving.JOB, arguments={"hub": found.hub})
    return redirect(TIDE_PAGE, 303)


def _region(hub: str) -> peers.Peer:
    """The region of this id. Raises NotFound when this hub has joined none such."""
    found = next((each for each in leaving.regions(node()) if each.hub == hub), None)
    if found is None:
        raise NotFound("This hub has joined no such region. Nothing was changed.")
    return found
