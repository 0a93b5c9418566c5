"""JSON that was read already: bytes that carry what they say, and what follows from values that come again."""

import json
import marshal
from collections.abc import Callable
from typing import Any, TypeVar

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


def remembered(function: Callable[[Any], T], most: int) -> Callable[[Any], T]:
    """The same pure function of a JSON value, quick for values it was given before; it remembers `most` of them."""
    known: dict[bytes, T] = {}

    def quickly(value: Any) -> T:
        said = marshal.dumps(value, 0)
        if said in known:
            return known[said]
        found = function(value)
        if len(said) <= REMEMBERED_BYTES_MAX:
            if len(known) >= most:
                known.clear()
            known[said] = found
        return found

    return quickly
