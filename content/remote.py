"""Which addresses on the internet a package would call.

A package that looks whole on a fast line may be half empty in a village. The library does not refuse it, but says so
before anybody is disappointed. What a browser loads by itself counts, and what a script or a manifest holds as an
address of its own; a link that a reader may follow does not, nor do the names that look like addresses: of languages
(XML namespaces), licences, vocabularies, and where programs send their authors to read. Whoever wants to hide an
address can (two halves in a script): that it cannot be called is held by the packages' own origin, not here.
"""

import json
import re
import time
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from content.limits import MIB

PAGES = (".html", ".htm", ".xhtml", ".svg")
STYLES = (".css",)
SCRIPTS = (".js", ".mjs")
TASKS = ("content/content.json",)
"""The content of an H5P package, which names what it shows in JSON."""
MANIFESTS = ("imsmanifest.xml", "cmi5.xml", "tincan.xml")
"""Where courses name their parts, some of which may be elsewhere."""

ADDRESSES_MAX = 100
"""Addresses that are kept: enough to see what is the matter."""
FOUND_MAX = 2_000
"""Addresses in one file after which it is looked at no further."""

FILE_BYTES_MAX = 8 * MIB
"""A larger file is data in disguise, and is not looked into."""
SEARCHED_BYTES = 64 * MIB
"""How much of one package is looked into: some seconds on a Raspberry Pi."""
SEARCHED_S = 60
"""After how long no further file is looked into; only what was made to be slow takes so long."""

ADDRESS_CHARS_MAX = 300
"""Characters of one address that are kept."""
LINE_CHARS_MAX = 1_000
"""A longer line of a script was packed by a program, which leaves no notes in it."""

NAMES = frozenset(
    {
        # languages and vocabularies
        *("www.w3.org", "w3.org", "w3id.org", "purl.org", "schema.org", "ogp.me", "xmlns.com", "ns.adobe.com"),
        *("www.imsglobal.org", "www.imsproject.org", "www.adlnet.org", "www.adlnet.gov", "adlnet.gov", "ltsc.ieee.org"),
        *(
            "id.tincanapi.com",
            "projecttincan.com",
            "activitystrea.ms",
            "json-schema.org",
            "h5p.org",
            "xml.org",
            "xml.apache.org",
        ),
        *("schemas.microsoft.com", "schemas.openxmlformats.org", "docs.oasis-open.org", "www.idpf.org", "idpf.org"),
        *("sodipodi.sourceforge.net", "www.inkscape.org", "dublincore.org", "www.daisy.org", "www.sitemaps.org"),
        # licences
        *("creativecommons.org", "www.creativecommons.org", "i.creativecommons.org", "opensource.org", "www.gnu.org"),
        *("www.apache.org", "mozilla.org", "www.mozilla.org", "unlicense.org", "spdx.org", "scripts.sil.org"),
        # where programs send their authors to read
        *("reactjs.org", "react.dev", "legacy.reactjs.org", "fb.me", "vuejs.org", "v3.vuejs.org", "angular.io"),
        *("angular.dev", "angularjs.org", "errors.angularjs.org", "svelte.dev", "jquery.com", "api.jquery.com"),
        *("bugs.jquery.com", "jqueryui.com", "jquery.org", "lodash.com", "underscorejs.org", "backbonejs.org"),
        *(
            "momentjs.com",
            "d3js.org",
            "threejs.org",
            "getbootstrap.com",
            "modernizr.com",
            "requirejs.org",
            "rollupjs.org",
        ),
        *(
            "webpack.js.org",
            "babeljs.io",
            "tc39.es",
            "tc39.github.io",
            "www.ecma-international.org",
            "html.spec.whatwg.org",
        ),
        *("developer.mozilla.org", "bugzilla.mozilla.org", "bugs.webkit.org", "bugs.chromium.org", "crbug.com"),
        *("stackoverflow.com", "github.com", "www.npmjs.com", "caniuse.com", "docs.mathjax.org", "goo.gl", "bit.ly"),
        *("example.com", "www.example.com", "example.org", "www.example.org", "example.net", "localhost", "127.0.0.1"),
    }
)
"""Hosts whose addresses are names and notes when a script holds them. What a page loads from one still counts."""

