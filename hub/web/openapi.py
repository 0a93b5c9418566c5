"""`/api/openapi.json`: what machines may ask of a hub, as an OpenAPI 3.1 document.

It names every machine address there is; `tests/test_care_openapi.py` compares it with the application.
"""

from typing import Any

from flask import Blueprint, Response, jsonify

from hub import __version__
from hub.tide import join
from hub.web import openapi_xapi
from hub.web.openapi_parts import BYTES, NUMBER, asks, does
from sync import protocol

blueprint = Blueprint("openapi", __name__)


@blueprint.get("/api/openapi.json")
def document() -> Response:
    """The document itself."""
    licence = {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"}
    return jsonify(
        {
            "openapi": "3.1.0",
            "info": {"title": "Mangrove", "version": __version__, "license": licence},
            "paths": {**_care(), **_library(), **_uploads(), **openapi_xapi.paths(), **_sync()},
            "components": {
                "securitySchemes": {"key": {"type": "http", "scheme": "basic"}},
                "schemas": openapi_xapi.schemas(),
            },
        }
    )


def _care() -> dict[str, Any]:
    return {
        "/healthz": {"get": does("Whether the hub can read and write", {200: "It can", 503: "It cannot, and why"})},
        "/metrics": {"get": does("Counters for Prometheus, naming nobody", {200: "Prometheus text"})},
        "/api/openapi.json": {"get": does("This document", {200: "It"})},
    }


FEED = {200: "A feed", 400: "Not text that a shelf could hold"}


def _library() -> dict[str, Any]:
    """What a field for words may offer, and the catalogue for reading programs, OPDS 2.0 and 1.2."""
    page, language, query = asks("page", NUMBER), asks("language"), asks("query")
    package = asks("package", where="path")
    one = {200: "The publication", 404: "Not on this shelf"}
    item, none = asks("item", where="path"), {404: "No such ZIM file"}
    begun = {200: "Titles and words with their languages, at most ten"}
    return {
        "/library/suggest": {"get": does("What half a word may become, from what stands here", begun, asks("q"))},
        "/library/suggest/{package}/{item}": {
            "get": does("The same from the titles of one ZIM file", {**begun, **none}, package, item, asks("q"))
        },
        "/opds/": {"get": does("The catalogue's front page", {200: "A feed"})},
        "/opds/publications/": {"get": does("Everything on the shelf, by title", FEED, page, language)},
        "/opds/publications/{package}/": {"get": does("One publication", one, package)},
        "/opds/search/": {"get": does("What a reader's words find", FEED, query, language)},
        "/opds/1.2/": {"get": does("The same front page in Atom", {200: "A feed"})},
        "/opds/1.2/publications/": {
            "get": does("The same list in Atom, with languages as facets", FEED, page, language)
        },
        "/opds/1.2/search/": {"get": does("What a reader's words find, in Atom", FEED, query, language)},
        "/opds/1.2/search.xml": {"get": does("How to search (OpenSearch 1.1)", {200: "A description"})},
    }


def _uploads() -> dict[str, Any]:
    """Files in pieces, by tus 1.0.0: for keepers of the shelf, by their cookie and the form's token in X-CSRFToken."""
    upload, begins = asks("upload", where="path"), {"name": "Upload-Offset", "in": "header", "schema": NUMBER}
    no = {400: "Not as tus has it, or without the token", 403: "Not a keeper of the shelf", 412: "Another version"}
    gone = {404: "No such file on its way", 423: "Another piece is being written"}
    wrong = {409: "Not where the file stands", 413: "Too large", 415: "Not a piece", 460: "Not its checksum"}
    body = {"required": True, "content": {"application/offset+octet-stream": BYTES["application/octet-stream"]}}
    patch = does("Its next piece", {204: "It is kept", **no, **gone, **wrong, 507: "No room"}, upload, begins)
    again = "PATCH or DELETE, named in X-HTTP-Method-Override"
    begun = {201: "Its address is in Location", **no, 413: "Too large", 429: "Many are open", 507: "No room"}
    return {
        "/library/add/uploads/": {"post": does("Begin a file in pieces", begun)},
        "/library/add/uploads/{upload}/": {
            "patch": {**patch, "requestBody": body},
            "post": does(
                again, {204: "It is done", **no, **gone, **wrong, 405: "Neither of them", 507: "No room"}, upload
            ),
            "delete": does("Throw it away", {204: "It is gone", **no, **gone}, upload),
        },
    }


def _sync() -> dict[str, Any]:
    """What hubs say to each other; each message is signed. `sync/DESIGN.md` sets out the bytes."""
    names = [*protocol.ALL, join.NAME]
    name = {**asks("name", where="path"), "schema": {"type": "string", "enum": names}}
    statuses = {200: "The signed answer", 400: "Not a message", 403: "Not from a hub that has joined", 413: "Too large"}
    away = {
        404: "No such message",
        429: "Enough for today; come back after Retry-After",
        503: "Many hubs are here; come back after Retry-After",
    }
    body = {"required": True, "content": BYTES}
    blob = {200: "The file", 206: "A range of it", 403: "Not from a hub that has joined", 404: "No such file"}
    sha256 = asks("sha256", where="path")
    return {
        "/sync/v1/{name}": {"post": {**does("One message", {**statuses, **away}, name), "requestBody": body}},
        "/sync/v1/blobs/{sha256}": {"get": does("One file of the shelf, for a hub that shows a ticket", blob, sha256)},
    }
