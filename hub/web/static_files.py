"""Our own static files: read once, packed once, addressed by their content so that browsers keep them for good.

A file of the folder is served as it stands; the files of a subfolder are served as one, in the order of their names.
"""

import hashlib
import mimetypes
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, request

from hub.web import packing

FOLDER = Path(__file__).parent / "static"
BUNDLES = {"css": "site.css", "js": "site.js"}
"""Subfolder → the name under which browsers get all of its files in one."""
FOR_GOOD = "public, max-age=31536000, immutable"

blueprint = Blueprint("static_files", __name__)


@dataclass(frozen=True)
class Asset:
    """One static file in memory."""

    name: str
    body: bytes
    kind: str
    digest: str
    _packed: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)

    @property
    def is_worth_packing(self) -> bool:
        """Whether it gets smaller."""
        return packing.is_text(self.kind) and len(self.body) >= packing.LEAST_BYTES

    def packed(self, way: str) -> bytes:
        """The file's bytes, packed as small as they get when they are first asked for."""
        if way not in self._packed:
            self._packed[way] = packing.FOR_KEEPING[way](self.body)
        return self._packed[way]


class Assets:
    """All static files of the program, by name."""

    def __init__(self, folder: Path = FOLDER) -> None:
        found = [*_files(folder), *(_joined(folder / part, name) for part, name in BUNDLES.items())]
        self._assets = {asset.name: asset for asset in found}

    def find(self, name: str) -> Asset | None:
        """The file of that name, or None."""
        return self._assets.get(name)

    def address(self, name: str) -> str:
        """Where browsers find the file; another content has another address. Raises KeyError for an unknown name."""
        return f"/static/{self._assets[name].digest}/{name}"


def asset(*names: str, folder: Path = FOLDER) -> Asset:
    """Files as one, named after the last, for another origin than that of the pages."""
    return _asset(names[-1], b"".join((folder / name).read_bytes() for name in names))


def for_good(found: Asset, digest: str) -> Response:
    """The answer with a file under the address that has its hash; 404 under any other."""
    if digest != found.digest:
        abort(404)
    response = Response(found.body, content_type=_typed(found.kind))
    response.headers["Cache-Control"] = FOR_GOOD
    return response


def _files(folder: Path) -> list[Asset]:
    return [_asset(path.name, path.read_bytes()) for path in sorted(folder.iterdir()) if path.is_file()]


def _joined(folder: Path, name: str) -> Asset:
    return _asset(name, b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()))


def _asset(name: str, body: bytes) -> Asset:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Asset(name, body, kind, hashlib.sha256(body).hexdigest()[:12])


@blueprint.get("/static/<digest>/<name>")
def send(digest: str, name: str) -> Response:
    """One static file; an address with an old hash gets the file too, but is not kept."""
    assets: Assets = current_app.extensions["assets"]
    asset = assets.find(name)
    if asset is None:
        abort(404)
    way = packing.way(request.accept_encodings) if asset.is_worth_packing else ""
    mark = f"{asset.digest}-{way}" if way else asset.digest
    if request.if_none_match.contains_weak(mark):
        response = Response(status=304)
    else:
        response = Response(asset.packed(way) if way else asset.body, content_type=_typed(asset.kind))
    response.set_etag(mark)
    if way and response.status_code != HTTPStatus.NOT_MODIFIED:
        response.headers["Content-Encoding"] = way
    if asset.is_worth_packing:
        response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = FOR_GOOD if digest == asset.digest else "no-cache"
    return response


def _typed(kind: str) -> str:
    return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind.endswith(("svg+xml", "javascript")) else kind
