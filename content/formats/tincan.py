"""An xAPI package ("Tin Can"): a zip whose `tincan.xml` names the activities in it and the page that starts each.

Each activity with a page becomes an item, started with the words in its address that authoring tools read.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from content.archive import Archive, is_litter, is_zip, names, top_folder
from content.draft import Draft, read_small
from content.errors import N_, PackageDamaged, PackageTooLarge, PackageUnsafe
from content.formats.asked import Notes
from content.formats.cmi5_course import AWAY, LEADS_OUT, NOTHING, TEXT_CHARS_MAX, TITLE_CHARS_MAX
from content.formats.scorm import unfit
from content.formats.trees import said, tree
from content.limits import MIB, Limits
from content.naming import UNKNOWN_LANGUAGE, language_of, named_after, slug, title_of
from content.package import Item, Manifest, is_language
from content.paths import inside

NAME = "tincan.xml"
FORMAT = "tincan"
XML_BYTES_MAX = 8 * MIB
PARTS_MAX = 1_000


class Part(NamedTuple):
    """One activity with a page; `query` stands behind its path in the address."""

    id: str
    title: str
    path: str
    query: str


class _Told(NamedTuple):
    """What the file says: the first activity stands for the whole."""

    publisher: str
    title: str
    summary: str
    language: str
    parts: tuple[Part, ...]
    notes: Notes


def recognise(source: Path) -> bool:
    """Whether `source` is a zip with a `tincan.xml` at its top."""
    if not is_zip(source):
        return False
    inside_it = names(source)
    return top_folder(inside_it) + NAME in inside_it


def describe(source: Path, limits: Limits) -> Draft:
    """Describe an xAPI package. Raises PackageDamaged, PackageUnsafe, PackageTooLarge and kin."""
    archive = Archive(source, limits)
    with archive.kept_open():
        found = archive.below(top_folder(archive.origins))
        origins = {path: origin for path, origin in found.items() if not is_litter(path)}
        data = read_small(origins[NAME], path=NAME, package=source.name, limit=XML_BYTES_MAX)
        told = _read(data, source.name)
        left_out = told.notes.left_out() + unfit(origins, source.name)
    return Draft(_manifest(source, told), MappingProxyType(origins), left_out=left_out, close=archive.close)


def query_of(manifest: Manifest, item: str, read: Callable[[str], bytes]) -> str:
    """What stands behind the path of an item in its address. Raises ContentError."""
    return next((each.query for each in _read(read(NAME), manifest.title).parts if each.id == item), "")


def _read(data: bytes, package: str) -> _Told:
    root = tree(data, package)
    activities = root.findall("activities/activity")
    if root.tag != "tincan" or not activities:
        raise PackageDamaged(package=package, why=N_("it names no activity"))
    if len(activities) > PARTS_MAX:
        found = len(activities)
        raise PackageTooLarge(package=package, what=N_("its number of parts"), found=found, limit=PARTS_MAX)
    notes = Notes()
    parts = tuple(_parts(activities, package, notes))
    if not parts:
        raise PackageDamaged(package=package, why=NOTHING)
    first = activities[0]
    title, summary = said(first.find("name"))[:TITLE_CHARS_MAX], said(first.find("description"))[:TEXT_CHARS_MAX]
    return _Told(first.get("id", ""), title, summary, _language(first), parts, notes)


def _parts(activities: list[Element], package: str, notes: Notes) -> Iterator[Part]:
    taken: set[str] = set()
    for number, each in enumerate(activities, start=1):
        if each.find("launch") is None:
            continue
        try:
            parts = urlsplit(said(each.find("launch")).replace("\\", "/"))
        except ValueError:
            raise PackageDamaged(package=package, why=N_("a part of it leads nowhere")) from None
        if parts.scheme or parts.netloc:
            notes.add(AWAY, number)
            continue
        path = inside("", unquote(parts.path))
        if path is None:
            raise PackageUnsafe(package=package, path=repr(parts.path[:120]), why=LEADS_OUT)
        query = (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
        name = slug(each.get("id", "").rstrip("/").rpartition("/")[2] or "item")
        if name in taken:
            name = f"{name}-{number}"
        taken.add(name)
        yield Part(name, said(each.find("name"))[:TITLE_CHARS_MAX], path, query)


def _language(element: Element) -> str:
    for name in ("name", "launch", "description"):
        found = element.find(name)
        told = "" if found is None else found.get("lang", "")
        if is_language(told):
            return told
    return ""


def _manifest(source: Path, told: _Told) -> Manifest:
    title = told.title[:200] or title_of(source)
    name = named_after(title, told.publisher)
    return Manifest(
        id=name,
        work=name,
        version=1,
        title=title,
        language=told.language or language_of(source) or UNKNOWN_LANGUAGE,
        items=tuple(Item(each.id, "tincan", each.title or title, each.path) for each in told.parts),
        files=MappingProxyType({}),
        source_format=FORMAT,
        summary=told.summary,
    )
