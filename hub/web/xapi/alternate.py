"""The alternate request syntax of xAPI 1.0.3 (part 3, 1.3): a method with its headers and body sent inside a form.

Browsers that could not send headers to another origin put them into a POST with `?method=PUT` in its address. Here
such a request is turned into the plain one that it stands for, before anything else looks at it, so that every
resource takes it. xAPI 2.0 has no such thing.
"""

from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Request

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

DOOR = "/xapi/"
WORD = "method"
METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE")
FORM = "application/x-www-form-urlencoded"
FORM_BYTES_MAX = 8 * 1024 * 1024
"""The whole form; a body of half that size whose signs are all written with three fits nearly."""
FIELDS_MAX = 40
"""No resource has half as many words, with all headers."""
HEADERS = {
    name.lower(): name
    for name in (
        *("Authorization", "X-Experience-API-Version", "Content-Type", "Content-Length", "If-Match", "If-None-Match"),
        *("Accept", "Accept-Language"),
    )
}
"""Fields of the form that are headers, as the standard lists them, and how an answer is wished for."""
CONTENT = "content"
MISTAKE = "mangrove.alternate_mistake"
"""Where in the environment it stands why a form is none; whoever answers says so."""


def unfolded(environ: "WSGIEnvironment") -> "WSGIEnvironment":
    """The plain request, which is most often the same."""
    if environ["REQUEST_METHOD"] == "POST" and environ.get("QUERY_STRING"):
        asked = parse_qsl(environ["QUERY_STRING"], keep_blank_values=True)
        if any(name == WORD for name, _ in asked):
            _unfold(environ, asked)
    return environ


def _unfold(environ: "WSGIEnvironment", asked: list[tuple[str, str]]) -> None:
    """Turn a folded request into a plain one, or note why it cannot be."""
    try:
        _refuse_newer(environ)
        method = _method(asked)
        fields = _fields(environ)
        _set_headers(environ, fields)
        _refuse_newer(environ)
        _set_body(environ, method, fields)
        environ["REQUEST_METHOD"], environ["QUERY_STRING"] = method, urlencode(fields)
    except RequestEntityTooLarge:
        environ[MISTAKE] = ""
    except ValueError as mistake:
        environ[MISTAKE] = str(mistake)


def _refuse_newer(environ: "WSGIEnvironment") -> None:
    """The version may stand in the headers or in the form; wherever 2.0 stands, there is no folding."""
    if environ.get("HTTP_X_EXPERIENCE_API_VERSION", "").startswith("2"):
        raise ValueError("xAPI 2.0 has no method inside another; send the request plainly")


def _method(asked: list[tuple[str, str]]) -> str:
    if len(asked) != 1 or asked[0][1] not in METHODS:
        raise ValueError(f"an address with {WORD} says nothing else, and names one of {', '.join(METHODS)}")
    return asked[0][1]


def _fields(environ: "WSGIEnvironment") -> dict[str, str]:
    """The fields of the form. Raises ValueError, or RequestEntityTooLarge."""
    request = Request(environ, populate_request=False)
    request.max_content_length = FORM_BYTES_MAX
    if request.mimetype != FORM:
        raise ValueError(f"a request with {WORD} in its address has a form as its body ({FORM})")
    text = request.get_data(cache=False).decode()
    pairs = parse_qsl(
        text, keep_blank_values=True, strict_parsing=bool(text), max_num_fields=FIELDS_MAX, errors="strict"
    )
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a field stands twice in the form")
    return fields


def _set_headers(environ: "WSGIEnvironment", fields: dict[str, str]) -> None:
    """Move the fields that are headers to where headers are; the form's own type and length are gone."""
    del environ["CONTENT_TYPE"]
    for field in list(fields):
        name = HEADERS.get(field.lower())
        if name is None:
            continue
        value = fields.pop(field)
        if not value.isascii() or not value.isprintable():
            raise ValueError(f"{name} cannot be a header")
        key = name.upper().replace("-", "_")
        environ[key if key.startswith("CONTENT_") else f"HTTP_{key}"] = value


def _set_body(environ: "WSGIEnvironment", method: str, fields: dict[str, str]) -> None:
    """Let the content be the body. Its length is counted, whatever the form says of it."""
    content = fields.pop(CONTENT, None)
    if (content is None) == (method in ("PUT", "POST")):
        raise ValueError(f"{method} {'needs' if content is None else 'has no'} {CONTENT}")
    body = (content or "").encode()
    if content is not None:
        environ.setdefault("CONTENT_TYPE", "application/json")
    environ["CONTENT_LENGTH"], environ["wsgi.input"] = str(len(body)), BytesIO(body)
