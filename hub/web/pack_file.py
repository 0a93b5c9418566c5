"""A copy as one HTML file that needs nothing beside it: lessons, quizzes, pictures, its look and its script.

It says itself what it may do: run the one script in it, show what is in it, and ask nobody for anything.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path

from flask import render_template
from markupsafe import Markup

from content.exercise import media
from content.inlined import ROOM_BYTES, Inlined
from content.package import Item, Manifest
from hub import learning, pictures
from hub.errors import InputWrong
from hub.node import Node
from hub.people import roster
from hub.takehome import copies
from hub.takehome.asked import items_of
from hub.takehome.copies import Copy
from hub.web import packs, words
from hub.web.static_files import FOLDER

PARTS = Path(__file__).parent / "templates" / "takehome"
FRAME_BYTES = 24 * 1024
"""About what the file's look, script and words weigh, beside lessons and pictures."""
SHEET_BYTES = 4 * 1024
"""About what one sheet of questions weighs without its pictures."""
WIDTH_MAX = 720
"""Pixels of the widest copy of a photo that goes into a file: a phone's screen."""


def about_bytes(node: Node, manifest: Manifest, item: str) -> int:
    """About how large the file will be."""
    inlined = _inlined(node, manifest)
    items = items_of(manifest, item)
    lessons = sum(len(inlined.lesson(each, {}).encode()) for each in items if each.kind == "lesson")
    asked = copies.weigh(node, package=manifest.id, item=item)
    quizzes = [each for each in items if each.kind == "quiz"]
    before = inlined.size
    for path in _media(node, manifest, quizzes):
        inlined.address(path)
    return FRAME_BYTES + lessons + inlined.size - before + SHEET_BYTES * len(asked.sheets)


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
    """The file. Raises InputWrong when it would be too large, or the package has changed since."""
    manifest = copies.standing(node, copy.pack)
    inlined = _inlined(node, manifest)
    places = {item.path: f"#{item.id}" for item in items_of(manifest, copy.pack.item)}
    bound = packs.bind(node, manifest, copy.pack, lambda item: Markup(inlined.lesson(item, places)))  # noqa: S704 - cleaned by nh3
    pages = bound.pages(copy)
    style, script = _style(), _read("mark.js") + _read("pack.js")
    text = render_template(
        "takehome/file.html",
        copy=copy,
        bound=bound,
        pages=pages,
        owner=roster.find(node, copy.person) if copy.person else None,
        told=Markup(packs.told(pages)),  # noqa: S704 - JSON without a "<"
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        style_hash=_hash(style),
        script_hash=_hash(script),
        drawing=inlined.address,
        answer_of=packs.answer_of,
        letters=packs.LETTERS,
        left_out=inlined.left_out,
    )
    made = text.encode()
    check_fits(len(made))
    return made


def _inlined(node: Node, manifest: Manifest) -> Inlined:
    renditions = pictures.renditions(node)

    def lighter(sha256: str) -> Path | None:
        plain = [each for each in renditions.copies(sha256) if each.ending != "webp" and each.width <= WIDTH_MAX]
        return renditions.path(sha256, plain[-1].name) if plain else None

    return Inlined(node.shelf, manifest, lighter)


def _media(node: Node, manifest: Manifest, quizzes: list[Item]) -> list[str]:
    """Every picture and sound that these quizzes show."""
    read = [learning.quiz(node, learning.Opened(manifest, each)) for each in quizzes]
    return [path for quiz in read for question in quiz.questions for path in media(question)]


@cache
def _style() -> str:
    return (FOLDER / "css" / "10-tokens.css").read_text("utf-8") + _read("pack.css")


@cache
def _read(name: str) -> str:
    return (PARTS / name).read_text("utf-8")


def _hash(text: str) -> str:
    """What a policy names a script or a style by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
