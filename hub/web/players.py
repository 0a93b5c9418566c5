"""What an item needs to be played on a page: its source, captions, chapters, pictures, or the frame it runs in.

The page that opens an item makes a `Player` and hands it to the macro of that name in `library/_player.html`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from content.errors import ContentError
from content.formats import epub, tincan
from content.formats.pictures import Picture, album
from content.package import Item, Manifest, captions
from hub import zims
from hub.learning import Opened, cmi5
from hub.node import Node
from hub.web import booklooks, h5p, scorm
from hub.web.files import KINDS, frame_address, kind_of, media_address
from hub.zims import Shelved

FRAMED = ("html5", "book", "zim", "scorm", "h5p", "cmi5", "tincan")
PLAYED = ("video", "audio", "pdf", "pictures", *FRAMED)
"""Kinds of items that have a player; lessons and quizzes are pages of our own."""
STEPS = {"book": "chapter", "pictures": "picture", "zim": "page"}
"""Kind of item that is gone through step by step → what the number of a step is called in its address."""
POINTS = {"pdf": "page", "video": "at", "audio": "at"}
"""Kind of item whose file can be opened at a page or a second → what its number is called in an address."""
CHAPTERS_MAX = 2_000


@dataclass(frozen=True)
class Caption:
    """The words of a film in one language."""

    language: str
    address: str


@dataclass(frozen=True)
class Chapter:
    """One part of a book; `number` counts from 1, and `title` may be ""."""

    number: int
    title: str
    path: str


@dataclass(frozen=True)
class Player:
    """Everything about one item that a page needs to show it.

    `chapter` is the number of the one that is open, and `shown` the picture that is; `articles` counts the pages of a
    ZIM file. Without `runs` this hub lacks what it needs; without a `source` it opens for learners alone; with
    `is_apart` it wants a window of its own.
    """

    kind: str
    title: str
    source: str
    content_type: str
    size_bytes: int
    captions: tuple[Caption, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    chapter: int = 0
    pictures: tuple[Picture, ...] = ()
    shown: Picture | None = None
    articles: int = 0
    runs: bool = True
    is_apart: bool = False


def player(
    node: Node, manifest: Manifest, item: Item, *, step: int = 1, languages: Sequence[str] = (), look: str = ""
) -> Player | None:
    """The player of an item, at a chapter or picture (from 1; the nearest when there is none); None for lessons and
    quizzes. Captions come in the order of `languages`, then in that of the package, then all others; a book's pages in
    the look of that mark."""
    if item.kind not in PLAYED:
        return None
    if item.kind == "book":
        return _book(node, manifest, item, step, look)
    if item.kind == "pictures":
        return _pictures(node, manifest, item, step)
    if item.kind == "zim":
        return _zim(node, manifest, item, step)
    if item.kind in _FOREIGN:
        return _FOREIGN[item.kind](node, manifest, item)
    is_framed = item.kind in FRAMED
    address = frame_address(manifest, item.path) if is_framed else media_address(manifest, item.path)
    beside = captions(manifest, item) if item.kind in ("video", "audio") else []
    wanted = [*languages, manifest.language]
    beside.sort(key=lambda each: _nearest(each[0], wanted))
    return Player(
        kind=item.kind,
        title=item.title,
        source=address + _at(item, step),
        content_type=kind_of(manifest, item.path, KINDS),
        size_bytes=manifest.files[item.path].size,
        captions=tuple(Caption(language, media_address(manifest, path)) for language, path in beside),
    )


def _nearest(language: str, wanted: Sequence[str]) -> int:
    """The place of a language among those wanted; `pt` is near enough to `pt-BR`."""
    own = language.partition("-")[0]
    return next((place for place, each in enumerate(wanted) if each.partition("-")[0] == own), len(wanted))


def _at(item: Item, point: int) -> str:
    """Where in a file to begin, as browsers read it (RFC 8118, Media Fragments 1.0); "" for its beginning."""
    name = {"pdf": "page", "video": "t", "audio": "t"}.get(item.kind)
    return f"#{name}={point}" if name and point > 1 else ""


def chapter_numbers(node: Node, manifest: Manifest, item: Item) -> dict[str, int]:
    """The number of each chapter of a book, from 1, by its path; reads the book's table of contents."""
    return {each.path: each.number for each in reversed(_chapters(node, manifest, item))}


