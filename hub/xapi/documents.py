"""Documents that tools and activities keep beside the statements: states, and profiles of activities and agents.

They are kept as they were sent, for this hub alone: a bookmark is overwritten a hundred times in a sitting, and none
of the earlier ones says anything (docs/decisions/0037-documents.md). What stands and what a sender believes to stand
are compared in the same change that writes, so that of two senders at once one is told.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hub.errors import DocumentChanged, DocumentConflict, DocumentTooLarge, DocumentWrong, StatementWrong
from hub.node import Node
from hub.tables import run
from hub.vocabulary import index_key
from hub.xapi.limits import Limits, limits
from hub.xapi.places import STATE, Place
from hub.xapi.reading import read

JSON = "application/json"
KIND_CHARS_MAX = 200
"""The longest content type."""
SERIES_MAX = 1_000
"""So many times the documents of one series are kept of one activity, all its learners and sittings together."""

_COLUMNS = "address, content_type, etag, changed_ms, body"
_PUT = (
    f"INSERT INTO document (id, kind, activity, agent, registration, name, {_COLUMNS})"  # noqa: S608 - our names
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET address = excluded.address, content_type = excluded.content_type,"
    " etag = excluded.etag, changed_ms = excluded.changed_ms, body = excluded.body"
)
_SERIES = "kind = ? AND activity = ? AND agent = ?"


@dataclass(frozen=True)
class Document:
    """A document as it stands. `words` are those of the address it was sent to; `etag` is the SHA-1 of `body` in hex.

    `changed_ms` is the moment of its last change, in milliseconds since 1970.
    """

    words: dict[str, str]
    content_type: str
    etag: str
    changed_ms: int
    body: bytes


@dataclass(frozen=True)
class Named:
    """A document in a list of names."""

    name: str
    changed_ms: int


@dataclass(frozen=True)
class Condition:
    """What a sender believes to stand: marks (ETags) without quotes, or `*` for any; None where nothing was said.

    What stands must have one of `match` (If-Match) and none of `none_match` (If-None-Match).
    """

    match: frozenset[str] | None = None
    none_match: frozenset[str] | None = None

    @property
    def is_blind(self) -> bool:
        """Whether nothing at all was said."""
        return self.match is None and self.none_match is None


BLIND = Condition()


def get(node: Node, place: Place) -> Document | None:
    """The document at a place, or None."""
    row = run(node.tables, f"SELECT {_COLUMNS} FROM document WHERE id = ?", _id(place)).fetchone()  # noqa: S608
    return None if row is None else _document(row)


def names(node: Node, place: Place) -> list[Named]:
    """The documents of a series that changed after `place.since_ms`, each name once, by name."""
    where, values = _of_series(place)
    if place.since_ms is not None:
        where += " AND changed_ms > ?"
        values.append(place.since_ms)
    asked = f"SELECT name, MAX(changed_ms) FROM document WHERE {where} GROUP BY name"  # noqa: S608 - our words
    return [Named(*row) for row in sorted(run(node.tables, asked, *values))]


def put(
    node: Node, place: Place, *, body: bytes, content_type: str, condition: Condition = BLIND, line: str = "2.0"
) -> None:
    """Keep a document in the place of whatever stands there.

    `line` is the version of the standard that the sender speaks. Raises DocumentWrong when the body is not of its
    type, DocumentTooLarge when it or the number of documents is over the limit, DocumentChanged when the condition
    does not hold, and DocumentConflict when somebody would write over a document without having looked.
    """
    allowed = limits(node)
    _check(body, content_type, allowed)

    def keep() -> None:
        standing = _etag(node, place)
        _refuse_unmet(condition, standing)
        if condition.is_blind:
            _refuse_blind(place, line, standing)
        _write(node, place, body, content_type, allowed, is_new=standing is None)

    node.write(keep)


def merge(node: Node, place: Place, *, body: bytes, content_type: str, condition: Condition = BLIND) -> None:
    """Put the properties of a JSON object over those of the standing one, or keep it where none stands.

    Raises what `put` raises; DocumentWrong also when either is not a JSON object.
    """
    allowed = limits(node)
    _check(body, content_type, allowed)

    def keep() -> None:
        standing = get(node, place)
        _refuse_unmet(condition, standing.etag if standing else None)
        merged = body if standing is None else _merged(standing, body, content_type)
        _write(node, place, merged, content_type, allowed, is_new=standing is None)

    node.write(keep)


def delete(node: Node, place: Place, *, condition: Condition = BLIND) -> None:
    """Take a document away; one that is not there is away already. Raises DocumentChanged."""

    def drop() -> None:
        _refuse_unmet(condition, _etag(node, place))
        run(node.tables, "DELETE FROM document WHERE id = ?", _id(place))

    node.write(drop)


def delete_series(node: Node, place: Place) -> None:
    """Take every document of a series away."""
    where, values = _of_series(place)
    node.write(lambda: run(node.tables, f"DELETE FROM document WHERE {where}", *values))  # noqa: S608 - our words


def of_agent(node: Node, agent: str) -> Iterator[Document]:
    """Every document about one agent (an `agent_key`), states and profiles, in the order of their places."""
    rows = run(node.tables, "SELECT id FROM document WHERE agent = ? ORDER BY id", index_key(agent)).fetchall()
    for (key,) in rows:
        row = run(node.tables, f"SELECT {_COLUMNS} FROM document WHERE id = ?", key).fetchone()  # noqa: S608
        if row is not None:
            yield _document(row)


def _id(place: Place) -> str:
    named = [place.kind, place.activity, place.agent, place.registration, place.name]
    return hashlib.sha256(json.dumps(named).encode()).hexdigest()


def _of_series(place: Place) -> tuple[str, list[Any]]:
    values: list[Any] = [place.kind, index_key(place.activity), index_key(place.agent)]
    if not place.registration:
        return _SERIES, values
    return f"{_SERIES} AND registration = ?", [*values, place.registration]


def _etag(node: Node, place: Place) -> str | None:
    row = run(node.tables, "SELECT etag FROM document WHERE id = ?", _id(place)).fetchone()
    return None if row is None else str(row[0])


def _document(row: Any) -> Document:
    return Document(json.loads(row[0]), row[1], row[2], row[3], bytes(row[4]))


def _check(body: bytes, content_type: str, allowed: Limits) -> None:
    if len(body) > allowed.document_bytes:
        raise DocumentTooLarge(f"A document may have {allowed.document_bytes} bytes; nothing was changed.")
    if len(content_type) > KIND_CHARS_MAX or not (content_type.isascii() and content_type.isprintable()):
        raise DocumentWrong("Content-Type: cannot be read; nothing was changed.")
    if _is_json(content_type):
        _read(body, "The body says that it is JSON")


def _is_json(content_type: str) -> bool:
    return content_type.split(";")[0].strip().lower() == JSON


def _read(body: bytes, what: str) -> Any:
    try:
        return read(body)
    except StatementWrong as mistake:
        raise DocumentWrong(f"{what} and is not: {mistake}") from None


def _refuse_unmet(condition: Condition, standing: str | None) -> None:
    """`standing` is the mark of what stands, None for nothing."""
    fits = standing is not None and bool(condition.match and {standing, "*"} & condition.match)
    is_unwanted = standing is not None and bool(condition.none_match and {standing, "*"} & condition.none_match)
    if (condition.match is not None and not fits) or is_unwanted:
        raise DocumentChanged(
            "What stands here is not what this request takes it for, so somebody changed it meanwhile. It stays as it"
            " is; read it again, and send yours with its ETag in If-Match."
        )


def _refuse_blind(place: Place, line: str, standing: str | None) -> None:
    """A PUT that says nothing of what stands there: xAPI 1.0.3 takes it for states, 2.0 where there is nothing yet."""
    if line == "1.0" and place.kind == STATE:
        return
    if standing is not None:
        raise DocumentConflict(
            "A document stands here already. It stays as it is; read it, and send yours with its ETag in If-Match."
        )
    if line == "1.0":
        raise DocumentWrong("If-None-Match or If-Match: must be said with a profile; nothing was changed.")


def _merged(standing: Document, body: bytes, content_type: str) -> bytes:
    if not (_is_json(standing.content_type) and _is_json(content_type)):
        raise DocumentWrong(f"Only two documents of the type {JSON} can be merged; nothing was changed.")
    tables = [_read(each, "A document should be JSON") for each in (standing.body, body)]
    if not all(isinstance(table, dict) for table in tables):
        raise DocumentWrong("Only two JSON objects can be merged; nothing was changed.")
    return json.dumps({**tables[0], **tables[1]}, ensure_ascii=False, separators=(",", ":")).encode()


def _write(node: Node, place: Place, body: bytes, content_type: str, allowed: Limits, *, is_new: bool) -> None:
    if len(body) > allowed.document_bytes:
        raise DocumentTooLarge(f"A document may have {allowed.document_bytes} bytes; nothing was changed.")
    activity, agent = index_key(place.activity), index_key(place.agent)
    if is_new:
        _refuse_many(node, place, allowed)
    etag = hashlib.sha1(body, usedforsecurity=False).hexdigest()
    named = (_id(place), place.kind, activity, agent, place.registration, place.name)
    run(node.tables, _PUT, *named, place.words, content_type, etag, node.clock.now_ms(), body)


def _refuse_many(node: Node, place: Place, allowed: Limits) -> None:
    """One sitting of somebody with an activity, and all sittings of all with it, have an end."""
    whole = [place.kind, index_key(place.activity)]
    one = [*whole, index_key(place.agent), place.registration]
    for where, values, most in (
        (f"{_SERIES} AND registration = ?", one, allowed.documents),
        ("kind = ? AND activity = ?", whole, allowed.documents * SERIES_MAX),
    ):
        asked = f"SELECT count(*) FROM document WHERE {where}"  # noqa: S608 - our words
        if run(node.tables, asked, *values).fetchone()[0] >= most:
            raise DocumentTooLarge(
                f"{most} documents are kept here already, and no more are taken. Nothing was changed; take old ones"
                " away first."
            )
