"""A page of HTML as a lesson in Markdown, where a lesson holds all that it says.

The page is first made regular by nh3, which reads HTML as browsers do. What comes of it is read once more and compared
word for word; a page that would lose more than its look is not made a lesson (`NoLesson`) and is shown as it came.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from html import unescape
from pathlib import PurePosixPath
from types import MappingProxyType

from content import lesson
from content.cleaning import clean
from content.formats import markup
from content.formats.marks import Writer

CHARS_MAX = 256 * 1024
"""Characters of one page that are made a lesson: a long chapter with its tags."""
COURSE_CHARS_MAX = 16 * 1024 * 1024
"""Characters of all pages of a course that are made lessons: a bookcase. A small machine reads them in some minutes."""

_ALIVE = re.compile(
    r"<(?:script|form|input|select|textarea|button|canvas|svg|math|object|embed|applet|frameset|map|ruby|dialog|meter"
    r"|progress|portal|marquee|template)\b",
    re.IGNORECASE,
)
"""What a page has that does something, or is drawn: a lesson has none of it."""
_BLOCKS = frozenset(
    {
        *("p", "div", "section", "article", "header", "footer", "main", "aside", "nav", "figure", "figcaption"),
        *("address", "details", "summary", "center", "dl", "dt", "dd", "caption", "body"),
    }
)
_HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}
_INLINE = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "del": "~~", "strike": "~~", "code": "`"}
_KEPT = {
    *_BLOCKS,
    *_HEADINGS,
    *_INLINE,
    *(
        "table",
        "tr",
        "th",
        "td",
        "ul",
        "ol",
        "li",
        "blockquote",
        "pre",
        "br",
        "hr",
        "a",
        "img",
        "audio",
        "video",
        "source",
        "track",
    ),
    *("sub", "sup", "iframe"),
}
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt"},
    **{name: {"src", "title", "aria-label"} for name in ("audio", "video", "iframe")},
    "source": {"src"},
    "track": {"src"},
    "ol": {"start"},
    **{name: {"colspan", "rowspan"} for name in ("td", "th")},
}
_UNSEEN = {"script", "style", "title", "head", "noscript"}
_TAG = re.compile(r"""<(/?)([a-z][a-z0-9]*+)((?:\s[^\s="<>/]++="[^"]*")*+)\s*/?>""")
_TOLD = re.compile(r"""\s([^\s="<>/]++)="([^"]*)\"""")
_EMPTY = frozenset({"br", "hr", "img", "source", "track"})
_MARKS = str.maketrans("", "", "\ue000\ue001\ue002\ue003\0")
"""Signs of no script that stand for something here; no page brings them."""
_TITLE = re.compile(r"<title>([^<]*+)</title>", re.IGNORECASE)
TITLE_PLACE_MAX = 16 * 1024
"""Characters among which the title of a page is looked for."""
_ENDING = re.compile(r"</(?:p|div|h[1-6]|li|td|th|section)>|<br", re.IGNORECASE)
_DEPTH_MAX = 200
_NUMBER_CHARS_MAX = 9

Place = Callable[[str], str]
"""From an address as it is written to a path inside the package or an address on the internet; "" for nowhere."""


@dataclass(frozen=True)
class Places:
    """Where the links of a page lead, and where what it shows lies."""

    link: Place
    shown: Place


class NoLesson(ValueError):
    """A lesson cannot hold what the page has."""


@dataclass(frozen=True)
class Made:
    """A page as Markdown; what of it stays behind is noted."""

    text: str
    has_formula: bool = False
    has_frames: bool = False
    has_tracks: bool = False


def made(html: str, places: Places, *, most: int = CHARS_MAX) -> Made:
    """The page, of at most so many characters, as a lesson; `places` says where its addresses lead. Raises NoLesson."""
    if len(html) > min(most, CHARS_MAX) or _ALIVE.search(html):
        raise NoLesson
    plain = clean(
        html.translate(_MARKS),
        tags=_KEPT,
        clean_content_tags=_UNSEEN,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel=None,
    )
    for is_formed in (True, False):
        reader = _Reader(places, is_formed=is_formed)
        reader.read(plain)
        text = reader.writer.text()
        if _same(lesson.plain(text), reader.writer.said):
            has_formula = markup.Words(lesson.plain(text)).has_formula
            return Made(text, has_formula, reader.has_frames, reader.has_tracks)
    raise NoLesson


def title_of(html: str) -> str:
    """What a page says that it is called, or ""."""
    found = _TITLE.search(html[:TITLE_PLACE_MAX])
    return " ".join(unescape(found[1]).split())[:200] if found else ""


def words_of(html: str) -> str:
    """The words of HTML without any tag."""
    return unescape(clean(_ENDING.sub(r" \g<0>", html), tags=set(), clean_content_tags=_UNSEEN))


def text_of(text: str) -> str:
    """Plain text as Markdown that shows just that."""
    writer = Writer()
    for line in text.translate(_MARKS).splitlines():
        writer.say(line)
        writer.end_block()
    return writer.text()


_OPENING: Mapping[str, Callable[[Writer], bool | None]] = MappingProxyType(
    {
        **dict.fromkeys((*_BLOCKS, *_HEADINGS), Writer.end_block),
        **{name: partial(Writer.begin, mark=mark) for name, mark in _INLINE.items()},
        "li": Writer.begin_item,
        "blockquote": Writer.begin_quote,
        "pre": Writer.begin_code,
        "table": Writer.begin_table,
        "tr": Writer.begin_row,
        "br": Writer.end_line,
        "hr": Writer.rule,
    }
)
_CLOSING: Mapping[str, Callable[[Writer], bool | None]] = MappingProxyType(
    {
        **dict.fromkeys(_BLOCKS, Writer.end_block),
        **{name: partial(Writer.end_heading, mark=mark) for name, mark in _HEADINGS.items()},
        **{name: partial(Writer.end_mark, mark=mark) for name, mark in _INLINE.items()},
        **dict.fromkeys(("ul", "ol"), Writer.end_list),
        **dict.fromkeys(("li", "blockquote"), Writer.end_holder),
        **dict.fromkeys(("td", "th"), Writer.end_cell),
        "a": Writer.end_link,
        "pre": Writer.end_code,
        "table": Writer.end_table,
    }
)
"""What the writer does at a tag; where it answers False, Markdown has no such thing in this place."""


def _same(shown: str, said: list[str]) -> bool:
    return "".join(shown.split()) == "".join("".join(said).split())


class _Reader:
    """Goes through regular HTML tag by tag and writes Markdown."""

    def __init__(self, places: Places, *, is_formed: bool) -> None:
        self.writer = Writer(is_formed=is_formed)
        self.has_frames = False
        self.has_tracks = False
        self._places = places
        self._open: list[str] = []
        self._silent = 0
        self._small = ""
        self._medium: list[tuple[str, str]] = []

    def read(self, html: str) -> None:
        """The whole page. Raises NoLesson."""
        place = 0
        for found in _TAG.finditer(html):
            self._say(html[place : found.start()])
            place = found.end()
            told = {name: unescape(value) for name, value in _TOLD.findall(found[3])}
            self._tag(found[2], told, is_end=bool(found[1]))
        self._say(html[place:])
        self.writer.end_block()

    def _tag(self, name: str, told: dict[str, str], *, is_end: bool) -> None:
        """One tag. Raises NoLesson."""
        self._nest(name, is_end=is_end)
        if name in ("audio", "video", "source", "track"):
            self._heard(name, told, is_end=is_end)
        elif not self._silent:
            simple = (_CLOSING if is_end else _OPENING).get(name)
            if simple is not None and simple(self.writer) is False:
                raise NoLesson
            if not is_end and name in _TOLD_MORE:
                _TOLD_MORE[name](self, told)
            if name in markup.SMALL:
                self._small = "" if is_end else name

    def _nest(self, name: str, *, is_end: bool) -> None:
        if is_end:
            self._open = self._open[:-1]
        elif name not in _EMPTY:
            self._open.append(name)
        if len(self._open) > _DEPTH_MAX:
            raise NoLesson

    def _anchor(self, told: dict[str, str]) -> None:
        self.writer.begin("", link=self._link(told.get("href", "")))

    def _picture(self, told: dict[str, str]) -> None:
        self.writer.shown(" ".join(told.get("alt", "").split()), self._places.shown(told.get("src", "")))

    def _numbered(self, told: dict[str, str]) -> None:
        start = told.get("start", "")
        self._begin_list(int(start) if start.isascii() and start.isdigit() and len(start) < _NUMBER_CHARS_MAX else 1)

    def _unnumbered(self, _told: dict[str, str]) -> None:
        self._begin_list(None)

    def _begin_list(self, start: int | None) -> None:
        if not self.writer.begin_list(start):
            raise NoLesson

    def _cell(self, told: dict[str, str]) -> None:
        """A cell of a table; one that reaches over others is more than Markdown has."""
        if any(told.get(span, "1") != "1" for span in ("colspan", "rowspan")):
            raise NoLesson
        self.writer.begin_cell(is_head=self._open[-1] == "th")

    def _heard(self, name: str, told: dict[str, str], *, is_end: bool) -> None:
        """A film or a sound: its first source that is there is played."""
        source = self._places.shown(told["src"]) if not is_end and told.get("src") and name != "track" else ""
        self.has_tracks = self.has_tracks or name == "track"
        if name in ("audio", "video"):
            self._silent += -1 if is_end else 1
            if not is_end:
                self._medium.append((told.get("title") or told.get("aria-label") or "", source))
            elif self._medium:
                self.writer.end_block()
                words, played = self._medium.pop()
                self.writer.shown(words or PurePosixPath(played).stem, played)
                self.writer.end_block()
        elif source and self._medium and not self._medium[-1][1]:
            self._medium[-1] = (self._medium[-1][0], source)

    def _framed(self, told: dict[str, str]) -> None:
        """A frame holds something from elsewhere: a link to it remains."""
        self.has_frames = True
        target = told.get("src", "")
        self.writer.end_block()
        self.writer.begin("", link=self._link(target))
        self.writer.say(told.get("title") or target[:200])
        self.writer.end_link()
        self.writer.end_block()

    def _link(self, target: str) -> str:
        return "" if not target or target.startswith("#") else self._places.link(target)

    def _say(self, written: str) -> None:
        if not written or self._silent or (self._open and self._open[-1] == "iframe"):
            return
        said = unescape(written)
        if self._small and all(sign in markup.SMALL[self._small] for sign in said.strip()):
            said = "".join(markup.SMALL[self._small].get(sign, sign) for sign in said)
        self.writer.say(said)


_TOLD_MORE: Mapping[str, Callable[[_Reader, dict[str, str]], None]] = MappingProxyType(
    {
        "a": _Reader._anchor,  # noqa: SLF001 - a table of its own methods
        "img": _Reader._picture,  # noqa: SLF001
        "iframe": _Reader._framed,  # noqa: SLF001
        "ol": _Reader._numbered,  # noqa: SLF001
        "ul": _Reader._unnumbered,  # noqa: SLF001
        **dict.fromkeys(("td", "th"), _Reader._cell),  # noqa: SLF001
    }
)
