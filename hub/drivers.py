"""The driver of PostgreSQL, brought in by a hub that has such a database and by no other: it takes memory.

peewee takes in every driver that it finds as it is imported. So it is imported here first, without this one; what
peewee keeps of it by name is filled in later. `tests/test_database_driver.py` holds that against peewee itself.
"""

import importlib
import sys
from typing import Any, cast

PSYCOPG = "psycopg"
STATES = {"txn_idle": "IDLE", "txn_inerror": "INERROR", "txn_unknown": "UNKNOWN"}
"""What peewee's adapter calls the states of a transaction → their names in the driver."""


def leave_postgresql_out() -> None:
    """Import peewee without the driver; when either was imported before, nothing changes."""
    if "peewee" in sys.modules or PSYCOPG in sys.modules:
        return
    sys.modules[PSYCOPG] = cast(Any, None)
    try:
        importlib.import_module("peewee")
    finally:
        del sys.modules[PSYCOPG]


def bring_postgresql_in() -> bool:
    """Give peewee the driver; False when it is not installed. Safe to repeat."""
    peewee: Any = importlib.import_module("peewee")
    if peewee.psycopg is not None:
        return True
    try:
        driver = importlib.import_module(PSYCOPG)
    except ImportError:
        return False
    status, json = (
        importlib.import_module("psycopg.pq").TransactionStatus,
        importlib.import_module("psycopg.types.json"),
    )
    peewee.TransactionStatus, peewee.Json_pg3, peewee.Jsonb_pg3 = status, json.Json, json.Jsonb
    for name, state in STATES.items():
        setattr(peewee.Psycopg3Adapter, name, getattr(status, state))
    peewee.psycopg = driver
    return True
