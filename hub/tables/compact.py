"""The index of statements as it lies on the disk: whole numbers in place of names, and views that say them in words.

A community keeps a million statements on a card, so no name stands twice: `statement_name` gives each a number. The
key of a statement, its `rank`, is its place in the order of storing: the moment, and the order of taking within it. So
every index is in that order by itself, and a span of time is a span of keys. Ids are the sixteen bytes that they are.

Ranks and numbers depend on the order of arrival, and so are nobody's business: whoever compares, reads the views.
"""

import re
from functools import lru_cache

import peewee

TIES_BITS = 20
"""Statements of one millisecond, as a power of two; more of them take the next one's places."""
MOMENT_END = 1 << 43
"""Moments that have a rank of their own: the years 1970 to 2248; those outside stand at the ends."""
STANDS, VOIDED, GAVE_WAY = 0, 1, 2
"""What `is_voided` says: a row that gave way to another of its id keeps its rank, so that nothing else gets it."""
NO_TRACK = -1
"""The `state` of a statement that adds to nobody's progress."""
KINDS = ("agent", "activity", "related agent", "related activity")
"""What a mention is, by the two lowest bits of its `what`; the rest is the number of its name."""
NAMELESS = 0
"""The number of the name ""."""

TABLES = (
    *("statement_name", "statement_row", "statement_mention", "statement_ref"),
    *("statement_progress", "statement_competence"),
)
VIEWS = ("answer", "mention", "statement", "progress", "competence")

_MADE = (
    "CREATE TABLE statement_name (no {key}, text TEXT NOT NULL UNIQUE, package TEXT, item TEXT, question TEXT)",
    "CREATE TABLE statement_row (rank {key}, id {id} UNIQUE, stream INTEGER NOT NULL, seq BIGINT NOT NULL,"
    " hub INTEGER NOT NULL, ago_ms BIGINT NOT NULL, actor INTEGER NOT NULL, verb INTEGER NOT NULL,"
    " activity INTEGER NOT NULL, registration INTEGER NOT NULL, authority INTEGER NOT NULL, state INTEGER NOT NULL,"
    " score INTEGER NOT NULL, is_voided INTEGER NOT NULL, tries INTEGER NOT NULL, competencies INTEGER NOT NULL,"
    " response TEXT NOT NULL, clock INTEGER NOT NULL)",
    "CREATE INDEX statement_actor ON statement_row (actor{rank})",
    "CREATE INDEX statement_verb ON statement_row (verb{rank})",
    "CREATE INDEX statement_activity ON statement_row (activity{rank})",
    "CREATE INDEX statement_registration ON statement_row (registration{rank})",
    "CREATE INDEX statement_authority ON statement_row (authority{rank}) WHERE authority > 0",
    "CREATE INDEX statement_opened ON statement_row (actor, activity{rank}) WHERE state = 0",
    "CREATE TABLE statement_mention (what BIGINT NOT NULL, rank BIGINT NOT NULL, PRIMARY KEY (what, rank)){lean}",
    "CREATE TABLE statement_ref (rank {key}, target {id} NOT NULL)",
    "CREATE INDEX statement_ref_target ON statement_ref (target)",
    "CREATE TABLE statement_progress (person INTEGER NOT NULL, item INTEGER NOT NULL, hub INTEGER NOT NULL,"
    " state INTEGER NOT NULL, score INTEGER NOT NULL, first_ms BIGINT NOT NULL, last_ms BIGINT NOT NULL,"
    " PRIMARY KEY (person, item)){lean}",
    "CREATE INDEX statement_progress_hub ON statement_progress (hub, person, state)",
    "CREATE TABLE statement_competence (person INTEGER NOT NULL, competency INTEGER NOT NULL, recent TEXT NOT NULL,"
    " right_first_ms BIGINT, right_last_ms BIGINT, PRIMARY KEY (person, competency)){lean}",
)
_SAID = (
    "CREATE VIEW statement AS SELECT r.rank AS rank, {r.id} AS id, st.text AS stream, r.seq AS seq, hu.text AS hub,"
    " (r.rank >> {ties}) AS stored_ms, (r.rank >> {ties}) - r.ago_ms AS at_ms, ac.text AS actor, ve.text AS verb,"
    " av.text AS activity, COALESCE({p.target}, '') AS target, re.text AS registration, au.text AS authority,"
    " CASE WHEN r.state > 0 THEN r.state ELSE 0 END AS state, CASE WHEN r.tries > 0 THEN -1 ELSE r.score END AS score,"
    " r.is_voided AS is_voided FROM statement_row r {stream}{hub}{actor}{verb}{activity}{registration}{authority}"
    "LEFT JOIN statement_ref p ON p.rank = r.rank WHERE r.is_voided < 2",
    "CREATE VIEW mention AS SELECT {r.id} || ' ' || (m.what & 3) || ' ' || n.text AS id, {r.id} AS statement,"
    " CASE m.what & 3 WHEN 0 THEN 'agent' WHEN 1 THEN 'activity' WHEN 2 THEN 'related agent'"
    " ELSE 'related activity' END AS kind, n.text AS name FROM statement_mention m"
    " JOIN statement_row r ON r.rank = m.rank JOIN statement_name n ON n.no = m.what >> 2 WHERE r.is_voided < 2",
    "CREATE VIEW answer AS SELECT r.rank AS rank, {r.id} AS statement, ac.text AS person, av.package AS package,"
    " av.item AS item, av.question AS question, r.score AS score, r.response AS response, r.tries AS tries,"
    " co.text AS competencies, (r.rank >> {ties}) - r.ago_ms AS at_ms, (r.rank >> {ties}) AS stored_ms,"
    " re.text AS attempt, r.is_voided AS is_voided FROM statement_row r"
    " {actor}{activity}{registration}{competencies}WHERE r.tries > 0 AND r.is_voided < 2",
    "CREATE VIEW progress AS SELECT p.text || ' ' || i.package || ' ' || i.item AS id, h.text AS hub, p.text AS person,"
    " i.package AS package, i.item AS item, g.state AS state, g.score AS score, g.first_ms AS first_ms,"
    " g.last_ms AS last_ms FROM statement_progress g LEFT JOIN statement_name p ON p.no = g.person"
    " LEFT JOIN statement_name i ON i.no = g.item LEFT JOIN statement_name h ON h.no = g.hub",
    "CREATE VIEW competence AS SELECT p.text || ' ' || c.text AS id, p.text AS person, c.text AS competency,"
    " g.recent AS recent, g.right_first_ms AS right_first_ms, g.right_last_ms AS right_last_ms"
    " FROM statement_competence g LEFT JOIN statement_name p ON p.no = g.person"
    " LEFT JOIN statement_name c ON c.no = g.competency",
)
_NAMED = {
    column: f"LEFT JOIN statement_name {short} ON {short}.no = r.{column} "
    for column, short in (
        *(("stream", "st"), ("hub", "hu"), ("actor", "ac"), ("verb", "ve"), ("activity", "av")),
        *(("registration", "re"), ("authority", "au"), ("competencies", "co")),
    )
}
"""A join that nobody pays for who does not ask for its name."""


