"""`/status/together/`: people and groups that several hubs hold together; where two places changed one, choose."""

from typing import Any

from flask import Blueprint, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hub.errors import HubError
from hub.node import Node
from hub.people import circles, rights, roster
from hub.people.circles import members
from hub.people.pictures import AVATARS, PLACES
from hub.tide import peers
from hub.together import acting, held
from hub.together.held import CIRCLE, MEMBERS, PERSON, SAME, Held
from hub.together.merge import Fact
from hub.web import groups
from hub.web.guards import needs
from hub.web.here import node, somebody
from hub.web.names import PICTURE_NAMES
from hub.web.pages import page, say

blueprint = Blueprint("together", __name__, url_prefix="/status/together")
ROOT = "/status/together/"
LOOKERS = ("facilitator", "librarian", "steward")


@blueprint.get("/")
@needs(*LOOKERS)
def show(problem: str = "") -> Response:
    """What waits for a choice first, then everything that is held together, and who is marked as the same person."""
    here = node()
    found = [each for each in held.all_held(here) if each.partners and _sees(here, each)][: held.SHOWN]
    keeps = rights.keeps(somebody())
    return page(
        "status/together.html",
        status=400 if problem else 200,
        problem=problem,
        asked=[_shown(here, each) for each in found if each.is_open],
        listed=[_shown(here, each) for each in found],
        keeps=keeps,
        records=_to_share(here) if keeps else [],
        neighbours=_neighbours(here),
        people=[(each.id, each.name) for each in roster.people(here)] if keeps else [],
        links=_links(here) if keeps else [],
        twins=held.twins(here) if keeps else [],
        names=PICTURE_NAMES,
        called=lambda hub: peers.called(here, hub),
    )


@blueprint.get("/<subject>/")
@needs(*LOOKERS)
def show_one(subject: str, problem: str = "") -> Response:
    """One of them, with every field, who is in it, and what may be done."""
    here = node()
    found = acting.found(here, subject)
    acting.check_may(here, actor=somebody(), found=found)
    pictures = (*PLACES, *AVATARS) if found.sort == CIRCLE else AVATARS
    return page(
        "status/together_one.html",
        status=400 if problem else 200,
        problem=problem,
        each=_shown(here, found),
        keeps=rights.keeps(somebody()),
        is_here=found.origin == here.identity.hub_id,
        pictures=[(one, PICTURE_NAMES[one]) for one in pictures],
        members=[(one, _named(here, one)) for one in found.members],
        people=[(one.id, one.name) for one in _may_put_in(here, found)],
        heirs=[(hub, peers.called(here, hub)) for hub in {*found.partners, *found.homes} if hub != found.home],
        names=PICTURE_NAMES,
        called=lambda hub: peers.called(here, hub),
    )


@blueprint.post("/share/")
@needs("librarian", "steward")
def share() -> Response:
    """Hold a person or a group together with a neighbour."""

    def work() -> Response:
        sort, _colon, record = request.form.get("record", "").partition(":")
        acting.share(node(), actor=somebody(), sort=sort, record=record, hub=request.form.get("hub", ""))
        return groups.changed(ROOT)

    return groups.tried(work, show)


@blueprint.post("/choose/")
@needs(*LOOKERS)
def choose() -> Response:
    """Choose one of the values that stand beside each other."""

    def work() -> Response:
        given = groups.given("subject", "field", "word")
        acting.choose(node(), actor=somebody(), **given)
        say(_("It is chosen. The other places hear of it with the next tide."))
        return redirect(ROOT, 303)

    return groups.tried(work, show)


@blueprint.post("/same/")
@needs("librarian", "steward")
def same() -> Response:
    """Say that two people are the same, or take that back."""

    def work() -> Response:
        given = groups.given("one", "other", "about", "value")
        if given["about"]:
            acting.take_out(node(), actor=somebody(), subject=given["about"], field=SAME, value=given["value"])
        else:
            acting.link(node(), actor=somebody(), one=given["one"], other=given["other"])
        return groups.changed(ROOT)

    return groups.tried(work, show)


