"""The hub's tables, bound to one database: two nodes in one process never share a model.

Columns hold text and whole numbers only, so that SQLite and PostgreSQL keep the same values. Projection tables can
be dropped and rebuilt from the journal; node-local tables change by ordered steps (`hub.tables.local`).
"""

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from typing import Any

import peewee

from hub.database import is_sqlite
from hub.tables import (
    acts,
    attached,
    clocks,
    consents,
    descriptions,
    governance,
    hubs,
    joint,
    learning,
    lending,
    local,
    moved,
    people,
    protection,
    recognition,
    registers,
    sharing,
    sound,
    takehome,
    tides,
    wordings,
    worn,
    writing,
)

PROJECTIONS: tuple[type[peewee.Model], ...] = (
    *registers.MODELS,
    *clocks.MODELS,
    *people.MODELS,
    *acts.MODELS,
    *hubs.MODELS,
    *attached.MODELS,
    *moved.MODELS,
    *descriptions.MODELS,
    *wordings.MODELS,
    *worn.MODELS,
    *sound.MODELS,
    *takehome.MODELS,
    *consents.MODELS,
    *governance.MODELS,
    *sharing.MODELS,
    *joint.MODELS,
    *recognition.MODELS,
    *lending.MODELS,
    *protection.MODELS,
)


class Tables:
    """Every model of the hub, bound to `database`."""

    Register: type[registers.Register]
    Rejected: type[registers.Rejected]
    ClockFix: type[clocks.ClockFix]
    Person: type[people.Person]
    Circle: type[people.Circle]
    Membership: type[people.Membership]
    Role: type[people.Role]
    Household: type[people.Household]
    HouseholdLink: type[people.HouseholdLink]
    PersonMoved: type[people.PersonMoved]
    Act: type[acts.Act]
    Hub: type[hubs.Hub]
    HubPackage: type[hubs.HubPackage]
    Certificate: type[hubs.Certificate]
    Statement: type[learning.Statement]
    Mention: type[learning.Mention]
    Attached: type[attached.Attached]
    MovedStatement: type[moved.MovedStatement]
    Description: type[descriptions.Description]
    Answer: type[learning.Answer]
    Progress: type[learning.Progress]
    Competence: type[learning.Competence]
    Wording: type[wordings.Wording]
    PackageWords: type[worn.PackageWords]
    Pack: type[takehome.Pack]
    Copy: type[takehome.Copy]
    Recording: type[sound.Recording]
    ConsentAnswer: type[consents.ConsentAnswer]
    ConsentReplaced: type[consents.ConsentReplaced]
    ConsentCard: type[consents.ConsentCard]
    Proposal: type[governance.Proposal]
    ProposalVersion: type[governance.ProposalVersion]
    Remark: type[governance.Remark]
    Objection: type[governance.Objection]
    ProposalConsent: type[governance.ProposalConsent]
    Hands: type[governance.Hands]
    Adoption: type[governance.Adoption]
    Review: type[governance.Review]
    Option: type[governance.Option]
    Ballot: type[governance.Ballot]
    Count: type[governance.Count]
    Draw: type[governance.Draw]
    Matter: type[governance.Matter]
    SharingPolicy: type[sharing.SharingPolicy]
    SharedCount: type[sharing.SharedCount]
    SharedPerson: type[sharing.SharedPerson]
    SharedCircle: type[sharing.SharedCircle]
    MovingReceipt: type[sharing.MovingReceipt]
    JointFact: type[joint.JointFact]
    Twin: type[joint.Twin]
    RoleWord: type[joint.RoleWord]
    Observation: type[recognition.Observation]
    Badge: type[recognition.Badge]
    Award: type[recognition.Award]
    Thing: type[lending.Thing]
    Loan: type[lending.Loan]
    Wish: type[lending.Wish]
    Named: type[protection.Named]
    Report: type[protection.Report]
    ReportStep: type[protection.ReportStep]
    Credential: type[local.Credential]
    SignIn: type[local.SignIn]
    Attempt: type[local.Attempt]
    Job: type[local.Job]
    Note: type[local.Note]
    Key: type[local.Key]
    Tide: type[local.Tide]
    Peer: type[local.Peer]
    Invite: type[local.Invite]
    PageSentence: type[local.PageSentence]
    Draft: type[writing.Draft]
    DraftStep: type[writing.DraftStep]
    Edition: type[writing.Edition]
    Bank: type[writing.Bank]
    Document: type[local.Document]
    Destination: type[local.Destination]
    Forwarded: type[local.Forwarded]
    Unanswered: type[local.Unanswered]
    Collection: type[local.Collection]
    Offer: type[local.Offer]
    Subscription: type[local.Subscription]
    Erasure: type[local.Erasure]
    ErasurePlace: type[local.ErasurePlace]
    BrokenStream: type[tides.BrokenStream]
    Brought: type[tides.Brought]

    def __init__(self, database: peewee.Database) -> None:
        self.database = database
        self.projections = self._bound(PROJECTIONS)
        self.views = self._bound(learning.VIEWED)
        self._bound(local.MODELS)

    def _bound(self, models: Iterable[type[peewee.Model]]) -> tuple[type[peewee.Model], ...]:
        """Make each model's twin for this database and keep it under the model's name."""
        twins = []
        for model in models:
            meta = type("Meta", (), {"database": self.database, "table_name": model.__name__.lower()})
            own = {"Meta": meta, "__doc__": model.__doc__, "__module__": __name__}
            twin = type(model.__name__, (model,), {**_columns(model), **own})
            setattr(self, model.__name__, twin)
            twins.append(twin)
        return tuple(twins)


