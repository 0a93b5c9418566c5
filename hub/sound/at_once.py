"""A sentence that somebody wants to hear before the slow work came to it: it is rendered alone, while they wait.

A page that shows such a sentence wishes for it, so that its address is good from the first second. A wish is a note of
this node; the next slow work that is whole renders what stays, and the wishes go. Nobody can have other words spoken.
"""

import json
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from content.spoken import SENTENCE_CHARS_MAX, is_key
from hub.node import Node
from hub.sound import files, pages, speaking
from hub.sound.chorus import COMMAND, Chorus, DiskRefused, VoiceMissing, voice_for
from hub.sound.speaking import WISH, Standing
from hub.tables import put

WISHES_MAX = 3_000
"""With so many waiting the slow work is on its way anyway."""
ANSWER_S = 8.0
"""How long one sentence may take here; longer ones are left to the slow work."""
WAIT_S = 4.0
"""How long somebody waits for others' sentences; after it the phone's own voice is heard."""


def languages(node: Node) -> frozenset[str]:
    """The languages in which a sentence is spoken at once; none where the hub renders nothing or has no more room.

    Before the slow work has looked which voices there are, those of our pages: the program brings them.
    """
    if not node.settings.sound_max:
        return frozenset()
    last = speaking.standing(node)
    if last == Standing():
        return frozenset(pages.spoken())
    return frozenset(last.languages) if last.is_whole else frozenset()


def may_come(node: Node, key: str, text: str, language: str, known: frozenset[str]) -> bool:
    """Whether a sentence without a sound can have one at once; `known` are the languages that can."""
    is_short = len(text) <= SENTENCE_CHARS_MAX
    return bool(is_short and voice_for(language, known)) and not files.is_mute(node, key)


def wish(node: Node, sentences: Mapping[str, tuple[str, str]]) -> int:
    """Note sentences that a page shows without a sound, each a key, its language and its text; how many were new."""
    table = node.tables.Note
    names = {f"{WISH}{key}": told for key, told in sentences.items()}
    rows: Any = table.select(table.name).where(table.name.in_(list(names))).tuples()
    fresh = {name: names[name] for name in set(names) - {name for (name,) in rows}}
    if not fresh or table.select().where(table.name.startswith(WISH)).count() + len(fresh) > WISHES_MAX:
        return 0

    def keep() -> None:
        for name, told in fresh.items():
            put(table, name=name, value=json.dumps(told))

    node.write(keep)
    return len(fresh)


class AtOnce:
    """Renders one sentence at a time. One for each application; `command` is the program that speaks."""

    def __init__(self, node: Node, command: tuple[str, ...] = COMMAND) -> None:
        self._node, self._command, self._turn = node, command, threading.Lock()

    def knows(self, key: str) -> bool:
        """Whether a page has shown a sentence with this key that may be spoken here."""
        told = self._told(key)
        return told is not None and may_come(self._node, key, told[1], told[0], languages(self._node))

    def voice(self, key: str) -> Path | None:
        """The voice of a sentence that a page has shown, rendered now; None where that cannot be, or takes too long."""
        if not self.knows(key) or not self._turn.acquire(timeout=WAIT_S):
            return None
        try:
            return self._spoken(key)
        finally:
            self._turn.release()

    def _spoken(self, key: str) -> Path | None:
        path, told = files.voice_path(self._node, key), self._told(key)
        if path.is_file():
            return path
        has_room = self._node.shelf.free_bytes() > self._node.settings.free_reserve
        if told is None or not has_room:
            return None
        with suppress(VoiceMissing, DiskRefused), Chorus(self._command, answer_s=ANSWER_S) as chorus:
            voice = chorus.language(told[0])
            if voice and chorus.say(key, told[1], voice, path):
                return path
        return None

    def _told(self, key: str) -> tuple[str, str] | None:
        """The language and the text behind a key: a wish, or a sentence of our own pages."""
        if not is_key(key):
            return None
        notes, noted = self._node.tables.Note, self._node.tables.PageSentence
        if (wished := notes.get_or_none(notes.name == WISH + key)) is not None:
            language, text = json.loads(wished.value)
            return language, text
        row = noted.get_or_none(noted.id == key)
        return (row.language, row.text) if row is not None else None
