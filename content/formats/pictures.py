"""Pictures: one picture, or an album, which is a folder or zip of pictures in the order in which people count.

`page2` stands before `page10`. Words for pictures stand beside them in `captions.txt`: a file name, a tab, a text, one
picture a line. An album with folders in it becomes one part for each folder.
"""

import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from content.archive import Archive, is_litter, is_zip, names, top_folder
from content.draft import Draft, Origin, head, whole_file
from content.errors import (
    N_,
    CaptionWrong,
    ContentError,
    LessonWrong,
    ManifestWrong,
    PackageDamaged,
    PackageIncomplete,
    PackageTooLarge,
    PackageUnsafe,
    PictureMisnamed,
    PictureUnshown,
)
from content.formats import outlines
from content.formats.exported import MANIFEST_NAME
from content.formats.folder import walk
from content.limits import Limits
from content.naming import language_of, slug, title_of
from content.package import Item, Manifest

KIND = "pictures"
CAPTIONS = "captions.txt"
CAPTION_CHARS_MAX = 1_000
"""Characters of one caption: a paragraph under a picture; more is a lesson."""

Read = Callable[[str], bytes]


@dataclass(frozen=True)
class Picture:
    """One picture of an album; `number` counts from 1, `caption` may be ""."""

    number: int
    path: str
    caption: str


def recognise(source: Path) -> bool:
    """Whether `source` is a picture, or a folder or zip with nothing but pictures and their captions."""
    if source.is_dir():
        return _is_album(_names_below(source))
    if is_zip(source):
        return _is_album(names(source))
    return bool(outlines.named(source.name) or outlines.kind(head(source, outlines.HEAD_BYTES)))


def describe(source: Path, limits: Limits) -> Draft:
    """Describe a picture or an album. Raises PictureUnshown, PictureMisnamed, PackageTooLarge and kin."""
    if source.is_dir():
        return _draft(source, dict(walk(source, limits)))
    if is_zip(source):
        archive = Archive(source, limits)
        with archive.kept_open():
            draft = _draft(source, archive.below(top_folder(archive.origins)))
        return replace(draft, close=archive.close)
    kind = outlines.kind(head(source, outlines.HEAD_BYTES))
    if kind:
        _check_name(source.name, kind)
    return _draft(source, {source.name: whole_file(source)})


def check(draft: Draft, item: Item, limits: Limits) -> None:
    """Look at each picture of an album, and at its captions. Raises the ContentError that names what is wrong."""
    paths = _beside(draft.origins, item.path)
    if item.path not in paths:
        raise ManifestWrong(where=draft.manifest.title, why=f'"{item.path}" is no picture that can be shown')
    if len(paths) > limits.pictures:
        what = N_("its number of pictures")
        raise PackageTooLarge(package=draft.manifest.title, what=what, found=len(paths), limit=limits.pictures)
    for path in paths:
        _check_picture(draft, path, limits)
    for path in _captions_beside(draft.origins, item.path):
        _captions(draft.read(path, limit=limits.text_bytes), where=path, paths=paths)


def album(manifest: Manifest, item: Item, read: Read) -> list[Picture]:
    """The pictures of an item in their order, each with its caption: those in the folder of the item's path.

    `read` gives the bytes of a path inside the package; captions that cannot be read are left out.
    """
    paths = _beside(manifest.files, item.path) or [item.path]
    told: dict[str, str] = {}
    for path in _captions_beside(manifest.files, item.path):
        try:
            told = _captions(read(path), where=path, paths=paths)
        except ContentError:
            continue
    return [Picture(number, path, told.get(path, "")) for number, path in enumerate(paths, start=1)]


def in_order(paths: Iterable[str]) -> list[str]:
    """Paths as people count: digits by their value, in any script, letters without case; folder by folder."""
    return sorted(paths, key=_place)


def _place(path: str) -> tuple[list[list[int | str]], str]:
    parts = path.split("/")
    counted = [_counted(part) for part in (*parts[:-1], PurePosixPath(parts[-1]).stem)]
    return counted, path


def _counted(name: str) -> list[int | str]:
    """Words and numbers by turns, words at even places."""
    plain = unicodedata.normalize("NFC", name).casefold()
    return [int(part) if place % 2 else part for place, part in enumerate(re.split(r"(\d+)", plain))]


def _is_album(paths: Iterable[str]) -> bool:
    has_picture = False
    for path in paths:
        if is_litter(path) or _is_beside(path):
            continue
        if not (outlines.named(path) or _unshown(path)):
            return False
        has_picture = True
    return has_picture


def _is_beside(path: str) -> bool:
    """Whether a path is no picture and yet no stranger: captions, and the note that a hub packs with an album."""
    return path.rpartition("/")[2].casefold() in (CAPTIONS, MANIFEST_NAME)


def _unshown(path: str) -> str:
    return outlines.UNSHOWN.get(path.rpartition(".")[2].lower(), "")


