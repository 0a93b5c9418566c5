"""Moments as ISO 8601 writes them and as this hub counts them: milliseconds since 1970, UTC."""

import re
from datetime import UTC, datetime, timedelta

_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)(Z|[+-]\d\d(?::?\d\d)?)?", re.ASCII)
_LEAP = re.compile(r"(T\d\d:\d\d):60")
_NOWHERE = frozenset({"-00", "-0000", "-00:00"})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment_ms(value: str) -> int | None:
    """The moment in milliseconds since 1970 (before it: negative), or None when it cannot be read.

    Without an offset it is UTC. A leap second is taken as the second before it.
    """
    found = _TIME.fullmatch(value)
    if found is None or (found[2] or "") in _NOWHERE:
        return None
    try:
        read = datetime.fromisoformat(_LEAP.sub(r"\1:59", found[1].replace(",", ".")) + (found[2] or "Z"))
        return (read - _EPOCH) // timedelta(milliseconds=1)
    except (ValueError, OverflowError):
        return None


def moment_text(value_ms: int) -> str:
    """Milliseconds since 1970 as an ISO 8601 time in UTC, to the millisecond."""
    return (_EPOCH + timedelta(milliseconds=value_ms)).strftime("%Y-%m-%dT%H:%M:%S.") + f"{value_ms % 1000:03d}Z"
