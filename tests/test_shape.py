"""The shape of the code: small files, small functions, a sentence on each."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FUNCTION_LINES_MAX = 50
FILE_LINES_MAX = 400
FOLDERS = ("hub", "content", "sync", "tests", "bench", "docs", "deploy")
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
