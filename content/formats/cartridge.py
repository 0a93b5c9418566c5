"""A course as an IMS Common Cartridge, 1.0 to 1.3, thin ones included: what Canvas, Moodle, Brightspace export.

Follows the profiles of 1EdTech, and Canvas' and Moodle's habits where they differ. The tree of the manifest's
organization gives order and headings; what only resources name comes behind it.
"""

import hashlib
import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import unescape
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from urllib.parse import quote, unquote
from xml.etree.ElementTree import Element

from content import lesson
from content.archive import is_zip, names, peek, top_folder
from content.draft import Draft, Origin, head, read_small
from content.errors import ContentError, FileTooLarge, PackageDamaged, PackageLocked, PackageTooLarge
from content.formats import course, h5p, h5p_libraries, pages, qti12, qti_package, trees
from content.formats.cartridge_words import attached, general, html_of, is_for_teachers
from content.formats.course import Course, Piece, Told
from content.formats.marks import LATER
from content.formats.nested import Nested
from content.formats.quizzes import Taken
from content.formats.trees import XML_BYTES_MAX, said
from content.formats.unfolded import unfolded
from content.limits import KIB, MIB, Limits
from content.naming import UNKNOWN_LANGUAGE, language_of, title_of
from content.package import is_language
from content.paths import inside

PAGE = "imsmanifest.xml"
HEAD_BYTES = 16 * KIB
TEXT_BYTES_MAX = 4 * MIB
"""One page of a cartridge; a larger one is data in disguise."""
DEPTH_MAX = 16
"""Folders in folders of a course."""

_OURS = re.compile(rb"imsglobal\.org/xsd/ims(?:cc|_?thincc|lticc)|<schema>\s*IMS (?:Thin )?Common Cartridge")
_BASE = re.compile(r"\$IMS[-_]CC[-_]FILEBASE\$/?|%24IMS[-_]CC[-_]FILEBASE%24/?", re.IGNORECASE)
_CANVAS = re.compile(r"\$(?:CANVAS_OBJECT|WIKI)_REFERENCE\$/(\w+)/([^?#\"']+)|\$CANVAS_COURSE_REFERENCE\$/\S*")
_FOLDER = "web_resources/"
"""Where Canvas, and others after it, keep the files of a course."""
_PAGES = (".html", ".htm", ".xhtml")
_TASK = ".h5p"
_TEST = "imsqti_test"
_OPEN = (*lesson.FILMS, *lesson.SOUNDS, ".pdf")
_LOOKS = (".css", ".js", ".xml", ".json", ".woff", ".woff2", ".ttf", ".otf", ".xsd", ".dtd")
"""Files that are no piece of a course by themselves: how its pages look, and what its program noted."""
_TOKEN = re.compile(r"""\$IMS[-_]CC[-_]FILEBASE\$/?[^"'\s)<>]*""", re.IGNORECASE)
_CHARSET = re.compile(rb"""charset=["']?([A-Za-z0-9_-]{1,40})""")


def recognise(source: Path) -> bool:
    """Whether `source` is a Common Cartridge: by what its manifest says of itself."""
    if source.is_dir():
        return (source / PAGE).is_file() and _is_ours(head(source / PAGE, HEAD_BYTES))
    if not is_zip(source):
        return False
    found = names(source)
    page = top_folder(found) + PAGE
    return page in found and _is_ours(peek(source, page, XML_BYTES_MAX)[:HEAD_BYTES])


def describe(source: Path, limits: Limits) -> Draft:
    """Describe a Common Cartridge. Raises PackageDamaged, PackageLocked, CourseUnfit and kin."""
    with unfolded(source, limits) as (files, close):
        nested = Nested(source, files, limits)

        def close_all() -> None:
            nested.close()
            close()

        try:
            return _Reader(source, files, nested).draft(close_all)
        except BaseException:
            nested.close()
            raise


