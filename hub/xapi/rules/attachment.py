"""What hangs on it: attachments, described (xAPI 1.0.3 part 2, 2.4.11)."""

import re
from collections.abc import Collection
from typing import Any

from hub.xapi.rules.values import Check, iri, languages, rows, table, text, whole, wrong

_SHA2 = re.compile(r"[0-9a-fA-F]{56}|[0-9a-fA-F]{64}|[0-9a-fA-F]{96}|[0-9a-fA-F]{128}")
_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+([ \t]*;[\t\x20-\x7e]*)?", re.ASCII)
"""It becomes a header when the data is given out, so no line may end within it."""


def attachments(value: Any, at: str) -> None:
    """A list of descriptions."""
    rows(value, at, _attachment)


def have_data(value: dict[str, Any], at: str, attached: Collection[str]) -> None:
    """Each attachment of a checked statement lies elsewhere, or its data came along: its hash is one of `attached`."""
    for number, row in enumerate(value.get("attachments", ())):
        if "fileUrl" not in row and row["sha2"].lower() not in attached:
            wrong(f"{at}[{number}]", "has no fileUrl, and its data did not come along in a multipart/mixed request")


def _attachment(value: Any, at: str) -> None:
    table(value, at, _ATTACHMENT, ("usageType", "display", "contentType", "length", "sha2"))


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
