"""The slow work that gives sentences a voice: everything on the shelf, and what learners' pages say.

It renders what is missing, one sentence after the other, and takes away what no text asks for any more. Cut off
anywhere it loses nothing: a file that stands is whole, and is not made again. Other work goes first.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from content import speech
from content.spoken import key
from hub import jobs
from hub.node import Node
from hub.sentences import Sentence, sentence
from hub.sound import asked, files, pages
from hub.sound.chorus import COMMAND, Chorus, DiskRefused, VoiceMissing, voice_for
from hub.tables import put

JOB = "speak"
NOTE = "sound"
"""The node's note of how far its voices are."""
WISH = "wish:"
"""Notes of sentences that pages showed without a sound begin so; the key follows, the value is language and text."""
AT_ONCE = 25
"""Sentences between two looks at whether something else waits; each look costs a write to the card."""
RETRY_MS = 3_600_000
"""After work that stopped, or found no room, the hub tries again by itself after an hour."""

Say = Callable[[Sentence], None]


@dataclass(frozen=True)
class Standing:
    """How far the voices are: for which texts, how many sentences have one, their bytes, which languages could.

    `is_whole` is False when there was no room, or no voice runs here.
    """

    mark: str = ""
    at_ms: int = 0
    sentences: int = 0
    size_bytes: int = 0
    languages: list[str] = field(default_factory=list)
    is_whole: bool = False


def standing(node: Node) -> Standing:
    """What the last finished work noted."""
    return node.remembered.of("voices", lambda: _noted(node))


def _noted(node: Node) -> Standing:
    row = node.tables.Note.get_or_none(node.tables.Note.name == NOTE)
    return Standing(**json.loads(row.value)) if row is not None else Standing()


def languages(node: Node) -> list[str]:
    """The languages that a hub should speak: its own, and those of its shelf."""
    return sorted({node.settings.language, *(manifest.language for manifest in node.shelf.list())})


def spoken(node: Node) -> list[str]:
    """Those of them for which the last work found a voice."""
    known = frozenset(standing(node).languages)
    return [each for each in languages(node) if voice_for(each, known)]


def is_due(node: Node) -> bool:
    """Whether there is a text that nobody has tried to speak yet, or room may have come."""
    if not node.settings.sound_max:
        return False
    now = node.clock.now_ms()
    for job in jobs.jobs(node, kind=JOB):
        if job.is_open or (job.state == jobs.STOPPED and 0 <= now - job.changed_ms < RETRY_MS):
            return False
    last = standing(node)
    has_rested = not 0 <= now - last.at_ms < RETRY_MS
    is_new = last.mark != _mark(node) or not files.voices(node).is_dir()
    return is_new or (not last.is_whole and has_rested)


def speak(node: Node, say: Say, *, command: tuple[str, ...] = COMMAND) -> Sentence:
    """Do the job: render what is missing, take away what is not wanted; return what came of it. Safe to repeat.

    `command` is the program that speaks.
    """
    if not node.settings.sound_max:
        return sentence("This hub renders no voices: its setting sound_max is 0.")
    mark, wishes = _mark(node), _wishes(node)
    files.voices(node).mkdir(parents=True, exist_ok=True)
    with Chorus(command) as chorus:
        work = _Work(node, chorus, say)
        try:
            known = sorted(chorus.languages())
        except VoiceMissing:
            _keep(node, Standing(mark=mark, at_ms=node.clock.now_ms()))
            return sentence("No voice runs on this machine. Recordings and the phones' own voices are heard.")
        try:
            is_over = work.render()
        except DiskRefused:
            is_over, work.is_full = True, True
    if not is_over:
        jobs.add(node, JOB, arguments={})
        return sentence("%(count)s sentences have a voice; the others come after what waits.", count=work.count)
    if not work.is_full:
        _take_away(node, work.wanted)
        _forget(node, wishes)
    _keep(node, Standing(mark, node.clock.now_ms(), work.count, work.size_bytes, known, not work.is_full))
    if work.is_full:
        return sentence("%(count)s sentences have a voice. There is no room for more voices.", count=work.count)
    return sentence("%(count)s sentences have a voice.", count=work.count)


