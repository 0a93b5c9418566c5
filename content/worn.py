"""What a hub says of a package in place of what its publisher says: a layer over the manifest.

The files of the package and its digest stay as they were delivered, so that hubs still tell it by its name. Who sees
it is part of the layer too. One small file beside the shelf holds the layer of every package, so that all processes
see a change at once; the hub's journal is the truth of it, and the file is made again from there.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from content.disk import Disk
from content.package import Item, Manifest, is_language
from content.shapes import ALL_AGES, LEVELS, SOUND, is_goal

FILE = "worn.json"

TEXTS = {"title": 200, "summary": 2_000, "licence": 200, "author": 400}
"""What may be said otherwise in free words → its letters at most."""
LISTS = ("audience", "sdg", "keywords")
FIELDS = (*TEXTS, "language", "level", *LISTS, "sound")
SEEN_BY, ITEMS = "seen_by", "items"
"""Who sees a package, and who sees single items of it."""

PUBLISHER, ONLY = "", "only"
"""Seen by whom the publisher says; by facilitators only. Else an age from which on, as digits; "0" is everybody."""
SEEN = (PUBLISHER, *map(str, ALL_AGES), ONLY)

AUDIENCES = ("child", "adult")
KEYWORDS_MAX, KEYWORD_CHARS_MAX = 12, 40

Worn = Mapping[str, Any]
NOTHING: Worn = MappingProxyType({})


def dress(manifest: Manifest, worn: Worn) -> Manifest:
    """A package as its hub shows it; its digest stays."""
    if not worn:
        return manifest
    own: dict[str, Any] = {
        name: tuple(value) if name in LISTS else value for name, value in worn.items() if name in FIELDS
    }
    whole, single = worn.get(SEEN_BY, PUBLISHER), worn.get(ITEMS, NOTHING)
    items = tuple(_marked(item, single.get(item.id, whole)) for item in manifest.items)
    dressed = replace(manifest, items=items, **own)
    vars(dressed)["digest"] = manifest.digest
    return dressed


def fits(field: str, value: object) -> bool:
    """Whether a value can be said in a field."""
    match field, value:
        case "language", str(text):
            return is_language(text)
        case "level", str(text):
            return text in LEVELS
        case "sound", str(text):
            return text in SOUND
        case name, str(text) if name in TEXTS:
            return len(text) <= TEXTS[name] and (bool(text) or name != "title")
        case "audience", [*names]:
            return all(name in AUDIENCES for name in names)
        case "sdg", [*goals]:
            return all(isinstance(goal, str) and is_goal(goal) for goal in goals)
        case "keywords", [*texts]:
            return len(texts) <= KEYWORDS_MAX and all(0 < len(str(each)) <= KEYWORD_CHARS_MAX for each in texts)
    return False


class Layer:
    """The layer of every package of one shelf. Safe to use from many threads and processes at once."""

    def __init__(self, root: Path, disk: Disk) -> None:
        """The layer beside the shelf at `root`."""
        self._path, self._disk = root / FILE, disk
        self._known: tuple[tuple[int, int, int] | None, Mapping[str, Worn]] = (None, {})

    def of(self, package: str) -> Worn:
        """What is said of one package."""
        return self.all().get(package, NOTHING)

    def all(self) -> Mapping[str, Worn]:
        """What is said of every package; nothing while the file cannot be read, until it is made again."""
        try:
            status = self._path.stat()
            mark = status.st_ino, status.st_mtime_ns, status.st_size
            if self._known[0] != mark:
                self._known = mark, dict(json.loads(self._path.read_bytes()))
        except (OSError, ValueError):
            return {}
        return self._known[1]

    def keep(self, worn: Mapping[str, Worn]) -> None:
        """Write the layer of all packages, in place of what stood there; a crash leaves the one or the other."""
        part = self._path.with_suffix(".part")
        self._disk.write(part, _pieces(worn))
        self._disk.sync_file(part)
        self._disk.rename(part, self._path)
        self._disk.sync_folder(self._path.parent)


def _pieces(worn: Mapping[str, Worn]) -> Iterable[bytes]:
    return [json.dumps(worn, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()]


def _marked(item: Item, seen_by: str) -> Item:
    if seen_by == PUBLISHER:
        return item
    if seen_by == ONLY:
        return replace(item, facilitators_only=True)
    return replace(item, facilitators_only=False, from_age=int(seen_by))
