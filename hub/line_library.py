"""The library of lines to other machines, brought in by the first line: most hubs rest without, and it takes memory."""

import importlib
from typing import Any


def urllib3() -> Any:
    """The library itself; its types are those of `urllib3`, imported for checking alone."""
    return importlib.import_module("urllib3")
