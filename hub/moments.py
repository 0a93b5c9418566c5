"""Moments as ISO 8601 writes them and as this hub counts them: milliseconds since 1970, UTC."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d)(:\d\d(?:[.,]\d+)?)?([Zz]|[+-]\d\d(?::?\d\d)?)?", re.ASCII)
_BASIC = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(?:(\d\d(?:[.,]\d+)?))?(Z|[+-]\d\d(?:\d\d)?)?", re.ASCII)
_NOWHERE = frozenset({"-00", "-0000", "-00:00"})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=1_024)
def moment_ms(value: str) -> int | None:
    """The moment in milliseconds since 1970 (before it: negative), or None when it cannot be read.

    Without an offset it is UTC. A leap second is taken as the second before it. Between day and time stands T or, as
    RFC 3339 allows, t or a space; ISO 8601's basic form, without marks between the numbers, is read as well.
    """
    found = _parted(value)
    if found is None or (found[4] or "") in _NOWHERE:
        return None
    second = (found[3] or "").replace(",", ".")
    second = f":59{second[3:]}" if second.startswith(":60") else second
    try:
        read = datetime.fromisoformat(f"{found[1]}T{found[2]}{second}{(found[4] or 'Z').upper()}")
        return (read - _EPOCH) // timedelta(milliseconds=1)
    except (ValueError, OverflowError):
        return None


def in_utc(value: str) -> str:
    """The same moment in UTC, with every digit of its second as it was; what cannot be read stays as it is."""
    found = _parted(value)
    if found is None or moment_ms(value) is None:
        return value
    try:
        minute = datetime.fromisoformat(f"{found[1]}T{found[2]}{(found[4] or 'Z').upper()}").astimezone(UTC)
    except OverflowError:
        return value
    return f"{minute.isoformat()[:16]}{(found[3] or ':00').replace(',', '.')}Z"


def _parted(value: str) -> re.Match[str] | None:
    """Day, minute, second with its mark, and place; the basic form is written out for it."""
    found = _TIME.fullmatch(value)
    basic = _BASIC.fullmatch(value) if found is None else None
    if basic is None:
        return found
    year, month, day, hour, minute, second, place = basic.groups(default="")
    return _TIME.fullmatch(f"{year}-{month}-{day}T{hour}:{minute}{second and ':'}{second}{place}")


def moment_text(value_ms: int) -> str:
    """Milliseconds since 1970 as an ISO 8601 time in UTC, to the millisecond."""
    return (_EPOCH + timedelta(milliseconds=value_ms)).strftime("%Y-%m-%dT%H:%M:%S.") + f"{value_ms % 1000:03d}Z"