class _Reader:
    """Goes through the manifest of a cartridge."""

    def __init__(self, source: Path, files: Mapping[str, Origin], nested: Nested) -> None:
        self._source, self._files, self._nested = source, files, nested
        self._root = trees.tree(self._bytes(PAGE, XML_BYTES_MAX), source.name)
        if any(each.get("import", "").lower() == "true" for each in self._root.iter("authorizations")):
            raise PackageLocked(package=source.name)
        base = self._root.find("resources")
        self._resources = {each.get("identifier", ""): each for each in (() if base is None else base)}
        self._hrefs = {name: _href(each) for name, each in self._resources.items()}
        self._pages = {path: name for name, path in self._hrefs.items() if path.lower().endswith(_PAGES)}
        self._placed: set[str] = set()
        self._asked: frozenset[str] = frozenset()
        told = general(self._root.find("metadata"), "language")
        named = language_of(source)
        language = named if named != UNKNOWN_LANGUAGE else told if is_language(told) else UNKNOWN_LANGUAGE
        self._language = language
        self._course = Course(source, files, language)

    def draft(self, close: Callable[[], None]) -> Draft:
        """The package of the course."""
        for tree in self._root.iterfind("organizations/organization"):
            for each in tree.iterfind("item"):
                self._walk(each, ())
        self._add_unplaced()
        metadata, title = self._root.find("metadata"), self._title()
        told = Told(
            title=title,
            known=f"{self._root.get('identifier', '')}\n{title}",
            summary=" ".join(pages.words_of(general(metadata, "description")).split()),
            licence=said(metadata.find("lom/rights/description")) if metadata is not None else "",
        )
        return self._course.draft(told, "cartridge", close)

    def _title(self) -> str:
        return general(self._root.find("metadata"), "title") or title_of(self._source)

    def _walk(self, item: Element, heads: tuple[str, ...]) -> None:
        """Take an item and those in it, below the headings of its folders."""
        title = said(item.find("title"))[: course.TITLE_CHARS_MAX]
        reference = item.get("identifierref", "")
        piece = Piece(" · ".join(heads), title, reference or item.get("identifier", ""))
        if is_for_teachers(item):
            self._course.note(course.STAFF, self._named(piece, reference))
            self._placed.update(each.get("identifierref", "") for each in item.iter("item"))
            return
        inner = list(item.iterfind("item"))
        if inner:
            self._course.begin(item.get("identifier", ""))
            heads = (*heads, title) if title else heads
            piece = Piece(" · ".join(heads), title, piece.key)
        if reference:
            self._take(reference, self._named(piece, reference))
        elif not inner:
            self._course.begin(item.get("identifier", ""))
            self._course.note(course.EMPTY, piece)
        for each in inner:
            self._walk(each, heads)

    def _add_unplaced(self) -> None:
        """What only resources name: pages, quizzes and discussions outside of every folder, and files."""
        loose = [name for name in self._resources if name not in self._placed]
        loose.sort(key=lambda name: _TEST not in _kind(self._resources[name]))
        for name in loose:
            path, is_file = self._hrefs[name].lower(), _kind(self._resources[name]) == "webcontent"
            is_piece = not is_file or path.endswith((*_PAGES, *_OPEN, _TASK))
            if is_piece and name not in self._placed and not self._course.has(self._hrefs[name]):
                self._take(name, self._named(Piece(self._course.word(course.MORE), "", name), name))
        for name in loose:
            path, is_file = self._hrefs[name], _kind(self._resources[name]) == "webcontent"
            is_other = is_file and not path.lower().endswith((*_PAGES, *_OPEN, *_LOOKS, _TASK))
            if is_other and not self._course.has(path):
                self._course.note(course.UNUSED, self._named(Piece("", "", name), name))

    def _named(self, piece: Piece, reference: str) -> Piece:
        """The piece with a title: its own, else that of its page, else the name of its file."""
        if piece.title:
            return piece
        path = self._hrefs.get(reference, "")
        return replace(piece, title=self._said_title(path) or PurePosixPath(path).stem or reference or "–")

    def _said_title(self, path: str) -> str:
        """What a page, a discussion, an address or a quiz says that it is called, or ""."""
        if path not in self._files:
            return ""
        if path.lower().endswith(_PAGES):
            return pages.title_of(self._text(path))
        try:
            root = self._tree(path) if path.lower().endswith(".xml") else Element("")
        except ContentError:
            return ""
        named = (each.get("title", "") for each in root)
        return (said(root.find("title")) or root.get("title") or next(named, ""))[: course.TITLE_CHARS_MAX]

    def _take(self, name: str, piece: Piece) -> None:
        """One resource. What it is hangs on its type, whose versions differ."""
        self._placed.add(name)
        resource, path = self._resources.get(name), self._hrefs.get(name, "")
        if resource is None:
            self._course.note(course.MISSING, piece)
            return
        if any(str(each.tag).startswith("curriculumStandards") for each in resource.iter()):
            self._course.note(course.GOALS, piece)
        if resource.get("intendeduse", "") == "lessonplan" or is_for_teachers(resource):
            self._course.note(course.STAFF, piece)
            return
        take = next((each for mark, each in _KINDS.items() if mark in _kind(resource)), _Reader._take_unknown)
        try:
            take(self, resource, path, piece)
        except course.TooManyPieces:
            raise
        except (PackageDamaged, FileTooLarge, PackageTooLarge):
            self._course.note(course.UNREAD, piece)

    def _take_file(self, resource: Element, path: str, piece: Piece) -> None:
        if path not in self._files:
            self._course.note(course.MISSING, piece)
        elif path.lower().endswith(_PAGES):
            self._page(path, piece)
        elif path.lower().endswith(_TASK):
            self._take_task(path, piece)
        else:
            self._course.file(piece, path)

    def _take_task(self, path: str, piece: Piece) -> None:
        """A task of H5P, unfolded into a folder of its own."""
        folder = f"tasks/{hashlib.sha256(path.encode()).hexdigest()[: course.ID_HASH_DIGITS]}/"
        try:
            taken = h5p.taken(self._nested.origins(path), piece.title)
            whole = h5p_libraries.load(h5p.inside_of(taken, piece.title))
        except ContentError:
            self._course.note(course.UNREAD, piece)
            return
        for each in h5p.unfit(whole, piece.title):
            self._course.note(each.what, piece)
        self._course.add({folder + name: origin for name, origin in taken.items()})
        self._course.item(piece, h5p.KIND, folder + h5p_libraries.ABOUT)

    def _take_own(self, resource: Element, path: str, piece: Piece) -> None:
        """What a program keeps for itself; work to hand in is among it, as a page."""
        if not path.lower().endswith(_PAGES) or path not in self._files:
            self._course.note(course.OWN, piece)
            return
        if resource.get("intendeduse", "") != "syllabus":
            self._course.note(course.TASKS, piece)
        self._page(path, piece)

    def _take_talk(self, resource: Element, path: str, piece: Piece) -> None:
        topic = self._tree(path)
        html = html_of(topic.find("text"))
        self._course.talk(piece, html + attached(topic), self._locating(path))

    def _take_link(self, resource: Element, path: str, piece: Piece) -> None:
        found = next(self._tree(path).iter("url"), None)
        self._course.link(piece, found.get("href", "") if found is not None else "")

    def _take_work(self, resource: Element, path: str, piece: Piece) -> None:
        work = self._tree(path)
        self._course.note(course.TASKS, piece)
        if said(work.find("instructor_text")):
            self._course.note(course.STAFF, piece)
        html = html_of(work.find("text")) + attached(work)
        self._course.page(piece, html, self._locating(path), lambda: self._whole(f"{path}.html", html))

    def _take_quiz(self, resource: Element, path: str, piece: Piece) -> None:
        data = self._bytes(path, XML_BYTES_MAX)
        if qti_package.is_newer(trees.tree(data, self._source.name, may_name_type=True)):
            self._take_newer_quiz(path, piece)
            return
        taken, locate = self._course.taken(), self._locating(path)

        def find(address: str) -> bytes:
            place = locate(address)
            is_small = place in self._files and self._files[place].size <= TEXT_BYTES_MAX
            return self._bytes(place, TEXT_BYTES_MAX) if is_small else b""

        qti12.read(taken, data, find)
        self._course.quiz(piece, taken)

    def _take_newer_quiz(self, path: str, piece: Piece) -> None:
        """A test of QTI 2 or 3, or one of its items; loose ones that no test asks are one quiz together."""
        if path in self._asked:
            return
        is_loose = piece.part == self._course.word(course.MORE)
        taken = self._course.taken()
        items = qti_package.one(self._source, self._files, path, taken)
        if len(items) == 1 and is_loose:
            named = replace(piece, title=self._title()[: course.TITLE_CHARS_MAX])
            self._course.question(named, lambda into: _ask(self._source, self._files, path, into))
        else:
            self._course.quiz(piece, taken)
        self._asked |= items

    def _take_tool(self, resource: Element, path: str, piece: Piece) -> None:
        self._course.note(course.TOOLS, piece)

    def _take_unknown(self, resource: Element, path: str, piece: Piece) -> None:
        self._course.note(course.OWN, piece)

    def _page(self, path: str, piece: Piece) -> None:
        html = self._text(path)
        self._course.page(piece, html, self._locating(path), lambda: self._whole(path, html))

    def _whole(self, path: str, html: str) -> str:
        """A page that is shown as it came, in UTF-8 and with addresses that a browser follows."""
        folder, locate = _folder(path), self._locating(path)

        def relative(found: re.Match[str]) -> str:
            place = locate(unescape(found[0]))
            return quote(posixpath.relpath(place, folder or ".")) if place in self._files else found[0]

        fitting = _TOKEN.sub(relative, html).encode()
        if path not in self._files or fitting != self._bytes(path, TEXT_BYTES_MAX):
            self._course.keep(path, fitting)
        else:
            self._course.keep(path)
        return path

    def _locating(self, path: str) -> pages.Place:
        """Where the addresses lead that stand in a file."""
        folder = _folder(path)

        def locate(target: str) -> str:
            if found := _CANVAS.search(target):
                return self._of_canvas(found)
            based = _BASE.search(target)
            if based is None and lesson.is_remote(target):
                return target
            plain = unquote(target[based.end() :] if based else target).partition("#")[0].partition("?")[0]
            places = [inside(each, plain) for each in ((_FOLDER, folder, "") if based else (folder,))]
            place = next((each for each in places if each in self._files), places[0] or "") or ""
            return f"{LATER}{self._pages[place]}" if place in self._pages else place

        return locate

    def _of_canvas(self, found: re.Match[str]) -> str:
        """Where an address of Canvas' own leads: to a resource by its name, or to a page of its wiki."""
        kind, name = found[1] or "", unquote(found[2] or "").strip("/")
        page = self._pages.get(f"wiki_content/{name}.html", "") if kind in ("pages", "wiki") else name
        return f"{LATER}{page or name}"

    def _tree(self, path: str) -> Element:
        return trees.tree(self._bytes(path, XML_BYTES_MAX), self._source.name)

    def _text(self, path: str) -> str:
        """The text of a page, in whatever encoding it says; "" for what is too large for one."""
        if self._files[path].size > TEXT_BYTES_MAX:
            return ""
        data = self._bytes(path, TEXT_BYTES_MAX)
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            told = _CHARSET.search(data[:HEAD_BYTES])
            try:
                return data.decode(told[1].decode() if told else "cp1252", "replace")
            except LookupError:
                return data.decode("cp1252", "replace")

    def _bytes(self, path: str, limit: int) -> bytes:
        if path not in self._files:
            raise PackageDamaged(package=self._source.name, why=f"{path} is missing")
        return read_small(self._files[path], path=path, package=self._source.name, limit=limit)


