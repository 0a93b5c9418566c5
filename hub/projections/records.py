"""Folds for the mutable records: people, circles, roles, households, hubs and the packages
they have, wordings, what is said of packages here, badges, things to borrow and loans.

Each kind has a table; a row is the standing values of the record's fields, and fields that were never set keep the
table's default.
"""

import json
from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import Any

import peewee

from hub.projections import governance, protection, roles
from hub.projections.fold import Fold
from hub.projections.registers import is_name, is_text, merge, standing
from hub.tables import Tables, put
from sync.journal import Placed

KINDS: dict[str, str] = {
    "person": "Person",
    "circle": "Circle",
    "membership": "Membership",
    "role": "Role",
    "household": "Household",
    "household.link": "HouseholdLink",
    "person.moved": "PersonMoved",
    "act": "Act",
    "hub": "Hub",
    "hub.package": "HubPackage",
    "hub.certificate": "Certificate",
    "pack": "Pack",
    "copy": "Copy",
    "wording": "Wording",
    "package.words": "PackageWords",
    "sound.recording": "Recording",
    "consent.card": "ConsentCard",
    "badge": "Badge",
    "thing": "Thing",
    "loan": "Loan",
    "loan.wish": "Wish",
    "sharing.policy": "SharingPolicy",
    "counts": "SharedCount",
    "shared.person": "SharedPerson",
    "shared.circle": "SharedCircle",
    "moving.receipt": "MovingReceipt",
    **governance.KINDS,
    **protection.KINDS,
}
"""Entry kind → the table in `hub.tables.Tables` that shows it."""


def fold(tables: Tables, placed: Placed) -> None:
    """Take one entry about a mutable record into its table. Raises ValueError when its shape is wrong."""
    model: type[peewee.Model] = getattr(tables, KINDS[placed.entry.kind])
    columns = _columns(model)

    def check(name: str, value: object) -> None:
        if name in columns:
            _fit(columns[name], value)

    said = roles.checked(placed.entry.payload) if placed.entry.kind == roles.KIND else None
    subject, values = merge(tables, placed, check)
    if said is not None:
        values |= roles.take(tables, placed, subject, said)
    _write(tables, model, columns, subject, values)


def write_again(tables: Tables, kind: str, subject: str) -> None:
    """Write a record's row from its standing values, after the clock that gave some of them was mended."""
    model: type[peewee.Model] = getattr(tables, KINDS[kind])
    _write(tables, model, _columns(model), subject, standing(tables, kind, subject))


def _columns(model: type[peewee.Model]) -> dict[str, peewee.Field]:
    return {field.name: field for field in model._meta.sorted_fields if not field.primary_key}


def _write(
    tables: Tables,
    model: type[peewee.Model],
    columns: dict[str, peewee.Field],
    subject: str,
    values: dict[str, object],
) -> None:
    row = {name: _fit(field, values[name]) for name, field in columns.items() if name in values}
    if all(name in row or field.default is not None or field.null for name, field in columns.items()):
        put(model, id=subject, **row)


def subject_of(placed: Placed) -> tuple[str, str]:
    """Kind and subject of an entry about a mutable record. Raises ValueError, KeyError or TypeError."""
    return placed.entry.kind, str(json.loads(placed.entry.payload)["id"])


def is_about(placed: Placed, told: Collection[tuple[str, str]]) -> bool:
    """Whether an entry tells of one of these records."""
    with suppress(ValueError, TypeError, LookupError, RecursionError):
        return placed.entry.kind in KINDS and subject_of(placed) in told
    return False


def forget(tables: Tables, told: Iterable[tuple[str, str]]) -> None:
    """Delete what the tables say of some records; whatever entries of them stand must be folded again."""
    for kind, subject in told:
        tables.Register.delete().where((tables.Register.kind == kind) & (tables.Register.subject == subject)).execute()
        model: Any = getattr(tables, KINDS[kind])
        model.delete().where(model.id == subject).execute()


def _fit(field: peewee.Field, value: object) -> object:
    """A value in its column's type: whole numbers (or true and false) where the column counts, text elsewhere."""
    if value is None and field.null:
        return None
    is_number = isinstance(field, peewee.IntegerField)
    whole_max = 2**63 if isinstance(field, peewee.BigIntegerField) else 2**31
    if is_number and isinstance(value, int) and -whole_max <= value < whole_max:
        return int(value)
    if not is_number and isinstance(value, str) and (is_name(value) or (is_text(value) and not field.index)):
        return value
    raise ValueError(f"the field {field.name} has the wrong type")


FOLDS: dict[str, Fold] = dict.fromkeys(KINDS, Fold(fold))
