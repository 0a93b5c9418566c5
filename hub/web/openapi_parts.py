"""Small parts that the OpenAPI document (`hub.web.openapi`) is made of."""

from typing import Any

TRUTH, TEXT, NUMBER = {"type": "boolean"}, {"type": "string"}, {"type": "integer", "minimum": 0}
UUID, TIME, IRI = (
    {"type": "string", "format": "uuid"},
    {"type": "string", "format": "date-time"},
    {"type": "string", "format": "uri"},
)
BYTES = {"application/octet-stream": {"schema": {"type": "string", "contentEncoding": "binary"}}}


def asks(name: str, shape: dict[str, Any] = TEXT, where: str = "query") -> dict[str, Any]:
    """A part of the address, or a header."""
    return {"name": name, "in": where, "schema": shape, **({"required": True} if where == "path" else {})}


def must(name: str, shape: dict[str, Any]) -> dict[str, Any]:
    """A part of the address that has to be there."""
    return {**asks(name, shape), "required": True}


def does(summary: str, statuses: dict[int, Any], *parameters: dict[str, Any]) -> dict[str, Any]:
    """One thing that can be asked, and how it is answered: a sentence for each status, or a whole response."""
    responses = {
        str(status): {"description": told} if isinstance(told, str) else told
        for status, told in sorted(statuses.items())
    }
    return {"summary": summary, "responses": responses, **({"parameters": list(parameters)} if parameters else {})}
