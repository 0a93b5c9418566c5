"""The document resources: states, and profiles of activities and of agents; three addresses with the same manners."""

from collections.abc import Callable

from flask import Response, g, request
from werkzeug.datastructures import ETags

from hub.errors import DocumentWrong
from hub.learning import cmi5
from hub.web.here import node
from hub.web.xapi.speaking import as_json, blueprint, http_date, sender, words
from hub.xapi import documents, places, senders
from hub.xapi.documents import Condition
from hub.xapi.limits import limits
from hub.xapi.places import Place

View = Callable[[str], Response]
UNTYPED = "application/octet-stream"
"""The content type of a document whose sender names none."""
SHUT_IN = {"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff"}
"""A document is whatever a tool sent: a browser that opens it runs nothing of it."""


def _at_each(method: str) -> Callable[[View], View]:
    """Answer a method at the addresses of all three."""

    def register(view: View) -> View:
        for kind in places.KINDS:
            blueprint.add_url_rule(f"/{kind}", view_func=view, methods=[method], defaults={"kind": kind})
        return view

    return register


@_at_each("GET")
def get_document(kind: str) -> Response:
    """One document as it was sent, or the names of those that there are."""
    who, asked = sender(), words()
    if not places.is_one(kind, asked):
        place = places.series(kind, asked, may=("since",))
        _allow(who, place, writing=False)
        return _names(place)
    place = places.one(kind, asked)
    _allow(who, place, writing=False)
    found = documents.get(node(), place)
    if found is None:
        return Response("There is no such document here.\n", 404, content_type="text/plain")
    response = Response(found.body, content_type=found.content_type)
    response.headers.update(SHUT_IN)
    response.headers["Last-Modified"] = http_date(found.changed_ms)
    response.set_etag(found.etag)
    response.make_conditional(request)
    return response


@_at_each("PUT")
def put_document(kind: str) -> Response:
    """Keep a document."""
    place = _place_to_change(kind)
    content_type, condition = _content_type(), _condition()
    documents.put(node(), place, body=_body(), content_type=content_type, condition=condition, line=g.line)
    return Response(status=204)


@_at_each("POST")
def post_document(kind: str) -> Response:
    """Put the properties of a JSON object over those of the one that stands there."""
    place = _place_to_change(kind)
    documents.merge(node(), place, body=_body(), content_type=_content_type(), condition=_condition())
    return Response(status=204)


@_at_each("DELETE")
def delete_document(kind: str) -> Response:
    """Take one document away; of states also all of a series."""
    who, asked = sender(), words()
    is_one = kind != places.STATE or places.is_one(kind, asked)
    place = places.one(kind, asked) if is_one else places.series(kind, asked)
    _allow(who, place, writing=True)
    if is_one:
        documents.delete(node(), place, condition=_condition())
        return Response(status=204)
    if not _condition().is_blind:
        raise DocumentWrong("If-Match and If-None-Match go with a single document; nothing was changed.")
    documents.delete_series(node(), place)
    return Response(status=204)


def _names(place: Place) -> Response:
    found = documents.names(node(), place)
    response = as_json([each.name for each in found])
    if found:
        response.headers["Last-Modified"] = http_date(max(each.changed_ms for each in found))
    return response


def _place_to_change(kind: str) -> Place:
    """The one document that the address names, which the sender may change."""
    who, place = sender(), places.one(kind, words())
    _allow(who, place, writing=True)
    return place


def _allow(who: senders.Sender, place: Place, *, writing: bool) -> None:
    if place.kind == places.STATE:
        sitting = {"agent": place.agent, "registration": place.registration}
        senders.allow_state(who, activity=place.activity, **sitting, name=place.name, writing=writing)
    else:
        senders.allow_profile(who, activity=place.activity, agent=place.agent, name=place.name, writing=writing)
        if who.ticket is not None and place.agent:
            cmi5.note_read(node(), who.ticket)


def _body() -> bytes:
    request.max_content_length = limits(node()).document_bytes
    return request.get_data(cache=False)


def _content_type() -> str:
    return request.headers.get("Content-Type", "") or UNTYPED


def _condition() -> Condition:
    """What the sender believes to stand there, from its headers (RFC 9110, 13.1)."""
    return Condition(
        match=_marks(request.if_match, "If-Match"), none_match=_marks(request.if_none_match, "If-None-Match")
    )


def _marks(given: ETags, name: str) -> frozenset[str] | None:
    if not request.headers.get(name):
        return None
    return frozenset("*") if given.star_tag else frozenset(given.as_set())
