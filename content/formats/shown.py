"""Texts of other tools with what they show: the words, and the first picture and sound as files of the package.

A picture loses its notes of place and camera, and stands beside the quiz under its hash.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import replace

from content import bare
from content.formats import asked, audio, markup
from content.formats.quizzes import Taken
from content.limits import KIB, MIB

PICTURE_BYTES_MAX = 512 * KIB
"""One picture of a question: a photo of a phone's width in good quality."""
SOUND_BYTES_MAX = 2 * MIB
"""One sound of a question: two minutes of speech in good quality."""
HASH_CHARS = 20
_AS_DATA = "data:image/"

Find = Callable[[str], bytes]
"""The bytes of a picture by the address that a text has for it; b"" for what does not come along."""


def shown(taken: Taken, words: markup.Words, find: Find) -> tuple[str, str, str]:
    """The words of a text, the path of the picture that comes along, and what is said of it; "" for none.

    Raises PackageTooLarge.
    """
    taken.note(words)
    path, alt = "", ""
    for each in words.pictures:
        data = _in_text(each.source) if each.source.startswith(_AS_DATA) else find(each.source)
        if path or not data or not (path := _kept(taken, data)):
            taken.notes.add(asked.PICTURES, taken.number)
        else:
            alt = each.alt
    return words.text, path, alt


def shown_and_heard(taken: Taken, words: markup.Words, find: Find) -> tuple[str, str, str, str]:
    """The same with the path of the first sound, for the text that a question asks with. Raises PackageTooLarge."""
    sound, others = "", words.sounds
    if words.sounds:
        sound = next((path for each in words.sounds[0] if (path := _kept_sound(taken, find(each)))), "")
        others = words.sounds[1:] if sound else words.sounds
    return *shown(taken, replace(words, sounds=others), find), sound


def decoded(text: str) -> bytes:
    """The bytes of a file in Base64; b"" for nonsense, and for what is too large anyway."""
    if not text or len(text) > 2 * SOUND_BYTES_MAX:
        return b""
    try:
        return base64.b64decode("".join(text.split()))
    except (binascii.Error, ValueError):
        return b""


def _in_text(source: str) -> bytes:
    return decoded(source.partition(";base64,")[2])


def _kept(taken: Taken, data: bytes) -> str:
    """Keep a picture without its notes; return its path, or "" for what no phone shows and for what is too large."""
    if len(data) > PICTURE_BYTES_MAX:
        return ""
    try:
        ending, plain = bare.picture(data)
    except bare.NoPicture:
        return ""
    return _laid(taken, plain, ending)


def _kept_sound(taken: Taken, data: bytes) -> str:
    """Keep a sound; return its path, or "" for what is none and for what is too large."""
    ending = audio.ending(data[: audio.HEAD_BYTES])
    return _laid(taken, data, ending) if ending and len(data) <= SOUND_BYTES_MAX else ""


def _laid(taken: Taken, data: bytes, ending: str) -> str:
    path = f"media/{hashlib.sha256(data).hexdigest()[:HASH_CHARS]}.{ending}"
    taken.keep(path, data)
    return path