def _columns(model: type[peewee.Model]) -> dict[str, peewee.Field]:
    """Copies of a model's columns for its twin. Peewee would copy each with all that hangs on it, at every start."""
    meta: Any = model._meta
    return {field.name: copy(field) for field in meta.sorted_fields if not field.primary_key}


def put(model: type[peewee.Model], **values: Any) -> None:
    """Write a row whole: a row with the same primary key is replaced. The same statement on both databases.

    Folds do this for every entry, so it is plain SQL.
    """
    meta: Any = model._meta
    row = {field.column_name: field.db_value(values.pop(field.name, field.default)) for field in meta.sorted_fields}
    if values:
        raise TypeError(f"{model.__name__} has no column {', '.join(values)}")
    key, names = meta.primary_key.column_name, ", ".join(f'"{name}"' for name in row)
    over = ", ".join(f'"{name}" = excluded."{name}"' for name in row if name != key)
    sql = f'INSERT INTO "{meta.table_name}" ({names}) VALUES ({", ".join("?" * len(row))})'  # noqa: S608 - our names
    _execute(meta.database, f'{sql} ON CONFLICT ("{key}") DO UPDATE SET {over}', *row.values())


def run(tables: Tables, sql: str, *values: Any) -> Any:
    """Run one SQL statement, written with `?` for its values, on either database; returns its cursor."""
    return _execute(tables.database, sql, *values)


AMONG_MAX, FEW = 512, 8
"""Values in one question of `among`; few lengths, so that the database has seen the statement before. More than a few
go to PostgreSQL as an array: it and its driver take longer to read hundreds of marks than to answer."""
_PAIRS = "SELECT * FROM unnest(CAST(? AS BIGINT[]), CAST(? AS BIGINT[]))"


def among(tables: Tables, sql: str, values: Iterable[Any], *before: Any, array: str = "?") -> Iterator[Any]:
    """The rows of a SELECT whose one `IN ({})` stands for all of `values`, however many, in pieces; in no order.

    `before` are the values of marks that stand before it; `array` is what PostgreSQL calls the values as an array.
    """
    rest = list(dict.fromkeys(values))
    while rest:
        some, rest = rest[:AMONG_MAX], rest[AMONG_MAX:]
        if len(some) > FEW and not is_sqlite(tables.database):
            yield from _planned(tables, sql.replace("IN ({})", f"= ANY({array})"), *before, some)
            continue
        padded = _padded(some)
        marks = ", ".join("?" * len(padded))
        yield from run(tables, sql.format(marks), *before, *padded).fetchall()


def among_pairs(tables: Tables, sql: str, pairs: Iterable[tuple[int, int]]) -> Iterator[Any]:
    """The rows of a SELECT whose one `VALUES {}` stands for rows of two whole numbers, like `among`."""
    rest = list(dict.fromkeys(pairs))
    while rest:
        some, rest = rest[:AMONG_MAX], rest[AMONG_MAX:]
        if len(some) > FEW and not is_sqlite(tables.database):
            yield from _planned(tables, sql.replace("VALUES {}", _PAIRS), *map(list, zip(*some, strict=True)))
            continue
        padded = _padded(some)
        marks = ", ".join(["(?, ?)"] * len(padded))
        yield from run(tables, sql.format(marks), *(value for pair in padded for value in pair)).fetchall()


def _padded(some: list[Any]) -> list[Any]:
    """The same values, the last one again and again up to a power of two."""
    return some + some[-1:] * ((1 << (len(some) - 1).bit_length()) - len(some))


def _planned(tables: Tables, sql: str, *values: Any) -> Iterator[Any]:
    """Rows of a SELECT that PostgreSQL plans for these values: one plan for any would take an array for a short one,
    and read the whole table once it is not."""
    database: Any = tables.database
    yield from database.execute_planned(sql.replace("?", "%s"), values).fetchall()


def many(tables: Tables, sql: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run one changing SQL statement, written with `?`, for every row of values; quicker than `run` for each."""
    if rows:
        database: Any = tables.database
        database.execute_many(sql if database.param == "?" else sql.replace("?", "%s"), rows)


def insert(tables: Tables, into: str, rows: Sequence[Sequence[Any]], otherwise: str = "") -> None:
    """Write new rows in one stroke: `into` is a table with its columns, `otherwise` what ON CONFLICT is to do.

    With a conflict that updates, no two of the rows may have one key.
    """
    if rows:
        database: Any = tables.database
        database.insert_many(into, rows, otherwise)


def sets(tables: Tables, sql: str, *values: Any) -> int:
    """Run one changing SQL statement like `run`; returns how many rows it changed."""
    database: Any = tables.database
    return int(database.rows_affected(run(tables, sql, *values)))


def _execute(database: Any, sql: str, *values: Any) -> Any:
    return database.execute_sql(sql if database.param == "?" else sql.replace("?", "%s"), values)
