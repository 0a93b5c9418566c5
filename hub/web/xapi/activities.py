"""The activities resource: what this hub knows of one activity."""

from flask import Response

from hub.web.here import node
from hub.web.xapi.speaking import as_json, blueprint, sender, words
from hub.xapi import described, places, senders


@blueprint.get("/activities")
def get_activity() -> Response:
    """The activity with its merged definition, also one that no statement spoke of yet."""
    who, asked = sender(), words()
    places.check_words(asked, must=("activityId",))
    name = places.activity_of(asked)
    senders.allow_activity(who, activity=name)
    return as_json(described.activity(node(), name))
