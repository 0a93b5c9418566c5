"""Writing Markdown that shows exactly the words it is given: paragraphs, headings, lists, tables, code, links.

Every sign of the words that Markdown would take for its own is escaped. Pure.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from urllib.parse import quote

from content import lesson

_OWN = re.compile(r"([\\`*_\[\]<>#|~&!])")
_FIRST = re.compile(r"^(\d{0,9})([-+=.)])")
LATER = "\ue002"
"""Stands before an address that is settled when all pages are known."""
_SAFE = "/:?#@!$&'+,;=%~.-_"
"""Signs that an address keeps; brackets and spaces are written as numbers, since they end a link."""
_NESTED_MAX = 8
"""Lists and quotes inside each other: Markdown of ours reads about ten."""


@dataclass(frozen=True)
class _Piece:
    """Words, and their Markdown where that is more than the words with their signs escaped."""

    words: str
    made: str = ""


@dataclass
class _Frame:
    """Words inside one mark or link, and what stands ready made among them."""

    mark: str = ""
    link: str = ""
    pieces: list[_Piece] = field(default_factory=list)

    @property
    def words(self) -> str:
        """What all its pieces say."""
        return "".join(each.words for each in self.pieces)


@dataclass
class _Holder:
    """A list item or a quote: what stands before its first line and before the others."""

    first: str
    rest: str
    is_used: bool = False

    def take(self) -> str:
        """What stands before the next line."""
        before, self.is_used = (self.rest if self.is_used else self.first), True
        return before


@dataclass
class _Table:
    """Rows of cells; whether the first row is a head."""

    rows: list[list[str]] = field(default_factory=list)
    has_head: bool = False
    in_cell: bool = False


class Writer:
    """Takes words and marks in order; `text` is the Markdown of them, `said` the words that it shows."""

    def __init__(self, *, is_formed: bool = True) -> None:
        self.said: list[str] = []
        self._is_formed = is_formed
        self._lines: list[str] = []
        self._frames = [_Frame()]
        self._holders: list[_Holder] = []
        self._lists: list[tuple[int | None, str]] = []
        self._bullet = "-"
        self._is_tight = False
        self._code: list[str] | None = None
        self._table: _Table | None = None

    def text(self) -> str:
        """All that was written."""
        self.end_block()
        return "\n".join(self._lines).strip("\n") + "\n"

    def say(self, words: str) -> None:
        """Words as they are."""
        if self._code is not None:
            self._code.append(words)
        else:
            self._frames[-1].pieces.append(_Piece(re.sub(r"\s+", " ", words)))

    def begin(self, mark: str, *, link: str = "") -> None:
        """A mark such as `**` begins, or a link."""
        if self._code is None:
            self._frames.append(_Frame(mark, link))

    def end_mark(self, mark: str) -> None:
        """The mark ends."""
        if self._code is None and len(self._frames) > 1 and self._frames[-1].mark == mark:
            self._join(self._frames.pop())

    def end_link(self) -> None:
        """The link ends."""
        self.end_mark("")

    def shown(self, words: str, source: str) -> None:
        """A picture, a film or a sound; without a source its words remain."""
        if not source:
            self.say(f"{words} " if words else "")
        elif self._code is None:
            self._frames[-1].pieces.append(_Piece(words, f"![{_escaped(words)}]({_address(source)})"))

    def end_line(self) -> None:
        """A new line in the same paragraph."""
        if self._code is not None:
            self._code.append("\n")
        else:
            self._frames[-1].pieces.append(_Piece(" ", "\ue003" if self._table is None else " "))

    def end_block(self) -> None:
        """A paragraph ends, if there is one."""
        if self._code is not None:
            return
        if self._table is not None:
            self._frames[-1].pieces.append(_Piece(" "))
            return
        self._put(_FIRST.sub(r"\1\\\2", self._taken()))

    def end_heading(self, mark: str) -> None:
        """A heading ends."""
        words = self._taken().replace("\\\n", " ") if self._table is None else ""
        if words:
            self._put(f"{mark} {words}")

    def rule(self) -> None:
        """A line across the page."""
        self.end_block()
        if self._table is None and self._code is None:
            self._put("***")

    def begin_list(self, start: int | None) -> bool:
        """A list begins, numbered from `start`; False where there can be none."""
        self.end_block()
        if not self._lists:
            self._bullet = "*" if self._bullet == "-" else "-"
        # A list that does not begin with 1 begins behind an empty line only.
        self._is_tight = self._is_tight and bool(self._lists) and start in (None, 1)
        self._lists.append((start, self._bullet))
        return self._table is None and self._code is None and len(self._lists) <= _NESTED_MAX

    def end_list(self) -> None:
        """It ends."""
        self.end_block()
        if self._lists:
            self._lists.pop()

    def begin_item(self) -> bool:
        """An item of a list begins."""
        self.end_block()
        start, bullet = self._lists[-1] if self._lists else (None, "-")
        if start is None:
            mark = f"{bullet} "
        else:
            mark = f"{start}{'.' if bullet == '-' else ')'} "
            self._lists[-1] = (start + 1, bullet)
        return self._hold(mark, " " * len(mark))

    def begin_quote(self) -> bool:
        """A quotation begins."""
        self.end_block()
        return self._hold("> ", "> ")

    def end_holder(self) -> None:
        """An item or a quotation ends."""
        self.end_block()
        if self._holders:
            self._holders.pop()

    def begin_code(self) -> bool:
        """Lines begin that stay as they are."""
        self.end_block()
        if self._table is not None or self._code is not None:
            return False
        self._code = []
        return True

    def end_code(self) -> None:
        """They end."""
        code = "".join(self._code or []).strip("\n")
        self._code = None
        if code.strip():
            self.said.append(code)
            fence = "`" * (max([2, *(len(each) for each in re.findall("`+", code))]) + 1)
            self._put(f"{fence}\n{code}\n{fence}")

    def begin_table(self) -> bool:
        """A table begins; False inside another one."""
        self.end_block()
        if self._table is not None or self._code is not None:
            return False
        self._table = _Table()
        return True

    def begin_row(self) -> None:
        """A row begins."""
        if self._table is not None:
            self._table.rows.append([])

    def begin_cell(self, *, is_head: bool) -> None:
        """A cell begins; before it nothing is said in a table."""
        if self._table is not None:
            self._taken()
            self._table.in_cell = True
            self._table.has_head = self._table.has_head or (is_head and len(self._table.rows) == 1)

    def end_cell(self) -> None:
        """It ends."""
        if self._table is not None and self._table.rows:
            self._table.rows[-1].append(" ".join(self._taken().split()))

    def end_table(self) -> bool:
        """It ends; False when words stand beside its cells."""
        table, beside = self._table, self._taken()
        self._table = None
        if table is None or beside:
            return False
        rows = [row for row in table.rows if row]
        width = max((len(row) for row in rows), default=0)
        if not width:
            return True
        head = rows.pop(0) if table.has_head else []
        laid = [_row(head, width), f"|{' --- |' * width}", *(_row(row, width) for row in rows)]
        self._put("\n".join(laid))
        return True

    def _hold(self, first: str, rest: str) -> bool:
        self._holders.append(_Holder(first, rest))
        return self._table is None and self._code is None and len(self._holders) <= _NESTED_MAX

    def _put(self, block: str) -> None:
        """A whole block, behind what its lists and quotes put before it."""
        if not block:
            return
        is_item = bool(self._lists) and bool(self._holders) and not self._holders[-1].is_used
        if self._lines and not (is_item and self._is_tight):
            self._lines.append("".join(each.rest for each in self._holders if each.is_used).rstrip())
        for line in block.split("\n"):
            before = "".join(each.take() for each in self._holders)
            self._lines.append(f"{before}{line}" if line else before.rstrip())
        self._is_tight = bool(self._lists) and "\n" not in block

    def _taken(self) -> str:
        """The words since the last block as Markdown; marks that are open go on behind it."""
        again = [_Frame(each.mark, each.link) for each in self._frames[1:]]
        while len(self._frames) > 1:
            self._join(self._frames.pop())
        words = _written(self._frames[0])
        self.said.append(self._frames[0].words)
        self._frames = [_Frame(), *again]
        return re.sub(r" *\ue003 *", "\\\\\n", re.sub(r"^[ \ue003]+|[ \ue003]+$", "", words))

    def _join(self, frame: _Frame) -> None:
        """A frame that ended becomes a piece of the one around it."""
        outer, words = self._frames[-1].pieces, frame.words
        if frame.link and words.strip():
            outer.append(_Piece(words, f"[{_written(frame).strip()}]({_address(frame.link)})"))
        elif frame.mark and self._is_formed and not any(each.made for each in frame.pieces) and self._is_free(frame):
            outer += _marked(frame.mark, words)
        else:
            outer += frame.pieces

    def _is_free(self, frame: _Frame) -> bool:
        """Whether the frame stands in no other of its kind, and not among code."""
        return not any(each.mark in (frame.mark, "`") for each in self._frames)


def _written(frame: _Frame) -> str:
    """The pieces of a frame as Markdown, where two spaces are one."""
    parts: list[str] = []
    for each in frame.pieces:
        words = each.words.lstrip(" ") if parts and parts[-1].endswith(" ") else each.words
        if each.made or words:
            parts.append(each.made or _escaped(words))
    return "".join(parts)


def _marked(mark: str, words: str) -> list[_Piece]:
    """Words between two marks; signs and spaces at their ends stand outside, or Markdown would not see the marks."""
    inner = words.strip() if mark == "`" else _core(words)
    if not inner or "`" in inner:
        return [_Piece(words)]
    start = words.index(inner)
    made = f"{mark}{inner if mark == '`' else _escaped(inner)}{mark}"
    return [_Piece(words[:start]), _Piece(inner, made), _Piece(words[start + len(inner) :])]


def _core(words: str) -> str:
    """Words without signs and spaces at both ends."""
    start, end = 0, len(words)
    while start < end and unicodedata.category(words[start])[0] in "PSZC":
        start += 1
    while end > start and unicodedata.category(words[end - 1])[0] in "PSZC":
        end -= 1
    return words[start:end]


def _escaped(words: str) -> str:
    return _OWN.sub(r"\\\1", words)


def _address(target: str) -> str:
    """A path or an address on the internet as a link has it; the mark of what is settled later stays."""
    if target.startswith(LATER):
        return LATER + quote(target.removeprefix(LATER))
    return quote(target, safe=_SAFE if lesson.is_remote(target) else "/")


def _row(cells: list[str], width: int) -> str:
    return f"| {' | '.join([*cells, *[''] * (width - len(cells))])} |"
