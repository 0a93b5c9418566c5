"""Take a package off the shelf so that it can be brought back for some days, within the room that a setting gives."""

from content import aside
from content.aside import Aside
from hub import jobs, library
from hub.node import Node

CLEAR_JOB = "aside.clear"
DAY_MS = 86_400_000


def take_off(node: Node, package_id: str) -> tuple[str, int]:
    """Take a package off; returns its key, or "" when it is gone, and how many bytes that freed.

    A damaged one, and one larger than all that may lie aside, is gone at once. What people learned from it stays.
    Raises PackageUnknown or ShelfBusy.
    """
    manifest = node.shelf.standing(package_id)
    settings = node.settings
    if manifest is None or not settings.aside_days or manifest.size_bytes > settings.aside_max:
        return "", library.remove(node, package_id)
    key = aside.put_aside(node.shelf, package_id, now_ms=node.clock.now_ms())
    library.stands_no_more(node, package_id)
    return key, let_go(node)


def bring_back(node: Node, key: str) -> str:
    """Put it on the shelf again as it was; returns its title. Raises PackageUnknown, StandsAgain, ShelfBusy."""
    manifest = aside.bring_back(node.shelf, key)
    library.stands_again(node, manifest)
    return manifest.title


def listed(node: Node) -> list[tuple[Aside, int]]:
    """What can be brought back, the latest first, each with how long it will lie aside at most (ms)."""
    now, kept_ms = node.clock.now_ms(), node.settings.aside_days * DAY_MS
    return [(each, max(0, each.since_ms + kept_ms - now)) for each in aside.aside(node.shelf)]


def forget(node: Node, key: str = "") -> int:
    """Let go of one, or of all; returns how many bytes that freed. Raises ShelfBusy."""
    keys = [key] if key else [each.key for each in aside.aside(node.shelf)]
    return sum(aside.forget(node.shelf, each).size_bytes for each in keys)


def is_clearing_due(node: Node) -> bool:
    """Whether the days of something have passed, and nobody lets go of it yet."""
    return bool(_spent(node)) and not jobs.unfinished(node, kind=CLEAR_JOB)


def let_go(node: Node) -> int:
    """Let go of what has lain aside for its days, and of the oldest beyond the room; returns the bytes freed."""
    return sum(aside.forget(node.shelf, each.key).size_bytes for each in _spent(node))


def _spent(node: Node) -> list[Aside]:
    """What has lain aside for its days, and the oldest beyond the room for them."""
    spent, room = [], node.settings.aside_max
    for each, left_ms in listed(node):
        room -= each.manifest.size_bytes
        if not left_ms or room < 0:
            spent.append(each)
    return spent
