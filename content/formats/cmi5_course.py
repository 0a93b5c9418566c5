"""The course structure of a cmi5 package, `cmi5.xml`: its blocks and assignable units in their order (cmi5, 13).

What the standard wants refused is refused: words in another order than its schema has, ids that are no whole
addresses or stand twice, addresses that are none or hold a word that the hub itself puts there.
"""

import re
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.etree.ElementTree import Element

from content.errors import N_, PackageDamaged, PackageTooLarge, PackageUnsafe
from content.formats.asked import Notes
from content.formats.trees import said, tree
from content.naming import slug
from content.package import is_language
from content.paths import inside

NAME = "cmi5.xml"
UNITS_MAX = 5_000
"""Assignable units of one course; the standard asks for more than a thousand."""
TITLE_CHARS_MAX = 300
TEXT_CHARS_MAX = 4_096
OURS = frozenset({"endpoint", "fetch", "actor", "registration", "activityId"})
"""Words that the hub puts into the address of a unit (8.1)."""
MOVE_ON = ("NotApplicable", "Passed", "Completed", "CompletedAndPassed", "CompletedOrPassed")
METHODS = ("AnyWindow", "OwnWindow")

AWAY = N_("parts that lie on the internet are left out")
WRONG = N_("its course structure is not written as cmi5 asks")
NO_IRI = N_("a name in its course structure is no whole address")
TWICE = N_("a name stands twice in its course structure")
NO_URL = N_("an address in its course structure is not written as addresses are")
TAKEN = N_("an address in its course structure has a word that the hub itself puts there")
NOTHING = N_("none of its parts can be opened here")
LEADS_OUT = N_("its name leads out of the package")

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+")
_URL = re.compile(r"[^\s<>\"{}|\\^`\x00-\x20]+")
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_ORDER = {
    "courseStructure": re.compile(r"course (objectives )?((au|block) )+"),
    "course": re.compile(r"title description "),
    "objectives": re.compile(r"(objective )+"),
    "objective": re.compile(r"(title description |description title )?"),
    "block": re.compile(r"title description (objectives )?((au|block) )+"),
    "au": re.compile(r"title description (objectives )?url (launchParameters )?(entitlementKey )?"),
    "title": re.compile(r"(langstring )+"),
    "description": re.compile(r"(langstring )+"),
}
"""Element → the words that may stand in it, in their order; words of others may stand between (13.1.5)."""
_KNOWN = frozenset({*_ORDER, "langstring", "url", "launchParameters", "entitlementKey"})


@dataclass(frozen=True)
class Block:
    """A part with parts in it; `publisher` is its name in the course structure."""

    publisher: str
    title: str


@dataclass(frozen=True)
class Unit:
    """One assignable unit. `id` is its name in our package, `publisher` that in the course structure.

    `query` stands behind its path in the address, `blocks` are the names of the blocks around it, outermost first;
    `mastery` is the score to reach (0 to 1), None for none.
    """

    id: str
    publisher: str
    title: str
    path: str
    query: str
    blocks: tuple[str, ...]
    move_on: str
    mastery: float | None
    is_apart: bool
    launch_parameters: str
    entitlement_key: str


@dataclass(frozen=True)
class Course:
    """What a course structure says; `notes` is what of it does not come along."""

    publisher: str
    title: str
    summary: str
    language: str
    blocks: tuple[Block, ...]
    units: tuple[Unit, ...]
    notes: Notes


def course(data: bytes, package: str) -> Course:
    """Read a course structure. Raises PackageDamaged, PackageTooLarge, PackageUnsafe."""
    root = tree(data, package)
    reader = _Reader(package)
    if root.tag != "courseStructure":
        raise PackageDamaged(package=package, why=WRONG)
    reader.check(root)
    about = root.find("course")
    assert about is not None
    spoken = next((each.get("lang", "") for each in about.iter("langstring") if is_language(each.get("lang", ""))), "")
    reader.language = spoken
    reader.walk(root, "", ())
    return Course(
        publisher=about.get("id", "").strip(),
        title=reader.text(about.find("title"))[:TITLE_CHARS_MAX],
        summary=reader.text(about.find("description"))[:TEXT_CHARS_MAX],
        language=spoken,
        blocks=tuple(reader.blocks),
        units=tuple(reader.units),
        notes=reader.notes,
    )


