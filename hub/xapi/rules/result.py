"""How it went: results and scores (xAPI 1.0.3 part 2, 2.4.5)."""

from typing import Any

from hub.xapi.rules.values import Check, duration, extensions, number, table, text, truth, wrong


def result(value: Any, at: str) -> None:
    """Score, success, completion, response, duration, extensions; all of them optional."""
    table(value, at, _RESULT)


def _score(value: Any, at: str) -> None:
    table(value, at, _SCORE)
    low, high, raw = value.get("min"), value.get("max"), value.get("raw")
    if low is not None and high is not None and low >= high:
        wrong(at, "must have min below max")
    if raw is not None and ((low is not None and raw < low) or (high is not None and raw > high)):
        wrong(f"{at}.raw", "must lie between min and max")


def _scaled(value: Any, at: str) -> None:
    number(value, at)
    if not -1 <= value <= 1:
        wrong(at, "must lie between -1 and 1")


_SCORE: dict[str, Check] = {"scaled": _scaled, "raw": number, "min": number, "max": number}
_RESULT: dict[str, Check] = {
    "score": _score,
    "success": truth,
    "completion": truth,
    "response": text,
    "duration": duration,
    "extensions": extensions,
}
