"""`/help/`: whom to ask, and the looks round. The "?" of each page is made in `help_here`."""

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from hub.web import home, tours
from hub.web.forms import guests_need_no_token
from hub.web.guards import safe_next
from hub.web.here import viewer
from hub.web.pages import page
from hub.web.tour_words import TOURS, Tour

blueprint = Blueprint("help", __name__, url_prefix="/help")


@blueprint.get("/")
def show() -> Response:
    """Whom to ask, one's own look round first, and those of everybody else."""
    mine = _mine()
    offered = tours.offer(mine)
    return page(
        "help/show.html",
        mine=mine,
        tour=TOURS[mine],
        step=offered.step if offered else 1,
        others=[(name, each) for name, each in TOURS.items() if name != mine],
    )


@blueprint.get("/tour/")
def mine() -> Response:
    """The look round for whoever looks, from where they were."""
    return redirect(f"/help/tour/{_mine()}/", 303)


@blueprint.get("/tour/<name>/")
def go_on(name: str) -> Response:
    """A look round from where it was left; one that was seen begins anew."""
    _known(name)
    offered = tours.offer(name)
    return redirect(f"/help/tour/{name}/{offered.step if offered else 1}/", 303)


@blueprint.get("/tour/<name>/<int:step>/")
def tour(name: str, step: int) -> Response:
    """One step. The others lie ready behind it, so that it can be played without a pause where there is script."""
    found = _known(name)
    if not 1 <= step <= len(found.steps):
        abort(404)
    tours.note(name, step)
    return page("help/tour.html", name=name, tour=found, step=step, total=len(found.steps))


@blueprint.post("/tour/<name>/away/")
@guests_need_no_token
def put_away(name: str) -> Response:
    """No look round is wanted: homes no longer offer it."""
    tours.note(name, len(_known(name).steps))
    return redirect(safe_next(request.form.get("next")), 303)


def _mine() -> str:
    person = viewer()
    return tours.fitting(person, home.roles(person)[0] if person else "")


def _known(name: str) -> Tour:
    found = TOURS.get(name)
    if found is None:
        abort(404)
    return found
