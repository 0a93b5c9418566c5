"""The households of the hub, for librarians and stewards: who lives together, and who looks after which child."""

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.errors import InputWrong
from hub.people import households, roster
from hub.people.pictures import AVATARS, PLACES
from hub.web import words
from hub.web.guards import needs
from hub.web.here import node
from hub.web.names import PICTURE_NAMES, RELATION_NAMES
from hub.web.pages import page, say
from hub.web.people import KEEPERS, people_to_choose

blueprint = Blueprint("households", __name__, url_prefix="/people/households")


@blueprint.get("/")
@needs(*KEEPERS)
def show_all() -> Response:
    """Every household and who is in it; and the form for a new one."""
    return _show_all()


@blueprint.post("/")
@needs(*KEEPERS)
def add() -> AnyResponse:
    """A new household."""
    given = request.form
    try:
        facts = {name: given.get(name, "") for name in ("name", "picture")}
        made = households.add_household(node(), **facts, is_trusting="is_trusting" in given)
    except InputWrong as mistake:
        return _show_all(words.said(mistake))
    say(_("The household is there. Put its people in."))
    return redirect(f"/people/households/{made.id}/", 303)


def _show_all(problem: str = "") -> Response:
    here = node()
    return page(
        "people/households.html",
        status=400 if problem else 200,
        given={field: request.form.get(field, "") for field in ("name", "picture", "is_trusting")},
        problem=problem,
        households=[(each, households.kin(here, each.id)) for each in households.households(here)],
        pictures=(*PLACES, *AVATARS),
        names=PICTURE_NAMES,
    )


@blueprint.get("/<household>/")
@needs(*KEEPERS)
def show(household: str) -> Response:
    """One household."""
    return _show(household)


@blueprint.post("/<household>/")
@needs(*KEEPERS)
def change(household: str) -> AnyResponse:
    """Change name, picture, and whether a phone may change hands there without a secret."""
    given = request.form
    try:
        facts = {name: given.get(name, "") for name in ("name", "picture")}
        households.change_household(node(), household=household, **facts, is_trusting="is_trusting" in given)
    except InputWrong as mistake:
        return _show(household, words.said(mistake))
    return _changed(household)


@blueprint.post("/<household>/members/")
@needs(*KEEPERS)
def put_in(household: str) -> AnyResponse:
    """Put somebody in as child, guardian or other."""
    given = request.form
    person, relation = given.get("person", ""), given.get("relation", "")
    households.link(node(), household=household, person=person, relation=relation)
    return _changed(household)


@blueprint.post("/<household>/leave/")
@needs(*KEEPERS)
def take_out(household: str) -> AnyResponse:
    """Take somebody out."""
    households.unlink(node(), household=household, person=request.form.get("person", ""))
    return _changed(household)


def _show(household_id: str, problem: str = "") -> Response:
    here = node()
    found, kin = households.household(here, household_id), households.kin(here, household_id)
    inside = {each.person.id for each in kin}
    return page(
        "people/household.html",
        status=400 if problem else 200,
        household=found,
        problem=problem,
        kin=kin,
        others=people_to_choose(each for each in roster.people(here) if each.id not in inside),
        pictures=(*PLACES, *AVATARS),
        names=PICTURE_NAMES,
        relations=RELATION_NAMES,
    )


def _changed(household_id: str) -> AnyResponse:
    say(_("It is written down."))
    return redirect(f"/people/households/{household_id}/", 303)
