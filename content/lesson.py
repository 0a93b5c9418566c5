"""A Markdown lesson as HTML that is safe to put into a page.

Only what a lesson needs comes through: headings, text, lists, tables, pictures, sounds and films from its own
package. Whatever points to the internet is shown as text, so that no page waits for a line that is not there.
HTML written inside the Markdown is shown as text too, and the result is cleaned once more by nh3.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from html import escape, unescape
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from content import picture
from content.cleaning import clean
from content.errors import LessonWrong
from content.paths import inside
from content.picture import Sides, Size
from content.spoken import is_heard

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

Link = Callable[[str], str]
Measure = Callable[[str], Sides | Size | None]
Aloud = Callable[[Sequence[str]], tuple[Sequence[str], str]]
"""From the texts that are read together to the tag before each of them, which a `</span>` ends, and what stands after
the last: the speaker."""

SOUNDS = (".mp3", ".ogg", ".oga", ".wav", ".m4a", ".aac", ".weba")
FILMS = (".mp4", ".webm")
SHELF = "shelf:"
"""How a link begins that leads to another work of the shelf: `shelf:safe-water.en` or `shelf:safe-water.en/read`."""

_TAGS = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "blockquote", "pre", "code", "strong", "em", "s"),
    *("ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "a", "img", "audio", "video", "span"),
    *("picture", "source"),
}
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "loading", "srcset", "sizes"},
    "source": {"type", "srcset", "sizes"},
    "audio": {"src", "controls", "preload", "aria-label"},
    "video": {"src", "controls", "preload", "aria-label"},
    "ol": {"start"},
}
_CLASSES = {"span": {"sound", "film", "away", "caption"}}
_ALIGNED = {"th": {"style"}, "td": {"style"}}
_MARKS = str.maketrans("", "", "\ue000\ue001")
"""Two signs of no script: they say where a text begins and ends until all else is clean, and no lesson brings them."""
_MARK = re.compile("\ue000(/?)(\\d+)\ue001")
_AWAY = re.compile(r'<span class="away">.*?</span>')
_TAG = re.compile(r"<[^>]*>")
_NAMELESS = re.compile(r"<th( [^>]*)?></th>")
"""The corner of a table, which is the head of nothing."""


def read(data: bytes, where: str = "The lesson") -> str:
    """The text of a lesson's file, without the mark that some editors put before it (a BOM). Raises LessonWrong.

    Everybody who opens a lesson reads it here, so that what was checked is what is shown and found.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise LessonWrong(where=where) from problem


def _parser(extras: Sequence[str] = ("table", "strikethrough")) -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 - 1 MB that a hub at rest does without

    return MarkdownIt("commonmark", {"html": False}).enable(extras)


def _token(kind: str, content: str) -> "Token":
    from markdown_it.token import Token  # noqa: PLC0415 - comes with the parser

    return Token(kind, "", 0, content=content)


def render(
    text: str,
    link: Link,
    measure: Measure | None = None,
    aloud: Aloud | None = None,
    elsewhere: Link | None = None,
) -> str:
    """Turn Markdown into safe HTML.

    `link` maps a path inside the package to an address; it is called only for safe paths. `measure` gives the
    width and height of a picture inside the package, when known, and its lighter copies. The first top heading is the
    title; later ones become second-level headings, so that a page has one. `aloud` puts a speaker beside each text.
    `elsewhere` maps what stands behind SHELF to an address, or to "" when that work is not here: then its words remain.
    """
    parser = _parser()
    tokens = parser.parse(text.translate(_MARKS))
    _lower_headings(tokens)
    for token in tokens:
        if token.type == "inline":
            token.children = list(_inline(token.children or [], link, measure, elsewhere))
    together = _mark(tokens) if aloud else []
    html = parser.renderer.render(tokens, parser.options, {})
    cleaned = clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES | _ALIGNED,
        allowed_classes=_CLASSES,
        filter_style_properties={"text-align"},
        url_schemes={"http", "https"},
        link_rel=None,
    )
    named = _NAMELESS.sub(r"<td\1></td>", cleaned)
    return _with_sound(named, together, aloud) if aloud else named


