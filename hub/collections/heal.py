"""Mend the shelf from other hubs: a file that the disk has changed is fetched again by its hash, and compared."""

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from content.errors import ContentError
from content.incoming import Incoming
from content.package import Manifest
from content.shelf import Problem
from hub import library
from hub.collections import sources, subscriptions
from hub.collections.gather import Gathering, page_name
from hub.collections.pace import Halted, Pace
from hub.errors import HubError
from hub.node import Node
from hub.tide import peers
from sync import shelf
from sync.errors import SyncError

MISTAKES = (HubError, SyncError, ContentError, Halted)
Sleep = Callable[[float], None]


@dataclass(frozen=True)
class Healed:
    """What was wrong, and what of it still is."""

    found: tuple[Problem, ...]
    left: tuple[Problem, ...]


def heal(node: Node, *, sleep: Sleep = time.sleep) -> Healed:
    """Look through the whole shelf and fetch again what is not whole. What no hub has stays as it is, and is said."""
    return mend(node, library.verify(node), sleep=sleep)


def mend(node: Node, found: Sequence[Problem], *, sleep: Sleep = time.sleep) -> Healed:
    """Fetch these again, which were found not to be whole, and compare them."""
    if not found:
        return Healed((), ())
    with ExitStack() as stack:
        if not stack.enter_context(sources.alone(node)):
            return Healed(tuple(found), tuple(found))
        known = list(sources.reachable(node, pause=sleep))
        for source in known:
            stack.callback(source.close)
        incoming = library.incoming_of(node)
        gathering = Gathering(node, incoming, known, Pace(node, lambda: None, sleep=sleep))
        for package in sorted({each.package for each in found if each.what == "manifest"}):
            _manifest(node, incoming, gathering, package)
        _files(node, incoming, gathering, [each for each in found if each.what != "manifest"])
    return Healed(tuple(found), tuple(each for each in found if not _is_whole(node, each)))


def clear_away(node: Node) -> None:
    """At the worker's start: drop parts of files and pages that no collection here waits for any more."""
    with sources.alone(node) as is_alone:
        if is_alone:
            library.incoming_of(node).clear(_pages(node))


def _pages(node: Node) -> Iterator[str]:
    """The pages about packages that are to come, from whichever hub."""
    hubs = [peer.hub for peer in peers.peers(node)]
    for taken in subscriptions.subscriptions(node):
        for each in taken.collection.packages:
            for kind, hub in itertools.product((shelf.MANIFEST, shelf.CHUNKS), hubs):
                yield page_name(kind, each.id, each.digest, hub)


def _manifest(node: Node, incoming: Incoming, gathering: Gathering, package: str) -> None:
    """A package whose manifest cannot be read: the journal remembers its digest, so another hub's copy will do."""
    digest = library.told_digest(node, package)
    if not digest:
        return
    try:
        gathering.bring(package, digest)
    except MISTAKES:
        incoming.forget(package)


def _is_whole(node: Node, problem: Problem) -> bool:
    """Whether a file or a manifest is as it should be now."""
    manifest = node.shelf.standing(problem.package)
    if problem.what == "manifest" or manifest is None or problem.path not in manifest.files:
        return manifest is not None
    entry = manifest.files[problem.path]
    return node.shelf.state(entry.sha256, size=entry.size) == "whole"


def _files(node: Node, incoming: Incoming, gathering: Gathering, problems: Sequence[Problem]) -> None:
    wanted: dict[str, int] = {}
    for each in problems:
        manifest = node.shelf.standing(each.package)
        if isinstance(manifest, Manifest):
            entry = manifest.files[each.path]
            wanted[entry.sha256] = entry.size
    for sha256, size in wanted.items():
        try:
            gathering.files({sha256: size}, {})
        except MISTAKES:
            continue
