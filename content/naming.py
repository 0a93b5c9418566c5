"""Names for packages that bring none: an id, a title and a language out of the name of a file."""

import hashlib
import re
import unicodedata
from pathlib import Path

from content.package import is_language
from content.search import fold

SLUG_CHARS_MAX = 48
"""Letters of an id taken from a name; with a hash behind it an id stays under its limit of 80."""

ID_HASH_DIGITS = 8
"""Of the hash behind an id: enough that two publishers with one title are two."""

UNKNOWN_LANGUAGE = "und"
"""The code of ISO 639-2 for a language that nobody told."""

_LANGUAGE_CHARS_MAX = 6
"""`film.pt-BR.mp4` names a language; `notes.final.pdf` does not, since longer endings are words."""


def slug(name: str) -> str:
    """An id made of `name`; of a hash when the name has no Latin letter or digit."""
    latin = unicodedata.normalize("NFD", fold(name)).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^a-z0-9]+", "-", latin)[:SLUG_CHARS_MAX].strip("-")
    return plain or "p" + hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:8]


def named_after(title: str, publisher: str) -> str:
    """An id made of a title and of the name that its publisher gives it: the same for each edition."""
    return f"{slug(title)}-{hashlib.sha256(publisher.encode()).hexdigest()[:ID_HASH_DIGITS]}"


def title_of(path: Path) -> str:
    """A title a person can read from the name of a file: without ending, language and low lines."""
    stem, _ = _split(path)
    return re.sub(r"[_\s]+", " ", stem).strip()[:200] or path.name


def language_of(path: Path) -> str:
    """The language that a name such as `water.fr.pdf` tells, or "und"."""
    return _split(path)[1]


def _split(path: Path) -> tuple[str, str]:
    stem, dot, ending = path.stem.rpartition(".")
    if dot and stem and len(ending) <= _LANGUAGE_CHARS_MAX and ending[:2].islower() and is_language(ending):
        return stem, ending
    return path.stem, UNKNOWN_LANGUAGE
