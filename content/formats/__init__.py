"""The formats a package may come in: one module each, all alike.

A format module has `recognise(source) -> bool`, which looks at names and first bytes only and never raises
for what is inside, and `describe(source, limits) -> Draft`, which checks and names everything and copies
nothing.
"""

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from content.draft import Draft
from content.errors import FormatUnknown, SourceEmpty, SourceMissing, SourceUnreadable
from content.formats.kolibri_folder import Part
from content.limits import DEFAULT, Limits
from content.refusals import FormatMisnamed

ORDER = (
    *("kolibri", "exported", "folder", "zim", "epub", "cartridge", "olx", "pictures", "h5p"),
    *("cmi5", "scorm", "tincan", "qti_package", "html5_zip"),
    *("moodle_xml", "qti12", "qti2", "aiken", "gift"),
    *("pdf", "video", "audio", "markdown"),
)
"""The modules, asked in this order; the first that recognises the source describes it."""
TOLD = (
    *(".pdf", ".epub", ".zim", ".h5p", ".imscc", ".zip"),
    *(".mp4", ".webm", ".mp3", ".ogg", ".m4a", ".wav"),
)
"""Endings of which it matters first that a file so called is something else."""


class Format(Protocol):
    """What every module here offers."""

    def recognise(self, source: Path) -> bool:
        """Whether `source` looks like this format."""

    def describe(self, source: Path, limits: Limits) -> Draft:
        """Check and name everything, copy nothing. Raises a ContentError."""


class Several(Protocol):
    """What the module offers whose sources may hold several packages."""

    def recognise(self, source: Path) -> bool:
        """Whether `source` looks like this format, also where it is a place inside a file."""

    def parts(self, source: Path) -> list[Part]:
        """The packages it is taken as; none when it is one. Raises a ContentError."""


@cache
def known() -> tuple[Format, ...]:
    """All formats in their order, loaded when the first thing comes in: a hub at rest keeps their room."""
    return tuple(cast(Format, _module(name)) for name in ORDER)


def describe(source: Path, limits: Limits = DEFAULT) -> Draft:
    """Recognise and describe a package. The caller closes the draft.

    Raises SourceMissing, SourceUnreadable, FormatUnknown, or what the format found wrong.
    """
    try:
        if not source.exists() and not _several().recognise(source):
            raise SourceMissing(source=source)
        for each in known():
            if each.recognise(source):
                return each.describe(source, limits)
        if source.is_file() and not source.stat().st_size:
            raise SourceEmpty(source=source.name)
        if source.is_file() and (ending := source.suffix.lower()) in TOLD:
            raise FormatMisnamed(source=source.name, ending=ending)
    except OSError as problem:
        raise SourceUnreadable(source=source, why=problem.strerror) from problem
    raise FormatUnknown(source=source.name)


def parts(source: Path) -> list[Part]:
    """The packages that a source is taken as, when it holds several or one that is too large; else none.

    Raises SourceUnreadable, or what is wrong with it.
    """
    try:
        return _several().parts(source)
    except OSError as problem:
        raise SourceUnreadable(source=source, why=problem.strerror) from problem


def _several() -> Several:
    return cast(Several, _module("kolibri"))


def _module(name: str) -> object:
    return import_module(f"{__name__}.{name}")
