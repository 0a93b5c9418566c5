"""What was spoken or photographed in what is decided together: taken out of a form, and sent to who may look."""

from flask import Blueprint, Response, abort, request

from hub import clips
from hub.web.decisions import ADDRESS, only_for_those_here
from hub.web.files import KINDS, Blob, send
from hub.web.here import node

blueprint = Blueprint("clips", __name__, url_prefix=f"{ADDRESS}/clip")
blueprint.before_request(only_for_those_here)


@blueprint.get("/<name>")
def show(name: str) -> Response:
    """One of them; a browser keeps it, since its name is its hash."""
    found, kind = clips.served(node(), name), KINDS.get(name.rpartition(".")[2], "")
    if found is None or not kind:
        abort(404)
    return send(Blob(lambda: found.open("rb"), found.stat().st_size, name, kind))


def spoken() -> str:
    """The name of the sound that came with the form; "" for none. Raises InputWrong or StorageFull."""
    data = _sent("sound")
    return clips.keep_sound(node(), data) if data else ""


def shown() -> str:
    """The name of the photo that came with the form; "" for none. Raises InputWrong or StorageFull."""
    data = _sent("photo")
    return clips.keep_photo(node(), data) if data else ""


def _sent(name: str) -> bytes:
    file = request.files.get(name)
    return file.stream.read() if file is not None and file.filename else b""
