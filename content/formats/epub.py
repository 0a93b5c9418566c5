"""An EPUB book, its inner files laid out one by one so that the reader can ask for a chapter.

Follows EPUB 3.3 and 2.0.1 where they agree: container.xml names the package document (OPF), which has the
metadata, the files and the order of reading; the navigation document or the NCX has the names of the
chapters.
"""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from content.archive import Archive, is_zip, names
from content.draft import Draft, Origin, read_small
from content.errors import N_, PackageDamaged, PackageLocked, PackageTooLarge
from content.formats.trees import tree
from content.limits import MIB, Limits
from content.naming import UNKNOWN_LANGUAGE, named_after, title_of
from content.package import Item, Manifest, is_language
from content.paths import inside
from content.shapes import is_day

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"

XML_BYTES_MAX = 8 * MIB
"""A package document above this would fill the memory; those of the largest bibles stay under 2 MiB."""


_FONT_TRICKS = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})
"""Scrambled fonts are no lock: the book reads well without them."""

_CHAPTER_KINDS = frozenset({"application/xhtml+xml", "text/html", "image/svg+xml"})

Read = Callable[[str], bytes]


@dataclass(frozen=True)
class Chapter:
    """One part of the order of reading; `path` lies inside the package, `title` may be ""."""

    title: str
    path: str


@dataclass(frozen=True)
class _Book:
    """The package document, the folder it lies in, and its files: id to path, media type and properties."""

    root: Element
    folder: str
    parts: Mapping[str, tuple[str, str, str]]


def recognise(source: Path) -> bool:
    """Whether `source` is an EPUB."""
    return is_zip(source) and CONTAINER in names(source)


def describe(source: Path, limits: Limits) -> Draft:
    """Describe an EPUB. Raises PackageLocked for copy protection, PackageDamaged and kin."""
    archive = Archive(source, limits)
    with archive.kept_open():
        origins = archive.origins
        if CONTAINER not in origins:
            raise PackageDamaged(package=source.name, why=N_("its table of contents cannot be read"))

        def read(path: str) -> bytes:
            return _read(origins, path, source.name)

        _check_open(read, origins, source.name)
        manifest = _manifest(read, source)
    return Draft(manifest=manifest, origins=origins, close=archive.close)


def spine(read: Read) -> list[Chapter]:
    """The chapters of a book in reading order; `read` gives the bytes of a path inside the package.

    Raises PackageDamaged when the book does not say its order.
    """
    book = _book(read, _opf_path(read, "The book"), "The book")
    titles = _titles(book, read)
    chapters = []
    for reference in _all(book.root, "itemref"):
        path, kind, _ = book.parts.get(reference.get("idref", ""), ("", "", ""))
        if path and kind in _CHAPTER_KINDS and reference.get("linear") != "no":
            chapters.append(Chapter(title=titles.get(path, ""), path=path))
    return chapters


def root(files: Container[str], path: str) -> str:
    """The folder of the book that a path belongs to, with a slash at its end; "" where that is the whole package."""
    above = [f"{folder}/" for folder in PurePosixPath(path).parents if str(folder) != "."]
    return next((folder for folder in above if folder + CONTAINER in files), "")


def within(read: Read, folder: str) -> list[Chapter]:
    """The chapters of the book in a folder, as `spine` has them, each under its path in the package."""
    return [replace(each, path=folder + each.path) for each in spine(lambda path: read(folder + path))]


def start(origins: Mapping[str, Origin], package: str) -> str:
    """The file that tells a book's order. Raises PackageLocked for copy protection, PackageDamaged."""

    def read(path: str) -> bytes:
        return _read(origins, path, package)

    _check_open(read, origins, package)
    return _opf_path(read, package)


def _read(origins: Mapping[str, Origin], path: str, package: str) -> bytes:
    if path not in origins:
        raise PackageDamaged(package=package, why=f"{path} is missing")
    return read_small(origins[path], path=path, package=package, limit=XML_BYTES_MAX)


