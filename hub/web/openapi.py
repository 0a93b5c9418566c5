"""`/api/openapi.json`: what machines may ask of a hub, as an OpenAPI 3.1 document.

It names every machine address there is; `tests/test_care_openapi.py` compares it with the application.
"""

from typing import Any

from flask import Blueprint, Response, jsonify

from hub import __version__
from hub.tide import join
from hub.xapi.query import BESIDE_SINGLE, FILTERS, SINGLE
from sync import protocol

blueprint = Blueprint("openapi", __name__)

VERSION_HEADER = {
    "name": "X-Experience-API-Version",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "pattern": r"^(1\.0|2\.0)(\.\d{1,3})?$"},
}
UUID, TIME = {"type": "string", "format": "uuid"}, {"type": "string", "format": "date-time"}
TRUTH, TEXT, NUMBER = {"type": "boolean"}, {"type": "string"}, {"type": "integer", "minimum": 0}
SHAPES: dict[str, dict[str, Any]] = {
    **dict.fromkeys(("statementId", "voidedStatementId", "registration"), UUID),
    **dict.fromkeys(("since", "until"), TIME),
    **dict.fromkeys(("ascending", "attachments", "related_activities", "related_agents"), TRUTH),
    "limit": NUMBER,
    "format": {"type": "string", "enum": ["exact", "canonical", "ids"]},
}
"""What a parameter looks like; any other is text."""
REFUSALS = {
    400: "Not as the standard wants it",
    401: "No key, or not a good one",
    403: "Not with this key",
    413: "Too large",
    501: "A later version does this",
    507: "The disk is full",
}
BYTES = {"application/octet-stream": {"schema": {"type": "string", "contentEncoding": "binary"}}}


@blueprint.get("/api/openapi.json")
def document() -> Response:
    """The document itself."""
    licence = {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"}
    return jsonify(
        {
            "openapi": "3.1.0",
            "info": {"title": "Mangrove", "version": __version__, "license": licence},
            "paths": {**_care(), **_library(), **_xapi(), **_sync()},
            "components": {"securitySchemes": {"key": {"type": "http", "scheme": "basic"}}},
        }
    )


def _care() -> dict[str, Any]:
    return {
        "/healthz": {"get": _does("Whether the hub can read and write", {200: "It can", 503: "It cannot, and why"})},
        "/metrics": {"get": _does("Counters for Prometheus, naming nobody", {200: "Prometheus text"})},
        "/api/openapi.json": {"get": _does("This document", {200: "It"})},
    }


def _library() -> dict[str, Any]:
    """The catalogue for reading programs, OPDS 2.0."""
    page, language, query = _asks("page", NUMBER), _asks("language"), _asks("query")
    package = _asks("package", where="path")
    one = {200: "The publication", 404: "Not on this shelf"}
    return {
        "/opds/": {"get": _does("The catalogue's front page", {200: "A feed"})},
        "/opds/publications/": {"get": _does("Everything on the shelf, by title", {200: "A feed"}, page, language)},
        "/opds/publications/{package}/": {"get": _does("One publication", one, package)},
        "/opds/search/": {"get": _does("What a reader's words find", {200: "A feed"}, query, language)},
    }


def _xapi() -> dict[str, Any]:
    """Learning records: xAPI 1.0.3 and 2.0."""
    later = _does(
        "Documents, agents and activities come with a later version", REFUSALS, _asks("resource", where="path")
    )
    filters = [_asks(name, SHAPES.get(name, TEXT)) for name in sorted({*SINGLE, *BESIDE_SINGLE, *FILTERS, "more"})]
    return {
        "/xapi/about": {"get": _does("The versions spoken", {200: "Them"})},
        "/xapi/statements": {
            "get": _with_key("Statements by filter, newest first", {200: "A page", 404: "None has this id"}, *filters),
            "put": _takes("Keep one statement", {204: "Kept", 409: "Another has this id"}, _must("statementId", UUID)),
            "post": _takes("Keep one statement or many, all or none", {200: "Their ids", 409: "Another has an id"}),
        },
        "/xapi/{resource}": {method: later for method in ("get", "put", "post", "delete")},
    }


def _sync() -> dict[str, Any]:
    """What hubs say to each other; each message is signed. `sync/DESIGN.md` sets out the bytes."""
    name = {**_asks("name", where="path"), "schema": {"type": "string", "enum": [*protocol.MESSAGES, join.NAME]}}
    statuses = {200: "The signed answer", 400: "Not a message", 403: "Not from a hub that has joined", 413: "Too large"}
    away = {404: "No such message", 503: "Many hubs are here; come back after Retry-After"}
    body = {"required": True, "content": BYTES}
    return {"/sync/v1/{name}": {"post": {**_does("One message", {**statuses, **away}, name), "requestBody": body}}}


def _asks(name: str, shape: dict[str, Any] = TEXT, where: str = "query") -> dict[str, Any]:
    """A part of the address."""
    return {"name": name, "in": where, "schema": shape, **({"required": True} if where == "path" else {})}


def _must(name: str, shape: dict[str, Any]) -> dict[str, Any]:
    """A part of the address that has to be there."""
    return {**_asks(name, shape), "required": True}


def _does(summary: str, statuses: dict[int, str], *parameters: dict[str, Any]) -> dict[str, Any]:
    """One thing that can be asked, and how it is answered."""
    responses = {str(status): {"description": text} for status, text in sorted(statuses.items())}
    return {"summary": summary, "responses": responses, **({"parameters": list(parameters)} if parameters else {})}


def _with_key(summary: str, statuses: dict[int, str], *parameters: dict[str, Any]) -> dict[str, Any]:
    """The same with a key and the standard's version."""
    return {**_does(summary, {**REFUSALS, **statuses}, VERSION_HEADER, *parameters), "security": [{"key": []}]}


def _takes(summary: str, statuses: dict[int, str], *parameters: dict[str, Any]) -> dict[str, Any]:
    """The same with statements in the body."""
    body = {"required": True, "content": {"application/json": {"schema": {"type": ["object", "array"]}}}}
    return {**_with_key(summary, statuses, *parameters), "requestBody": body}
