"""The statement as a whole, and statements inside statements (xAPI 1.0.3 part 2, 2.2 to 2.4; IEEE 9274.1.1, 4.2)."""

import re
from collections.abc import Collection
from typing import Any

from hub.vocabulary import VOIDED
from hub.xapi.rules.actor import actor, agent, authority, group
from hub.xapi.rules.attachment import attachments, have_data
from hub.xapi.rules.context import context, context_2, fits
from hub.xapi.rules.result import result
from hub.xapi.rules.target import activity, statement_ref
from hub.xapi.rules.values import Check, remembered, table, text, timestamp, timestamp_2, uuid, wrong
from hub.xapi.rules.verb import verb

_VERSION = re.compile(r"(1\.0|2\.0)(\.\d{1,9}([-+][0-9A-Za-z.+-]{1,40})?)?", re.ASCII)
REQUIRED = ("actor", "verb", "object")


def check(value: Any, *, line: str = "2.0", attached: Collection[str] | None = ()) -> None:
    """Check one whole statement; `line` is "1.0" or "2.0", the version the sender speaks.

    A statement of version 1.0.x is one by its own rules in a request of 2.0 as well. `attached` are the hashes (small
    hex digits) of data that came along; None looks for no data. Raises StatementWrong, whose sentence names the place
    and the rule.
    """
    own = _line_of(value, line)
    table(value, "statement", _TOP[own], REQUIRED)
    if own > line:
        wrong("statement.version", "is newer than the version of this request")
    if value["verb"]["id"] == VOIDED and value["object"].get("objectType") != "StatementRef":
        wrong("statement.object", "must be a StatementRef, since the verb voids")
    if "context" in value:
        fits(value["context"], value["object"], "statement.context")
    if attached is not None:
        _have_data(value, attached)


def _line_of(value: Any, line: str) -> str:
    """The line whose rules hold: the statement's own where it names one, else that of the request."""
    version = value.get("version") if isinstance(value, dict) else None
    found = _VERSION.fullmatch(version) if isinstance(version, str) else None
    return found[1] if found else line


def _have_data(value: dict[str, Any], attached: Collection[str]) -> None:
    have_data(value, "statement.attachments", attached)
    if value["object"].get("objectType") == "SubStatement":
        have_data(value["object"], "statement.object.attachments", attached)


def _plain_target(value: Any, at: str) -> None:
    kind = value.get("objectType", "Activity") if isinstance(value, dict) else "Activity"
    check_kind = _TARGETS.get(kind) if isinstance(kind, str) else None
    if check_kind is None:
        wrong(f"{at}.objectType", "must be Activity, Agent, Group, StatementRef or SubStatement")
    check_kind(value, at)


def _target(inner: dict[str, Check]) -> Check:
    """What an object must be, in the line whose rules for a statement within are `inner`."""

    plain = remembered(_plain_target)

    def check_target(value: Any, at: str) -> None:
        if not isinstance(value, dict) or value.get("objectType") != "SubStatement":
            plain(value, at)
            return
        table(value, at, inner, REQUIRED)
        if "context" in value:
            fits(value["context"], value["object"], f"{at}.context")

    return check_target


def _version(value: Any, at: str) -> None:
    if not isinstance(value, str) or not _VERSION.fullmatch(value):
        wrong(at, "must be 1.0.x or 2.0.x")


def _whole(moment: Check, check_context: Check) -> dict[str, Check]:
    """The properties of a statement in one line."""
    shared: dict[str, Check] = {
        "actor": remembered(actor),
        "verb": remembered(verb),
        "result": result,
        "context": check_context,
        "timestamp": moment,
        "attachments": attachments,
    }
    return {
        **shared,
        "id": uuid,
        "object": _target({**shared, "objectType": text, "object": _plain_target}),
        "stored": moment,
        "authority": authority,
        "version": _version,
    }


_TARGETS: dict[str, Check] = {
    "Activity": activity,
    "Agent": agent,
    "Group": group,
    "StatementRef": statement_ref,
}
_TOP: dict[str, dict[str, Check]] = {
    "1.0": _whole(timestamp, context),
    "2.0": _whole(timestamp_2, context_2),
}
