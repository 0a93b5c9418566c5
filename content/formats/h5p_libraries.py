"""The libraries of an H5P package: which of them a content needs, whether they came along, and what they load in order.

The rules are those of H5P itself: a library has a folder with `library.json`, names its scripts and styles there, and
the libraries that must stand before it. The same is read when a package comes in and when it is played.
"""

import json
import posixpath
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from content.errors import N_, H5pIncomplete, PackageDamaged, PackageIncomplete, PackageTooLarge
from content.limits import MIB

ABOUT, CONTENT, LIBRARY = "h5p.json", "content/content.json", "library.json"
JSON_BYTES_MAX = 8 * MIB
"""A content.json above this would fill the memory; a whole course of tasks stays under 1 MiB."""
LIBRARIES_MAX = 300
"""Libraries of one content; H5P has some 150 in all."""
VALUES_MAX = 200_000
"""Values in one content.json."""
DEPTH_MAX = 64
"""Tables inside tables; tasks inside slides inside a course stay under 30."""

_NAME = re.compile(r"[A-Za-z][\w.-]{0,99}", re.ASCII)
_NAMED = re.compile(r"([A-Za-z][\w.-]{0,99}) (\d{1,4})\.(\d{1,4})", re.ASCII)


class Named(NamedTuple):
    """A library as others name it."""

    name: str
    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.name} {self.major}.{self.minor}"


@dataclass(frozen=True)
class Library:
    """A library that came along; its files are paths from the folder that holds h5p.json. `is_fullscreen` says that
    it wants a button which lets it fill the screen."""

    named: Named
    folder: str
    styles: tuple[str, ...]
    scripts: tuple[str, ...]
    is_fullscreen: bool


@dataclass(frozen=True)
class Inside:
    """The files of one H5P content, by paths from the folder of its h5p.json. `package` is its name in sentences."""

    paths: Collection[str]
    read: Callable[[str], bytes]
    package: str

    def table(self, path: str) -> dict[str, Any]:
        """A JSON file that must be a table. Raises PackageIncomplete, PackageDamaged, PackageTooLarge and kin."""
        if path not in self.paths:
            raise PackageIncomplete(package=self.package, path=path)
        try:
            found = json.loads(self.read(path))
        except (ValueError, RecursionError) as problem:
            raise PackageDamaged(package=self.package, why=N_("its JSON cannot be read")) from problem
        if not isinstance(found, dict):
            raise PackageDamaged(package=self.package, why=N_("its JSON is not what H5P asks for"))
        return found


@dataclass(frozen=True)
class Whole:
    """One content with everything it needs: what h5p.json says, the content itself, its main library, and all
    libraries in the order in which they are loaded."""

    about: dict[str, Any]
    content: dict[str, Any]
    main: Library
    libraries: tuple[Library, ...]


@dataclass
class _Finding:
    """Libraries that were found so far, in the order of loading; `met` are those that were asked for."""

    inside: Inside
    met: set[Named] = field(default_factory=set)
    found: dict[Named, Library] = field(default_factory=dict)


def load(inside: Inside) -> Whole:
    """Read a content and all its libraries.

    Raises H5pIncomplete when a library did not come along, PackageIncomplete, PackageDamaged, PackageTooLarge.
    """
    about, content = inside.table(ABOUT), inside.table(CONTENT)
    asked = _list(about.get("preloadedDependencies"), inside)
    main = next((each for each in asked if each.name == about.get("mainLibrary")), None)
    if main is None:
        raise PackageDamaged(package=inside.package, why=N_("its h5p.json does not say which library plays it"))
    finding = _Finding(inside)
    for named in [*asked, *_mentioned(content, inside.package)]:
        _find(finding, named)
    return Whole(about, content, finding.found[main], tuple(finding.found.values()))


def values(content: object, package: str) -> list[tuple[str, object]]:
    """Every value in a content with the name it stands under, tables and lists before what they hold, in order.

    Raises PackageTooLarge.
    """
    found: list[tuple[str, object]] = []
    waiting: list[tuple[str, object, int]] = [("", content, 0)]
    while waiting:
        name, value, depth = waiting.pop()
        found.append((name, value))
        if depth > DEPTH_MAX:
            raise PackageTooLarge(package=package, what=N_("the depth of its content"), found=depth, limit=DEPTH_MAX)
        if len(found) > VALUES_MAX:
            what = N_("the number of values in its content")
            raise PackageTooLarge(package=package, what=what, found=len(found), limit=VALUES_MAX)
        if isinstance(value, dict):
            waiting += [(key, each, depth + 1) for key, each in reversed(value.items())]
        elif isinstance(value, list):
            waiting += [(name, each, depth + 1) for each in reversed(value)]
    return found


