"""Pictures of packages made lighter: which ones, when, and what a page may show of them.

A photo comes from a camera with some megabytes and is shown on a phone. When a package comes onto the shelf, a job
makes copies as wide as pages show them; until then, and wherever that does not work out, the picture is shown as it
came. The same job looks into PDFs, sounds and films for a picture that can stand for the package.
"""

import time
from collections.abc import Callable
from typing import Any

from content import covers
from content.errors import PicturesHeavy
from content.package import Manifest
from content.renditions import Renditions
from content.shapes import ALL_AGES
from hub import jobs, photos
from hub.node import Node
from hub.sentences import Sentence, sentence

JOB = "pictures"
PACKAGE, PHOTO = "package", "photo"
"""What a job is about: a package on the shelf, or the name of a photo."""
FOLDER = "renditions"
LEAST_BYTES = 6 * 1024
"""A picture that is smaller is light enough."""
PICTURES_MAX = 5_000
"""Pictures of one package that are made lighter; further ones are shown as they came."""
ROOM_BYTES = 64 * 1024 * 1024
"""Room that is left on the disk for the records."""
TURN_S = 120.0
"""How long the job works before others have their turn."""
SAY_S = 5.0
"""How often the job says how far it is, and hears whether the hub stops."""
READ_HERE = ("lesson", "quiz", "pictures")
"""Kinds of items whose pictures stand on pages of our own."""


def renditions(node: Node) -> Renditions:
    """Where this hub keeps the lighter copies."""
    return Renditions(node.home / FOLDER)


def shown(manifest: Manifest) -> list[str]:
    """The hashes of a package's pictures that our own pages may show and that are worth making lighter, each once.

    Covers and the pictures of parts and abilities; and all others where lessons, quizzes or albums are on our
    pages. What an activity or a book shows comes from a page of its own.
    """
    tried = _tried(manifest)
    named = {*tried, *(each.picture for each in manifest.items)}
    named |= {each.picture for each in manifest.competencies}
    has_pages = any(item.kind in READ_HERE for item in manifest.items)
    found = {
        entry.sha256: None
        for path, entry in sorted(manifest.files.items())
        if (has_pages or path in named) and path.lower().endswith(covers.PICTURES) and entry.size >= LEAST_BYTES
    }
    own = [photos.sha256(manifest.photo)] if manifest.photo else []
    return [*own, *_looked_into(manifest), *list(found)[:PICTURES_MAX]]


def cover(node: Node, manifest: Manifest) -> str:
    """The path of the file whose picture stands for a package as somebody sees it; "" when none has one, or not yet."""
    store = renditions(node)
    for path in covers.tried(manifest):
        if covers.is_picture(path) or store.copies(manifest.files[path].sha256):
            return path
    return ""


def _looked_into(manifest: Manifest) -> list[str]:
    """The hashes of PDFs, sounds and films that may carry a cover, each once."""
    return list(dict.fromkeys(manifest.files[path].sha256 for path in _tried(manifest) if not covers.is_picture(path)))


def _tried(manifest: Manifest) -> list[str]:
    """From what a cover can be made, for whoever sees the package."""
    views = {id(view): view for view in (manifest, *(manifest.shown_from(age) for age in ALL_AGES))}
    return list(dict.fromkeys(path for view in views.values() for path in covers.tried(view)))


def ask(node: Node, manifest: Manifest) -> None:
    """Ask that a package's pictures be made lighter, when some are not yet. Safe to repeat."""
    store = renditions(node)
    if any(not store.is_done(sha256) for sha256 in shown(manifest)):
        jobs.add(node, JOB, arguments={PACKAGE: manifest.id})


def ask_photo(node: Node, name: str) -> None:
    """Ask that a photo be made lighter. Safe to repeat."""
    jobs.add(node, JOB, arguments={PHOTO: name})


def make(node: Node, arguments: dict[str, Any], say: Callable[[Sentence], None]) -> Sentence:
    """Do the job: make the copies that are missing; return what came of it. Raises PicturesHeavy when the disk is full.

    `say` is told how far it is. Safe to repeat: what was made before a cut is not made again. After a while it asks for
    the rest anew, so that other work has its turn.
    """
    manifest, photo, wanted = _asked(node, arguments)
    store = renditions(node)
    looked_into = _looked_into(manifest) if manifest else []
    unread, began, said = 0, time.monotonic(), time.monotonic()
    for number, sha256 in enumerate(wanted):
        if manifest and time.monotonic() - began >= TURN_S:
            ask(node, manifest)
            return _so_far(number, wanted)
        if time.monotonic() - said >= SAY_S:
            say(_so_far(number, wanted))
            said = time.monotonic()
        if node.shelf.free_bytes() < ROOM_BYTES:
            raise PicturesHeavy
        is_own = sha256 == photos.sha256(photo)
        source = photos.path(node, photo) if is_own else node.shelf.blob_path(sha256)
        unread += not store.make(sha256, source) and sha256 not in looked_into
    if unread:
        return sentence(
            "Pictures are light now; %(unread)s of %(total)s could not be read and are shown as they came.",
            unread=unread,
            total=len(wanted),
        )
    return sentence("Pictures are light now: %(total)s.", total=len(wanted))


def _asked(node: Node, arguments: dict[str, Any]) -> tuple[Manifest | None, str, list[str]]:
    """The package, the photo ("" for none) and the hashes that a job is about; nothing once they are gone."""
    if PHOTO in arguments:
        name = str(arguments[PHOTO])
        return None, name, [photos.sha256(name)] if photos.served(node, name) else []
    manifest = node.shelf.standing(str(arguments[PACKAGE]))
    photo = manifest.photo if manifest and photos.served(node, manifest.photo) else ""
    hashes = shown(manifest) if manifest else []
    lost = manifest and manifest.photo and not photo
    return manifest, photo, hashes[1:] if lost else hashes


def mend(node: Node) -> None:
    """At the worker's start: clear what is left over, and ask for what is missing, as after a restore or an update."""
    prune(node)
    for manifest in node.shelf.list():
        ask(node, manifest)


def prune(node: Node) -> None:
    """Throw away the copies of pictures that no package shows any more; all is kept while a package is damaged."""
    if not node.shelf.damaged():
        own = {photos.sha256(name) for name in photos.named(node)}
        renditions(node).prune({*own, *(sha256 for manifest in node.shelf.list() for sha256 in shown(manifest))})


def look_again(node: Node) -> None:
    """Give pictures that could not be read another chance."""
    renditions(node).look_again()
    mend(node)


def _so_far(done: int, wanted: list[str]) -> Sentence:
    return sentence("%(done)s of %(total)s pictures are light now.", done=done, total=len(wanted))
