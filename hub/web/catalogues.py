"""The catalogues of the pages as a librarian reads them: every text in a language, and a file for its translators.

A catalogue is read when one of these pages asks for it, and not kept: it is large, and few ask.
"""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import current_app

from hub import __version__, wordings
from hub.errors import NotFound
from hub.web.tongues import ENGLISH, Tongues, languages
from hub.wordings import Text

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

DOMAIN = "LC_MESSAGES/messages.mo"
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Line:
    """One text in one language: the program's words for it, and this hub's own ones (none where nothing is mended)."""

    key: str
    text: Text
    forms: tuple[str, ...]
    mended: tuple[str, ...]

    @property
    def said(self) -> tuple[str, ...]:
        """What pages say, in each form that the catalogue has now: one that nobody mended is the program's."""
        return (*self.mended, *self.forms[len(self.mended) :])[: len(self.forms)]

    def holds(self, words: str) -> bool:
        """Whether some words (in small letters) stand in it, in English or in the language."""
        return any(words in each.casefold() for each in (self.text.one, self.text.many, *self.forms, *self.mended))


def lines(language: str, mended: Mapping[str, tuple[str, ...]]) -> list[Line]:
    """Every text of the pages in a language, by the words of the English; those of values and signs alone are last."""
    found = [_line(language, *each, mended) for each in _entries(language)]
    return sorted(found, key=lambda line: _place(line.text.one))


def _place(text: str) -> tuple[bool, str, str]:
    words = " ".join(WORD.findall(wordings.VALUE.sub("", text))).casefold()
    return not words, words, text


def line(language: str, key: str, mended: Mapping[str, tuple[str, ...]]) -> Line:
    """The text with a key. Raises NotFound."""
    for one, many, forms in _entries(language):
        if wordings.key(one) == key:
            return _line(language, one, many, forms, mended)
    raise NotFound("There is no such text any more. Nothing was changed; look in the list.")


def as_po(language: str, hub: str, mended: Mapping[str, tuple[str, ...]]) -> bytes:
    """The mended wordings as a file for whoever looks after the translation; `msgmerge` and Babel read it."""
    from babel.messages.catalog import Catalog  # noqa: PLC0415 - few ask, and a hub at rest keeps the room
    from babel.messages.pofile import write_po  # noqa: PLC0415

    made = Catalog(
        locale=language,
        project="Mangrove",
        version=__version__,
        header_comment=f"# Wordings that were mended at {' '.join(hub.split())}.",
        last_translator=" ".join(hub.split()),
        language_team=language,
        revision_date=datetime.now(UTC),
        fuzzy=False,
    )
    made.mime_headers = [("Plural-Forms", _catalogue(language).plural_forms)]
    for each in lines(language, mended):
        if each.mended:
            made.add((each.text.one, each.text.many) if each.text.many else each.text.one, _strings(each))
    file = io.BytesIO()
    write_po(file, made, width=120, sort_output=True)
    return file.getvalue()


def _strings(each: Line) -> str | tuple[str, ...]:
    return each.said if each.text.many else each.said[0]


def _line(language: str, one: str, many: str, forms: tuple[str, ...], mended: Mapping[str, tuple[str, ...]]) -> Line:
    text = Text(one, many, len(forms))
    return Line(wordings.key(one), text, forms, mended.get(one, ()))


def _entries(language: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """English about one, English about many ("" where nothing is counted), and the words in the language.

    English has no catalogue of its own: its texts are those of any other.
    """
    others = [each for each in languages() if each != ENGLISH]
    for message in _catalogue(others[0] if others and language == ENGLISH else language):
        if not message.id:
            continue
        ids = (message.id, "") if isinstance(message.id, str) else tuple(message.id)
        strings = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        english = tuple(filter(None, ids))
        yield ids[0], ids[1], english if language == ENGLISH else strings


def _catalogue(language: str) -> "Catalog":
    """The catalogue of a language with its own rule for plurals, which another release of Babel may think otherwise of.

    English is empty, and counts as Babel does.
    """
    from babel.messages.catalog import Catalog  # noqa: PLC0415
    from babel.messages.mofile import read_mo  # noqa: PLC0415

    tongues: Tongues = current_app.extensions["tongues"]
    if language == ENGLISH:
        return Catalog(locale=ENGLISH)
    with (tongues.folder / language / DOMAIN).open("rb") as file:
        return read_mo(file)
