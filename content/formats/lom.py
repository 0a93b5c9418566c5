"""What a package of another tool tells about itself in IEEE LOM, the metadata of SCORM: in the manifest, or beside it.

The words differ in large and small letters between editions; only a few of them have a place with us.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from content.errors import ContentError
from content.formats.trees import said, tree
from content.package import MINUTES_MAX, is_language

SUMMARY_CHARS_MAX = 4_000
LICENCE_CHARS_MAX = 200
_TIME = re.compile(r"P(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:[\d.]{1,9}S)?)?")


@dataclass(frozen=True)
class About:
    """Title, language, what it is about, and what may be done with it; each "" when it is not told."""

    title: str = ""
    language: str = ""
    summary: str = ""
    licence: str = ""


def read(metadata: Element | None, beside: Callable[[str], bytes | None]) -> About:
    """What is told in an element `metadata`, or in the file that it names; `beside` gives the bytes of a path."""
    record = _record(metadata, beside)
    if record is None:
        return About()
    general = _first(record, "general")
    language = said(_first(general, "language")).replace("_", "-")
    return About(
        title=_text(_first(general, "title"), language),
        language=language if is_language(language) else "",
        summary=_text(_first(general, "description"), language)[:SUMMARY_CHARS_MAX],
        licence=_text(_first(_first(record, "rights"), "description"), language)[:LICENCE_CHARS_MAX],
    )


def minutes(metadata: Element | None) -> int:
    """How long something takes, in whole minutes; 0 when it is not told."""
    record = _record(metadata, lambda _path: None)
    time = _first(_first(record, "educational"), "typicallearningtime")
    match = _TIME.fullmatch(said(_first(time, "duration") if _first(time, "duration") is not None else time))
    if match is None:
        return 0
    days, hours, whole = (int(part or 0) for part in match.groups())
    return min(days * 1440 + hours * 60 + whole, MINUTES_MAX)


def _record(metadata: Element | None, beside: Callable[[str], bytes | None]) -> Element | None:
    if metadata is None:
        return None
    if (found := _first(metadata, "lom")) is not None:
        return found
    data = beside(said(_first(metadata, "location")))
    if data is None:
        return None
    try:
        return tree(data, "")
    except ContentError:
        return None


def _children(element: Element | None, name: str) -> Iterator[Element]:
    return (each for each in (() if element is None else element) if each.tag.lower() == name)


def _first(element: Element | None, name: str) -> Element | None:
    return next(_children(element, name), None)


def _text(element: Element | None, language: str) -> str:
    """The words of a text that stands in several languages: in that of the package, else the first."""
    found = [*_children(element, "langstring"), *_children(element, "string")]
    told = {each.get("lang", "") or each.get("language", ""): said(each) for each in reversed(found)}
    return told.get(language) or (said(found[0]) if found else said(element))
