"""Pictures of packages on our pages: the lighter copies that suit the screen, or the picture as it came.

For other pages: `measured` for the pictures of a lesson, `photo` for one in a template, `thumb` for the address of a
small one in a list; `cover_of` and `cover_thumb` for what stands for a package: a picture from it, else a drawing
(`drawn`).
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, abort
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from content import covers, picture
from content.package import Manifest
from content.picture import Sides, Size
from content.renditions import LIGHT, PLAIN, Copy
from hub import library, photos, pictures
from hub.governance.belonging import welcomes_guests
from hub.node import Node
from hub.web import drawn
from hub.web.files import KINDS, STILL, Blob, kind_of, media_address, send
from hub.web.guards import lead_to_sign_in
from hub.web.here import node, viewer

blueprint = Blueprint("pictures", __name__, url_prefix="/library")

COVER_BYTES_MAX = 24 * 1024
"""A larger cover without a lighter copy is not shown in a list: two dozen would be most of a first view."""
SOURCE_WIDTH = 720
"""What a browser is given that does not choose for itself: the widest plain copy up to this."""
PLACES = {
    "column": picture.COLUMN,
    "asked": "(min-resolution: 2.5dppx) 15rem, 22rem",
    "option": "(max-width: 46rem) 44vw, 12rem",
    "album": "(min-resolution: 2.5dppx) and (max-width: 46rem) 61vw, (max-width: 46rem) 92vw, 44rem",
    "cover": "11rem",
    "small": "4rem",
}
"""Where a picture stands → how wide it is there, as `sizes` has it."""


@blueprint.before_request
def only_for_guests_where_welcome() -> AnyResponse | None:
    """The same door as that of the library's pages."""
    return None if viewer() or welcomes_guests(node()) else lead_to_sign_in()


@blueprint.get("/<package>/pictures/<sha256>/<name>")
def show(package: str, sha256: str, name: str) -> Response:
    """A lighter copy of a picture of a package."""
    manifest = library.package_for(node(), package, viewer())
    path = pictures.renditions(node()).path(sha256, name) if sha256 in _hashes(manifest) else None
    if path is None:
        abort(404)
    return send(Blob(lambda: path.open("rb"), path.stat().st_size, f"{sha256}-{name}", KINDS[path.suffix[1:]]))


def measured(here: Node, manifest: Manifest) -> Callable[[str], Sides | Size | None]:
    """A function from the path of a picture to its sides and lighter copies, or None."""

    def measure(path: str) -> Sides | Size | None:
        entry = manifest.files.get(path)
        if entry is None:
            return None
        found = pictures.renditions(here).copies(entry.sha256)
        return _sides(manifest, entry.sha256, found) if found else _size(here, entry.sha256)

    return measure


@blueprint.get("/<package>/photo/<name>")
def photograph(package: str, name: str) -> Response:
    """The photo that stands in the cover's place."""
    manifest = library.package_for(node(), package, viewer())
    path = photos.served(node(), name) if name == manifest.photo else None
    if path is None:
        abort(404)
    return send(Blob(lambda: path.open("rb"), path.stat().st_size, name, KINDS[path.suffix[1:]]))


@blueprint.get("/<package>/cover.svg")
def draw(package: str) -> Response:
    """The drawing that stands for a package without a picture."""
    manifest = library.package_for(node(), package, viewer())
    answer = Response(drawn.alone(manifest), content_type=KINDS["svg"])
    answer.headers["Content-Security-Policy"] = STILL
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@dataclass(frozen=True)
class Stands:
    """What stands for a package: the hash under which its lighter copies lie, and the picture itself.

    `address` is "" for what carries a picture and is none, whose copies are there then; `size` is in bytes.
    """

    sha256: str
    address: str
    kind: str
    size: int


def cover(here: Node, manifest: Manifest) -> Stands | None:
    """What stands for a package as somebody sees it; None when a drawing does."""
    found = photos.served(here, manifest.photo)
    if found:
        address = f"/library/{manifest.id}/photo/{found.name}"
        return Stands(photos.sha256(found.name), address, KINDS[found.suffix[1:]], found.stat().st_size)
    path = pictures.cover(here, manifest)
    if not path:
        return None
    entry, is_picture = manifest.files[path], covers.is_picture(path)
    address = media_address(manifest, path) if is_picture else ""
    return Stands(entry.sha256, address, kind_of(manifest, path, KINDS) if is_picture else "", entry.size)


