"""The parts in which a region keeps the record on PostgreSQL, and moving one to another server (`postgres_fdw`).

All that a hub has in the journal lies in one part. A part that was moved is a foreign table here: reading and writing
go on through this database, which also says how far each hub's lines go. A move is one transaction; what the other
server kept of one that was cut is written anew by the next.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from hub.database import MISTAKES, Database, close_database, open_database
from hub.errors import DatabaseUnreachable, InputWrong
from hub.node import Node
from hub.postgresql import PostgresDatabase
from sync import schema
from sync.store import ON_LINES

OPTIONS = (("fetch_size", "1000"), ("batch_size", "100"), ("keep_connections", "on"), ("async_capable", "off"))
"""How this database speaks with the others."""
ALIVE = (("connect_timeout", "10"), ("keepalives_idle", "10"), ("keepalives_interval", "5"), ("keepalives_count", "3"))
"""A server that went silent is given up within half a minute, so that nobody waits for it longer."""


@dataclass(frozen=True)
class Part:
    """One part: its number, the server that has it ("" for this database), and how many hubs and streams are in it.

    `is_home` is the part of this hub's own records, which stays here.
    """

    number: int
    server: str
    hubs: int
    streams: int
    is_home: bool


def parts(node: Node) -> list[Part]:
    """All parts, in order; none where the record is in one piece. No other server is asked for this."""
    database = node.database
    if not isinstance(database, PostgresDatabase):
        return []
    servers, home = _servers(database), _number_of(database, node.identity.hub_id, len(_servers(database)))
    held: dict[int, list[int]] = {}
    for hub, count in database.execute_sql("SELECT hub, count(*) FROM journal_stream GROUP BY hub").fetchall():
        held.setdefault(_number_of(database, hub, len(servers)), []).append(count)
    return [
        Part(number, server, len(held.get(number, ())), sum(held.get(number, ())), number == home)
        for number, server in enumerate(servers)
    ]


def move(node: Node, *, numbers: Iterable[int], to: str) -> list[Part]:
    """Move parts to the database at the address `to`, or back into this one where that is ""; returns them.

    The hub goes on meanwhile and waits only with writing. Safe to repeat. Raises InputWrong or DatabaseUnreachable;
    the parts that had been moved by then stay moved, and the others stay where they were.
    """
    database, wanted = node.database, sorted(set(numbers))
    if not isinstance(database, PostgresDatabase):
        raise InputWrong(
            "The record is in one piece here. Parts are for a region that keeps it on PostgreSQL; nothing was changed."
        )
    standing = {part.number: part for part in parts(node)}
    if not wanted or not set(wanted) <= set(standing):
        last = len(standing) - 1
        raise InputWrong("The parts are numbered 0 to %(last)d. Nothing was moved; look at them again.", last=last)
    if to and any(standing[number].is_home for number in wanted):
        raise InputWrong(
            "The part with this hub's own records stays here, so that the hub works while another server is away."
            " Nothing was moved; leave that one out."
        )
    if not to:
        for number in wanted:
            node.writer.write(partial(_bring_home, database, number), within_s=None)
    else:
        _move_all(node, database, wanted, to)
    return [part for part in parts(node) if part.number in wanted]


def _move_all(node: Node, database: PostgresDatabase, wanted: Sequence[int], to: str) -> None:
    server = _server_name(to)
    there = open_database(to, node.home)
    try:
        _claim(there, node.identity.hub_id)
        node.write(partial(_introduce, database, server, to))
        servers = _servers(database)
        for number in wanted:
            if servers[number] != server:
                _make_room(there, number)
                node.writer.write(partial(_send, database, number, server), within_s=None)
    except MISTAKES as mistake:
        why = str(mistake).strip().split("\n", 1)[0]
        raise DatabaseUnreachable(
            f"The other server did not take the part ({why}). Nothing of it was moved; what stood here is safe."
            " Look at that server and say it again."
        ) from None
    finally:
        close_database(there)


def _server_name(url: str) -> str:
    """What a server is called here: made of its address, so that the same one is always called the same."""
    asked = urlsplit(url)
    words = f"{asked.hostname or dict(parse_qsl(asked.query)).get('host', 'here')}_{asked.port or 5432}{asked.path}"
    return "at_" + "".join(letter if letter.isalnum() and letter.isascii() else "_" for letter in words.lower())[:60]


def _claim(there: Database, hub: str) -> None:
    """Say on the other server whose region this is. Raises InputWrong when it is another's."""
    if not isinstance(there, PostgresDatabase):
        raise InputWrong("Parts move to a postgresql:// address. Nothing was moved.")
    with there.atomic():
        there.execute_sql("CREATE TABLE IF NOT EXISTS mangrove_region (hub TEXT PRIMARY KEY)")
        known = [name for (name,) in there.execute_sql("SELECT hub FROM mangrove_region").fetchall()]
        if there.table_exists("journal_stream") or known not in ([], [hub]):
            raise InputWrong(
                "That database has records of its own, or parts of another region. Nothing was moved; make an empty"
                " one there and name that."
            )
        if not known:
            there.execute_sql("INSERT INTO mangrove_region (hub) VALUES (%s)", (hub,))


