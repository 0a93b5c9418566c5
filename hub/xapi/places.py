"""Which document is meant: read once from the words of an address (xAPI 1.0.3 part 3, 2.2 to 2.7)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from hub.errors import DocumentWrong, StatementWrong
from hub.moments import moment_ms
from hub.vocabulary import agent_key
from hub.xapi.reading import read
from hub.xapi.rules import actor as actors
from hub.xapi.rules import values

STATE, ACTIVITY_PROFILE, AGENT_PROFILE = "activities/state", "activities/profile", "agents/profile"
WORD_CHARS_MAX = 2_000
"""The longest word of an address that names a document, an activity or an agent."""


@dataclass(frozen=True)
class Kind:
    """What names a document of one resource: `of` whom or what it is, one id, and words that may be left out."""

    of: tuple[str, ...]
    id: str
    besides: tuple[str, ...] = ()


KINDS = {
    STATE: Kind(("activityId", "agent"), "stateId", ("registration",)),
    ACTIVITY_PROFILE: Kind(("activityId",), "profileId"),
    AGENT_PROFILE: Kind(("agent",), "profileId"),
}
"""Resource → what its addresses say."""


@dataclass(frozen=True)
class Place:
    """Where a document is kept, or a series of them when `name` is "".

    `agent` is an `agent_key`; absent parts are "". A state of no sitting has the registration ""; a series with that
    registration is of all sittings. `since_ms` is for asking which documents changed after a moment, and `words` are
    the words of the address, as JSON.
    """

    kind: str
    activity: str
    agent: str
    registration: str
    name: str
    since_ms: int | None = field(default=None, compare=False)
    words: str = field(default="", compare=False)


def one(kind: str, words: Mapping[str, str]) -> Place:
    """The one document that an address names. Raises DocumentWrong or StatementWrong."""
    known = KINDS[kind]
    return _place(kind, words, must=(*known.of, known.id), may=known.besides)


def series(kind: str, words: Mapping[str, str], *, may: tuple[str, ...] = ()) -> Place:
    """The documents that an address without an id names; `may` are more words that it may hold."""
    known = KINDS[kind]
    return _place(kind, words, must=known.of, may=(*known.besides, *may))


def is_one(kind: str, words: Mapping[str, str]) -> bool:
    """Whether an address names a single document."""
    return KINDS[kind].id in words


def check_words(words: Mapping[str, str], *, must: tuple[str, ...], may: tuple[str, ...] = ()) -> None:
    """Refuse an address that lacks a word, or has one that is not known, or too long. Raises DocumentWrong."""
    for name in must:
        if name not in words:
            raise DocumentWrong(f"{name}: must be said in the address; nothing was changed.")
    for name, value in words.items():
        if name not in (*must, *may):
            raise DocumentWrong(f"{name[:60]}: is not known here, or not in this company; nothing was changed.")
        if len(value) > WORD_CHARS_MAX:
            raise DocumentWrong(f"{name}: is longer than {WORD_CHARS_MAX} letters; nothing was changed.")


def activity_of(words: Mapping[str, str]) -> str:
    """The activity that an address names, "" for none. Raises StatementWrong."""
    if "activityId" in words:
        values.iri(words["activityId"], "activityId")
    return words.get("activityId", "")


def agent_of(words: Mapping[str, str], *, or_group: bool = False) -> dict[str, object]:
    """The agent that an address names, or with `or_group` the group with a name. Raises StatementWrong."""
    agent: dict[str, object] = read(words["agent"].encode())
    (actors.actor if or_group else actors.agent)(agent, "agent")
    if not agent_key(agent):
        raise StatementWrong("agent: a nameless group cannot be asked for.")
    return agent


def _place(kind: str, words: Mapping[str, str], *, must: tuple[str, ...], may: tuple[str, ...]) -> Place:
    check_words(words, must=must, may=may)
    known = KINDS[kind]
    name = words.get(known.id, "")
    if known.id in words and not name:
        raise DocumentWrong(f"{known.id}: must not be empty; nothing was changed.")
    if "registration" in words:
        values.uuid(words["registration"], "registration")
    if "since" in words:
        values.timestamp(words["since"], "since")
    return Place(
        kind=kind,
        activity=activity_of(words),
        agent=agent_key(agent_of(words, or_group=True)) if "agent" in words else "",
        registration=words.get("registration", "").lower(),
        name=name,
        since_ms=moment_ms(words["since"]) if "since" in words else None,
        words=json.dumps(dict(words), ensure_ascii=False, separators=(",", ":")),
    )
