"""A ZIM file, as Kiwix has them: an encyclopaedia, a site or a textbook in one file, which stays one file here.

Title, language and the rest are what the file says of itself. Its own sum of all bytes (MD5) is compared while it is
copied, so that it is read once.
"""

import hashlib
import io
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

from content.draft import Draft, Origin, Stream, head, whole_file
from content.errors import N_, PackageDamaged, ZimSplit, ZimWithoutStart
from content.iso639 import language
from content.limits import MIB, Limits
from content.naming import UNKNOWN_LANGUAGE, language_of, named_after, slug, title_of
from content.package import Item, Manifest, is_language
from content.picture import size as picture_size
from content.shapes import is_day
from content.zim import CHECKSUM_BYTES, HEADER, MAGIC, Zim, header

KIND = "zim"
FILE_NAME = "archive.zim"
"""What the file is called in its package, whatever it was called on the stick: its pages' addresses begin so."""
COVER_NAME = "cover.png"
COVER_BYTES_MAX = 1 * MIB
PNG = b"\x89PNG\r\n\x1a\n"

TEXT_BYTES_MAX = 16 * 1024
"""One thing that a file says of itself; longer is no title and no name."""


_PART = re.compile(r"\.zim[a-z]{2}$", re.IGNORECASE)
_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
"""What shows nothing or turns what is shown."""


def recognise(source: Path) -> bool:
    """Whether `source` is a ZIM file, or a part of one."""
    return source.is_file() and (head(source, len(MAGIC)) == MAGIC or _PART.search(source.name) is not None)


def describe(source: Path, limits: Limits) -> Draft:
    """Describe a ZIM file. Raises ZimSplit, ZimFuture, ZimWithoutStart, PackageDamaged."""
    if _PART.search(source.name):
        raise ZimSplit(package=source.name)
    whole = whole_file(source)
    picture, zim = looked_into(source), Zim(source)
    origins = {FILE_NAME: Origin(open=lambda: _Summed(whole.open(), whole.size, source.name), size=whole.size)}
    if picture:
        origins[COVER_NAME] = Origin(open=lambda: io.BytesIO(picture), size=len(picture))
    return _draft(zim, source, origins)


def looked_into(source: Path) -> bytes:
    """The picture that a ZIM file has of itself, b"" for none. Raises ZimFuture, ZimWithoutStart, PackageDamaged."""
    zim = Zim(source)
    if not zim.main:
        raise ZimWithoutStart(package=source.name)
    picture = zim.illustration(COVER_BYTES_MAX)
    return picture if picture.startswith(PNG) and picture_size(picture) is not None else b""


def check(draft: Draft, item: Item, limits: Limits) -> None:
    """Check the beginning of a ZIM file that came in another package. Raises ZimFuture, PackageDamaged."""
    origin = draft.origins[item.path]
    file = origin.open()
    try:
        header(file.read(HEADER.size), origin.size, draft.manifest.title)
    finally:
        file.close()


def _draft(zim: Zim, source: Path, origins: Mapping[str, Origin]) -> Draft:
    told = {name: _told(zim, name) for name in ("Title", "Description", "Language", "Creator", "License", "Date")}
    title = told["Title"][:200] or title_of(source)
    cover = COVER_NAME if COVER_NAME in origins else ""
    name = _told(zim, "Name")
    manifest = Manifest(
        id=_id(name, _told(zim, "Flavour"), title),
        work=_id(name, "", title),
        version=_version(told["Date"]),
        title=title,
        language=_language(told["Language"], source),
        items=(Item(id="item", kind=KIND, title=title, path=FILE_NAME, picture=cover),),
        files=MappingProxyType({}),
        source_format=KIND,
        summary=told["Description"][:4_000],
        licence=told["License"][:200],
        author=told["Creator"][:400],
        cover=cover,
        published=told["Date"][:10] if is_day(told["Date"][:10]) else "",
    )
    return Draft(manifest=manifest, origins=MappingProxyType(dict(origins)), named_by_content=not name)


def _told(zim: Zim, name: str) -> str:
    """A text that a file says of itself, on one line and without what is not seen."""
    text = zim.metadata(name, TEXT_BYTES_MAX).decode("utf-8", "replace")
    return " ".join(_HIDDEN.sub(" ", text).split())


def _id(name: str, flavour: str, title: str) -> str:
    """Editions of one work keep their id, so that a newer one takes the place of the older."""
    if not name:
        return slug(title)
    full = f"{name} {flavour}".strip()
    return named_after(full, full)


def _version(day: str) -> int:
    """The day as a number, 20261124; 1 when none is told."""
    try:
        return int(date.fromisoformat(day[:10]).strftime("%Y%m%d"))
    except ValueError:
        return 1


def _language(told: str, source: Path) -> str:
    """The first of its languages: the format names the main one first."""
    code = language(told.split(",")[0].strip())
    if is_language(code):
        return code
    by_name = language_of(source)
    return by_name if is_language(by_name) else UNKNOWN_LANGUAGE


class _Summed:
    """A file that is summed up while it is read, and held against its own sum at its end."""

    def __init__(self, file: Stream, size: int, package: str) -> None:
        self._file, self._package = file, package
        self._left, self._last = size - CHECKSUM_BYTES, b""
        self._sum = hashlib.md5(usedforsecurity=False)

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes, none at the end. Raises PackageDamaged at the end of a file that is not as it was."""
        piece = self._file.read(size)
        summed = piece[: max(0, self._left)]
        self._sum.update(summed)
        self._left -= len(summed)
        self._last += piece[len(summed) :]
        if not piece and self._last != self._sum.digest():
            raise PackageDamaged(package=self._package, why=N_("its bytes are not those it was made with"))
        return piece

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
