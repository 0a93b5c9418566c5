"""Read JSON as strictly as learning records need it: what two readers could take differently is refused.

No key twice, no NaN, no lone surrogates, no depth or size without a limit.
"""

import json
import re
from typing import Any, NoReturn

from hub.errors import StatementTooLarge, StatementWrong

STATEMENT_BYTES_MAX = 60 * 1024
"""One statement with what the hub writes round it must fit into one entry of the journal (64 KiB)."""
BATCH_MAX = 1_000
"""Statements in one request."""
DEPTH_MAX = 64
"""Tables within tables; no statement has ten, and readers that call themselves have an end."""
DIGITS_MAX = 100
"""Digits of one whole number."""

_GAP = re.compile(r"[ \t\r\n,]*")


def read(data: bytes) -> Any:
    """The value that UTF-8 JSON stands for. Raises StatementWrong when it is not JSON, or not one JSON only."""
    try:
        text = data.decode()
        value = json.loads(
            text, object_pairs_hook=_once, parse_constant=_no_constant, parse_float=_finite, parse_int=_whole
        )
    except (ValueError, RecursionError) as mistake:
        raise StatementWrong(f"This is not readable JSON ({mistake}); nothing was kept.") from None
    _check_depth(value)
    _check_letters(value, text)
    return value


def split(data: bytes) -> list[bytes]:
    """A body with one statement, or a list of them, as the bytes of each, verbatim.

    Raises StatementWrong when the body is no JSON, StatementTooLarge when it holds too many or too large ones.
    """
    value = read(data)
    if not isinstance(value, list):
        return [check_size(data.strip())]
    if len(value) > BATCH_MAX:
        raise StatementTooLarge(f"At most {BATCH_MAX} statements go into one request; nothing was kept.")
    return [check_size(part.encode()) for part in _parts(data.decode())]


def check_size(raw: bytes) -> bytes:
    """The same bytes. Raises StatementTooLarge."""
    if len(raw) > STATEMENT_BYTES_MAX:
        raise StatementTooLarge(f"A statement may have {STATEMENT_BYTES_MAX} bytes, not {len(raw)}; nothing was kept.")
    return raw


def _parts(text: str) -> list[str]:
    """The texts between the commas of a list that is known to be right."""
    decoder, parts = json.JSONDecoder(), []
    at = _past_gap(text, text.index("[") + 1)
    while text[at] != "]":
        _, end = decoder.raw_decode(text, at)
        parts.append(text[at:end])
        at = _past_gap(text, end)
    return parts


def _past_gap(text: str, at: int) -> int:
    found = _GAP.match(text, at)
    return found.end() if found else at


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