def step_numbers(node: Node, manifest: Manifest) -> dict[str, int]:
    """The number of each chapter and of each picture of an album in a package, by its path."""
    numbers: dict[str, int] = {}
    for item in manifest.items:
        if item.kind == "book":
            numbers |= chapter_numbers(node, manifest, item)
        if item.kind == "pictures":
            numbers |= {each.path: each.number for each in _album(node, manifest, item)}
    return numbers


def place_in(path: str) -> int:
    """The page or the second that a passage's path names, as in `film.mp4#t=60`; 0 for none."""
    number = path.rpartition("#")[2].rpartition("=")[2] if "#" in path else ""
    return int(number) if number.isdecimal() else 0


def _book(node: Node, manifest: Manifest, item: Item, chapter: int, look: str) -> Player:
    """A book at one chapter; a book that does not tell its order is opened at whatever its item names."""
    chapters = _chapters(node, manifest, item)
    number = min(max(chapter, 1), len(chapters)) if chapters else 0
    path = chapters[number - 1].path if chapters else item.path
    return Player(
        kind=item.kind,
        title=item.title,
        source=frame_address(manifest, path, mark=look and booklooks.SIGN + look),
        content_type="",
        size_bytes=manifest.size_bytes,
        chapters=tuple(chapters),
        chapter=number,
    )


def _scorm(_node: Node, manifest: Manifest, item: Item) -> Player:
    """Content that speaks with the hub, as a guest sees it; it does not run where its player did not come along."""
    source = scorm.address(Opened(manifest, item)) if scorm.is_here() else ""
    return _foreign(manifest, item, source, runs=scorm.is_here())


def _h5p(_node: Node, manifest: Manifest, item: Item) -> Player:
    """An H5P task, as a guest sees it; it does not run where its player did not come along."""
    source = h5p.address(Opened(manifest, item)) if h5p.is_here() else ""
    return _foreign(manifest, item, source, runs=h5p.is_here())


def _cmi5(node: Node, manifest: Manifest, item: Item) -> Player:
    """A part of a cmi5 course, which runs for learners alone: the standard has nobody who looks around."""
    return _foreign(manifest, item, "", is_apart=cmi5.unit(node, Opened(manifest, item)).is_apart)


def _tincan(node: Node, manifest: Manifest, item: Item) -> Player:
    """An activity of an xAPI package, as a guest sees it."""
    query = tincan.query_of(manifest, item.id, lambda path: node.shelf.read(manifest, path))
    return _foreign(manifest, item, frame_address(manifest, item.path) + query)


def _foreign(manifest: Manifest, item: Item, source: str, *, runs: bool = True, is_apart: bool = False) -> Player:
    size = manifest.files[item.path].size
    return Player(item.kind, item.title, source, content_type="", size_bytes=size, runs=runs, is_apart=is_apart)


_FOREIGN: Mapping[str, Callable[[Node, Manifest, Item], Player]] = {
    **{"scorm": _scorm, "h5p": _h5p},
    **{"cmi5": _cmi5, "tincan": _tincan},
}


def _pictures(node: Node, manifest: Manifest, item: Item, number: int) -> Player:
    """An album at one picture."""
    found = _album(node, manifest, item)
    shown = found[min(max(number, 1), len(found)) - 1]
    return Player(
        kind=item.kind,
        title=item.title,
        source=media_address(manifest, shown.path),
        content_type=kind_of(manifest, shown.path, KINDS),
        size_bytes=manifest.files[shown.path].size,
        pictures=tuple(found),
        shown=shown,
    )


def _zim(node: Node, manifest: Manifest, item: Item, number: int) -> Player:
    """A ZIM file at one page, whose numbers begin with 1 as its records have them; at its beginning for no page."""
    zim = zims.opened(node, Shelved(manifest, item))
    found = zim.named(number - 1)
    return Player(
        kind=item.kind,
        title=item.title,
        source=f"{frame_address(manifest, item.path)}/{quote(found.path if found else zim.main)}",
        content_type="",
        size_bytes=manifest.size_bytes,
        articles=zim.articles,
    )


def _album(node: Node, manifest: Manifest, item: Item) -> list[Picture]:
    return album(manifest, item, lambda path: node.shelf.read(manifest, path))


def _chapters(node: Node, manifest: Manifest, item: Item) -> list[Chapter]:
    try:
        found = epub.within(lambda path: node.shelf.read(manifest, path), epub.root(manifest.files, item.path))
    except ContentError:
        return []
    there = [each for each in found if each.path in manifest.files][:CHAPTERS_MAX]
    return [Chapter(number, each.title, each.path) for number, each in enumerate(there, start=1)]
