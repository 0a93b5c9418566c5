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


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_has_one_job(path: Path) -> None:
    """No file over 400 lines, and each opens by saying what it is for."""
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= FILE_LINES_MAX
    assert ast.get_docstring(ast.parse(text)), "the module opens without a docstring"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_function_fits_one_look(path: Path) -> None:
    """No function over 50 lines."""
    sizes = {function.name: (function.end_lineno or 0) - function.lineno + 1 for function in _functions(path)}
    assert {name: size for name, size in sizes.items() if size > FUNCTION_LINES_MAX} == {}


@pytest.mark.parametrize("path", sorted((ROOT / "tests").glob("test_*.py")), ids=lambda path: path.name)
def test_a_test_says_what_it_pins(path: Path) -> None:
    """Every test carries a docstring."""
    silent = [each.name for each in _functions(path) if each.name.startswith("test_") and not ast.get_docstring(each)]
    assert silent == []


def test_the_environment_is_read_in_one_place() -> None:
    """Only hub.config and the commands' shared options look at the environment."""
    readers = [path for path in FILES if path.is_relative_to(ROOT / "hub") and "os.environ" in path.read_text("utf-8")]
    assert {str(path.relative_to(ROOT)) for path in readers} <= {"hub/config.py", "hub/cli/options.py"}
