"""Bytes over the wire: of each first view with everything in it, its script, a later view; Kolibri's beside."""

from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure
from bench.hub import Browser, View, served

FIRST_MOST_KIB = 100.0
SCRIPT_MOST_KIB = 30.0
LATER_MOST_KIB = 20.0
LIGHTER_LEAST = 10.0
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


KIB = 1024
KOLIBRI = {
    "sign-in": ("guest", "/people/sign-in/", 25, 2_860_000, 574_000, 130_000),
    "learner's home": ("child", "/", 27, 2_280_000, 729_000, 164_000),
    "library": ("child", "/library/", 31, 2_280_000, 729_000, 164_000),
    "exercise": ("child", "/learn/safe-water.en/check-yourself/", 31, 3_940_000, 1_820_000, 164_000),
}
"""Kolibri 0.19.5, measured on 2026-11-23 in Chromium, as transferred: what a page is, ours that is like it, and theirs
in requests and bytes of a first view, of its script, and of the HTML that each later view costs. Bytes and requests
do not depend on the machine."""


def measure(home: Path) -> Iterator[Figure]:
    """All figures of this block."""
    most_script = 0.0
    views: dict[tuple[str, str], View] = {}
    with served(home) as hub:
        for role, path in VIEWS:
            browser = Browser(hub.port)
            if role != "guest":
                browser.look_as(role)
            views[role, path] = view = browser.view(path)
            most_script = max(most_script, view.script / KIB)
            yield Figure(f"{role} {path}, first view", view.first / KIB, "KiB", most=FIRST_MOST_KIB)
            yield Figure(f"{role} {path}, later", view.later / KIB, "KiB", most=LATER_MOST_KIB)
    yield Figure("script of any of them", most_script, "KiB", most=SCRIPT_MOST_KIB)
    for name, (role, path, *theirs) in KOLIBRI.items():
        yield from _beside(name, views[role, path], theirs)


def _beside(name: str, ours: View, theirs: list[int]) -> Iterator[Figure]:
    """How many times more Kolibri sends."""
    requests, first, script, later = theirs
    yield Figure(f"Kolibri's {name}: requests against ours", requests / ours.requests, "times", least=1)
    yield Figure(f"Kolibri's {name}: first view against ours", first / ours.first, "times", least=LIGHTER_LEAST)
    yield Figure(f"Kolibri's {name}: script against ours", script / max(1, ours.script), "times", least=LIGHTER_LEAST)
    yield Figure(f"Kolibri's {name}: later view against ours", later / ours.later, "times", least=LIGHTER_LEAST)
