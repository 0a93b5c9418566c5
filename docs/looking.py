"""What the scripts that take pictures share: a fresh demo behind a real server, and Debian's browser."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright

from hub.config import load
from hub.node import open_node
from tests.fixtures.demo import Demo, seed_home, serve_demo
from tests.fixtures.web import CHROMIUM


@contextmanager
def served_demo() -> Iterator[Demo]:
    """A fresh demo behind a real server, forgotten at the end."""
    with tempfile.TemporaryDirectory() as folder:
        home = seed_home(Path(folder) / "home", {})
        with serve_demo(open_node(home, load(home, {}, {}))) as demo:
            yield demo


def chromium(playwright: Playwright) -> Browser:
    """Debian's browser."""
    return playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
