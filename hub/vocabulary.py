"""The words of learning records: verbs, kinds of activity, and the names this hub gives to people and activities.

Verbs and kinds come from the public ADL, video and TinCan registries; the names are URNs of our own, since a hub has
no address that lasts. docs/vocabulary.md lists them all. Nothing here reads anything.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

PEOPLE = "urn:mangrove:people"
"""The homePage of an account whose name is a person's id on this hub."""
PSEUDONYMS = "urn:mangrove:pseudonyms"
"""The homePage of an account whose name only the hub it comes from can undo."""
HUBS = "urn:mangrove:hub"
"""The homePage of an account whose name is a hub's id: the authority of what a hub's own pages record."""
KEYS = "urn:mangrove:key"
"""The homePage of an account whose name is the id of an outside tool's key."""
LAUNCHES = "urn:mangrove:launch"
"""The homePage of an account whose name is an activity: the authority of what content reports of itself."""
ACTIVITY = "urn:mangrove:activity:"
COMPETENCY = "urn:mangrove:competency:"
SEEN = "urn:mangrove:seen:"
"""Before the id of something that a facilitator saw and named in own words: equal for equal words on one hub."""
BADGE = "urn:mangrove:badge:"
"""Before the id of a badge that this community defined."""
TRIES = "urn:mangrove:extension:tries"
"""In the result of an answer: 1 for the first in its sitting, 2 for one given after a hint."""
POSITION = "urn:mangrove:extension:place"
"""In the result of progressed: the chapter of a book or the picture of an album where somebody is; in older records the
second of a film."""
HOME = "urn:mangrove:extension:home"
"""In the context of what was done at home: paper or file. The time is that at which the code was typed in."""
MARKED = "urn:mangrove:extension:marked"
"""In the context of what somebody marked by hand: paper. The time is that at which the marks were typed in."""
FEEDBACK = "http://id.tincanapi.com/extension/feedback"
"""In the result of scored and earned: the sentence of whoever saw it or gave it."""
SCORM = "https://w3id.org/xapi/scorm"
"""In the context of what SCORM content reported, as category: it is said as ADL's SCORM profile says it."""
PROGRESS = "https://w3id.org/xapi/cmi5/result/extensions/progress"
"""In the result of progressed: how much of it was done, of a hundred."""
CMI5 = "https://w3id.org/xapi/cmi5/context/categories/cmi5"
"""In the context of what the standard cmi5 sets out, as category."""
MOVE_ON_CATEGORY = "https://w3id.org/xapi/cmi5/context/categories/moveon"
"""Beside it, in what content says of being done or passed."""
SESSION_ID = "https://w3id.org/xapi/cmi5/context/extensions/sessionid"
MASTERY_SCORE = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore"
LAUNCH_MODE = "https://w3id.org/xapi/cmi5/context/extensions/launchmode"
LAUNCH_URL = "https://w3id.org/xapi/cmi5/context/extensions/launchurl"
MOVE_ON = "https://w3id.org/xapi/cmi5/context/extensions/moveon"
LAUNCH_PARAMETERS = "https://w3id.org/xapi/cmi5/context/extensions/launchparameters"
"""In the context of launched: how a part of a cmi5 course was opened, and what its course wants of it."""
BLOCK = "urn:mangrove:block:"
"""Before the package and a number that follows from the name of a block of a cmi5 course."""
BLOCK_TYPE = "https://w3id.org/xapi/cmi5/activitytype/block"
COURSE_TYPE = "https://w3id.org/xapi/cmi5/activitytype/course"
VIDEO = "https://w3id.org/xapi/video"
"""In the context of what somebody did with a film, as category: it is said as the video profile says it."""
TIME = "https://w3id.org/xapi/video/extensions/time"
TIME_FROM = "https://w3id.org/xapi/video/extensions/time-from"
TIME_TO = "https://w3id.org/xapi/video/extensions/time-to"
"""In a result: the second somebody is at, and for seeked the two it went between."""
WATCHED = "https://w3id.org/xapi/video/extensions/progress"
SEGMENTS = "https://w3id.org/xapi/video/extensions/played-segments"
"""In the result of paused: how much was played, 0 to 1, and which parts, `0[.]12[,]30[.]41`."""
LENGTH = "https://w3id.org/xapi/video/extensions/length"
SESSION = "https://w3id.org/xapi/video/extensions/session-id"
"""In the context: how many seconds there are, and which opening of the page it was."""
ENOUGH = "https://w3id.org/xapi/video/extensions/completion-threshold"
"""In the context of completed: how much of it had to be played, 0 to 1."""

VERBS: dict[str, str] = {
    "initialized": "http://adlnet.gov/expapi/verbs/initialized",
    "launched": "http://adlnet.gov/expapi/verbs/launched",
    "experienced": "http://adlnet.gov/expapi/verbs/experienced",
    "progressed": "http://adlnet.gov/expapi/verbs/progressed",
    "played": "https://w3id.org/xapi/video/verbs/played",
    "paused": "https://w3id.org/xapi/video/verbs/paused",
    "seeked": "https://w3id.org/xapi/video/verbs/seeked",
    "answered": "http://adlnet.gov/expapi/verbs/answered",
    "completed": "http://adlnet.gov/expapi/verbs/completed",
    "passed": "http://adlnet.gov/expapi/verbs/passed",
    "failed": "http://adlnet.gov/expapi/verbs/failed",
    "scored": "http://adlnet.gov/expapi/verbs/scored",
    "terminated": "http://adlnet.gov/expapi/verbs/terminated",
    "abandoned": "https://w3id.org/xapi/adl/verbs/abandoned",
    "satisfied": "https://w3id.org/xapi/adl/verbs/satisfied",
    "earned": "http://id.tincanapi.com/verb/earned",
    "voided": "http://adlnet.gov/expapi/verbs/voided",
}
VOIDED = VERBS["voided"]
PLAYING = (VERBS["played"], VERBS["paused"], VERBS["seeked"])
"""What the player of a film or a sound says."""
TERMINAL = (VERBS["completed"], VERBS["passed"], VERBS["failed"])
"""Verbs that close a sitting."""