@blueprint.post("/<subject>/change/")
@needs(*LOOKERS)
def change(subject: str) -> Response:
    """Set or propose the value of a field."""
    given = groups.given("field", "value")
    return _do(subject, lambda here: acting.change(here, actor=somebody(), subject=subject, **given))


@blueprint.post("/<subject>/members/")
@needs(*LOOKERS)
def change_members(subject: str) -> Response:
    """Put somebody of ours in, or take somebody out."""
    given = groups.given("person", "out")
    if given["out"]:
        return _do(
            subject,
            lambda here: acting.take_out(here, actor=somebody(), subject=subject, field=MEMBERS, value=given["out"]),
        )
    return _do(subject, lambda here: acting.put_in(here, actor=somebody(), subject=subject, person=given["person"]))


@blueprint.post("/<subject>/home/")
@needs("librarian", "steward")
def hand_over(subject: str) -> Response:
    """Let another hub decide from now on."""
    hub = request.form.get("hub", "")
    return _do(subject, lambda here: acting.hand_over(here, actor=somebody(), subject=subject, hub=hub))


@blueprint.post("/<subject>/end/")
@needs("librarian", "steward")
def end(subject: str) -> Response:
    """Hold it together with a neighbour no more."""
    hub = request.form.get("hub", "")
    return _do(subject, lambda here: acting.end(here, actor=somebody(), subject=subject, hub=hub))


def _do(subject: str, work: Any) -> Response:
    def tried() -> Response:
        work(node())
        return groups.changed(f"{ROOT}{subject}/")

    return groups.tried(tried, lambda problem: show_one(subject, problem))


def _shown(here: Node, found: Held) -> dict[str, Any]:
    """A record with its words, as both pages show it."""
    fields = [
        {
            "stands": each,
            "is_met": each.is_met,
            "choices": [
                *([_choice(here, each.word, "stands")] if each.word else []),
                *(_choice(here, one, "beside") for one in each.rivals),
                *(_choice(here, one, "proposed") for one in each.proposals),
            ],
        }
        for each in found.fields
    ]
    return {"found": found, "fields": fields, "name": _named(here, found.subject)}


def _choice(here: Node, word: Fact, how: str) -> dict[str, str]:
    return {"id": word.id, "value": word.value, "how": how, "hub": peers.called(here, word.hub)}


def _named(here: Node, subject: str) -> str:
    """What somebody or a group is called, "" until the name has come."""
    own = acting.own_name(here, subject)
    return own or held.one(here, subject).name


def _sees(here: Node, found: Held) -> bool:
    try:
        acting.check_may(here, actor=somebody(), found=found)
    except HubError:
        return False
    return True


def _to_share(here: Node) -> list[tuple[str, str]]:
    """Groups and people of ours, to choose from."""
    listed = [(f"{CIRCLE}:{each.id}", each.name) for each in circles.circles(here)]
    return [*listed, *((f"{PERSON}:{each.id}", each.name) for each in roster.people(here))]


def _neighbours(here: Node) -> list[tuple[str, str]]:
    return [(each.hub, peers.called(here, each.hub)) for each in peers.peers(here) if "region" not in each.sends]


def _may_put_in(here: Node, found: Held) -> list[roster.Person]:
    """Those of ours whom everybody who holds the group may be told of; of our own group, first who is in it."""
    others = {*found.partners, found.origin} - {here.identity.hub_id}
    is_own = found.origin == here.identity.hub_id
    inside = members(here, held.record_of(found.subject)[1]) if is_own else roster.people(here)
    listed = [each for each in inside if all(acting.may_tell(here, acting.about(here, each.id), hub) for hub in others)]
    return [each for each in listed if acting.about(here, each.id) not in found.members]


def _links(here: Node) -> list[dict[str, str]]:
    """Who is marked as the same person as whom."""
    return [
        {"about": each.subject, "value": one, "name": _named(here, each.subject), "other": _named(here, one)}
        for each in held.all_held(here)
        for one in each.same
    ]
