"""What a recording is: its kind by its first bytes, whatever it is called, and its length where that can be told.

Nothing is decoded here. What every phone's browser plays is taken; what only some play is refused with what to do.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hub.errors import InputWrong

SIZE_MAX = 2_000_000
SECONDS_MAX = 60.0
OPUS_RATE = 48_000
HEAD_BYTES = 4096
"""Where a file says what it is."""

_MP3_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_MP3_KILOBITS = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),
}
_AAC_RATES = (96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350)
_EBML = b"\x1a\x45\xdf\xa3"
_OLD_PHONES = (b"3gp", b"3g2", b"3ge", b"3gg")
_AAC, _AMR = b"mp4a", (b"samr", b"sawb")
"""How the description of a track in an MPEG-4 file begins, by what its sound is."""


@dataclass(frozen=True)
class Kind:
    """The ending a sound is kept under, and its length in seconds; None where only playing it would tell."""

    ending: str
    seconds: float | None


def look(data: bytes) -> Kind:
    """What a recording is. Raises InputWrong when it is none that every phone plays, too large or too long."""
    if not data:
        raise InputWrong("No recording was chosen. Nothing was changed; record the sentence, or choose a file.")
    if len(data) > SIZE_MAX:
        raise InputWrong(
            "The recording has more than %(most)s MB. Nothing was changed; record this one sentence alone.",
            most=SIZE_MAX // 1_000_000,
        )
    kind = recognise(data)
    if kind.seconds is not None and kind.seconds > SECONDS_MAX:
        raise InputWrong(
            "The recording is longer than %(most)s seconds. Nothing was changed; record this one sentence alone.",
            most=int(SECONDS_MAX),
        )
    return kind


def recognise(data: bytes) -> Kind:
    """What kind of sound it is, however long. Raises InputWrong when it is none that every phone plays."""
    if data.startswith(b"#!AMR") or _is_old_phones(data):
        raise InputWrong(
            "This kind of recording (AMR or 3GP) is silent on most phones. Nothing was changed; choose M4A, MP3 or WAV"
            " in the recorder's settings, or take another recorder."
        )
    for is_it, read in _KINDS:
        if is_it(data):
            kind = read(data)
            if kind is not None:
                return kind
    raise InputWrong(
        "This is no recording that phones play. Nothing was changed; send an MP3, M4A, OGG, WAV or WebM sound."
    )


def _is_old_phones(data: bytes) -> bool:
    """Whether it is 3GP with a sound in it as old phones made it (AMR); with AAC in it, it is what an M4A is."""
    if data[4:8] != b"ftyp" or data[8:11] not in _OLD_PHONES:
        return False
    index = next((body for name, body in _boxes(data) if name == b"moov"), b"")
    return _AAC not in index or any(each in index for each in _AMR)


def _wav(data: bytes) -> Kind | None:
    rate, place = 0, 12
    while place + 8 <= len(data):
        name, size = data[place : place + 4], int.from_bytes(data[place + 4 : place + 8], "little")
        if name == b"fmt " and place + 20 <= len(data):
            rate = int.from_bytes(data[place + 16 : place + 20], "little")
        if name == b"data":
            return Kind("wav", min(size, len(data) - place - 8) / rate) if rate else None
        place += 8 + size + size % 2
    return None


def _ogg(data: bytes) -> Kind | None:
    """The last page's count of samples, by the rate that the first page tells."""
    head = data[:HEAD_BYTES]
    opus, vorbis = head.find(b"OpusHead"), head.find(b"\x01vorbis")
    if opus < 0 and vorbis < 0:
        return None
    rate = OPUS_RATE if opus >= 0 else int.from_bytes(head[vorbis + 12 : vorbis + 16], "little")
    last = data.rfind(b"OggS")
    samples = int.from_bytes(data[last + 6 : last + 14], "little", signed=True)
    return Kind("ogg", samples / rate if rate and samples > 0 else None)


def _webm(data: bytes) -> Kind | None:
    head = data[:HEAD_BYTES]
    is_sound = b"webm" in head and (b"A_OPUS" in head or b"A_VORBIS" in head) and b"V_VP" not in head
    return Kind("webm", None) if is_sound else None


