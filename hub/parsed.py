"""JSON that was read already: bytes that carry what they say, so that nobody on their way reads them twice."""

import json
from typing import Any


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