def blocks(text: str) -> list[str]:
    """The texts of a lesson as they are shown and read aloud, in order: headings, paragraphs, list items, cells."""
    parser = _parser()
    tokens = parser.parse(text.translate(_MARKS))
    for token in tokens:
        if token.type == "inline":
            token.children = list(_inline(token.children or [], lambda path: path, None))
    return [part for parts in _mark(tokens) for part in parts]


def title(text: str) -> str:
    """The text of the first heading, or "" when there is none."""
    tokens = _parser(extras=()).parse(text)
    for opening, inline in zip(tokens, tokens[1:], strict=False):
        if opening.type == "heading_open":
            return _words(inline.children or []).strip()
    return ""


def plain(text: str) -> str:
    """The words of a lesson without any marks, for searching and for reading aloud.

    One line for each block.
    """
    tokens = _parser().parse(text)
    lines = [_words(token.children or []) if token.type == "inline" else token.content for token in tokens]
    return "\n".join(line.strip() for line in lines if line.strip())


def paths(text: str) -> list[str]:
    """Every path inside the package that a lesson shows or leads to, in order, each once.

    A path that would lie outside the package comes as "", to be refused by who asks.
    """
    tokens = _parser().parse(text)
    found = []
    for token in tokens:
        for child in token.children or []:
            target = str(child.attrGet("src") or child.attrGet("href") or "")
            if target and not is_remote(target) and not target.startswith("#"):
                found.append(_inner(target))
    return list(dict.fromkeys(found))


def alone(text: str) -> list[tuple[int, int, str, str]]:
    """The links to other works that stand alone in a paragraph, in order: the first line, the line behind, the words,
    and what stands behind SHELF."""
    tokens = _parser().parse(text)
    found = []
    for opening, inline in zip(tokens, tokens[1:], strict=False):
        if opening.type == "paragraph_open" and opening.level == 0 and opening.map is not None:
            link = _only_link(inline.children or [])
            if link is not None:
                found.append((opening.map[0], opening.map[1], *link))
    return found


def is_remote(target: str) -> bool:
    """Whether an address names another machine or a program (https:, mailto:, //host) rather than a path."""
    return target.startswith("//") or bool(_scheme(target))


def _scheme(target: str) -> str:
    try:
        return urlsplit(target).scheme
    except ValueError:
        return "unreadable"


def _only_link(children: "Sequence[Token]") -> tuple[str, str] | None:
    """The words and the target of a link to another work that is all there is, or None."""
    if len(children) < 2 or children[0].type != "link_open" or children[-1].type != "link_close":
        return None
    href, inner = str(children[0].attrGet("href") or ""), children[1:-1]
    if not href.startswith(SHELF) or any(each.type == "link_close" for each in inner):
        return None
    return _words(inner).strip(), unquote(href.removeprefix(SHELF))


def _lower_headings(tokens: "Sequence[Token]") -> None:
    tops = [token for token in tokens if token.type in ("heading_open", "heading_close") and token.tag == "h1"]
    for token in tops[2:]:
        token.tag = "h2"


def _mark(tokens: "Sequence[Token]") -> list[list[str]]:
    """Mark where each text begins and ends; return the texts, together what is read together: the row of a table."""
    together: list[list[str]] = []
    number, in_row = 0, False
    for token in tokens:
        if token.type in ("tr_open", "tr_close"):
            in_row = token.type == "tr_open"
            together += [[]] * in_row
        shown = _shown(token.children or []) if token.type == "inline" else ""
        if not is_heard(shown):
            continue
        ends = [_token("text", f"\ue000{slash}{number}\ue001") for slash in ("", "/")]
        token.children = [ends[0], *(token.children or []), ends[1]]
        together = [*together[:-1], [*together[-1], shown]] if in_row else [*together, [shown]]
        number += 1
    return [parts for parts in together if parts]


