"""What templates need so that words are heard: `aloud` marks a text's sentences, `ear` is the small speaker beside it.

A marked text says of each sentence how many letters it has and where its sound is, so that the script can play and
show them one by one. Without script the speaker is a link to the sound, or to a page with all sounds of the text.
"""

import re
from collections.abc import Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, request
from flask_babel import get_locale, gettext
from markupsafe import Markup, escape

from content.spoken import is_heard, key, letters, sentences
from hub.errors import HubError
from hub.sound import asked, at_once, files
from hub.web.here import node
from hub.web.pages import icon

LINKED_MAX = 20
"""Sentences behind one speaker for who has no script; more are in the paragraphs themselves."""
SEEN_MAX = 20_000
"""Sentences without a sound that this process remembers to have noted."""
SEEN = "sentences seen"
AT_ONCE = "sentences at once"

_TOLD = re.compile(r'<bdi(?: lang="(?P<language>[^"]*)")?>(?P<inner>.*?)</bdi>', re.DOTALL)


@dataclass(frozen=True)
class Piece:
    """A run of words in one language; `is_ours` when the page says it and not the shelf. A name has no language."""

    html: Markup
    language: str
    is_ours: bool
    is_told: bool

    @property
    def sentences(self) -> list[str]:
        """What is heard of it, in order."""
        return sentences(self.html.striptags()) if self.language else []


def fit_out(app: Flask) -> None:
    """Give templates the functions, and note after each page which of its sentences had no sound."""
    app.extensions[SEEN] = set()
    app.extensions[AT_ONCE] = at_once.AtOnce(app.extensions["node"])
    app.jinja_env.globals.update(aloud=aloud, ear=ear, audible=audible, heard_at=heard_at)
    app.after_request(_note)


def aloud(text: object, language: str = "") -> Markup:
    """A text whose sentences can be heard: of the shelf with its language, else of the page.

    Parts that `spoken` marked keep their own language, and a name in a bare <bdi> is left to the phone's voice.
    """
    return Markup().join(_marked(piece) for piece in _pieces(text, language))


def ear(*texts: object, language: str = "", box: bool = False) -> Markup:
    """The small speaker that reads these texts, hidden where only a phone's own voice can.

    It stands right behind the one marked text that it reads; with `box` it reads all of the row or box it is in.
    """
    if not any(piece.sentences for text in texts for piece in _pieces(text, language)):
        return Markup()
    address = heard_at(*texts, language=language)
    state = Markup(' href="{}"').format(address) if address else Markup(" hidden")
    return Markup('<a class="ear"{}{}>{}</a>').format(
        state, Markup(" data-box") if box else "", icon("speaker", gettext("Read it to me"))
    )


def audible(text: object, language: str = "") -> Markup:
    """A marked text with its speaker: for a heading, a paragraph, a point of a list."""
    return aloud(text, language) + ear(text, language=language)


def heard_at(*texts: object, language: str = "") -> str:
    """Where the sounds of these texts are heard without script: the file, or a page of several; "" for none."""
    found = [_sound(part, piece) for text in texts for piece in _pieces(text, language) for part in piece.sentences]
    sounds = [address for address in found if address][:LINKED_MAX]
    if len(sounds) > 1:
        return f"/sound/hear/?{urlencode({'of': sounds}, doseq=True)}"
    return f"/sound/{sounds[0]}" if sounds else ""


def lesson_sounds(language: str) -> "_Lesson":
    """What `content.lesson.render` asks of each text of a lesson in a language."""
    return _Lesson(language)


@dataclass(frozen=True)
class _Lesson:
    language: str

    def __call__(self, parts: Sequence[str]) -> tuple[Sequence[str], str]:
        pieces = [Piece(escape(part), self.language, is_ours=False, is_told=False) for part in parts]
        tags = [str(Markup('<span data-say="{}">').format(_told(piece))) for piece in pieces]
        return tags, str(ear(*parts, language=self.language, box=len(parts) > 1))


