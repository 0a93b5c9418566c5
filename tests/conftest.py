"""Fixtures for everybody: a node on either database, a clock and randomness that tests hold in their hands."""

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from hub import kept_clock
from hub.config import Settings, keep, load
from hub.database import FILE_NAME
from hub.node import Node, make_home, open_node
from tests.asked import listed
from tests.fixtures import again, apps, quick
from tests.fixtures.clock import HandClock

if TYPE_CHECKING:
    from tests.fixtures.postgres import Server
    from tests.fixtures.prepared import Prepared

pytest_plugins = [
    "tests.fixtures.prepared",
    "tests.fixtures.cast",
    "tests.fixtures.postgres",
    "tests.fixtures.process",
    "tests.fixtures.powered",
    "tests.fixtures.web",
    "tests.fixtures.device",
    "tests.fixtures.deciding",
    "tests.fixtures.demo",
    "tests.fixtures.forgetful",
    "tests.fixtures.learning",
    "tests.fixtures.looks",
    "tests.fixtures.pseudo",
    "tests.fixtures.records",
    "tests.fixtures.sticks",
    "tests.fixtures.sync_hub",
    "tests.fixtures.tide",
    "tests.fixtures.moving",
    "tests.fixtures.together",
    "tests.fixtures.outside",
    "tests.fixtures.walks",
]

ENGINES = ("sqlite", "postgresql")
ASKED = listed()
"""Of files that were measured, the tests that PostgreSQL runs (`tests.asked`)."""

