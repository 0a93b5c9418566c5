"""Who: agents and groups (xAPI 1.0.3 part 2, 2.4.2)."""

import re
from typing import Any

from hub.xapi.rules.values import Check, iri, rows, table, text, wrong

_MAILBOX = re.compile(r"mailto:[^\s@<>\"\x00-\x20]+@[^\s@<>\"\x00-\x20]+")
_SHA1 = re.compile(r"[0-9a-fA-F]{40}")
NAMED_BY = ("mbox", "mbox_sha1sum", "openid", "account")


def actor(value: Any, at: str) -> None:
    """An agent or a group."""
    (group if isinstance(value, dict) and value.get("objectType") == "Group" else agent)(value, at)


def agent(value: Any, at: str) -> None:
    """One person or tool, named in exactly one way."""
    table(value, at, _AGENT)
    if value.get("objectType", "Agent") != "Agent":
        wrong(f"{at}.objectType", "must be Agent")
    _named_once(value, at, least=1)


def group(value: Any, at: str) -> None:
    """Several people: named in one way, or nameless with its members. Members are agents, not groups."""
    table(value, at, _GROUP, ("objectType",))
    if value["objectType"] != "Group":
        wrong(f"{at}.objectType", "must be Group")
    _named_once(value, at, least=0)
    if not value.get("member") and not any(name in value for name in NAMED_BY):
        wrong(f"{at}.member", "is missing, and nothing else names the group")


def authority(value: Any, at: str) -> None:
    """Who vouches: an agent, or a nameless group of two (a tool and its user)."""
    actor(value, at)
    if value.get("objectType") == "Group" and (
        any(name in value for name in NAMED_BY) or len(value.get("member", ())) != 2
    ):
        wrong(at, "must be an agent, or a nameless group of two")


def _named_once(value: dict[str, Any], at: str, *, least: int) -> None:
    count = sum(name in value for name in NAMED_BY)
    if not least <= count <= 1:
        wrong(at, "must have exactly one of mbox, mbox_sha1sum, openid and account")


def _mailbox(value: Any, at: str) -> None:
    if not isinstance(value, str) or not _MAILBOX.fullmatch(value):
        wrong(at, "must be a mail address that begins with mailto:")


def _sha1(value: Any, at: str) -> None:
    if not isinstance(value, str) or not _SHA1.fullmatch(value):
        wrong(at, "must be a SHA-1 in 40 hex digits")


def _account(value: Any, at: str) -> None:
    table(value, at, {"homePage": iri, "name": _account_name}, ("homePage", "name"))


def _account_name(value: Any, at: str) -> None:
    text(value, at)
    if "\0" in value:
        wrong(at, "must not hold a NUL sign")


def _members(value: Any, at: str) -> None:
    rows(value, at, agent)


_AGENT: dict[str, Check] = {
    "objectType": text,
    "name": text,
    "mbox": _mailbox,
    "mbox_sha1sum": _sha1,
    "openid": iri,
    "account": _account,
}
_GROUP: dict[str, Check] = {**_AGENT, "member": _members}
