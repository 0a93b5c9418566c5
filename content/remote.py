"""Which addresses on the internet the pages of a package would load.

A package that looks whole on a fast line may be half empty in a village. The library does not refuse it, but
says so before anybody is disappointed. Only what a browser loads by itself counts; a link that a reader may
follow does not.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

PAGES = (".html", ".htm", ".xhtml", ".svg")
STYLES = (".css",)
TASKS = ("content/content.json",)
"""The content of an H5P package, which names what it shows in JSON."""

ADDRESSES_MAX = 100
"""Addresses that are kept: enough to see what is the matter."""

ADDRESS_CHARS_MAX = 300
"""Characters of one address that are kept."""

_LOADING = frozenset({"src", "srcset", "poster", "data", "background", "xlink:href"})
_LOADING_BY_HREF = frozenset({"link", "image", "use", "feimage", "script"})
_QUIET_LINKS = frozenset({"canonical", "license", "author", "alternate", "help", "next", "prev", "search", "profile"})
_IN_TASK = re.compile(r'"(?:path|url)"\s*:\s*"((?:https?:)?(?:\\?/){2}[^"\s]{1,2000})"', re.IGNORECASE)
_REMOTE = re.compile(r"(?:https?|wss?|ftp):[^\s]|//[^/\s]", re.IGNORECASE)
_IN_STYLE = re.compile(r"""(?:url\(\s*|@import\s+)["']?\s*((?:https?:)?//[^"')\s]{1,2000})""", re.IGNORECASE)


def addresses(path: str, data: bytes) -> list[str]:
    """The remote addresses in one file, sorted, each once; empty for kinds of files that load nothing."""
    text = data.decode("utf-8", errors="replace")
    lower = path.lower()
    if lower.endswith(STYLES):
        found = set(_IN_STYLE.findall(text))
    elif lower.endswith(TASKS):
        found = {each.replace("\\/", "/") for each in _IN_TASK.findall(text)}
    elif lower.endswith(PAGES):
        page = _Page()
        page.feed(text)
        page.close()
        found = page.found
    else:
        return []
    return sorted(address[:ADDRESS_CHARS_MAX] for address in found)[:ADDRESSES_MAX]


def can_load(path: str) -> bool:
    """Whether files of this name are looked into at all."""
    return path.lower().endswith(PAGES + STYLES + TASKS)


class _Page(HTMLParser):
    """Collects what a page loads by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element."""
        self._in_style = tag == "style"
        values = {name: value or "" for name, value in attrs}
        self.found.update(_IN_STYLE.findall(values.get("style", "")))
        for address in _loaded(tag, values):
            if _REMOTE.match(address):
                self.found.add(address)

    def handle_endtag(self, tag: str) -> None:
        """Leave a style sheet."""
        self._in_style = False

    def handle_data(self, data: str) -> None:
        """Look at a style sheet inside the page."""
        if self._in_style:
            self.found.update(_IN_STYLE.findall(data))


def _loaded(tag: str, values: dict[str, str]) -> Iterator[str]:
    for name in _LOADING & values.keys():
        parts = values[name].split(",") if name == "srcset" else [values[name]]
        yield from (part.strip().split(" ")[0] for part in parts)
    if tag in _LOADING_BY_HREF and not _QUIET_LINKS & set(values.get("rel", "").lower().split()):
        yield values.get("href", "").strip()