quick.read_on()
settings.register_profile("house", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
quick.keep_files_in_memory()
apps.compile_once()
apps.register_once()
apps.read_once()
quick.bind_again()
quick.part_little()
quick.hash_lightly()
quick.join_lightly()
quick.shape_once()
again.keep_connections()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--engine`, which database the tests that use one run on, which tests it leaves out, and `--pictures`."""
    parser.addoption("--engine", choices=ENGINES, default="sqlite", help="the database that nodes use")
    parser.addoption("--every-case", action="store_true", help="on PostgreSQL too, run every case of a test with many")
    parser.addoption("--every-file", action="store_true", help="on PostgreSQL too, run every test (`tests.asked`)")
    parser.addoption("--pictures", default="", help="a folder that keeps the photographs of pages in Arabic")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marks known that say what runs on which engine."""
    config.addinivalue_line("markers", "every_case: runs with all its cases on PostgreSQL too: they are about its SQL")
    config.addinivalue_line("markers", "sqlite(why): runs on SQLite alone, for a reason of tests/fixtures/engines.py")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """On PostgreSQL leave out the files whose tests ask it nothing of their own."""
    return True if _asked_here(collection_path, config) == frozenset() else None


def _asked_here(path: Path, config: pytest.Config) -> frozenset[str] | None:
    """The tests of a file that run on PostgreSQL; None for all: the file is named, is new, or all are wanted."""
    wants_all = any(map(config.getoption, ("--every-case", "--every-file")))
    if wants_all or config.getoption("--engine") != "postgresql":
        return None
    is_named = any(path.match(argument.partition("::")[0]) for argument in config.args)
    return None if is_named else ASKED.get(path.name)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL run every test that opens a database, but for those that are about SQLite.

    Tests whose cases are drawn try fewer of them than in `make soak`, but for those of sync.
    """
    if not config.getoption("--every-case"):
        for item in items:
            quick.draw_fewer(item)
    if config.getoption("--engine") != "postgresql":
        return
    uses = [item for item in items if _uses_an_engine(item) and _is_asked(item)]
    kept = set(uses if config.getoption("--every-case") else _some_cases(uses))
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = [item for item in uses if item in kept]


def _uses_an_engine(item: pytest.Item) -> bool:
    return "engine" in getattr(item, "fixturenames", ()) and not _is_of_sqlite(item)


def _is_asked(item: pytest.Item) -> bool:
    names = _asked_here(item.path, item.config)
    return names is None or item.name.partition("[")[0] in names


def _some_cases(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """The first, the middle and the last case of each test: what a case changes is seldom what an engine does."""
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for test in cases.values():
        few = (test[0], test[len(test) // 2], test[-1])
        yield from test if len(test) <= len(few) or test[0].get_closest_marker("every_case") else few


def pytest_collection_finish() -> None:
    """Before the first test runs: the tests themselves stay to the end."""
    quick.keep_what_is_there()


def _is_of_sqlite(item: pytest.Item) -> bool:
    return item.get_closest_marker("sqlite") is not None


@pytest.fixture(autouse=True)
def _on_the_engine_it_says(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that leaves a SQLite file behind has asked for the engine of the run, and that was SQLite."""
    names = request.fixturenames
    home: Path | None = request.getfixturevalue("tmp_path") if "tmp_path" in names else None
    may = _is_of_sqlite(request.node) or ("engine" in names and request.config.getoption("--engine") == "sqlite")
    yield
    if home is not None and not may:
        left = [path for path in home.rglob(FILE_NAME) if path.is_file() and path.stat().st_size]
        assert not left, f"opened a SQLite file without saying so: {left}"


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> str:
    """The name of the database engine of this run."""
    return str(request.config.getoption("--engine"))


@pytest.fixture(scope="session")
def every_case(engine: str, request: pytest.FixtureRequest) -> bool:
    """Whether a test that goes through many moments goes through them all: always on SQLite (`engines`)."""
    return engine == "sqlite" or bool(request.config.getoption("--every-case"))


@pytest.fixture(scope="session")
def prepared_database(engine: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with every step done and nothing in it, to be copied: the address, for SQLite the file."""
    home, is_file = tmp_path_factory.mktemp("prepared"), engine == "sqlite"
    url = "" if is_file else request.getfixturevalue("postgres_server").fresh()
    make_home(home)
    open_node(home, load(home, {"database": url}, {})).close()
    if url:
        request.getfixturevalue("postgres_server").keep(url)
    return str(home / FILE_NAME) if is_file else url


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest) -> Iterator[Callable[..., str]]:
    """A function that makes the address of a fresh database, empty or a copy of another; '' for SQLite."""
    if engine == "sqlite":
        yield lambda *_: ""
        return
    server: Server = request.getfixturevalue("postgres_server")
    made: list[str] = []

    def make(like: str = "") -> str:
        made.append(server.fresh(like))
        return made[-1]

    yield make
    for url in made:
        server.drop(url)


@pytest.fixture
def choose_database(database_url: Callable[[], str]) -> Callable[[Path], Path]:
    """A function that says in a home, made already or not, that it has a fresh database of this run."""

    def choose(home: Path) -> Path:
        if url := database_url():
            home.mkdir(parents=True, exist_ok=True)
            keep(home, {"database": url})
        return home

    return choose


@pytest.fixture
def clock() -> HandClock:
    """A clock that moves only when the test says so."""
    return HandClock()


@pytest.fixture
def make_node(
    tmp_path: Path, database_url: Callable[..., str], prepared_database: str, clock: HandClock
) -> Iterator[Callable[..., Node]]:
    """A function that opens another node: `make_node("region", role="region")`; all are closed at the end."""
    opened: list[Node] = []

    def make(
        name: str = "hub", *, seed: int = 1, vfs: str | None = None, like: "Prepared | None" = None, **flags: object
    ) -> Node:
        home = tmp_path / name
        if like:
            shutil.copytree(like.home, home, ignore=shutil.ignore_patterns(kept_clock.FILE_NAME))
        make_home(home)
        url = database_url(like.database if like else prepared_database)
        if not (url or vfs or (home / FILE_NAME).exists()):
            shutil.copyfile(prepared_database, home / FILE_NAME)
        settings: Settings = load(home, {"name": name.title(), "database": url, **flags}, {})
        chance = random.Random(f"{name}{seed}")
        if like:
            chance.setstate(like.randomness)
        node = open_node(home, settings, clock=clock, randomness=chance.randbytes, vfs=vfs)
        opened.append(node)
        return node

    yield make
    for node in opened:
        node.close()
        quick.give_back(node.tables)


@pytest.fixture
def node(make_node: Callable[..., Node], request: pytest.FixtureRequest, laid: "list[Prepared]") -> Node:
    """An open hub with nothing in it; where the test has a cast, with these people in it already, and their market."""
    if "cast" not in request.fixturenames:
        return make_node()
    laid.append(request.getfixturevalue("prepared_market" if "market" in request.fixturenames else "prepared_cast"))
    return make_node(like=laid[-1])
