"""How a package stands in the catalogue: the tables, and a package put into them and taken out."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlite_utils import Database

from content import facets, spelling
from content.facets import FOR_ALL, suits
from content.fulltext import Passage
from content.package import Manifest, field_id
from content.search import TOKENIZER, VERSION, fold, indexed
from content.shapes import ALL_AGES

SCHEMA = 7
"""Counts up with every change of the tables."""

MARK = SCHEMA * 1_000 + VERSION
"""The version of a filled catalogue; of one that was made and not filled yet, the same below zero."""

_LISTS = ("audience", "sdg", "kinds", "shown")
TABLES = f"""
CREATE TABLE packages (
    id TEXT PRIMARY KEY, work TEXT, version INTEGER, title TEXT, summary TEXT, language TEXT, licence TEXT,
    author TEXT, reviewed_by TEXT, level TEXT, audience TEXT, sdg TEXT, kinds TEXT, minutes INTEGER, cover TEXT,
    items INTEGER, shown TEXT, size_bytes INTEGER, remote INTEGER, published TEXT, source_format TEXT, digest TEXT,
    sort TEXT, marks TEXT
);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY, package TEXT, item TEXT, path TEXT, language TEXT, marks TEXT, title TEXT,
    text TEXT
);
CREATE TABLE stretches (first INTEGER PRIMARY KEY, last INTEGER, marks TEXT);
CREATE TABLE shelved (package TEXT, collection TEXT, PRIMARY KEY (package, collection)) WITHOUT ROWID;
CREATE TABLE changed (number INTEGER);
INSERT INTO changed VALUES (abs(random() >> 1));
CREATE TABLE statements (
    competency TEXT, package TEXT, language TEXT, statement TEXT, PRIMARY KEY (competency, package)
) WITHOUT ROWID;
CREATE INDEX statements_package ON statements (package);
CREATE INDEX passages_package ON passages (package);
{spelling.TABLE}
CREATE VIRTUAL TABLE found USING fts5 (
    language, title, text, marks, content='passages', content_rowid='id', detail=full, prefix='2 3',
    tokenize="{TOKENIZER}"
);
PRAGMA user_version = {-MARK};
"""  # noqa: S608 - made of our own words


@dataclass(frozen=True)
class Row:
    """A package as the catalogue lists it. `items` and `remote` are counts, `minutes` those of all of it, `marks`
    those of `content.facets`; `shown` says how many of the items learners see, for each of
    `ALL_AGES`."""

    id: str
    work: str
    version: int
    title: str
    summary: str
    language: str
    licence: str
    author: str
    reviewed_by: str
    level: str
    audience: tuple[str, ...]
    sdg: tuple[str, ...]
    kinds: tuple[str, ...]
    minutes: int
    cover: str
    items: int
    shown: tuple[int, ...]
    size_bytes: int
    remote: int
    published: str
    source_format: str
    digest: str
    marks: tuple[str, ...]


def put_in(database: Database, manifest: Manifest, found: Sequence[Passage]) -> None:
    """Put a package in that does not stand there."""
    within = shelved(database, manifest.id).get(manifest.id, ())
    database.table("packages").insert(_row(manifest, within))
    last = database.execute("SELECT coalesce(max(id), 0) FROM passages").fetchone()[0]
    numbered = [{"id": number, **text} for number, text in enumerate(_texts(manifest, found, within), start=last + 1)]
    database.table("passages").insert_all(numbered)
    _remember(database, numbered)
    told = [
        [field_id(manifest, each.id), manifest.id, manifest.language, each.statement] for each in manifest.competencies
    ]
    database.conn.executemany("INSERT INTO statements VALUES (?, ?, ?, ?)", told)
    shown = [values for values in numbered if suits(tuple(values["marks"].split()), FOR_ALL)]
    spelling.keep(database.conn, (values[name] for values in shown for name in ("title", "text")))
    _note_change(database)


def take_out(database: Database, package: str) -> None:
    """Take a package out; in which collections it stands is known still, for when it comes again."""
    _forget(database, _passages(database, package))
    for table in ("passages", "statements"):
        database.table(table).delete_where("package = ?", [package])
    database.table("packages").delete_where("id = ?", [package])
    _note_change(database)


def shelved(database: Database, package: str = "") -> dict[str, tuple[str, ...]]:
    """Package → the collections that it stands in, as far as they were told; of one package when it is named."""
    where, values = ("package = ?", [package]) if package else (None, [])
    found: dict[str, tuple[str, ...]] = {}
    for row in database.table("shelved").rows_where(where, values, order_by="collection"):
        found[row["package"]] = (*found.get(row["package"], ()), row["collection"])
    return found


def put_on_shelves(database: Database, package: str, collections: Sequence[str]) -> None:
    """Tell in which collections a package stands, and mark its passages so; it need not be here."""
    database.table("shelved").delete_where("package = ?", [package])
    database.table("shelved").insert_all({"package": package, "collection": each} for each in collections)
    known = _passages(database, package)
    fresh = [{**row, "marks": _in_collections(row["marks"], collections)} for row in known]
    _forget(database, known)
    _remember(database, fresh)
    database.conn.executemany(
        "UPDATE passages SET marks = ? WHERE id = ?", [(row["marks"], row["id"]) for row in fresh]
    )
    for row in list(database.table("packages").rows_where("id = ?", [package])):
        database.table("packages").update(package, {"marks": _in_collections(row["marks"], collections)})
    _note_change(database)


def empty(database: Database) -> None:
    """Take all packages out, and forget their words."""
    database.conn.execute("INSERT INTO found (found) VALUES ('delete-all')")
    for table in ("passages", "packages", "spellings", "statements", "stretches"):
        database.conn.execute(f"DELETE FROM {table}")  # noqa: S608
    _note_change(database)


def as_row(values: dict[str, Any]) -> Row:
    """A row of `packages` as it is handed out."""
    kept = {name: value for name, value in values.items() if name != "sort"}
    lists = {name: tuple(json.loads(values[name])) for name in _LISTS}
    return Row(**kept | lists | {"marks": tuple(values["marks"].split())})


def _passages(database: Database, package: str) -> list[dict[str, Any]]:
    return list(database.table("passages").rows_where("package = ?", [package], order_by="id"))


def _remember(database: Database, passages: Sequence[dict[str, Any]]) -> None:
    """Put passages into the index, and where they lie together."""
    insert = "INSERT INTO found (rowid, language, title, text, marks) VALUES (?, ?, ?, ?, ?)"
    database.conn.executemany(insert, (_indexed(values) for values in passages))
    database.conn.executemany("INSERT INTO stretches VALUES (?, ?, ?)", _stretches(passages))


def _forget(database: Database, passages: Sequence[dict[str, Any]]) -> None:
    """Take passages out of the index. FTS5 with external content must be told exactly what it was given."""
    forget = "INSERT INTO found (found, rowid, language, title, text, marks) VALUES ('delete', ?, ?, ?, ?, ?)"
    database.conn.executemany(forget, (_indexed(values) for values in passages))
    database.conn.executemany("DELETE FROM stretches WHERE first = ?", [[row[0]] for row in _stretches(passages)])


def _in_collections(marks: str, collections: Sequence[str]) -> str:
    return " ".join(facets.in_collections(marks.split(), collections))


def _row(manifest: Manifest, within: Sequence[str]) -> dict[str, Any]:
    """A manifest as a row of `packages`."""
    told = ("id", "work", "version", "title", "summary", "language", "licence", "author", "reviewed_by", "level")
    return {name: getattr(manifest, name) for name in (*told, "published", "source_format", "size_bytes")} | {
        "audience": json.dumps(manifest.audience),
        "sdg": json.dumps(manifest.sdg),
        "kinds": json.dumps(list(dict.fromkeys(item.kind for item in manifest.items))),
        "minutes": manifest.minutes_told,
        "cover": manifest.cover,
        "items": len(manifest.items),
        "shown": json.dumps([len(manifest.shown_from(age).items) for age in ALL_AGES]),
        "remote": len(manifest.remote),
        "digest": manifest.digest,
        "sort": fold(manifest.title),
        "marks": " ".join(facets.in_collections(facets.of_package(manifest), within)),
    }


def _texts(manifest: Manifest, found: Sequence[Passage], within: Sequence[str]) -> list[dict[str, Any]]:
    about = {"package": manifest.id, "language": manifest.language}
    whole = " ".join(facets.in_collections(facets.of_package(manifest), within))
    marks = {
        item.id: " ".join(facets.in_collections(facets.of_item(manifest, item), within)) for item in manifest.items
    }
    return [{**vars(passage), **about, "marks": marks.get(passage.item, whole)} for passage in found]


def _stretches(passages: Iterable[dict[str, Any]]) -> list[tuple[int, int, str]]:
    """First and last number of passages that lie together and have the same marks."""
    found: list[tuple[int, int, str]] = []
    for marks, together in groupby(passages, key=lambda values: values["marks"]):
        numbers = [values["id"] for values in together]
        found.append((numbers[0], numbers[-1], marks))
    return found


def _note_change(database: Database) -> None:
    database.conn.execute("UPDATE changed SET number = number + 1")


def _indexed(values: dict[str, Any]) -> tuple[int, str, str, str, str]:
    marks = " ".join(facets.tokens(values["marks"].split()))
    return values["id"], indexed(values["language"]), indexed(values["title"]), indexed(values["text"]), marks
