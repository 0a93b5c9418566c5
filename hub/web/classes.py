"""Classes: for who leads a circle, who did what and who needs help; for a steward, numbers only."""

from flask import Blueprint, abort
from werkzeug.wrappers import Response

from hub.learning import classes, progress
from hub.people import circles, roster
from hub.web import figures, recognised, words
from hub.web.guards import needs
from hub.web.here import node, viewer
from hub.web.pages import page

blueprint = Blueprint("classes", __name__, url_prefix="/learn/classes")


@blueprint.get("/")
@needs("facilitator", "steward")
def all_mine() -> Response:
    """The circles that somebody leads; a steward sees the numbers of all."""
    person, here = viewer(), node()
    assert person is not None
    led = circles.led_by(here, person.id)
    others = [each for each in circles.circles(here) if each not in led] if "steward" in person.roles else []
    return page(
        "classes/all.html",
        led=classes.glances(here, led),
        others=classes.glances(here, others),
    )


@blueprint.get("/<circle>/")
@needs("facilitator")
def one(circle: str) -> Response:
    """One class: who needs help with what, who is ready, and everybody in a table."""
    person, here = viewer(), node()
    assert person is not None
    table = classes.class_table(here, circle=circle, languages=words.reading(person))
    classes.allow(here, circle=circle, person=person)
    return page("classes/one.html", table=table, ladder=figures.ladder(table.strands), levels=figures.levels())


@blueprint.get("/<circle>/<learner>/")
@needs("facilitator")
def learner(circle: str, learner: str) -> Response:
    """One learner of the class: what was done, what grows, what asks for help."""
    person, here = viewer(), node()
    assert person is not None
    found = circles.circle(here, circle)
    classes.allow(here, circle=circle, person=person)
    if learner not in {each.id for each in circles.members(here, circle, "learner")}:
        abort(404)
    return page(
        "classes/learner.html",
        circle=found,
        learner=roster.person(here, learner),
        garden=progress.garden(here, learner, languages=words.reading(person)),
        history=classes.history(here, person=learner),
        seen=recognised.seen_of(here, learner, languages=words.reading(person)),
        awards=recognised.awards_of(here, learner),
        levels=recognised.LEVELS,
        states=words.GARDEN,
        words=words,
    )
