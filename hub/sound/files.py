"""Where sounds lie, and which sentence has one: a recording first, else the rendered voice.

Rendered voices lie below `sound/` in the home: they can be made again at any time, and are in no backup. Recordings lie
below `recordings/`, each once and under its hash; records say which sentence each is of, and backups carry both.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from content.package import is_sha256
from content.spoken import is_key
from hub.node import Node

FOLDER = "sound"
RECORDINGS = "recordings"
VOICE = "1"
"""Counts up when the voice speaks otherwise: all is rendered anew, under other addresses."""
ENDING = ".mp3"
MUTE = ".mute"
"""The ending of the mark on a sentence that could not be said: it is not tried again."""
KEPT = "kept/"
"""How addresses of recordings begin."""
ENDINGS = {
    **{"mp3": "audio/mpeg", "m4a": "audio/mp4", "aac": "audio/aac", "ogg": "audio/ogg", "wav": "audio/wav"},
    "webm": "audio/webm",
}
"""Ending of a sound to the content type it is sent as."""

Recorded = Mapping[str, str]
"""Key of a sentence → the name of its recording's file."""


def voices(node: Node) -> Path:
    """The folder of the rendered voices."""
    return node.home / FOLDER / f"voice-{VOICE}"


def voice_path(node: Node, key: str) -> Path:
    """Where the rendered voice of a sentence is or would be."""
    return Path(f"{_voice_stem(node, key)}{ENDING}")


def _voice_stem(node: Node, key: str) -> str:
    """The same without its ending, as text: a page asks for dozens, and each made of a Path costs as much as the
    question to the disk."""
    return f"{node.home}/{FOLDER}/voice-{VOICE}/{key[:2]}/{key}"


def is_mute(node: Node, key: str) -> bool:
    """Whether a sentence was tried and could not be said."""
    return Path(f"{_voice_stem(node, key)}{MUTE}").exists()


def recording_path(node: Node, name: str) -> Path:
    """Where a recording is or would be, by its file's name: hash, dot, ending."""
    return node.home / RECORDINGS / name[:2] / name


def recorded(node: Node) -> Recorded:
    """Every sentence that somebody spoke, with the recording's file. Recordings are few: all are kept in mind."""
    return node.remembered.of("recorded", lambda: _recorded(node))


def _recorded(node: Node) -> Recorded:
    table = node.tables.Recording
    rows: Any = table.select(table.id, table.blob, table.ending).where(table.is_here == 1).tuples()
    return {key: f"{blob}.{ending}" for key, blob, ending in rows}


def address(node: Node, key: str, known: Recorded) -> str:
    """Where a sentence's sound is served, below `/sound/`; "" when it has none."""
    name = known.get(key)
    if name and recording_path(node, name).exists():
        return f"{KEPT}{name}"
    return voice_address(key) if voice_path(node, key).exists() else ""


def voice_address(key: str) -> str:
    """Where the rendered voice of a sentence is or would be served, below `/sound/`."""
    return f"{VOICE}/{key}.mp3"


def is_recording(name: str) -> bool:
    """Whether a text can be the name of a recording's file."""
    blob, _, ending = name.partition(".")
    return is_sha256(blob) and ending in ENDINGS


def served_voice(node: Node, version: str, key: str) -> Path | None:
    """The file behind the address of a rendered voice, or None."""
    path = voice_path(node, key) if version == VOICE and is_key(key) else None
    return path if path is not None and path.is_file() else None


def served_recording(node: Node, name: str) -> Path | None:
    """The file behind the address of a recording that stands, or None."""
    blob, _, ending = name.partition(".")
    table = node.tables.Recording
    standing = (table.blob == blob) & (table.ending == ending) & (table.is_here == 1)
    if not is_recording(name) or not table.select().where(standing).exists():
        return None
    path = recording_path(node, name)
    return path if path.is_file() else None
