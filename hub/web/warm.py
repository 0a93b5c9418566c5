"""What was asked for lately, kept in the memory of one process, up to a bound; what is longest unused goes first."""

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key")
Kept = TypeVar("Kept")


class Warm(Generic[Key, Kept]):
    """A memory of so many bytes and so many things. Safe to use from many threads at once."""

    def __init__(self, *, bytes_max: int, one_max: int, count_max: int) -> None:
        """Nothing is kept yet; what has more than `one_max` bytes never is."""
        self._bytes_max, self._one_max, self._count_max = bytes_max, one_max, count_max
        self._kept, self._bytes, self._lock = OrderedDict[Key, tuple[int, Kept]](), 0, Lock()

    def get(self, key: Key) -> Kept | None:
        """What was kept under a key, or None."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[1]

    def put(self, key: Key, thing: Kept, *, size_bytes: int) -> None:
        """Keep something under a key that always means the same; safe to repeat."""
        if size_bytes > self._one_max:
            return
        with self._lock:
            if key not in self._kept:
                self._kept[key] = size_bytes, thing
                self._bytes += size_bytes
            while self._bytes > self._bytes_max or len(self._kept) > self._count_max:
                self._bytes -= self._kept.popitem(last=False)[1][0]
