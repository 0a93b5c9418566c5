"""Looking up in the index of statements: the numbers of names, the places of ids; see `hub.tables.compact`."""

from collections.abc import Iterable, Iterator
from typing import Any

from hub.tables import Tables, among
from hub.tables.compact import is_id, packed, unpacked

NOBODY = -1
"""The number of a name that no statement holds."""


def known(tables: Tables, names: Iterable[str]) -> dict[str, int]:
    """The numbers of those names that have one."""
    return dict(among(tables, "SELECT text, no FROM statement_name WHERE text IN ({})", names))


def numbers(tables: Tables, *names: str) -> list[int]:
    """The number of each of these names, NOBODY for one that has none."""
    found = known(tables, names)
    return [found.get(name, NOBODY) for name in names]


def among_ids(tables: Tables, sql: str, ids: Iterable[str], *before: Any) -> Iterator[Any]:
    """The rows of a SELECT whose one `IN ({})` stands for these ids of statements; see `hub.tables.among`."""
    return among(tables, sql, (packed(tables.database, each) for each in ids), *before, array="CAST(? AS UUID[])")


def places(tables: Tables, ids: Iterable[str]) -> dict[str, tuple[str, int]]:
    """Where the entries of those of these statements lie that are here: stream and number. Ids in small letters."""
    asked = (
        "SELECT r.id, s.text, r.seq FROM statement_row r JOIN statement_name s ON s.no = r.stream WHERE r.id IN ({})"
    )
    found = among_ids(tables, asked, filter(is_id, ids))
    return {unpacked(row[0]): (row[1], row[2]) for row in found}
