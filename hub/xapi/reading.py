"""Read JSON as strictly as learning records need it: what two readers could take differently is refused.

No key twice, no NaN, no lone surrogates, no depth or size without a limit.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

import orjson

from hub.errors import StatementTooLarge, StatementWrong
from hub.parsed import Read

STATEMENT_BYTES_MAX = 60 * 1024
"""One statement with what the hub writes round it must fit into one entry of the journal (64 KiB)."""
BATCH_MAX = 1_000
"""Statements in one request."""
DEPTH_MAX = 64
"""Tables within tables; no statement has ten, and readers that call themselves have an end."""
DIGITS_MAX = 100
"""Digits of one whole number."""

_GAP = re.compile(r"[ \t\r\n]*")
_SPACES = b" \t\r\n"


def read(data: bytes) -> Any:
    """The value that UTF-8 JSON stands for. Raises StatementWrong when it is not JSON, or not one JSON only."""
    if isinstance(data, Read):
        return data.value
    value = _if_compact(data)
    if value is not _UNSURE:
        return value
    text = _text(data)
    value = _if_written_plainly(text)
    return _strictly(text) if value is _UNSURE else value


def split(data: bytes, *, most: int = BATCH_MAX, largest: int = STATEMENT_BYTES_MAX) -> list[Read]:
    """A body with one statement, or a list of at most `most`, as the bytes of each, verbatim, at most `largest`.

    Raises StatementWrong when the body is no JSON, StatementTooLarge when it holds too many or too large ones.
    """
    if not data.lstrip(_SPACES).startswith(b"["):
        raw = check_size(data.strip(_SPACES), largest)
        return [Read.of(raw, read(raw))]
    whole = _if_compact(data, within=most * DEPTH_MAX)
    if isinstance(whole, list) and len(whole) <= most:
        rows = [(orjson.dumps(value), value) for value in whole]
        return [Read.of(check_size(raw, largest), _or_read(raw, value)) for raw, value in rows]
    try:
        parts = list(_parts(_text(data), most))
    except (ValueError, RecursionError) as mistake:
        raise _unreadable(mistake) from None
    return [Read.of(check_size(raw, largest), read(raw) if value is _UNSURE else value) for raw, value in parts]


def _or_read(raw: bytes, value: Any) -> Any:
    """A value that is known already, unless its text may be deep."""
    return value if raw.count(b"{") + raw.count(b"[") <= DEPTH_MAX else read(raw)


def check_size(raw: bytes, largest: int = STATEMENT_BYTES_MAX) -> bytes:
    """The same bytes. Raises StatementTooLarge."""
    if len(raw) > largest:
        raise StatementTooLarge(f"A statement may have {largest} bytes, not {len(raw)}; nothing was kept.")
    return raw


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except ValueError as mistake:
        raise _unreadable(mistake) from None


def _unreadable(mistake: Exception) -> StatementWrong:
    return StatementWrong(f"This is not readable JSON ({mistake}); nothing was kept.")


def _parts(text: str, most: int) -> Iterator[tuple[bytes, Any]]:
    """The values of a list one by one, each as its bytes and what they say; `_UNSURE` where it has to be looked at."""
    at = _past_gap(text, text.index("[") + 1)
    count, is_last = 0, text.startswith("]", at)
    while not is_last:
        value, end = _PLAIN.raw_decode(text, at)
        part = text[at:end]
        yield part.encode(), value if _is_plain(part, value) else _UNSURE
        at, count = _past_gap(text, end), count + 1
        is_last = text.startswith("]", at)
        if not is_last and not text.startswith(",", at):
            raise ValueError(f"a comma or the end of the list is missing: char {at}")
        if count == most and not is_last:
            raise StatementTooLarge(f"At most {most} statements go into one request; nothing was kept.")
        at = at if is_last else _past_gap(text, at + 1)
    if _past_gap(text, at + 1) != len(text):
        raise ValueError(f"something stands behind the list: char {at + 1}")


def _past_gap(text: str, at: int) -> int:
    found = _GAP.match(text, at)
    return found.end() if found else at


def _if_compact(data: bytes, within: int = DEPTH_MAX) -> Any:
    """The value of a text that says nothing but what writing its value again says, without a space; else `_UNSURE`.

    Such a text has every key once, and no number or letter that another reader would take differently. `within` is the
    most tables it may have, whatever stands in what.
    """
    try:
        value = orjson.loads(data)
        is_compact = orjson.dumps(value) == data and data.count(b"{") + data.count(b"[") <= within
    except (ValueError, TypeError):
        return _UNSURE
    return value if is_compact else _UNSURE


def _if_written_plainly(text: str) -> Any:
    """The value of a text of which it is quickly known that it is right, `_UNSURE` for every other."""
    try:
        value = _PLAIN.decode(text)
    except (ValueError, RecursionError):
        return _UNSURE
    return value if _is_plain(text, value) else _UNSURE


def _is_plain(text: str, value: Any) -> bool:
    """Whether a text is, sign for sign, what writing its value makes of it, and not deep.

    Then no key stands twice, every number is one, and no letter is half. Most tools write so; it is proved in a
    quarter of the time that looking at each part takes.
    """
    if "\\u" in text or text.count("{") + text.count("[") > DEPTH_MAX:
        return False
    try:
        return _COMPACT(value) == text or _SPACED(value) == text
    except (ValueError, TypeError):
        return False


def _strictly(text: str) -> Any:
    """The value of any text, looked at part by part. Raises StatementWrong."""
    try:
        value = json.loads(
            text, object_pairs_hook=_once, parse_constant=_no_constant, parse_float=_finite, parse_int=_whole
        )
    except (ValueError, RecursionError) as mistake:
        raise _unreadable(mistake) from None
    _check_depth(value)
    _check_letters(value, text)
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return table


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError("a number is too large")
    return value


def _whole(text: str) -> int:
    if len(text) > DIGITS_MAX:
        raise ValueError("a number is too long")
    return int(text)


def _check_depth(value: Any) -> None:
    level, depth = [value], 0
    while level:
        if depth > DEPTH_MAX:
            raise StatementWrong(f"Tables stand more than {DEPTH_MAX} deep within tables; nothing was kept.")
        deeper: list[Any] = []
        for each in level:
            if isinstance(each, dict):
                deeper += each.values()
            elif isinstance(each, list):
                deeper += each
        level, depth = [each for each in deeper if isinstance(each, dict | list)], depth + 1


def _check_letters(value: Any, text: str) -> None:
    r"""Refuse half a letter: `\ud800` alone is JSON, but no text in any database."""
    if "\\u" not in text and "\\U" not in text:
        return
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise StatementWrong("A text holds half a letter (a lone surrogate); nothing was kept.") from None


_UNSURE: Any = object()
_PLAIN = json.JSONDecoder(parse_constant=_no_constant, parse_int=_whole)
_COMPACT = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
_SPACED = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