_LOADING = frozenset({"src", "srcset", "poster", "data", "background", "xlink:href", "formaction", "ping"})
_LOADING_BY_HREF = frozenset({"link", "image", "use", "feimage", "script", "base"})
_QUIET_LINKS = frozenset({"canonical", "license", "author", "alternate", "help", "next", "prev", "search", "profile"})
_SCRIPT_KINDS = frozenset({"", "module", "importmap", "text/javascript", "application/javascript"})
_REMOTE = re.compile(r"(?:https?|wss?|ftp):[^\s]|//[^/\s]", re.IGNORECASE)
_IN_STYLE = re.compile(r"""(?:url\(\s*|@import\s+)["']?\s*((?:https?:)?//[^"')\s]{1,2000})""", re.IGNORECASE)
_IN_REFRESH = re.compile(r"url\s*=\s*[\"']?\s*((?:https?:)?//[^\"'\s]{1,2000})", re.IGNORECASE)
_IN_SCRIPT = re.compile(
    r"""(?<!href=)(?<!href:)(?<!href: )(?<!href = )["'`]"""
    r"""((?:(?:https?|wss?):)?(?:\\?/){2}(?:[\w-]+\.)+[\w-]+(?::\d+)?(?:[/?#\\][^"'`\s<>${}]{0,1000})?)["'`$]""",
    re.IGNORECASE | re.ASCII,
)
"""A text that is an address from its first sign to its last, or up to where a script puts something in."""
_IN_MANIFEST = re.compile(
    r"""<(?:[\w-]+:)?(?:resource|file)\s[^<>]{0,2000}?\shref\s*=\s*["'](https?://[^"'<>\s]{1,2000})"""
    r"""|<(?:[\w-]+:)?(?:url|launch)(?:\s[^<>]{0,2000})?>\s*(https?://[^<>\s]{1,2000})"""
    r"""|\sxml:base\s*=\s*["'](https?://[^"'<>\s]{1,2000})""",
    re.IGNORECASE,
)
_IN_MARKUP = re.compile(
    r"""<(?!a\s)[a-z]+\s[^<>]{0,2000}?\ssrc\s*=\s*["']((?:https?:)?//[^"'<>\s]{1,2000})""", re.IGNORECASE
)
_TAG = re.compile(r"<([a-z][\w:-]{0,40})", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""[\s/]*+([^\s=<>/"']{1,80}+)(?:\s*+=\s*+("[^"]*"|'[^']*'|[^\s<>"']*+))?""")
_RAW = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style")}
_NOTES = re.compile(r"""(?<![\w*"'`])/\*(?:[^*]|\*(?!/))*+(?:\*/)?+""")
_NOTE_LINE = re.compile(r"(?:^|(?<=[\s;{}(),]))//[^\n]*", re.MULTILINE)


def addresses(path: str, data: bytes) -> list[str]:
    """The remote addresses in one file, sorted, each once; empty for kinds of files that load nothing."""
    text = data.decode("utf-8", errors="replace")
    found: set[str] = set()
    for address in _of(path.lower(), text):
        if address.isprintable():
            found.add(address[:ADDRESS_CHARS_MAX])
        if len(found) >= FOUND_MAX:
            break
    return sorted(found)[:ADDRESSES_MAX]


def called(files: Iterable[tuple[str, int, Callable[[], bytes]]]) -> tuple[str, ...]:
    """The addresses in all files of a package, sorted, each once; a file is its path, its size and what reads it.

    Scripts come last, so that what is read before the bound is what a browser loads by itself.
    """
    found: set[str] = set()
    left, until_s = SEARCHED_BYTES, time.monotonic() + SEARCHED_S
    for path, size, read in sorted(files, key=lambda each: (each[0].lower().endswith(SCRIPTS), each[0])):
        if can_load(path) and size <= min(left, FILE_BYTES_MAX) and time.monotonic() < until_s:
            left -= size
            found.update(addresses(path, read()))
    return tuple(sorted(found)[:ADDRESSES_MAX])


def can_load(path: str) -> bool:
    """Whether files of this name are looked into at all."""
    return path.lower().endswith(PAGES + STYLES + SCRIPTS + TASKS + MANIFESTS)


def _of(path: str, text: str) -> Iterator[str]:
    """The addresses in a file of that name, in small letters, as they stand there."""
    if path.endswith(STYLES):
        return _in_style(text)
    if path.endswith(SCRIPTS):
        return _in_script(text)
    if path.endswith(TASKS):
        return _in_task(text)
    if path.endswith(MANIFESTS):
        return (next(filter(None, each.groups())) for each in _IN_MANIFEST.finditer(text))
    return _in_page(text) if path.endswith(PAGES) else iter(())


def _in_page(text: str) -> Iterator[str]:
    """What a page loads by itself, and what its scripts and style sheets hold. Each sign is looked at once or twice,
    whatever a page is made of."""
    at = 0
    while (start := text.find("<", at)) >= 0:
        note = text.startswith("<!--", start)
        tag = None if note else _TAG.match(text, start)
        if tag is None:
            end = text.find("-->", start) if note else start
            at = len(text) if end < 0 else end + 1
            continue
        name, at = tag[1].lower(), tag.end()
        values: dict[str, str] = {}
        while found := _ATTRIBUTE.match(text, at):
            values.setdefault(found[1].lower(), unescape((found[2] or "").strip("\"'")))
            at = found.end()
        yield from _in_element(name, values)
        if name in _RAW:
            closing = _RAW[name].search(text, at)
            end = closing.start() if closing else len(text)
            yield from _in_raw(name, values, text[at:end])
            at = end


def _in_element(tag: str, values: dict[str, str]) -> Iterator[str]:
    yield from _in_style(values.get("style", ""))
    for name, value in values.items():
        if name.startswith("on"):
            yield from _in_script(value)
    yield from filter(_REMOTE.match, _loaded(tag, values))


def _in_raw(tag: str, values: dict[str, str], text: str) -> Iterator[str]:
    """What stands inside a style sheet or a script; other data in a script is none."""
    if tag == "style":
        yield from _in_style(text)
    elif values.get("type", "").strip().lower() in _SCRIPT_KINDS:
        yield from _in_script(text)


def _in_style(text: str) -> Iterator[str]:
    return (each[1] for each in _IN_STYLE.finditer(_without_notes(text)))


def _in_script(text: str) -> Iterator[str]:
    """What a script holds; notes in it are passed over, so far as they are plain to see."""
    lines = _without_notes(text).split("\n")
    plain = "\n".join(line if len(line) > LINE_CHARS_MAX else _NOTE_LINE.sub("", line) for line in lines)
    for each in _IN_SCRIPT.finditer(plain):
        address = each[1].replace("\\", "")
        if not _is_name(address):
            yield address


def _is_name(address: str) -> bool:
    """Whether an address in a script is a name or a note, and nothing to call."""
    try:
        return (urlsplit(address).hostname or "") in NAMES
    except ValueError:
        return True


def _without_notes(text: str) -> str:
    """Without what stands between `/*` and `*/`; `*/*` is a kind of file, and no such sign."""
    return _NOTES.sub("", text)


def _in_task(text: str) -> Iterator[str]:
    """What the content of an H5P task shows: files, frames, and pictures inside of its texts."""
    try:
        yield from _in_value(json.loads(text))
    except (ValueError, RecursionError):
        return


def _in_value(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _in_value(each)
    elif isinstance(value, dict):
        # Who made a picture, and where it was found, stands under `source` too, beside its licence.
        shown = {"path", "url", "src"} | (set() if "license" in value else {"source"})
        for name, each in value.items():
            if name in shown and isinstance(each, str) and _REMOTE.match(each) and " " not in each:
                yield each
            else:
                yield from _in_value(each)
    elif isinstance(value, str) and "<" in value:
        yield from (each[1] for each in _IN_MARKUP.finditer(value))


def _loaded(tag: str, values: dict[str, str]) -> Iterator[str]:
    for name in _LOADING & values.keys():
        parts = values[name].split(",") if name == "srcset" else [values[name]]
        yield from (part.strip().split(" ")[0] for part in parts)
    if tag in _LOADING_BY_HREF and not _QUIET_LINKS & set(values.get("rel", "").lower().split()):
        yield values.get("href", "").strip()
    if tag == "form":
        yield values.get("action", "").strip()
    if tag == "meta" and values.get("http-equiv", "").lower() == "refresh":
        yield from _IN_REFRESH.findall(values.get("content", ""))
