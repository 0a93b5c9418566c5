"""Reading the words of one PDF: a process of its own, `python -m content.pdf_reading SOURCE OUT`.

A PDF from outside may be a trap, so it is opened where nothing else is: within limits of memory, time and size, behind
everybody else who wants the processor. OUT gets one line of JSON for each page, in order and at once, so that what
was read stays when a later page is too much. The exit status is 0 when all pages were read, PART when some were not.
"""

import json
import re
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from pypdf import PageObject, PdfReader, _utils

from content.confined import confine
from content.limits import MIB
from content.texts import PAGE_CHARS_MAX, PAGES_MAX, PART

MEMORY_BYTES = 512 * MIB
"""Of addresses, not of memory."""
WORK_S = 120
WRITTEN_BYTES = 16 * MIB

_FORMS = re.compile("[\ufb00-\ufdff\ufe70-\ufefc]+")
"""Ligatures, and Arabic letters by their place in the word: how a PDF draws them, not how anybody writes them."""
_ARABIC_NUMBERS = (("\u0660", "\u0669"), ("\u06f0", "\u06f9"))
_GLUED = re.compile("(?<=[\u0620-\u065f])(?=\\d)|(?<=\\d)(?=[\u0620-\u065f])")
"""Where an Arabic word and a number touch: on the page there is room between them."""


def main(source: Path, out: Path) -> int:
    """Write the words of the pages of `source` into `out`."""
    limit()
    _read_numbers_from_left()
    try:
        with source.open("rb") as file, out.open("w", encoding="utf-8") as lines:
            pages = PdfReader(file).pages
            count = len(pages)
            read = [_keep(pages, number, lines) for number in range(min(count, PAGES_MAX))]
    except Exception:  # noqa: BLE001 - whatever a broken file makes the library say
        return 1
    return 0 if all(read) and count <= PAGES_MAX else PART


def _keep(pages: Sequence[PageObject], number: int, lines: TextIO) -> bool:
    """Write the words of one page; of one that cannot be read there are none, and the next has its turn."""
    try:
        words, is_read = _words(pages[number].extract_text()), True
    except Exception:  # noqa: BLE001 - one broken page
        words, is_read = "", False
    lines.write(json.dumps(words) + "\n")
    lines.flush()
    return is_read


def limit() -> None:
    """Take what one PDF may need, and no more."""
    confine(memory_bytes=MEMORY_BYTES, work_s=WORK_S, written_bytes=WRITTEN_BYTES)


def _read_numbers_from_left() -> None:
    """Let Arabic digits be read as others are; pypdf 7.1 turns them round where they stand behind Arabic words."""
    apart = (("\u0590", "\u065f"), ("\u066a", "\u06ef"), ("\u06fa", "\u08ff"))
    neutral = [
        each
        for each in _utils.NEUTRAL_CHARACTER_RANGES
        if not any(each[0] <= first <= each[1] for first, _ in _ARABIC_NUMBERS)
    ]
    others = _utils.RTL_CHARACTER_RANGES[1:]
    vars(_utils).update(RTL_CHARACTER_RANGES=(*apart, *others), NEUTRAL_CHARACTER_RANGES=tuple(neutral))


def _words(text: str) -> str:
    """A page's text as people write it; lone surrogates, which no text may hold, are left out."""
    written = _FORMS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return " ".join(_GLUED.sub(" ", written).encode(errors="ignore").decode().split())[:PAGE_CHARS_MAX]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
