"""An H5P package (.h5p): a task, a set of them or a small course, with the libraries that play it.

Its files come along as they are; `hub/web/h5p.py` plays them. What H5P itself takes no notice of (loose files beside
h5p.json, names that begin with a dot or a low line) is not part of a package.
"""

import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from types import MappingProxyType
from typing import Any

from content.archive import Archive, is_litter, is_zip, names, top_folder
from content.draft import Draft, LeftOut, Origin, read_small
from content.errors import N_, ManifestWrong, PackageUnsafe
from content.formats import h5p_libraries as libraries
from content.formats.h5p_libraries import ABOUT, Inside, Whole
from content.limits import Limits
from content.naming import UNKNOWN_LANGUAGE, language_of, slug, title_of
from content.package import Item, Manifest, is_language

KIND = "h5p"
FOLDER = "content/"
IN_CONTENT = frozenset(
    ("json", "txt", "md", "textile", "csv", "diff", "patch", "vtt", "webvtt", "pdf", "rtf", "gltf", "glb", "swf")
    + ("png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "svg", "eot", "ttf", "woff", "woff2", "otf")
    + ("webm", "mp4", "ogg", "mp3", "m4a", "wav")
    + ("doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "odp")
)
IN_LIBRARIES = IN_CONTENT | {"js", "css"}
"""Endings of files that H5P takes, as its own list has them."""
COVERS = ("image/jpeg", "image/png", "image/webp")
TEXT_CHARS_MAX = 20_000

FRAMES = N_("pages of other places that are shown inside need the internet")
FILMS = N_("films from YouTube and the like need the internet")
LISTENING = N_("listening through the microphone does not work here")
CAMERA = N_("looking through the camera does not work here")
AWAY = {
    **dict.fromkeys(("H5P.IFrameEmbed", "H5P.TwitterUserFeed", "H5P.FacebookPageFeed", "H5P.AppearIn"), FRAMES),
    **dict.fromkeys(("H5P.AudioRecorder", "H5P.SpeakTheWords", "H5P.SpeakTheWordsSet"), LISTENING),
    **dict.fromkeys(("H5P.ARScavenger",), CAMERA),
}
"""Library → what is said of contents that use it."""
STREAMS = ("video/youtube", "video/vimeo", "video/panopto", "video/echo360")
"""Kinds of films that are no files, as H5P names them."""
CC_VERSION = "4.0"
LICENCES = {"U": "", "CC0 1.0": "CC0-1.0", "CC PDM": "Public Domain", "PD": "Public Domain", "C": "All rights reserved"}
LISTED_MAX = 200

_HIDDEN = re.compile(r"(?:^|/)[._]")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_SPOKEN = re.compile(r"[^\W\d_]")
_FILLED_IN = re.compile(r"[@:](?:score|total|current|num|ans)\b")
"""What H5P itself fills in: such a text is said by a button or a mark, and teaches nothing."""
_SILENT = frozenset(
    ("library", "subContentId", "path", "mime", "license", "licenseVersion", "licenseExtras", "contentType", "color")
    + ("copyright", "authors", "authorComments", "changes", "quality", "id", "defaultLanguage", "codecs", "source")
    + (
        "l10n",
        "UI",
        "override",
        "behaviour",
        "confirmCheck",
        "confirmRetry",
        "currentMenu",
        "themes",
        "type",
        "correct",
    )
)
"""Names in a content under which nothing stands that its reader learns from."""


def recognise(source: Path) -> bool:
    """Whether `source` is a zip with h5p.json."""
    if not is_zip(source):
        return False
    inside = names(source)
    return top_folder(inside) + ABOUT in inside


def describe(source: Path, limits: Limits) -> Draft:
    """Describe an H5P package. Raises H5pIncomplete, PackageIncomplete, PackageDamaged, PackageUnsafe and kin."""
    archive = Archive(source, limits)
    with archive.kept_open():
        origins = taken(archive.below(top_folder(archive.origins)), source.name)
        whole = libraries.load(inside_of(origins, source.name))
        manifest = _manifest(source, whole, origins)
    left_out = unfit(whole, source.name)
    return Draft(manifest, MappingProxyType(origins), True, left_out, close=archive.close)


def taken(found: Mapping[str, Origin], package: str) -> dict[str, Origin]:
    """The files that belong to a content. Raises PackageUnsafe for one of a kind that H5P does not take."""
    origins = {}
    for path, origin in found.items():
        if is_litter(path) or _HIDDEN.search(path) or ("/" not in path and path != ABOUT):
            continue
        allowed = IN_CONTENT if path.startswith(FOLDER) else IN_LIBRARIES
        if path.rpartition(".")[2].lower() not in allowed:
            raise PackageUnsafe(package=package, path=repr(path), why=N_("H5P takes no files of this kind"))
        origins[path] = origin
    return origins


def check(draft: Draft, item: Item, limits: Limits) -> None:
    """Look at a content inside a package of another kind.

    Raises ManifestWrong, H5pIncomplete, PackageIncomplete, PackageDamaged, PackageUnsafe and kin.
    """
    name, base = draft.manifest.title, item.path.removesuffix(ABOUT)
    if base + ABOUT != item.path or (base and not base.endswith("/")):
        raise ManifestWrong(where=name, why='the "path" of an item of the kind "h5p" must lead to its h5p.json')
    below = {path[len(base) :]: origin for path, origin in draft.origins.items() if path.startswith(base)}
    libraries.load(inside_of(taken(below, name), name))


def inside_of(origins: Mapping[str, Origin], package: str) -> Inside:
    """The files of a content that is on its way to the shelf."""
    limit = libraries.JSON_BYTES_MAX
    return Inside(origins, lambda path: read_small(origins[path], path=path, package=package, limit=limit), package)


def unfit(whole: Whole, package: str) -> tuple[LeftOut, ...]:
    """What a content does that cannot work here."""
    said = [AWAY[each.named.name] for each in whole.libraries if each.named.name in AWAY]
    streams = [value for name, value in libraries.values(whole.content, package) if name == "mime"]
    said += [FILMS for each in streams if isinstance(each, str) and each.lower() in STREAMS]
    return tuple(LeftOut(what, ()) for what in dict.fromkeys(said))


def cover(whole: Whole, paths: Mapping[str, Any], package: str) -> str:
    """The first picture of a content, as a path from the folder that holds h5p.json; "" for none."""
    for _, value in libraries.values(whole.content, package):
        if isinstance(value, dict) and isinstance(value.get("mime"), str) and value["mime"] in COVERS:
            path = f"{FOLDER}{value.get('path')}"
            if path in paths:
                return path
    return ""


def texts(content: object, package: str) -> str:
    """The words of a content that its reader sees: what is asked, told and offered, without their HTML."""
    words, waiting = [], [("", content)]
    libraries.values(content, package)
    while waiting:
        name, value = waiting.pop()
        if name in _SILENT:
            continue
        if isinstance(value, dict):
            waiting += reversed(value.items())
        elif isinstance(value, list):
            waiting += [(name, each) for each in reversed(value)]
        elif isinstance(value, str) and _SPOKEN.search(value) and not _FILLED_IN.search(value):
            words.append(plain(value))
    return "\n".join(filter(None, dict.fromkeys(words)))[:TEXT_CHARS_MAX]


def plain(text: str) -> str:
    """A text without its HTML, on one line."""
    sound = unescape(_TAG.sub(" ", text[:TEXT_CHARS_MAX])).replace("\0", "")
    return " ".join(sound.encode("utf-8", "replace").decode().split())


def _manifest(source: Path, whole: Whole, origins: Mapping[str, Origin]) -> Manifest:
    about, told = whole.about, title_of(source)
    title = _said(about.get("title")) or told
    languages = (about.get("language"), about.get("defaultLanguage"))
    language = next((each for each in languages if isinstance(each, str) and is_language(each)), UNKNOWN_LANGUAGE)
    picture = cover(whole, origins, source.name)
    return Manifest(
        id=slug(title),
        work=slug(title),
        version=1,
        title=title,
        language=language_of(source) if language == UNKNOWN_LANGUAGE else language,
        items=(Item(id="item", kind=KIND, title=title, path=ABOUT, picture=picture),),
        files=MappingProxyType({}),
        source_format=KIND,
        licence=licence(about),
        author=_authors(about),
        cover=picture,
    )


def licence(about: Mapping[str, Any]) -> str:
    """The licence of a content as packages name it; "" when it is not told."""
    code, version = _said(about.get("license")), _said(about.get("licenseVersion"))
    if code in LICENCES:
        return LICENCES[code]
    if code.startswith("CC BY"):
        return f"{code.replace(' ', '-')}-{version.split()[0] if version else CC_VERSION}"
    return f"{code} {version}".strip()


def _authors(about: Mapping[str, Any]) -> str:
    told = about.get("authors")
    names_ = [_said(each.get("name")) for each in told if isinstance(each, dict)] if isinstance(told, list) else []
    return ", ".join(dict.fromkeys(filter(None, names_)))[:LISTED_MAX]


def _said(value: object) -> str:
    return plain(value)[:LISTED_MAX] if isinstance(value, str) else ""
