"""Lessons as they stand on a page: Markdown made into HTML, its links led to where things are for whoever looks."""

from markupsafe import Markup

from content import lesson
from content.package import Manifest
from hub import seeing
from hub.learning import Opened
from hub.web.aloud import lesson_sounds
from hub.web.files import media_address
from hub.web.here import node, viewer
from hub.web.pictures import measured


def written(opened: Opened) -> Markup:
    """A lesson as it stands on a page."""
    return rendered(opened.manifest, lesson.read(node().shelf.read(opened.manifest, opened.item.path)))


def rendered(manifest: Manifest, text: str) -> Markup:
    """A text of a package as it stands on a page."""
    here = node()

    def link(path: str) -> str:
        return _inside(manifest, path)

    sounds = lesson_sounds(manifest.language)
    return Markup(lesson.render(text, link, measured(here, manifest), sounds, elsewhere))  # noqa: S704 - cleaned by nh3


def elsewhere(target: str) -> str:
    """Where a link to another work of the shelf leads, or to one item of it; "" when it is not here."""
    package, _slash, name = target.partition("/")
    found = node().shelf.standing(package)
    manifest = seeing.seen(node(), found, viewer()) if found else None
    if manifest is None or (name and manifest.item(name) is None):
        return ""
    return f"/learn/{package}/{name}/" if name else f"/library/{package}/"


def _inside(manifest: Manifest, path: str) -> str:
    """Where a path of the package leads: another item to its page, anything else to its file.

    A picture is a picture, also where an album begins with it.
    """
    item = next((each for each in manifest.items if each.path == path and each.kind != "pictures"), None)
    if item is not None:
        return f"/learn/{manifest.id}/{item.id}/"
    return media_address(manifest, path) if path in manifest.files else ""
