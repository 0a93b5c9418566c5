"""What somebody could put on the shelf, looked at without copying a byte: what a librarian reads before choosing."""

import hashlib
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from content.checks import check_draft
from content.draft import Draft, LeftOut, pieces
from content.formats import describe, known
from content.limits import DEFAULT, MIB, Limits
from content.package import Manifest
from content.remote import called
from content.shelf import Shelf

NEW, SAME, ALIKE, NEWER, OLDER = "new", "same", "alike", "newer", "older"
"""Against what stands on the shelf: not there; the same; of the same names and sizes, and too large to be read for a
list; a version that would replace one; a version that a later one replaced."""
READ_BYTES = 64 * MIB
"""How much of one package is read to compare it: a stick gives that in seconds."""


@dataclass(frozen=True)
class Offer:
    """One thing that could be put on the shelf. `needed_bytes` is what it would take there, at most; `stands` is the id
    of what stands there of it, "" where `standing` is NEW."""

    title: str
    language: str
    licence: str
    version: int
    kinds: tuple[str, ...]
    files: int
    size_bytes: int
    needed_bytes: int
    remote: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    standing: str
    stands: str


def is_package(folder: Path) -> bool:
    """Whether a folder is one thing, so that what lies in it is not offered by itself."""
    return any(each.recognise(folder) for each in known())


def look(shelf: Shelf, source: Path, limits: Limits = DEFAULT) -> Offer:
    """Look at a file or folder. Raises the ContentError with which it would be refused."""
    with closing(describe(source, limits)) as draft:
        check_draft(draft, limits)
        manifest, size = draft.manifest, sum(origin.size for origin in draft.origins.values())
        (standing, stands) = _standing(shelf, draft, size)
        return Offer(
            title=manifest.title,
            language=manifest.language,
            licence=manifest.licence,
            version=manifest.version,
            kinds=tuple(dict.fromkeys(item.kind for item in manifest.items)),
            files=len(draft.origins),
            size_bytes=size,
            needed_bytes=0 if standing in (SAME, OLDER) else size,
            remote=_remote(draft),
            left_out=draft.left_out,
            standing=standing,
            stands=stands,
        )


def _standing(shelf: Shelf, draft: Draft, size: int) -> tuple[str, str]:
    offered = draft.manifest
    if draft.named_by_content:
        found = [each for each in shelf.list() if each.id.startswith(f"{offered.id}-")]
        return next(((same, each.id) for each in found if (same := _same(draft, each, size))), (NEW, ""))
    here = shelf.standing(offered.id)
    if here is None:
        return NEW, ""
    if here.version != offered.version:
        return NEWER if here.version < offered.version else OLDER, here.id
    return _same(draft, here, size) or NEWER, here.id


def _same(draft: Draft, here: Manifest, size: int) -> str:
    """SAME or ALIKE when a package on the shelf has these files; "" when it has others."""
    if {path: origin.size for path, origin in draft.origins.items()} != {
        path: entry.size for path, entry in here.files.items()
    }:
        return ""
    if size > READ_BYTES:
        return ALIKE
    same = all(_hash(draft, path) == entry.sha256 for path, entry in here.files.items())
    return SAME if same else ""


def _hash(draft: Draft, path: str) -> str:
    origin, hasher = draft.origins[path], hashlib.sha256()
    for piece in pieces(origin, path=path, package=draft.manifest.title):
        hasher.update(piece)
    return hasher.hexdigest()


def _remote(draft: Draft) -> tuple[str, ...]:
    """The addresses that it would call, as far as it is looked into."""
    origins = draft.origins.items()
    return called((path, each.size, partial(draft.read, path, limit=READ_BYTES)) for path, each in origins)
