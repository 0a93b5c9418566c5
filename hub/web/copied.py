"""`/status/tide/copied/`: whether a card was copied and both go on; one place or two, as people say."""

from flask import Blueprint, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hub.tide import clones, own_key, peers, report
from hub.web import groups
from hub.web.guards import needs
from hub.web.here import node
from hub.web.pages import page, say

blueprint = Blueprint("copied", __name__, url_prefix="/status/tide/copied")
ROOT = "/status/tide/copied/"
KEEPERS = ("steward", "region")


@blueprint.get("/")
@needs(*KEEPERS)
def show(problem: str = "") -> Response:
    """What is seen of it, and what each answer does."""
    here = node()
    found = clones.copied(here)
    return page(
        "status/copied.html",
        status=400 if problem else 200,
        problem=problem,
        found=found,
        alone=clones.alone,
        began=clones.began,
        called=lambda hub: peers.called(here, hub),
        when=report.clock_time,
        name=request.form.get("name", "")[: own_key.NAME_LETTERS_MAX],
    )


@blueprint.post("/one/")
@needs(*KEEPERS)
def one_place() -> Response:
    """All machines under our key are this one place."""

    def work() -> Response:
        clones.one_place(node())
        say(_("It is one place. The other hubs hear of it with the next tide."))
        return redirect(ROOT, 303)

    return groups.tried(work, show)


@blueprint.post("/two/")
@needs(*KEEPERS)
def two_places() -> Response:
    """This place gets a key and a name of its own at its next start."""

    def work() -> Response:
        clones.two_places(node(), name=request.form.get("name", ""))
        return redirect(ROOT, 303)

    return groups.tried(work, show)


@blueprint.post("/stay/")
@needs(*KEEPERS)
def stay() -> Response:
    """Stay under the key that is."""
    own_key.call_off(node().home)
    say(_("This hub stays under the key that it has."))
    return redirect(ROOT, 303)