def _introduce(database: PostgresDatabase, server: str, url: str) -> None:
    """Tell this database where the other server is and as whom to speak with it."""
    asked = urlsplit(url)
    more = dict(parse_qsl(asked.query))
    where = {
        "host": asked.hostname or more.pop("host", ""),
        "port": str(asked.port or more.pop("port", "")),
        "dbname": asked.path.lstrip("/"),
        **{name: value for name, value in more.items() if name.startswith("ssl")},
    }
    who = {"user": unquote(asked.username or more.get("user", "")), "password": unquote(asked.password or "")}
    database.execute_sql("CREATE EXTENSION IF NOT EXISTS postgres_fdw")
    known = database.execute_sql("SELECT 1 FROM pg_foreign_server WHERE srvname = %s", (server,)).fetchone()
    if known is None:
        said = _options([*((name, value) for name, value in where.items() if value), *OPTIONS, *ALIVE])
        database.execute_sql(f"CREATE SERVER {server} FOREIGN DATA WRAPPER postgres_fdw OPTIONS ({said})")
    else:
        database.execute_sql(f"DROP USER MAPPING IF EXISTS FOR CURRENT_USER SERVER {server}")
    said = _options((name, value) for name, value in who.items() if value)
    database.execute_sql(f"CREATE USER MAPPING FOR CURRENT_USER SERVER {server} OPTIONS ({said})")


def _options(pairs: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{name} '{value.replace(chr(39), chr(39) * 2)}'" for name, value in pairs)


def _make_room(there: Database, number: int) -> None:
    """Make a part's tables on the other server, empty: what a move that was cut had put there is here still."""
    with there.atomic():
        for table in ON_LINES:
            name = schema.part_name(table, number)
            there.execute_sql(f"DROP TABLE IF EXISTS {name}")
            columns = f"{schema.columns_of(table)}, {schema.key_of(table)}".format(bytes="BYTEA")
            there.execute_sql(f"CREATE TABLE {name} ({columns})")


def _send(database: PostgresDatabase, number: int, server: str) -> None:
    """Put a part on the other server in place of the one here, with all its rows."""
    for table in ON_LINES:
        name = schema.part_name(table, number)
        bounds = _aside(database, table, name)
        database.execute_sql(
            f"CREATE FOREIGN TABLE {name} PARTITION OF {table} {bounds} SERVER {server} OPTIONS (table_name '{name}')"
        )
        _fill(database, table, name)


def _bring_home(database: PostgresDatabase, number: int) -> None:
    """Put a part back into this database, with all its rows; what lies on the other server is left there."""
    if not _servers(database)[number]:
        return
    for table in ON_LINES:
        name = schema.part_name(table, number)
        bounds = _aside(database, table, name)
        database.execute_sql(f"CREATE TABLE {name} PARTITION OF {table} ({schema.key_of(table)}) {bounds}")
        _fill(database, table, name)


def _aside(database: PostgresDatabase, table: str, name: str) -> str:
    """Take a part out of its table and out of its name; returns which rows it is for."""
    asked = "SELECT pg_get_expr(relpartbound, oid), relkind FROM pg_class WHERE oid = to_regclass(%s)"
    bounds, kind = database.execute_sql(asked, (name,)).fetchone()
    what = "FOREIGN TABLE" if kind == "f" else "TABLE"
    database.execute_sql(f"ALTER TABLE {table} DETACH PARTITION {name}")
    database.execute_sql(f"ALTER {what} {name} RENAME TO {name}_before")
    return str(bounds)


def _fill(database: PostgresDatabase, table: str, name: str) -> None:
    """Move the rows of a part that was taken aside into the one that has its name now."""
    asked = "SELECT relkind FROM pg_class WHERE oid = to_regclass(%s)"
    (kind,) = database.execute_sql(asked, (f"{name}_before",)).fetchone()
    database.execute_sql(f"INSERT INTO {name} SELECT * FROM {name}_before")  # noqa: S608 - our own names
    database.execute_sql(f"DROP {'FOREIGN TABLE' if kind == 'f' else 'TABLE'} {name}_before")


def _servers(database: PostgresDatabase) -> list[str]:
    """The server of each part, in order; "" for those in this database."""
    found = database.execute_sql(
        "SELECT c.relname, coalesce(s.srvname, '') FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
        " LEFT JOIN pg_foreign_table f ON f.ftrelid = c.oid LEFT JOIN pg_foreign_server s ON s.oid = f.ftserver"
        " WHERE i.inhparent = to_regclass(%s)",
        (ON_LINES[0],),
    ).fetchall()
    return [server for _, server in sorted(found)]


def _number_of(database: PostgresDatabase, hub: str, count: int) -> int:
    """The part of a hub, as PostgreSQL itself computes it."""
    asked = (
        "SELECT n FROM generate_series(0, %s - 1) AS n"
        " WHERE satisfies_hash_partition(to_regclass(%s)::oid, %s, n, %s::text)"
    )
    found: Any = database.execute_sql(asked, (count, ON_LINES[0], count, hub)).fetchone()
    return int(found[0])
