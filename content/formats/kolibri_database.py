"""The database of a Kolibri channel: one row for the channel, a tree of nodes, and which file plays what role.

It comes from outside, so it is opened read-only, never written beside, with triggers, views and clever schemas switched
off, and only plain tables are asked. Nodes stream by in the order of their tree; a channel may have tens of thousands.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

import apsw

from content.errors import N_, PackageDamaged
from content.limits import MIB
from content.refusals import ChannelMisnamed, ChannelNewer

SCHEMA_MAX = 5
"""The newest form of the tables that is read; Kolibri 0.19 writes it."""
TOPICS_MAX = 20_000
DEPTH_MAX = 16
VALUE_BYTES_MAX = 4 * MIB
"""One value: a thumbnail written as text is the longest that an honest channel has."""
STEPS_MAX, STEP = 2_000, 1_000_000
"""How many times so many of SQLite's own steps one database may take: a minute on a small machine."""
TEXT_MAX = 4_000

_HEX = re.compile(r"[0-9a-f]{32}")
_ENDING = re.compile(r"[a-z0-9]{1,10}")
_SETTINGS = {
    apsw.SQLITE_DBCONFIG_DEFENSIVE: 1,
    apsw.SQLITE_DBCONFIG_TRUSTED_SCHEMA: 0,
    apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER: 0,
    apsw.SQLITE_DBCONFIG_ENABLE_VIEW: 0,
    apsw.SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION: 0,
}
_TABLES = ("content_channelmetadata", "content_contentnode", "content_file")


@dataclass(frozen=True)
class Channel:
    """What a channel says of itself; `root` is the node that holds all others."""

    id: str
    name: str
    description: str
    author: str
    version: int
    thumbnail: str
    root: str
    language: str


@dataclass(frozen=True)
class Stored:
    """One file of a node: its MD5 and ending name it in the storage; `size` is None where the channel does not say."""

    md5: str
    ending: str
    size: int | None
    preset: str
    language: str
    is_thumbnail: bool

    @property
    def name(self) -> str:
        """Its name in the storage."""
        return f"{self.md5}.{self.ending}"


@dataclass(frozen=True)
class Node:
    """Something to open: where it stands in the tree, who made it, and its files, the first in rank first."""

    id: str
    content_id: str
    title: str
    description: str
    kind: str
    topic: str
    language: str
    licence: str
    owner: str
    author: str
    is_for_coaches: bool
    levels: tuple[str, ...]
    seconds: int
    files: tuple[Stored, ...]


@dataclass(frozen=True)
class Topic:
    """A folder of the tree; `parent` is "" at its root."""

    id: str
    title: str
    parent: str


