"""A chapter of a book as a plain piece of HTML that any browser shows: its words, pictures and links, and no more.

What runs, what is styled and what lies outside the book is left out; the rest is cleaned by nh3, which reads HTML as
browsers do. Books are XHTML, so that what closes itself there is closed in HTML's way first.
"""

import re
from collections.abc import Callable
from functools import partial
from pathlib import PurePosixPath
from urllib.parse import unquote

from content.cleaning import clean
from content.paths import inside

Place = Callable[[str], str]
"""A path inside the package → where that leads, "" where it leads nowhere."""

_HEAD_CHARS = 200
_ENCODING = re.compile(rb"""<\?xml[^>]{0,100}\bencoding=["']([A-Za-z0-9._-]{1,40})["']""")
_VOID = "area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr"
_SELF_CLOSED = re.compile(rf"""<(?!(?:{_VOID})\b)([A-Za-z][\w:-]*)((?:[^<>"']|"[^"]*"|'[^']*')*)/>""", re.ASCII)
_DRAWN = re.compile(r"""<image\b[^<>]*?\bhref=(?P<mark>["'])(?P<to>[^"'<>]*)(?P=mark)[^<>]*>""", re.IGNORECASE)
_UNSEEN = {"script", "style", "title", "template"}
_TAGS = {
    *("p", "div", "span", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd"),
    *("blockquote", "pre", "code", "em", "strong", "b", "i", "u", "s", "sub", "sup", "small", "cite", "q", "abbr"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "figure", "figcaption", "img", "a"),
    *("section", "article", "aside", "header", "footer", "ruby", "rt", "rp", "bdi", "bdo"),
}
_ATTRIBUTES = {
    **{tag: {"id", "lang", "dir"} for tag in _TAGS},
    "a": {"id", "lang", "dir", "href"},
    "img": {"id", "src", "alt"},
    "td": {"lang", "dir", "colspan", "rowspan"},
    "th": {"lang", "dir", "colspan", "rowspan"},
    "ol": {"id", "lang", "dir", "start"},
}


def plain(data: bytes, path: str, place: Place) -> str:
    """The chapter whose bytes and path in the package these are; `place` says where its pictures and links lead. "" for
    one with neither words nor pictures."""
    html = _SELF_CLOSED.sub(r"<\1\2></\1>", _decoded(data))
    found = clean(
        _DRAWN.sub(r'<img alt="" src="\g<to>">', html),
        tags=_TAGS,
        clean_content_tags=_UNSEEN,
        attributes=_ATTRIBUTES,
        attribute_filter=partial(_kept, PurePosixPath(path), place),
        url_schemes=set(),
        link_rel=None,
    )
    words = clean(found, tags={"img"}, attributes={})
    return found if words.strip() else ""


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    told = _ENCODING.search(data[:_HEAD_CHARS])
    try:
        return data.decode(told[1].decode() if told else "utf-8-sig", "replace")
    except LookupError:
        return data.decode("utf-8-sig", "replace")


def _kept(path: PurePosixPath, place: Place, tag: str, name: str, value: str) -> str | None:
    """The value of an attribute here; None where it goes."""
    if name not in ("href", "src"):
        return value
    to, mark, fragment = value.partition("#")
    if not to and mark and tag == "a":
        return value
    inner = inside(str(path.parent), unquote(to)) if to and ":" not in to else ""
    found = place(inner) if inner else ""
    return f"{found}{mark}{fragment}" if found else None
