"""The `imsmanifest.xml` of a SCORM package: its parts in their order, how each is started, and what is told about it.

Follows the Content Aggregation Model of SCORM 1.2 and of SCORM 2004, 2nd to 4th edition. Namespaces are cut off by
`trees`, since the editions say the same under different ones.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from content.errors import N_, PackageDamaged, PackageTooLarge, PackageUnsafe
from content.formats import lom
from content.formats.asked import Notes
from content.formats.trees import said, tree
from content.naming import slug
from content.paths import inside

NAME = "imsmanifest.xml"
OLDER, NEWER = "1.2", "2004"
"""The two families of editions, as content itself calls them."""
PARTS_MAX = 1_000
"""Parts of one package: a course with a page for each day of three years."""
TITLE_CHARS_MAX = 300
TEXT_CHARS_MAX = 4_096
"""Of a text that is handed to the content at its start: the most that the standard asks for."""

ORGANIZATIONS = N_("of several tables of contents only the first stays")
HIDDEN = N_("parts that are not shown in the table of contents are left out")
AWAY = N_("parts that lie on the internet are left out")
UNPLAYED = N_("parts that are no web page, film, sound or PDF are left out")
PREREQUISITES = N_("every part can be opened at once, whatever should be done before")
SEQUENCING = N_("rules about the order of parts are not followed; every part can be opened")
SHARED = N_("results that parts share with each other are not passed on")

_RULES = frozenset({"sequencingRules", "limitConditions", "rollupRules", "randomizationControls"})
_KINDS = {
    **{"html": "html5", "htm": "html5", "xhtml": "html5", "pdf": "pdf", "mp4": "video", "webm": "video"},
    **{"mp3": "audio", "ogg": "audio", "m4a": "audio", "wav": "audio"},
}
"""Ending → kind of item, for a part that is started without the standard's interface."""


@dataclass(frozen=True)
class Part:
    """One thing to open. `id` is its name in our package, `query` what stands behind its path in the address.

    `kind` is `scorm` for content that speaks with the hub. The rest is for that alone, and "" where it is not told:
    `mastery` is the score to reach, 0 to 100 in SCORM 1.2 and -1 to 1 in 2004.
    """

    id: str
    kind: str
    title: str
    path: str
    query: str = ""
    minutes: int = 0
    mastery: str = ""
    threshold: str = ""
    launch_data: str = ""
    time_limit: str = ""
    max_time: str = ""


@dataclass(frozen=True)
class Course:
    """What a manifest says; `edition` is OLDER or NEWER, `notes` what of it does not come along."""

    edition: str
    identifier: str
    about: lom.About
    parts: tuple[Part, ...]
    notes: Notes


class _Target(NamedTuple):
    """A resource: where it lies, what stands behind that in its address, and whether it speaks with the hub."""

    path: str
    query: str
    is_sco: bool
    is_away: bool


Read = Callable[[str], bytes | None]
"""The bytes of a path inside the package, or None when there is no small file there."""


def is_ours(data: bytes) -> bool:
    """Whether a manifest, or its beginning, is one of ADL's: other packages of IMS have the same file."""
    plain = data.replace(b"\0", b"").lower()
    return b"adlcp" in plain or b"adl scorm" in plain


def course(data: bytes, package: str, read: Read = lambda _path: None) -> Course:
    """Read a manifest. Raises PackageDamaged, PackageTooLarge, PackageUnsafe."""
    root = tree(data, package)
    organization, count = _organization(root)
    if root.tag != "manifest" or organization is None:
        raise PackageDamaged(package=package, why=N_("it has no table of contents"))
    reader = _Reader(root, package)
    reader.walk(organization, "")
    if count > 1:
        reader.notes.add(ORGANIZATIONS)
    if not reader.parts:
        raise PackageDamaged(package=package, why=N_("none of its parts can be opened here"))
    about = lom.read(root.find("metadata"), read)
    title = said(organization.find("title")) or about.title
    return Course(
        edition=_edition(root, data),
        identifier=root.get("identifier", "") or title,
        about=replace(about, title=title[:TITLE_CHARS_MAX]),
        parts=tuple(reader.parts),
        notes=reader.notes,
    )


def _edition(root: Element, data: bytes) -> str:
    """Which family it belongs to: as it says, else by the names of its words."""
    told = said(root.find("metadata/schemaversion")).lower()
    if told.startswith("1.2"):
        return OLDER
    if "1.3" in told or "2004" in told:
        return NEWER
    return NEWER if b"adlcp_v1p3" in data.replace(b"\0", b"") else OLDER


def _organization(root: Element) -> tuple[Element | None, int]:
    """The table of contents that is meant, and how many there are."""
    listed = root.find("organizations")
    found = [] if listed is None else listed.findall("organization")
    meant = "" if listed is None else listed.get("default", "")
    chosen = next((each for each in found if each.get("identifier") == meant), found[0] if found else None)
    return chosen, len(found)


