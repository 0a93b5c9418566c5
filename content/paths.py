"""Which names a file inside a package may have.

Blobs are stored under their hash, so a name never touches the disk; but it becomes part of an address, of an
export and of a page, and a name that climbs out, hides something or differs only in case is a trap somewhere.
"""

import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

from content.errors import N_, PackageTooLarge, PackageUnsafe
from content.limits import DEFAULT, Limits

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories that show nothing or turn what is shown; Cs is what is not UTF-8 on the disk."""

_JOINERS = "\u200c\u200d"
"""Zero-width joiners: ordinary spelling in Persian and in the scripts of India."""


def check_path(path: str, *, package: str, limits: Limits = DEFAULT) -> str:
    """Return `path` unchanged when it is a safe relative path with forward slashes.

    `package` is the name used in the sentence. Raises PackageUnsafe.
    """
    why = _why_unsafe(path, limits)
    if why:
        raise PackageUnsafe(package=package, path=repr(path[:120]), why=why)
    return path


def check_paths(paths: Iterable[str], *, package: str, limits: Limits = DEFAULT) -> None:
    """Check each path, their number, and that no two of them are one file or one name on another system.

    Raises PackageUnsafe, or PackageTooLarge as soon as there is one path too many.
    """
    seen: set[str] = set()
    folders: set[str] = set()
    for count, path in enumerate(paths, start=1):
        if count > limits.files:
            raise PackageTooLarge(
                package=package, what=N_("its number of files"), found=f"{count} or more", limit=limits.files
            )
        check_path(path, package=package, limits=limits)
        plain = _plain(path)
        if plain in seen:
            why = N_("the same name is used twice, if case is ignored")
            raise PackageUnsafe(package=package, path=repr(path), why=why)
        seen.add(plain)
        folders.update(_plain(str(folder)) for folder in PurePosixPath(path).parents)
    for path in seen & folders:
        raise PackageUnsafe(package=package, path=repr(path), why=N_("it is a file and a folder at once"))


def inside(folder: str, path: str) -> str | None:
    """Join `path`, as written in a file that lies in `folder`, to a path inside the package.

    Both use forward slashes; `folder` is "" at the top. Returns None when the result would lie outside.
    """
    parts: list[str] = []
    for part in f"{folder}/{path}".split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts) or None


def _why_unsafe(path: str, limits: Limits) -> str:
    """Say why a path is refused, or nothing."""
    if any(unicodedata.category(letter) in _HIDDEN and letter not in _JOINERS for letter in path):
        return N_("its name holds a character that cannot be seen or is not UTF-8")
    if "\\" in path or path.startswith("/") or path[1:2] == ":":
        return N_("its name starts at the top of a disk")
    parts = path.split("/")
    if ".." in parts or "." in parts or "" in parts:
        return N_("its name leads out of the package")
    if len(parts) > limits.depth:
        return f"it lies more than {limits.depth} folders deep"
    longest = max(len(part.encode()) for part in parts)
    if len(path.encode()) > limits.path_bytes or longest > limits.name_bytes:
        return N_("its name is too long")
    return ""


def _plain(path: str) -> str:
    """One spelling for all names that some file system takes for the same."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
