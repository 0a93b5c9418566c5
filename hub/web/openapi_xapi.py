"""What `/api/openapi.json` says of `/xapi/`: learning records as xAPI 1.0.3 and 2.0 set them out."""

from typing import Any

from hub.web.openapi_parts import IRI, NUMBER, TEXT, TIME, TRUTH, UUID, asks, does, must
from hub.xapi.formats import FORMATS
from hub.xapi.places import ACTIVITY_PROFILE, AGENT_PROFILE, STATE, WORD_CHARS_MAX
from hub.xapi.query import BESIDE_SINGLE, FILTERS, SINGLE

Parts = dict[str, Any]
Statuses = dict[int, Any]

VERSION = "X-Experience-API-Version"
CONSISTENT = "X-Experience-API-Consistent-Through"
VERSION_HEADER = {
    **asks(VERSION, {"type": "string", "pattern": r"^(1\.0|2\.0)(\.\d{1,3})?$"}, "header"),
    "required": True,
}
CONDITIONS = tuple(
    {**asks(name, TEXT, "header"), "description": "Marks (ETags) that a document must, or must not, have; or *."}
    for name in ("If-Match", "If-None-Match")
)
AGENT = {"$ref": "#/components/schemas/agent"}
NAME = {"type": "string", "minLength": 1, "maxLength": WORD_CHARS_MAX}
SHAPES: dict[str, Parts] = {
    **dict.fromkeys(("statementId", "voidedStatementId", "registration"), UUID),
    **dict.fromkeys(("since", "until"), TIME),
    **dict.fromkeys(("ascending", "attachments", "related_activities", "related_agents"), TRUTH),
    **dict.fromkeys(("verb", "activity"), IRI),
    "limit": NUMBER,
    "format": {"type": "string", "enum": list(FORMATS)},
}
"""What a parameter looks like; any other is text."""
REFUSALS = {
    400: "Not as the standard wants it",
    401: "No key, or not a good one",
    403: "Not with this key",
    413: "Too large, or too many",
    429: "Too often; wait as long as Retry-After says",
    503: "The hub is busy, or stops",
    507: "The disk is full",
}
ALTERNATE = (
    "xAPI 1.0.3 alone: a POST to any of these addresses with nothing but ?method=GET (or HEAD, PUT, POST, DELETE) and a"
    " form as its body is taken as that method; the fields are words of the address, headers, and `content`."
)
_HEADER = {"schema": TEXT}
_VERSIONED = {VERSION: {**_HEADER, "required": True}}
_MARKED = {"ETag": _HEADER, "Last-Modified": _HEADER}


def schemas() -> Parts:
    """What is named in more than one place."""
    named = {
        "mbox": {"type": "string", "pattern": r"^mailto:[A-Za-z0-9]+@[A-Za-z0-9]+\.[a-z]+$"},
        "mbox_sha1sum": {"type": "string", "pattern": "^[0-9a-f]{40}$"},
        "openid": IRI,
        "account": _table({"homePage": IRI, "name": {"type": "string", "minLength": 1}}, "homePage", "name"),
    }
    kinds = [
        _table({"objectType": {"const": "Agent"}, "name": TEXT, part: shape}, part) for part, shape in named.items()
    ]
    listed = {part: {"type": "array", "items": shape} for part, shape in {"name": TEXT, **named}.items()}
    definition = {"type": "object"}
    return {
        "agent": {"oneOf": kinds},
        "person": _table({"objectType": {"const": "Person"}, **listed}, "objectType"),
        "activity": _table(
            {"objectType": {"const": "Activity"}, "id": IRI, "definition": definition}, "objectType", "id"
        ),
        "statement": {
            **{"type": "object", "required": ["actor", "verb", "object"]},
            "properties": {"id": UUID, "actor": AGENT, "verb": _table({"id": IRI, "display": definition}, "id")},
        },
        "page": _table(
            {"statements": {"type": "array", "items": {"type": "object"}}, "more": TEXT}, "statements", "more"
        ),
        "about": _table({"version": {"type": "array", "items": TEXT}, "extensions": definition}, "version"),
    }


def paths() -> Parts:
    """Every address below `/xapi/`."""
    agent, activity = _json_word("agent", AGENT), must("activityId", {**IRI, "maxLength": WORD_CHARS_MAX})
    sitting, elsewhere = asks("registration", UUID), asks("resource", where="path")
    nothing = does(
        "There is nothing else",
        {**_only(400), 404: _refused("No such resource"), 405: _refused("Not done here")},
        elsewhere,
    )
    return {
        "/xapi/about": {
            "get": does("The versions spoken here, and how much is taken", {**_told("about"), **_only(400)})
        },
        "/xapi/statements": _statements(),
        f"/xapi/{STATE}": _documents("state", "stateId", [activity, agent, sitting], has_series=True),
        f"/xapi/{ACTIVITY_PROFILE}": _documents("profile of an activity", "profileId", [activity]),
        f"/xapi/{AGENT_PROFILE}": _documents("profile of an agent", "profileId", [agent]),
        "/xapi/activities": {"get": _with_key("What is known of an activity", _told("activity"), activity)},
        "/xapi/agents": {"get": _with_key("How somebody is named and called", _told("person"), agent)},
        "/xapi/": dict.fromkeys(("get", "put", "post", "delete", "patch"), _without(nothing)),
        "/xapi/{resource}": dict.fromkeys(("get", "put", "post", "delete", "patch"), nothing),
    }


