"""A hub on SQLite carries no driver of PostgreSQL, and one that wants it gets all of it."""

import json
import subprocess
import sys
from typing import Any

SHOWN = """
import json, sys, peewee
adapter = {name: str(each) for name, each in vars(peewee.Psycopg3Adapter).items() if not callable(each)}
names = {name: each is None for name, each in vars(peewee).items() if not name.startswith('__')}
print(json.dumps([names, adapter, 'psycopg' in sys.modules]))
"""


def shown(first: str) -> Any:
    """What peewee knows of its drivers in a fresh process that did this first."""
    ran = subprocess.run([sys.executable, "-c", first + SHOWN], capture_output=True, text=True, check=True)
    return json.loads(ran.stdout)


def test_a_hub_on_sqlite_leaves_it_out() -> None:
    """All pages and commands are there, and the driver is not."""
    names, _, is_in = shown("import hub.cli, hub.web.blueprints\n")
    assert names["psycopg"]
    assert not is_in


def test_what_is_brought_in_later_is_what_peewee_takes_itself() -> None:
    """Every name of peewee and of its adapter, the same as if it had been there from the first; done twice as once."""
    bring = "from hub.drivers import bring_postgresql_in\nassert bring_postgresql_in()\n"
    assert shown(bring * 2) == shown("import peewee\n")


def test_without_it_nothing_is_brought_in() -> None:
    """Not installed, it is told so, and peewee stays as it is."""
    missing = "import sys\nsys.modules['psycopg'] = None\nfrom hub.drivers import bring_postgresql_in\n"
    names, _, _ = shown(missing + "assert not bring_postgresql_in()\n")
    assert names["psycopg"]
