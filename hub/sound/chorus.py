"""Whoever needs a sentence spoken: runs `hub.sound.voice` in a process of its own, and survives whatever happens to it.

A sentence at which that process dies or falls silent is given up, and the next one gets a fresh process.
"""

import json
import os
import select
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from hub.errors import HubError

COMMAND = (sys.executable, "-m", "hub.sound.voice")
ANSWER_S = 60.0
"""How long one sentence may take; on the slowest Pi it takes a third of a second."""
RUN_SENTENCES = 400
"""Sentences for one process, so that its limits are those of a short run."""
LINE_BYTES_MAX = 65536


class VoiceMissing(HubError):
    """No program that speaks runs on this machine."""


class DiskRefused(HubError):
    """The disk did not take a sound."""


class Chorus:
    """The speaking process, begun when it is first needed. Used in a `with` block; nothing runs after it."""

    def __init__(self, command: tuple[str, ...] = COMMAND, *, answer_s: float = ANSWER_S) -> None:
        self._command, self._answer_s = command, answer_s
        self._process: subprocess.Popen[bytes] | None = None
        self._languages: frozenset[str] = frozenset()
        self._said, self._unread = 0, b""

    def __enter__(self) -> "Chorus":
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def languages(self) -> frozenset[str]:
        """The codes of the languages that have a voice. Raises VoiceMissing."""
        self._begin()
        return self._languages

    def language(self, code: str) -> str:
        """The voice for a language, "" for none. Raises VoiceMissing."""
        return voice_for(code, self.languages())

    def say(self, key: str, text: str, language: str, to: Path) -> int:
        """Have one sentence written to `to` and return its bytes; 0 when it could not be said.

        Raises VoiceMissing, or DiskRefused.
        """
        self._begin()
        answer = self._ask({"key": key, "text": text, "language": language, "to": str(to)})
        if answer is None or answer.get("key") != key:
            self._end()
            return 0
        if answer.get("refused"):
            raise DiskRefused(f"The disk did not take a sound: {answer['refused']}.")
        self._said += 1
        return int(answer["size"])

    def _begin(self) -> None:
        if self._said >= RUN_SENTENCES:
            self._end()
        if self._process is not None:
            return
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except OSError as mistake:
            raise VoiceMissing(f"The voice does not start: {mistake.strerror}.") from None
        first = self._answer()
        if first is None:
            self._end()
            raise VoiceMissing("The voice does not run on this machine.")
        self._languages = frozenset(first["languages"])

    def _ask(self, wish: dict[str, str]) -> dict[str, Any] | None:
        assert self._process is not None and self._process.stdin is not None, "it has begun"
        try:
            self._process.stdin.write(json.dumps(wish).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            return None
        return self._answer()

    def _answer(self) -> dict[str, Any] | None:
        """The next line that comes within the time; None when it does not, or is no answer."""
        assert self._process is not None and self._process.stdout is not None, "it has begun"
        pipe, end = self._process.stdout.fileno(), time.monotonic() + self._answer_s
        while b"\n" not in self._unread:
            ready, _, _ = select.select([pipe], [], [], max(0.0, end - time.monotonic()))
            piece = os.read(pipe, LINE_BYTES_MAX) if ready else b""
            if not piece or len(self._unread) > LINE_BYTES_MAX:
                return None
            self._unread += piece
        line, _, self._unread = self._unread.partition(b"\n")
        try:
            found = json.loads(line)
        except ValueError:
            return None
        return found if isinstance(found, dict) else None

    def _end(self) -> None:
        """Let the process go, whatever it does."""
        process, self._process, self._said, self._unread = self._process, None, 0, b""
        if process is None:
            return
        process.kill()
        with suppress(OSError):
            process.communicate()


def voice_for(code: str, known: frozenset[str]) -> str:
    """Of the known voices the one for a language, or for its family ("pt" for "pt-ao"); "" for none."""
    small = code.lower()
    return next((each for each in (small, small.partition("-")[0]) if each in known), "")


def languages() -> frozenset[str]:
    """The codes of the languages this machine can speak; none when the voice does not run."""
    with suppress(VoiceMissing), Chorus() as chorus:
        return chorus.languages()
    return frozenset()
