"""SCORM content on the packages' origin: its pages with the interface in them, and what they report.

A page there has no origin of its own, so it can look for the interface nowhere but in its own window. Each page is
served with two scripts before its own, and with the data that is kept of this learner. The ticket is a part of the
address, so that a page which leads to another of the same content takes it along; everything but pages is served from
the package's plain address, where it is kept for good.
"""

import hashlib
import json
from functools import cache
from html import escape
from typing import NamedTuple
from urllib.parse import quote

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from content.errors import ContentError
from content.formats.scorm_manifest import OLDER
from content.package import Manifest
from hub import fetched, keys, seeing
from hub.errors import DocumentTooLarge, HubError, InputWrong, KeyWrong, NotAllowed, NotFound
from hub.learning import Opened, scorm
from hub.learning.scorm import Turn
from hub.web import content_origin, forewords, origins, static_files
from hub.web.errors import status_of
from hub.web.here import node
from hub.xapi.limits import limits

blueprint = Blueprint("scorm", __name__)

PLAYER = "scorm-again"
SCRIPTS = {OLDER: "dist/scorm12.min.js"}
"""Edition → the player's file; of all others NEWER_SCRIPT."""
NEWER_SCRIPT = "dist/scorm2004.min.js"
RUNTIME = ("shims.js", "scorm.js")
GUEST = "guest"
"""What stands in the address where a ticket would: somebody looks around, and nothing is kept."""
PAGES = (".html", ".htm", ".xhtml")
PAGE_BYTES_MAX = 8 * 1024 * 1024
"""A page above this is data in disguise, and goes out as it is."""
STATUS = ((KeyWrong, 403), (NotAllowed, 403), (DocumentTooLarge, 413), (NotFound, 404), (InputWrong, 400))


class _Where(NamedTuple):
    """What an address says: whose turn it is, and which item of which package."""

    word: str
    turn: Turn | None
    opened: Opened


def is_here() -> bool:
    """Whether this program was built with what SCORM needs."""
    return fetched.player(PLAYER) is not None


def address(opened: Opened) -> str:
    """Where an item runs for somebody who looks around, asked on the pages' origin."""
    return _address(opened, GUEST)


def address_for(person: str, opened: Opened, ticket: str) -> str:
    """Where an item runs for a learner, who begins with it now; `ticket` is theirs."""
    return _address(opened, f"{ticket}.{scorm.begin(node(), person=person, opened=opened)}")


@blueprint.get("/_sco/<word>/<package>/<digest>/<item>/<path:path>")
def show(word: str, package: str, digest: str, item: str, path: str) -> AnyResponse:
    """A page of the content with the interface in it; any other file is found at its plain address."""
    standing = node().shelf.manifest(package)
    manifest = seeing.marked(node(), standing, digest) if standing else None
    where = _where(word, manifest, item)
    entry = manifest.files.get(path) if manifest else None
    if manifest is None or entry is None:
        abort(404)
    player, plain = fetched.player(PLAYER), f"/{manifest.id}/{digest}/{quote(path)}"
    if not path.lower().endswith(PAGES) or entry.size > PAGE_BYTES_MAX or player is None:
        return redirect(plain, 307)
    given = scorm.open_for(node(), turn=where.turn, opened=where.opened)
    page = node().shelf.read(manifest, path)
    kind = "application/xhtml+xml" if path.lower().endswith(".xhtml") else "text/html"
    first = forewords.foreword(page, kind, _scripts(where, player, given))
    if first is None:
        return redirect(plain, 307)
    body = first.into(page)
    answer = Response(body, content_type=f"{kind}; charset={first.encoding}")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers.update(content_origin.shut(manifest))
    answer.set_etag(hashlib.sha256(body).hexdigest())
    return answer


@blueprint.post("/_sco/<word>/<package>/<digest>/<item>/")
def keep(word: str, package: str, digest: str, item: str) -> Response:
    """What the content reports of its learner; it may come from a version of the package that was replaced."""
    request.max_content_length = limits(node()).document_bytes
    where = _where(word, node().shelf.manifest(package), item)
    if where.turn is None:
        return Response(status=204)
    report = scorm.read(request.get_data(cache=False))
    scorm.keep(node(), turn=where.turn, opened=where.opened, report=report)
    return Response(status=204)


@blueprint.get("/_sco.js/<digest>")
def runtime(digest: str) -> Response:
    """Our own script of the interface."""
    return static_files.for_good(_runtime(), digest)


@blueprint.errorhandler(HubError)
@blueprint.errorhandler(ContentError)
def refuse(mistake: Exception) -> Response:
    """One sentence, as plain text: it stands inside a frame, or a script reads it."""
    status = 500 if isinstance(mistake, ContentError) else status_of(mistake, STATUS)
    return Response(f"{mistake}\n", status, content_type="text/plain; charset=utf-8")


def _where(word: str, manifest: Manifest | None, item: str) -> _Where:
    """What an address says of a package, as whoever was given it sees that. Raises KeyWrong, NotAllowed."""
    found = manifest.item(item) if manifest else None
    if manifest is None or found is None or found.kind != "scorm":
        abort(404)
    opened = Opened(manifest, found)
    if word == GUEST:
        return _Where(word, None, opened)
    sealed, _, session = word.partition(".")
    ticket = keys.read_ticket(node(), sealed)
    if ticket.activity != opened.activity:
        raise NotAllowed("This was opened for another activity. Nothing was changed; open it again.")
    return _Where(word, Turn(ticket, session), opened)


def _address(opened: Opened, word: str) -> str:
    base = _base(word, opened.manifest, opened.item.id)
    return f"{origins.content()}{base}{quote(opened.item.path)}{scorm.query_of(node(), opened)}"


def _base(word: str, manifest: Manifest, item: str) -> str:
    return f"/_sco/{word}/{manifest.id}/{seeing.mark(node(), manifest)}/{item}/"


def _scripts(where: _Where, player: fetched.Fetched, given: scorm.Given) -> str:
    """What stands before a page's own scripts."""
    base = _base(where.word, where.opened.manifest, where.opened.item.id)
    sitting = {
        "edition": given.edition,
        "cmi": given.cmi,
        "isRunning": given.is_running,
        "number": given.number,
        "session": hashlib.sha256(base.encode()).hexdigest()[:32],
        "commit": base if where.turn else "",
    }
    own, told = f"/_sco.js/{_runtime().digest}", escape(json.dumps(sitting))
    source = player.address(SCRIPTS.get(given.edition, NEWER_SCRIPT))
    return f'<script src="{source}"></script><script src="{own}" data-sitting="{told}"></script>'


@cache
def _runtime() -> static_files.Asset:
    return static_files.asset(*RUNTIME)
