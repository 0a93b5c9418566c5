"""When two statements say the same (xAPI 1.0.3 part 2, 2.3.1): what a sender may write in another way is left out."""

from typing import Any

from hub.moments import moment_ms

_OUTSIDE = frozenset({"id", "authority", "stored", "timestamp", "version", "attachments"})
_DEFAULTS = {"objectType": ("Agent", "Activity")}
_LETTER_CASE = frozenset({"registration", "mbox", "mbox_sha1sum", "language"})


def same(first: dict[str, Any], second: dict[str, Any]) -> bool:
    """Whether the two are one statement by the standard's comparison."""
    moments = [moment_ms(str(each["timestamp"])) for each in (first, second) if "timestamp" in each]
    return _plain(first) == _plain(second) and len(set(moments)) <= 1


def _plain(statement: dict[str, Any]) -> dict[str, Any]:
    return {name: _part(name, value) for name, value in statement.items() if name not in _OUTSIDE}


def _part(name: str, value: Any) -> Any:
    if name == "extensions":
        return value
    if name == "contextActivities":
        return {kind: _sorted(rows if isinstance(rows, list) else [rows]) for kind, rows in value.items()}
    if isinstance(value, dict):
        return {inner: _part(inner, part) for inner, part in value.items() if not _is_left_out(name, inner, part)}
    if name == "member":
        return _sorted(value)
    if isinstance(value, list):
        return [_part("", row) for row in value]
    return value.lower() if name in _LETTER_CASE and isinstance(value, str) else value


def _is_left_out(outer: str, name: str, value: Any) -> bool:
    return (
        name in ("definition", "attachments", "timestamp")
        or (outer == "verb" and name == "display")
        or (isinstance(value, str) and value in _DEFAULTS.get(name, ()))
    )


def _sorted(rows: list[Any]) -> list[Any]:
    return sorted((_part("", row) for row in rows), key=repr)