def _names_below(top: Path) -> Iterator[str]:
    """The paths of all files below `top`, as a zip would name them; links are not followed."""
    for folder, folders, files in os.walk(top):
        folders[:] = sorted(each for each in folders if not is_litter(each))
        yield from (Path(folder, each).relative_to(top).as_posix() for each in sorted(files))


def _draft(source: Path, origins: Mapping[str, Origin]) -> Draft:
    kept = {path: origin for path, origin in origins.items() if not is_litter(path) and path != MANIFEST_NAME}
    for path in kept:
        if unshown := _unshown(path):
            raise PictureUnshown(path=path, kind=unshown)
    items = _items(source, in_order(path for path in kept if outlines.named(path)))
    title = _title(source)
    manifest = Manifest(
        id=slug(title),
        work=slug(title),
        version=1,
        title=title,
        language=language_of(_called(source)),
        items=items,
        files=MappingProxyType({}),
        source_format=KIND,
        cover=items[0].path,
    )
    return Draft(manifest=manifest, origins=MappingProxyType(kept), named_by_content=True)


def _items(source: Path, paths: list[str]) -> tuple[Item, ...]:
    """One item for each folder that holds pictures, in their order."""
    first: dict[str, str] = {}
    for path in paths:
        first.setdefault(_folder(path), path)
    if len(first) == 1:
        return (Item(id="item", kind=KIND, title=_title(source), path=paths[0], picture=paths[0]),)
    return tuple(
        Item(f"part-{number}", KIND, _title(Path(folder)) if folder else _title(source), path, picture=path)
        for number, (folder, path) in enumerate(first.items(), start=1)
    )


def _title(source: Path) -> str:
    return title_of(_called(source))


def _called(source: Path) -> Path:
    """A name whose ending may go: a folder has none, and a dot in it is part of its name."""
    is_file = outlines.named(source.name) or source.suffix.lower() in (".zip", ".cbz")
    return Path(source.name) if is_file else Path(f"{source.name}.{KIND}")


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _beside(files: Iterable[str], path: str) -> list[str]:
    """The pictures in the folder of a path, in their order."""
    folder = _folder(path)
    return in_order(each for each in files if _folder(each) == folder and outlines.named(each))


def _captions_beside(files: Iterable[str], path: str) -> list[str]:
    """The captions in the folder of a path, as a list of one or none."""
    folder = _folder(path)
    return [each for each in files if _folder(each) == folder and each.rpartition("/")[2].casefold() == CAPTIONS][:1]


def _captions(data: bytes, *, where: str, paths: list[str]) -> dict[str, str]:
    """The text of each picture by its path. Raises LessonWrong, CaptionWrong, PackageIncomplete."""
    try:
        lines = data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as problem:
        raise LessonWrong(where=where) from problem
    known = {_plain(path.rpartition("/")[2]): path for path in paths}
    told: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        name, tab, words = line.partition("\t")
        path, text = known.get(_plain(name), ""), _shown(words)
        if not tab or path in told or len(text) > CAPTION_CHARS_MAX:
            raise CaptionWrong(where=where, line=number, limit=CAPTION_CHARS_MAX)
        if not path:
            raise PackageIncomplete(package=where, path=_shown(name)[:120])
        told[path] = text
    return told


def _plain(name: str) -> str:
    """One spelling for names that people take for the same."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name.strip()).casefold())


def _shown(text: str) -> str:
    """Text on one line, without signs that show nothing (Cc)."""
    return " ".join("".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text).split())


def _check_picture(draft: Draft, path: str, limits: Limits) -> None:
    """Look at one picture: how large, what it is, whether it is whole. Raises a ContentError."""
    found = draft.origins[path].size
    most = limits.text_bytes if outlines.named(path) == "SVG" else limits.picture_bytes
    if found > most:
        raise PackageTooLarge(package=draft.manifest.title, what=path, found=found, limit=most)
    data = draft.read(path, limit=most)
    kind = outlines.kind(data)
    if not kind:
        raise PackageDamaged(package=path, why=N_("it is no picture, whatever its name says"))
    _check_name(path, kind)
    if not outlines.is_whole(data):
        raise PackageDamaged(package=path, why=N_("it was cut short"))
    if not outlines.is_still(data):
        raise PackageUnsafe(package=draft.manifest.title, path=path, why=N_("it is a drawing that unfolds by itself"))
    sides = outlines.size(data)
    if sides is None:
        raise PackageDamaged(package=path, why=N_("its width and height are missing or beyond measure"))
    if kind != "SVG" and sides[0] * sides[1] > limits.picture_pixels:
        what, pixels = N_("its number of pixels"), sides[0] * sides[1]
        raise PackageTooLarge(package=path, what=what, found=pixels, limit=limits.picture_pixels)


def _check_name(path: str, kind: str) -> None:
    """Refuse a picture of a kind that is not shown everywhere, and one that its name calls another kind."""
    if kind in outlines.UNSHOWN.values():
        raise PictureUnshown(path=path, kind=kind)
    if outlines.named(path) != kind:
        ending = next(each for each, meant in outlines.ENDINGS.items() if meant == kind)
        raise PictureMisnamed(path=path, kind=kind, ending=ending)
