"""Scripts of ours that stand first in a page from elsewhere, and where in it they may stand.

A page is read only as far as its head, by the letter of how browsers read it: whatever is not understood ends the
reading, and our scripts stand there. Nothing of the page itself may run, or be shown, before them.
"""

import codecs
import re
from dataclasses import dataclass
from functools import cache
from io import SEEK_CUR, SEEK_END, SEEK_SET, BufferedReader, RawIOBase
from typing import Any, BinaryIO

from hub.web import static_files

HEAD_BYTES = 64 * 1024
"""How far a page is looked into."""
PRESCAN_BYTES = 4096
"""How far its encoding is looked for; browsers look through a quarter of it."""
SHUT = "shut.js"
HTML, XHTML = "text/html", "application/xhtml+xml"

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_ATTRIBUTES = r"""(?:[ \t\r\n\f]+[A-Za-z_:][\w:.-]{0,80}(?:\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[\w#/.:;,-]+))?)*\s*"""
_COMMENT = r"<!--(?!-?>)(?:(?!--!?>)[\s\S])*--!?>"
_BEFORE = re.compile(
    rf"(?:[ \t\r\n\f]|{_COMMENT}|<!doctype[^>]*>|<\?[^>]*>)*+"
    rf"(?:<html{_ATTRIBUTES}>(?:[ \t\r\n\f]|{_COMMENT})*+)?(?:<head{_ATTRIBUTES}>)?",
    re.IGNORECASE | re.ASCII,
)
"""All that may stand before the first script of a page, as browsers end each of them: `<!-->` is a whole comment."""
_XML_NOTES = r"(?:\s|<!--(?:(?!--)[\s\S])*-->)*+"
_XML_BEFORE = re.compile(
    rf"(?:<\?xml\s[^<>?]*\?>)?{_XML_NOTES}(?:<!DOCTYPE[^<>\[\]]*>{_XML_NOTES})?"
    r"""<html(?:\s+[\w:.-]{1,80}\s*=\s*(?:"[^"<]*"|'[^'<]*'))*+\s*>""",
    re.ASCII,
)
"""The same for XML, up to its outermost element; style sheets that make another page of it are none of that."""
_XML_ENCODING = re.compile(
    r"""<\?xml[^>]*\sencoding\s*=\s*["'](?!utf-8["']|us-ascii["']|iso-8859-1["'])""", re.IGNORECASE
)
_SHIFT = "\x1b"
"""Begins other letters in old encodings, in which a comment has another end."""


@dataclass(frozen=True)
class Foreword:
    """Our scripts as a page's own bytes, where they stand in it, and the encoding that the page is written in."""

    at: int
    text: bytes
    encoding: str

    def into(self, page: bytes) -> bytes:
        """The page with them."""
        return page[: self.at] + self.text + page[self.at :]


def is_page(kind: str) -> bool:
    """Whether a browser makes a page out of something of this content type, in which scripts could run."""
    plain = _plain(kind)
    return plain == HTML or plain.endswith("xml")


def foreword(page: bytes, kind: str, scripts: str = "") -> Foreword | None:
    """What comes first in a page, of which the beginning is enough; None where that has no place, so that nothing in it
    may run: in drawings and other XML, of which a package has thousands to look at and hardly one to run. `scripts` are
    elements, in ASCII, that stand behind our own."""
    head = page[:HEAD_BYTES]
    mark, encoding = next(((mark, name) for mark, name in _MARKS if head.startswith(mark)), (b"", ""))
    reading = encoding if encoding.startswith("utf-16") else "latin-1"
    text = head[len(mark) :].decode(reading, "replace")
    plain = _plain(kind)
    is_html = plain == HTML
    found = _BEFORE.match(text) if is_html else _XML_BEFORE.match(text)
    if plain not in (HTML, XHTML) or found is None or (not is_html and _XML_ENCODING.match(text)):
        return None
    before = "" if is_html and _SHIFT in found[0] else found[0]
    words = _written(reading, is_html=is_html) + scripts.encode(reading)
    return Foreword(len(mark) + len(before.encode(reading)), words, encoding or _encoding(page))


def with_first(file: BinaryIO, first: Foreword) -> BinaryIO:
    """An open page as it is sent, with its foreword in it; closing it closes the file. Some hold all their pictures and
    are as long as a film, so that none is read whole."""
    return BufferedReader(_Joined(file, first))


class _Joined(RawIOBase):
    """Two files, one in the middle of the other, read as one."""

    def __init__(self, file: BinaryIO, first: Foreword) -> None:
        super().__init__()
        self._file, self._first, self._at = file, first, 0

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def seekable(self) -> bool:
        """A range begins anywhere."""
        return True

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        """Go on at another byte; from the end where asked."""
        size = self._file.seek(0, SEEK_END) + len(self._first.text)
        self._at = {SEEK_SET: 0, SEEK_CUR: self._at, SEEK_END: size}[whence] + offset
        return self._at

    def readinto(self, room: Any) -> int:
        """Fill the room (a writable buffer) with the next bytes; return how many, which is as many as lie together."""
        wanted, begin, length = memoryview(room).nbytes, self._first.at, len(self._first.text)
        if begin <= self._at < begin + length:
            piece = self._first.text[self._at - begin : self._at - begin + wanted]
        else:
            is_before = self._at < begin
            self._file.seek(self._at if is_before else self._at - length)
            piece = self._file.read(min(wanted, begin - self._at) if is_before else wanted)
        memoryview(room)[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def close(self) -> None:
        """Close the page's own file too."""
        self._file.close()
        super().close()


@cache
def version() -> str:
    """Changes with our own script, as the mark of a page must that holds it."""
    return static_files.asset(SHUT).digest


@cache
def _written(encoding: str, *, is_html: bool) -> bytes:
    """Our own script in an encoding: one piece of memory for all pages."""
    return (in_html() if is_html else _in_xml()).encode(encoding)


@cache
def in_html() -> str:
    """Our own script, for a page of ours that plays what came from elsewhere."""
    return f"<script>{_script()}</script>"


@cache
def _in_xml() -> str:
    return f'<script xmlns="http://www.w3.org/1999/xhtml">/*<![CDATA[*/{_script()}/*]]>*/</script>'


def _plain(kind: str) -> str:
    return kind.partition(";")[0].strip().lower()


def _script() -> str:
    """Our script without its notes and margins."""
    text = static_files.asset(SHUT).body.decode("ascii")
    lines = (line.strip() for line in text.partition("*/")[2].splitlines())
    return "\n".join(line for line in lines if line)


def _encoding(page: bytes) -> str:
    """What a page without a mark says of itself, where that is known and writes our scripts as they are; else what it
    can be."""
    match = _CHARSET.search(page[:PRESCAN_BYTES])
    if match:
        try:
            name = codecs.lookup(match[1].decode()).name
            if "<a>".encode(name) == b"<a>":
                return match[1].decode()
        except (LookupError, UnicodeError):
            pass
    try:
        page.decode()
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"
