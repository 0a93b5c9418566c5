"""What is heard of a pack: in a file each sentence brings its sound with it, once; on paper nothing speaks.

A recording goes in before the hub's voice. Where a sentence has no sound, or there is no more room, script asks the
phone's own voice, as on the hub's pages.
"""

import base64
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from flask_babel import get_locale
from markupsafe import Markup, escape

from content.inlined import SOUND_BYTES_MAX
from content.limits import MIB
from content.spoken import is_heard, key, letters, sentences
from hub.node import Node
from hub.sound import files, pages

VOICES_BYTES_MAX = 3 * MIB
"""What all sounds of sentences take in one file, as they stand in it: about a quarter of an hour of the hub's voice."""
EAR, BOX = Markup('<a class="ear" hidden></a>'), Markup('<a class="ear" data-box hidden></a>')
"""A speaker behind the text that it reads, and one that reads all of its box; script dresses them."""


class Mute:
    """The same texts as they stand on paper."""

    box = Markup("")

    def text(self, text: str, _language: str = "") -> Markup:
        """The text itself."""
        return escape(text)

    both = text


class Voices:
    """The sentences of one file that is being made; their sounds take at most `room_bytes` in it.

    Lessons, which are marked first, leave `kept_bytes` of that to questions and to what is said to an answer.
    """

    box = BOX

    def __init__(self, node: Node, room_bytes: int, kept_bytes: int = 0) -> None:
        self._node, self._room, self._kept = node, room_bytes, kept_bytes
        self._recorded = files.recorded(node)
        self._numbers: dict[str, int | None] = {}
        self._sounds: list[str] = []
        self._says: dict[str, tuple[str, str]] = {}
        self.unheard: set[tuple[str, str]] = set()

    def text(self, text: str, language: str = "") -> Markup:
        """A marked text: each sentence with how many letters it has, and the number of its sound."""
        if not is_heard(text):
            return escape(text)
        told = self._told(text, language)
        return Markup('<span lang="{}" data-say="{}">{}</span>').format(language or _ours(), told, text)

    def both(self, text: str, language: str = "") -> Markup:
        """A marked text with its speaker."""
        return self.text(text, language) + (EAR if is_heard(text) else Markup(""))

    def say(self, text: str, language: str = "") -> str:
        """The text itself, which the script will show and mark."""
        if is_heard(text):
            self._says[text] = (language or _ours(), self._told(text, language))
        return text

    def lesson(self, language: str) -> "_Lesson":
        """What `content.lesson.render` asks of each text of a lesson."""
        return _Lesson(self, language)

    def read(self, text: str, language: str) -> str:
        """The mark of a lesson's text."""
        return " ".join(self._one(part, language, kept_bytes=self._kept) for part in sentences(text))

    def told(self) -> Markup:
        """All sounds, and what the script says, as JSON without a "<"."""
        made = json.dumps({"sounds": self._sounds, "says": self._says}, ensure_ascii=False, separators=(",", ":"))
        return Markup(made.replace("<", "\\u003c"))  # noqa: S704 - it cannot end the element it stands in

    def _told(self, text: str, language: str) -> str:
        return " ".join(self._one(part, language or _ours(), is_ours=not language) for part in sentences(text))

    def _one(self, part: str, language: str, *, is_ours: bool = False, kept_bytes: int = 0) -> str:
        name = key(part, language)
        if self._numbers.get(name) is None:
            self._numbers[name] = self._take(name, self._room - kept_bytes)
        number = self._numbers[name]
        if number is None:
            if is_ours:
                self.unheard.add((language, part))
            return str(letters(part))
        return f"{letters(part)}:{number}"

    def _take(self, name: str, room_bytes: int) -> int | None:
        """Put the sound of a sentence in; its number, or None where there is none that fits."""
        path = sound_of(self._node, name, self._recorded)
        if path is None or in_file(path) > room_bytes:
            return None
        kind = files.ENDINGS[path.suffix[1:]]
        self._sounds.append(f"{kind};base64,{base64.b64encode(path.read_bytes()).decode()}")
        self._room -= in_file(path)
        return len(self._sounds) - 1


class _Lesson:
    def __init__(self, voices: Voices, language: str) -> None:
        self._voices, self._language = voices, language

    def __call__(self, parts: Sequence[str]) -> tuple[Sequence[str], str]:
        tags = [f'<span data-say="{self._voices.read(part, self._language)}">' for part in parts]
        return tags, str(BOX if len(parts) > 1 else EAR)


def sound_of(node: Node, name: str, recorded: files.Recorded) -> Path | None:
    """The file of a sentence's sound that may go into a pack: a small recording, else the hub's voice, else None."""
    spoken = recorded.get(name)
    places = [files.voice_path(node, name)]
    if spoken:
        places.insert(0, files.recording_path(node, spoken))
    return next((path for path in places if path.is_file() and path.stat().st_size <= SOUND_BYTES_MAX), None)


def weigh(node: Node, texts: Iterable[str], language: str) -> int:
    """About how many bytes the sounds of these sentences, and of what the file itself says, take in it."""
    recorded, ours = files.recorded(node), _ours()
    names = {key(text, language) for text in texts} | {key(text, ours) for text in pages.fixed(ours, pages.AT_HOME)}
    found = (sound_of(node, name, recorded) for name in names)
    return min(sum(in_file(path) for path in found if path is not None), VOICES_BYTES_MAX)


def in_file(path: Path) -> int:
    """Bytes of a sound as it stands in a file."""
    return -(-path.stat().st_size // 3) * 4


def _ours() -> str:
    return str(get_locale() or "en")