def _ask(source: Path, files: Mapping[str, Origin], path: str, into: Taken) -> None:
    qti_package.one(source, files, path, into)


def _is_ours(start: bytes) -> bool:
    return _OURS.search(start.replace(b"\0", b"")) is not None


def _kind(resource: Element) -> str:
    return resource.get("type", "").lower()


def _href(resource: Element) -> str:
    """The path of a resource: its own address, else that of its first file."""
    files = (each.get("href", "") for each in resource.iterfind("file"))
    target = resource.get("href") or next(files, "")
    return inside(resource.get("base", ""), unquote(target)) or ""


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


_KINDS: Mapping[str, Callable[[_Reader, Element, str, Piece], None]] = MappingProxyType(
    {
        "webcontent": _Reader._take_file,  # noqa: SLF001 - a table of its own methods
        "imsdt": _Reader._take_talk,  # noqa: SLF001
        "imswl": _Reader._take_link,  # noqa: SLF001
        "imsqti": _Reader._take_quiz,  # noqa: SLF001
        **dict.fromkeys(("imsbasiclti", "imslti"), _Reader._take_tool),  # noqa: SLF001
        "assignment_xml": _Reader._take_work,  # noqa: SLF001
        "learning-application-resource": _Reader._take_own,  # noqa: SLF001
    }
)
"""What stands in the type of a resource, in all versions, and what becomes of it."""
