"""What hangs on it: attachments, described (xAPI 1.0.3 part 2, 2.4.11).

This version of the hub takes attachments that lie elsewhere (`fileUrl`); data sent along with a statement is
refused at the door.
"""

import re
from typing import Any

from hub.xapi.rules.values import Check, iri, languages, rows, table, text, whole, wrong

_SHA2 = re.compile(r"[0-9a-fA-F]{56}|[0-9a-fA-F]{64}|[0-9a-fA-F]{96}|[0-9a-fA-F]{128}")
_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+(\s*;.*)?", re.ASCII)


def attachments(value: Any, at: str) -> None:
    """A list of descriptions, each with the address of its data."""
    rows(value, at, _attachment)


def _attachment(value: Any, at: str) -> None:
    table(value, at, _ATTACHMENT, ("usageType", "display", "contentType", "length", "sha2"))
    if "fileUrl" not in value:
        wrong(f"{at}.fileUrl", "is missing, and this hub does not take attached data yet")


def _sha2(value: Any, at: str) -> None:
    if not isinstance(value, str) or not _SHA2.fullmatch(value):
        wrong(at, "must be a SHA-2 in hex digits")


def _content_type(value: Any, at: str) -> None:
    text(value, at)
    if not _TYPE.fullmatch(value):
        wrong(at, "must be a media type")


_ATTACHMENT: dict[str, Check] = {
    "usageType": iri,
    "display": languages,
    "description": languages,
    "contentType": _content_type,
    "length": whole,
    "sha2": _sha2,
    "fileUrl": iri,
}
