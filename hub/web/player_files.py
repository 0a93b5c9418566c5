"""Files of players from npm, on the packages' origin: their addresses carry a hash, so browsers keep them for good.

They run in the frames of packages, in nobody's name; the pages' own origin never loads them.
"""

from flask import Blueprint, Response, abort

from hub import fetched
from hub.web.files import KINDS, RUN_KINDS, Blob, send

blueprint = Blueprint("player_files", __name__)

SERVED = {**KINDS, **RUN_KINDS}


@blueprint.get("/_players/<name>/<digest>/<path:path>")
def show(name: str, digest: str, path: str) -> Response:
    """One file of a player; no package can have this address, since their names begin otherwise."""
    player = fetched.player(name)
    if player is None or path not in player.files or digest != player.digest[: fetched.DIGEST_CHARS]:
        abort(404)
    kind = SERVED.get(path.rpartition(".")[2].lower(), KINDS["txt"])
    file = player.files[path]
    return send(Blob(lambda: file.open("rb"), file.stat().st_size, f"{digest}-{path}", kind))
