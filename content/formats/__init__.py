"""The formats a package may come in: one module each, all alike.

A format module has `recognise(source) -> bool`, which looks at names and first bytes only and never raises
for what is inside, and `describe(source, limits) -> Draft`, which checks and names everything and copies
nothing.
"""

from pathlib import Path
from typing import Protocol

from content.draft import Draft
from content.errors import FormatUnknown, SourceMissing, SourceUnreadable
from content.formats import (
    aiken,
    audio,
    cartridge,
    cmi5,
    epub,
    exported,
    folder,
    gift,
    h5p,
    html5_zip,
    kolibri,
    moodle_xml,
    olx,
    pdf,
    pictures,
    qti2,
    qti12,
    qti_package,
    scorm,
    tincan,
    video,
    zim,
)
from content.limits import DEFAULT, Limits


class Format(Protocol):
    """What every module here offers."""

    def recognise(self, source: Path) -> bool:
        """Whether `source` looks like this format."""

    def describe(self, source: Path, limits: Limits) -> Draft:
        """Check and name everything, copy nothing. Raises a ContentError."""


FORMATS: tuple[Format, ...] = (
    *(kolibri, exported, folder, zim, epub, cartridge, olx, pictures, h5p),
    *(cmi5, scorm, tincan, qti_package, html5_zip),
    *(moodle_xml, qti12, qti2, aiken, gift),
    *(pdf, video, audio),
)
"""Asked in this order; the first that recognises the source describes it."""


def describe(source: Path, limits: Limits = DEFAULT) -> Draft:
    """Recognise and describe a package. The caller closes the draft.

    Raises SourceMissing, SourceUnreadable, FormatUnknown, or what the format found wrong.
    """
    try:
        if not source.exists() and not kolibri.recognise(source):
            raise SourceMissing(source=source)
        for each in FORMATS:
            if each.recognise(source):
                return each.describe(source, limits)
    except OSError as problem:
        raise SourceUnreadable(source=source, why=problem.strerror) from problem
    raise FormatUnknown(source=source.name)


def parts(source: Path) -> list[kolibri.Part]:
    """The packages that a source is taken as, when it holds several or one that is too large; else none.

    Raises SourceUnreadable, or what is wrong with it.
    """
    try:
        return kolibri.parts(source)
    except OSError as problem:
        raise SourceUnreadable(source=source, why=problem.strerror) from problem
