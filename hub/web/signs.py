"""What no request may hold: the sign NUL. No text has it, and PostgreSQL keeps it nowhere."""

from flask import abort, request
from werkzeug.datastructures import MultiDict

from hub.web.forms import SAFE_METHODS, is_machine_door

NUL = "\0"


def refuse() -> None:
    """Refuse it before any view: no page has such an address (404), nothing takes such words (400).

    Bodies at the doors of machines are read there, as bytes.
    """
    if NUL in request.path:
        abort(404)
    if _has(request.args):
        abort(400)
    if request.method in SAFE_METHODS or is_machine_door(request.path):
        return
    if _has(request.form) or any(NUL in (sent.filename or "") for sent in request.files.values()):
        abort(400)


def _has(words: MultiDict[str, str]) -> bool:
    return any(NUL in name or NUL in value for name, value in words.items(multi=True))