class _Reader:
    """Goes through a course structure and gathers its parts; `number` counts the units."""

    def __init__(self, package: str) -> None:
        self.blocks: list[Block] = []
        self.units: list[Unit] = []
        self.notes = Notes()
        self.language = ""
        self._package = package
        self._number = 0
        self._taken: set[str] = set()

    def check(self, root: Element) -> None:
        """Raise PackageDamaged for what the schema or the rules about names do not let stand."""
        seen: set[tuple[str, str]] = set()
        for element in root.iter():
            pattern = _ORDER.get(element.tag)
            words = "".join(f"{each.tag} " for each in element if each.tag in _KNOWN)
            if pattern is not None and not pattern.fullmatch(words):
                self._refuse(WRONG)
            if element.tag in ("course", "block", "au") or (element.tag == "objective" and "id" in element.attrib):
                self._check_name(element, seen)
        for objective in root.iterfind("objectives/objective"):
            if "id" not in objective.attrib or objective.find("title") is None:
                self._refuse(WRONG)

    def walk(self, element: Element, title: str, blocks: tuple[str, ...]) -> None:
        """Take what is in a block, or in the whole; `title` is the block's, `blocks` are those around."""
        for each in element:
            if each.tag == "au":
                self._take(each, title, blocks)
            elif each.tag == "block":
                block = Block(each.get("id", "").strip(), self.text(each.find("title")))
                self.blocks.append(block)
                self.walk(each, block.title, (*blocks, block.publisher))

    def text(self, element: Element | None) -> str:
        """A text in the language of the course, else the first of its languages."""
        spoken = [] if element is None else element.findall("langstring")
        chosen = next((each for each in spoken if each.get("lang", "") == self.language), spoken[0] if spoken else None)
        return said(chosen)

    def _check_name(self, element: Element, seen: set[tuple[str, str]]) -> None:
        name = element.get("id", "").strip()
        if not _IRI.fullmatch(name):
            self._refuse(NO_IRI)
        if (element.tag, name) in seen:
            self._refuse(TWICE)
        seen.add((element.tag, name))

    def _take(self, element: Element, above: str, blocks: tuple[str, ...]) -> None:
        self._number += 1
        if self._number > UNITS_MAX:
            found = f"{self._number} or more"
            raise PackageTooLarge(package=self._package, what=N_("its number of parts"), found=found, limit=UNITS_MAX)
        path, query = self._target(said(element.find("url")))
        method, move_on = element.get("launchMethod", METHODS[0]), element.get("moveOn", MOVE_ON[0])
        if method not in METHODS or move_on not in MOVE_ON:
            self._refuse(WRONG)
        mastery = self._mastery(element.get("masteryScore", ""))
        if not path:
            self.notes.add(AWAY, self._number)
            return
        title = self.text(element.find("title"))
        publisher = element.get("id", "").strip()
        self.units.append(
            Unit(
                id=self._named(publisher),
                publisher=publisher,
                title=(f"{above} – {title}" if above else title)[:TITLE_CHARS_MAX],
                path=path,
                query=query,
                blocks=blocks,
                move_on=move_on,
                mastery=mastery,
                is_apart=method == METHODS[1],
                launch_parameters=_raw(element, "launchParameters"),
                entitlement_key=_raw(element, "entitlementKey"),
            )
        )

    def _target(self, url: str) -> tuple[str, str]:
        """The path inside the package and what stands behind it; no path for what lies on the internet."""
        if not _URL.fullmatch(url):
            self._refuse(NO_URL)
        try:
            parts = urlsplit(url)
        except ValueError:
            self._refuse(NO_URL)
        if not OURS.isdisjoint(name for name, _ in parse_qsl(parts.query, keep_blank_values=True)):
            self._refuse(TAKEN)
        if parts.scheme or parts.netloc:
            return "", ""
        path = inside("", unquote(parts.path))
        if path is None:
            raise PackageUnsafe(package=self._package, path=repr(parts.path[:120]), why=LEADS_OUT)
        return path, (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")

    def _mastery(self, text: str) -> float | None:
        plain = text.strip()
        if not plain:
            return None
        if not _DECIMAL.fullmatch(plain) or not 0 <= float(plain) <= 1:
            self._refuse(WRONG)
        return float(plain)

    def _named(self, publisher: str) -> str:
        """An id for our package out of the end of a name, the same each time the structure is read."""
        plain = slug(re.split(r"[/:#?=]", publisher.rstrip("/"))[-1])
        name, number = plain, 1
        while name in self._taken:
            number += 1
            name = f"{plain}-{number}"
        self._taken.add(name)
        return name

    def _refuse(self, why: str) -> NoReturn:
        raise PackageDamaged(package=self._package, why=why)


def _raw(element: Element, name: str) -> str:
    found = element.find(name)
    return "" if found is None else "".join(found.itertext()).strip()[:TEXT_CHARS_MAX]
