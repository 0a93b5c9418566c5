"""A bank of questions or a test in QTI as a zip with `imsmanifest.xml`: QTI 1.2, 2 and 3, whatever its files say.

Follows IMS Content Packaging as far as QTI uses it. The manifest names the files; what a file is, its first element
says. Parts of a test become quizzes, and so do the items that no test asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import NoReturn
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from content.archive import Archive, is_zip, names, peek, top_folder
from content.draft import Draft, Origin, read_small
from content.errors import N_, PackageDamaged, PackageTooLarge
from content.formats import asked, qti2, qti12
from content.formats.qti2 import Around
from content.formats.qti2_body import told
from content.formats.qti3 import as_qti2
from content.formats.quizzes import Taken, draft
from content.formats.shown import SOUND_BYTES_MAX
from content.formats.trees import XML_BYTES_MAX, said, tree
from content.limits import MIB, Limits
from content.paths import inside

MANIFEST = "imsmanifest.xml"
MANIFEST_BYTES = 8 * MIB
"""A manifest above this is not looked into: one of 20,000 items is half as large."""
_TYPE, _CARTRIDGE = b"imsqti_", b"Common Cartridge"
_PRESENT = "imsqti_"
_BASES = ("$IMS-CC-FILEBASE$", "$IMS_CC_FILEBASE$")
_STIMULUS, _TEST = "assessmentStimulus", "assessmentTest"
_TEXT_MAX = 4_000


def recognise(source: Path) -> bool:
    """Whether `source` is a zip whose manifest names files of QTI, and no Common Cartridge, which holds more."""
    if not is_zip(source):
        return False
    paths = names(source)
    manifest = top_folder(paths) + MANIFEST
    if manifest not in paths:
        return False
    page = peek(source, manifest, MANIFEST_BYTES).replace(b"\0", b"")
    return _TYPE in page and _CARTRIDGE not in page


def describe(source: Path, limits: Limits) -> Draft:
    """Describe a package of QTI. Raises PackageDamaged, PackageUnfit, PackageTooLarge and kin."""
    archive = Archive(source, limits)
    try:
        return _Package(source, archive.below(top_folder(archive.origins))).draft()
    finally:
        archive.close()


def questions(source: Path, origins: Mapping[str, Origin]) -> Taken:
    """The questions in the files of a package of QTI; `source` names it. Raises PackageDamaged, PackageTooLarge."""
    package = _Package(source, origins)
    package.read()
    return package.taken


def one(source: Path, origins: Mapping[str, Origin], path: str, taken: Taken) -> frozenset[str]:
    """Take what one file of QTI 2 or 3 asks: all items of a test, or the one item; returns the paths of items.

    Raises PackageDamaged, PackageTooLarge.
    """
    package = _Package(source, origins)
    package.taken = taken
    package.file(path)
    return frozenset({path, *package.asked})


def is_newer(root: Element) -> bool:
    """Whether a file of XML is a test or an item of QTI 2 or 3."""
    return as_qti2(root).tag in (_TEST, qti2.ITEM)


@dataclass
class _Package:
    """One package while it is read. All that is kept of it is in memory, so that the zip can be closed."""

    source: Path
    origins: Mapping[str, Origin]
    taken: Taken = field(init=False)
    asked: set[str] = field(default_factory=set)
    _read_bytes: int = 0

    def __post_init__(self) -> None:
        self.taken = Taken(self.source)

    def draft(self) -> Draft:
        """The package of ours."""
        manifest = self.read()
        made = draft(self.taken, "qti")
        summary = _first(manifest.find("metadata//general"), "description")[:_TEXT_MAX]
        rights = _first(manifest.find("metadata//rights"), "description")[:200]
        return replace(made, manifest=replace(made.manifest, summary=summary, licence=rights))

    def read(self) -> Element:
        """Take all questions; returns the manifest."""
        manifest = self._tree(MANIFEST)
        about = manifest.find("metadata//general")
        self.taken.said_title = _first(about, "title")
        self.taken.said_language = _first(about, "language")
        waiting = []
        for path in self._paths(manifest):
            if path not in self.origins:
                self.taken.take(_gone)
                continue
            root = self._tree(path)
            if root.tag == qti12.ROOT:
                qti12.take(self.taken, root, partial(self._file_12, path))
            elif root.tag == _TEST:
                self._test(root, path)
            elif root.tag == qti2.ITEM:
                waiting.append(path)
        self.taken.begin("")
        for path in waiting:
            if path not in self.asked:
                self._item(path)
        return manifest

    def file(self, path: str) -> None:
        """Take all questions of one file."""
        root = self._tree(path)
        if root.tag == _TEST:
            self._test(root, path)
        elif root.tag == qti2.ITEM:
            self._item(path)
        else:
            raise PackageDamaged(package=self.source.name, why=N_("its XML holds no quiz"))

    def _paths(self, manifest: Element) -> list[str]:
        """The files that the manifest calls QTI, tests first, each once."""
        found = {}
        for each in manifest.iter("resource"):
            kind, address = each.get("type", "").lower(), each.get("href", "")
            if kind.startswith(_PRESENT) and address:
                found[inside("", unquote(address)) or address] = "test" not in kind
        return sorted(found, key=lambda path: found[path])

    def _tree(self, path: str) -> Element:
        """A file of XML as a tree. Raises PackageTooLarge when all together are too much, PackageDamaged and kin."""
        if path not in self.origins:
            raise PackageDamaged(package=self.source.name, why=f"{path} is missing")
        data = read_small(self.origins[path], path=path, package=self.source.name, limit=XML_BYTES_MAX)
        self._read_bytes += len(data)
        if self._read_bytes > XML_BYTES_MAX:
            what = N_("the size of its questions together")
            raise PackageTooLarge(package=self.source.name, what=what, found=self._read_bytes, limit=XML_BYTES_MAX)
        return as_qti2(tree(data, self.source.name, may_name_type=True))

    def _test(self, test: Element, path: str) -> None:
        """The items of a test, part by part."""
        title = " ".join(test.get("title", "").split())
        sections = [each for each in test.iter("assessmentSection") if each.find("assessmentItemRef") is not None]
        for part in test.iterfind("testPart"):
            self._conditions(part)
            for each in part:
                self._section(each, path, (title,), is_titled=len(sections) > 1)

    def _section(self, section: Element, path: str, titles: tuple[str, ...], *, is_titled: bool, deep: int = 0) -> None:
        """A section, a file of one, or an item, as they stand in a test."""
        if section.tag == "assessmentItemRef":
            self._reference(section, path)
        elif section.tag == "assessmentSectionRef":
            self._section_file(section, path, titles, is_titled=is_titled, deep=deep)
        elif section.tag == "assessmentSection":
            own = (*titles, " ".join(section.get("title", "").split())) if is_titled else titles
            self.taken.begin(" / ".join(filter(None, own)))
            self._conditions(section)
            for each in section:
                self._section(each, path, own, is_titled=is_titled, deep=deep)
                self.taken.begin(" / ".join(filter(None, own)))

    def _section_file(self, ref: Element, path: str, titles: tuple[str, ...], *, is_titled: bool, deep: int) -> None:
        target = inside(_folder(path), unquote(ref.get("href", "")))
        if target not in self.origins or deep > _DEEP_MAX or target is None:
            self.taken.notes.add(asked.GONE, self.taken.number + 1)
            return
        self._section(self._tree(target), target, titles, is_titled=is_titled, deep=deep + 1)

    def _conditions(self, section: Element) -> None:
        """Note what changes which questions are asked, and what is said before them."""
        noted = {
            asked.DRAWN: section.find("selection") is not None,
            asked.BRANCHED: section.find("branchRule") is not None or section.find("preCondition") is not None,
            asked.INTRODUCED: any(
                said(each) and "candidate" in each.get("view", "candidate") for each in section.iterfind("rubricBlock")
            ),
        }
        for what, is_so in noted.items():
            if is_so:
                self.taken.notes.add(what, self.taken.number + 1)

    def _reference(self, ref: Element, path: str) -> None:
        """An item that a test asks."""
        self._conditions(ref)
        target = inside(_folder(path), unquote(ref.get("href", ""))) or ""
        if any(each.get("value", "1") not in ("1", "1.0") for each in ref.iterfind("weight")):
            self.taken.notes.add(asked.POINTS, self.taken.number + 1)
        self.asked.add(target)
        self._item(target)

    def _item(self, path: str) -> None:
        """The question of an item's file; its number counts also where the file is not there."""
        if path not in self.origins:
            self.taken.take(_gone)
            return
        item = self._tree(path)
        around = Around(
            place=lambda address: _joined(_folder(path), address),
            find=self._file,
            stimulus=lambda address: self._stimulus(_folder(path), address),
        )
        qti2.take(self.taken, item, around)

    def _stimulus(self, folder: str, address: str) -> str:
        """What several items share, as HTML; "" where it is not in the package."""
        path = inside(folder, unquote(address)) or ""
        if path not in self.origins:
            return ""
        root = self._tree(path)
        body = root.find("stimulusBody") if root.tag == _STIMULUS else None
        return "" if body is None else told(body, lambda inner: _joined(_folder(path), inner))

    def _file(self, path: str) -> bytes:
        origin = self.origins.get(path)
        if origin is None or origin.size > SOUND_BYTES_MAX:
            return b""
        return read_small(origin, path=path, package=self.source.name, limit=SOUND_BYTES_MAX)

    def _file_12(self, path: str, address: str) -> bytes:
        """A picture or sound of QTI 1.2: beside its file, at the top, or under what tools write for the top."""
        plain = unquote(address).partition("?")[0]
        for base in _BASES:
            plain = plain.removeprefix(base)
        plain = plain.lstrip("/")
        tried = [_joined(_folder(path), plain), inside("", plain) or "", inside("web_resources", plain) or ""]
        return next((data for each in tried if (data := self._file(each))), b"")


_DEEP_MAX = 8
"""Files of sections inside files of sections."""


def _gone(_number: int) -> NoReturn:
    raise asked.NotTaken(asked.GONE)


def _folder(path: str) -> str:
    return str(PurePosixPath(path).parent)


def _joined(folder: str, address: str) -> str:
    """The path that an address leads to; "" for what lies outside, and for the internet."""
    return "" if ":" in address else inside(folder, unquote(address)) or ""


def _first(element: Element | None, name: str) -> str:
    """The words of the first element of a name; "" for none. Manifests say `langstring` or `string` inside it."""
    found = None if element is None else element.find(name)
    if found is None:
        return ""
    inner = [each for each in found if said(each)]
    return said(inner[0] if inner else found)
