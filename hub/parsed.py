"""JSON that was read already: bytes that carry what they say, and what follows from values that come again."""

import json
import marshal
from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")

REMEMBERED_BYTES_MAX = 2_000
"""What follows from larger values is not remembered."""


class Read(bytes):
    """JSON, verbatim, with the `value` that was read from it."""

    value: Any

    @classmethod
    def of(cls, raw: bytes, value: Any) -> "Read":
        """These bytes, of which it is known what they say."""
        made = cls(raw)
        made.value = value
        return made


def value_of(data: bytes) -> Any:
    """What JSON says. Raises ValueError or RecursionError when it is none."""
    return data.value if isinstance(data, Read) else json.loads(data)


class Memory(Generic[T]):
    """What follows from JSON values, of the last `most` to twice as many different ones that were put in or found."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._new: dict[bytes, T] = {}
        self._old: dict[bytes, T] = {}

    def find(self, said: bytes) -> T | None:
        """What was put in under a value's bytes, None when that is forgotten or never was."""
        found = self._new.get(said)
        if found is None and (found := self._old.get(said)) is not None:
            self.put(said, found)
        return found

    def put(self, said: bytes, found: T) -> None:
        """Remember what follows from a value, unless that is large."""
        if len(said) > REMEMBERED_BYTES_MAX:
            return
        if len(self._new) >= self._most:
            self._old, self._new = self._new, {}
        self._new[said] = found


def bytes_of(value: Any) -> bytes:
    """Bytes that differ for different JSON values, made more quickly than JSON."""
    return marshal.dumps(value, 0)


def remembered(function: Callable[[Any], T], most: int) -> Callable[[Any], T]:
    """The same pure function of a JSON value, which never gives None, quick for values that come again and again."""
    memory: Memory[T] = Memory(most)

    def quickly(value: Any) -> T:
        said = bytes_of(value)
        found = memory.find(said)
        if found is None:
            found = function(value)
            memory.put(said, found)
        return found

    return quickly
