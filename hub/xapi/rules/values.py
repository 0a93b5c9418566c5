"""The small values that statements are made of: addresses, ids, languages, times, numbers.

Every function takes a value and where it stands (such as `actor.mbox`), and raises StatementWrong with that place.
"""

import re
from collections.abc import Callable, Collection
from typing import Any, NoReturn

from hub.errors import StatementWrong
from hub.moments import moment_ms
from hub.parsed import Memory, bytes_of

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x20\x7f<>\"{}|\\^`]+")
_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_LANGUAGE = re.compile(
    r"(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4}|[A-Za-z]{5,8}|[xXiI](?:-[A-Za-z0-9]{1,8})+)"
    r"(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
    r"(?:-[A-WYZa-wyz0-9](?:-[A-Za-z0-9]{2,8})+)*(?:-[xX](?:-[A-Za-z0-9]{1,8})+)?"
)
_WEEKS = re.compile(r"P\d+(?:[.,]\d+)?W", re.ASCII)
_DURATION = re.compile(
    r"P(?=[\dT])(?:\d+(?:[.,]\d+)?Y)?(?:\d+(?:[.,]\d+)?M)?(?:\d+(?:[.,]\d+)?D)?"
    r"(?:T(?=\d)(?:\d+(?:[.,]\d+)?H)?(?:\d+(?:[.,]\d+)?M)?(?:\d+(?:[.,]\d+)?S)?)?",
    re.ASCII,
)
_FRACTION_WITHIN = re.compile(r"[.,]\d+[A-Z].", re.ASCII)
_ISO = re.compile(r"\d{4}(-\d\d-|\d\d)\d\dT", re.ASCII)
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)

Check = Callable[[Any, str], object]
REMEMBERED_MAX = 2_000
"""Values that one check remembers to have passed, so that its memory has an end."""


def wrong(at: str, why: str) -> NoReturn:
    """Refuse the statement, saying where and why."""
    raise StatementWrong(f"{at}: {why}.")


def table(value: Any, at: str, checks: dict[str, Check], required: Collection[str] = ()) -> dict[str, Any]:
    """A JSON object with no other properties than `checks` names, all of `required`, each passing its check."""
    if not isinstance(value, dict):
        wrong(at, "must be a JSON object")
    for name, part in value.items():
        check = checks.get(name)
        if check is None:
            wrong(f"{at}.{name[:80]}", "is not a property that belongs here")
        check(part, f"{at}.{name}")
    for name in required:
        if name not in value:
            wrong(f"{at}.{name}", "is missing")
    return value


def rows(value: Any, at: str, check: Check) -> list[Any]:
    """A JSON list, each row passing `check`."""
    if not isinstance(value, list):
        wrong(at, "must be a list")
    for number, row in enumerate(value):
        check(row, f"{at}[{number}]")
    return value


def remembered(check: Check) -> Check:
    """The same check, quick for what it passed before: the same people, verbs and activities come again and again.

    Only for checks that look at nothing but the value.
    """
    passed: Memory[bool] = Memory(REMEMBERED_MAX)

    def quickly(value: Any, at: str) -> None:
        said = bytes_of(value)
        if passed.find(said):
            return
        check(value, at)
        passed.put(said, True)

    return quickly


def text(value: Any, at: str) -> None:
    """Any text."""
    if not isinstance(value, str):
        wrong(at, "must be text")


def truth(value: Any, at: str) -> None:
    """True or false, not their names."""
    if not isinstance(value, bool):
        wrong(at, "must be true or false")


def number(value: Any, at: str) -> None:
    """A number, not its name."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        wrong(at, "must be a number")


def whole(value: Any, at: str) -> None:
    """A whole number, 0 or more."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        wrong(at, "must be a whole number")


def iri(value: Any, at: str) -> None:
    """An address with a scheme, as http://…, urn:… or mailto:…."""
    if not isinstance(value, str) or not _IRI.fullmatch(value):
        wrong(at, "must be an IRI with a scheme")


def uuid(value: Any, at: str) -> None:
    """A UUID in its usual form of 36 signs."""
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        wrong(at, "must be a UUID")


def language(value: Any, at: str) -> None:
    """A language tag as RFC 5646 shapes them."""
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        wrong(at, "must be a language tag, such as en or pt-BR")


def languages(value: Any, at: str) -> None:
    """A language map: tags to texts."""
    if not isinstance(value, dict):
        wrong(at, "must be a language map")
    for tag, words in value.items():
        language(tag, at)
        text(words, f"{at}.{tag}")


def extensions(value: Any, at: str) -> None:
    """An extensions object: its keys are IRIs, its values may be anything."""
    if not isinstance(value, dict):
        wrong(at, "must be a JSON object")
    for key in value:
        if not _IRI.fullmatch(key):
            wrong(at, "must have IRIs as keys")


def duration(value: Any, at: str) -> None:
    """A length of time as ISO 8601 writes it; weeks stand alone, and only the smallest part may be a fraction."""
    if not isinstance(value, str) or not (_WEEKS.fullmatch(value) or _DURATION.fullmatch(value)):
        wrong(at, "must be an ISO 8601 duration")
    if _FRACTION_WITHIN.search(value):
        wrong(at, "must have a fraction in its smallest part alone")


def timestamp(value: Any, at: str) -> None:
    """A moment as ISO 8601 writes it; a place at minus zero is nowhere."""
    if not isinstance(value, str) or not _ISO.match(value) or moment_ms(value) is None:
        wrong(at, "must be an ISO 8601 time, such as 2026-11-24T08:30:00.000Z")


def timestamp_2(value: Any, at: str) -> None:
    """A moment as RFC 3339 writes it: to the second at least, with its place; minus zero is nowhere."""
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value) or moment_ms(value) is None:
        wrong(at, "must be an RFC 3339 time, such as 2026-11-24T08:30:00.000Z")
