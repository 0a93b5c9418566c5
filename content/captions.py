"""Captions that lie beside films and sounds: WebVTT is checked, SubRip (`.srt`) becomes WebVTT.

What a browser would show wrongly or not at all is said before the package is added, and is left out of it.
"""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from content.draft import Draft, LeftOut, Origin, loose_file, read_small
from content.errors import N_
from content.iso639 import language
from content.limits import MIB
from content.package import Item, is_language

ENDINGS = (".vtt", ".srt")
CAPTIONS_BYTES_MAX = 2 * MIB
CUES_MAX = 20_000
KINDS = ("video", "audio")
UNREADABLE = N_("captions that are no WebVTT or SubRip in UTF-8, with a beginning before an end for each line")
NAMELESS = N_("captions whose name does not end in a language, as in film.fr.vtt")
TWICE = N_("captions that are there twice in one language")

_BEGINS = re.compile(r"WEBVTT(?:[ \t].*)?")
_MOMENT = r"(?:(\d{2,4}):)?([0-5]\d):([0-5]\d)[.,](\d{3})"
_TIMES = re.compile(rf"\s*{_MOMENT}[ \t]*-->[ \t]*{_MOMENT}([ \t].*)?")
_SRT_TIMES = re.compile(r"\s*(\d{1,4}):(\d\d):(\d\d)[.,](\d{1,3})\s*-->\s*(\d{1,4}):(\d\d):(\d\d)[.,](\d{1,3})")
_SRT_STYLE = re.compile(r"</?font[^>]{0,100}>|\{\\[^}]{0,100}\}", re.IGNORECASE)
_BARE = re.compile(r"&(?!(?:amp|lt|gt|lrm|rlm|nbsp);)|<(?!/?[biu]>)")


def loose(film: Path) -> dict[str, Origin]:
    """The captions that lie beside a film or a sound of its own, by their names."""
    return {
        path.name: loose_file(path, package=film.name)
        for path in sorted(film.parent.iterdir())
        if path.name.startswith(f"{film.stem}.") and path.suffix.lower() in ENDINGS
    }


def checked(draft: Draft) -> Draft:
    """The draft with the captions of its films and sounds as browsers read them, and what was left out of them."""
    origins, lost = dict(draft.origins), dict[str, list[int]]()
    for number, item in enumerate(draft.manifest.items, start=1):
        if item.kind in KINDS:
            for what in _of_item(draft, item, origins):
                lost.setdefault(what, []).append(number)
    left_out = tuple(LeftOut(what, tuple(dict.fromkeys(places))) for what, places in lost.items())
    return replace(draft, origins=MappingProxyType(origins), left_out=(*draft.left_out, *left_out))


def _of_item(draft: Draft, item: Item, origins: dict[str, Origin]) -> Iterator[str]:
    """Put the captions of one item right; tell what had to be left out."""
    for path, tongue in _beside(item, draft.origins):
        origin = origins.pop(path, None)
        if origin is None:
            continue
        if not is_language(tongue or "en"):
            yield NAMELESS
            continue
        better = _web_vtt(origin, path, draft)
        if better is None:
            yield UNREADABLE
            continue
        stem = PurePosixPath(item.path).with_suffix("").as_posix()
        name = f"{stem}.{tongue}.vtt" if tongue else f"{stem}.vtt"
        if name in origins:
            yield TWICE
            continue
        origins[name] = better


def _beside(item: Item, origins: Mapping[str, Origin]) -> list[tuple[str, str]]:
    """The paths of an item's captions with the language each names, WebVTT first; codes of three letters become two."""
    stem = PurePosixPath(item.path).with_suffix("").as_posix()
    found = [path for path in origins if path.startswith(f"{stem}.") and path.lower().endswith(ENDINGS)]
    found.sort(key=lambda path: (not path.lower().endswith(".vtt"), path))
    return [(path, _tongue(path[len(stem) + 1 : -len(".vtt")])) for path in found]


def _tongue(middle: str) -> str:
    """The language in the middle of a name, as captions are found by it."""
    first, dash, rest = middle.strip(".").replace("_", "-").partition("-")
    return language(first.lower()) + dash + rest


def _web_vtt(origin: Origin, path: str, draft: Draft) -> Origin | None:
    """The captions as WebVTT; None for what cannot be read. What is well-formed stays as it is, byte for byte."""
    if origin.size > CAPTIONS_BYTES_MAX:
        return None
    data = read_small(origin, path=path, package=draft.manifest.title, limit=CAPTIONS_BYTES_MAX)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if path.lower().endswith(".srt"):
        made = from_srt(text)
        return _bytes(made.encode()) if made else None
    return origin if is_web_vtt(text) else None


def is_web_vtt(text: str) -> bool:
    """Whether text is WebVTT whose cues each begin before they end."""
    lines = text.splitlines()
    if not lines or not _BEGINS.fullmatch(lines[0]):
        return False
    cues = [_TIMES.fullmatch(line) for line in lines if "-->" in line]
    return len(cues) <= CUES_MAX and all(
        cue is not None and _ms(cue.groups()[:4]) < _ms(cue.groups()[4:8]) for cue in cues
    )


def from_srt(text: str) -> str:
    """SubRip as WebVTT, with bold, italics and underlines; "" when it is none. Colours and places are let go."""
    made, cues = ["WEBVTT", ""], 0
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")):
        lines = block.strip("\n").split("\n")
        at = next((number for number, line in enumerate(lines[:2]) if "-->" in line), None)
        times = _SRT_TIMES.match(lines[at]) if at is not None else None
        if at is None or times is None or _ms(times.groups()[:4]) >= _ms(times.groups()[4:]):
            return ""
        cues += 1
        words = [_BARE.sub(_escaped, _SRT_STYLE.sub("", line)).replace("-->", "→") for line in lines[at + 1 :]]
        made += [f"{_written(times.groups()[:4])} --> {_written(times.groups()[4:])}", *words, ""]
    return "\n".join(made) if cues <= CUES_MAX else ""


def _escaped(found: re.Match[str]) -> str:
    return "&amp;" if found[0] == "&" else "&lt;"


def _ms(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, rest = parts
    whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
    return whole * 1000 + int((rest or "0").ljust(3, "0"))


def _written(parts: tuple[str | None, ...]) -> str:
    seconds, rest = divmod(_ms(parts), 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


def _bytes(data: bytes) -> Origin:
    return Origin(open=lambda: io.BytesIO(data), size=len(data))
