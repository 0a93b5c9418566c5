"""Hubs of this process, and their pages over real HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hub.config import load
from hub.node import Node, make_home, open_node
from tests.fixtures.web import listening
from tests.fixtures.web import run as serve


@contextmanager
def opened(home: Path, **flags: object) -> Iterator[Node]:
    """A hub in a new home."""
    make_home(home)
    node = open_node(home, load(home, flags, {}))
    try:
        yield node
    finally:
        node.close()


@contextmanager
def served(node: Node) -> Iterator[str]:
    """Where its pages are, over real HTTP."""
    sockets = [listening(), listening()]
    stop = serve(node, sockets)
    try:
        yield f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
    finally:
        stop()
