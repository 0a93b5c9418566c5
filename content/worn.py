"""What a hub says of a package in place of what its publisher says: a layer over the manifest.

The files of the package and its digest stay as they were delivered, so that hubs still tell it by its name. Who sees
it is part of the layer too. One small file beside the shelf holds the layer of every package, so that all processes
see a change at once; the hub's journal is the truth of it, and the file is made again from there.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from content.disk import Disk
from content.package import MINUTES_MAX, Item, Manifest, is_language
from content.shapes import ALL_AGES, LEVELS, ROLES, SOUND, USES, is_ability, is_goal

FILE = "worn.json"

TEXTS = {"title": 200, "summary": 2_000, "licence": 200, "author": 400}
"""What may be said otherwise in free words → its letters at most."""
LISTS = ("audience", "sdg", "keywords", "abilities")
FIELDS = (*TEXTS, "language", "level", *LISTS, "sound", "minutes", "use", "role", "cover")
PHOTO = "photo:"
"""Before the name of a picture that the hub keeps, where others have the path of a cover."""
SEEN_BY, ITEMS = "seen_by", "items"
"""Who sees a package, and who sees single items of it."""

PUBLISHER, ONLY = "", "only"
"""Seen by whom the publisher says; by facilitators only. Else an age from which on, as digits; "0" is everybody."""
SEEN = (PUBLISHER, *map(str, ALL_AGES), ONLY)

AUDIENCES = ("child", "adult")
WORDS = {"level": LEVELS, "sound": SOUND, "use": USES, "role": ROLES}
"""Fields that hold one word of a list."""
KEYWORDS_MAX, KEYWORD_CHARS_MAX = 12, 40
ABILITIES_MAX = 8
GOALS_MAX = 400
"""More goals and targets than there are."""
COVER_CHARS_MAX = 1_024

Worn = Mapping[str, Any]
NOTHING: Worn = MappingProxyType({})


def dress(manifest: Manifest, worn: Worn) -> Manifest:
    """A package as its hub shows it; its digest stays."""
    if not worn:
        return manifest
    own: dict[str, Any] = {
        name: tuple(value) if name in LISTS else value for name, value in worn.items() if name in FIELDS
    }
    own |= _cover(manifest, own.pop("cover", manifest.cover))
    whole, single = worn.get(SEEN_BY, PUBLISHER), worn.get(ITEMS, NOTHING)
    items = tuple(_marked(item, single.get(item.id, whole)) for item in manifest.items)
    dressed = replace(manifest, items=items, **own)
    vars(dressed)["digest"] = manifest.digest
    return dressed


def fits(field: str, value: object) -> bool:
    """Whether a value can be said in a field."""
    match field, value:
        case name, str(text):
            return _fits_text(name, text)
        case "minutes", int(whole):
            return 0 <= whole <= MINUTES_MAX
        case name, [*texts]:
            most, is_right = _LISTED.get(name, (0, bool))
            return len(texts) <= most and all(isinstance(each, str) and is_right(each) for each in texts)
    return False


def _fits_text(field: str, text: str) -> bool:
    if field in WORDS:
        return text in WORDS[field]
    if field in TEXTS:
        return len(text) <= TEXTS[field] and (bool(text) or field != "title")
    return is_language(text) if field == "language" else field == "cover" and len(text) <= COVER_CHARS_MAX


_LISTED: Mapping[str, tuple[int, Callable[[str], bool]]] = {
    "audience": (len(AUDIENCES), AUDIENCES.__contains__),
    "sdg": (GOALS_MAX, is_goal),
    "keywords": (KEYWORDS_MAX, lambda text: 0 < len(text) <= KEYWORD_CHARS_MAX),
    "abilities": (ABILITIES_MAX, is_ability),
}
"""Lists → how long each is at most, and what may stand in it."""


def _cover(manifest: Manifest, said: str) -> dict[str, str]:
    """A picture of the hub, or of the package; the publisher's where an update has taken that away."""
    if said.startswith(PHOTO):
        return {"photo": said.removeprefix(PHOTO)}
    return {"cover": said} if said in manifest.files else {}


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
