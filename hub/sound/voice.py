"""The program that speaks: sentences come in as lines of JSON, sounds go out as files, a line of JSON answers each.

It is run by `hub.sound.chorus` in a process of its own, with the lowest priority and with limits of the system on its
time, memory and files: speech needs a large library in C, and whatever goes wrong there must not touch the hub.
The first line out names the languages that have a voice. A file is there whole, or not at all.
"""

import ctypes
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

import espeakng_loader
import lameenc

RATE = 22_050
"""Samples a second: what espeak-ng makes."""
BIT_RATE = 24
"""Kilobits a second of MP3, one channel: a sentence of three seconds is 9 kB, and every phone plays it."""
QUALITY = 5
"""How hard the encoder tries, 0 (most) to 9."""
WORDS_A_MINUTE = 140
"""Slower than people speak, for who learns."""
NICE = 19
CPU_S = 600
"""Seconds of the processor for one run, which is a few hundred sentences."""
MEMORY_BYTES = 512 * 1024 * 1024
FILE_BYTES = 4 * 1024 * 1024
SECONDS_MAX = 120
"""A sentence that takes longer to say is none."""

_SYNCHRONOUS, _UTF8, _ERROR = 2, 1, -1
_RATE_PARAMETER, _NAME, _AGAIN = 1, 0, 0
_HEAR = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class _Voice(ctypes.Structure):
    """A voice as the library lists it; `languages` is a byte of priority and a name, again and again until a zero."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("xx1", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


class Throat:
    """espeak-ng, opened once."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        self._samples = bytearray()
        self._hear = _HEAR(self._take)
        where = espeakng_loader.get_data_path().encode()
        if self._library.espeak_Initialize(_SYNCHRONOUS, 0, where, 0) == _ERROR:
            raise RuntimeError("espeak-ng does not open")
        self._library.espeak_SetSynthCallback(self._hear)

    def languages(self) -> list[str]:
        """The codes of all languages that have a voice."""
        self._library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))
        found, number = set(), 0
        voices = self._library.espeak_ListVoices(None)
        while voices[number]:
            found |= _listed(voices[number].contents.languages)
            number += 1
        return sorted(found)

    def say(self, text: str, language: str) -> bytes:
        """One sentence as 16-bit samples; b"" when the language has no voice or nothing is heard."""
        self._samples.clear()
        if self._library.espeak_SetVoiceByName(language.encode()) != _AGAIN:
            return b""
        self._library.espeak_SetParameter(_RATE_PARAMETER, WORDS_A_MINUTE, 0)
        words = text.encode() + b"\0"
        self._library.espeak_Synth(words, len(words), 0, 0, 0, _UTF8, None, None)
        return bytes(self._samples)

    def _take(self, samples: Any, count: int, _events: Any) -> int:
        if samples and count > 0:
            self._samples += ctypes.string_at(samples, count * 2)
        return int(len(self._samples) > SECONDS_MAX * RATE * 2)


def _listed(place: int) -> set[str]:
    """The languages of one voice, read from where the library keeps them."""
    found = set()
    while ctypes.string_at(place, 1) != b"\0":
        name = ctypes.string_at(place + 1)
        found.add(name.decode().lower())
        place += len(name) + 2
    return found


def packed(samples: bytes) -> bytes:
    """Samples as a small MP3."""
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(BIT_RATE)
    encoder.set_in_sample_rate(RATE)
    encoder.set_channels(1)
    encoder.set_quality(QUALITY)
    encoder.silence()
    return bytes(encoder.encode(samples) + encoder.flush())


def write(to: Path, data: bytes) -> None:
    """Put a file into its place in one step."""
    draft = to.with_name(f".{to.name}.part")
    to.parent.mkdir(parents=True, exist_ok=True)
    with draft.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(to)


def _be_small() -> None:
    os.nice(NICE)
    for what, most in (
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def main() -> None:
    """Answer every line until there are no more."""
    _be_small()
    throat = Throat()
    print(json.dumps({"languages": throat.languages()}), flush=True)
    for line in sys.stdin:
        wish = json.loads(line)
        samples = throat.say(wish["text"], wish["language"])
        data, refused = packed(samples) if samples else b"", ""
        try:
            if data:
                write(Path(wish["to"]), data)
        except OSError as mistake:
            refused = mistake.strerror or "it says no more"
        print(json.dumps({"key": wish["key"], "size": len(data), "refused": refused}), flush=True)


if __name__ == "__main__":
    main()