def _check_open(read: Read, origins: Mapping[str, Origin], package: str) -> None:
    """Refuse copy protection: the words of the book would be noise."""
    if ENCRYPTION in origins:
        for method in _all(_xml(read(ENCRYPTION), package), "EncryptionMethod"):
            if method.get("Algorithm") not in _FONT_TRICKS:
                raise PackageLocked(package=package)


def _opf_path(read: Read, package: str) -> str:
    for rootfile in _all(_xml(read(CONTAINER), package), "rootfile"):
        if path := inside("", unquote(rootfile.get("full-path", ""))):
            return path
    raise PackageDamaged(package=package, why=N_("it does not say where its contents are"))


def _book(read: Read, path: str, package: str) -> _Book:
    root = _xml(read(path), package)
    folder = str(PurePosixPath(path).parent)
    parts = {}
    for item in _all(root, "item"):
        place = inside(folder, unquote(item.get("href", "")))
        if place:
            parts[item.get("id", "")] = (place, item.get("media-type", ""), item.get("properties", ""))
    return _Book(root=root, folder=folder, parts=parts)


def _manifest(read: Read, source: Path) -> Manifest:
    path = _opf_path(read, source.name)
    book = _book(read, path, source.name)
    title = _first(book.root, "title")[:200] or title_of(source)
    identifier = _first(book.root, "identifier") or title
    name = named_after(title, identifier)
    language = _first(book.root, "language")
    day = _first(book.root, "date")[:10]
    cover = _cover(book)
    return Manifest(
        id=name,
        work=name,
        version=1,
        title=title,
        language=language if is_language(language) else UNKNOWN_LANGUAGE,
        items=(Item(id="item", kind="book", title=title, path=path, picture=cover),),
        files=MappingProxyType({}),
        source_format="epub",
        summary=_first(book.root, "description")[:4_000],
        licence=_first(book.root, "rights")[:200],
        author=", ".join(filter(None, (_text(each) for each in _all(book.root, "creator"))))[:400],
        cover=cover,
        published=day if is_day(day) else "",
    )


def _cover(book: _Book) -> str:
    """The path of the cover picture: by property in EPUB 3, by a meta element in EPUB 2; "" for none."""
    for path, _, properties in book.parts.values():
        if "cover-image" in properties.split():
            return path
    for meta in _all(book.root, "meta"):
        if meta.get("name") == "cover":
            path, kind, _ = book.parts.get(meta.get("content", ""), ("", "", ""))
            return path if kind.startswith("image/") else ""
    return ""


def _titles(book: _Book, read: Read) -> dict[str, str]:
    """The names of chapters by path, from navigation document or NCX; what cannot be read is left out."""
    for path, kind, properties in book.parts.values():
        try:
            if "nav" in properties.split():
                return _named(path, [(link.get("href", ""), _text(link)) for link in _all(_xml(read(path), path), "a")])
            if kind == "application/x-dtbncx+xml":
                return _named(path, [_ncx_point(point) for point in _all(_xml(read(path), path), "navPoint")])
        except (PackageDamaged, PackageTooLarge):
            continue
    return {}


def _ncx_point(point: Element) -> tuple[str, str]:
    targets = [each.get("src", "") for each in _all(point, "content")]
    names_found = [_text(each) for each in _all(point, "text")]
    return (targets or [""])[0], (names_found or [""])[0]


def _named(path: str, links: list[tuple[str, str]]) -> dict[str, str]:
    """Targets as paths inside the package; the first name of a path counts."""
    folder = str(PurePosixPath(path).parent)
    titles: dict[str, str] = {}
    for target, name in links:
        place = inside(folder, unquote(target.partition("#")[0]))
        if place and name:
            titles.setdefault(place, name)
    return titles


def _xml(data: bytes, package: str) -> Element:
    """Parse XML from outside: many books name the type of their documents. Raises PackageDamaged, PackageTooLarge."""
    return tree(data, package, may_name_type=True)


def _all(root: Element, name: str) -> list[Element]:
    """Every element of that local name, whatever its namespace, in document order."""
    return [each for each in root.iter() if each.tag.rpartition("}")[2] == name]


def _first(root: Element, name: str) -> str:
    return next((text for each in _all(root, name) if (text := _text(each))), "")


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
