"""A cmi5 course: a zip whose `cmi5.xml` names its parts, which report to the hub as the standard sets it out.

Each part becomes an item. The course structure comes along among the files: it is read again when a part is opened.
A course structure that comes alone has all of its parts on the internet. How a part runs is in `hub/learning/cmi5.py`.
"""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from content.archive import Archive, is_litter, is_zip, names, top_folder
from content.draft import Draft, Origin, head, read_small, whole_file
from content.errors import N_, PackageDamaged
from content.formats import cmi5_course
from content.formats.cmi5_course import NAME, NOTHING, Course, Unit
from content.formats.scorm import unfit
from content.limits import KIB, MIB, Limits
from content.naming import UNKNOWN_LANGUAGE, language_of, named_after, title_of
from content.package import Item, Manifest

FORMAT = "cmi5"
XML_BYTES_MAX = 8 * MIB
"""A course structure of five thousand parts stays under half of it."""
PEEK_BYTES = 4 * KIB
COURSES_REMEMBERED = 8
"""Courses kept read: every report of a part asks what its course wants."""
ALONE = N_("the files that it names are not in it")


def recognise(source: Path) -> bool:
    """Whether `source` is a zip with a course structure at its top, or a course structure alone."""
    if is_zip(source):
        inside = names(source)
        return top_folder(inside) + NAME in inside
    if source.suffix.lower() != ".xml" or not source.is_file():
        return False
    return b"<courseStructure" in head(source, PEEK_BYTES).replace(b"\0", b"")


def describe(source: Path, limits: Limits) -> Draft:
    """Describe a cmi5 course. Raises PackageDamaged, PackageUnsafe, PackageTooLarge and kin."""
    if not is_zip(source):
        raise _alone(source)
    archive = Archive(source, limits)
    with archive.kept_open():
        found = archive.below(top_folder(archive.origins))
        origins = {path: origin for path, origin in found.items() if not is_litter(path)}
        told = cmi5_course.course(_whole(origins[NAME], source.name), source.name)
        if not told.units:
            raise PackageDamaged(package=source.name, why=NOTHING)
        left_out = told.notes.left_out() + unfit(origins, source.name)
    return Draft(_manifest(source, told), MappingProxyType(origins), left_out=left_out, close=archive.close)


def course_of(manifest: Manifest, read: Callable[[str], bytes]) -> Course:
    """The course of a package on the shelf. Raises ContentError when it cannot be read any more."""
    return _loaded(read(NAME), manifest.title)


def unit_of(told: Course, item: str) -> Unit:
    """The part that an item stands for."""
    return next((each for each in told.units if each.id == item), told.units[0])


@lru_cache(maxsize=COURSES_REMEMBERED)
def _loaded(data: bytes, title: str) -> Course:
    """Reading is pure, so the same bytes need it once."""
    return cmi5_course.course(data, title)


def _alone(source: Path) -> PackageDamaged:
    """Why a course structure without its files is not taken: they are missing, or on the internet."""
    told = cmi5_course.course(_whole(whole_file(source), source.name), source.name)
    return PackageDamaged(package=source.name, why=ALONE if told.units else NOTHING)


def _manifest(source: Path, told: Course) -> Manifest:
    title = told.title[:200] or title_of(source)
    name = named_after(title, told.publisher)
    return Manifest(
        id=name,
        work=name,
        version=1,
        title=title,
        language=told.language or language_of(source) or UNKNOWN_LANGUAGE,
        items=tuple(Item(each.id, "cmi5", each.title or title, each.path) for each in told.units),
        files=MappingProxyType({}),
        source_format=FORMAT,
        summary=told.summary,
    )


def _whole(origin: Origin, package: str) -> bytes:
    return read_small(origin, path=NAME, package=package, limit=XML_BYTES_MAX)
