"""The statement as a whole, and statements inside statements (xAPI 1.0.3 part 2, 2.2 to 2.4)."""

import re
from typing import Any

from hub.vocabulary import VOIDED
from hub.xapi.rules.actor import actor, agent, authority, group
from hub.xapi.rules.attachment import attachments
from hub.xapi.rules.context import context, context_2, fits
from hub.xapi.rules.result import result
from hub.xapi.rules.target import activity, statement_ref
from hub.xapi.rules.values import Check, table, text, timestamp, uuid, wrong
from hub.xapi.rules.verb import verb

_VERSION = re.compile(r"1\.0(\.\d+)?|2\.0(\.\d+)?", re.ASCII)
REQUIRED = ("actor", "verb", "object")


def check(value: Any, *, line: str = "2.0") -> None:
    """Check one whole statement; `line` is "1.0" or "2.0", the version the sender speaks.

    Raises StatementWrong, whose sentence names the place and the rule.
    """
    table(value, "statement", _TOP[line], REQUIRED)
    if value["verb"]["id"] == VOIDED and value["object"].get("objectType") != "StatementRef":
        wrong("statement.object", "must be a StatementRef, since the verb voids")
    if line == "1.0" and str(value.get("version", "1.0")).startswith("2"):
        wrong("statement.version", "is newer than the version of this request")
    if "context" in value:
        fits(value["context"], value["object"], "statement.context")


def _target(value: Any, at: str) -> None:
    if isinstance(value, dict) and value.get("objectType") == "SubStatement":
        _sub_statement(value, at)
    else:
        _plain_target(value, at)


def _plain_target(value: Any, at: str) -> None:
    kind = value.get("objectType", "Activity") if isinstance(value, dict) else "Activity"
    check_kind = _TARGETS.get(kind) if isinstance(kind, str) else None
    if check_kind is None:
        wrong(f"{at}.objectType", "must be Activity, Agent, Group, StatementRef or SubStatement")
    check_kind(value, at)


def _sub_statement(value: Any, at: str) -> None:
    table(value, at, _SUB, REQUIRED)
    if "context" in value:
        fits(value["context"], value["object"], f"{at}.context")


def _version(value: Any, at: str) -> None:
    if not isinstance(value, str) or not _VERSION.fullmatch(value):
        wrong(at, "must be 1.0.x or 2.0.x")


_TARGETS: dict[str, Check] = {
    "Activity": activity,
    "Agent": agent,
    "Group": group,
    "StatementRef": statement_ref,
}
_SHARED: dict[str, Check] = {
    "actor": actor,
    "verb": verb,
    "result": result,
    "timestamp": timestamp,
    "attachments": attachments,
}
_SUB: dict[str, Check] = {**_SHARED, "objectType": text, "object": _plain_target, "context": context_2}
_WHOLE: dict[str, Check] = {
    **_SHARED,
    "id": uuid,
    "object": _target,
    "stored": timestamp,
    "authority": authority,
    "version": _version,
}
_TOP: dict[str, dict[str, Check]] = {
    "1.0": {**_WHOLE, "context": context},
    "2.0": {**_WHOLE, "context": context_2},
}
