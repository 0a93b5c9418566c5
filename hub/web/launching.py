"""Where an activity from elsewhere is opened by its learner: its address with what it needs to report to us."""

from flask import session

from hub import keys
from hub.learning import Opened, Sitting
from hub.people import sessions
from hub.vocabulary import person_actor
from hub.web import answers, cmi5, h5p, origins, scorm, words
from hub.web.here import node, viewer


def address(person: str, opened: Opened, sitting: Sitting, source: str) -> str:
    """The address at which a learner's activity runs; `source` is where a guest's does. Begins where that is needed.

    Raises ContentError when its package cannot be read.
    """
    visit = sessions.visit_of(session["token"])
    if opened.item.kind == "cmi5":
        return cmi5.address(person, opened, visit=visit, languages=list(words.reading(viewer())))
    ticket = keys.write_ticket(
        node(), person=person, activity=opened.activity, registration=sitting.registration, visit=visit
    )
    if opened.item.kind == "scorm":
        return scorm.address_for(person, opened, ticket)
    if opened.item.kind == "h5p":
        return h5p.address_for(person, opened, ticket)
    told = answers.launch(origins.pages(), ticket, person_actor(person), opened.activity)
    return answers.joined(source, {**told, "registration": sitting.registration})
