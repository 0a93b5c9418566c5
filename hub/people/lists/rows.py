"""Read a CSV that people made by hand or another program wrote: with limits, and a sentence for what is wrong."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from content.errors import N_
from hub.errors import InputWrong

BYTES_MAX = 8 * 1024 * 1024
"""A register of 20,000 people has two."""
ROWS_MAX = 20_000
CELL_MAX = 2_000
"""Letters in a cell; OneRoster's longest are lists of numbers."""
CSV_WRONG = N_("%(file)s line %(line)s: %(why)s. Nothing was changed.")
MARKS = ",;\t"
"""What parts cells; spreadsheets of many countries write semicolons."""


def read(name: str, data: bytes) -> tuple[list[str], Iterator[tuple[str, dict[str, str]]]]:
    """The columns of a CSV, and its rows as (place, cells by column). Raises InputWrong when it is not one.

    Columns are lower case, cells without spaces around; empty rows are passed over.
    """
    if len(data) > BYTES_MAX:
        raise InputWrong(
            "%(file)s has over %(most)s MB. Nothing was changed; part it in several files.",
            file=name,
            most=BYTES_MAX // 2**20,
        )
    text = _text(name, data)
    heading = text.splitlines()[0] if text.strip() else ""
    mark = max(MARKS, key=heading.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    columns = [cell.strip().casefold() for cell in _next(name, lines)]
    if len(set(columns)) != len(columns) or not any(columns):
        raise InputWrong(
            "%(file)s needs a first row that names its columns, each once. Nothing was changed.", file=name
        )
    return columns, _rows(name, columns, lines)


def _text(name: str, data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputWrong(
            "%(file)s is not text in UTF-8. Nothing was changed; save it as 'CSV UTF-8'.", file=name
        ) from None
    if "\x00" in text:
        raise InputWrong("%(file)s is not a text file. Nothing was changed; save it as 'CSV UTF-8'.", file=name)
    return text


def _rows(name: str, columns: list[str], lines: Any) -> Iterator[tuple[str, dict[str, str]]]:
    count = 0
    while True:
        try:
            cells = [cell.strip() for cell in next(lines)]
        except StopIteration:
            return
        except csv.Error as mistake:
            raise InputWrong(CSV_WRONG, file=name, line=lines.line_num, why=mistake) from None
        if not any(cells):
            continue
        count += 1
        at = f"{name} line {lines.line_num}"
        if count > ROWS_MAX:
            raise InputWrong(
                "%(file)s has more than %(most)s rows. Nothing was changed; part it in several files.",
                file=name,
                most=ROWS_MAX,
            )
        if len(cells) > len(columns) or max(map(len, cells)) > CELL_MAX:
            raise InputWrong(
                "%(at)s has more cells than the first row, or a very long one. Nothing was changed.", at=at
            )
        yield at, dict(zip(columns, cells + [""] * (len(columns) - len(cells)), strict=True))


def _next(name: str, lines: Iterator[list[str]]) -> list[str]:
    try:
        return next(lines)
    except StopIteration:
        raise InputWrong("%(file)s is empty. Nothing was changed.", file=name) from None
    except csv.Error as mistake:
        raise InputWrong(CSV_WRONG, file=name, line=1, why=mistake) from None