def _mentioned(content: object, package: str) -> list[Named]:
    """The libraries that parts of a content name; h5p.json should list them all, and not every tool does."""
    told = (value for name, value in values(content, package) if name == "library" and isinstance(value, str))
    matches = (_NAMED.fullmatch(each) for each in dict.fromkeys(told))
    return [Named(match[1], int(match[2]), int(match[3])) for match in matches if match]


def _find(finding: _Finding, first: Named) -> None:
    """A library after those that it needs; of two that need each other the one that was asked for first comes last."""
    waiting: list[tuple[Named, Library | None]] = [(first, None)]
    while waiting:
        named, library = waiting.pop()
        if library is not None:
            finding.found[named] = library
        elif named not in finding.met:
            finding.met.add(named)
            if len(finding.met) > LIBRARIES_MAX:
                what, found = N_("the number of its libraries"), len(finding.met)
                raise PackageTooLarge(package=finding.inside.package, what=what, found=found, limit=LIBRARIES_MAX)
            library, needed = _opened(finding.inside, named)
            waiting.append((named, library))
            waiting += [(each, None) for each in reversed(needed)]


def _opened(inside: Inside, named: Named) -> tuple[Library, list[Named]]:
    folder = _folder(inside, named)
    told = inside.table(f"{folder}/{LIBRARY}")
    if (told.get("machineName"), _number(told.get("majorVersion"))) != (named.name, named.major):
        raise H5pIncomplete(package=inside.package, library=named)
    styles = _files(inside, folder, told.get("preloadedCss"))
    scripts = _files(inside, folder, told.get("preloadedJs"))
    library = Library(named, folder, styles, scripts, is_fullscreen=told.get("fullscreen") in (1, "1"))
    return library, _list(told.get("preloadedDependencies"), inside)


def _folder(inside: Inside, named: Named) -> str:
    """The folder of a library: with its version, as H5P writes it now, without, or with a patch number."""
    version = f"{named.name}-{named.major}.{named.minor}"
    for folder in (version, named.name):
        if f"{folder}/{LIBRARY}" in inside.paths:
            return folder
    patched = re.compile(rf"({re.escape(version)}\.\d{{1,6}})/{re.escape(LIBRARY)}")
    found = next((match[1] for path in inside.paths if (match := patched.fullmatch(path))), None)
    if found is None:
        raise H5pIncomplete(package=inside.package, library=named)
    return found


def _files(inside: Inside, folder: str, told: object) -> tuple[str, ...]:
    """Paths of what a library loads. Raises PackageIncomplete for one that is not there or lies outside."""
    found = []
    for each in told if isinstance(told, list) else ():
        path = each.get("path") if isinstance(each, dict) else None
        if not isinstance(path, str):
            raise PackageDamaged(package=inside.package, why=N_("its JSON is not what H5P asks for"))
        whole = posixpath.normpath(f"{folder}/{path}")
        if whole not in inside.paths or not whole.startswith(f"{folder}/"):
            raise PackageIncomplete(package=inside.package, path=f"{folder}/{path}"[:200])
        found.append(whole)
    return tuple(found)


def _list(told: object, inside: Inside) -> list[Named]:
    """A list of libraries as h5p.json and library.json have it; numbers may be written as texts."""
    found = []
    for each in told if isinstance(told, list) else ():
        table = each if isinstance(each, dict) else {}
        name, major, minor = (
            table.get("machineName"),
            _number(table.get("majorVersion")),
            _number(table.get("minorVersion")),
        )
        if not isinstance(name, str) or not _NAME.fullmatch(name) or major is None or minor is None:
            raise PackageDamaged(package=inside.package, why=N_("its JSON is not what H5P asks for"))
        found.append(Named(name, major, minor))
    return found


def _number(told: object) -> int | None:
    if isinstance(told, str) and re.fullmatch(r"\d{1,4}", told, re.ASCII):
        return int(told)
    return told if isinstance(told, int) and not isinstance(told, bool) and 0 <= told < 10_000 else None
