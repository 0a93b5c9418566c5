"""The agents resource: how one agent is named and called."""

from flask import Response

from hub.vocabulary import agent_key
from hub.web.here import node
from hub.web.xapi.speaking import as_json, blueprint, sender, words
from hub.xapi import described, places, senders
from hub.xapi.find import Bounds


@blueprint.get("/agents")
def get_agent() -> Response:
    """The agent as a Person, also one of whom no statement spoke yet."""
    who, asked = sender(), words()
    places.check_words(asked, must=("agent",))
    agent = places.agent_of(asked)
    bounds = senders.allow_agent(who, agent=agent_key(agent))
    return as_json(described.person(node(), agent, with_names=bounds == Bounds()))
