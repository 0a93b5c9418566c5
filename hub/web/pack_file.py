"""A copy as one HTML file that needs nothing beside it: lessons, quizzes, pictures, voices, its look and its script.

It says itself what it may do: run the one script in it, show what is in it, and ask nobody for anything.
"""

import base64
import hashlib
import re
from contextlib import suppress
from functools import cache
from pathlib import Path

from flask import render_template
from markupsafe import Markup

from content import speech
from content.exercise import media
from content.inlined import ROOM_BYTES, Inlined
from content.package import Item, Manifest
from content.spoken import sentences
from hub import learning, pictures
from hub.errors import HubError, InputWrong
from hub.node import Node
from hub.people import roster
from hub.sound import asked
from hub.takehome import copies
from hub.takehome.asked import items_of
from hub.takehome.copies import Copy
from hub.web import pack_voices, packs, words
from hub.web.pack_voices import VOICES_BYTES_MAX, Voices
from hub.web.static_files import FOLDER

PARTS = Path(__file__).parent / "templates" / "takehome"
FRAME_BYTES = 34 * 1024
"""About what the file's look, script and words weigh, beside lessons and pictures."""
SHEET_BYTES = 5 * 1024
"""About what one sheet of questions weighs without its pictures."""
ABOUT_BYTES = 64 * 1024
"""How far off such a guess may be: so much is left free beside the voices."""
_SPEAKER = re.compile(r'<symbol id="speaker"[^>]*>(.*?)</symbol>')
WIDTH_MAX = 720
"""Pixels of the widest copy of a photo that goes into a file: a phone's screen."""


def about_bytes(node: Node, manifest: Manifest, item: str) -> int:
    """About how large the file will be, with its voices."""
    return sum(guess(node, manifest, item))


def guess(node: Node, manifest: Manifest, item: str = "") -> tuple[int, int]:
    """About how many bytes the file of an item, or of the whole package, takes without voices, and its voices."""
    bare = _bare_bytes(node, manifest, item)
    return bare, min(_voice_bytes(node, manifest, item), _room(bare))


def _voice_bytes(node: Node, manifest: Manifest, item: str, *, lessons: bool = True) -> int:
    """About how many bytes the voices would take, with those of the lessons or without."""
    items = items_of(manifest, item)
    titles = [part for text in (manifest.title, *(each.title for each in items)) for part in sentences(text)]
    heard = [each for each in items if lessons or each.kind != "lesson"]
    texts = [*titles, *(text for each in heard for text in _sentences(node, manifest, each))]
    return pack_voices.weigh(node, texts, manifest.language)


def _bare_bytes(node: Node, manifest: Manifest, item: str) -> int:
    """About how large it is without voices."""
    inlined = _inlined(node, manifest)
    items = items_of(manifest, item)
    lessons = sum(len(inlined.lesson(each, {}).encode()) for each in items if each.kind == "lesson")
    sheets = copies.weigh(node, package=manifest.id, item=item).sheets
    quizzes = [each for each in items if each.kind == "quiz"]
    before = inlined.size
    for path in _media(node, manifest, quizzes):
        inlined.address(path)
    return FRAME_BYTES + lessons + inlined.size - before + SHEET_BYTES * len(sheets)


def _sentences(node: Node, manifest: Manifest, item: Item) -> list[str]:
    return speech.item_sentences(item, lambda path: node.shelf.read(manifest, path))


def _room(bare_bytes: int) -> int:
    """What voices may take in a file that weighs about so much without them."""
    return max(0, min(VOICES_BYTES_MAX, ROOM_BYTES - ABOUT_BYTES - bare_bytes))


def check_fits(size_bytes: int) -> None:
    """Raises InputWrong for a file that an old phone would not open."""
    if size_bytes > ROOM_BYTES:
        raise InputWrong(
            "That would be a file of %(size)s, and old phones open %(most)s. Nothing was made;"
            " take one lesson at a time, or paper.",
            size=words.size(size_bytes),
            most=words.limit(ROOM_BYTES),
        )


def make(node: Node, copy: Copy) -> bytes:
    """The file, with as many voices as it has room for. Raises InputWrong when it would be too large, or the package
    has changed since.
    """
    manifest = copies.standing(node, copy.pack)
    made, voices = _made(node, copy, manifest, _room(_bare_bytes(node, manifest, copy.pack.item)))
    if len(made) > ROOM_BYTES:
        made, voices = _made(node, copy, manifest, 0)
    check_fits(len(made))
    with suppress(HubError):
        asked.note(node, voices.unheard)
    return made


def _made(node: Node, copy: Copy, manifest: Manifest, room_bytes: int) -> tuple[bytes, Voices]:
    """The file with voices of so many bytes, and what is heard of it."""
    kept = _voice_bytes(node, manifest, copy.pack.item, lessons=False)
    inlined, voices = _inlined(node, manifest), Voices(node, room_bytes, kept)
    places = {item.path: f"#{item.id}" for item in items_of(manifest, copy.pack.item)}
    told = voices.lesson(manifest.language)
    bound = packs.bind(node, manifest, copy.pack, lambda item: Markup(inlined.lesson(item, places, told)))  # noqa: S704 - cleaned by nh3
    pages = bound.pages(copy)
    style, script = _style(), _script()
    text = render_template(
        "takehome/file.html",
        copy=copy,
        bound=bound,
        pages=pages,
        owner=roster.find(node, copy.person) if copy.person else None,
        voices=voices,
        speaker=_speaker(),
        told=Markup(packs.told(pages, lambda text: voices.say(text, manifest.language))),  # noqa: S704 - JSON without a "<"
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        style_hash=_hash(style),
        script_hash=_hash(script),
        drawing=inlined.address,
        answer_of=packs.answer_of,
        letters=packs.LETTERS,
        left_out=inlined.left_out,
    )
    return text.encode(), voices


def _inlined(node: Node, manifest: Manifest) -> Inlined:
    renditions = pictures.renditions(node)

    def lighter(sha256: str) -> Path | None:
        plain = [each for each in renditions.copies(sha256) if each.ending != "webp" and each.width <= WIDTH_MAX]
        return renditions.path(sha256, plain[-1].name) if plain else None

    return Inlined(node.shelf, manifest, lighter)


def _media(node: Node, manifest: Manifest, quizzes: list[Item]) -> list[str]:
    """Every picture and sound that these quizzes show."""
    read = [learning.on_paper(node, learning.Opened(manifest, each)) for each in quizzes]
    return [path for quiz in read for question in quiz.questions for path in media(question)]


@cache
def _style() -> str:
    return (FOLDER / "css" / "10-tokens.css").read_text("utf-8") + _read("pack.css")


@cache
def _script() -> str:
    return _read("mark.js") + _read("pack.js") + (FOLDER / "js" / "20-read-aloud.js").read_text("utf-8")


@cache
def _speaker() -> Markup:
    """The drawing of the speaker, out of the sprite."""
    found = _SPEAKER.search((FOLDER / "icons.svg").read_text("utf-8"))
    assert found is not None, "the sprite has a speaker"
    return Markup('<svg viewBox="0 0 24 24" aria-hidden="true">{}</svg>').format(Markup(found[1]))  # noqa: S704 - our own


@cache
def _read(name: str) -> str:
    return (PARTS / name).read_text("utf-8")


def _hash(text: str) -> str:
    """What a policy names a script or a style by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