def _pieces(text: object, language: str) -> Iterator[Piece]:
    """A text in runs of one language."""
    html, ours = escape(text), str(get_locale() or "en")
    place = 0
    for found in _TOLD.finditer(html):
        yield from _plain(Markup(html[place : found.start()]), language or ours, is_ours=not language)  # noqa: S704
        inner = Markup(found["inner"])  # noqa: S704 - it was escaped already
        yield Piece(inner, found["language"] or "", is_ours=False, is_told=True)
        place = found.end()
    yield from _plain(Markup(html[place:]), language or ours, is_ours=not language)  # noqa: S704


def _plain(html: Markup, language: str, *, is_ours: bool) -> Iterator[Piece]:
    if html:
        yield Piece(html, language, is_ours, is_told=False)


def _marked(piece: Piece) -> Markup:
    if not is_heard(piece.html.striptags()):
        return piece.html
    if not piece.language:
        return Markup("<bdi>{}</bdi>").format(piece.html)
    told = Markup('lang="{}" data-say="{}"').format(piece.language, _told(piece))
    if piece.is_told:
        return Markup("<bdi {}>{}</bdi>").format(told, piece.html)
    return Markup("<span {}>{}</span>").format(told, piece.html)


def _told(piece: Piece) -> str:
    """For each sentence its letters, and where its sound is."""
    found = [(letters(part), _sound(part, piece)) for part in piece.sentences]
    return " ".join(f"{count}:{address}" if address else str(count) for count, address in found)


class Hearing:
    """What is heard on one page: recordings, voices, and sentences that a voice can come for at once."""

    def __init__(self, recorded: files.Recorded, known: frozenset[str] | None = None) -> None:
        self._recorded, self._known = recorded, known
        self._names: Set[str] | None = None
        self._found: dict[tuple[str, str, bool], str] = {}
        self.unheard: set[tuple[str, str]] = set()
        self.wished: dict[str, tuple[str, str]] = {}

    def sound(self, text: str, piece: Piece) -> str:
        """Where a sentence is heard; "" for nowhere yet. What has no sound is noted after the page.

        A sentence is asked for by its mark, its speaker and the page's, and looked for on the disk once.
        """
        asked_for = text, piece.language, piece.is_ours
        if asked_for not in self._found:
            self._found[asked_for] = self._sound(text, piece)
        return self._found[asked_for]

    def _sound(self, text: str, piece: Piece) -> str:
        name = key(text, piece.language)
        address = files.address(node(), name, self._recorded)
        if address:
            return address
        if piece.is_ours:
            self.unheard.add((piece.language, text))
        if not self._may_come(name, text, piece.language):
            return ""
        if not piece.is_ours:
            self.wished[name] = (piece.language, text)
        return files.voice_address(name)

    def _may_come(self, name: str, text: str, language: str) -> bool:
        """Whether the voice comes when somebody asks for it: only a page that is got is noted, and no name is."""
        if request.method != "GET":
            return False
        if self._known is None:
            self._known = at_once.languages(node())
        if not at_once.may_come(node(), name, text, language, self._known):
            return False
        if self._names is None:
            self._names = asked.names(node())
        return not asked.says_name(text, self._names)


def deaf() -> Hearing:
    """For a page of a hub whose records cannot be asked: rendered voices alone."""
    return Hearing({}, frozenset())


def _sound(text: str, piece: Piece) -> str:
    if "hearing" not in g:
        g.hearing = Hearing(files.recorded(node()))
    hearing: Hearing = g.hearing
    return hearing.sound(text, piece)


def _note(response: Response) -> Response:
    """Note what had no sound; a page is shown also when that cannot be kept."""
    hearing: Hearing | None = g.get("hearing")
    if hearing is None or request.method != "GET":
        return response
    with suppress(HubError):
        if hearing.wished:
            at_once.wish(node(), hearing.wished)
        _note_ours(hearing.unheard)
    return response


def _note_ours(found: set[tuple[str, str]]) -> None:
    """Note sentences of our own pages, once for each."""
    seen: set[tuple[str, str]] = current_app.extensions[SEEN]
    if fresh := found - seen:
        asked.note(node(), fresh)
        if len(seen) > SEEN_MAX:
            seen.clear()
        seen |= fresh
