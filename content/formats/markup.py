"""What other tools' texts say in plain words: HTML, Markdown, and Moodle's mixture of both.

A question of ours is words and a picture. Small raised and lowered signs have letters of their own, so that H₂O stays
what it is; whatever else the words lose is noticed, so that it can be said. Pure.
"""

import re
from dataclasses import dataclass
from html import unescape

from content import lesson
from content.fields import TEXT_MAX

HTML_CHARS_MAX = 128 * 1024
"""Characters of one text with its tags: pages of it, and a small picture written into it."""
MARKDOWN_CHARS_MAX = 4 * TEXT_MAX
"""Characters of one text in Markdown: a text of ours with many marks."""
ALT_CHARS_MAX = 200

_BARE = frozenset({"html", "head", "body", "p", "br", "div", "span"})
"""Elements that are no more than words and their lines."""
_LINES = frozenset(
    {"p", "br", "div", "li", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "hr", "dt", "dd"}
)
_SILENT = frozenset({"script", "style", "template", "title"})
_HEARD = frozenset({"video", "object", "embed", "iframe", "svg", "canvas"})
_PLAYED = frozenset({"audio", "video"})
"""What stands between their tags is for browsers that cannot play them."""
SMALL = {
    "sup": dict(zip("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ", strict=True)),
    "sub": dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True)),
}
_TAGGED = re.compile(
    r"</?(?:p|br|div|span|b|i|u|em|strong|sub|sup|ul|ol|li|img|a|table|h[1-6]|code|pre)\b[^<>]*>", re.I
)
"""What makes HTML of a text that may be either."""
_COMMENT = "<!--"
_TOKEN = re.compile(r"""<!--|<(/?)([A-Za-z][A-Za-z0-9]*+)((?:[^<>"']++|"[^"]*"|'[^']*')*+)>|<[!?][^<>]*+>""")
"""A comment's beginning, a tag, or a declaration. Python's own reader takes minutes over 100 KB of `<a`."""
_TOLD = re.compile(r"""(?<![A-Za-z-])([A-Za-z-]++)\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'>]++))""")
"""An attribute and its value."""
_FORMULA = re.compile(r"\$\$[^$]+\$\$|\\\([^\n]*?\\\)|\\\[[^\n]*?\\\]")
_SHOWN = re.compile(r"!\[[^\[\]\n]*\]\(")


class Unreadable(ValueError):
    """A text is too long, or a comment in it has no end."""


@dataclass(frozen=True)
class Picture:
    """A picture that a text shows: where it says that it lies, and what it says of it."""

    source: str
    alt: str


@dataclass(frozen=True)
class Words:
    """The words of a text, and what it had beside them; of a sound all addresses that it may be taken from."""

    text: str
    pictures: tuple[Picture, ...] = ()
    sounds: tuple[tuple[str, ...], ...] = ()
    is_formed: bool = False
    has_media: bool = False

    @property
    def has_formula(self) -> bool:
        """Whether a formula stands in it as TeX has it."""
        return _FORMULA.search(self.text[:TEXT_MAX]) is not None


def worded(text: str, form: str) -> Words:
    """The words of a text of a `form` that Moodle knows: html, markdown, plain, or anything else for its own mixture.

    Raises Unreadable.
    """
    if len(text) > HTML_CHARS_MAX:
        raise Unreadable
    if form == "html" or (form not in ("markdown", "plain", "plain_text") and _TAGGED.search(text)):
        return _of_html(text)
    if form == "markdown":
        if len(text) > MARKDOWN_CHARS_MAX:
            raise Unreadable
        plain = _lines(lesson.plain(text))
        return Words(
            plain, is_formed="".join(plain.split()) != "".join(text.split()), has_media=bool(_SHOWN.search(text))
        )
    return Words(_lines(text))


def _of_html(text: str) -> Words:
    reader, place = _Reader(), 0
    while found := _TOKEN.search(text, place):
        reader.say(text[place : found.start()])
        place = found.end()
        if found[0] == _COMMENT:
            place = text.find("-->", place) + len("-->")
            if place < found.end():
                raise Unreadable
        elif found[2]:
            reader.tag(found[2].lower(), found[3], is_end=bool(found[1]))
    reader.say(text[place:])
    said = _lines("".join(reader.parts))
    sounds = tuple(tuple(each) for each in reader.sounds)
    return Words(said, tuple(reader.pictures), sounds, is_formed=reader.is_formed, has_media=reader.has_media)


def _lines(text: str) -> str:
    """A text with one space between its words and no empty lines."""
    lines = (" ".join(line.split()) for line in re.split(r"[\r\n]+", text))
    return "\n".join(line for line in lines if line)


class _Reader:
    """Takes the words out of HTML."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.pictures: list[Picture] = []
        self.sounds: list[list[str]] = []
        self.is_formed = False
        self.has_media = False
        self._silent = ""
        self._small = ""

    def tag(self, name: str, attributes: str, *, is_end: bool) -> None:
        """An element begins or ends."""
        if self._silent and not (is_end and name == self._silent):
            if self._silent == "audio" and name == "source":
                self.sounds[-1].append(_told(attributes).get("src", ""))
            return
        if name in _LINES:
            self.parts.append("\n")
        if is_end:
            self._silent = self._small = ""
            return
        is_whole = attributes.rstrip().endswith("/")
        self._silent = name if name in _SILENT or (name in _PLAYED and not is_whole) else ""
        self._begin(name, _told(attributes))

    def _begin(self, name: str, told: dict[str, str]) -> None:
        if name == "img":
            alt = " ".join(told.get("alt", "").split())[:ALT_CHARS_MAX]
            self.pictures.append(Picture(told.get("src", ""), alt))
        elif name == "audio":
            self.sounds.append([told.get("src", "")])
        elif name in SMALL:
            self._small = name
        elif name in _HEARD:
            self.has_media = True
        elif name not in _BARE or "style" in told:
            self.is_formed = True

    def say(self, written: str) -> None:
        """Words between tags; an end of line in HTML is a space."""
        if not written:
            return
        said = re.sub(r"\s+", " ", unescape(written))
        if self._silent:
            self.is_formed = self.is_formed or self._silent not in _PLAYED
            return
        if self._small:
            signs = SMALL[self._small]
            if all(sign in signs for sign in said):
                said = "".join(signs[sign] for sign in said)
            else:
                self.is_formed = True
        self.parts.append(said)


def _told(attributes: str) -> dict[str, str]:
    """Attributes by name."""
    return {found[1].lower(): unescape(found[2] or found[3] or found[4] or "") for found in _TOLD.finditer(attributes)}
