"""A SCORM package, 1.2 or 2004: content of authoring tools that keeps its place and reports how it went.

Each part of its table of contents becomes an item. Its files come along as they are, the manifest included: that is
read again when a part is opened, for what the content is told at its start. How it runs is in `hub/web/scorm.py`.
"""

import re
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType

from content.archive import Archive, is_litter, is_zip, names, top_folder
from content.draft import Draft, LeftOut, Origin, read_small
from content.errors import N_, ContentError
from content.formats import scorm_manifest
from content.formats.scorm_manifest import NAME, Course, Part
from content.limits import KIB, MIB, Limits
from content.naming import UNKNOWN_LANGUAGE, language_of, named_after, title_of
from content.package import Item, Manifest

XML_BYTES_MAX = 8 * MIB
"""A manifest above this would fill the memory; one of a thousand parts stays under 2 MiB."""
PEEK_BYTES = 64 * KIB
SCRIPT_BYTES_MAX = 2 * MIB
SEARCHED_BYTES_MAX = 64 * MIB
"""Scripts and pages that are searched for what cannot work here; what lies beyond is taken as it is."""
FORMATS = {scorm_manifest.OLDER: "scorm_1_2", scorm_manifest.NEWER: "scorm_2004"}

FRAMES = N_("pages in frames are kept apart from each other; where they call each other, nothing may be recorded")
WINDOWS = N_("parts that open a window of their own stay in the frame")

_FRAME = re.compile(rb"<i?frame\b(?![^>]*\bsrc\s*=\s*[\"']?(?:https?:|//))", re.IGNORECASE)
_CALLS_UP = re.compile(rb"\b(?:window\.)?(?:parent|top)\.(?!API|postMessage|location|close|focus)[A-Za-z_$][\w$]*\s*\(")
_WINDOW = re.compile(rb"\bwindow\.open\s*\(")


def recognise(source: Path) -> bool:
    """Whether `source` is a zip with a manifest of ADL's."""
    if not is_zip(source):
        return False
    inside = names(source)
    path = top_folder(inside) + NAME
    if path not in inside:
        return False
    try:
        with zipfile.ZipFile(source) as archive, archive.open(path) as file:
            return scorm_manifest.is_ours(file.read(PEEK_BYTES))
    except Exception:  # noqa: BLE001 - a zip breaks in many ways, and opening it with care says which
        return False


def describe(source: Path, limits: Limits) -> Draft:
    """Describe a SCORM package. Raises PackageDamaged, PackageUnsafe, PackageTooLarge and kin."""
    archive = Archive(source, limits)
    with archive.kept_open():
        found = archive.below(top_folder(archive.origins))
        origins = {path: origin for path, origin in found.items() if not is_litter(path)}
        read = partial(_read, origins, source.name)
        told = scorm_manifest.course(_whole(origins[NAME], NAME, source.name), source.name, read)
        manifest = _manifest(source, told)
        left_out = told.notes.left_out() + unfit(origins, source.name)
    return Draft(manifest, MappingProxyType(origins), left_out=left_out, close=archive.close)


def part_of(manifest: Manifest, item: Item, read: Callable[[str], bytes]) -> tuple[str, Part]:
    """The edition of a package on the shelf, and how one of its items is started.

    Raises ContentError when its own manifest cannot be read any more.
    """
    told = scorm_manifest.course(read(NAME), manifest.title)
    return told.edition, next((each for each in told.parts if each.id == item.id), told.parts[0])


def _manifest(source: Path, told: Course) -> Manifest:
    title = told.about.title[:200] or title_of(source)
    name = named_after(title, told.identifier)
    language = told.about.language or language_of(source)
    return Manifest(
        id=name,
        work=name,
        version=1,
        title=title,
        language=language or UNKNOWN_LANGUAGE,
        items=tuple(Item(each.id, each.kind, each.title or title, each.path, each.minutes) for each in told.parts),
        files=MappingProxyType({}),
        source_format=FORMATS[told.edition],
        summary=told.about.summary,
        licence=told.about.licence,
    )


def _whole(origin: Origin, path: str, package: str) -> bytes:
    return read_small(origin, path=path, package=package, limit=XML_BYTES_MAX)


def _read(origins: Mapping[str, Origin], package: str, path: str) -> bytes | None:
    """The bytes of a small file beside the manifest, or None."""
    try:
        return _whole(origins[path], path, package) if path in origins else None
    except ContentError:
        return None


def unfit(origins: Mapping[str, Origin], package: str) -> tuple[LeftOut, ...]:
    """What its pages and scripts do that cannot work where every page is shut in by itself."""
    has_frames = calls_up = opens = False
    left = SEARCHED_BYTES_MAX
    for path in sorted(origins):
        is_page, is_script = path.lower().endswith((".html", ".htm", ".xhtml")), path.lower().endswith(".js")
        size = origins[path].size
        if not (is_page or is_script) or size > min(SCRIPT_BYTES_MAX, left):
            continue
        left -= size
        data = read_small(origins[path], path=path, package=package, limit=SCRIPT_BYTES_MAX)
        has_frames |= is_page and bool(_FRAME.search(data))
        calls_up |= bool(_CALLS_UP.search(data))
        opens |= is_page and bool(_WINDOW.search(data))
    found = {FRAMES: has_frames and calls_up, WINDOWS: opens}
    return tuple(LeftOut(what, ()) for what, is_so in found.items() if is_so)
