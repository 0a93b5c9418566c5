"""What somebody could put on the shelf, looked at without copying a byte: what a librarian reads before choosing."""

import hashlib
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from content.checks import check_draft
from content.draft import Draft, LeftOut, pieces
from content.formats import describe, known
from content.limits import DEFAULT, MIB, Limits
from content.package import Manifest
from content.remote import called
from content.shelf import Shelf

NEW, SAME, COPY, ALIKE, NEWER, OLDER = "new", "same", "copy", "alike", "newer", "older"
"""Against what stands on the shelf: not there; the same; the same files under another name; of the same sizes, and too
large to be read for a list; a version that would replace one; a version that a later one replaced."""
READ_BYTES = 64 * MIB
"""How much of one package is read to compare it: a stick gives that in seconds."""


@dataclass(frozen=True)
class Offer:
    """One thing that could be put on the shelf. `needed_bytes` is what it would take there, at most; `stands` is the id
    of what stands there of it, "" where `standing` is NEW, and `called` its title where it stands there under another
    name. Only things of one `shape` can hold the same files."""

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
    called: str
    shape: str


def is_package(folder: Path) -> bool:
    """Whether a folder is one thing, so that what lies in it is not offered by itself."""
    return any(each.recognise(folder) for each in known())


def look(shelf: Shelf, source: Path, limits: Limits = DEFAULT) -> Offer:
    """Look at a file or folder. Raises the ContentError with which it would be refused."""
    with closing(describe(source, limits)) as draft:
        check_draft(draft, limits)
        manifest, size = draft.manifest, sum(origin.size for origin in draft.origins.values())
        (standing, here, is_called_so) = _standing(shelf, draft, size)
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
            stands=here.id if here else "",
            called=here.title if here and not is_called_so else "",
            shape=shape(draft),
        )


def shape(draft: Draft) -> str:
    """How many files and how large, whatever these are called: 64 hex digits."""
    return _digest(str(each) for each in _sizes(draft))


def contents(source: Path, limits: Limits = DEFAULT) -> str:
    """What two things have in common that hold the same files, whatever these are called: 64 hex digits.

    "" for more than is read for a list. Raises the ContentError with which it would be refused.
    """
    with closing(describe(source, limits)) as draft:
        is_read = sum(_sizes(draft)) <= READ_BYTES
        return _digest(sorted(_hash(draft, path) for path in draft.origins)) if is_read else ""


def _standing(shelf: Shelf, draft: Draft, size: int) -> tuple[str, Manifest | None, bool]:
    """Against the shelf, what stands there, and whether under the name of the draft."""
    offered, read = draft.manifest, cache(partial(_hash, draft))
    if not draft.named_by_content and (here := shelf.standing(offered.id)):
        if here.version != offered.version:
            return NEWER if here.version < offered.version else OLDER, here, True
        return _same(draft, here, size, read) or NEWER, here, True
    found = shelf.list()
    for here in found if draft.named_by_content else ():
        if here.id.startswith(f"{offered.id}-") and (same := _same(draft, here, size, read)):
            return same, here, True
    other = next((here for here in found if _is_copy(draft, here, size, read)), None)
    return (ALIKE if size > READ_BYTES else COPY) if other else NEW, other, False


def _same(draft: Draft, here: Manifest, size: int, read: Callable[[str], str]) -> str:
    """SAME or ALIKE when a package on the shelf has these files; "" when it has others."""
    if {path: origin.size for path, origin in draft.origins.items()} != {
        path: entry.size for path, entry in here.files.items()
    }:
        return ""
    if size > READ_BYTES:
        return ALIKE
    same = all(read(path) == entry.sha256 for path, entry in here.files.items())
    return SAME if same else ""


def _is_copy(draft: Draft, here: Manifest, size: int, read: Callable[[str], str]) -> bool:
    """Whether a package on the shelf has the same files, called as they may; those of a large one are not read."""
    if len(here.files) != len(draft.origins) or _sizes(draft) != sorted(each.size for each in here.files.values()):
        return False
    if size > READ_BYTES:
        return True
    return sorted(map(read, draft.origins)) == sorted(each.sha256 for each in here.files.values())


def _sizes(draft: Draft) -> list[int]:
    return sorted(origin.size for origin in draft.origins.values())


def _digest(words: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def _hash(draft: Draft, path: str) -> str:
    origin, hasher = draft.origins[path], hashlib.sha256()
    for piece in pieces(origin, path=path, package=draft.manifest.title):
        hasher.update(piece)
    return hasher.hexdigest()


def _remote(draft: Draft) -> tuple[str, ...]:
    """The addresses that it would call, as far as it is looked into."""
    origins = draft.origins.items()
    return called((path, each.size, partial(draft.read, path, limit=READ_BYTES)) for path, each in origins)