def _m4a(data: bytes) -> Kind | None:
    """A film has a track with pictures; a sound that was sent piece by piece does not say its length."""
    index = next((body for name, body in _boxes(data) if name == b"moov"), None)
    if index is None or b"vide" in _handlers(index) or b"soun" not in _handlers(index):
        return None
    header = next((body for name, body in _boxes(index) if name == b"mvhd"), b"")
    form = ">20xIQ" if header[:1] == b"\x01" else ">12xII"
    if len(header) < struct.calcsize(form):
        return None
    scale, length = struct.unpack_from(form, header)
    return Kind("m4a", length / scale if scale and length else None)


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The boxes of an MPEG-4 file, or of one of its boxes."""
    place = 0
    while place + 8 <= len(data):
        size, name, start = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8], 8
        if size == 1:
            size, start = int.from_bytes(data[place + 8 : place + 16], "big"), 16
        end = place + size if size >= start else len(data)
        yield name, data[place + start : end]
        place = end


def _handlers(index: bytes) -> set[bytes]:
    """What the tracks of a film or a sound are: b"soun", b"vide"."""
    found, place = set(), index.find(b"hdlr")
    while place >= 0:
        found.add(index[place + 12 : place + 16])
        place = index.find(b"hdlr", place + 4)
    return found


def _mp3(data: bytes) -> Kind | None:
    place = 0
    if data.startswith(b"ID3") and len(data) > 10:
        size = data[6:10]
        place = 10 + (size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3])
    seconds, frames = _frames(data, place, _mp3_frame)
    return Kind("mp3", seconds) if frames else None


def _aac(data: bytes) -> Kind | None:
    seconds, frames = _frames(data, 0, _aac_frame)
    return Kind("aac", seconds) if frames > 1 else None


def _frames(data: bytes, place: int, measure: Callable[[bytes], tuple[int, float]]) -> tuple[float, int]:
    """Walk over frames as long as there are some; their seconds and their number."""
    seconds, frames = 0.0, 0
    while place + 7 <= len(data):
        size, lasts = measure(data[place : place + 7])
        if not size:
            break
        place, seconds, frames = place + size, seconds + lasts, frames + 1
    return seconds, frames


def _mp3_frame(head: bytes) -> tuple[int, float]:
    """Bytes and seconds of a frame of MPEG audio, layer III; (0, 0) for anything else."""
    version, layer, column = head[1] >> 3 & 3, head[1] >> 1 & 3, head[2] >> 2 & 3
    if head[0] != 0xFF or head[1] >> 5 != 7 or layer != 1 or version not in _MP3_RATES or column == 3:
        return 0, 0.0
    rate, kilobits = _MP3_RATES[version][column], _MP3_KILOBITS[version == 3][head[2] >> 4]
    samples = 1152 if version == 3 else 576
    return (samples // 8 * kilobits * 1000 // rate + (head[2] >> 1 & 1), samples / rate) if kilobits else (0, 0.0)


def _aac_frame(head: bytes) -> tuple[int, float]:
    """Bytes and seconds of a frame of AAC as it is sent by itself (ADTS); (0, 0) for anything else."""
    column = head[2] >> 2 & 15
    if head[0] != 0xFF or head[1] & 0xF6 != 0xF0 or column >= len(_AAC_RATES):
        return 0, 0.0
    size = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return size if size > 7 else 0, 1024 / _AAC_RATES[column]


_KINDS: tuple[tuple[Callable[[bytes], bool], Callable[[bytes], Kind | None]], ...] = (
    (lambda data: data[:4] == b"RIFF" and data[8:12] == b"WAVE", _wav),
    (lambda data: data.startswith(b"OggS"), _ogg),
    (lambda data: data.startswith(_EBML), _webm),
    (lambda data: data[4:8] == b"ftyp", _m4a),
    (lambda data: data[:1] == b"\xff" and data[1:2] != b"" and data[1] & 0xF6 == 0xF0, _aac),
    (lambda data: data.startswith(b"ID3") or data[:1] == b"\xff", _mp3),
)
"""Whether a file could be of a kind, and what a closer look makes of it."""
