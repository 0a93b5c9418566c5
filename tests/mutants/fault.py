"""One deliberate fault: a text in a file of the program, what stands there instead, and who must notice."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Fault:
    """`old` stands exactly once in `file` (a path below the root) and becomes `new`; one of `tests` must then fail.

    `tests` are words after `pytest`: files, or tests in them.
    """

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def count(self, root: Path = ROOT) -> int:
        """How often `old` stands in its file; 0 when there is no such file."""
        path = root / self.file
        return path.read_text(encoding="utf-8").count(self.old) if path.is_file() else 0


def found(name: str, file: str, old: str, new: str, *tests: str) -> Fault:
    """A fault; `tests` without their folder and ending: `xapi_same::test_x` is tests/test_xapi_same.py::test_x."""
    words = []
    for test in tests:
        module, _, inner = test.partition("::")
        words.append(f"tests/test_{module}.py" + (f"::{inner}" if inner else ""))
    return Fault(name, file, old, new, tuple(words))
