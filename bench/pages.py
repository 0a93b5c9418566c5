"""Bytes over the wire: of each first view with everything in it, of its script, and of a later view."""

from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure
from bench.hub import Browser, served

FIRST_MOST_KIB = 100.0
SCRIPT_MOST_KIB = 30.0
LATER_MOST_KIB = 20.0
VIEWS = (
    ("guest", "/"),
    ("guest", "/people/sign-in/"),
    ("child", "/"),
    ("child", "/learn/"),
    ("child", "/library/"),
    ("child", "/library/?q=water"),
    ("child", "/library/safe-water.en/"),
    ("child", "/learn/safe-water.en/clear-is-not-safe/"),
    ("child", "/learn/safe-water.en/check-yourself/"),
    ("guardian", "/"),
    ("facilitator", "/"),
    ("facilitator", "/learn/classes/"),
    ("facilitator", "/outcomes/"),
    ("librarian", "/status/"),
    ("steward", "/status/tide/"),
    ("region", "/"),
)
"""Whose view, of which page."""


def measure(home: Path) -> Iterator[Figure]:
    """All figures of this block."""
    most_script = 0.0
    with served(home) as hub:
        for role, path in VIEWS:
            browser = Browser(hub.port)
            if role != "guest":
                browser.look_as(role)
            first, script, later = browser.view(path)
            most_script = max(most_script, script / 1024)
            yield Figure(f"{role} {path}, first view", first / 1024, "KiB", most=FIRST_MOST_KIB)
            yield Figure(f"{role} {path}, later", later / 1024, "KiB", most=LATER_MOST_KIB)
    yield Figure("script of any of them", most_script, "KiB", most=SCRIPT_MOST_KIB)