class _Reader:
    """Goes through the table of contents and gathers its parts; `number` counts what has something to open."""

    def __init__(self, root: Element, package: str) -> None:
        self.parts: list[Part] = []
        self.notes = Notes()
        self._package = package
        self._number = 0
        self._ids: set[str] = set()
        self._resources = {
            each.get("identifier", ""): (each, base) for each, base in _resources(root, root.get("base", ""))
        }
        self._collection = {each.get("ID", ""): each for each in root.findall("sequencingCollection/sequencing")}

    def walk(self, element: Element, above: str, number: int = 0) -> None:
        """Take what is below an element of the table of contents; `above` is its title, `number` its first part."""
        self._look_at_rules(element, number)
        for item in element.findall("item"):
            title = said(item.find("title")) or item.get("identifier", "")
            number = self._number + 1
            if item.get("identifierref"):
                self._take(item, f"{above} – {title}" if above else title)
            self.walk(item, title, number)

    def _take(self, item: Element, title: str) -> None:
        self._number += 1
        if self._number > PARTS_MAX:
            found = f"{self._number} or more"
            raise PackageTooLarge(package=self._package, what=N_("its number of parts"), found=found, limit=PARTS_MAX)
        target = self._target(item)
        kind = "scorm" if target.is_sco else _KINDS.get(target.path.rpartition(".")[2].lower(), "")
        refused = AWAY if target.is_away else HIDDEN if item.get("isvisible") == "false" else "" if kind else UNPLAYED
        if refused:
            self.notes.add(refused, self._number)
            return
        if item.find("prerequisites") is not None:
            self.notes.add(PREREQUISITES, self._number)
        if item.find("data/map") is not None:
            self.notes.add(SHARED, self._number)
        self.parts.append(self._part(item, title, target, kind))

    def _part(self, item: Element, title: str, target: _Target, kind: str) -> Part:
        threshold = item.find("completionThreshold")
        told = "" if threshold is None else threshold.get("minProgressMeasure", "") or said(threshold)
        return Part(
            id=self._named(item.get("identifier", "")),
            kind=kind,
            title=title[:TITLE_CHARS_MAX],
            path=target.path,
            query=_joined(target.query, item.get("parameters", "")),
            minutes=lom.minutes(item.find("metadata")),
            mastery=said(item.find("masteryscore")) or self._measure(item),
            threshold=told,
            launch_data=_raw(item, "datafromlms") or _raw(item, "dataFromLMS"),
            time_limit=said(item.find("timelimitaction")) or said(item.find("timeLimitAction")),
            max_time=said(item.find("maxtimeallowed")) or self._duration(item),
        )

    def _named(self, identifier: str) -> str:
        """An id for our package, the same each time the manifest is read."""
        plain = slug(identifier)
        number = next(n for n in range(1, PARTS_MAX + 2) if _numbered(plain, n) not in self._ids)
        self._ids.add(_numbered(plain, number))
        return _numbered(plain, number)

    def _target(self, item: Element) -> _Target:
        """Where an item leads. Raises PackageDamaged for nowhere, PackageUnsafe for out of the package."""
        found = self._resources.get(item.get("identifierref", ""))
        if found is None or not found[0].get("href"):
            raise PackageDamaged(package=self._package, why=N_("a part of it leads nowhere"))
        element, base = found
        href = urlsplit(base + element.get("href", ""))
        query = (f"?{href.query}" if href.query else "") + (f"#{href.fragment}" if href.fragment else "")
        kind = element.get("scormtype", "") or element.get("scormType", "")
        if href.scheme or href.netloc:
            return _Target("", "", is_sco=False, is_away=True)
        path = inside("", unquote(href.path.replace("\\", "/")))
        if path is None:
            raise PackageUnsafe(
                package=self._package, path=repr(href.path[:120]), why=N_("its name leads out of the package")
            )
        return _Target(path, query, is_sco=kind.lower() == "sco" and _is_page(path), is_away=False)

    def _rules(self, element: Element) -> Iterator[Element]:
        """What is said about the order at an element: there, and where that refers to."""
        own = element.find("sequencing")
        if own is not None:
            yield own
            if own.get("IDRef", "") in self._collection:
                yield self._collection[own.get("IDRef", "")]

    def _look_at_rules(self, element: Element, number: int) -> None:
        for rules in self._rules(element):
            control = rules.find("controlMode")
            is_led = control is not None and (control.get("choice") == "false" or control.get("forwardOnly") == "true")
            if is_led or any(each.tag in _RULES for each in rules):
                self.notes.add(SEQUENCING, number)
            if rules.find("objectives//mapInfo") is not None:
                self.notes.add(SHARED, number)

    def _measure(self, item: Element) -> str:
        """The measure by which the main objective of an item is met, "" when it is not met by a measure."""
        for rules in self._rules(item):
            main = rules.find("objectives/primaryObjective")
            if main is not None and main.get("satisfiedByMeasure") == "true":
                return said(main.find("minNormalizedMeasure")) or "1.0"
        return ""

    def _duration(self, item: Element) -> str:
        limits = (rules.find("limitConditions") for rules in self._rules(item))
        return next((each.get("attemptAbsoluteDurationLimit", "") for each in limits if each is not None), "")


def _resources(root: Element, base: str) -> Iterator[tuple[Element, str]]:
    """Each resource with the address it is told from."""
    listed = root.find("resources")
    if listed is not None:
        above = base + listed.get("base", "")
        for each in listed.findall("resource"):
            yield each, above + each.get("base", "")


def _is_page(path: str) -> bool:
    return _KINDS.get(PurePosixPath(path).suffix[1:].lower()) == "html5"


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}-{number}"


def _raw(item: Element, name: str) -> str:
    """A text for the content, with its spaces as they are."""
    found = item.find(name)
    return "" if found is None else (found.text or "")[:TEXT_CHARS_MAX]


def _joined(query: str, parameters: str) -> str:
    """What stands behind a path, with an item's parameters as the standard joins them (CAM 3.4.1.4)."""
    plain = parameters.lstrip("?&")[:TEXT_CHARS_MAX]
    if not plain:
        return query
    if plain.startswith("#"):
        return query if "#" in query else query + plain
    before, hash_, behind = query.partition("#")
    return f"{before}{'&' if '?' in before else '?'}{plain}{hash_}{behind}"
