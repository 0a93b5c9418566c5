"""The connections of a database, one of each thread, and where its server runs."""

import threading
from contextlib import suppress
from ipaddress import ip_address
from typing import Any

import apsw


class Tracked:
    """Remembers each thread's connection, so that all can be closed when the node closes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connections: list[Any] = []

    def add(self, connection: Any) -> Any:
        """Remember one; returns it."""
        with self._lock:
            self._connections.append(connection)
        return connection

    def close(self) -> None:
        """Close all; one that a thread still reads with, after the servers gave up waiting for it, goes with it."""
        with self._lock:
            for connection in self._connections:
                with suppress(apsw.ThreadingViolationError):
                    connection.close()
            self._connections.clear()


def is_another_machine(server: str | None, client: str | None) -> bool:
    """Whether the two ends of a connection, each an address or None for a socket, are two machines."""
    return server is not None and server != client and not ip_address(server).is_loopback
