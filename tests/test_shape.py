"""The shape of the code: small files, small functions, a sentence on each."""

import ast
import configparser
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FUNCTION_LINES_MAX = 50
FILE_LINES_MAX = 400
FOLDERS = ("hub", "content", "sync", "tests", "bench", "docs", "deploy", "players")
FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, Function):
            yield node


def _long(path: Path) -> list[str]:
    """The functions over 50 lines, each at its line: two may have one name."""
    return [
        f"line {function.lineno}: {function.name}"
        for function in _functions(path)
        if (function.end_lineno or 0) - function.lineno + 1 > FUNCTION_LINES_MAX
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_has_one_job(path: Path) -> None:
    """No file over 400 lines, and each opens by saying what it is for."""
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= FILE_LINES_MAX
    assert ast.get_docstring(ast.parse(text)), "the module opens without a docstring"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_function_fits_one_look(path: Path) -> None:
    """No function over 50 lines."""
    assert _long(path) == []


def test_a_long_function_is_found_behind_its_namesake(tmp_path: Path) -> None:
    """A short one of the same name hides it not."""
    long, short = "    x = 1\n" * FUNCTION_LINES_MAX, "def show():\n    pass\n"
    (tmp_path / "two.py").write_text(f"{short}def show():\n{long}{short}", encoding="utf-8")
    assert _long(tmp_path / "two.py") == ["line 3: show"]


@pytest.mark.parametrize("path", sorted((ROOT / "tests").glob("test_*.py")), ids=lambda path: path.name)
def test_a_test_says_what_it_pins(path: Path) -> None:
    """Every test carries a docstring."""
    silent = [each.name for each in _functions(path) if each.name.startswith("test_") and not ast.get_docstring(each)]
    assert silent == []


def test_the_environment_is_read_in_one_place() -> None:
    """Only hub.config and the commands' shared options look at the environment."""
    readers = [path for path in FILES if path.is_relative_to(ROOT / "hub") and "os.environ" in path.read_text("utf-8")]
    assert {str(path.relative_to(ROOT)) for path in readers} <= {"hub/config.py", "hub/cli/options.py"}


def test_a_test_that_hangs_ends(pytestconfig: pytest.Config) -> None:
    """Every test has an end, also in what it clears away; the next one has its turn."""
    assert pytestconfig.pluginmanager.hasplugin("timeout")
    assert 0 < float(pytestconfig.getini("timeout")) <= 300
    assert pytestconfig.getini("timeout_method") == "signal"


PAGES = ("hub/app.py", "hub/web/")
RECORDS = (
    "hub/database.py",
    "hub/postgresql.py",
    "hub/connections.py",
    "hub/writer.py",
    "hub/migrations.py",
    "hub/tables/",
    "hub/projections/",
    "hub/care/",
)
HOMES = {
    **dict.fromkeys(["flask", "itsdangerous", "werkzeug", "flask_wtf", "jinja2", "markupsafe"], PAGES),
    **dict.fromkeys(["flask_babel", "babel"], (*PAGES, "hub/sentences.py")),
    **dict.fromkeys(["zeroconf", "ifaddr"], ("hub/discovery.py",)),
    "markdown_it": ("content/lesson.py",),
    "nh3": ("content/cleaning.py",),
    "PIL": ("content/rendering.py",),
    "apsw": (*RECORDS, "content/formats/kolibri_database.py"),
    "argon2": ("hub/people/credentials.py",),
    "brotli": ("hub/web/packing.py",),
    "click": ("hub/cli/",),
    "cryptography": ("sync/identity.py", "sync/seal.py", "hub/xapi/signature.py"),
    "defusedxml": ("content/formats/epub.py", "content/formats/trees.py"),
    **dict.fromkeys(["espeakng_loader", "lameenc"], ("hub/sound/voice.py",)),
    "jwt": ("hub/xapi/signature.py",),
    "orjson": ("content/counting.py", "hub/projections/definitions.py", "hub/xapi/reading.py", "hub/xapi/store.py"),
    "libzim": ("content/zim.py",),
    "peewee": (*RECORDS, "hub/jobs.py", "hub/tide/region.py", "sync/journal.py", "sync/schema.py", "sync/store.py"),
    "platformdirs": ("hub/config.py",),
    "playhouse": ("hub/database.py",),
    "prometheus_client": ("hub/web/health.py",),
    "python_multipart": ("hub/xapi/multipart.py",),
    "segno": ("hub/web/install.py",),
    "pypdf": ("content/pdf_reading.py",),
    **dict.fromkeys(["pypdfium2", "tinytag"], ("content/first_picture.py",)),
    "sqlite_utils": ("content/catalogue.py", "content/entries.py"),
    "urllib3": ("hub/tide/link.py", "hub/out/line.py", "hub/collections/line.py"),
    "waitress": ("hub/serve.py", "hub/sending.py"),
    "zstandard": (
        "content/zim_index.py",
        *("sync/batch.py", "sync/runs.py", "sync/shelf.py", "sync/words.py"),
        "hub/web/packing.py",
    ),
}
"""Each library, and the one room that knows it. Services are below the pages, so that none can see a request; the one
below that knows Flask-Babel is where sentences are said, and needs no request for it."""
OURS = {"hub", "content", "sync", *sys.stdlib_module_names}


def _imported(path: Path) -> set[str]:
    """The libraries that a module imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            names.add(node.module.partition(".")[0])
    return names - OURS


PROGRAM = [path for path in FILES if path.relative_to(ROOT).parts[0] in ("hub", "content", "sync")]


@pytest.mark.parametrize("path", PROGRAM, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_library_has_one_home(path: Path) -> None:
    """Whoever wants a library goes to its room; a new library gets one here."""
    where = str(path.relative_to(ROOT))
    assert [name for name in sorted(_imported(path)) if not where.startswith(HOMES.get(name, ()))] == []


def test_every_home_is_lived_in() -> None:
    """No library stands in the table, or is put on a device, that nobody uses."""
    assert {name for path in PROGRAM for name in _imported(path)} == set(HOMES)
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    put_on = {re.split(r"[^\w-]", line)[0].lower() for line in setup["options"]["install_requires"].split()}
    bringing = packages_distributions()
    assert put_on - {owner.lower().replace("_", "-") for name in HOMES for owner in bringing.get(name, [])} == set()
