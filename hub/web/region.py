"""`/region/`: on a regional hub its hubs, how much is learned and how to invite one; elsewhere a word on our region."""

from flask import Blueprint, abort, redirect, request, session
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hub.tide import certificates, join, leaving, peers, report
from hub.tide import region as regions
from hub.web.guards import lead_to_sign_in, needs
from hub.web.here import node, viewer
from hub.web.pages import page, say

blueprint = Blueprint("region", __name__, url_prefix="/region")

INVITED = "invited"
"""Under this name the browser keeps a code until it has been shown once."""


@blueprint.get("/")
def show() -> Response:
    """The hubs of a region to who coordinates it; on a community's hub, its region to a steward."""
    here, person = node(), viewer()
    roles = person.roles if person else frozenset()
    if here.settings.role != "region":
        if "steward" not in roles:
            abort(404)
        regions_of = leaving.regions(here)
        return page("region/ours.html", states=report.states(here), when=report.clock_time, regions=regions_of)
    if person is None:
        return lead_to_sign_in()
    if "region" not in roles:
        abort(403)
    given = certificates.certificates(here)
    gone, invited = leaving.gone(here), session.pop(INVITED, None)
    return page("region/show.html", region=regions.region(here), given=given, gone=gone, invited=invited)


@blueprint.post("/invite/")
@needs("region")
def invite() -> Response:
    """Make a code; the next page shows it."""
    keep_code(join.invite(node()))
    return redirect("/region/", 303)


@blueprint.post("/end/")
@needs("region")
def end() -> Response:
    """Exchange no longer with a hub."""
    peers.end(node(), request.form.get("hub", ""))
    say(_("Nothing is exchanged with that hub any more. What came from it stays."))
    return redirect("/region/", 303)


@blueprint.post("/certificate/")
@needs("region")
def certify() -> Response:
    """Take a hub's certificate back, or give it back."""
    hub = request.form.get("hub", "")
    if "give" in request.form:
        certificates.restore(node(), hub=hub)
        say(_("That hub belongs to the region again."))
    else:
        certificates.revoke(node(), hub=hub)
        say(_("What came from that hub until now counts and stays. Nothing more is taken from it."))
    return redirect("/region/", 303)


def keep_code(invite: join.Invite) -> None:
    """Let the next page show a code, once."""
    session[INVITED] = {"code": invite.code, "until": report.clock_time(invite.ends_ms)}
