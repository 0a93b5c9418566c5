"""The hubs that packages can be fetched from, the nearest first: who was heard on the local network, then other
neighbours, then the region. A neighbour costs no internet; the region is asked for what nobody nearer has.
"""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hub.collections.line import Line, Stretch
from hub.node import Node
from hub.tide import neighbours, peers
from hub.tide.link import Link
from hub.tide.peers import Peer
from sync import protocol

SMALL_BYTES = 256 * 1024
"""Files up to this travel many at once, packed together; longer ones by themselves, in ranges."""

Pause = Callable[[float], None]

LOCK_NAME = "fetch.lock"


@contextmanager
def alone(node: Node) -> Iterator[bool]:
    """Whether nobody else of this home fetches just now; the lock goes with the process, however that ends."""
    with (node.home / LOCK_NAME).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


class Source:
    """One hub that is asked, and the way to it."""

    def __init__(self, node: Node, peer: Peer, url: str, *, pause: Pause = time.sleep) -> None:
        self.peer = peer
        self._own = node.identity
        self._link = Link(url, randomness=node.randomness, pause=pause)
        self._line = Line(url)

    @property
    def carried(self) -> int:
        """What went and came on the way to it."""
        return self._link.bytes_up + self._link.bytes_down + self._line.bytes

    def ask(self, name: str, body: bytes) -> bytes:
        """Send one message about shelves; the body of the answer. Raises a HubError or a SyncError."""
        asked = protocol.request(self._own, self.peer.hub, name, body)
        return protocol.open_answer(self.peer.hub, name, asked, self._link(name, asked))

    def stretch(self, sha256: str, *, start: int, size: int) -> Stretch:
        """Ask for a long file from a byte on. Raises a HubError."""
        return self._line.stretch(sha256, protocol.ticket(self._own, self.peer.hub, sha256), start=start, size=size)

    def close(self) -> None:
        """Let the connections go."""
        self._link.close()
        self._line.close()


def reachable(node: Node, *, pause: Pause = time.sleep) -> Iterator[Source]:
    """Every hub that we exchange with and know an address of, the nearest first."""
    listened = neighbours.listened(node)
    heard = {hub.hub: hub.url for hub in listened.hubs} if listened else {}
    known = [(peer, heard.get(peer.hub) or peer.url) for peer in peers.peers(node)]
    for peer, url in sorted(known, key=lambda each: (each[0].hub not in heard, "region" in each[0].sends)):
        if url:
            yield Source(node, peer, url, pause=pause)
