"""The words of a package, passage by passage, for the catalogue: what a reader would look for.

A passage is one lesson, one quiz, one chapter of a book, one page of a PDF, one caption of an album, a minute of a
film, or the package itself. What cannot
be read is left out here: that is told at installation and by `Shelf.verify`, not by a search that finds less.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

from content import lesson
from content.errors import ContentError
from content.exercise import load
from content.formats import epub, h5p
from content.formats.h5p_libraries import ABOUT, CONTENT
from content.formats.pictures import album
from content.limits import MIB
from content.package import Item, Manifest, captions

PASSAGE_CHARS_MAX = 20_000
"""Characters kept of one passage: 3,500 words; a longer chapter is found by how it begins."""

CHAPTERS_MAX = 2_000
"""Chapters looked at in one book."""

FILE_BYTES_MAX = 4 * MIB
"""Files above this are not looked into; they are data rather than reading matter."""

FILM_SECONDS = 60
"""Seconds of a film whose captions are one passage."""

Read = Callable[[str], bytes]
Pages = Callable[[str], Sequence[str]]
"""The words on each page of the PDF with a hash, as far as they were read."""

_BEGINS = re.compile(r"\s*(?:(\d{1,4}):)?(\d\d):(\d\d)[.,]\d{3}\s+-->")
_TIMING = re.compile(r"-->|^WEBVTT|^NOTE|^STYLE|^\d+$")
_UNSPOKEN = frozenset({"script", "style", "head", "template"})


@dataclass(frozen=True)
class Passage:
    """One findable piece of text. `item` and `path` are "" for the package itself; `path` is where to lead, for a page
    of a PDF with `#page=7`, for a minute of a film with `#t=60`. Such a piece has the title ""."""

    item: str
    path: str
    title: str
    text: str


def passages(manifest: Manifest, read: Read, pages: Pages = lambda _sha256: ()) -> list[Passage]:
    """Every passage of a package; the first is the package itself. `read` gives the bytes of a path."""
    about = [
        manifest.summary,
        manifest.author,
        " ".join(manifest.keywords),
        *(each.statement for each in manifest.competencies),
    ]
    found = [Passage(item="", path="", title=manifest.title, text="\n".join(filter(None, about)))]
    for item in manifest.items:
        found += _of_item(manifest, item, read)
        if item.kind == "pdf":
            found += _pages(item, pages(manifest.files[item.path].sha256))
    return found


def page_text(page: str) -> str:
    """The visible words of an HTML page."""
    reader = _PageReader()
    reader.feed(page)
    reader.close()
    return " ".join(" ".join(reader.words).split())


def _of_item(manifest: Manifest, item: Item, read: Read) -> list[Passage]:
    if item.kind == "book":
        return [_passage(item, item.summary, item.path), *_chapters(manifest, item, read)]
    if item.kind == "pictures":
        told = [each for each in album(manifest, item, read) if each.caption]
        return [_passage(item, item.summary, item.path), *(_passage(item, each.caption, each.path) for each in told)]
    if item.kind in ("video", "audio"):
        return [_passage(item, item.summary, item.path), *_minutes(manifest, item, read)]
    try:
        text = _READERS[item.kind](manifest, item, read)
    except ContentError:
        text = ""
    return [_passage(item, f"{item.summary}\n{text}".strip(), item.path)]


def _passage(item: Item, text: str, path: str, title: str = "") -> Passage:
    """A passage; its title is not told twice, since lessons and quizzes begin with it."""
    title = title or item.title
    return Passage(item=item.id, path=path, title=title, text=text.removeprefix(title).strip()[:PASSAGE_CHARS_MAX])


def _chapters(manifest: Manifest, item: Item, read: Read) -> Iterator[Passage]:
    try:
        chapters = epub.within(read, epub.root(manifest.files, item.path))[:CHAPTERS_MAX]
    except ContentError:
        return
    for chapter in chapters:
        try:
            text = page_text(_decoded(read(chapter.path)))
        except ContentError:
            continue
        yield _passage(item, text, chapter.path, chapter.title)


def _lesson_text(manifest: Manifest, item: Item, read: Read) -> str:
    return lesson.plain(lesson.read(read(item.path)))


def _quiz_text(manifest: Manifest, item: Item, read: Read) -> str:
    quiz = load(read(item.path), where=item.path)
    lines = [quiz.title]
    for question in quiz.questions:
        lines += [question.prompt, *(option.text for option in question.options + question.left + question.right)]
    return "\n".join(lines)


def _html_text(manifest: Manifest, item: Item, read: Read) -> str:
    return page_text(_decoded(read(item.path)))


def _h5p_text(manifest: Manifest, item: Item, read: Read) -> str:
    try:
        content = json.loads(read(item.path.removesuffix(ABOUT) + CONTENT))
    except (ValueError, RecursionError):
        return ""
    return h5p.texts(content, manifest.title)


def _pages(item: Item, pages: Sequence[str]) -> Iterator[Passage]:
    for number, text in enumerate(pages, start=1):
        if text:
            yield Passage(item.id, f"{item.path}#page={number}", "", text[:PASSAGE_CHARS_MAX])


def _minutes(manifest: Manifest, item: Item, read: Read) -> Iterator[Passage]:
    """What is said in a film, in each language of its captions, some cues at a time."""
    for _, path in captions(manifest, item):
        try:
            told = _decoded(read(path))
        except ContentError:
            continue
        for start, text in _said(told):
            yield Passage(item.id, f"{item.path}#t={start}", "", text[:PASSAGE_CHARS_MAX])


def _said(captions_text: str) -> Iterator[tuple[int, str]]:
    """The second at which some cues begin, and their words, up to FILM_SECONDS together; WebVTT is read as it comes."""
    start, second, lines = 0, 0, list[str]()
    for line in captions_text.splitlines():
        begins = _BEGINS.match(line)
        if begins:
            second = int(begins[1] or 0) * 3600 + int(begins[2]) * 60 + int(begins[3])
            if lines and second - start >= FILM_SECONDS:
                yield start, "\n".join(lines)
                lines = []
            start = start if lines else second
        elif line.strip() and not _TIMING.search(line):
            lines.append(line)
    if lines:
        yield start, "\n".join(lines)


def _no_text(manifest: Manifest, item: Item, read: Read) -> str:
    return ""


def _decoded(data: bytes) -> str:
    return data[:FILE_BYTES_MAX].decode("utf-8", errors="replace")


_READERS: dict[str, Callable[[Manifest, Item, Read], str]] = {
    "lesson": _lesson_text,
    "quiz": _quiz_text,
    "html5": _html_text,
    "scorm": _html_text,
    "h5p": _h5p_text,
    "cmi5": _html_text,
    "tincan": _html_text,
    "pdf": _no_text,
    "zim": _no_text,
}


class _PageReader(HTMLParser):
    """Collects the words that a reader sees."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Go silent inside what is not shown."""
        self._silent += tag in _UNSPOKEN

    def handle_endtag(self, tag: str) -> None:
        """Come back from it."""
        self._silent = max(0, self._silent - (tag in _UNSPOKEN))

    def handle_data(self, data: str) -> None:
        """Take the words."""
        if not self._silent:
            self.words.append(data)
