"""What a package is: a manifest that names its items, its competencies and its files by hash.

A manifest is checked once, in `parse` or `build`; after that it is plain, frozen data that can be trusted.
Nothing here touches the disk.
"""

import dataclasses
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from pathlib import PurePosixPath
from types import MappingProxyType

from content import shapes
from content.errors import N_, ManifestWrong, PackageTooLarge
from content.fields import Fields
from content.limits import DEFAULT, Limits
from content.paths import check_path, check_paths
from content.shapes import ALL_AGES, age_class, shaped, unique

FORMAT = 1
"""The version of the manifest's own form; a newer one is refused with a sentence, never guessed at."""

_PLAIN = ("lesson", "quiz", "video", "audio", "pdf", "book", "html5", "pictures", "zim")
KINDS = (*_PLAIN, "scorm", "h5p", "cmi5", "tincan")

MINUTES_MAX = 6_000
"""Minutes one item may say it takes: a hundred hours, a long course in one file."""

VERSION_MAX = 2**31 - 1
"""Versions count up by hand or by date (20261124); more is a slip."""

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_ITEM = (
    *("id", "kind", "title", "path", "minutes", "competencies", "picture", "part", "topics"),
    *("summary", "source_id", "facilitators_only", "from_age"),
)
_SHA256 = re.compile(r"[0-9a-f]{64}")