PROFILE_TYPE = "http://adlnet.gov/expapi/activities/profile"
PACKAGE_TYPE = "http://adlnet.gov/expapi/activities/course"
QUESTION_TYPE = "http://adlnet.gov/expapi/activities/cmi.interaction"
COMPETENCY_TYPE = "http://adlnet.gov/expapi/activities/objective"
BADGE_TYPE = "http://activitystrea.ms/schema/1.0/badge"
ITEM_TYPES: dict[str, str] = {
    "lesson": "http://adlnet.gov/expapi/activities/lesson",
    "quiz": "http://adlnet.gov/expapi/activities/assessment",
    "video": "https://w3id.org/xapi/video/activity-type/video",
    "audio": "http://adlnet.gov/expapi/activities/media",
    "pdf": "http://id.tincanapi.com/activitytype/document",
    "book": "http://id.tincanapi.com/activitytype/book",
    "html5": "http://adlnet.gov/expapi/activities/module",
    "scorm": "http://adlnet.gov/expapi/activities/lesson",
    "h5p": "http://adlnet.gov/expapi/activities/interaction",
    "cmi5": "http://adlnet.gov/expapi/activities/lesson",
    "tincan": "http://adlnet.gov/expapi/activities/module",
    "pictures": "http://id.tincanapi.com/activitytype/slide-deck",
    "zim": "http://activitystrea.ms/schema/1.0/collection",
}
"""Kind of item in a package → kind of activity."""

_MARKS = frozenset(":~@")
"""Signs that say of a key what it is; a name that holds one is no plain id."""
PLAIN_KEY_BYTES = 500
"""Names longer than this are indexed by their hash: PostgreSQL refuses index rows over 2,700 bytes."""


@dataclass(frozen=True)
class Place:
    """What an activity's name points at; absent parts are ""."""

    package: str
    item: str = ""
    question: str = ""


def activity(package: str, item: str = "", question: str = "") -> str:
    """The name of a package, of one of its items, or of one question."""
    return ACTIVITY + ":".join(part for part in (package, item, question) if part)


def block(package: str, publisher: str) -> str:
    """The name of a block of a cmi5 course, which is never the one that its publisher gave it."""
    return f"{BLOCK}{package}:{hashlib.sha256(publisher.encode()).hexdigest()[:16]}"


@lru_cache(maxsize=4_096)
def place(name: str) -> Place | None:
    """What `activity` was made from, or None when the name is not one of ours."""
    parts = name.removeprefix(ACTIVITY).split(":")
    if not name.startswith(ACTIVITY) or not 1 <= len(parts) <= 3 or not all(parts):
        return None
    return Place(*parts)


def competency(field_id: str) -> str:
    """The name of a competency; `field_id` is `work/competency`, the same in every translation of a work."""
    return COMPETENCY + field_id


def seen(topic: str) -> str:
    """The name of something seen that stands in own words; `topic` is a UUID."""
    return SEEN + topic


def badge(badge_id: str) -> str:
    """The name of a badge of this community."""
    return BADGE + badge_id


def person_actor(person: str) -> dict[str, Any]:
    """A person of this hub as an xAPI agent; no name goes with it."""
    return {"account": {"homePage": PEOPLE, "name": person}}


def agent_key(agent: dict[str, Any]) -> str:
    """One text that is equal for equal agents or identified groups; "" for an anonymous group.

    A person of this hub is the plain id; a pseudonym begins with `~`; everybody else has a prefix that says how
    they are named; letters whose case says nothing (a mail's domain, a hash) are small. Raises KeyError, TypeError or
    AttributeError when the agent has not been checked.
    """
    if "account" in agent:
        home, name = agent["account"]["homePage"], agent["account"]["name"]
        plain = {PEOPLE: name, PSEUDONYMS: f"~{name}"}.get(home) if _MARKS.isdisjoint(name) else None
        return index_key(f"account:{home}|{name}" if plain is None else plain)
    if "mbox" in agent:
        mailbox, at, domain = agent["mbox"].rpartition("@")
        return index_key(mailbox + at + domain.lower())
    if "mbox_sha1sum" in agent:
        return index_key(f"mbox_sha1sum:{agent['mbox_sha1sum'].lower()}")
    return index_key(f"openid:{agent['openid']}") if "openid" in agent else ""


@lru_cache(maxsize=4_096)
def index_key(text: str) -> str:
    """The text itself, or its hash when it is too long for an index. Raises ValueError for a NUL sign."""
    if "\0" in text:
        raise ValueError("a NUL sign in a name")
    raw = text.encode()
    return text if len(raw) <= PLAIN_KEY_BYTES else "sha256:" + hashlib.sha256(raw).hexdigest()
