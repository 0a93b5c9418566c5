"""Giving the starter library a voice: bytes and time of a sentence, and how much is made when nothing changed.

The time is told against that of the sound itself: how much sooner a sentence is rendered than it would be heard.
"""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bench.figure import Figure
from hub.config import load
from hub.node import Node, open_node
from hub.sentences import Sentence
from hub.sound import files, speaking
from hub.web import pack_file

BYTES_MOST = 10_000
SOONER_LEAST = 10.0
"""On one processor, the encoder and the card's fsync included."""
FILE_MB_MOST, VOICES_MB_MOST = 4.2, 3.2
BYTES_A_SECOND = 3_000
"""The hub's voice is MP3 of 24 kilobits a second."""


def measure(home: Path) -> Iterator[Figure]:
    """All figures of this block, of a copy of the demo."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "home"
        shutil.copytree(home, copy, ignore=shutil.ignore_patterns(files.FOLDER))
        with closing(open_node(copy, load(copy))) as node:
            yield from _figures(node)


def _figures(node: Node) -> Iterator[Figure]:
    began = time.monotonic()
    speaking.speak(node, _silent)
    took_s, found = time.monotonic() - began, speaking.standing(node)
    before = _marks(node)
    speaking.speak(node, _silent)
    heard_s = found.size_bytes / BYTES_A_SECOND
    yield Figure("sentences of the starter library and of learners' pages", found.sentences, "")
    yield Figure("bytes of all voices", found.size_bytes / 1_000_000, "MB")
    yield Figure("bytes of a sentence", found.size_bytes / found.sentences, "B", most=BYTES_MOST)
    yield Figure("rendered sooner than heard", heard_s / took_s, "times", least=SOONER_LEAST)
    yield Figure("made again when nothing changed", len(_marks(node) - before), "", most=0)
    yield from _at_home(node)


def _at_home(node: Node) -> Iterator[Figure]:
    """The heaviest work of the starter library as one file: what it weighs, and its voices in it."""
    guesses = {manifest.id: pack_file.guess(node, manifest) for manifest in node.shelf.list()}
    bare, voices = max(guesses.values(), key=sum)
    yield Figure("the heaviest work as a file to take home", (bare + voices) / 1_000_000, "MB", most=FILE_MB_MOST)
    yield Figure("voices in it", voices / 1_000_000, "MB", most=VOICES_MB_MOST)


def _marks(node: Node) -> set[tuple[Path, int]]:
    return {(path, path.stat().st_mtime_ns) for path in files.voices(node).glob("*/*")}


def _silent(_said: Sentence) -> None:
    """Nobody asks how far it is."""