def _with_sound(html: str, together: Sequence[Sequence[str]], aloud: Aloud) -> str:
    """The marks replaced by what makes their texts heard."""
    before: list[str] = []
    after: list[str] = []
    for parts in together:
        tags, speaker = aloud(parts)
        before += tags
        after += [*[""] * (len(parts) - 1), speaker]
    return _MARK.sub(lambda found: f"</span>{after[int(found[2])]}" if found[1] else before[int(found[2])], html)


def _shown(children: "Sequence[Token]") -> str:
    """The words that inline tokens show: no picture's description, and no address."""
    words = []
    for child in children:
        if child.type in ("softbreak", "hardbreak"):
            words.append(" ")
        elif child.type == "html_inline":
            words.append(unescape(_TAG.sub("", _AWAY.sub("", child.content))))
        else:
            words.append(child.content)
    return " ".join("".join(words).split())


def _inline(
    children: "Sequence[Token]", link: Link, measure: Measure | None, elsewhere: Link | None = None
) -> "Iterator[Token]":
    """The same inline tokens with pictures, players and links made ours."""
    away: list[str | None] = []
    for child in children:
        if child.type == "image":
            yield _raw(_medium(child, link, measure))
        elif child.type == "link_open":
            target = str(child.attrGet("href") or "")
            address = _address(target, link, elsewhere)
            is_silent = child.markup == "autolink" or target.startswith(SHELF)
            away.append(None if address is not None else "" if is_silent else target)
            if address is not None:
                child.attrs = {"href": address}
                yield child
        elif child.type == "link_close":
            left = away.pop()
            yield child if left is None else _raw(_away(left))
        else:
            yield child


def _address(target: str, link: Link, elsewhere: Link | None) -> str | None:
    """Where a link leads; None when it is to be words only."""
    if target.startswith(SHELF):
        return (elsewhere(unquote(target.removeprefix(SHELF))) or None) if elsewhere else None
    path = "" if is_remote(target) else _inner(target)
    return link(path) if path else None


def _medium(token: "Token", link: Link, measure: Measure | None) -> str:
    """A picture, a sound or a film; when it is not in the package, its description and where it would be."""
    target = str(token.attrGet("src") or "")
    words = _words(token.children or [])
    label = escape(words)
    path = "" if is_remote(target) else _inner(target)
    if not path:
        return f"{label}{_away(target)}"
    source = escape(link(path))
    suffix = PurePosixPath(path).suffix.lower()
    if suffix in SOUNDS:
        player = f'<audio controls preload="none" src="{source}" aria-label="{label}"></audio>'
        return f'<span class="sound"><span class="caption">{label}</span>{player}</span>'
    if suffix in FILMS:
        player = f'<video controls preload="none" src="{source}" aria-label="{label}"></video>'
        return f'<span class="film">{player}<span class="caption">{label}</span></span>'
    return picture.tag(link(path), words, measure(path) if measure else None, lazy=True)


def _away(target: str) -> str:
    """An address that is not in the package, as text; an empty or unsafe one is not worth showing."""
    return f' <span class="away">({escape(unquote(target))})</span>' if is_remote(target) else ""


def _inner(target: str) -> str:
    """The path inside the package that an address in a lesson means, or "" when it means none."""
    path = unquote(target.partition("#")[0].partition("?")[0])
    if path.startswith("/") or "\\" in path or "\0" in path:
        return ""
    return inside("", path) or ""


def _words(children: "Sequence[Token]") -> str:
    """The text of inline tokens, pictures by their description."""
    words = []
    for child in children:
        if child.type in ("softbreak", "hardbreak"):
            words.append(" ")
        else:
            words.append(_words(child.children) if child.children else child.content)
    return "".join(words)


def _raw(html: str) -> "Token":
    return _token("html_inline", html)
