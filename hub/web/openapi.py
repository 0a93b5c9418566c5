"""`/api/openapi.json`: what machines may ask of a hub, as an OpenAPI 3.1 document."""

from typing import Any

from flask import Blueprint, Response, jsonify

from hub import __version__

blueprint = Blueprint("openapi", __name__)

VERSION_HEADER = {
    "name": "X-Experience-API-Version",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "pattern": r"^(1\.0(\.\d+)?|2\.0(\.\d+)?)$"},
}
FILTERS = {
    "statementId": {"type": "string", "format": "uuid"},
    "voidedStatementId": {"type": "string", "format": "uuid"},
    "agent": {"type": "string"},
    "verb": {"type": "string", "format": "uri"},
    "activity": {"type": "string", "format": "uri"},
    "registration": {"type": "string", "format": "uuid"},
    "since": {"type": "string", "format": "date-time"},
    "until": {"type": "string", "format": "date-time"},
    "limit": {"type": "integer", "minimum": 0},
    "ascending": {"type": "boolean"},
}


@blueprint.get("/api/openapi.json")
def document() -> Response:
    """The document itself."""
    return jsonify(
        {
            "openapi": "3.1.0",
            "info": {"title": "Mangrove", "version": __version__, "license": {"name": "AGPL-3.0-or-later"}},
            "paths": {**_care(), **_xapi(), **_library()},
            "components": {"securitySchemes": {"key": {"type": "http", "scheme": "basic"}}},
        }
    )


def _care() -> dict[str, Any]:
    return {
        "/healthz": {"get": _answers("Whether the hub can read and write", {200: "It can", 503: "It cannot"})},
        "/metrics": {"get": _answers("Counters for Prometheus", {200: "Prometheus text"})},
    }


def _library() -> dict[str, Any]:
    return {"/opds/": {"get": _answers("The library as an OPDS 2.0 feed", {200: "The feed"})}}


def _xapi() -> dict[str, Any]:
    refusals = {400: "Not a statement", 401: "No key", 403: "Not this key", 413: "Too large"}
    body = {"required": True, "content": {"application/json": {"schema": {"type": ["object", "array"]}}}}
    filters = [{"name": name, "in": "query", "schema": schema} for name, schema in FILTERS.items()]
    write = {"security": [{"key": []}], "requestBody": body}
    return {
        "/xapi/about": {"get": _answers("The versions spoken", {200: "Them"})},
        "/xapi/statements": {
            "get": {
                **_answers("Statements by filter, newest first", {200: "A page of them", 404: "None", **refusals}),
                "security": [{"key": []}],
                "parameters": [VERSION_HEADER, *filters],
            },
            "put": {
                **_answers("Keep one statement", {204: "Kept", 409: "Another stands under this id", **refusals}),
                **write,
                "parameters": [VERSION_HEADER, {**_query("statementId"), "required": True}],
            },
            "post": {
                **_answers("Keep one statement or many, all or none", {200: "Their ids", 409: "Conflict", **refusals}),
                **write,
                "parameters": [VERSION_HEADER],
            },
        },
    }


def _query(name: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": FILTERS[name]}


def _answers(summary: str, statuses: dict[int, str]) -> dict[str, Any]:
    return {"summary": summary, "responses": {str(status): {"description": text} for status, text in statuses.items()}}