class _Work:
    """One pass over all texts."""

    def __init__(self, node: Node, chorus: Chorus, say: Say) -> None:
        self._node, self._chorus, self._say = node, chorus, say
        self.wanted: set[bytes] = set()
        self.count = self.size_bytes = 0
        self.is_full = False

    def render(self) -> bool:
        """Speak what is missing; False when other work waits. Raises DiskRefused, or what `say` raises."""
        made = 0
        for language, text in _texts(self._node):
            name = key(text, language)
            if bytes.fromhex(name) in self.wanted:
                continue
            self.wanted.add(bytes.fromhex(name))
            if self._stands(name):
                continue
            if self._has_no_room():
                self.is_full = True
                return True
            made += self._speak(name, text, language)
            if made and made % AT_ONCE == 0:
                self._say(sentence("%(count)s sentences have a voice so far.", count=self.count))
                if jobs.counts(self._node)[jobs.WAITING]:
                    return False
        return True

    def _stands(self, name: str) -> bool:
        path = files.voice_path(self._node, name)
        try:
            self.size_bytes += path.stat().st_size
        except FileNotFoundError:
            return path.with_suffix(files.MUTE).exists()
        self.count += 1
        return True

    def _has_no_room(self) -> bool:
        settings = self._node.settings
        return self.size_bytes >= settings.sound_max or self._node.shelf.free_bytes() <= settings.free_reserve

    def _speak(self, name: str, text: str, language: str) -> int:
        """Render one sentence; 1 when it took a try. One that cannot be said is marked, and not tried again."""
        voice = self._chorus.language(language)
        if not voice:
            return 0
        path = files.voice_path(self._node, name)
        size = self._chorus.say(name, text, voice, path)
        if size:
            self.count += 1
            self.size_bytes += size
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.with_suffix(files.MUTE).touch()
        return 1


def _texts(node: Node) -> Iterator[tuple[str, str]]:
    """Language and sentence, again and again: first what learners' pages say, then the shelf."""
    for language in languages(node):
        for text in pages.fixed(language):
            yield language, text
    for each in asked.noted(node):
        yield each.language, each.text
    for manifest in node.shelf.list():
        for text in speech.all_sentences(manifest, partial(node.shelf.read, manifest)):
            yield manifest.language, text


def _mark(node: Node) -> str:
    """What tells all texts from those of another time: packages, noted sentences, languages of pages, voice, room."""
    packages, noted = node.tables.HubPackage, node.tables.PageSentence
    ours = (packages.hub == node.identity.hub_id) & (packages.is_here == 1)
    shelf: Any = packages.select(packages.package, packages.digest).where(ours).tuples()
    pages_said: Any = noted.select(noted.id).order_by(noted.id).tuples()
    told = [files.VOICE, node.settings.sound_max, pages.spoken(), sorted(shelf), list(pages_said)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _keep(node: Node, found: Standing) -> None:
    value = json.dumps(asdict(found))
    node.write(lambda: put(node.tables.Note, name=NOTE, value=value))


def _wishes(node: Node) -> list[str]:
    """The names of the notes of sentences that were wished for."""
    table = node.tables.Note
    rows: Any = table.select(table.name).where(table.name.startswith(WISH)).tuples()
    return [name for (name,) in rows]


def _forget(node: Node, wishes: list[str]) -> None:
    """Delete these notes: what stays on the shelf has its voice now."""
    table = node.tables.Note
    if wishes:
        node.write(lambda: table.delete().where(table.name.in_(wishes)).execute())


def _take_away(node: Node, wanted: set[bytes]) -> None:
    """Delete the voices of sentences that no text has any more, and those of an earlier voice."""
    folder = files.voices(node)
    for other in folder.parent.iterdir():
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
    for path in folder.glob("*/*"):
        if not _is_wanted(path, wanted):
            with suppress(FileNotFoundError):
                path.unlink()


def _is_wanted(path: Path, wanted: set[bytes]) -> bool:
    try:
        return not path.name.startswith(".") and bytes.fromhex(path.stem) in wanted
    except ValueError:
        return False