def first_rank(moment_ms: int) -> int:
    """The lowest rank of a millisecond (since 1970)."""
    return min(max(moment_ms, 0), MOMENT_END - 1) << TIES_BITS


def moment_of(rank: int) -> int:
    """The millisecond of a rank."""
    return rank >> TIES_BITS


def is_id(text: str) -> bool:
    """Whether a text is a statement's id as it is kept: a UUID in small letters."""
    return _ID.fullmatch(text) is not None


def packed(database: peewee.Database, statement: str) -> bytes | str:
    """A statement's id as its column takes it."""
    return _bytes(statement) if _is_sqlite(database) else statement


@lru_cache(maxsize=4_096)
def _bytes(statement: str) -> bytes:
    return bytes.fromhex(statement.replace("-", ""))


def unpacked(value: object) -> str:
    """The id that a column gave."""
    if not isinstance(value, bytes):
        return str(value)
    word = value.hex()
    return f"{word[:8]}-{word[8:12]}-{word[12:16]}-{word[16:20]}-{word[20:]}"


def statements(database: peewee.Database) -> tuple[str, ...]:
    """What makes the tables and the views of a database, in order."""
    is_sqlite = _is_sqlite(database)
    words = {
        "{key}": "INTEGER PRIMARY KEY" if is_sqlite else "BIGINT PRIMARY KEY",
        "{id}": "BLOB" if is_sqlite else "UUID",
        "{rank}": "" if is_sqlite else ", rank",
        "{lean}": " WITHOUT ROWID" if is_sqlite else "",
        "{ties}": str(TIES_BITS),
        "{r.id}": _text("r.id", is_sqlite),
        "{p.target}": _text("p.target", is_sqlite),
        **{f"{{{column}}}": join for column, join in _NAMED.items()},
    }
    return tuple(_filled(each, words) for each in (*_MADE, *_SAID))


def create(database: peewee.Database) -> None:
    """Make the tables and views, which are not there."""
    for statement in statements(database):
        database.execute_sql(statement)
    database.execute_sql(f"INSERT INTO statement_name (no, text) VALUES ({NAMELESS}, '')")  # noqa: S608 - our number


def drop(database: peewee.Database) -> None:
    """Take the tables and views away, and the tables that an earlier program had in their place."""
    database.execute_sql("DROP TABLE IF EXISTS voiding")
    for view in VIEWS:
        is_table = database.table_exists(view)
        database.execute_sql(f"DROP {'TABLE' if is_table else 'VIEW'} IF EXISTS {view}")
    for table in reversed(TABLES):
        database.execute_sql(f"DROP TABLE IF EXISTS {table}")


def empty(database: peewee.Database) -> None:
    """Forget every row."""
    for table in reversed(TABLES):
        database.execute_sql(f"DELETE FROM {table}")  # noqa: S608 - our names
    database.execute_sql(f"INSERT INTO statement_name (no, text) VALUES ({NAMELESS}, '')")  # noqa: S608 - our number


def _text(column: str, is_sqlite: bool) -> str:
    """An id in letters."""
    if not is_sqlite:
        return f"CAST({column} AS TEXT)"
    cuts = " || '-' || ".join(f"substr(hex({column}), {at}, {length})" for at, length in _PARTS)
    return f"lower({cuts})"


_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PARTS = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
"""Where the parts of a UUID begin among its digits, and how long they are."""


def _filled(statement: str, words: dict[str, str]) -> str:
    for name, word in words.items():
        statement = statement.replace(name, word)
    return statement


def _is_sqlite(database: peewee.Database) -> bool:
    return isinstance(database, peewee.SqliteDatabase)
