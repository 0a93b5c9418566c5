"""A course of Open edX as Studio exports it (OLX): chapters, sequentials and units, in a tar, a zip or a folder.

Follows what edX' documentation of OLX says and its exports show. An element is written where it stands, or points by
its `url_name` to a file of its own. Each such file is read once, so that pieces which contain each other end.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from content import lesson
from content.draft import Draft, Origin, read_small
from content.errors import ContentError, FormatUnknown, PackageDamaged, PackageTooLarge
from content.formats import course, olx_films, olx_problem, pages, trees
from content.formats.course import Course, Piece, Told
from content.formats.marks import LATER
from content.formats.unfolded import has, unfolded
from content.limits import MIB, Limits
from content.naming import UNKNOWN_LANGUAGE, language_of, title_of
from content.package import is_language
from content.tape import is_tape

PAGE = "course.xml"
FOLDER = "course/"
STATIC = "static/"
TEXT_BYTES_MAX = 4 * MIB
"""One file of a course that is words: a unit, a page, the policies."""
DEPTH_MAX = 12
"""Elements of a course inside each other; edX has four levels."""

_HOLDERS = ("course", "chapter", "sequential", "vertical", "library_content", "itembank", "problemset", "videosequence")
_SILENT = ("wiki", "course_info", "static_tab", "about", "textbook", "grading_policy")
_OTHERS = ("imsmanifest.xml", "index.html")
"""What tells that a course.xml belongs to something else."""
_TOOLS = ("lti", "lti_consumer")
_NAMELESS = frozenset(
    {
        *("", "text", "html", "raw html", "video", "problem", "blank common problem", "blank advanced problem"),
        *("multiple choice", "checkboxes", "dropdown", "numerical input", "text input", "single select"),
        *("multi-select", "discussion", "unit"),
    }
)
"""Names that Studio gives by itself: those of the unit say more."""
_STATIC = re.compile(r"""(?<=["'(])/static/""")
_BLOCK = re.compile(r"(?:/jump_to_id/|\+block@)([\w.-]+)")
_ASSET = re.compile(r"(?:\+type@asset\+block@|/c4x/[^/]+/[^/]+/asset/)([^?#]+)")
_SHOWN_AS_IT_CAME = (
    '<!doctype html><html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>{title}</title><style>body{{font:1.1rem/1.5 sans-serif;margin:1rem}}img,video{{max-width:100%}}</style>"
    "<body>{html}</body></html>"
)


def recognise(source: Path) -> bool:
    """Whether `source` is a course in OLX: a tar, or course.xml in a folder or a zip that is nothing else."""
    if is_tape(source):
        return True
    return any(has(source, path) for path in (PAGE, FOLDER + PAGE)) and not any(has(source, path) for path in _OTHERS)


def describe(source: Path, limits: Limits) -> Draft:
    """Describe a course in OLX. Raises PackageDamaged, PackageUnsafe, CourseUnfit and kin."""
    with unfolded(source, limits) as (origins, close):
        top = "" if PAGE in origins else FOLDER
        if top + PAGE not in origins:
            raise FormatUnknown(source=source.name)
        files = {path[len(top) :]: each for path, each in origins.items() if path.startswith(top)}
        return _Reader(source, files).draft(close)


class _Reader:
    """Goes through a course from its root."""

    def __init__(self, source: Path, files: Mapping[str, Origin]) -> None:
        self._source, self._files = source, files
        self._seen: set[tuple[str, str]] = set()
        root = self._tree(PAGE)
        if root.tag != "course":
            raise PackageDamaged(package=source.name, why=f"{PAGE} holds no course")
        self._run = root.get("url_name", "")
        self._policy = self._json(f"policies/{self._run}/policy.json")
        self._known = f"{root.get('org', '')}+{root.get('course', '')}+{self._run}"
        self._author = root.get("org", "")
        self._root = self._whole(root)
        said = str(self._told(self._root, "language"))
        named = language_of(_called(source))
        self._language = named if named != UNKNOWN_LANGUAGE else said if is_language(said) else UNKNOWN_LANGUAGE
        self._course = Course(source, files, self._language, beside=STATIC)

    def draft(self, close: Callable[[], None]) -> Draft:
        """The package of the course."""
        for each in self._root:
            self._walk(each, (), "", 1)
        self._add_tabs()
        self._add_books()
        short, long = (self._text(f"about/{name}.html") for name in ("short_description", "overview"))
        licence = str(self._told(self._root, "license"))
        told = Told(
            title=self._title(self._root) or title_of(_called(self._source)),
            known=self._known,
            summary=" ".join(pages.words_of(short or long).split()),
            licence=_licence(licence),
            author=self._author,
            cover=f"{STATIC}{self._told(self._root, 'course_image')}",
        )
        return self._course.draft(told, "olx", close)

    def _walk(self, element: Element, heads: tuple[str, ...], unit: str, depth: int) -> None:
        """Take an element and what is in it, below the headings of chapter and sequential and the title of a unit."""
        kind = str(element.tag)
        if kind in _SILENT or not self._is_new(element):
            return
        piece = Piece(" · ".join(heads), self._title(element) or unit or kind, f"block:{element.get('url_name', '')}")
        if depth > DEPTH_MAX:
            self._course.note(course.UNREAD, piece)
            return
        try:
            whole = self._whole(element)
        except (PackageDamaged, PackageTooLarge):
            self._course.note(course.UNREAD, piece)
            return
        title = self._title(whole)
        piece = Piece(piece.part, title if title.lower() not in _NAMELESS else unit or title or kind, piece.key)
        if str(self._told(whole, "visible_to_staff_only")).lower() == "true":
            self._course.note(course.STAFF, piece)
        elif kind in _HOLDERS:
            self._course.begin(piece.key)
            inner = (*heads, piece.title) if kind in ("chapter", "sequential") and title not in ("", *heads) else heads
            for each in whole:
                self._walk(each, inner, piece.title if kind == "vertical" else unit, depth + 1)
        else:
            self._take(kind, whole, piece, unit)

    def _take(self, kind: str, element: Element, piece: Piece, unit: str) -> None:
        if kind == "html":
            html = self._text(f"html/{element.get('filename', '')}.html") if element.get("filename") else ""
            here = trees.inner_html(element) if len(element) else element.text or ""
            self._page(piece, html or here)
        elif kind == "problem":
            whole = replace(piece, title=unit or piece.title)
            self._course.question(whole, partial(olx_problem.read, element=element, find=self._picture))
        elif kind == "video":
            olx_films.add(self._course, piece, element, self._text)
        elif kind == "discussion":
            self._course.talk(piece, escape(element.get("discussion_target", "")), self._locate)
        else:
            self._course.note(course.TOOLS if kind in _TOOLS else course.OWN, piece)

    def _page(self, piece: Piece, html: str) -> None:
        if not html.strip():
            return

        def whole() -> str:
            path = f"pages/{re.sub(r'[^A-Za-z0-9_.-]', '-', piece.key)[:100]}.html"
            fitting = _STATIC.sub("../static/", html)
            shown = _SHOWN_AS_IT_CAME.format(language=self._language, title=escape(piece.title), html=fitting)
            self._course.keep(path, shown.encode())
            return path

        self._course.page(piece, html, self._locate, whole)

    def _add_tabs(self) -> None:
        """Pages beside the course, such as a syllabus."""
        tabs = self._told(self._root, "tabs")
        for tab in tabs if isinstance(tabs, list) else []:
            if isinstance(tab, dict) and tab.get("type") == "static_tab":
                name, slug = (str(tab.get(key, ""))[:200] for key in ("name", "url_slug"))
                piece = Piece(self._course.word(course.MORE), name or slug, f"tab:{slug}")
                if str(tab.get("course_staff_only", "")).lower() == "true":
                    self._course.note(course.STAFF, piece)
                else:
                    self._page(piece, self._text(f"tabs/{slug}.html"))

    def _add_books(self) -> None:
        """Textbooks in PDF."""
        books = self._told(self._root, "pdf_textbooks")
        for book in books if isinstance(books, list) else []:
            chapters = book.get("chapters") if isinstance(book, dict) else None
            for each in chapters if isinstance(chapters, list) else []:
                path = self._locate(str(each.get("url", ""))) if isinstance(each, dict) else ""
                if path in self._files:
                    title = str(each.get("title") or book.get("tab_title") or path)[:200]
                    self._course.file(Piece(self._course.word(course.MORE), title, path), path)

    def _is_new(self, element: Element) -> bool:
        """Whether a named element is met for the first time."""
        name = (str(element.tag), element.get("url_name", ""))
        is_new = not name[1] or name not in self._seen
        self._seen.add(name)
        return is_new

    def _whole(self, element: Element) -> Element:
        """An element, or what stands in the file to which it points. Raises PackageDamaged, PackageTooLarge."""
        path = f"{element.tag}/{element.get('url_name', '').replace(':', '/')}.xml"
        if len(element) or (element.text or "").strip() or path not in self._files:
            return element
        found = self._tree(path)
        if found.tag != element.tag:
            raise PackageDamaged(package=self._source.name, why=f"{path} is not what it is called")
        for name, value in element.attrib.items():
            found.attrib.setdefault(name, value)
        return found

    def _title(self, element: Element) -> str:
        return " ".join(str(self._told(element, "display_name")).split())[: course.TITLE_CHARS_MAX]

    def _told(self, element: Element, name: str) -> Any:  # noqa: ANN401 - whatever JSON holds
        """What the policies, or else the element, say under a name; "" for nothing."""
        policy = self._policy.get(f"{element.tag}/{element.get('url_name', '') or self._run}")
        told = policy.get(name) if isinstance(policy, dict) else None
        return told if told not in (None, "") else element.get(name, "")

    def _locate(self, target: str) -> str:
        """Where an address of a page leads."""
        if block := _BLOCK.search(target):
            return f"{LATER}block:{block[1]}"
        if asset := _ASSET.search(target):
            return f"{STATIC}{unquote(asset[1])}"
        if lesson.is_remote(target):
            return target
        plain = unquote(target.partition("#")[0].partition("?")[0])
        return plain.removeprefix("/") if plain.startswith("/static/") else ""

    def _picture(self, target: str) -> bytes:
        """The bytes of a picture of a question."""
        origin = self._files.get(self._locate(target))
        if origin is None or origin.size > TEXT_BYTES_MAX:
            return b""
        return read_small(origin, path=target, package=self._source.name, limit=TEXT_BYTES_MAX)

    def _tree(self, path: str) -> Element:
        if path not in self._files:
            raise PackageDamaged(package=self._source.name, why=f"{path} is missing")
        return trees.tree(self._bytes(path), self._source.name)

    def _json(self, path: str) -> dict[str, Any]:
        try:
            found = json.loads(self._text(path) or "{}")
        except (ValueError, RecursionError):
            found = {}
        return found if isinstance(found, dict) else {}

    def _text(self, path: str) -> str:
        """The words of a file; "" when it is not there, or too large to be words."""
        try:
            return self._bytes(path).decode("utf-8-sig", "replace") if path in self._files else ""
        except ContentError:
            return ""

    def _bytes(self, path: str) -> bytes:
        origin = self._files[path]
        if origin.size > TEXT_BYTES_MAX:
            raise PackageTooLarge(package=self._source.name, what=path, found=origin.size, limit=TEXT_BYTES_MAX)
        return read_small(origin, path=path, package=self._source.name, limit=TEXT_BYTES_MAX)


def _called(source: Path) -> Path:
    """A name whose ending may go: of `water.sw.tar.gz` the first half."""
    return Path(source.name.removesuffix(".gz"))


def _licence(told: str) -> str:
    """A licence as others spell it: `creative-commons: ver=4.0 BY SA` is CC-BY-SA-4.0."""
    kind, _, rest = told.partition(":")
    if kind != "creative-commons":
        return told.replace("-", " ")
    words = rest.split()
    version = next((each.partition("=")[2] for each in words if each.startswith("ver=")), "4.0")
    return "-".join(["CC", *(each for each in words if "=" not in each), version])
