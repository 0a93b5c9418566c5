"""What may be asked of the statements resource, read once from the words of an address."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from hub.errors import StatementWrong
from hub.moments import moment_ms
from hub.vocabulary import agent_key, index_key
from hub.xapi.formats import FORMATS
from hub.xapi.reading import read
from hub.xapi.rules import actor as actors
from hub.xapi.rules import values

PAGE_MAX = 200
"""Statements in one answer; more come behind its `more`."""
TOKEN_CHARS_MAX = 4_000
SEAL_BYTES = 16
"""128 bits of an HMAC: enough that nobody guesses one."""

SINGLE = ("statementId", "voidedStatementId")
BESIDE_SINGLE = frozenset({*SINGLE, "format", "attachments"})
FILTERS = frozenset(
    {
        *("agent", "verb", "activity", "registration", "related_activities", "related_agents"),
        *("since", "until", "limit", "format", "attachments", "ascending"),
    }
)


@dataclass(frozen=True)
class Query:
    """A checked question. `after` is the rank behind which the answer begins, None for its start.

    Absent texts are "", absent moments None. No sender may ask `with_voided`: it is for files of all records.
    """

    agent: str = ""
    verb: str = ""
    activity: str = ""
    registration: str = ""
    related_agents: bool = False
    related_activities: bool = False
    since_ms: int | None = None
    until_ms: int | None = None
    limit: int = PAGE_MAX
    form: str = "exact"
    ascending: bool = False
    attachments: bool = False
    after: int | None = None
    with_voided: bool = False


@dataclass(frozen=True)
class Single:
    """A question for one statement by its id; `is_voided` says in which state it is looked for."""

    id: str
    is_voided: bool
    form: str
    attachments: bool = False


def asked(words: Mapping[str, str]) -> Query | Single:
    """Read a question from the words of an address. Raises StatementWrong."""
    wanted = [name for name in SINGLE if name in words]
    unknown = set(words) - (BESIDE_SINGLE if wanted else FILTERS)
    if unknown or len(wanted) > 1:
        name = min(unknown, default=SINGLE[1])
        raise StatementWrong(f"{name[:60]}: cannot be asked for here or in this company; nothing was read.")
    if wanted:
        values.uuid(words[wanted[0]], wanted[0])
        return Single(words[wanted[0]].lower(), wanted[0] == SINGLE[1], _form(words), _truth(words, "attachments"))
    return _filters(words)


def token(key: bytes, query: Query) -> str:
    """A question with its place in the order as a sealed word for an address."""
    packed = json.dumps(asdict(query), separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_seal(key, packed) + packed).decode().rstrip("=")


def from_token(key: bytes, word: str) -> Query:
    """The question that `token` sealed. Raises StatementWrong when it did not."""
    try:
        raw = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)) if len(word) <= TOKEN_CHARS_MAX else b""
    except (binascii.Error, ValueError):
        raw = b""
    seal, packed = raw[:SEAL_BYTES], raw[SEAL_BYTES:]
    if not packed or not hmac.compare_digest(seal, _seal(key, packed)):
        raise StatementWrong("more: is not a word this hub gave out; ask again from the start.")
    kept: dict[str, Any] = json.loads(packed)
    if not isinstance(kept.get("after"), int):
        raise StatementWrong("more: was given out by an earlier version of this hub; ask again from the start.")
    return Query(**kept)


def _seal(key: bytes, packed: bytes) -> bytes:
    return hmac.new(key, b"more\0" + packed, hashlib.sha256).digest()[:SEAL_BYTES]


def _filters(words: Mapping[str, str]) -> Query:
    for name in ("verb", "activity"):
        if name in words:
            values.iri(words[name], name)
    if "registration" in words:
        values.uuid(words["registration"], "registration")
    return Query(
        agent=_agent(words["agent"]) if "agent" in words else "",
        verb=index_key(words.get("verb", "")),
        activity=index_key(words.get("activity", "")),
        registration=words.get("registration", "").lower(),
        related_agents=_truth(words, "related_agents"),
        related_activities=_truth(words, "related_activities"),
        since_ms=_moment(words, "since"),
        until_ms=_moment(words, "until"),
        limit=_limit(words.get("limit", "0")),
        form=_form(words),
        ascending=_truth(words, "ascending"),
        attachments=_truth(words, "attachments"),
    )


def _agent(text: str) -> str:
    agent = read(text.encode())
    actors.actor(agent, "agent")
    key = agent_key(agent)
    if not key:
        raise StatementWrong("agent: a nameless group cannot be asked for.")
    return key


def _truth(words: Mapping[str, str], name: str) -> bool:
    word = words.get(name, "false")
    if word not in ("true", "false"):
        raise StatementWrong(f"{name}: must be true or false.")
    return word == "true"


def _moment(words: Mapping[str, str], name: str) -> int | None:
    if name not in words:
        return None
    values.timestamp(words[name], name)
    return moment_ms(words[name])


def _limit(word: str) -> int:
    if not word.isascii() or not word.isdigit() or len(word) > len(str(2**63)):
        raise StatementWrong("limit: must be a whole number, 0 or more.")
    return min(int(word) or PAGE_MAX, PAGE_MAX)


def _form(words: Mapping[str, str]) -> str:
    form = words.get("format", "exact")
    if form not in FORMATS:
        raise StatementWrong(f"format: must be one of {', '.join(FORMATS)}.")
    return form
