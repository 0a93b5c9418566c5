"""A course of another system as a package: its pieces in their order, each as an item under the heading of its part.

Pages become lessons where a lesson holds them whole, else they are shown as they came, shut in. Neighbouring questions
become one quiz, neighbouring addresses one page. What fits nowhere is noted with the title of its piece.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from urllib.parse import quote, unquote

from content import authored, bare, lesson
from content.draft import Draft, Origin, listed, nothing_to_close
from content.errors import N_, CourseUnfit, PackageTooLarge
from content.fields import LIST_MAX
from content.formats import asked, outlines, pages, shown
from content.formats.asked import Notes
from content.formats.marks import LATER
from content.formats.quizzes import Taken, origins
from content.naming import named_after
from content.package import Item, Manifest
from content.question import Quiz

TITLE_CHARS_MAX = 200
PLACE_CHARS_MAX = 60
"""Letters of a title in the list of what is left out."""
ID_HASH_DIGITS = 8

AWAY = N_("pictures, films and pages that lie on the internet are shown as addresses")
LINKS = N_("addresses on the internet are shown as text")
TALK = N_("discussions become pages about what to discuss; nobody writes in them")
TOOLS = N_("tools on other servers (LTI) are left out")
FILES = N_("files that no browser opens are left out")
MISSING = N_("pictures and links are left out whose file is not in the course")
OWN = N_("what only the program it comes from can open is left out")
STAFF = N_("what was hidden or only for teachers is left out")
TASKS = N_("work to hand in becomes pages to read")
GOALS = N_("goals of a curriculum are left out")
TRACKS = N_("subtitles of films inside a page are left out")
EMPTY = N_("headings with nothing below them are left out")
UNUSED = N_("files to which nothing leads are left out")
UNREAD = N_("pieces that cannot be read are left out")

MORE, TOGETHER, ADDRESSES = "more", "together", "addresses"
WORDS = {
    "en": ("More", "Talk about this together.", "On the internet"),
    "ar": ("المزيد", "تحدّثوا عن هذا معًا.", "على الإنترنت"),
    "es": ("Más", "Hablen de esto juntos.", "En internet"),
    "fr": ("Encore", "Parlez-en ensemble.", "Sur internet"),
    "hi": ("और", "इस पर मिलकर बात करें।", "इंटरनेट पर"),
    "pt": ("Mais", "Conversem sobre isto juntos.", "Na internet"),
    "sw": ("Zaidi", "Zungumzeni kuhusu hili pamoja.", "Kwenye mtandao"),
}
"""What a course is given in words, in its own language: the heading of what stands in no part, what is said above a
discussion, and the title of a page of addresses."""

_SERVED = {*(f".{each}" for each in outlines.ENDINGS), *lesson.SOUNDS, *lesson.FILMS}
_OPENED = {*_SERVED, ".pdf", ".txt"}
"""Endings of files to which a lesson may lead."""
_BESIDE = {
    *_OPENED,
    ".html",
    ".htm",
    ".xhtml",
    ".css",
    ".js",
    ".mjs",
    ".json",
    ".woff",
    ".woff2",
    ".ttf",
    ".otf",
    ".vtt",
}
"""Endings of files that a page may need which is shown as it came."""
_DATA = re.compile(r"data:image/[a-z+.-]+;base64,")
_LATER = re.compile(rf"\]\({LATER}([^)]*)\)")


class TooManyPieces(PackageTooLarge):
    """A course has more pieces than a package has items."""


@dataclass(frozen=True)
class Piece:
    """Where something of the course stands: under which heading, how it is called, and by what it is known."""

    part: str
    title: str
    key: str


@dataclass(frozen=True)
class Told:
    """What a course says about itself; `known` is what tells it from others."""

    title: str
    known: str
    summary: str = ""
    licence: str = ""
    author: str = ""
    cover: str = ""


class Course:
    """A course that is being made; `files` is what came, by path, those below `beside` what its pages may need."""

    def __init__(self, source: Path, files: Mapping[str, Origin], language: str, beside: str = "") -> None:
        self._beside = beside
        self.files, self.notes = files, Notes()
        self._source, self._language = source, language
        self._items: list[Item] = []
        self._texts: dict[str, str] = {}
        self._made: dict[str, bytes] = {}
        self._kept: set[str] = set()
        self._has_whole, self._chars = False, 0
        self._leads: dict[str, str] = {}
        self._waiting: list[str] = []
        self._ids: Counter[str] = Counter()
        self._links: list[tuple[Piece, str]] = []
        self._quiz: tuple[Piece, Taken] | None = None

    def word(self, which: str) -> str:
        """A word that the course is given, in its language."""
        known = WORDS.get(self._language.partition("-")[0], WORDS["en"])
        return known[(MORE, TOGETHER, ADDRESSES).index(which)]

    def begin(self, key: str) -> None:
        """A part begins, and with it a new quiz; what leads to the part leads to the first piece in it."""
        self._end_links()
        self._end_quiz()
        self._waiting.append(key)

    def note(self, what: str, piece: Piece) -> None:
        """Note what is left out of a piece."""
        self.notes.add(what, _short(piece.title))

    def page(self, piece: Piece, html: str, locate: pages.Place, whole: Callable[[], str]) -> None:
        """A page. `locate` says where an address leads; `whole` gives the path of the page where it is shown as it
        came."""
        self._chars += len(html)
        try:
            made = pages.made(html, self.places(piece, locate), most=pages.COURSE_CHARS_MAX - self._chars)
        except pages.NoLesson:
            self._has_whole = True
            self.item(piece, "html5", whole())
            return
        noted = {asked.FORMULA: made.has_formula, TRACKS: made.has_tracks}
        for what in (phrase for phrase, is_so in noted.items() if is_so):
            self.note(what, piece)
        self.lesson(piece, made.text)

    def lesson(self, piece: Piece, text: str) -> None:
        """A lesson in Markdown, which gets its title unless it begins with it."""
        first, _, rest = text.partition("\n")
        body = rest if first.startswith("#") and lesson.title(first) == piece.title else text
        name = self._id("lesson", piece)
        path = f"lessons/{name}.md"
        self._texts[path] = f"# {pages.text_of(piece.title).strip()}\n\n{body.strip()}\n"
        self.item(piece, "lesson", path, name)

    def talk(self, piece: Piece, html: str, locate: pages.Place) -> None:
        """What to discuss: the question of a discussion, for people who sit together."""
        self.note(TALK, piece)
        try:
            text = pages.made(html, self.places(piece, locate)).text
        except pages.NoLesson:
            text = pages.text_of(pages.words_of(html))
        self.lesson(piece, f"> **{self.word(TOGETHER)}**\n\n{text}")

    def link(self, piece: Piece, address: str, what: str = LINKS) -> None:
        """An address on the internet, noted as `what`; neighbours share a page."""
        self._end_quiz()
        if self._links and self._links[-1][0].part != piece.part:
            self._end_links()
        self.note(what, piece)
        self._links.append((piece, address))

    def question(self, piece: Piece, ask: Callable[[Taken], None]) -> None:
        """Questions, which go into one quiz with their neighbours of the same title and part."""
        self._end_links()
        if self._quiz is None or (self._quiz[0].part, self._quiz[0].title) != (piece.part, piece.title):
            self._end_quiz()
            self._quiz = piece, self.taken()
        else:
            self._waiting.append(piece.key)
        ask(self._quiz[1])

    def taken(self) -> Taken:
        """Questions to be read, in the language of the course."""
        return Taken(self._source.with_name(f"{self._source.stem}.{self._language}.x"))

    def quiz(self, piece: Piece, taken: Taken) -> None:
        """A quiz that was read; its notes get its title."""
        for each in taken.notes.left_out():
            for place in each.places:
                self.notes.add(each.what, f"{_short(piece.title)}: {place}")
        self._made |= taken.files
        found = {name: questions for name, questions in taken.questions.items() if questions}
        for name, questions in found.items():
            title = name if name and len(found) > 1 else piece.title
            ident = self._id("quiz", piece)
            path = f"quizzes/{ident}.toml"
            self._made[path] = authored.quiz(Quiz(title[:TITLE_CHARS_MAX], tuple(questions)))
            self.item(replace(piece, title=title), "quiz", path, ident)

    def file(self, piece: Piece, path: str) -> None:
        """A film, a sound, a PDF or a picture as a piece of its own; anything else is noted."""
        ending = PurePosixPath(path).suffix.lower()
        kinds = {"video": lesson.FILMS, "audio": lesson.SOUNDS, "pdf": (".pdf",)}
        kind = next((name for name, endings in kinds.items() if ending in endings), "")
        if outlines.named(path):
            self.keep(path)
            self.lesson(piece, f"![{pages.text_of(piece.title).strip()}]({quote(path)})")
        elif kind:
            self.keep(path)
            self.item(piece, kind, path)
        else:
            self.note(FILES, piece)

    def item(self, piece: Piece, kind: str, path: str, name: str = "") -> None:
        """An item. Raises TooManyPieces when there are too many."""
        self._end_links()
        self._end_quiz()
        if len(self._items) == LIST_MAX:
            what = N_("its number of pieces")
            raise TooManyPieces(package=self._source.name, what=what, found=f"{LIST_MAX + 1} or more", limit=LIST_MAX)
        for key in (*self._waiting, piece.key):
            self._leads.setdefault(key, path)
        self._waiting.clear()
        title = piece.title[:TITLE_CHARS_MAX]
        self._items.append(Item(name or self._id(kind, piece), kind, title, path, part=piece.part[:TITLE_CHARS_MAX]))

    def keep(self, path: str, data: bytes | None = None) -> None:
        """Keep a file that came, or one that was made here."""
        if data is None:
            self._kept.add(path)
        else:
            self._made[path] = data

    def add(self, files: Mapping[str, Origin]) -> None:
        """Keep files that came inside another one, under paths of their own."""
        self.files = {**self.files, **files}
        self._kept |= files.keys()

    def has(self, path: str) -> bool:
        """Whether a file is kept."""
        return path in self._kept

    def places(self, piece: Piece, locate: pages.Place) -> pages.Places:
        """Where the addresses of a page lead, with notes of what is not there."""

        def link(target: str) -> str:
            place = locate(target)
            if lesson.is_remote(place) or place.startswith(LATER):
                return place
            if PurePosixPath(place).suffix.lower() in _OPENED and place in self.files:
                self.keep(place)
                return place
            self.note(FILES if place in self.files else MISSING, piece)
            return ""

        def show(target: str) -> str:
            if _DATA.match(target):
                return self._drawn(piece, target)
            place = locate(target)
            if lesson.is_remote(place):
                self.note(AWAY, piece)
                return place
            if place in self.files and PurePosixPath(place).suffix.lower() in _SERVED:
                self.keep(place)
                return place
            self.note(FILES if place in self.files else MISSING, piece)
            return ""

        return pages.Places(link, show)

    def draft(self, told: Told, source_format: str, close: Callable[[], None] = nothing_to_close) -> Draft:
        """The package. Raises CourseUnfit when nothing is in it."""
        self._end_links()
        self._end_quiz()
        left_out = self.notes.left_out()
        if not self._items:
            raise CourseUnfit(package=self._source.name, **listed(left_out))
        if told.cover in self.files and outlines.named(told.cover):
            self.keep(told.cover)
        kept = {path for path in self.files if self._has_whole and self._is_beside(path)}
        texts = {path: self._settled(text).encode() for path, text in self._texts.items()}
        found = {path: self.files[path] for path in self._kept | kept} | origins(self._made | texts)
        name = named_after(told.title, told.known)
        manifest = Manifest(
            id=name,
            work=name,
            version=1,
            title=told.title[:TITLE_CHARS_MAX],
            language=self._language,
            items=tuple(self._items),
            files=MappingProxyType({}),
            source_format=source_format,
            summary=told.summary[:4_000],
            licence=told.licence[:200],
            author=told.author[:400],
            cover=told.cover if told.cover in found else "",
        )
        return Draft(manifest, MappingProxyType(found), left_out=left_out, close=close)

    def _is_beside(self, path: str) -> bool:
        return path.startswith(self._beside) and PurePosixPath(path).suffix.lower() in _BESIDE

    def _settled(self, text: str) -> str:
        """A lesson whose links lead to where the pieces of the course stand now; others keep their words."""
        return _LATER.sub(lambda found: f"]({quote(self._leads.get(unquote(found[1]), ''))})", text)

    def _id(self, kind: str, piece: Piece) -> str:
        """A name that stays the same in the next edition of the course, whatever is put before it."""
        name = f"{kind}-{hashlib.sha256(piece.key.encode()).hexdigest()[:ID_HASH_DIGITS]}"
        self._ids[name] += 1
        return name if self._ids[name] == 1 else f"{name}-{self._ids[name]}"

    def _drawn(self, piece: Piece, target: str) -> str:
        """A picture written into a page, without its notes."""
        data = shown.decoded(target.partition(";base64,")[2])
        try:
            if not 0 < len(data) <= shown.PICTURE_BYTES_MAX:
                raise bare.NoPicture
            ending, plain = bare.picture(data)
        except bare.NoPicture:
            self.note(asked.PICTURES, piece)
            return ""
        path = f"media/{hashlib.sha256(plain).hexdigest()[: shown.HASH_CHARS]}.{ending}"
        self._made[path] = plain
        return path

    def _end_quiz(self) -> None:
        if self._quiz is not None:
            (piece, taken), self._quiz = self._quiz, None
            self.quiz(piece, taken)

    def _end_links(self) -> None:
        links, self._links = self._links, []
        if not links:
            return
        first = links[0][0]
        title = first.title if len(links) == 1 else self.word(ADDRESSES)
        lines = (f"* {pages.text_of(piece.title).strip()}: `{_plain(address)}`" for piece, address in links)
        self.lesson(Piece(first.part, title, first.key), "\n".join(lines))


def _short(title: str) -> str:
    return title if len(title) <= PLACE_CHARS_MAX else f"{title[:PLACE_CHARS_MAX]}…"


def _plain(address: str) -> str:
    return "".join(sign for sign in address[:2_000] if sign.isprintable() and sign not in "` ")