MADE_OF = ("kolibri",)
"""Formats that keep their original beside what is made of it."""
ORIGINAL = "original"
"""The folder of what a package was made of, where that is kept to give it out again: nobody is shown it."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of a package: the hash that names its blob (64 hex digits) and its size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Competency:
    """One "I can …" sentence; `id` is unique within the work, `picture` a path inside the package or ""."""

    id: str
    statement: str
    picture: str = ""


@dataclass(frozen=True)
class Item:
    """One thing to open.

    `kind` is one of KINDS, `path` lies inside the package, `minutes` 0 when not known. `part` is the heading under
    which it stands together with its neighbours of the same part, or "". `topics` are the titles of the pages that lead
    to it, the outermost first. `source_id` is its name where it comes from, the same in every copy.
    """

    id: str
    kind: str
    title: str
    path: str
    minutes: int = 0
    competencies: tuple[str, ...] = ()
    picture: str = ""
    part: str = ""
    topics: tuple[str, ...] = ()
    summary: str = ""
    source_id: str = ""
    facilitators_only: bool = False
    from_age: int = 0


@dataclass(frozen=True)
class Manifest:
    """Everything a package says about itself.

    `work` ties translations together. `remote` lists the internet addresses that its pages would load, found
    at installation. `published` is a day, a month, a year or "". `sound` is "needed", "none", or "" where the files
    tell. `abilities` are competencies of other works, by `field_id`, `needs` packages that a course leads through.
    `photo` is a picture that a hub has put in the cover's place; no package comes with one. Absent texts are "".
    """

    id: str
    work: str
    version: int
    title: str
    language: str
    items: tuple[Item, ...]
    files: Mapping[str, FileEntry]
    source_format: str
    summary: str = ""
    licence: str = ""
    author: str = ""
    reviewed_by: str = ""
    cover: str = ""
    level: str = ""
    audience: tuple[str, ...] = ()
    sdg: tuple[str, ...] = ()
    competencies: tuple[Competency, ...] = ()
    remote: tuple[str, ...] = ()
    published: str = ""
    keywords: tuple[str, ...] = ()
    sound: str = ""
    minutes: int = 0
    use: str = ""
    role: str = ""
    abilities: tuple[str, ...] = ()
    photo: str = ""
    needs: tuple[str, ...] = ()

    @property
    def minutes_told(self) -> int:
        """Minutes it takes: those that are said of all of it, else those of its items together; 0 for not known."""
        return self.minutes or sum(item.minutes for item in self.items)

    @property
    def size_bytes(self) -> int:
        """The size of all files together; a file named twice counts twice."""
        return sum(entry.size for entry in self.files.values())

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the manifest in hex, so of all the content.

        `remote` is left out: each hub works it out from the files, and a better scanner makes no other package.
        """
        return hashlib.sha256(self.told).hexdigest()

    @property
    def told(self) -> bytes:
        """The bytes of which `digest` is the hash: what one hub tells another of a package. `parse` reads them."""
        plain = _plain(self)
        del plain["remote"]
        return _canonical(plain)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of its items."""
        return frozenset(item.kind for item in self.items)

    @property
    def parts(self) -> list[tuple[str, list[Item]]]:
        """The items in their order, under the headings they stand below; "" is none."""
        return [(part, list(items)) for part, items in groupby(self.items, key=lambda item: item.part)]

    @cached_property
    def for_learners(self) -> "Manifest":
        """The package as learners of every age and guests see it."""
        return self.shown_from(0)

    @cached_property
    def view(self) -> str:
        """Who sees the package like this: "all" for those who see all of it, else an age from which on learners do."""
        return "all"

    @cached_property
    def _views(self) -> "dict[int, Manifest]":
        return {}

    def shown_from(self, age: int) -> "Manifest":
        """The package without items that are for facilitators or older learners only, without their files, and without
        its original.

        Everything that learners and guests are shown is made of this. Its digest stays, since addresses name it.
        """
        age = age_class(age)
        if age not in self._views:
            self._views[age] = self._view_from(age)
        return self._views[age]

    def _view_from(self, age: int) -> "Manifest":
        shown = tuple(item for item in self.items if not item.facilitators_only and item.from_age <= age)
        unshown = self._unshown_files(shown) if shown else set(self.files)
        files = {path: entry for path, entry in self.files.items() if path not in unshown}
        if len(shown) == len(self.items) and len(files) == len(self.files):
            return self
        seen = replace(self, items=shown, files=MappingProxyType(files), cover=self.cover * (self.cover in files))
        vars(seen).update(digest=self.digest, view=str(age))
        return seen

    def _unshown_files(self, shown: tuple[Item, ...]) -> set[str]:
        """The files in the folders of items that are not shown, where nothing lies that is; and the original."""
        hidden = [item for item in self.items if item not in shown]
        kept = {path for item in shown for path in (item.path, item.picture)}
        folders = {_top(item.path) for item in hidden} - {_top(path) for path in kept} - {""}
        paths = {
            path for item in hidden for path in (item.path, item.picture, *(each for _, each in captions(self, item)))
        }
        is_original = {ORIGINAL} if self.source_format in MADE_OF else set()
        below = {path for path in self.files if _top(path) in folders | is_original}
        return (paths | below) - kept

    def item(self, item_id: str) -> Item | None:
        """The item of that id, or None."""
        return next((item for item in self.items if item.id == item_id), None)


def parse(data: bytes, limits: Limits = DEFAULT) -> Manifest:
    """Read a manifest from its bytes and check everything once. Raises ManifestWrong and kin."""
    where = "The manifest"
    if len(data) > limits.manifest_bytes:
        raise PackageTooLarge(package=where, what=N_("its size"), found=len(data), limit=limits.manifest_bytes)
    try:
        values = json.loads(data)
    except (ValueError, RecursionError) as problem:
        raise ManifestWrong(where=where, why="it is not readable JSON") from problem
    fields = Fields(values, where, ManifestWrong)
    if fields.whole("mangrove", low=1, high=VERSION_MAX) > FORMAT:
        fields.refuse("it was made for a newer Mangrove; update this hub first")
    bare = build(fields, source_format=fields.text("source_format", limit=40), limits=limits)
    manifest = replace(bare, files=_files(fields, limits), remote=fields.texts("remote"))
    for path in mentioned(manifest):
        if path not in manifest.files:
            fields.refuse(f'it speaks of "{path}", which is not among its files')
    return manifest


def dump(manifest: Manifest) -> bytes:
    """The one canonical spelling of a manifest, as UTF-8 JSON; `parse` reads it back to an equal value."""
    return _canonical(_plain(manifest))


def build(fields: Fields, *, source_format: str, limits: Limits = DEFAULT) -> Manifest:
    """Make a manifest without files from named fields, as they stand in package.toml and in a manifest."""
    known = tuple(_competency(each) for each in fields.tables("competency"))
    unique(fields, [each.id for each in known], "competency")
    items = tuple(_item(each, {one.id for one in known}) for each in fields.tables("item"))
    unique(fields, [each.id for each in items], "item")
    if not items:
        fields.refuse("it holds nothing to open; name at least one item")
    manifest = Manifest(
        id=shaped(fields, "id", _ID, "small letters, digits, dots and dashes, such as safe-water.en"),
        work=shaped(fields, "work", _ID, "small letters, digits, dots and dashes, such as safe-water"),
        version=fields.whole("version", low=1, high=VERSION_MAX),
        title=fields.text("title", limit=200),
        language=shaped(fields, "language", _LANGUAGE, "a language code, such as en or pt-BR"),
        items=items,
        files=MappingProxyType({}),
        source_format=source_format,
        summary=fields.text("summary", ""),
        licence=fields.text("licence", "", limit=200),
        author=fields.text("author", "", limit=400),
        reviewed_by=fields.text("reviewed_by", "", limit=400),
        cover=fields.text("cover", ""),
        level=shapes.level(fields),
        audience=fields.texts("audience", limit=40),
        sdg=shapes.sdg(fields),
        competencies=known,
        published=shaped(fields, "published", shapes.DAY, "a day, such as 2026-11-24", needed=False),
        keywords=fields.texts("keywords", limit=40),
        sound=shapes.sound(fields),
        minutes=fields.whole("minutes", 0, low=0, high=MINUTES_MAX),
        use=shapes.one_of(fields, "use", shapes.USES),
        role=shapes.one_of(fields, "role", shapes.ROLES),
        abilities=shapes.abilities(fields),
        needs=shapes.needs(fields, _ID),
    )
    for path in mentioned(manifest):
        check_path(path, package=fields.where, limits=limits)
    return manifest


def mentioned(manifest: Manifest) -> list[str]:
    """Every path that the manifest itself speaks of: items, pictures, cover."""
    paths = [item.path for item in manifest.items] + [item.picture for item in manifest.items]
    paths += [each.picture for each in manifest.competencies] + [manifest.cover]
    return [path for path in dict.fromkeys(paths) if path]


def field_id(manifest: Manifest, competency: str) -> str:
    """The name of a competency outside its package, the same in each translation of the work."""
    return f"{manifest.work}/{competency}"


def captions(manifest: Manifest, item: Item) -> list[tuple[str, str]]:
    """The WebVTT files beside a video or audio item, as (language, path), sorted by path.

    `film.mp4` goes with `film.vtt`, in the language of the package, and with `film.fr.vtt`.
    """
    stem = PurePosixPath(item.path).with_suffix("").as_posix()
    found = []
    for path in sorted(manifest.files):
        if path.startswith(f"{stem}.") and path.lower().endswith(".vtt"):
            middle = path[len(stem) + 1 : -len("vtt")].strip(".")
            if not middle or _LANGUAGE.fullmatch(middle):
                found.append((middle or manifest.language, path))
    return found


def _top(path: str) -> str:
    """The outermost folder of a path, "" when it has none."""
    return path.partition("/")[0] if "/" in path else ""


def is_id(text: str) -> bool:
    """Whether `text` has the shape of a package id."""
    return _ID.fullmatch(text) is not None


def is_sha256(text: str) -> bool:
    """Whether `text` is a SHA-256 in small hex digits."""
    return _SHA256.fullmatch(text) is not None


def is_language(text: str) -> bool:
    """Whether `text` has the shape of a language code."""
    return _LANGUAGE.fullmatch(text) is not None


def _competency(fields: Fields) -> Competency:
    fields.only("id", "statement", "picture")
    return Competency(
        id=shaped(fields, "id", _ID, "small letters, digits and dashes"),
        statement=fields.text("statement", limit=300),
        picture=fields.text("picture", ""),
    )


def _item(fields: Fields, known: set[str]) -> Item:
    fields.only(*_ITEM)
    kind = fields.text("kind")
    if kind not in KINDS:
        fields.refuse(f'"kind" must be one of {", ".join(KINDS)}')
    competencies = fields.texts("competencies")
    for each in competencies:
        if each not in known:
            fields.refuse(f'the competency "{each}" is not among those of the package')
    return Item(
        id=shaped(fields, "id", _ID, "small letters, digits and dashes"),
        kind=kind,
        title=fields.text("title", limit=300),
        path=fields.text("path"),
        minutes=fields.whole("minutes", 0, low=0, high=MINUTES_MAX),
        competencies=competencies,
        picture=fields.text("picture", ""),
        part=fields.text("part", "", limit=300),
        topics=shapes.topics(fields),
        summary=fields.text("summary", ""),
        source_id=fields.text("source_id", "", limit=200),
        facilitators_only=fields.flag("facilitators_only"),
        from_age=fields.whole("from_age", 0, low=0, high=ALL_AGES[-1]),
    )


def _files(fields: Fields, limits: Limits) -> Mapping[str, FileEntry]:
    table = fields.values.get("files")
    if not isinstance(table, dict):
        fields.refuse('"files" must be a table of paths')
    check_paths(table, package=fields.where, limits=limits)
    files = {path: _file(fields, path, entry, limits) for path, entry in table.items()}
    if sum(entry.size for entry in files.values()) > limits.total_bytes:
        fields.refuse("its files together are larger than the limit")
    return MappingProxyType(files)


def _file(fields: Fields, path: str, entry: object, limits: Limits) -> FileEntry:
    match entry:
        case [str(sha256), int(size)] if is_sha256(sha256) and 0 <= size <= limits.file_bytes:
            return FileEntry(sha256=sha256, size=size)
    return fields.refuse(f'the file "{path}" must have a SHA-256 and a size within the limit')


def _plain(manifest: Manifest) -> dict[str, object]:
    """The manifest as plain JSON values; absent fields are left out."""
    names = {field.name for field in dataclasses.fields(manifest)} - {"items", "competencies", "files", "photo"}
    own = {name: value for name in names if (value := getattr(manifest, name)) not in ("", (), 0)}
    return own | {
        "mangrove": FORMAT,
        "item": [_filled(item) for item in manifest.items],
        "competency": [_filled(each) for each in manifest.competencies],
        "files": {path: [entry.sha256, entry.size] for path, entry in manifest.files.items()},
        "remote": manifest.remote,
    }


def _filled(part: Item | Competency) -> dict[str, object]:
    return {name: value for name, value in vars(part).items() if value not in ("", (), 0)}


def _canonical(values: Mapping[str, object]) -> bytes:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
