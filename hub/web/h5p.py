"""H5P content on the packages' origin: one page that plays it, and what it reports.

H5P's core comes from h5p-standalone. Which libraries stand before which is reckoned here, so that the page names all
scripts at once and a phone fetches them side by side. A page there has no origin: the content is played in the page
itself, since a frame inside of it could not be written into.
"""

import json
from functools import cache
from html import escape
from typing import Any, NamedTuple
from urllib.parse import quote

from flask import Blueprint, Response, abort, request
from flask_babel import force_locale, gettext

from content.errors import ContentError
from content.formats.h5p import KIND
from content.formats.h5p_libraries import CONTENT, Library, Whole
from content.package import Manifest
from hub import fetched, keys, seeing
from hub.errors import HubError, NotAllowed
from hub.learning import Opened, h5p
from hub.learning.h5p import Given
from hub.learning.scorm import Turn
from hub.web import content_origin, forewords, origins, static_files, tongues
from hub.web.here import node
from hub.web.scorm import GUEST, refuse
from hub.xapi.limits import limits

blueprint = Blueprint("h5p", __name__)

PLAYER = "h5p-standalone"
CORE, STYLE = "dist/frame.bundle.js", "dist/styles/h5p.css"
RUNTIME = ("shims.js", "h5p.js")
LOOK = "body{margin:0;background:#fff;color:#000;font-family:sans-serif}#h5p{padding:.5rem}"

blueprint.errorhandler(HubError)(refuse)
blueprint.errorhandler(ContentError)(refuse)


class _Where(NamedTuple):
    """What an address says: whose turn it is, and which item of which package."""

    turn: Turn | None
    opened: Opened


def is_here() -> bool:
    """Whether this program was built with what H5P needs."""
    return fetched.player(PLAYER) is not None


def address(opened: Opened) -> str:
    """Where an item runs for somebody who looks around, asked on the pages' origin."""
    return origins.content() + _door(GUEST, opened)


def address_for(person: str, opened: Opened, ticket: str) -> str:
    """Where an item runs for a learner, who begins with it now; `ticket` is theirs."""
    return origins.content() + _door(f"{ticket}.{h5p.begin(node(), person=person, opened=opened)}", opened)


@blueprint.get("/_h5p/<word>/<package>/<digest>/<item>/")
def show(word: str, package: str, digest: str, item: str) -> Response:
    """The page that plays it."""
    standing, player = node().shelf.manifest(package), fetched.player(PLAYER)
    manifest = seeing.marked(node(), standing, digest) if standing else None
    if manifest is None or player is None:
        abort(404)
    where = _where(word, manifest, item)
    whole, given = h5p.whole_of(node(), where.opened), h5p.open_for(node(), turn=where.turn, opened=where.opened)
    answer = Response(_page(where.opened, whole, player, _sitting(word, where, whole, given)))
    answer.headers["Cache-Control"] = "no-store"
    answer.headers.update(content_origin.shut(manifest))
    return answer


@blueprint.post("/_h5p/<word>/<package>/<digest>/<item>/")
def keep(word: str, package: str, digest: str, item: str) -> Response:
    """What the content reports of its learner; it may come from a version of the package that was replaced."""
    request.max_content_length = limits(node()).document_bytes
    manifest = node().shelf.manifest(package)
    where = _where(word, manifest, item) if manifest else abort(404)
    if where.turn is not None:
        h5p.keep(node(), turn=where.turn, opened=where.opened, report=h5p.read(request.get_data(cache=False)))
    return Response(status=204)


@blueprint.get("/_h5p.js/<digest>")
def runtime(digest: str) -> Response:
    """Our own script, which stands before H5P's."""
    return static_files.for_good(_runtime(), digest)


def _where(word: str, manifest: Manifest, item: str) -> _Where:
    """Raises KeyWrong, NotAllowed."""
    found = manifest.item(item)
    if found is None or found.kind != KIND:
        abort(404)
    opened = Opened(manifest, found)
    if word == GUEST:
        return _Where(None, opened)
    sealed, _, session = word.partition(".")
    ticket = keys.read_ticket(node(), sealed)
    if ticket.activity != opened.activity:
        raise NotAllowed("This was opened for another activity. Nothing was changed; open it again.")
    return _Where(Turn(ticket, session), opened)


def _door(word: str, opened: Opened) -> str:
    return f"/_h5p/{word}{_home(opened.manifest)}/{opened.item.id}/"


def _home(manifest: Manifest) -> str:
    return f"/{manifest.id}/{seeing.mark(node(), manifest)}"


def _base(opened: Opened) -> str:
    """Where the packages' origin has the folder with h5p.json, without a slash at its end."""
    return f"{_home(opened.manifest)}/{quote(h5p.base_of(opened))}".removesuffix("/")


def _sitting(word: str, where: _Where, whole: Whole, given: Given) -> dict[str, Any]:
    """What our script is told."""
    opened, base = where.opened, _base(where.opened)
    return {
        "activity": opened.activity,
        "base": base,
        "content": f"{base}/{CONTENT}",
        "library": str(whole.main.named),
        "fullscreen": whole.main.is_fullscreen,
        "directories": {_versioned(each): quote(each.folder) for each in whole.libraries},
        "styles": _addresses(opened, [path for each in whole.libraries for path in each.styles]),
        "scripts": _addresses(opened, [path for each in whole.libraries for path in each.scripts]),
        "title": opened.item.title,
        "remembered": given.remembered,
        "number": given.number,
        "heard": given.heard,
        "door": _door(word, opened) if where.turn else "",
        "words": _words(opened.manifest.language),
    }


def _versioned(library: Library) -> str:
    return f"{library.named.name}-{library.named.major}.{library.named.minor}"


def _addresses(opened: Opened, paths: list[str]) -> list[str]:
    return [f"{_base(opened)}/{quote(path)}" for path in paths]


def _page(opened: Opened, whole: Whole, player: fetched.Fetched, sitting: dict[str, Any]) -> str:
    language = opened.manifest.language
    styles = [player.address(STYLE), *sitting["styles"]]
    scripts = [player.address(CORE), *sitting["scripts"]]
    return "".join(
        (
            f'<!doctype html><html lang="{language}" dir="{tongues.direction(language)}"><head>',
            f'{forewords.in_html()}<meta charset="utf-8">',
            f'<meta name="viewport" content="width=device-width"><title>{escape(opened.item.title)}</title>',
            *(f'<link rel="stylesheet" href="{escape(each)}">' for each in styles),
            f'<style>{LOOK}</style><script src="/_h5p.js/{_runtime().digest}"',
            f' data-sitting="{escape(json.dumps(sitting))}"></script>',
            *(f'<script src="{escape(each)}"></script>' for each in scripts),
            '</head><body><main id="h5p"><div class="h5p-content" data-content-id="1"></div></main></body></html>',
        )
    )


def _words(language: str) -> dict[str, str]:
    """What H5P's core says by itself, in the content's language where we speak it, else in English."""
    with force_locale(tongues.fitting(language)):
        return {
            "fullscreen": gettext("Full screen"),
            "disableFullscreen": gettext("Leave full screen"),
            "confirmDialogHeader": gettext("Really?"),
            "confirmDialogBody": gettext("This cannot be taken back."),
            "confirmLabel": gettext("Yes"),
            "cancelLabel": gettext("No"),
            "close": gettext("Close"),
            "contentChanged": gettext("This was changed since you were here last."),
            "startingOver": gettext("You begin again from the start."),
            "failed": gettext("This did not open. What you did is safe; open it again."),
        }


@cache
def _runtime() -> static_files.Asset:
    return static_files.asset(*RUNTIME)
