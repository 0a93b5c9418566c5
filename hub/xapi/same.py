"""When two statements say the same (xAPI 1.0.3 part 2, 2.3.1): what a sender may write in another way is left out.

Left out: what the store itself assigns, displays of verbs, definitions of activities, attachments, how a moment is
written, the order of members, the case of letters where it says nothing. Everything else counts, `true` and 1 included.
"""

import re
from typing import Any

from hub.moments import moment_ms

_OUTSIDE = frozenset({"id", "authority", "stored", "timestamp", "version", "attachments"})
_DEFAULTS = {"objectType": ("Agent", "Activity")}
_LETTER_CASE = frozenset({"registration", "mbox_sha1sum", "language"})
_SECONDS = re.compile(r"[.,](\d{1,2})\d*S$", re.ASCII)


def same(first: dict[str, Any], second: dict[str, Any], *, line: str = "1.0") -> bool:
    """Whether the two are one statement by the standard's comparison.

    `line` is the version spoken: 1.0 compares durations as texts, 2.0 leaves out what is finer than 0.01 s. Neither
    needs to be right: what is no statement is the same as nothing but itself.
    """
    moments = [moment_ms(str(each["timestamp"])) for each in (first, second) if "timestamp" in each]
    return _top(first, line) == _top(second, line) and len(set(moments)) <= 1


def _top(statement: dict[str, Any], line: str) -> dict[str, Any]:
    plain = {name: _part(name, value) for name, value in statement.items() if name not in _OUTSIDE}
    if line != "1.0":
        _shorten(plain)
    return plain


def _shorten(statement: Any) -> None:
    """Leave out of durations, also of a statement within, what is finer than a hundredth of a second."""
    if isinstance(statement, dict):
        result = statement.get("result")
        if isinstance(result, dict) and isinstance(result.get("duration"), str):
            result["duration"] = _SECONDS.sub(_hundredths, result["duration"])
        _shorten(statement.get("object"))


def _hundredths(found: re.Match[str]) -> str:
    return f".{found[1]}".rstrip("0").rstrip(".") + "S"


def _part(name: str, value: Any) -> Any:
    if name == "extensions":
        return _exact(value)
    if name == "contextActivities" and isinstance(value, dict):
        return {kind: _part(kind, rows if isinstance(rows, list) else [rows]) for kind, rows in value.items()}
    if isinstance(value, dict):
        plain = {inner: _part(inner, part) for inner, part in value.items() if not _is_left_out(name, inner, part)}
        if value.get("objectType") == "StatementRef":
            plain["id"] = str(value.get("id")).lower()
        return plain
    if isinstance(value, list):
        plain_rows = [_part("", row) for row in value]
        return sorted(plain_rows, key=repr) if name == "member" else plain_rows
    return _text(name, value) if isinstance(value, str) else _exact(value)


def _text(name: str, value: str) -> Any:
    """A text without what does not count in it; only the part of a mail address after its @ has no case."""
    if name == "mbox":
        mailbox, at, domain = value.rpartition("@")
        return mailbox + at + domain.lower()
    if name == "timestamp":
        return moment_ms(value)
    return value.lower() if name in _LETTER_CASE else value


def _exact(value: Any) -> Any:
    """The value, with truth kept apart from numbers: Python takes True and 1 for equal."""
    if isinstance(value, dict):
        return {name: _exact(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_exact(part) for part in value]
    return (value,) if isinstance(value, bool) else value


def _is_left_out(outer: str, name: str, value: Any) -> bool:
    return (
        name in ("definition", "attachments")
        or (outer == "verb" and name == "display")
        or (isinstance(value, str) and value in _DEFAULTS.get(name, ()))
    )
