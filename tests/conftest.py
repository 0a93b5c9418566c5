"""Fixtures for everybody: a node on either database, a clock and randomness that tests hold in their hands."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from hub.config import Settings, load
from hub.node import Node, make_home, open_node
from tests.fixtures.clock import HandClock

if TYPE_CHECKING:
    from tests.fixtures.postgres import Server

pytest_plugins = [
    "tests.fixtures.postgres",
    "tests.fixtures.process",
    "tests.fixtures.powered",
    "tests.fixtures.web",
    "tests.fixtures.cast",
    "tests.fixtures.device",
    "tests.fixtures.demo",
    "tests.fixtures.forgetful",
    "tests.fixtures.learning",
]

ENGINES = ("sqlite", "postgresql")

settings.register_profile("house", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--engine`: which database the tests that use one run on."""
    parser.addoption("--engine", choices=ENGINES, default="sqlite", help="the database that nodes use")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL run only the tests that touch a database; the others would be the same again."""
    if config.getoption("--engine") != "postgresql":
        return
    uses = [item for item in items if "engine" in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=[item for item in items if item not in uses])
    items[:] = uses


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """The name of the database engine of this run."""
    return str(request.config.getoption("--engine"))


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest) -> Callable[[], str]:
    """A function that makes the address of a fresh, empty database; '' for SQLite."""
    if engine == "sqlite":
        return lambda: ""
    server: Server = request.getfixturevalue("postgres_server")
    return server.fresh


@pytest.fixture
def clock() -> HandClock:
    """A clock that moves only when the test says so."""
    return HandClock()


@pytest.fixture
def make_node(tmp_path: Path, database_url: Callable[[], str], clock: HandClock) -> Iterator[Callable[..., Node]]:
    """A function that opens another node: `make_node("region", role="region")`; all are closed at the end."""
    opened: list[Node] = []

    def make(name: str = "hub", *, seed: int = 1, vfs: str | None = None, **flags: object) -> Node:
        home = tmp_path / name
        make_home(home)
        settings: Settings = load(home, {"name": name.title(), "database": database_url(), **flags}, {})
        node = open_node(home, settings, clock=clock, randomness=random.Random(f"{name}{seed}").randbytes, vfs=vfs)
        opened.append(node)
        return node

    yield make
    for node in opened:
        node.close()


@pytest.fixture
def node(make_node: Callable[..., Node]) -> Node:
    """An open hub with nothing in it."""
    return make_node()