def _statements() -> Parts:
    filters = [asks(name, SHAPES.get(name, TEXT)) for name in sorted({*SINGLE, *BESIDE_SINGLE, *FILTERS, "more"})]
    filters = [_json_word("agent", AGENT, required=False) if each["name"] == "agent" else each for each in filters]
    whole = {CONSISTENT: {**_HEADER, "required": True}}
    page = {"oneOf": [{"$ref": "#/components/schemas/page"}, {"type": "object", "required": ["id", "stored"]}]}
    found = _answer("A page, or one statement", {"application/json": page, "multipart/mixed": TEXT}, whole | _MARKED)
    gone = {404: _refused("None has this id")}
    ids = _answer("Their ids, in order", {"application/json": {"type": "array", "items": UUID}}, whole)
    languages = asks("Accept-Language", TEXT, "header")
    kept, other = {204: _answer("Kept", {}, whole)}, {409: _refused("Another has this id")}
    one = {"$ref": "#/components/schemas/statement"}
    many = {"oneOf": [one, {"type": "array", "items": one}]}
    return {
        "get": _with_key("Statements by filter, newest first", {200: found, **gone}, languages, *filters),
        "put": _brings("Keep one statement", _statement_body(one), {**kept, **other}, must("statementId", UUID)),
        "post": _brings("Keep one statement or many, all or none", _statement_body(many), {200: ids, **other}),
    }


def _documents(what: str, name: str, of: list[Parts], *, has_series: bool = False) -> Parts:
    one, maybe = must(name, NAME), asks(name, NAME)
    document = {"application/octet-stream": TEXT, "application/json": {}, "text/plain": TEXT, "*/*": TEXT}
    found = {
        200: _answer("The document as it was sent, or the ids of those that there are", document, _MARKED),
        304: _answer("It is what If-None-Match says", {}, {"ETag": _HEADER}),
        404: _refused("There is none"),
    }
    changed, stands = {412: _refused("It is not what the conditions say")}, {409: _refused("One stands there")}
    kept = {204: _answer("Done", {}, {})}
    body = {"required": False, "content": {"application/json": {"schema": {}}, "application/octet-stream": {}}}
    gone = _with_key(f"Take away a {what}", {**kept, **changed}, *of, maybe if has_series else one, *CONDITIONS)
    return {
        "get": _with_key(
            f"A {what}, or the ids of them",
            found,
            *of,
            maybe,
            asks("since", TIME),
            asks("If-None-Match", TEXT, "header"),
        ),
        "put": _brings(f"Keep a {what}", body, {**kept, **changed, **stands}, *of, one, *CONDITIONS),
        "post": _brings(f"Merge a JSON object into a {what}", body, {**kept, **changed}, *of, one, *CONDITIONS),
        "delete": gone,
    }


def _table(properties: Parts, *required: str) -> Parts:
    return {
        **{"type": "object", "properties": properties, "additionalProperties": False},
        **({"required": list(required)} if required else {}),
    }


def _json_word(name: str, shape: Parts, *, required: bool = True) -> Parts:
    """A part of the address that is JSON."""
    return {"name": name, "in": "query", "required": required, "content": {"application/json": {"schema": shape}}}


def _answer(told: str, content: Parts, headers: Parts) -> Parts:
    shapes = {kind: {"schema": shape} for kind, shape in content.items()}
    return {"description": told, "headers": {**_VERSIONED, **headers}, **({"content": shapes} if shapes else {})}


def _told(schema: str) -> Statuses:
    content = {"application/json": {"$ref": f"#/components/schemas/{schema}"}}
    return {200: _answer("It", content, {"ETag": _HEADER})}


def _refused(told: str) -> Parts:
    return _answer(told, {"text/plain": TEXT}, {})


def _only(*statuses: int) -> Statuses:
    return {status: _refused(REFUSALS[status]) for status in statuses}


def _with_key(summary: str, statuses: Statuses, *parameters: Parts) -> Parts:
    """One thing to do with a key and in a version of the standard."""
    made = does(summary, {**_only(*REFUSALS), **statuses}, VERSION_HEADER, *parameters)
    return {**made, "security": [{"key": []}]}


def _brings(summary: str, body: Parts, statuses: Statuses, *parameters: Parts) -> Parts:
    """The same with a body."""
    return {**_with_key(summary, statuses, *parameters), "requestBody": body, "description": ALTERNATE}


def _statement_body(shape: Parts) -> Parts:
    return {"required": True, "content": {"application/json": {"schema": shape}, "multipart/mixed": {"schema": TEXT}}}


def _without(operation: Parts) -> Parts:
    """The same at an address without parts."""
    return {name: part for name, part in operation.items() if name != "parameters"}
