"""Films of a course of Open edX: a file of the course with its subtitles as WebVTT, or an address and what is said."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from content import lesson
from content.formats import course, pages
from content.formats.course import Course, Piece
from content.package import is_language

CUES_MAX = 20_000
"""Lines of one film's subtitles: a lecture of a day."""

_TIMES = re.compile(
    r"^[ \t]*(\d{1,3}:\d{2}:\d{2})[.,](\d{1,3})[ \t]*-->[ \t]*(\d{1,3}:\d{2}:\d{2})[.,](\d{1,3})[^\n]*$", re.M
)
_WORDLESS = re.compile(r"^\d+$|-->|^WEBVTT|^NOTE")
_YOUTUBE = "https://www.youtube.com/watch?v="


def add(made: Course, piece: Piece, element: Element, read: Callable[[str], str]) -> None:
    """Take a film; `read` gives the text of a file of the course. One that lies elsewhere leaves its address and, where
    the course has them, its words."""
    sources = list(dict.fromkeys(_sources(element)))
    local = (f"static/{unquote(each).removeprefix('/static/')}" for each in sources if each.startswith("/static/"))
    film = next((each for each in local if each in made.files and each.lower().endswith(lesson.FILMS)), "")
    told = _transcripts(element, read)
    if film:
        made.file(piece, film)
        stem = PurePosixPath(film).with_suffix("").as_posix()
        for language, text in told.items():
            made.keep(f"{stem}.{language}.vtt", text.encode())
        return
    remote = [each for each in [*sources, *_youtube(element)] if lesson.is_remote(each)]
    if not remote:
        made.note(course.MISSING if sources else course.AWAY, piece)
    words = _words(next(iter(told.values()), ""))
    if remote and not words:
        made.link(piece, remote[0], course.AWAY)
    elif words:
        made.note(course.AWAY, piece)
        made.lesson(piece, f"{pages.text_of(remote[0] if remote else '')}\n{pages.text_of(words)}")


def _sources(element: Element) -> Iterator[str]:
    yield from _list(element.get("html5_sources", ""))
    yield from filter(None, (element.get("source", ""), *(each.get("src", "") for each in element.iterfind("source"))))


def _youtube(element: Element) -> Iterator[str]:
    """The film on YouTube: under a name of its own, or as `1.00:abc` among other speeds."""
    speeds = dict(each.split(":", 1) for each in element.get("youtube", "").split(",") if ":" in each)
    for name in filter(None, (element.get("youtube_id_1_0", ""), speeds.get("1.00") or speeds.get("1.0"))):
        yield f"{_YOUTUBE}{name[:40]}"


def _transcripts(element: Element, read: Callable[[str], str]) -> dict[str, str]:
    """The subtitles that the course has, as WebVTT by language."""
    named = {each.get("language", ""): each.get("src", "") for each in element.iterfind("transcript")}
    named |= {str(language): str(name) for language, name in _table(element.get("transcripts", "")).items()}
    film = element.get("edx_video_id", "")
    for each in element.iterfind("video_asset/transcripts/transcript"):
        language = each.get("language_code", "")
        named.setdefault(language, f"{film}-{language}.{each.get('file_format', 'srt')}")
    if sub := element.get("sub", ""):
        named.setdefault("en", f"subs_{sub}.srt.sjson")
    found = {language: _vtt(name, read(f"static/{name}")) for language, name in named.items() if is_language(language)}
    return {language: text for language, text in found.items() if text}


def _vtt(name: str, text: str) -> str:
    """Subtitles in SRT, in edX' own JSON, or in WebVTT, as WebVTT; "" for what is none."""
    if name.endswith(".sjson"):
        return _of_json(text)
    if text.startswith("WEBVTT"):
        return text
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    fitting = _TIMES.sub(_times, plain)
    return f"WEBVTT\n\n{fitting}" if fitting != plain or "-->" in plain else ""


def _times(found: re.Match[str]) -> str:
    (begin, first), (end, second) = (found[1], found[2]), (found[3], found[4])
    return f"{begin.zfill(8)}.{first.ljust(3, '0')} --> {end.zfill(8)}.{second.ljust(3, '0')}"


def _of_json(text: str) -> str:
    told = _table(text)
    starts, ends, lines = (told.get(name) for name in ("start", "end", "text"))
    if not (isinstance(starts, list) and isinstance(ends, list) and isinstance(lines, list)):
        return ""
    cues = [
        f"{_clock(start)} --> {_clock(end)}\n{' '.join(line.split())}\n"
        for start, end, line in list(zip(starts, ends, lines, strict=False))[:CUES_MAX]
        if _is_time(start) and _is_time(end) and isinstance(line, str) and line.strip()
    ]
    return "WEBVTT\n\n" + "\n".join(cues) if cues else ""


def _is_time(moment: object) -> bool:
    return isinstance(moment, int | float) and 0 <= moment < 10**9


def _clock(moment_ms: float) -> str:
    seconds, ms = divmod(round(moment_ms), 1000)
    minutes, s = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{s:02}.{ms:03}"


def _words(vtt: str) -> str:
    """What is said in a film, in paragraphs of a few sentences."""
    lines = [line.strip() for line in vtt.splitlines() if line.strip() and not _WORDLESS.search(line)]
    return "\n".join(" ".join(lines[place : place + 8]) for place in range(0, len(lines), 8))


def _list(text: str) -> list[str]:
    """The texts in a list of JSON; none for anything else."""
    found = _json(text)
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def _table(text: str) -> dict[str, Any]:
    """A table of JSON; an empty one for anything else."""
    found = _json(text)
    return found if isinstance(found, dict) else {}


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