class Database:
    """An open channel."""

    def __init__(self, connection: apsw.Connection, name: str) -> None:
        """Read the channel and its topics. Raises PackageDamaged, ChannelNewer."""
        self._connection, self._name = connection, name
        self._columns = {table: self._named(table) for table in (*_TABLES, "content_localfile", "content_license")}
        if not all(self._columns[table] for table in _TABLES):
            raise PackageDamaged(package=name, why=N_("its database is not that of a channel"))
        self.channel = self._channel()
        self.topics = {topic.id: topic for topic in self._topics()}

    def nodes(self) -> Iterator[Node]:
        """Everything to open, in the order of the tree."""
        rows = self._connection.execute(self._question())
        for _id, same in groupby(rows, key=lambda row: row[0]):
            if node := self._node(list(same)):
                yield node

    def way(self, topic: str) -> list[Topic] | None:
        """The topics from below the root down to one; None when they do not lead there."""
        way: list[Topic] = []
        while topic != self.channel.root:
            found = self.topics.get(topic)
            if found is None or len(way) >= DEPTH_MAX:
                return None
            way.append(found)
            topic = found.parent
        return way[::-1]

    def counts(self) -> dict[str, int]:
        """How many things each topic holds by itself, an exercise counted twice as it may become two."""
        asked = (
            "SELECT parent_id, sum(1 + (kind = 'exercise')) FROM content_contentnode WHERE kind <> 'topic' "
            "GROUP BY parent_id"
        )
        return {_hex(topic): int(count) for topic, count in self._connection.execute(asked)}

    def _named(self, table: str) -> frozenset[str]:
        """The columns of a plain table; none when it is something else, or not there."""
        asked = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 AND name = ?"
        if self._connection.execute(asked, (table,)).fetchone() is None:
            return frozenset()
        rows = self._connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
        return frozenset(str(name) for (name,) in rows)

    def _column(self, table: str, name: str, alias: str) -> str:
        """A column as it is asked for, NULL where this form of the tables does not have it."""
        return f"{alias}.{name}" if name in self._columns[table] else "NULL"

    def _channel(self) -> Channel:
        told = {name: self._column(_TABLES[0], name, "c") for name in ("min_schema_version", "root_id", "root_pk")}
        root = f"coalesce({told['root_id']}, {told['root_pk']})"
        asked = "c.id, c.name, c.description, c.author, c.version, c.thumbnail"
        query = f"SELECT {asked}, {root}, {told['min_schema_version']} FROM {_TABLES[0]} c LIMIT 2"  # noqa: S608
        rows = self._connection.execute(query).fetchall()
        if len(rows) != 1:
            raise PackageDamaged(package=self._name, why=N_("its database is not that of a channel"))
        *told_of, version, thumbnail, top, schema = rows[0]
        if isinstance(schema, str) and schema.isdecimal() and int(schema[:9]) > SCHEMA_MAX:
            raise ChannelNewer(package=self._name, found=schema[:9], limit=SCHEMA_MAX)
        name, description, author = (_text(each) for each in told_of[1:])
        number = version if isinstance(version, int) else 0
        picture = thumbnail if isinstance(thumbnail, str) else ""
        return Channel(_hex(told_of[0]), name, description, author, number, picture, _hex(top), self._language(top))

    def _language(self, root: Any) -> str:
        """The language of the root, else the one in which most things are."""
        asked = (
            "SELECT lang_id FROM content_contentnode WHERE lang_id IS NOT NULL "
            "GROUP BY lang_id ORDER BY max(id = ?) DESC, count(*) DESC LIMIT 1"
        )
        row = self._connection.execute(asked, (root,)).fetchone()
        return _text(row[0], 40) if row else ""

    def _topics(self) -> Iterator[Topic]:
        asked = "SELECT id, title, parent_id FROM content_contentnode WHERE kind = 'topic' ORDER BY lft, id LIMIT ?"
        for row in self._connection.execute(asked, (TOPICS_MAX,)):
            yield Topic(_hex(row[0]), _text(row[1], 200) or "–", _hex(row[2]))

    def _question(self) -> str:
        """One row for each file of each node, whatever form the tables have."""
        nodes, files, local = "content_contentnode", "content_file", "content_localfile"
        told = [self._column(nodes, name, "n") for name in ("coach_content", "grade_levels", "duration")]
        has_local = bool(self._columns[local])
        kept = ("l.id", "l.extension", "l.file_size") if has_local else ("f.checksum", "f.extension", "f.file_size")
        licence = self._column(nodes, "license_name", "n")
        joins = f" LEFT JOIN {local} l ON l.id = f.local_file_id" if has_local else ""
        if "license_id" in self._columns[nodes] and self._columns["content_license"]:
            licence, joins = "c.license_name", f"{joins} LEFT JOIN content_license c ON c.id = n.license_id"
        return (
            "SELECT n.id, n.content_id, n.title, n.description, n.kind, n.parent_id, n.lang_id, "  # noqa: S608
            f"{licence}, n.license_owner, n.author, {', '.join(told)}, "
            f"{', '.join(kept)}, f.preset, f.lang_id, f.thumbnail "
            f"FROM {nodes} n LEFT JOIN {files} f ON f.contentnode_id = n.id{joins} "
            "WHERE n.kind <> 'topic' ORDER BY n.lft, n.id, f.priority, f.id"
        )

    def _node(self, rows: list[Any]) -> Node | None:
        told = rows[0]
        name = _hex(told[0])
        if not name:
            return None
        kind = _text(told[4], 40)
        return Node(
            id=name,
            content_id=_hex(told[1]),
            title=_text(told[2], 300) or kind or "–",
            description=_text(told[3]),
            kind=kind,
            topic=_hex(told[5]),
            language=_text(told[6], 40),
            licence=_text(told[7], 200),
            owner=_text(told[8], 200),
            author=_text(told[9], 200),
            is_for_coaches=bool(told[10]),
            levels=tuple(filter(None, _text(told[11]).split(","))),
            seconds=told[12] if isinstance(told[12], int) else 0,
            files=tuple(_stored(row[13:]) for row in rows if _is_file(row[13:])),
        )


@contextmanager
def opened(path: Path) -> Iterator[Database]:
    """The database of a channel. Raises PackageDamaged, ChannelNewer, ChannelMisnamed."""
    try:
        # Immutable: SQLite makes no file beside it, and looks for none that somebody laid there.
        flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
        connection = apsw.Connection(f"file:{quote(str(path.absolute()))}?immutable=1", flags=flags)
        try:
            _make_safe(connection)
            if connection.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
                raise PackageDamaged(package=path.name, why=N_("its database is damaged"))
            database = Database(connection, path.name)
            if database.channel.id != path.stem:
                raise ChannelMisnamed(package=path.name, title=database.channel.name)
            yield database
        finally:
            connection.close()
    except apsw.Error as problem:
        raise PackageDamaged(package=path.name, why=N_("its database is damaged")) from problem


def _make_safe(connection: apsw.Connection) -> None:
    for setting, value in _SETTINGS.items():
        connection.config(setting, value)
    connection.limit(apsw.SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX)
    left = iter(range(STEPS_MAX))
    connection.set_progress_handler(lambda: next(left, None) is None, STEP)


def _is_file(row: Iterable[Any]) -> bool:
    """Whether a row names a file of the storage; anything else in its name would be a path to somewhere."""
    md5, ending, *_rest = row
    return bool(_hex(md5)) and isinstance(ending, str) and bool(_ENDING.fullmatch(ending))


def _stored(row: Any) -> Stored:
    md5, ending, size, preset, language, is_thumbnail = row
    known = size if isinstance(size, int) and size >= 0 else None
    return Stored(md5, ending, known, _text(preset, 60), _text(language, 40), bool(is_thumbnail))


def _hex(value: Any) -> str:
    return value if isinstance(value, str) and _HEX.fullmatch(value) else ""


def _text(value: Any, most: int = TEXT_MAX) -> str:
    """A text on one line; "" for what is none."""
    return " ".join(value[: 4 * most].split())[:most].strip() if isinstance(value, str) else ""
