"""The households of the hub, for librarians and stewards: who lives together, and who looks after which child."""

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.people import households
from hub.people.roster import KEEPERS
from hub.web import groups
from hub.web.guards import needs
from hub.web.here import node
from hub.web.names import RELATION_NAMES
from hub.web.pages import say

blueprint = Blueprint("households", __name__, url_prefix="/people/households")

FACTS = ("name", "picture")


@blueprint.get("/")
@needs(*KEEPERS)
def show_all(problem: str = "") -> Response:
    """Every household and who is in it; and the form for a new one."""
    here = node()
    return groups.shown(
        "people/households.html",
        problem,
        given=groups.given(*FACTS, "is_trusting"),
        households=[(each, households.kin(here, each.id)) for each in households.households(here)],
    )


@blueprint.post("/")
@needs(*KEEPERS)
def add() -> AnyResponse:
    """A new household."""

    def work() -> AnyResponse:
        is_trusting = "is_trusting" in request.form
        made = households.add_household(node(), **groups.given(*FACTS), is_trusting=is_trusting)
        say(_("The household is there. Put its people in."))
        return redirect(_address(made.id), 303)

    return groups.tried(work, show_all)


@blueprint.get("/<household>/")
@needs(*KEEPERS)
def show(household: str, problem: str = "") -> Response:
    """One household."""
    here = node()
    found, kin = households.household(here, household), households.kin(here, household)
    return groups.shown(
        "people/household.html",
        problem,
        household=found,
        kin=kin,
        others=groups.others({each.person.id for each in kin}),
        relations=RELATION_NAMES,
    )


@blueprint.post("/<household>/")
@needs(*KEEPERS)
def change(household: str) -> AnyResponse:
    """Change name, picture, and whether a phone may change hands there without a secret."""

    def work() -> AnyResponse:
        is_trusting = "is_trusting" in request.form
        households.change_household(node(), household=household, **groups.given(*FACTS), is_trusting=is_trusting)
        return groups.changed(_address(household))

    return groups.tried(work, lambda problem: show(household, problem))


@blueprint.post("/<household>/members/")
@needs(*KEEPERS)
def put_in(household: str) -> AnyResponse:
    """Put somebody in as child, guardian or other."""

    def work() -> AnyResponse:
        households.link(node(), household=household, **groups.given("person", "relation"))
        return groups.changed(_address(household))

    return groups.tried(work, lambda problem: show(household, problem))


@blueprint.post("/<household>/leave/")
@needs(*KEEPERS)
def take_out(household: str) -> AnyResponse:
    """Take somebody out."""
    households.unlink(node(), household=household, **groups.given("person"))
    return groups.changed(_address(household))


def _address(household: str) -> str:
    return f"/people/households/{household}/"