@blueprint.app_template_global("cover_of")
def cover_of(manifest: Manifest, place: str = "cover") -> Markup:
    """What stands for a package, as wide as it stands in that place: a picture, else a drawing."""
    found = cover(node(), manifest)
    if found is None:
        drawing = Markup('<img class="cover" src="/library/{}/cover.svg" alt="" width="300" height="300">')
        return drawing.format(manifest.id)
    copies = pictures.renditions(node()).copies(found.sha256)
    sides = _sides(manifest, found.sha256, copies) if copies else None
    made = picture.tag(found.address, "", sides, shown=PLACES[place], css="cover", lazy=False)
    return Markup(made)  # noqa: S704 - its parts are escaped there


blueprint.add_app_template_global(drawn.small, "drawn")


def cover_thumb(here: Node, manifest: Manifest, *, most: int | None = None) -> str:
    """The address of a small picture that stands for a package; "" when it has none, or none so light."""
    found = cover(here, manifest)
    if found is None:
        return ""
    if copies := light(here, manifest, found.sha256):
        return copies[0][0]
    return found.address if most is None or found.size <= most else ""


def cover_address(here: Node, manifest: Manifest) -> str:
    """The address of the picture that stands for a package as large as it is; "" when it has none."""
    found = cover(here, manifest)
    return (found.address or light(here, manifest, found.sha256)[-1][0]) if found else ""


@blueprint.app_template_global("photo")
def photo(manifest: Manifest, path: str, place: str, css: str = "", label: str = "") -> Markup:
    """The picture at a path of a package, as wide as it stands in that place; "" when the package has none there."""
    if path not in manifest.files:
        return Markup("")
    sides = measured(node(), manifest)(path)
    made = picture.tag(media_address(manifest, path), label, sides, shown=PLACES[place], css=css, lazy=False)
    return Markup(made)  # noqa: S704 - its parts are escaped there


def thumb(here: Node, manifest: Manifest, path: str, *, most: int | None = None) -> str:
    """The address of a picture for a list: its narrowest copy that every browser reads, else the picture as it came.

    "" when there is no copy and the picture has more bytes than `most`.
    """
    entry = manifest.files[path]
    if found := light(here, manifest, entry.sha256):
        return found[0][0]
    return media_address(manifest, path) if most is None or entry.size <= most else ""


def light(here: Node, manifest: Manifest, sha256: str) -> list[tuple[str, Copy]]:
    """The copies of a picture that every browser reads, the narrowest first, each with its address; [] for none yet."""
    found = [each for each in pictures.renditions(here).copies(sha256) if each.ending in PLAIN]
    return [(_address(manifest, sha256, each), each) for each in found]


def _hashes(manifest: Manifest) -> set[str]:
    return {photos.sha256(manifest.photo), *(entry.sha256 for entry in manifest.files.values())}


def _sides(manifest: Manifest, sha256: str, found: tuple[Copy, ...]) -> Sides:
    """What a tag needs of the copies of one picture; its sides are those of the widest, which stands upright."""
    plain = [each for each in found if each.ending in PLAIN]
    source = max((each for each in plain if each.width <= SOURCE_WIDTH), key=lambda each: each.width, default=None)

    def listed(copies: list[Copy]) -> str:
        return ", ".join(f"{_address(manifest, sha256, each)} {each.width}w" for each in copies)

    return Sides(
        found[-1].width,
        found[-1].height,
        light=listed([each for each in found if each.ending == LIGHT]),
        plain=listed(plain),
        source=_address(manifest, sha256, source) if source else "",
    )


def _size(here: Node, sha256: str) -> Size | None:
    try:
        with here.shelf.blob_path(sha256).open("rb") as file:
            return picture.size(file.read(picture.HEAD_BYTES))
    except OSError:
        return None


def _address(manifest: Manifest, sha256: str, copy: Copy) -> str:
    return f"/library/{manifest.id}/pictures/{sha256}/{copy.name}"
