"""From which of its files a package can get a picture that stands for it, where nobody named one. Pure.

What is found is worked out anew whenever it is asked for and stands in no manifest, so that packages stay what their
publishers made them, and those that have stood for long get a cover too.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

from content.package import Manifest

PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp")
TRIED_MAX = 4
"""Files that are tried for one cover."""
NAMES = ("cover", "front", "poster", "thumbnail", "thumb", "preview", "folder", "screenshot", "icon", "logo")
"""How other programs name the picture that stands for the whole; the better one first."""
DEPTH_MAX = 3
"""Folders deep in which such a name means the whole."""
LOOKED_INTO = ("pdf", "audio", "video")
"""Kinds of items that may carry a picture within their one file."""
_READ = ("lesson", "quiz")
LEAST_BYTES = 6 * 1024
"""A picture in a lesson that is smaller is a sign or an ornament."""


def tried(manifest: Manifest) -> Iterator[str]:
    """The paths of files from which a cover can be made, the best first: pictures, and files that may carry one.

    What is named as the cover comes first. Each stands in the files of the package. What nobody asks for is not looked
    for: a package may have ten thousand files.
    """
    seen: dict[str, None] = {}
    for path in _found(manifest):
        if path in manifest.files and path not in seen:
            seen[path] = None
            yield path
            if len(seen) == TRIED_MAX:
                return


def is_picture(path: str) -> bool:
    """Whether a file is shown as it is."""
    return path.lower().endswith((*PICTURES, ".svg"))


def _found(manifest: Manifest) -> Iterator[str]:
    yield manifest.cover
    yield from (item.picture for item in manifest.items if item.picture)
    yield from _named(manifest)
    yield from (path for item in manifest.items if item.kind == "video" for path in _beside(item.path))
    yield from (item.path for item in manifest.items if item.kind == "pictures")
    yield from [item.path for item in manifest.items if item.kind in LOOKED_INTO][: TRIED_MAX - 1]
    if any(item.kind in _READ for item in manifest.items):
        yield from _inside(manifest)


def _named(manifest: Manifest) -> list[str]:
    """Pictures whose name says that they stand for the whole, the best name and the outermost first."""
    found = []
    for path in manifest.files:
        name, depth = path.lower().rpartition("/")[2], path.count("/") + 1
        if depth <= DEPTH_MAX and name.endswith(PICTURES) and (stem := name.rpartition(".")[0]) in NAMES:
            found.append((NAMES.index(stem), depth, path))
    return [path for _, _, path in sorted(found)]


def _beside(film: str) -> list[str]:
    """A picture under the same name."""
    stem = PurePosixPath(film).with_suffix("").as_posix()
    return [f"{stem}{ending}" for ending in PICTURES]


def _inside(manifest: Manifest) -> list[str]:
    """The first picture of lessons and quizzes."""
    found = (
        path for path, entry in manifest.files.items() if path.lower().endswith(PICTURES) and entry.size >= LEAST_BYTES
    )
    return sorted(found)[:1]
