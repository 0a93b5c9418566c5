"""A zip with a web page in it: a simulation, a game, a small site. It runs sandboxed, on the content port."""

from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from types import MappingProxyType

from content.archive import Archive, is_litter, is_zip, top_folder
from content.draft import Draft, Origin, read_small
from content.errors import FormatUnknown, FormatWithoutPlayer
from content.limits import MIB, Limits
from content.naming import UNKNOWN_LANGUAGE, language_of, slug, title_of
from content.package import Item, Manifest, is_language

START_PAGES = ("index.html", "index.htm")

PAGE_BYTES_MAX = 4 * MIB
"""A start page above this is not searched for its title."""

_OTHER_STANDARDS = {
    "imsmanifest.xml": "IMS Content Package",
}
"""The file that tells a package which needs a player of its own; opened as a plain page it would look broken."""


def recognise(source: Path) -> bool:
    """Whether `source` is a zip at all; the more exact zip formats are asked before."""
    return is_zip(source)


def describe(source: Path, limits: Limits) -> Draft:
    """Describe an HTML5 zip. Raises FormatUnknown when it has no start page, PackageDamaged and kin.

    A package of another standard is refused by that standard's name: FormatWithoutPlayer.
    """
    archive = Archive(source, limits)
    with archive.kept_open():
        found = archive.below(top_folder(archive.origins))
        origins = {path: origin for path, origin in found.items() if not is_litter(path)}
        for marker, standard in _OTHER_STANDARDS.items():
            if marker in origins:
                # One that does not unfold is the reason why nobody knew the package: then that is said.
                read_small(origins[marker], path=marker, package=source.name, limit=PAGE_BYTES_MAX)
                raise FormatWithoutPlayer(source=source.name, format=standard)
        first = start(origins)
        if first is None:
            raise FormatUnknown(source=source.name)
        manifest = _manifest(source, first, _read_head(origins, first, source.name))
    return Draft(manifest=manifest, origins=MappingProxyType(origins), named_by_content=True, close=archive.close)


def start(origins: Mapping[str, Origin]) -> str | None:
    """The start page: index.html, or the only page at the top; None for what is no plain web page."""
    for path in START_PAGES:
        if path in origins:
            return path
    pages = [path for path in origins if "/" not in path and path.lower().endswith((".html", ".htm"))]
    return pages[0] if len(pages) == 1 else None


def _manifest(source: Path, start: str, head: "_Head") -> Manifest:
    told = title_of(source)
    title = " ".join(head.title.split())[:200] or told
    language = language_of(source)
    if language == UNKNOWN_LANGUAGE and is_language(head.language):
        language = head.language
    return Manifest(
        id=slug(told),
        work=slug(told),
        version=1,
        title=title,
        language=language,
        items=(Item(id="item", kind="html5", title=title, path=start),),
        files=MappingProxyType({}),
        source_format="html5_zip",
    )


def _read_head(origins: Mapping[str, Origin], start: str, package: str) -> "_Head":
    head = _Head()
    if origins[start].size <= PAGE_BYTES_MAX:
        page = read_small(origins[start], path=start, package=package, limit=PAGE_BYTES_MAX)
        head.feed(page.decode("utf-8", errors="replace"))
    return head


class _Head(HTMLParser):
    """Reads title and language of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.title = ""
        self.language = ""
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element."""
        self._in_title = tag == "title" and not self.title
        if tag == "html":
            self.language = dict(attrs).get("lang") or ""

    def handle_endtag(self, tag: str) -> None:
        """Leave the title."""
        self._in_title = False

    def handle_data(self, data: str) -> None:
        """Take the words of the title."""
        if self._in_title:
            self.title += data
