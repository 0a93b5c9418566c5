"""Whoever keeps the shelf chooses what picture stands for a work: a photo, one from within, or what it came with."""

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from content import covers
from content.worn import PHOTO
from hub import library, photos, worn
from hub.errors import HubError, InputWrong
from hub.web import words
from hub.web.files import media_address
from hub.web.guards import needs
from hub.web.here import node
from hub.web.library import SHELF_KEEPERS, page_number
from hub.web.pages import page, say
from hub.web.pictures import COVER_BYTES_MAX, thumb

blueprint = Blueprint("covering", __name__, url_prefix="/library")

PAGE_PICTURES = 24
FILMS_SHOWN = 3
"""Films of which a picture can be taken on the page; each is a player."""


@blueprint.get("/<package>/cover/")
@needs(*SHELF_KEEPERS)
def ask(package: str, problem: str = "") -> Response:
    """The cover of a work, and what could stand in its place."""
    here, manifest, number = node(), library.package(node(), package), page_number()
    paths = [path for path in sorted(manifest.files) if covers.is_picture(path)]
    shown = paths[(number - 1) * PAGE_PICTURES : number * PAGE_PICTURES]
    films = [item for item in manifest.items if item.kind == "video"][:FILMS_SHOWN]
    return page(
        "library/cover.html",
        status=400 if problem else 200,
        problem_text=problem,
        package=manifest,
        is_ours="cover" in worn.mended(here, package),
        pictures=[(path, thumb(here, manifest, path, most=COVER_BYTES_MAX)) for path in shown],
        films=[(item.title, media_address(manifest, item.path)) for item in films],
        kinds=",".join(f"image/{ending}" for ending in ("jpeg", "png", "webp", "gif")),
        number=number,
        more=number + 1 if len(paths) > number * PAGE_PICTURES else 0,
    )


@blueprint.post("/<package>/cover/")
@needs(*SHELF_KEEPERS)
def change(package: str) -> AnyResponse:
    """Put another picture in its place, or take ours back."""
    try:
        has_changed = library.put_cover(node(), package, _chosen())
    except HubError as mistake:
        return ask(package, words.said(mistake))
    say(_("It has this cover now, everywhere on this hub.") if has_changed else _("Nothing was changed."))
    return redirect(f"/library/{package}/cover/", 303)


def _chosen() -> str | None:
    """What the form chooses, as `content.worn` says a cover; None for what the work came with. Raises a HubError."""
    if "back" in request.form:
        return None
    if path := request.form.get("path", ""):
        return path
    return PHOTO + photos.keep(node(), sent_photo())


def sent_photo() -> bytes:
    """The photo of a form, taken or chosen, as it came. Raises InputWrong."""
    sent = next((each for name in ("camera", "file") if (each := request.files.get(name)) and each.filename), None)
    if sent is None:
        raise InputWrong("Take a photo or choose a picture first. Nothing was changed.")
    return sent.stream.read(photos.BYTES_MAX + 1)
